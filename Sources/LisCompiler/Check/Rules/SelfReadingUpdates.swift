import LisSyntax

/// Finds updates that read the property they write: `update { price: .price * 1.05 }` raises again when it is run again,
/// and a run that broke off half-way cannot simply be repeated. What gives the same on its own result, such as
/// `round(.price, 2)`, is left alone.
struct SelfReadingUpdates {
  let resolution: Resolution
  private(set) var found: [(notice: CheckNotice, span: Span)] = []

  init(_ resolution: Resolution) { self.resolution = resolution }

  mutating func visit(_ node: SyntaxNode) {
    guard resolution.stop.goesOn() else { return }
    if case .pipeline(let pipeline) = node { look(at: pipeline) }
    for child in node.children { visit(child) }
  }

  private mutating func look(at pipeline: Pipeline) {
    var isRecords: Bool
    var name: Variable?
    switch pipeline.source {
    case .find: isRecords = true
    case .create, .upsert: isRecords = false
    case .expression(let expression):
      isRecords = false
      if case .name = expression.kind, case .variable(let variable)? = resolution.binding(at: expression) {
        isRecords = SelfReadingUpdates.isRecord(variable.type)
        name = variable
      } else if case .row = expression.kind, case .variable(let row)? = resolution.binding(at: expression) {
        isRecords = SelfReadingUpdates.isRecord(row.type)
        name = row
      }
    }
    for stage in pipeline.stages where isRecords {
      switch stage.kind {
      case .where, .take, .skip, .distinct, .sort: continue
      case .update(let update):
        for case .keyed(let key, let value?) in update.record.entries {
          if let span = reading(key.text, in: value, of: [resolution.rows[stage.id], name].compactMap { $0 }) {
            found.append((.updateReadsWhatItWrites(key.text, key: key.span), span))
          }
        }
      default: break
      }
      isRecords = false
    }
  }

  private static func isRecord(_ type: StaticType) -> Bool {
    switch type {
    case .row: true
    case .list(let element), .stream(let element): isRecord(element)
    default: false
    }
  }

  /// The place in a value where a property of the row is read.
  private func reading(_ property: String, in value: Pipeline, of rows: [Variable]) -> Span? {
    if let expression = value.expression, isStable(expression, property, rows) { return nil }
    return first(in: .pipeline(value)) { reads($0, property, rows) }
  }

  private func reads(_ node: Expression, _ property: String, _ rows: [Variable]) -> Bool {
    switch node.kind {
    case .field(let name):
      guard name.text == property, case .variable(let row)? = resolution.bindings[node.id.index] else { return false }
      return rows.contains { $0 === row }
    case .member(let base, let name):
      guard name.text == property, case .variable(let row)? = resolution.binding(at: base) else { return false }
      return rows.contains { $0 === row }
    default: return false
    }
  }

  /// Whether a value, written and read again, stays as it is.
  private func isStable(_ expression: Expression, _ property: String, _ rows: [Variable]) -> Bool {
    let expression = expression.bare
    if reads(expression, property, rows) { return true }
    switch expression.kind {
    case .binary(.coalesce, let left, let right, _):
      return isStable(left, property, rows) && first(in: .expression(right)) { reads($0, property, rows) } == nil
    case .call(let callee, let arguments):
      guard case .name = callee.kind, case .builtin(let builtin)? = resolution.binding(at: callee),
        ["trim", "lower", "upper", "round", "floor", "ceil", "abs", "date", "number"].contains(builtin.name),
        let argument = arguments.first?.value.expression
      else { return false }
      return isStable(argument, property, rows)
        && arguments.dropFirst().allSatisfy { first(in: .pipeline($0.value)) { reads($0, property, rows) } == nil }
    default: return false
    }
  }

  private func first(in node: SyntaxNode, where matches: (Expression) -> Bool) -> Span? {
    if case .expression(let expression) = node, matches(expression) { return expression.span }
    for child in node.children { if let span = first(in: child, where: matches) { return span } }
    return nil
  }
}
