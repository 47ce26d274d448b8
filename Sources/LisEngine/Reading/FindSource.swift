import HubSpot
import LisCore
import LisSchema

/// The rows of a `find`; each reading asks the portal again.
final class FindSource: RowSource {
  private let engine: Engine
  private let plan: ReadPlan
  private let schema: ObjectSchema
  private let fields: [String]
  private let budget: ReadBudget?
  private let top: TopRows?
  /// What it would ask.
  let explain: () throws -> Explanation

  init(
    engine: Engine, plan: ReadPlan, schema: ObjectSchema, fields: [String], budget: ReadBudget?, top: TopRows?,
    explain: @escaping () throws -> Explanation
  ) {
    self.engine = engine
    self.plan = plan
    self.schema = schema
    self.fields = fields
    self.budget = budget
    self.top = top
    self.explain = explain
  }

  var title: String { "find \(plan.object)" }

  func open(_ machine: Machine) throws -> any RowCursor {
    let rows = RowBuilder(engine: engine, schema: schema, fields: fields)
    switch plan.way {
    case .nothing: return EmptyCursor()
    case .list: return ListWalk(engine: engine, rows: rows)
    case .ids(let ids): return IDWalk(engine: engine, rows: rows, ids: ids)
    case .linked(let links):
      return LinkedWalk(engine: engine, rows: rows, links: links, budget: budget?.begun())
    case .search(let groups):
      if let top, engine.overlay.changes(plan.object).isEmpty {
        return TopWalk(engine: engine, rows: rows, groups: groups, top: top) {
          try self.walk(groups, RowBuilder(engine: self.engine, schema: self.schema, fields: self.fields), machine)
        }
      }
      return try walk(groups, rows, machine)
    }
  }

  private func walk(_ groups: [[Filter]], _ rows: RowBuilder, _ machine: Machine) throws -> any RowCursor {
    let budget = self.budget?.begun()
    // HubSpot has nothing that is linked to what only would be made.
    let asked = groups.filter { group in
      !group.contains { if case .equal(let id) = $0.condition { engine.overlay.isPlanned(id) } else { false } }
    }
    let search = SearchParts(type: try engine.objectType(plan.object), properties: rows.properties)
    let parts = asked.isEmpty ? [] : search.split(asked)
    var walks: [any RowWalk] = parts.map { SearchWalk(engine: engine, rows: rows, groups: $0, budget: budget) }
    let own = try OwnChanges(schema: schema, machine: machine, properties: rows.properties)
      .matching(groups, engine.overlay.changes(plan.object)) { ids, target in
        try Links(engine: engine).targets(of: plan.object, ids, to: target)
      }
    // Of a record that both find, the row read by id is the newer one.
    if !own.isEmpty { walks.insert(IDWalk(engine: engine, rows: rows, ids: own), at: 0) }
    return walks.count == 1 ? walks[0] : MergedWalk(walks, budget: budget)
  }
}

private final class EmptyCursor: RowCursor {
  func nextPage(_ machine: Machine) throws -> Value? { nil }
}

/// Turns pages of the API into typed rows.
final class RowBuilder {
  let engine: Engine
  let schema: ObjectSchema
  let fields: [String]
  /// Names sent with the request: the properties among the fields.
  let properties: [String]
  /// For each field the name under which the answer has it.
  private let names: [String]
  private let form: Machine.Form
  private let origin: Int
  private let reader: PropertyReader
  private(set) var count = 0

  init(engine: Engine, schema: ObjectSchema, fields: [String]) {
    self.engine = engine
    self.schema = schema
    self.fields = fields
    properties = fields.compactMap { FieldName.property(of: $0) }
    names = fields.map { FieldName.property(of: $0) ?? $0 }
    form = engine.machine.form(fields)
    origin = engine.origin(for: schema.object)
    reader = PropertyReader(machine: engine.machine)
  }

  /// A body of the API as a value.
  func decode(_ body: [UInt8]) throws -> Value {
    do { return try JSONReader(machine: engine.machine).read(body) } catch {
      throw EngineError.unreadableAnswer("\(error.reason) at byte \(error.offset)")
    }
  }

  /// The list of results of an answer. One without it is not the answer to what was asked, and is not taken as empty.
  func results(of answer: Value) throws -> [Value] {
    guard let results = engine.machine.field(answer, "results")?.items else {
      throw EngineError.unreadableAnswer("there is no list of results")
    }
    return results
  }

  /// The cursor of the next page. It is documented as text, and a number is the same cursor.
  func cursor(of answer: Value) -> String? {
    let machine = engine.machine
    let next = machine.field(answer, "paging").flatMap { machine.field($0, "next") }
      .flatMap { machine.field($0, "after") }
    return next?.string ?? next?.int.map { String($0) }
  }

  /// Documented as text; a number is the same id.
  func id(of result: Value) throws -> String {
    let id = engine.machine.field(result, "id")
    guard let text = id?.string ?? id?.int.map({ String($0) }), !text.isEmpty else {
      throw EngineError.unreadableAnswer("a result has no id")
    }
    return text
  }

  /// Rows of `results`, with this run's own changes laid over them.
  func rows(_ results: [Value]) throws -> [(id: String, row: Value)] {
    let machine = engine.machine
    var rows: [(id: String, row: Value)] = []
    rows.reserveCapacity(results.count)
    for result in results {
      let id = try self.id(of: result)
      let properties = machine.field(result, "properties") ?? .null
      let change = engine.overlay.change(schema.object, id)
      if change?.isArchived == true { continue }
      let values = zip(fields, names).map { field, name -> Value in
        if let value = recordField(field, id, result) { return value }
        if let text = change?.properties[name] {
          return reader.value(machine.makeText(text), schema.properties[name])
        }
        return reader.value(machine.field(properties, name) ?? .null, schema.properties[name])
      }
      rows.append((id, machine.makeRecord(form, values, source: origin)))
    }
    count += rows.count
    return rows
  }

  /// Rows of records that only would be made, in the order given; what HubSpot would set by itself is missing.
  func planned(_ ids: [String]) -> [(id: String, row: Value)] {
    let machine = engine.machine
    let found = ids.compactMap { id in
      engine.overlay.plannedRecord(schema.object, id).flatMap { $0.isArchived ? nil : (id, $0) }
    }
    count += found.count
    return found.map { id, change in
      let values = zip(fields, names).map { field, name -> Value in
        switch RecordField(rawValue: field) {
        case .id: machine.makeText(id)
        case .archived: Value(false)
        case .createdAt, .updatedAt: .null
        case nil:
          reader.value(
            machine.makeText(name == "hs_object_id" ? id : change.properties[name] ?? ""), schema.properties[name])
        }
      }
      return (id, machine.makeRecord(form, values, source: origin))
    }
  }

  private func recordField(_ field: String, _ id: String, _ result: Value) -> Value? {
    switch RecordField(rawValue: field) {
    case .id: return engine.machine.makeText(id)
    case .archived: return engine.machine.field(result, "archived") ?? Value(false)
    case .createdAt: return moment(engine.machine.field(result, "createdAt"))
    case .updatedAt: return moment(engine.machine.field(result, "updatedAt"))
    case nil: return nil
    }
  }

  private func moment(_ value: Value?) -> Value { value?.string.map { reader.datetime($0) } ?? .null }
}

/// Ids are decimal numbers of up to 19 digits, as text.
enum RecordID {
  /// Whether a text is an id as HubSpot writes it; no record can have any other.
  static func isValid(_ text: String) -> Bool {
    (1...19).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } && !text.hasPrefix("0")
  }
}
