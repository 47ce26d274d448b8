import LisSyntax

/// The record of a `group by`, in which `.` is the group.
struct GroupScope {
  var stage: NodeID
  var row: Variable
  /// Names of the group's columns.
  var columns: Set<String>
}

/// `group by .a, .b { items: count(), total: sum(.amount) }`
extension Resolver {
  mutating func resolveGroups(_ stage: Stage, _ columns: [Column], _ record: RecordLiteral) {
    inRow(stage.id, stage.span) { resolver in for column in columns { resolver.resolve(column.value) } }
    let row = Variable(".", record.span, .row, owner: function)
    resolution.groupRows[stage.id] = row
    refuseRepeated(columns)
    refuseLikeColumn(record, columns)
    groups.append(GroupScope(stage: stage.id, row: row, columns: Set(ColumnName.all(columns, in: source))))
    rows.append(row)
    rowDepth += 1
    let loops = loopDepth
    loopDepth = 0
    resolve(record)
    loopDepth = loops
    rowDepth -= 1
    rows.removeLast()
    groups.removeLast()
  }

  /// One of two columns of a name would hide the other.
  mutating func refuseRepeated(_ columns: [Column]) {
    var seen: [String: Span] = [:]
    for column in columns {
      let name = ColumnName.of(column, in: source)
      let span = column.name?.span ?? column.value.span
      if let first = seen[name] { report(.columnTwice(name, first: first), span) } else { seen[name] = span }
    }
  }

  /// An entry of the record would take the place of a column.
  private mutating func refuseLikeColumn(_ record: RecordLiteral, _ columns: [Column]) {
    for case .keyed(let key, _) in record.entries {
      guard let column = columns.first(where: { ColumnName.of($0, in: source) == key.text }) else { continue }
      report(.entryLikeColumn(key.text, first: column.name?.span ?? column.value.span), key.span)
    }
  }

  /// Rows of one group differ in all but its columns.
  mutating func refuseUngrouped(_ name: Name, of row: Variable, _ span: Span) {
    guard let group = groups.last(where: { $0.row === row }), !group.columns.contains(name.text) else { return }
    report(.notGrouped(name.text), span)
  }

  /// The stage whose group's rows a call gets as its first argument; nil for a call that is no aggregate, or that is
  /// given its rows: `sum(filter(.price > 5), .amount)` sums what `filter` gives. A function of the program is an
  /// aggregate if it takes rows by its declaration, or if a call without them would lack an argument.
  func groupOfAggregate(_ binding: Binding, _ arguments: [Argument]) -> NodeID? {
    guard let group = groups.last, currentRow === group.row, let first = firstParameter(binding) else { return nil }
    if case .function(let symbol) = binding, !first.takesRows {
      return lacksRows(symbol, arguments) ? group.stage : nil
    }
    guard first.takesRows else { return nil }
    if arguments.contains(where: { $0.label?.text == first.name }) { return nil }
    let positional = arguments.count { $0.label == nil }
    if !first.takesMore && positional >= first.count { return nil }
    if let given = arguments.first, given.label == nil, givesRows(given.value) { return nil }
    return group.stage
  }

  private func lacksRows(_ symbol: FunctionSymbol, _ arguments: [Argument]) -> Bool {
    guard let first = symbol.parameters.first, !first.hasDefault, first.type == .unknown else { return false }
    let named = Set(arguments.compactMap { $0.label?.text })
    if named.contains(first.name) { return false }
    let isGiven = symbol.parameters.count { !$0.hasDefault && named.contains($0.name) }
    return arguments.count { $0.label == nil } + isGiven < symbol.requiredCount
  }

  private func firstParameter(_ binding: Binding) -> (name: String, takesRows: Bool, count: Int, takesMore: Bool)? {
    switch binding {
    case .builtin(let builtin):
      guard let first = builtin.parameters.first else { return nil }
      return (
        first.name, first.kind == .rows || first.kind == .list, builtin.parameters.count,
        builtin.parameters.last?.isRest ?? false
      )
    case .function(let symbol):
      guard let first = symbol.parameters.first, !first.isRow else { return nil }
      return (
        first.name, first.type.isRows || symbol.parameters.contains { $0.isRow }, symbol.parameters.count, false
      )
    default: return nil
    }
  }

  /// Expressions that are rows themselves, as far as their form tells.
  private func givesRows(_ pipeline: Pipeline) -> Bool {
    guard let expression = pipeline.expression else { return true }
    switch expression.kind {
    case .list: return true
    case .pipeline(let inner): return givesRows(inner)
    case .call(let callee, _):
      guard case .name(let name) = callee.kind, case .builtin(let builtin)? = lookUp(name) else { return false }
      return builtin.result.isRows
    default: return false
    }
  }
}

extension Resolver {
  /// `prop("deal")` is of the current row.
  mutating func bindRow(_ id: NodeID, _ span: Span) {
    guard let row = currentRow else { return report(.rowWithoutRow, span) }
    use(row)
    resolution.bindings[id.index] = .variable(row)
  }
}
