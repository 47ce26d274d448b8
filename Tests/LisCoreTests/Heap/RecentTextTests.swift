import TestSupport
import Testing

@testable import LisCore

@Suite("Texts that were read lately")
struct RecentTextTests {
  private func items(_ machine: Machine, _ json: String) throws -> [Value] {
    try #require(try JSONReader(machine: machine).read(Array(json.utf8)).items)
  }

  /// Makes the heap remember: in stress every collection does.
  private func remembering() throws -> Machine {
    let machine = Machine()
    machine.collectsAlways = true
    _ = try machine.run(
      function(machine, "collect") { code in
        code.collectNow(window: 20)
        code.emit(.loadNull, 0)
        code.emit(.halt, 0)
      })
    return machine
  }

  @Test("take no memory again, and are no others")
  func shared() throws {
    let machine = try remembering()
    let texts = try items(
      machine,
      """
      ["2026-03-14T10:00:00.000Z", "2026-03-14T10:01:00.000Z", "2026-03-14T10:00:00.000Z", "closedlost", "closedlost!",
       "closedlost", "\(String(repeating: "x", count: 65))", "\(String(repeating: "x", count: 65))"]
      """)
    #expect(texts[0].bits == texts[2].bits)
    #expect(texts[0].string == "2026-03-14T10:00:00.000Z")
    #expect(texts[1].string == "2026-03-14T10:01:00.000Z")
    #expect(texts[3].bits == texts[5].bits)
    #expect(texts[4].string == "closedlost!")
    // Long texts are rarely the same.
    #expect(texts[6].bits != texts[7].bits)
  }

  @Test("are not looked for while little is kept")
  func unused() throws {
    let machine = Machine()
    let texts = try items(machine, #"["appointmentscheduled", "appointmentscheduled"]"#)
    #expect(texts[0].bits != texts[1].bits)
    #expect(texts[0].string == texts[1].string)
  }

  @Test("are forgotten when they may be gone")
  func swept() throws {
    let machine = try remembering()
    var number = 0
    let read = machine.addNative("read") { machine, _ in
      number += 1
      let json = #"["appointmentscheduled", "appointmentscheduled", "text number \#(number % 3)"]"#
      return (try? JSONReader(machine: machine).read(Array(json.utf8))) ?? .null
    }
    // Each turn drops what the one before it has read, and collects.
    let main = function(machine, "main") { code in
      code.count(0, 1, 60) {
        code.callNative(read, window: 10, count: 0, into: 2)
        code.emit(.loadNull, 10)
        code.collectNow(window: 20)
      }
      code.emit(.halt, 2)
    }
    let last = try machine.run(main)
    #expect(machine.written(last) == #"["appointmentscheduled", "appointmentscheduled", "text number 0"]"#)
  }

  @Test("Texts that differ little stay what they are")
  func random() throws {
    var numbers = SeededGenerator.announced("texts that differ little")
    let machine = try remembering()
    var texts: [String] = []
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...70, using: &numbers)
      var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
      bytes[Int.random(in: 0..<count, using: &numbers)] = UInt8(ascii: "b")
      texts.append(String(decoding: bytes, as: UTF8.self))
    }
    let json = "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    #expect(try items(machine, json).map(\.string) == texts)
  }
}
