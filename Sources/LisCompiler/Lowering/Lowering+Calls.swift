import LisCore
import LisSchema
import LisSyntax

extension Lowering {
  func call(_ expression: Expression, _ callee: Expression, _ arguments: [Argument], into target: Int) {
    if let binding = resolution.binding(of: callee) {
      let rows = resolution.aggregates[expression.id].flatMap { groupRows[$0] }.map {
        rowsArgument($0, expression.span)
      }
      call(binding, expression.id, expression.span, arguments, rows: rows, into: target)
      return
    }
    let function = operand(callee)
    callValue(function, expression.span, arguments, rows: nil, into: target)
  }

  /// - Parameter rows: makes the value of the rows in front, for a call that is a stage.
  func call(
    _ binding: Binding, _ id: NodeID, _ span: Span, _ arguments: [Argument], rows: RowsArgument?, into target: Int
  ) {
    switch binding {
    case .variable(let variable):
      let function = state.take()
      load(variable, into: function)
      callValue(function, span, arguments, rows: rows, into: target)
    case .function(let symbol): call(symbol, id, span, arguments, rows: rows, into: target)
    case .builtin(let builtin): call(builtin, id, span, arguments, rows: rows, into: target)
    case .module: code.emit(.loadNull, target)
    }
  }

  /// The rows in front of a stage, made where they are wanted: as a value, as a list, or one by one.
  struct RowsArgument {
    var value: (Int) -> Void
    var list: (Int) -> Void
    var each: (@escaping (Int, Assembler.Label, Assembler.Label) -> Void) -> Void
  }

  private func callValue(_ function: Int, _ span: Span, _ arguments: [Argument], rows: RowsArgument?, into target: Int)
  {
    let window = state.top
    var count = 0
    if let rows {
      rows.value(state.take())
      count += 1
    }
    for argument in arguments {
      value(of: argument.value, into: state.take())
      count += 1
    }
    mark(span)
    code.callValue(function, window: window, count: count, into: target)
    state.top = window
  }

  private func call(
    _ symbol: FunctionSymbol, _ id: NodeID, _ span: Span, _ arguments: [Argument], rows: RowsArgument?,
    into target: Int
  ) {
    let plan = resolution.plans[id] ?? CallPlan(arguments: [])
    var function = -1
    if let holder = symbol.holder {
      function = state.take()
      load(holder, into: function)
    }
    let window = state.take(symbol.parameters.count)
    if let rows, !symbol.parameters.isEmpty { rows.value(window) }
    for slot in symbol.parameters.indices where !(slot == 0 && rows != nil) && plan.argument(slot) == nil {
      code.emit(.loadAbsent, window + slot)
    }
    // Arguments are computed in the order in which they are written, wherever their names put them.
    for (index, argument) in arguments.enumerated() {
      guard let slot = plan.arguments.firstIndex(of: index), slot < symbol.parameters.count else { continue }
      if symbol.parameters[slot].isRow {
        rowFunction(argument.expression, into: window + slot)
      } else {
        value(of: argument.value, into: window + slot)
      }
    }
    mark(span)
    if function >= 0 {
      code.callValue(function, window: window, count: symbol.parameters.count, into: target)
    } else if let id = symbol.id {
      code.call(id, window: window, into: target)
    }
    state.top = window
  }

  /// A row argument as a function of one parameter. A lambda, or a name that holds a function, is one already.
  func rowFunction(_ expression: Expression, into target: Int) {
    if case .lambda = expression.kind { return self.expression(expression, into: target) }
    if holdsFunction(expression) { return self.expression(expression, into: target) }
    guard let row = resolution.rows[expression.id] else { return self.expression(expression, into: target) }
    function(named: "row expression", parameters: [row], span: expression.span, into: target) { result in
      if self.mayHoldFunction(expression) {
        self.applyIfFunction(expression, toRow: 0, into: result)
      } else {
        self.expression(expression, into: result)
      }
    }
  }

  /// A bare name of which only the running program knows whether it is a function.
  func mayHoldFunction(_ expression: Expression) -> Bool {
    guard case .variable(let variable)? = resolution.binding(of: expression) else { return false }
    return variable.type == .unknown && variable.kind != .row
  }

