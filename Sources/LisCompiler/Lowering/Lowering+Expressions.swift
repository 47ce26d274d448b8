import LisCore
import LisSchema
import LisSyntax

extension Lowering {
  /// A register holding the value; names in registers are used where they are.
  /// - Parameter isSeen: see `directRegister`.
  func operand(_ expression: Expression, isSeen: Bool = true) -> Int {
    if let variable = folded[expression.id], let register = directRegister(variable) { return register }
    switch expression.kind {
    case .name, .row:
      if case .variable(let variable)? = resolution.bindings[expression.id.index],
        let register = directRegister(variable, isSeen: isSeen)
      {
        return register
      }
    default: break
    }
    let register = state.take()
    self.expression(expression, into: register)
    return register
  }

  /// The left one of two operands: its value must be the one from before the right one is computed.
  private func operand(_ expression: Expression, before later: Expression, isSeen: Bool = true) -> Int {
    let mayCopy = TreeSearch.assigns(later)
    let register = operand(expression, isSeen: isSeen || mayCopy)
    guard case .name = expression.kind, case .variable(let variable)? = resolution.bindings[expression.id.index],
      variable.isAssignable, mayCopy
    else { return register }
    let copy = state.take()
    code.emit(.move, copy, register)
    return copy
  }

  /// A small whole number written in the program.
  func immediate(_ expression: Expression) -> Int? {
    switch expression.kind {
    case .number(let digits):
      if let number = Int(digits), number <= 32767 { return number }
    case .negate(let inner):
      if case .number(let digits) = inner.kind, let number = Int(digits), number <= 32767 { return -number }
    default: break
    }
    return nil
  }

  func number(_ digits: String) -> Decimal {
    (try? Decimal(parsing: digits)) ?? Decimal(0)
  }

  func expression(_ expression: Expression, into target: Int) {
    guard resolution.stop.goesOn() else { return }
    if let variable = folded[expression.id] {
      load(variable, into: target)
      return
    }
    let top = state.top
    mark(expression.span)
    switch expression.kind {
    case .number(let digits): code.loadNumber(number(digits), into: target)
    case .duration, .date, .datetime: code.load(literal(expression), into: target)
    case .string(let parts): string(parts, into: target)
    case .bool(let bool): code.emit(bool ? .loadTrue : .loadFalse, target)
    case .null, .missing: code.emit(.loadNull, target)
    case .field(let name):
      let row = rowOperand(expression)
      mark(expression.span)
      code.getField(name.text, of: row, into: target)
    case .row, .name: name(expression, into: target)
    case .member where resolution.binding(of: expression) != nil: name(expression, into: target)
    case .list(let elements): list(expression, elements, into: target)
    case .record(let record): self.record(record, into: target)
    case .pipeline(let pipeline): value(of: pipeline, into: target)
    case .member(let base, let name):
      let register = operand(base)
      mark(name.span)
      code.getField(name.text, of: register, into: target)
    case .index(let base, let index):
      let one = operand(base, before: index, isSeen: false)
      let other = operand(index)
      mark(expression.span)
      code.emit(.index, target, one, other)
    case .call(let callee, let arguments): call(expression, callee, arguments, into: target)
    case .negate(let inner): negate(inner, expression.span, into: target)
    case .not(let inner):
      let register = operand(inner)
      mark(expression.span)
      code.emit(.not, target, register)
    case .binary(let op, let left, let right, let span): binary(op, left, right, span, into: target)
    case .lambda(let lambda):
      function(
        parameters: resolution.declared[expression.id] ?? [], span: expression.span, into: target
      ) { self.expression(lambda.body, into: $0) }
    case .conditional(let conditional): self.conditional(conditional, into: target)
    case .match(let match): self.match(match, into: target)
    }
    state.top = top
  }

  /// A value that needs no code: it is made once and kept as a constant.
  private func literal(_ expression: Expression) -> Value {
    switch expression.kind {
    case .duration(let amount, let unit):
      guard let unit = LisCore.DurationUnit(rawValue: unit.rawValue),
        let duration = try? CalendarDuration(number(amount), unit)
      else { return .null }
      return machine.makeDuration(duration)
    case .date(let text): return (try? CivilDate(parsing: text)).map { machine.makeDate($0) } ?? .null
    case .datetime(let text): return (try? Instant(parsing: text)).map { machine.makeDatetime($0) } ?? .null
    default: return .null
    }
  }

