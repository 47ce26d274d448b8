import LisCore
import LisSchema

/// What is looked at once more just before a batch is sent: a record that moved since the plan is left out and listed.
extension Sender {
  /// Properties whose movement since the plan matters: those that are written and those the plan rests on. An archived
  /// record cannot be brought back by the API, so that the journal keeps all it takes to make it anew.
  func watched(_ batch: [RecordChange]) -> [String] {
    var names: Set<String> = []
    if let first = batch.first, first.sending == .archive {
      let schema = engine.schema.objects[first.object]?.properties ?? [:]
      names.formUnion(schema.values.filter { !$0.isCalculated && !$0.isReadOnly }.map(\.name))
    }
    for record in batch {
      names.formUnion(record.snapshot.keys)
      for property in record.properties { names.insert(property.name) }
    }
    return names.sorted()
  }

  /// Whether a record still is as the plan found it. One that is gone was archived by somebody else: for `archive` there
  /// is nothing left to do, for `update` it is a failure.
  func isStillRight(_ record: RecordChange, _ current: [String: CurrentState], _ report: inout Report) -> Bool {
    guard let id = record.id else { return true }
    switch current[id] {
    case .present(let now):
      guard let moved = moved(record, id, now) else { return true }
      report.skip(record, moved)
    case .absent where record.verb == .archive:
      report.leave(record)
      engine.overlay.archive(record.object, id)
    case .absent:
      report.fail(record, "the record does not exist or is archived", category: "OBJECT_NOT_FOUND")
    case .unreadable(let reason):
      report.fail(record, "the record could not be read just before sending: \(reason)", category: "not sent")
    case nil: report.fail(record, "the record could not be read just before sending", category: "not sent")
    }
    return false
  }

  /// Why a record that was to be new cannot be made.
  enum KeyObstacle {
    case taken(id: String, as: String)
    case unreadable(String)
  }

  /// What stands in the way of keys that were to be new: records that somebody has made since the plan.
  func obstacles(_ batch: [RecordChange]) throws -> [UpsertKey: KeyObstacle] {
    let keys = batch.compactMap { $0.id == nil ? $0.key : nil }
    guard let first = keys.first, let object = batch.first?.object else { return [:] }
    var obstacles: [UpsertKey: KeyObstacle] = [:]
    let rows = KeyedRows(engine: engine)
    for key in Set(keys) where !key.isUnique {
      let holder =
        try reread(key.property, object)[key] ?? rows.ownHolder(of: key.text, property: key.property, object: object)
      obstacles[key] = holder.map { .taken(id: $0, as: key.text) }
    }
    let unique = keys.filter { $0.isUnique && $0.property == first.property }
    let found = try engine.read(object, keys: unique.map(\.text), of: first.property, properties: [])
    for key in unique {
      switch found[key.text] {
      case .present(let id, _): obstacles[key] = .taken(id: id, as: key.text)
      case .spelled(let id, let other): obstacles[key] = .taken(id: id, as: other)
      case .absent: break
      case .unreadable(let reason): obstacles[key] = .unreadable(reason)
      case nil: obstacles[key] = .unreadable(KeyedState.unmentioned)
      }
    }
    return obstacles
  }

  /// How old what was read may be when the first record is made by a key that HubSpot does not keep unique.
  private static let freshMilliseconds = 10_000

  /// A key that is not unique is nobody's guard: when time has passed since it was found to be free, everything is read
  /// once more before the first record of the statement is made with it. What others make after that only the next run
  /// sees.
  private func reread(_ property: String, _ object: String) throws -> [UpsertKey: String] {
    let name = "\(object) \(property)"
    if let known = holders[name] { return known }
    // A clock that was set back says nothing of how much time has passed.
    let isFresh = (0...Sender.freshMilliseconds).contains(engine.clock.now - changes.readAt)
    var found: [UpsertKey: String] = [:]
    if isHeld || !isFresh {
      let keys = changes.records.compactMap { $0.id == nil && $0.object == object ? $0.key : nil }
      found = try KeyedRows(engine: engine).holders(
        of: Set(keys.filter { $0.property == property }), property: property, object: object)
    }
    holders[name] = found
    return found
  }

  func isStillNew(
    _ record: RecordChange, _ obstacles: [UpsertKey: KeyObstacle], _ report: inout Report
  ) -> Bool {
    guard record.id == nil, let key = record.key, let obstacle = obstacles[key] else { return true }
    switch obstacle {
    case .taken(let id, let text):
      report.skip(record, "changed since plan: record \(id) has the \(key.property) \"\(text)\" now")
    case .unreadable(let reason):
      report.fail(
        record, "who has its \(key.property) could not be read just before sending: \(reason)", category: "not sent")
    }
    return false
  }

  func isStillUnlinked(_ record: RecordChange, _ links: Links.Found, _ report: inout Report) -> Bool {
    guard record.sending == .associate else { return true }
    switch links.state(of: record) {
    case .unlinked: return true
    case .linked: report.leave(record)
    case .unreadable(let reason):
      report.fail(record, "its associations could not be read just before sending: \(reason)", category: "not sent")
    }
    return false
  }

  private func moved(_ record: RecordChange, _ id: String, _ now: CurrentRecord) -> String? {
    let own = engine.overlay.change(record.object, id)
    let schema = engine.schema.objects[record.object]
    for (name, planned) in record.snapshot.sorted(by: { $0.key < $1.key }) {
      guard let found = now.snapshot[name], found.key != planned.key else { continue }
      // A record may be changed and linked in one statement.
      if written["\(record.object) \(id)"]?[name] == found.key { continue }
      // What HubSpot derives moves with this run's own earlier writes.
      let isDerived = schema?.properties[name].map { $0.isCalculated || $0.isReadOnly } ?? false
      if own != nil, isDerived { continue }
      return "changed since plan: \(name) was \(planned.shown) and is now \(found.shown)"
    }
    return nil
  }
}
