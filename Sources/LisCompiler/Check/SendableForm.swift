import LisSyntax

/// Whether a condition of a `find` has the form of something that HubSpot can be asked, whatever the values and the
/// portal are. What has it may still turn out to be local when the program runs.
struct SendableForm {
  let resolution: Resolution
  /// `.` of the `find`, and the parameter of a lambda that stands for it.
  private var rows: [Variable]

  init(_ find: Find, _ resolution: Resolution) {
    self.resolution = resolution
    rows = resolution.rows[find.id].map { [$0] } ?? []
    if let condition = find.condition, case .lambda = condition.kind {
      rows += resolution.declared[condition.id]?.first.map { [$0] } ?? []
    }
  }

  func fits(_ condition: Expression, negated: Bool = false) -> Bool {
    if !isOfRow(condition) { return true }
    if let inlined = resolution.inlined[condition.id] { return fits(inlined, negated: negated) }
    switch condition.kind {
    case .pipeline(let pipeline): return pipeline.expression.map { fits($0, negated: negated) } ?? false
    case .lambda(let lambda): return fits(lambda.body, negated: negated)
    case .not(let inner): return fits(inner, negated: !negated)
    case .binary(.and, let left, let right, _), .binary(.or, let left, let right, _):
      var isAnd = false
      if case .binary(.and, _, _, _) = condition.kind { isAnd = true }
      let one = fits(left, negated: negated)
      let other = fits(right, negated: negated)
      return isAnd != negated ? one || other : one && other
    case .binary(_, let left, let right, _):
      return isField(left) && !isOfRow(right) || isField(right) && !isOfRow(left)
    default: return isField(condition)
    }
  }

  /// What keeps a function in the condition from being looked into.
  func obstacle(in condition: Expression) -> (symbol: FunctionSymbol, obstacle: InlineObstacle)? {
    var found: (symbol: FunctionSymbol, obstacle: InlineObstacle)?
    let search = TreeSearch(expression: { node in
      guard case .call(let callee, _) = node.kind, case .function(let symbol)? = resolution.binding(of: callee),
        isOfRow(node)
      else { return false }
      found = symbol.anyObstacle()
      return found != nil
    })
    _ = search.finds(in: condition)
    return found
  }

  /// `.price`, `row.price`, `prop("price")`.
  private func isField(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .pipeline(let pipeline): pipeline.expression.map { isField($0) } ?? false
    case .field: isRow(expression)
    case .member(let base, _): isRow(base)
    case .call(let callee, let arguments):
      if case .builtin(let builtin)? = resolution.bindings[callee.id.index], case .property = builtin.implementation {
        isRow(expression) || arguments.first?.value.expression.map { isRow($0) } ?? false
      } else {
        false
      }
    default: false
    }
  }

  private func isOfRow(_ expression: Expression) -> Bool {
    TreeSearch(expression: { node in
      // What could not be inlined may depend on the row.
      if case .missing = node.kind { true } else { isRow(node) }
    }).finds(in: expression)
  }

  private func isRow(_ node: Expression) -> Bool {
    guard case .variable(let variable)? = resolution.binding(at: node) else { return false }
    return rows.contains { $0 === variable }
  }
}