  private func rowOperand(_ expression: Expression) -> Int {
    guard case .variable(let row)? = resolution.bindings[expression.id.index] else { return state.take() }
    if let register = directRegister(row) { return register }
    let register = state.take()
    load(row, into: register)
    return register
  }

  private func name(_ expression: Expression, into target: Int) {
    switch resolution.bindings[expression.id.index] {
    case .variable(let variable): load(variable, into: target)
    case .function(let symbol): functionValue(symbol, into: target)
    default: code.emit(.loadNull, target)
    }
  }

  func functionValue(_ symbol: FunctionSymbol, into target: Int) {
    if let holder = symbol.holder {
      load(holder, into: target)
    } else if let id = symbol.id {
      code.closure(of: id, captures: [], into: target)
    }
  }

  // MARK: Texts, lists, records

  private func string(_ parts: [StringPart], into target: Int) {
    if parts.isEmpty {
      code.loadText("", into: target)
      return
    }
    if parts.count == 1, case .text(let text) = parts[0] {
      code.loadText(text, into: target)
      return
    }
    // One instruction joins at most 255 parts; what comes before is one part of the next.
    var pending = parts[...]
    var isFirst = true
    while !pending.isEmpty {
      let window = state.top
      if !isFirst { code.emit(.move, state.take(), target) }
      let chunk = pending.prefix(200)
      pending = pending.dropFirst(200)
      for part in chunk {
        let register = state.take()
        switch part {
        case .text(let text): code.loadText(text, into: register)
        case .interpolation(let pipeline): datum(of: pipeline, into: register)
        }
      }
      code.emit(.join, x: state.top - window, target, window)
      state.top = window
      isFirst = false
    }
  }

  private func list(_ expression: Expression, _ elements: [Element], into target: Int) {
    let plain = elements.prefix { if case .value = $0 { true } else { false } }
    if let (rest, item) = expression.lengthening, !mayBeStream(item) { return append(item, to: rest, into: target) }
    let window = state.top
    var done = min(plain.count, 200)
    if case .spread(let expression)? = elements.first {
      // `[...xs, x]` goes on from `xs` itself: no list is ever changed, and this one need not be copied.
      self.expression(expression, into: state.take())
      materialize(window, onlyLists: true)
      done = 1
    } else {
      for case .value(let pipeline) in plain.prefix(200) { datum(of: pipeline, into: state.take()) }
      code.newList(from: window, count: done, into: window)
    }
    state.top = window + 1
    for element in elements.dropFirst(done) {
      let item = state.take()
      switch element {
      case .value(let pipeline):
        datum(of: pipeline, into: item)
        code.emit(.append, window, window, item)
      case .spread(let expression):
        self.expression(expression, into: item)
        materialize(item, onlyLists: true)
        mark(expression.span)
        code.emit(.add, window, window, item)
      }
      state.top = item
    }
    code.emit(.move, target, window)
    state.top = window
  }

  /// `[...xs, x]`, with which lists grow in loops: one instruction unless `xs` is no list yet.
  private func append(_ item: Expression, to rest: Expression, into target: Int) {
    let top = state.top
    let done = code.label()
    let isHome = self.isHome(target, of: rest, before: item)
    let list = isHome ? target : operand(rest, before: item)
    let last = operand(item)
    mark(rest.span)
    if isHome {
      code.jump(.lengthen, target, last, lenient: false, to: done)
    } else {
      code.emit(.append, x: 1, target, list, last)
      code.jump(.jump, to: done)
    }
    let made = state.take()
    code.emit(.move, made, list)
    materialize(made, onlyLists: true)
    mark(rest.span)
    code.emit(.append, target, made, last)
    code.place(done)
    state.top = top
  }