  /// The value of a bare name, or what it gives for the row when it is a function.
  func applyIfFunction(_ expression: Expression, toRow row: Int, into target: Int) {
    let top = state.top
    let value = state.take()
    self.expression(expression, into: value)
    let window = state.top
    let plain = code.label()
    code.emit(.move, window, value)
    code.callNative(native(.isFunction), window: window, count: 1, into: window)
    code.jump(.jumpUnlessTrue, window, to: plain)
    code.emit(.move, state.take(), row)
    mark(expression.span)
    code.callValue(value, window: window, count: 1, into: value)
    code.place(plain)
    code.emit(.move, target, value)
    state.top = top
  }

  /// Whether a bare name stands for a function to be applied to the row.
  func holdsFunction(_ expression: Expression) -> Bool {
    switch resolution.binding(of: expression) {
    case .function: return true
    case .variable(let variable): return variable.kind == .rowFunction || variable.type == .function
    default: return false
    }
  }

  // MARK: Builtins

  private func call(
    _ builtin: Builtin, _ id: NodeID, _ span: Span, _ arguments: [Argument], rows: RowsArgument?, into target: Int
  ) {
    let plan = resolution.plans[id] ?? CallPlan(arguments: [])
    func argument(_ slot: Int) -> Expression? {
      guard slot < plan.arguments.count, let index = plan.arguments[slot] else { return nil }
      return arguments[index].expression
    }
    let input = rows ?? rowsArgument(plan.arguments.first.flatMap { $0 }.map { arguments[$0].value })
    switch builtin.implementation {
    case .native(let native):
      callNative(builtin, native, span, plan, arguments, rows: rows, into: target)
    case .fold(let step, let finish, let kind):
      if kind == .count { return count(input, into: target) }
      fold(step, finish, isSum: kind == .sum, span, input, argument(1), into: target)
    case .stage(let kind):
      streamCall(kind, span, input, argument(1), into: target)
    case .list: input.list(target)
    case .trace(let native):
      callNative(builtin, native, span, plan, arguments, rows: rows, into: target)
    case .property(let native):
      if rows == nil {
        property(native, id, span, arguments, into: target)
      } else {
        callNative(builtin, native, span, plan, arguments, rows: rows, into: target)
      }
    case .explain(let native):
      explain(native, span, plan.arguments.first.flatMap { $0 }.map { arguments[$0].value }, into: target)
    case .first:
      if let index = plan.arguments.first.flatMap({ $0 }), case .find(let find) = arguments[index].value.source,
        arguments[index].value.stages.allSatisfy({ !isGathering($0) })
      {
        firstOnly.insert(find.id)
      }
      let result = state.take()
      code.emit(.loadNull, result)
      input.each { row, leave, _ in
        self.code.emit(.move, result, row)
        self.code.jump(.jump, 0, to: leave)
      }
      code.emit(.move, target, result)
    }
  }

  /// Rows that are an argument in brackets.
  private func rowsArgument(_ pipeline: Pipeline?) -> RowsArgument {
    guard let pipeline else {
      return RowsArgument(
        value: { self.code.emit(.loadNull, $0) }, list: { self.code.newList(from: 0, count: 0, into: $0) },
        each: { _ in })
    }
    return RowsArgument(
      value: { self.value(of: pipeline, into: $0) }, list: { self.lower(pipeline, .list($0)) },
      each: { self.lower(pipeline, .each($0)) })
  }

  private func callNative(
    _ builtin: Builtin, _ native: Int, _ span: Span, _ plan: CallPlan, _ arguments: [Argument], rows: RowsArgument?,
    into target: Int
  ) {
    let window = state.top
    var count = 0
    for (slot, parameter) in builtin.parameters.enumerated() where !parameter.isRest {
      let register = state.take()
      count += 1
      if slot == 0, let rows {
        parameter.kind == .value ? rows.value(register) : rows.list(register)
      } else if slot < plan.arguments.count, let index = plan.arguments[slot] {
        if parameter.kind == .value || parameter.kind == .shown {
          value(of: arguments[index].value, into: register)
          if parameter.kind == .shown { materialize(register) }
        } else {
          lower(arguments[index].value, .list(register))
        }
      } else {
        code.emit(.loadAbsent, register)
      }
    }
    let isShown = builtin.parameters.last?.kind == .shown
    if let rows, builtin.parameters.first?.isRest == true {
      let register = state.take()
      rows.value(register)
      if isShown { materialize(register) }
      count += 1
    }
    for index in plan.rest {
      let register = state.take()
      value(of: arguments[index].value, into: register)
      if isShown { materialize(register) }
      count += 1
    }
    mark(span)
    code.callNative(native, window: window, count: count, into: target)
    state.top = window
  }

