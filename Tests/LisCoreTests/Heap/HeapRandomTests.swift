import TestSupport
import Testing

@testable import LisCore

/// Random programs over registers of known kinds: lists in 0…7, records in 8…15, texts in 16…23, functions in 24…31.
@Suite struct HeapRandomTests {
  private struct Author {
    var random: SeededGenerator

    mutating func any(_ lower: Int, _ upper: Int) -> Int { Int.random(in: lower...upper, using: &random) }
    mutating func list() -> Int { any(0, 7) }
    mutating func record() -> Int { any(8, 15) }
    mutating func text() -> Int { any(16, 23) }
    mutating func function() -> Int { any(24, 31) }
    mutating func value() -> Int { any(0, 31) }

    /// - Parameter helper: takes one argument and has one capture.
    mutating func step(_ code: Assembler, _ helper: FunctionID) {
      switch any(0, 13) {
      case 0, 1: code.emit(.append, list(), list(), value())
      case 2:
        // Not two of the lists, or they would double each time around.
        code.newList(from: 16, count: any(0, 3), into: 40)
        code.emit(.add, list(), list(), 40)
      case 3, 4:
        code.emit(.move, 40, value())
        code.emit(.move, 41, value())
        code.newRecord([["a", "b"], ["b", "c"], ["c", "a"]][any(0, 2)], from: 40, into: record())
      case 5, 6: code.emit(.merge, record(), record(), record())
      case 7:
        code.getField(["a", "b", "c"][any(0, 2)], of: record(), into: 40)
        code.newList(from: 40, count: 1, into: list())
      case 8, 9:
        code.loadText(["x", "some words, ", "another text "][any(0, 2)], into: 40)
        code.emit(.loadWhole, 41, immediate: any(-9, 9999))
        code.emit(.join, x: 2, text(), 40)
      case 10: code.closure(of: helper, captures: [.register(value())], into: function())
      case 11:
        code.emit(.move, 50, value())
        code.callValue(function(), window: 50, count: 1, into: list())
      case 12: code.newList(from: any(0, 24), count: any(0, 4), into: list())
      default: code.emit(.move, text(), text())
      }
    }
  }

  private func program(_ seed: UInt64, _ machine: Machine) -> FunctionID {
    var author = Author(random: SeededGenerator(seed: seed))
    let helper = function(machine, "helper", parameters: 1) { code in
      code.emit(.getCapture, 1, immediate: 0)
      code.newList(from: 0, count: 2, into: 2)
      code.newRecord(["a"], from: 2, into: 3)
      code.newList(from: 1, count: 1, into: 4)
      code.emit(.return, 4)
    }
    return function(machine, "main") { code in
      for register in 0..<8 { code.newList(from: 0, count: 0, into: register) }
      for register in 8..<16 { code.newRecord(["a"], from: register - 8, into: register) }
      for register in 16..<24 { code.loadText("text \(register)", into: register) }
      for register in 24..<32 { code.closure(of: helper, captures: [.register(16)], into: register) }
      code.count(60, 1, 3) {
        for _ in 0..<author.any(5, 30) { author.step(code, helper) }
      }
      code.newList(from: 0, count: 24, into: 0)
      code.emit(.halt, 0)
    }
  }

  /// A value's parts by number, since a shared part may occur more often than anybody can print.
  private func digest(_ machine: Machine, _ value: Value, _ known: inout [UInt64: Int], _ depth: Int = 0) -> Int {
    if let number = known[value.bits] { return number }
    var hash = value.type.rawValue.utf8.reduce(5381) { $0 &* 33 &+ Int($1) }
    if let text = value.string { hash = text.utf8.reduce(hash) { $0 &* 33 &+ Int($1) } }
    if let number = value.int { hash = hash &* 33 &+ number }
    if depth < 200 {
      for item in value.items ?? [] { hash = hash &* 31 &+ digest(machine, item, &known, depth + 1) }
      for field in machine.fields(value) {
        hash = field.name.utf8.reduce(hash) { $0 &* 33 &+ Int($1) }
        hash = hash &* 31 &+ digest(machine, field.value, &known, depth + 1)
      }
    }
    known[value.bits] = hash
    return hash
  }

  @Test func randomProgramsDoNotNoticeCollections() throws {
    var seeds = SeededGenerator.announced()
    for _ in 0..<25 {
      let seed = seeds.next()
      var digests: [Int] = []
      for stressed in [false, true, true] {
        let machine = Machine()
        machine.collectsAlways = stressed
        let main = program(seed, machine)
        for _ in 0..<2 {
          var known: [UInt64: Int] = [:]
          digests.append(digest(machine, try machine.run(main), &known))
        }
      }
      #expect(Set(digests).count == 1, "program of seed \(seed)")
    }
  }
}