  func record(_ record: RecordLiteral, into target: Int) {
    mark(record.span)
    let top = state.top
    var isFirst = true
    var pending: [(Name, Pipeline?)] = []
    let result = state.take()
    var entries = record.entries[...]
    var base: Int?
    let setsID = entries.contains { if case .keyed(let key, _) = $0 { key.text == "id" } else { false } }
    if case .spread(let expression)? = entries.first, case .keyed? = entries.dropFirst().first, !setsID {
      // `{ ...row, price: 1 }`, the commonest way to change a record, is one instruction. What sets the id may say whose
      // record this is, and goes the long way.
      let register = operand(expression)
      // A name may change while the fields are computed.
      base = register < top && mayChange(expression) ? state.take() : register
      if let base, base != register { code.emit(.move, base, register) }
      entries = entries.dropFirst()
    }
    func flush() {
      guard !pending.isEmpty || isFirst else { return }
      let window = state.top
      for (key, value) in pending {
        let register = state.take()
        if let value { datum(of: value, into: register) } else { short(key, into: register) }
      }
      mark(record.span)
      if let spread = base {
        code.changeRecord(spread, fields: pending.map { $0.0.text }, from: window, into: result)
        base = nil
      } else {
        code.newRecord(pending.map { $0.0.text }, from: window, into: isFirst ? result : window)
        if let owner = pending.lazy.compactMap({ self.idOwner($0.0, $0.1) }).first {
          code.emit(.copyOrigin, isFirst ? result : window, operand(owner))
        }
        if !isFirst { code.emit(.merge, result, result, window) }
      }
      state.top = window
      pending = []
      isFirst = false
    }
    for entry in entries {
      switch entry {
      case .keyed(let key, let value):
        pending.append((key, value))
        if pending.count == 200 { flush() }
      case .spread(let expression):
        flush()
        let register = state.take()
        self.expression(expression, into: register)
        mark(expression.span)
        code.emit(.merge, result, result, register)
        state.top = register
      }
    }
    flush()
    code.emit(.move, target, result)
    state.top = top
  }

  private func mayChange(_ expression: Expression) -> Bool {
    guard case .variable(let variable)? = resolution.binding(of: expression) else { return false }
    return variable.isAssignable
  }

  /// `id: .id` and `id: item.id` say whose record this is about.
  private func idOwner(_ key: Name, _ value: Pipeline?) -> Expression? {
    guard key.text == "id", let expression = value?.expression else { return nil }
    return idOwner(expression)
  }

  /// What stands in front of `.id`; the expression itself for the field of a row.
  func idOwner(_ expression: Expression) -> Expression? {
    switch expression.kind {
    case .field(let name) where name.text == "id":
      Expression(id: expression.id, span: expression.span, kind: .row)
    case .member(let base, let name) where name.text == "id" && resolution.binding(of: expression) == nil:
      if case .name = base.kind { base } else if case .row = base.kind { base } else { nil }
    default: nil
    }
  }

  private func short(_ key: Name, into target: Int) {
    switch resolution.shortEntries[key.span.lower] {
    case .variable(let variable):
      load(variable, into: target)
      if mayBeStream(Expression(id: NodeID(-1), span: key.span, kind: .name(key.text))) { readStream(target, key.span) }
    case .function(let symbol): functionValue(symbol, into: target)
    default: code.emit(.loadNull, target)
    }
  }

  // MARK: Operators

  private func negate(_ inner: Expression, _ span: Span, into target: Int) {
    if case .number(let digits) = inner.kind {
      code.loadNumber(number(digits).negated, into: target)
      return
    }
    let register = operand(inner)
    mark(span)
    code.emit(.negate, target, register)
  }

