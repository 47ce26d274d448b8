import Testing

@testable import LisCore

/// Programs for the tests of heap and loop, written with the assembler.
struct HeapProgram: Sendable, CustomTestStringConvertible {
  let name: String
  let build: @Sendable (Machine) -> FunctionID

  var testDescription: String { name }

  init(_ name: String, _ body: @escaping @Sendable (Assembler) -> Void) {
    self.name = name
    build = { machine in function(machine, "main", body) }
  }

  /// The result as it would be written in a program.
  func run(on machine: Machine) throws -> String {
    let main = build(machine)
    return machine.written(try machine.run(main))
  }
}

@discardableResult
func function(
  _ machine: Machine, _ name: String, parameters: Int = 0, required: Int? = nil, _ body: (Assembler) -> Void
) -> FunctionID {
  let code = Assembler(machine: machine, name: name, source: 0)
  code.at(0, 1)
  body(code)
  let id = code.finish(parameters: parameters, required: required ?? parameters)
  #expect(code.problem == nil)
  return id
}

extension Assembler {
  /// `for register in lower...upper`; uses the next register too.
  func count(_ register: Int, _ lower: Int, _ upper: Int, _ body: () -> Void) {
    let top = label()
    let bottom = label()
    loadNumber(Decimal(lower), into: register)
    loadNumber(Decimal(upper), into: register + 1)
    rangeLoop(.rangePrepare, register, to: bottom)
    place(top)
    body()
    place(bottom)
    rangeLoop(.rangeStep, register, to: top)
  }

  /// `for item in register`; uses the two registers after it, and the window.
  func each(_ register: Int, into item: Int, window: Int, _ body: () -> Void) {
    let top = label()
    let bottom = label()
    let exit = label()
    open(register, window: window)
    jump(.jump, to: bottom)
    place(top)
    body()
    place(bottom)
    step(register, into: item, window: window, body: top, exit: exit)
    place(exit)
  }

  /// A stream over what stands in `register`, read to its end into a list. Uses registers from 40.
  /// - Parameter stages: kinds and the registers of their arguments.
  func readAll(_ register: Int, _ stages: [(StageKind, Int)], into result: Int) {
    for (index, stage) in stages.enumerated() {
      emit(.loadWhole, 40 + index * 2, immediate: stage.0.rawValue)
      emit(.move, 41 + index * 2, stage.1)
    }
    newList(from: 40, count: stages.count * 2, into: 60)
    emit(.newStream, 61, register, 60)
    newList(from: 40, count: 0, into: result)
    each(61, into: 64, window: 70) { emit(.push, result, 64) }
  }

  /// Collects here, whatever has been allocated.
  func collectNow(window: Int) {
    let native = machine.addNative("collect") { machine, _ in
      machine.heap.allocated = Int.max / 2
      return .null
    }
    callNative(native, window: window, count: 0, into: window)
  }
}

/// Rows `{ n: 1 }`, `{ n: 2 }` … in pages.
final class PagedNumbers: RowSource {
  let pages: Int
  let pageRows: Int
  /// Pages that were asked for, over all readings.
  var delivered = 0
  var opened = 0

  init(pages: Int, pageRows: Int) {
    self.pages = pages
    self.pageRows = pageRows
  }

  var title: String { "numbers" }

  func open(_ machine: Machine) -> any RowCursor {
    opened += 1
    return Cursor(self)
  }

  private final class Cursor: RowCursor {
    let source: PagedNumbers
    var page = 0

    init(_ source: PagedNumbers) { self.source = source }

    func nextPage(_ machine: Machine) -> Value? {
      guard page < source.pages else { return nil }
      page += 1
      source.delivered += 1
      let first = (page - 1) * source.pageRows
      return machine.makeList((1...source.pageRows).map { machine.makeRecord([("n", machine.makeNumber(first + $0))]) })
    }
  }
}
