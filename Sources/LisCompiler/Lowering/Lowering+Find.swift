import LisCore
import LisSchema
import LisSyntax

extension Lowering {
  /// A `find` becomes a source of rows: its condition as a tree for the engine, whose row-independent parts are computed
  /// here and now, once, and used again when each row is rechecked.
  ///
  /// - Parameter native: what is called with the description and the operands; reading, or explaining it.
  func find(_ find: Find, isShown: Bool, native: Int? = nil, into target: Int) {
    var operands: [Expression] = []
    if let row = resolution.rows[find.id] { findRows.insert(ObjectIdentifier(row)) }
    let conjuncts = find.condition.map { self.conjuncts($0) } ?? []
    let predicates = conjuncts.map { self.predicate($0, find, &operands) }
    let window = state.top
    let number = state.take()
    let conditionOperands = operands.count
    let order = firstByOrder(find)
    if let order { operands.append(order.count) }
    // Values computed once stay in registers of their own behind the arguments of the call.
    for operand in operands {
      let register = state.take()
      expression(operand, into: register)
      // What stands behind `in` may be a stream, which only code can read.
      if !Lowering.isPlainList(operand), !Lowering.isLiteral(operand), lists.contains(operand.id) {
        materialize(register)
      }
    }
    let object = ObjectNames.plural(find.object?.text ?? ObjectNames.lineItems)
    var description = FindDescription(
      object: object, all: find.all != nil,
      predicate: predicates.isEmpty ? nil : predicates.dropFirst().reduce(predicates[0]) { .and($0, $1) },
      operandCount: operands.count, fields: mentions.fields(of: find.id), isShown: isShown, place: place(find.span))
    description.conjuncts = zip(conjuncts, predicates).map { .init(text: self.source.text($0.span), predicate: $1) }
    description.stages = (stagesBehind[find.id] ?? []).map { self.source.text($0.span) }
    description.isBounded = isBounded(find)
    description.loops = repeatedFinds.rows[find.id] ?? []
    description.isReached = isReached
    description.top = order.map { .init(field: $0.field, descending: $0.descending, operand: conditionOperands) }
    descriptions.finds.append(description)
    code.loadNumber(Decimal(descriptions.finds.count - 1), into: number)
    let source = state.take()
    let kept = hold(Array(operands.prefix(conditionOperands)), from: window + 1)
    mark(find.span)
    callFind(native ?? self.native(.find), window, operands.count, into: source)
    code.emit(.move, target, source)
    for (operand, variable) in kept { folded[operand.id] = variable }
  }

  /// The conditions that `and` joins, in order.
  private func conjuncts(_ condition: Expression) -> [Expression] {
    switch condition.kind {
    case .pipeline(let pipeline): pipeline.expression.map { conjuncts($0) } ?? [condition]
    case .lambda(let lambda):
      {
        if let parameter = resolution.declared[condition.id]?.first { findRows.insert(ObjectIdentifier(parameter)) }
        return conjuncts(lambda.body)
      }()
    case .binary(.and, let left, let right, _): conjuncts(left) + conjuncts(right)
    default: [condition]
    }
  }

  /// The arguments are copied to a fresh window, since a callee may use everything above its own.
  private func callFind(_ native: Int, _ from: Int, _ operands: Int, into target: Int) {
    let window = state.top
    for index in 0...operands { code.emit(.move, state.take(), from + index) }
    code.callNative(native, window: window, count: operands + 1, into: target)
    state.top = window
  }

  private func hold(_ operands: [Expression], from register: Int) -> [(Expression, Variable)] {
    operands.enumerated().compactMap { index, operand in
      // A literal is as cheap as the name for it.
      if Lowering.isLiteral(operand) { return nil }
      let scope = FunctionScope(parent: nil, name: "", mayWrite: true, isNamed: false)
      let variable = Variable("operand", operand.span, .constant, owner: scope)
      state.place(variable, in: register + index)
      return (operand, variable)
    }
  }