  private func binary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ span: Span, into target: Int
  ) {
    switch op {
    case .and, .or:
      // The right side is not looked at when the left one decides.
      let result = state.take()
      expression(left, into: result)
      let decided = code.label()
      mark(span)
      code.jump(op == .and ? .jumpIfFalse : .jumpIfTrue, result, to: decided)
      let other = operand(right)
      mark(span)
      code.emit(op == .and ? .and : .or, result, result, other)
      code.place(decided)
      code.emit(.move, target, result)
    case .coalesce:
      let result = state.take()
      expression(left, into: result)
      let found = code.label()
      code.jump(.jumpUnlessNull, result, to: found)
      expression(right, into: result)
      code.place(found)
      code.emit(.move, target, result)
    case .add, .subtract, .multiply, .remainder, .divide: arithmetic(op, left, right, span, into: target)
    default:
      let one = operand(left, before: right)
      let other = operand(right)
      if op == .isIn || op == .isNotIn, !Lowering.isPlainList(right) {
        let list = state.take()
        code.emit(.move, list, other)
        materialize(list)
        mark(span)
        compare(op, one, list, into: target)
      } else {
        mark(span)
        compare(op, one, other, into: target)
      }
    }
  }

  /// Expressions that can be nothing but a list or a range.
  static func isPlainList(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .list, .binary(.range, _, _, _): true
    default: false
    }
  }

  private func compare(_ op: BinaryOperator, _ left: Int, _ right: Int, into target: Int) {
    switch op {
    case .equal: code.emit(.equal, target, left, right)
    case .notEqual: code.emit(.notEqual, target, left, right)
    case .less: code.emit(.less, target, left, right)
    case .lessOrEqual: code.emit(.lessOrEqual, target, left, right)
    case .greater: code.emit(.less, target, right, left)
    case .greaterOrEqual: code.emit(.lessOrEqual, target, right, left)
    case .range: code.emit(.range, target, left, right)
    default:
      let test: Test? =
        switch op {
        case .equalIgnoringCase: .equalIgnoringCase
        case .isIn: .isIn
        case .isNotIn: .isNotIn
        case .contains: .contains
        case .has: .has
        case .startswith: .startsWith
        case .endswith: .endsWith
        case .matches: .matches
        default: nil
        }
      if let test { code.emit(.test, x: Int(test.rawValue), target, left, right) }
    }
  }

  private func arithmetic(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ span: Span, into target: Int
  ) {
    // `[...xs, x]` written as `xs + [x]` appends without making the short list.
    if op == .add, case .list(let elements) = right.kind, elements.count == 1, case .value(let pipeline) = elements[0] {
      return append(pipeline, to: left, span, into: target)
    }
    let one = operand(left, before: right)
    if let whole = immediate(right) {
      mark(span)
      switch op {
      case .add: return code.emit(.addWhole, target, one, immediate: whole)
      case .subtract where whole != -32768: return code.emit(.addWhole, target, one, immediate: -whole)
      case .multiply: return code.emit(.multiplyWhole, target, one, immediate: whole)
      case .remainder where whole > 0: return code.emit(.remainderWhole, target, one, immediate: whole)
      default: break
      }
    } else if case .number(let digits) = right.kind, let constant = code.constantOperand(number(digits)) {
      mark(span)
      switch op {
      case .add: return code.emit(.addConstant, target, one, immediate: constant)
      case .subtract: return code.emit(.subtractConstant, target, one, immediate: constant)
      case .multiply: return code.emit(.multiplyConstant, target, one, immediate: constant)
      default: break
      }
    }
    let other = operand(right)
    mark(span)
    switch op {
    case .add: code.emit(.add, target, one, other)
    case .subtract: code.emit(.subtract, target, one, other)
    case .multiply: code.emit(.multiply, target, one, other)
    case .divide: code.emit(.divide, target, one, other)
    default: code.emit(.remainder, target, one, other)
    }
  }

  private func append(_ item: Pipeline, to left: Expression, _ span: Span, into target: Int) {
    let isHome = item.expression.map { self.isHome(target, of: left, before: $0) } ?? false
    let list = isHome ? target : item.expression.map { operand(left, before: $0) } ?? operand(left)
    let last = state.take()
    datum(of: item, into: last)
    let done = code.label()
    mark(span)
    if isHome { code.jump(.lengthen, target, last, lenient: false, to: done) }
    code.emit(.append, target, list, last)
    code.place(done)
  }

  // MARK: Choices

  private func conditional(_ conditional: Conditional, into target: Int) {
    let otherwise = code.label()
    let leave = code.label()
    condition(conditional.condition, lenient: false, otherwise: otherwise)
    lower(conditional.then, result: target)
    code.jump(.jump, 0, to: leave)
    code.place(otherwise)
    if let block = conditional.otherwise { lower(block, result: target) } else { code.emit(.loadNull, target) }
    code.place(leave)
  }

  /// `if` whose value nobody wants.
  func discarded(_ conditional: Conditional) {
    let otherwise = code.label()
    let leave = code.label()
    condition(conditional.condition, lenient: false, otherwise: otherwise)
    discarded(conditional.then)
    if let block = conditional.otherwise {
      if !endsInJump(conditional.then) { code.jump(.jump, 0, to: leave) }
      code.place(otherwise)
      discarded(block)
    } else {
      code.place(otherwise)
    }
    code.place(leave)
  }

  /// The last statement of a block is computed as a value, as it would be if it were wanted, unless it has none.
  private func discarded(_ block: Block) {
    guard case .pipeline(let pipeline)? = block.statements.last?.kind else { return lower(block, result: nil) }
    if case .conditional? = pipeline.expression?.kind { return lower(block, result: nil) }
    let top = state.top
    lower(block, result: state.take())
    state.top = top
  }

  private func endsInJump(_ block: Block) -> Bool {
    switch block.statements.last?.kind {
    case .return, .break, .continue: true
    default: false
    }
  }

  // MARK: Conditions

  /// Code that goes on when the condition is true and jumps otherwise.
  /// - Parameter lenient: null counts as false, as in `where`; else null is a fault.
  func condition(_ expression: Expression, lenient: Bool, otherwise: Assembler.Label) {
    let top = state.top
    defer { state.top = top }
    if let inner = Lowering.unwrapped(expression) { return condition(inner, lenient: lenient, otherwise: otherwise) }
    if folded[expression.id] == nil, case .binary(let op, let left, let right, let span) = expression.kind {
      if op == .and, lenient {
        condition(left, lenient: true, otherwise: otherwise)
        condition(right, lenient: true, otherwise: otherwise)
        return
      }
      if isAssociation(left, op) { return }
      if compareAndJump(op, left, right, span, lenient, otherwise) { return }
    }
    let register = operand(expression)
    mark(expression.span)
    code.jump(lenient ? .jumpUnlessTrue : .jumpUnless, register, to: otherwise)
  }

  static func unwrapped(_ expression: Expression) -> Expression? {
    if case .pipeline(let pipeline) = expression.kind { return pipeline.expression }
    return nil
  }

  /// `.deal == id`: the portal alone answers it, and its answer is exact.
  private func isAssociation(_ left: Expression, _ op: BinaryOperator) -> Bool {
    guard op == .equal || op == .isIn, let name = fieldName(left) else { return false }
    return ObjectNames.isAssociation(name)
  }

  private func compareAndJump(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ span: Span, _ lenient: Bool,
    _ otherwise: Assembler.Label
  ) -> Bool {
    let orders: [BinaryOperator: Operation] = [
      .less: .jumpUnlessLessWhole, .lessOrEqual: .jumpUnlessLessOrEqualWhole, .greater: .jumpUnlessGreaterWhole,
      .greaterOrEqual: .jumpUnlessGreaterOrEqualWhole, .equal: .jumpUnlessEqualWhole,
    ]
    if case .null = right.kind, op == .equal || op == .notEqual {
      // Never null itself.
      let one = operand(left, isSeen: false)
      code.jump(op == .equal ? .jumpUnlessNull : .jumpIfNull, one, to: otherwise)
      return true
    }
    if let whole = immediate(right), let operation = orders[op] {
      let one = operand(left)
      mark(span)
      code.jump(operation, one, whole: whole, lenient: lenient, to: otherwise)
      return true
    }
    switch op {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
      let one = operand(left, before: right)
      let other = operand(right)
      mark(span)
      switch op {
      case .less: code.jump(.jumpUnlessLess, one, other, lenient: lenient, to: otherwise)
      case .lessOrEqual: code.jump(.jumpUnlessLessOrEqual, one, other, lenient: lenient, to: otherwise)
      case .greater: code.jump(.jumpUnlessLess, other, one, lenient: lenient, to: otherwise)
      case .greaterOrEqual: code.jump(.jumpUnlessLessOrEqual, other, one, lenient: lenient, to: otherwise)
      case .equal: code.jump(.jumpUnlessEqual, one, other, lenient: lenient, to: otherwise)
      default: code.jump(.jumpIfEqual, one, other, lenient: lenient, to: otherwise)
      }
      return true
    default: return false
    }
  }
}
