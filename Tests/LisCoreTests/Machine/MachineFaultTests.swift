import Testing

@testable import LisCore

@Suite struct MachineFaultTests {
  private func fault(_ machine: Machine, _ main: FunctionID) -> Fault? {
    #expect(throws: Fault.self) { try machine.run(main) }
  }

  @Test func stoppingEndsLoopsAndCannotBeCaught() throws {
    let machine = Machine()
    let stop = machine.addNative("stop") { machine, _ in
      machine.stop.stop()
      return .null
    }
    let main = function(machine, "main") { code in
      let first = code.label()
      let end = code.label()
      code.place(first)
      code.callNative(stop, window: 5, count: 0, into: 0)
      code.jump(.loop, to: first)
      code.place(end)
      code.handler(from: first, to: end, target: end, register: 1)
      code.emit(.halt, 1)
    }
    guard case .interrupted = fault(machine, main)?.kind else {
      Issue.record("not interrupted")
      return
    }
    machine.stop.reset()
    #expect(try HeapProgram.all[0].run(on: machine) == HeapProgram.all[0].run(on: Machine()))
  }

  /// A program may end inside of calls; the next run starts afresh.
  @Test func haltingInsideCalls() throws {
    let machine = Machine()
    machine.collectsAlways = true
    let inner = function(machine, "inner", parameters: 1) { code in
      code.newList(from: 0, count: 1, into: 1)
      code.emit(.halt, 1)
    }
    let main = function(machine, "main") { code in
      code.emit(.loadWhole, 20, immediate: 7)
      code.call(inner, window: 20, into: 0)
      code.emit(.loadNull, 0)
      code.emit(.halt, 0)
    }
    for _ in 0..<3 { #expect(machine.written(try machine.run(main)) == "[7]") }
  }

  @Test func nativesMustNotRunCode() throws {
    let machine = Machine()
    let inner = function(machine, "inner") { code in code.emit(.halt, 0) }
    let native = machine.addNative("run") { machine, _ in try machine.run(inner) }
    let main = function(machine, "main") { code in
      code.callNative(native, window: 5, count: 0, into: 0)
      code.emit(.halt, 0)
    }
    guard case .host = fault(machine, main)?.kind else {
      Issue.record("it ran")
      return
    }
    _ = try machine.run(inner)
  }

  @Test func listsAndTextsAreLimited() {
    var limits = MachineLimits()
    limits.items = 100
    limits.textBytes = 1000
    let machine = Machine(limits: limits)
    // A list with room for more than it may hold, as a native can make one.
    let spacious = machine.addNative("spacious") { machine, _ in machine.heap.list(capacity: 200) }
    for growing in [Operation.push, .append, .add, .lengthen] {
      for (count, fits) in [(100, true), (101, false)] {
        let main = function(machine, "main") { code in
          if growing == .lengthen {
            code.callNative(spacious, window: 5, count: 0, into: 0)
          } else {
            code.newList(from: 0, count: 0, into: 0)
          }
          code.newList(from: 0, count: 1, into: 5)
          code.count(1, 1, count) {
            if growing == .push || growing == .lengthen {
              code.emit(growing, 0, 1)
            } else {
              code.emit(growing, 0, 0, growing == .add ? 5 : 1)
            }
          }
          code.emit(.halt, 0)
        }
        #expect((try? machine.run(main).itemCount) == (fits ? count : nil), "\(growing) \(count)")
      }
    }
    let doubling = function(machine, "doubling") { code in
      code.loadText("four", into: 0)
      code.count(1, 1, 8) { code.emit(.add, 0, 0, 0) }
      code.emit(.halt, 0)
    }
    guard case .tooLarge(what: "string", limit: 1000) = fault(machine, doubling)?.kind else {
      Issue.record("not too large")
      return
    }
  }

  /// Sums of lists share memory where they can and never change what they were made of.
  @Test func joinedListsStayWhatTheyWere() throws {
    let machine = Machine()
    machine.collectsAlways = true
    let main = function(machine, "main") { code in
      code.emit(.loadWhole, 8, immediate: 1)
      code.emit(.loadWhole, 9, immediate: 2)
      code.newList(from: 8, count: 2, into: 0)
      code.emit(.add, 1, 0, 0)
      code.emit(.add, 2, 0, 1)
      code.emit(.add, 3, 1, 0)
      code.emit(.add, 4, 1, 1)
      code.emit(.add, 5, 3, 3)
      code.newList(from: 10, count: 0, into: 6)
      code.emit(.add, 6, 6, 6)
      code.emit(.add, 7, 6, 0)
      code.newList(from: 0, count: 8, into: 0)
      code.emit(.halt, 0)
    }
    let two = "[1, 2]"
    func times(_ count: Int) -> String { "[" + Array(repeating: "1, 2", count: count).joined(separator: ", ") + "]" }
    let expected = [two, times(2), times(3), times(3), times(4), times(6), "[]", two]
    #expect(machine.written(try machine.run(main)) == "[" + expected.joined(separator: ", ") + "]")
  }

  @Test func unusableFunctionsAreFaults() throws {
    let machine = Machine()
    for problem in 0..<3 {
      let code = Assembler(machine: machine, name: "enormous", source: 0)
      switch problem {
      case 0: code.emit(.move, 2000, 0)
      case 1: code.emit(.join, x: 256, 0, 1)
      default:
        let far = code.label()
        code.jump(.jumpUnlessEqual, 0, 1, lenient: true, to: far)
        for _ in 0..<40_000 { code.emit(.loadNull, 0) }
        code.place(far)
      }
      code.emit(.halt, 0)
      let id = code.finish(parameters: 0, required: 0)
      #expect(code.problem != nil)
      #expect(throws: Fault.self) { try machine.run(id) }
    }
  }

  @Test func literalsAreToldApartByBytes() throws {
    let machine = Machine()
    let main = function(machine, "main") { code in
      code.loadText("caf\u{e9} au lait", into: 0)
      code.loadText("cafe\u{301} au lait", into: 1)
      code.emit(.equal, 2, 0, 1)
      code.newList(from: 1, count: 2, into: 0)
      code.emit(.halt, 0)
    }
    let result = try machine.run(main)
    #expect(result.item(0)?.textCount == 14)
    #expect(result.item(1)?.bool == false)
  }

  @Test func mergedRecords() throws {
    let machine = Machine()
    let cases: [([String], [String], String)] = [
      (["a"], ["a"], "{ a: 11 }"), (["a", "b"], ["b", "c"], "{ a: 1, b: 11, c: 12 }"), ([], ["x"], "{ x: 11 }"),
      (["x"], [], "{ x: 1 }"), (["a", "b", "c"], ["c", "a"], "{ a: 12, b: 2, c: 11 }"),
    ]
    // Twice, so that the plans of the first round are used again.
    for (left, right, expected) in cases + cases {
      let main = function(machine, "main") { code in
        for register in 0..<3 { code.emit(.loadWhole, 10 + register, immediate: 1 + register) }
        for register in 0..<3 { code.emit(.loadWhole, 20 + register, immediate: 11 + register) }
        code.newRecord(left, from: 10, into: 0)
        code.newRecord(right, from: 20, into: 1)
        code.emit(.merge, 2, 0, 1)
        code.emit(.halt, 2)
      }
      #expect(machine.written(try machine.run(main)) == expected)
    }
  }
}
