import LisCore
import LisSyntax

extension Lowering {
  /// A block; its value, if wanted, is that of its last statement.
  func lower(_ block: Block, result: Int?) {
    let top = state.top
    makeCells(block)
    lowerNested(block.statements.compactMap { if case .function(let function) = $0.kind { function } else { nil } })
    if block.statements.isEmpty, let result { code.emit(.loadNull, result) }
    for (index, statement) in block.statements.enumerated() {
      let isLast = index == block.statements.count - 1
      lower(statement, result: isLast ? result : nil, isNested: true)
    }
    state.top = top
  }

  /// Functions of a block are made where it begins. The names they share with it need their cells by then, without a
  /// value yet.
  private func makeCells(_ block: Block) {
    guard block.statements.contains(where: { if case .function = $0.kind { true } else { false } }) else { return }
    for statement in block.statements {
      guard case .declare = statement.kind, let variable = resolution.declared[statement.id]?.first,
        variable.isBoxed, variable.global == nil
      else { continue }
      let register = state.take()
      code.emit(.loadAbsent, register)
      code.emit(.newVariable, register, register)
      state.place(variable, in: register)
      state.prepared.insert(ObjectIdentifier(variable))
    }
  }

  /// - Parameters:
  ///   - result: where the value of the statement is wanted, if it is.
  ///   - isNested: inside a block, where nothing is shown.
  func lower(_ statement: Statement, result: Int?, isNested: Bool = false) {
    guard resolution.stop.goesOn() else { return }
    mark(statement.span)
    let top = state.top
    var keepsTop = false
    var hasValue = false
    switch statement.kind {
    case .declare(_, _, let value):
      keepsTop = lowerDeclaration(statement, value)
    case .assign(_, let value):
      guard case .variable(let variable)? = resolution.bindings[statement.id.index] else { break }
      let register = ownRegister(variable, for: value) ?? state.take()
      self.value(of: value, into: register)
      assign(variable, from: register)
    case .forEach(_, let source, let body): lowerLoop(statement, source, body)
    case .return(let value):
      if let expression = value?.expression, state.openWrites == 0 {
        let register = operand(expression)
        code.emit(.return, register)
        break
      }
      let register = state.take()
      if let value { self.value(of: value, into: register) } else { code.emit(.loadNull, register) }
      commitOpenWrites()
      code.emit(.return, register)
    case .break: if let loop = state.loops.last { code.jump(.jump, 0, to: loop.leave) }
    case .continue: if let loop = state.loops.last { code.jump(.jump, 0, to: loop.next) }
    case .tryCatch(let body, _, let handler):
      lowerTry(statement, body, handler, result)
      hasValue = true
    case .expect(let value): lowerExpectation(value)
    case .given(let value): lowerGiven(value)
    case .function: break
    case .pipeline(let pipeline):
      hasValue = true
      lowerPipelineStatement(pipeline, result, isNested || isWritingChoice(statement, pipeline))
    }
    if let result, !hasValue { code.emit(.loadNull, result) }
    if !keepsTop { state.top = top }
  }

  /// The register of a plain local, when a value may be computed straight into it: the code of arithmetic and of lists and
  /// records writes its target last, after everything that may still read the variable's old value.
  private func ownRegister(_ variable: Variable, for value: Pipeline) -> Int? {
    guard let expression = value.expression, folded[expression.id] == nil else { return nil }
    switch expression.kind {
    case .list, .record: break
    case .binary(let op, _, _, _) where [.add, .subtract, .multiply, .divide, .remainder].contains(op): break
    default: return nil
    }
    guard variable.isPlainLocal, case .register(let register)? = state.locate(variable) else {
      return nil
    }
    return register
  }

  /// `if … { find … | update … }`: its value is the report, which the run itself tells about.
  private func isWritingChoice(_ statement: Statement, _ pipeline: Pipeline) -> Bool {
    guard resolution.writing.contains(statement.id), let expression = pipeline.expression else { return false }
    switch expression.kind {
    case .conditional, .match: return true
    default: return false
    }
  }

  private func lowerPipelineStatement(_ pipeline: Pipeline, _ result: Int?, _ isNested: Bool) {
    if let result {
      value(of: pipeline, into: result)
    } else if isNested {
      if let expression = pipeline.expression, case .conditional(let conditional) = expression.kind,
        folded[expression.id] == nil
      {
        mark(expression.span)
        return discarded(conditional)
      }
      run(pipeline)
    } else {
      show(pipeline)
    }
  }

  private func lowerDeclaration(_ statement: Statement, _ value: Pipeline) -> Bool {
    let register = state.take()
    self.value(of: value, into: register)
    guard let variable = resolution.declared[statement.id]?.first else { return false }
    declare(variable, holding: register)
    return variable.global == nil && !state.prepared.contains(ObjectIdentifier(variable))
  }

  // MARK: Loops

  private func lowerLoop(_ statement: Statement, _ source: Pipeline, _ body: Block) {
    let variable = resolution.declared[statement.id]?.first
    let writes = resolution.writing.contains(statement.id)
    if writes { beginWrites() }
    if let expression = source.expression, case .binary(.range, let lower, let upper, _) = expression.kind {
      lowerNumericLoop(lower, upper, expression.span, variable, body)
    } else {
      lower(
        source,
        .each { row, leave, next in
          let top = self.state.top
          if let variable {
            // A loop's name cannot be assigned: the row's own register will do.
            var register = row
            if !variable.isPlainLocal {
              register = self.state.take()
              self.code.emit(.move, register, row)
            }
            self.declare(variable, holding: register)
          }
          self.state.loops.append((leave, next))
          self.lower(body, result: nil)
          self.state.loops.removeLast()
          self.state.top = top
        })
    }
    if writes { commitWrites(into: state.top) }
  }

  /// `for i in 1..n`: two registers and no list.
  private func lowerNumericLoop(
    _ lower: Expression, _ upper: Expression, _ span: Span, _ variable: Variable?, _ body: Block
  ) {
    let counter = state.take(2)
    expression(lower, into: counter)
    expression(upper, into: counter + 1)
    let inner = code.label()
    let bottom = code.label()
    let leave = code.label()
    mark(span)
    code.rangeLoop(.rangePrepare, counter, to: bottom)
    code.place(inner)
    let top = state.top
    if let variable {
      let isPlain = !variable.isBoxed && variable.global == nil
      let register = isPlain ? counter : state.take()
      if !isPlain { code.emit(.move, register, counter) }
      declare(variable, holding: register)
    }
    state.loops.append((leave, bottom))
    self.lower(body, result: nil)
    state.loops.removeLast()
    state.top = top
    code.place(bottom)
    code.rangeLoop(.rangeStep, counter, to: inner)
    code.place(leave)
  }

  // MARK: try

  private func lowerTry(_ statement: Statement, _ body: Block, _ handler: Block, _ result: Int?) {
    let depth = state.take()
    let error = state.take()
    let window = state.top
    code.callNative(native(.writeDepth), window: window, count: 0, into: depth)
    let first = code.label()
    let end = code.label()
    let caught = code.label()
    let leave = code.label()
    code.place(first)
    lower(body, result: result)
    // The end must not be the handler's own first instruction even for an empty body.
    code.jump(.jump, 0, to: leave)
    code.place(end)
    code.place(caught)
    code.emit(.move, window, depth)
    code.callNative(native(.writeReset), window: window, count: 1, into: window)
    if let variable = resolution.declared[statement.id]?.first { declare(variable, holding: error) }
    lower(handler, result: result)
    code.place(leave)
    code.handler(from: first, to: end, target: caught, register: error)
  }
}