  static func isLiteral(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .number, .bool, .null: true
    default: false
    }
  }

  // MARK: Predicates

  private func predicate(_ expression: Expression, _ find: Find, _ operands: inout [Expression]) -> Predicate {
    if let inner = Lowering.unwrapped(expression) { return predicate(inner, find, &operands) }
    if case .lambda(let lambda) = expression.kind {
      if let parameter = resolution.declared[expression.id]?.first { findRows.insert(ObjectIdentifier(parameter)) }
      return predicate(lambda.body, find, &operands)
    }
    if isRowFree(expression) {
      operands.append(expression)
      return .constant(operand: operands.count - 1)
    }
    if let inlined = resolution.inlined[expression.id] {
      return canRead(inlined) ? predicate(inlined, find, &operands) : .local
    }
    switch expression.kind {
    case .not(let inner): return .not(predicate(inner, find, &operands))
    case .field, .member: return fieldName(expression).map { .isTrue(field: $0) } ?? .local
    case .binary(.and, let left, let right, _):
      return .and(predicate(left, find, &operands), predicate(right, find, &operands))
    case .binary(.or, let left, let right, _):
      return .or(predicate(left, find, &operands), predicate(right, find, &operands))
    case .binary(let op, let left, let right, _): return comparison(op, left, right, &operands)
    default: return .local
    }
  }

  /// Whether all names that were inlined have their values here.
  private func canRead(_ inlined: Expression) -> Bool {
    let search = TreeSearch(expression: { node in
      guard case .variable(let variable)? = self.resolution.binding(at: node) else { return false }
      return !self.isFindRow(node) && !self.state.locates(variable)
    })
    return !search.finds(in: inlined)
  }

  /// Tests that no filter can make but that a missing value never passes.
  private static let textTests: Set<BinaryOperator> = [.contains, .has, .startswith, .endswith, .matches]

  private func comparison(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ operands: inout [Expression]
  ) -> Predicate {
    if let field = fieldName(left), holdsForTextsOnly(op, field), isRowFree(right) {
      return .and(isPresent(field, at: left.span, &operands), .local)
    }
    if let field = fieldName(left), let comparison = Predicate.Comparison(rawValue: op.rawValue), isRowFree(right) {
      if op == .isIn || op == .isNotIn { lists.insert(right.id) }
      operands.append(right)
      let condition = Predicate.compare(field: field, comparison, operand: operands.count - 1)
      return op == .has ? .and(isPresent(field, at: left.span, &operands), condition) : condition
    }
    if let field = fieldName(left), Lowering.textTests.contains(op), isRowFree(right) {
      operands.append(right)
      return .compare(field: field, .textTest, operand: operands.count - 1)
    }
    // `100 < .price` says the same the other way round.
    let mirrored: [BinaryOperator: Predicate.Comparison] = [
      .less: .greater, .lessOrEqual: .greaterOrEqual, .greater: .less, .greaterOrEqual: .lessOrEqual,
      .equal: .equal, .notEqual: .notEqual, .equalIgnoringCase: .equalIgnoringCase,
    ]
    if let field = fieldName(right), let comparison = mirrored[op], isRowFree(left) {
      operands.append(left)
      return .compare(field: field, comparison, operand: operands.count - 1)
    }
    return .local
  }

  /// Conditions that HubSpot cannot be asked, but which are true only where there is a text: that much it can be asked.
  private func holdsForTextsOnly(_ op: BinaryOperator, _ field: String) -> Bool {
    switch op {
    case .contains, .startswith, .endswith, .matches:
      RecordField(rawValue: field) == nil && !ObjectNames.isAssociation(field)
    default: false
    }
  }

  private func isPresent(_ field: String, at span: Span, _ operands: inout [Expression]) -> Predicate {
    operands.append(Expression(id: NodeID(-1), span: span, kind: .null))
    return .compare(field: field, .notEqual, operand: operands.count - 1)
  }

  /// The name of a field of the row that the `find` is about.
  func fieldName(_ expression: Expression) -> String? {
    switch expression.kind {
    case .field(let name): isFindRow(expression) ? name.text : nil
    case .member(let base, let name): isFindRow(base) ? name.text : nil
    case .pipeline(let pipeline): pipeline.expression.flatMap { fieldName($0) }
    case .call(let callee, let arguments): propertyOfFindRow(expression, callee, arguments)
    default: nil
    }
  }

  /// `prop("deal")`, or `prop(row, "deal")`.
  private func propertyOfFindRow(_ call: Expression, _ callee: Expression, _ arguments: [Argument]) -> String? {
    guard case .builtin(let builtin)? = resolution.bindings[callee.id.index], case .property = builtin.implementation
    else { return nil }
    let isOfRow =
      arguments.count == 1 ? isFindRow(call) : arguments.first?.value.expression.map { isFindRow($0) } ?? false
    return isOfRow ? Lowering.propertyField(arguments) : nil
  }

  /// `.`, a field of it, or the parameter of a lambda on the rows of a `find`.
  private func isFindRow(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .field, .row, .name, .call:
      guard case .variable(let variable)? = resolution.binding(at: expression) else { return false }
      return findRows.contains(ObjectIdentifier(variable))
    default: return false
    }
  }

  /// Whether an expression can be computed before there is a row: nothing in it is the row of the `find` or belongs to
  /// it. Rows of pipelines and arguments inside the expression are its own business.
  func isRowFree(_ expression: Expression) -> Bool {
    let search = TreeSearch(expression: { node in
      if case .missing = node.kind { return true }
      return self.isFindRow(node)
    })
    return !search.finds(in: expression)
  }
}
