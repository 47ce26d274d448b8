@testable import LisCore

extension HeapProgram {
  static let functions = [
    HeapProgram("closures and variables") { code in
      let machine = code.machine
      let adder = function(machine, "adder", parameters: 1) { inner in
        inner.emit(.getCapture, 1, immediate: 0)
        inner.emit(.getVariable, 2, 1)
        inner.emit(.add, 2, 2, 0)
        inner.emit(.setVariable, 1, 2)
        inner.emit(.getCapture, 3, immediate: 1)
        inner.emit(.append, 4, 3, 2)
        inner.emit(.return, 4)
      }
      let maker = function(machine, "maker", parameters: 2) { inner in
        inner.emit(.newVariable, 0, 0)
        inner.closure(of: adder, captures: [.register(0), .register(1)], into: 2)
        inner.emit(.return, 2)
      }
      code.newList(from: 0, count: 0, into: 0)
      code.loadNumber(Decimal(mantissa: 5, scale: 1), into: 1)
      code.emit(.move, 10, 1)
      code.newList(from: 1, count: 1, into: 11)
      code.call(maker, window: 10, into: 2)
      code.count(3, 1, 20) {
        code.emit(.move, 10, 3)
        code.callValue(2, window: 10, count: 1, into: 5)
        code.emit(.push, 0, 5)
      }
      code.emit(.halt, 0)
    },
    HeapProgram("default arguments and natives") { code in
      let machine = code.machine
      let callee = function(machine, "callee", parameters: 3, required: 1) { inner in
        let given = inner.label()
        inner.jump(.jumpIfGiven, 1, to: given)
        inner.newList(from: 0, count: 1, into: 1)
        inner.place(given)
        let third = inner.label()
        inner.jump(.jumpIfGiven, 2, to: third)
        inner.loadText("the default text", into: 2)
        inner.place(third)
        inner.newList(from: 0, count: 3, into: 0)
        inner.emit(.return, 0)
      }
      let native = machine.addNative("pair") { machine, arguments in
        let text = machine.makeText("a text made by a native")
        return machine.makeList([arguments[0], text, machine.makeRecord([("x", text), ("y", arguments[1])])])
      }
      code.newList(from: 0, count: 0, into: 0)
      code.closure(of: callee, captures: [], into: 1)
      code.count(2, 1, 20) {
        code.emit(.move, 10, 2)
        code.callValue(1, window: 10, count: 1, into: 5)
        code.emit(.move, 10, 5)
        code.emit(.move, 11, 2)
        code.callNative(native, window: 10, count: 2, into: 6)
        code.emit(.push, 0, 6)
      }
      code.emit(.halt, 0)
    },
    HeapProgram("caught faults, globals and kept values") { code in
      let machine = code.machine
      let global = machine.declareGlobal("seen")
      let keeper = machine.keep(machine.makeText("kept over every safepoint"))
      let kept = machine.addNative("kept") { _, _ in keeper.value }
      let failing = function(machine, "failing", parameters: 1) { inner in
        inner.newList(from: 0, count: 1, into: 1)
        inner.emit(.add, 2, 1, 0)
        inner.emit(.return, 2)
      }
      code.newList(from: 0, count: 0, into: 0)
      code.emit(.setGlobal, 0, wide: global)
      code.count(1, 1, 20) {
        let first = code.label()
        let end = code.label()
        let target = code.label()
        let after = code.label()
        code.place(first)
        code.emit(.move, 10, 1)
        code.call(failing, window: 10, into: 4)
        code.place(end)
        code.jump(.jump, to: after)
        code.place(target)
        code.getField("message", of: 5, into: 4)
        code.place(after)
        code.handler(from: first, to: end, target: target, register: 5)
        code.callNative(kept, window: 10, count: 0, into: 6)
        code.emit(.getGlobal, 7, wide: global)
        code.emit(.append, 7, 7, 4)
        code.emit(.append, 7, 7, 6)
        code.emit(.setGlobal, 7, wide: global)
      }
      code.emit(.getGlobal, 0, wide: global)
      code.emit(.halt, 0)
    },
  ]

  /// Register 1 tells even numbers, 2 makes lists of them, 3 and 4 are counts, 5 is null.
  private static func prepareStages(_ code: Assembler) {
    let even = function(code.machine, "even", parameters: 1) { inner in
      inner.emit(.remainderWhole, 1, 0, immediate: 2)
      inner.emit(.loadWhole, 2, immediate: 0)
      inner.emit(.equal, 3, 1, 2)
      inner.emit(.return, 3)
    }
    let wrap = function(code.machine, "wrap", parameters: 1) { inner in
      inner.emit(.getCapture, 1, immediate: 0)
      inner.newList(from: 0, count: 2, into: 2)
      inner.emit(.return, 2)
    }
    code.closure(of: even, captures: [], into: 1)
    code.loadText("captured text", into: 6)
    code.closure(of: wrap, captures: [.register(6)], into: 2)
    code.emit(.loadWhole, 3, immediate: 2)
    code.emit(.loadWhole, 4, immediate: 7)
    code.emit(.loadNull, 5)
  }

  static let streams = [
    HeapProgram("every stage over a list") { code in
      prepareStages(code)
      code.newList(from: 0, count: 0, into: 0)
      code.count(20, 1, 60) {
        code.emit(.remainderWhole, 22, 20, immediate: 37)
        code.emit(.push, 0, 22)
      }
      code.readAll(
        0, [(.filter, 1), (.distinct, 5), (.skip, 3), (.map, 2), (.distinct, 5), (.take, 4)], into: 8)
      code.emit(.halt, 8)
    },
    HeapProgram("ranges, records and null as sources") { code in
      prepareStages(code)
      code.loadNumber(Decimal(Int.max - 5), into: 10)
      code.loadNumber(Decimal(Int.max), into: 11)
      code.emit(.range, 0, 10, 11)
      code.readAll(0, [(.map, 2)], into: 12)
      code.newRecord(["row"], from: 3, into: 0)
      code.readAll(0, [(.map, 2)], into: 13)
      code.emit(.loadNull, 0)
      code.readAll(0, [(.map, 2)], into: 14)
      code.newList(from: 12, count: 3, into: 0)
      code.emit(.halt, 0)
    },
    HeapProgram("pages of a native source, streams of streams, computed streams") { code in
      prepareStages(code)
      let machine = code.machine
      let source = machine.makeSource(PagedNumbers(pages: 4, pageRows: 5))
      let number = function(machine, "number", parameters: 1) { inner in
        inner.getField("n", of: 0, into: 1)
        inner.emit(.return, 1)
      }
      code.load(source, into: 0)
      code.closure(of: number, captures: [], into: 10)
      code.readAll(0, [(.distinct, 10), (.map, 10), (.filter, 1)], into: 12)
      code.readAll(0, [], into: 13)
      code.emit(.loadWhole, 40, immediate: StageKind.map.rawValue)
      code.emit(.move, 41, 10)
      code.newList(from: 40, count: 2, into: 42)
      code.emit(.newStream, 15, 0, 42)
      code.readAll(15, [(.map, 2)], into: 14)
      let computing = function(machine, "computing") { inner in
        inner.emit(.getCapture, 0, immediate: 0)
        inner.emit(.return, 0)
      }
      code.closure(of: computing, captures: [.register(15)], into: 16)
      code.readAll(16, [(.skip, 3), (.map, 2)], into: 15)
      code.newList(from: 12, count: 4, into: 0)
      code.emit(.halt, 0)
    },
  ]
}
