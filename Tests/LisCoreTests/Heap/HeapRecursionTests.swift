import Testing

@testable import LisCore

@Suite struct HeapRecursionTests {
  /// Frames of 60 registers, so that a thousand calls go far beyond the part of the stack that one collection marks.
  /// On the way down `fills` puts lists and the number 0, which is a zero word, into all of them; otherwise the registers
  /// stay as earlier calls left them. At the bottom it collects.
  private func descend(_ machine: Machine, fills: Bool) -> FunctionID {
    let code = Assembler(machine: machine, name: "descend", source: 0)
    let bottom = code.label()
    if fills {
      for register in 1..<58 { code.emit(.loadWhole, register, immediate: 0) }
      for register in stride(from: 3, to: 57, by: 5) { code.newList(from: 0, count: 2, into: register) }
    }
    code.jump(.jumpUnlessGreaterWhole, 0, whole: 0, lenient: false, to: bottom)
    code.emit(.addWhole, 60, 0, immediate: -1)
    code.call(code.id, window: 60, into: 1)
    code.emit(.add, 1, 1, 0)
    code.emit(.return, 1)
    code.place(bottom)
    code.collectNow(window: 60)
    code.emit(.loadWhole, 1, immediate: 0)
    code.emit(.return, 1)
    return code.finish(parameters: 1, required: 1)
  }

  @Test(arguments: [[2000, 3, 2000], [5, 2000, 40, 1500, 2500], [2500, 0, 0, 2500, 1, 2500]])
  func deepShallowDeep(_ depths: [Int]) throws {
    let machine = Machine()
    let filling = descend(machine, fills: true)
    let reusing = descend(machine, fills: false)
    let main = function(machine, "main") { code in
      code.newList(from: 0, count: 0, into: 0)
      for depth in depths {
        for callee in [filling, reusing] {
          code.emit(.loadWhole, 10, immediate: depth)
          code.call(callee, window: 10, into: 1)
          code.emit(.push, 0, 1)
          code.collectNow(window: 10)
          // What was freed is handed out again and freed again.
          code.count(2, 1, 200) { code.newList(from: 0, count: 3, into: 4) }
        }
      }
      code.emit(.halt, 0)
    }
    for _ in 0..<2 {
      let sums = depths.flatMap { [$0 * ($0 + 1) / 2, $0 * ($0 + 1) / 2] }
      #expect(machine.written(try machine.run(main)) == "\(sums)")
    }
    #expect(machine.collections == depths.count * 8)
  }

  private func endless(_ machine: Machine, window: Int) -> FunctionID {
    let code = Assembler(machine: machine, name: "endless", source: 0)
    code.newList(from: 0, count: 1, into: 1)
    code.emit(.move, window, 1)
    code.call(code.id, window: window, into: 2)
    code.emit(.return, 2)
    return code.finish(parameters: 1, required: 1)
  }

  /// By the number of calls, and by the size of the stack.
  @Test(arguments: [3, 900]) func recursionWithoutEndIsAFault(window: Int) throws {
    let machine = Machine()
    let endless = endless(machine, window: window)
    let main = function(machine, "main") { code in
      code.emit(.loadWhole, 3, immediate: 0)
      code.call(endless, window: 3, into: 1)
      code.emit(.halt, 1)
    }
    for _ in 0..<2 {
      let fault = #expect(throws: Fault.self) { try machine.run(main) }
      guard case .tooDeep = fault?.kind else {
        Issue.record("\(String(describing: fault))")
        return
      }
      #expect(fault?.trace.first?.function == "endless")
      let after = try HeapProgram.all[0].run(on: machine)
      #expect(after == (try HeapProgram.all[0].run(on: Machine())))
    }
  }

  /// The fault is caught far below; everything above is garbage then, and is used again.
  @Test func tooDeepCanBeCaught() throws {
    let machine = Machine()
    let endless = endless(machine, window: 30)
    let main = function(machine, "main") { code in
      code.count(0, 1, 3) {
        let first = code.label()
        let end = code.label()
        code.place(first)
        code.emit(.loadWhole, 10, immediate: 0)
        code.call(endless, window: 10, into: 3)
        code.place(end)
        code.handler(from: first, to: end, target: end, register: 4)
        code.collectNow(window: 10)
      }
      code.getField("message", of: 4, into: 4)
      code.emit(.halt, 4)
    }
    #expect(try machine.run(main).string == "tooDeep(limit: 20000)")
  }
}