  private func count(_ rows: RowsArgument, into target: Int) {
    let result = state.take()
    code.emit(.loadWhole, result, immediate: 0)
    rows.each { _, _, _ in self.code.emit(.addWhole, result, result, immediate: 1) }
    code.emit(.move, target, result)
  }

  /// `sum(rows, .price)`: one state, one step for each row, so that a stream is never held in memory.
  private func fold(
    _ step: Int, _ finish: Int, isSum: Bool, _ span: Span, _ rows: RowsArgument, _ expression: Expression?,
    into target: Int
  ) {
    let result = state.take()
    code.emit(.loadAbsent, result)
    rows.each { row, _, _ in
      let top = self.state.top
      let window = self.state.take(2)
      let added = self.code.label()
      var value = row
      if let expression {
        value = window + 1
        self.apply(expression, toRow: row, into: value)
      }
      self.mark(span)
      if isSum { self.code.jump(.sum, result, value, lenient: false, to: added) }
      if value == row { self.code.emit(.move, window + 1, row) }
      self.code.emit(.move, window, result)
      self.code.callNative(step, window: window, count: 2, into: result)
      self.code.place(added)
      self.state.top = top
    }
    let window = state.top
    code.emit(.move, window, result)
    mark(span)
    code.callNative(finish, window: window, count: 1, into: target)
  }

  private func streamCall(
    _ kind: StageKind, _ span: Span, _ rows: RowsArgument, _ expression: Expression?, into target: Int
  ) {
    let input = state.take()
    rows.value(input)
    holdingNames({ search in expression.map { search.finds(in: $0) } ?? false }) {
      let window = state.take(2)
      code.emit(.loadWhole, window, immediate: kind.rawValue)
      if let expression {
        if kind != .map || !mappingFunction(expression, resolution.rows[expression.id], into: window + 1) {
          rowFunction(expression, into: window + 1)
        }
      } else {
        code.emit(.loadNull, window + 1)
      }
      code.newList(from: window, count: 2, into: window)
      mark(span)
      code.emit(.newStream, target, input, window)
    }
    state.top = input
  }

  // MARK: Expressions on rows

  /// The value of a row expression for the row in a register.
  func apply(_ expression: Expression, toRow row: Int, id: NodeID? = nil, into target: Int) {
    if case .lambda(let lambda) = expression.kind, let parameter = resolution.declared[expression.id]?.first,
      !parameter.isBoxed
    {
      bindRow(parameter, row)
      self.expression(lambda.body, into: target)
      return
    }
    if holdsFunction(expression) {
      let function = operand(expression)
      let window = state.top
      code.emit(.move, state.take(), row)
      mark(expression.span)
      code.callValue(function, window: window, count: 1, into: target)
      state.top = window
      return
    }
    if mayHoldFunction(expression) { return applyIfFunction(expression, toRow: row, into: target) }
    if let variable = resolution.rows[id ?? expression.id] { bindRow(variable, row) }
    self.expression(expression, into: target)
  }

  func bindRow(_ variable: Variable, _ register: Int) { state.place(variable, in: register) }

  // MARK: Rows as lists

  /// Turns a stream in a register into a list; anything else stays what it is, unless only lists will do: then whatever
  /// can be read becomes one.
  func materialize(_ register: Int, onlyLists: Bool = false) {
    let top = state.top
    let kept = code.label()
    code.jump(onlyLists ? .jumpIfList : .jumpUnlessStream, register, to: kept)
    let list = state.take()
    code.newList(from: list, count: 0, into: list)
    loop(over: register) { row, _, _ in self.code.emit(.push, list, row) }
    code.emit(.move, register, list)
    code.place(kept)
    state.top = top
  }

  /// A loop over whatever stands in a register.
  func loop(over source: Int, _ body: (Int, Assembler.Label, Assembler.Label) -> Void) {
    let top = state.top
    let reading = state.take(3)
    let row = state.take()
    code.emit(.move, reading, source)
    code.open(reading, window: state.top)
    let inner = code.label()
    let bottom = code.label()
    let leave = code.label()
    code.jump(.jump, 0, to: bottom)
    code.place(inner)
    let outerRow = code.row
    code.row = row
    body(row, leave, bottom)
    code.row = outerRow
    code.place(bottom)
    code.step(reading, into: row, window: state.top, body: inner, exit: leave)
    code.place(leave)
    state.top = top
  }
}
