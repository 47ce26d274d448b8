import HubSpot
import LisCore
import LisSchema

/// `sort .field | take n` behind a `find`, when a search can give the first rows of that order in one page.
struct TopRows {
  let property: PropertySchema
  let field: String
  let descending: Bool
  let count: Int

  /// nil where the order or the selection of the server might not be the language's own.
  init?(_ description: FindDescription, _ operands: [Value], _ plan: ReadPlan, _ schema: ObjectSchema) {
    guard let top = description.top, plan.isExact, case .search(let groups) = plan.way,
      let name = FieldName.property(of: top.field), let property = schema.properties[name], !property.isIdentifier,
      let count = operands[top.operand].int, count > 0, count < SearchLimits.hubSpot.pageSize
    else { return nil }
    switch property.type {
    // How texts and options are ordered is not documented.
    case .number, .date, .datetime: break
    default: return nil
    }
    // Rows without a value come last here; where the server puts them is not documented, so it is asked for the others.
    guard PushDown.fitsOne(groups.map { $0 + [Filter(name, .hasValue)] }) else { return nil }
    self.property = property
    field = top.field
    descending = top.descending
    self.count = count
  }
}

/// The first rows of an order by one sorted search. How the server orders rows of equal values is not documented, so all
/// rows up to the first one beyond have to be in the page; whatever leaves a doubt makes the plain way be gone instead.
final class TopWalk: RowCursor {
  private let engine: Engine
  private let rows: RowBuilder
  private let groups: [[Filter]]
  private let top: TopRows
  private let plain: () throws -> any RowCursor
  private var rest: (any RowCursor)?
  private var isDone = false

  init(
    engine: Engine, rows: RowBuilder, groups: [[Filter]], top: TopRows, plain: @escaping () throws -> any RowCursor
  ) {
    self.engine = engine
    self.rows = rows
    self.groups = groups
    self.top = top
    self.plain = plain
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    if isDone { return nil }
    if let rest { return try rest.nextPage(machine) }
    if let first = try firstRows(machine) {
      isDone = true
      return machine.makeList(first)
    }
    let cursor = try plain()
    rest = cursor
    return try cursor.nextPage(machine)
  }

  /// By ascending id, as every other reading; nil where it is not certain that these are the first.
  private func firstRows(_ machine: Machine) throws -> [Value]? {
    let present = Filter(top.property.name, .hasValue)
    let groups = self.groups.map { FilterGroup($0.contains(present) ? $0 : $0 + [present]) }
    let request = SearchRequest(
      type: try engine.objectType(rows.schema.object), filterGroups: groups,
      sort: SearchSort(top.property.name, top.descending ? .descending : .ascending), properties: rows.properties)
    guard request.problem() == nil else { return nil }
    let client = engine.client
    let body = try engine.waiter.wait { () throws(HubSpotError) in
      try await client.search(request, into: ObjectBody())
    }
    let answer = try rows.decode(body)
    let page = try rows.rows(rows.results(of: answer))
    let total = machine.field(answer, "total")?.int
    engine.observer.reading(rows.schema.object, rows: page.count, total: total)
    guard page.count >= top.count, isCertain(page.map(\.row), isAll: total == page.count, machine) else { return nil }
    return page.sorted { RecordOrder.isLess($0.id, $1.id) }.map(\.row)
  }

  private func isCertain(_ rows: [Value], isAll: Bool, _ machine: Machine) -> Bool {
    let keys = rows.map { machine.field($0, top.field) ?? .null }
    for key in keys where PushDown.isBeyondBinary(key) || key.type == .null || key.type == .invalid { return false }
    func order(_ one: Value, _ other: Value) -> Int? {
      (try? machine.sortOrder(one, other)).map { top.descending ? -$0 : $0 }
    }
    guard zip(keys, keys.dropFirst()).allSatisfy({ order($0, $1).map { $0 <= 0 } ?? false }) else { return false }
    if isAll { return true }
    guard let last = keys.last else { return false }
    return order(keys[top.count - 1], last).map { $0 < 0 } ?? false
  }
}
