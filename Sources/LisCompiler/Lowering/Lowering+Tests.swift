import LisCore
import LisSyntax

/// Tests: each becomes a program of its own that runs after the constants of its file are computed.
extension Lowering {
  func lowerTests(_ program: Program) -> [CompiledTest] {
    program.items.compactMap { item in
      guard case .test(let title, let body) = item.kind else { return nil }
      let outer = state
      state = FunctionState(code: Assembler(machine: machine, name: "test", source: sourceNumber), parent: nil)
      defer { state = outer }
      lower(body, result: nil)
      code.emit(.loadNull, state.top)
      code.emit(.halt, state.top)
      let function = finish(state, parameters: 0, required: 0, at: item.span)
      return CompiledTest(title: title, function: function, line: source.position(of: item.span.lower).line)
    }
  }

  func lowerGiven(_ records: Pipeline) {
    let window = state.top
    lower(records, .list(state.take()))
    mark(records.span)
    code.callNative(native(.given), window: window, count: 1, into: window)
    state.top = window
  }

  /// A comparison hands both its sides on, so that a failure shows what they were.
  func lowerExpectation(_ expected: Pipeline) {
    let window = state.take(4)
    mark(expected.span)
    guard let expression = expected.expression.map({ Lowering.innermost($0) }),
      case .binary(let op, let left, let right, let span) = expression.kind, Lowering.comparisons.contains(op)
    else {
      value(of: expected, into: window)
      for side in 1...3 { code.emit(.loadNull, window + side) }
      code.emit(.loadWhole, window + 3, immediate: 0)
      return expect(window, expected.span)
    }
    self.expression(left, into: window + 1)
    self.expression(right, into: window + 2)
    let scope = FunctionScope(parent: nil, name: "", mayWrite: true, isNamed: false)
    for (side, register) in [(left, window + 1), (right, window + 2)] {
      let variable = Variable("side", side.span, .constant, owner: scope)
      state.place(variable, in: register)
      folded[side.id] = variable
    }
    mark(span)
    self.expression(expression, into: window)
    for side in [left, right] { folded[side.id] = nil }
    code.emit(.loadWhole, window + 3, immediate: 2)
    expect(window, expected.span)
  }

  private func expect(_ window: Int, _ span: Span) {
    let argument = state.top
    for index in 0..<4 { code.emit(.move, state.take(), window + index) }
    mark(span)
    code.callNative(native(.expect), window: argument, count: 4, into: argument)
    state.top = window
  }

  private static let comparisons: Set<BinaryOperator> = [
    .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .equalIgnoringCase, .isIn, .isNotIn, .contains,
    .has, .startswith, .endswith, .matches,
  ]

  /// Without brackets around it.
  private static func innermost(_ expression: Expression) -> Expression {
    unwrapped(expression).map { innermost($0) } ?? expression
  }
}
