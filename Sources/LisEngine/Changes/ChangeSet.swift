import HubSpot
import LisCore
import LisSchema

/// One property of one record, before and after.
public struct PropertyChange: Sendable, Hashable {
  public var name: String
  /// Key of the value the plan rests on; nil when the record does not exist yet.
  var before: String?
  /// How that value reads; nil when the record does not exist yet.
  public var beforeShown: String?
  /// The text that is sent.
  public var after: String
  var afterKey: String
  public var afterShown: String
}

/// What is to happen to one record.
public struct RecordChange: Sendable {
  /// Number of the first input row, from 1.
  public var row: Int
  public var verb: WriteVerb
  public var object: String
  /// nil for a record that is to be created.
  public var id: String?
  public var properties: [PropertyChange]
  public var target: AssociationTarget?
  /// By what an `upsert` found the record, or did not.
  public var key: UpsertKey?
  /// The links to the target, with their types.
  var associations: [ObjectAssociation] = []
  /// Values the plan rests on; re-read just before sending.
  var snapshot: [String: Snapshot]
  public var place: RowPlace
  /// Later rows that name the same record; whatever becomes of the record becomes of them.
  public var others: [MergedRow] = []
  /// Whether the verb says `on error continue`.
  var continuesOnError: Bool

  /// The request that carries it.
  var sending: Sending {
    switch verb {
    // The upsert endpoint takes no associations; a create that HubSpot refuses for a key it has is as safe.
    case .create, .upsert: key?.isUnique == true && target == nil ? .upsert : .create
    // By its id, whatever it was found by: sent by its key, a record archived a moment ago would be made again.
    case .update: .update
    case .archive: .archive
    case .associate: .associate
    }
  }

  /// Input rows this record stands for.
  public var rows: Int { 1 + others.count }
}

/// The kinds of batches that records are sent in.
public enum Sending: String, Sendable, Hashable {
  case create, update, upsert, archive, associate
}

/// A row whose change went into that of an earlier row.
public struct MergedRow: Sendable {
  public var row: Int
  public var place: RowPlace
}

/// Everything one statement wants to write, with what needs no writing left out.
public struct ChangeSet: Sendable {
  public var records: [RecordChange] = []
  /// Rows that already are what they should become.
  public var unchanged = 0
  /// Rows that cannot be written, kept for the report because errors are to be passed over.
  public var refused: [RecordFailureReport] = []
  /// All input rows.
  public var planned = 0
  public var continuesOnError = false
  var notices: [PlanNotice] = []
  /// When it was read what the plan rests on, in milliseconds since 1970.
  var readAt = 0

  /// Records of one verb on one type.
  public func count(_ verb: WriteVerb) -> Int { records.count { $0.verb == verb } }
}

/// Diffs the rows of a statement against current values and merges changes to one record.
struct ChangeSetBuilder {
  let engine: Engine

  func build(_ collection: WriteCollection) throws -> ChangeSet {
    var set = ChangeSet()
    set.readAt = engine.clock.now
    set.planned = collection.rows.count
    set.continuesOnError = collection.continuesOnError
    if collection.problemCount > 0 {
      throw EngineError.badRows(collection.problems, total: collection.problemCount)
    }
    var records: [RecordChange] = []
    var index: [RecordKey: Int] = [:]
    var rows = collection.rows
    try KeyedRows(engine: engine).settle(&rows, &set.notices)
    for row in rows {
      if let problem = row.problem {
        set.refused.append(RecordFailureReport(row, problem))
        continue
      }
      try merge(row, into: &records, &index, &set)
    }
    try readCurrent(&records)
    let links = try Links(engine: engine).read(records)
    for record in records { try keep(record, links, in: &set) }
    set.notices += parents(set.records, links)
    set.notices += unforeseen(set.records)
    for index in set.records.indices { try link(&set.records[index]) }
    return set
  }

  /// How new records are linked has to be known before anything is written: a failure to read it must not look like a
  /// failure to write.
  private func link(_ record: inout RecordChange) throws {
    guard let target = record.target else { return }
    record.associations = [
      ObjectAssociation(
        toID: target.id, types: try engine.associationKinds(from: record.object, to: target.object))
    ]
  }

  private struct RecordKey: Hashable {
    var object: String
    var id: String
    /// Links to different records do not concern each other, nor changes of properties.
    var target: AssociationTarget?
  }

  private func merge(
    _ row: InputRow, into records: inout [RecordChange], _ index: inout [RecordKey: Int], _ set: inout ChangeSet
  ) throws {
    let change = RecordChange(
      row: row.number, verb: row.verb, object: row.object, id: row.id, properties: row.properties,
      target: row.key != nil && row.verb == .update ? nil : row.target, key: row.key, snapshot: row.snapshot,
      place: row.place, continuesOnError: row.continuesOnError)
    guard let id = row.id else {
      records.append(change)
      return
    }
    try refuseLinkOfArchived(row, id, records, &index)
    let key = RecordKey(object: row.object, id: id, target: row.verb == .associate ? row.target : nil)
    guard let known = index[key] else {
      index[key] = records.count
      records.append(change)
      return
    }
    let first = records[known]
    guard first.verb == row.verb else {
      throw EngineError.changedAndArchived(id: id, first: first.place, second: row.place)
    }
    records[known].others.append(MergedRow(row: row.number, place: row.place))
    records[known].continuesOnError = first.continuesOnError && row.continuesOnError
    for property in row.properties {
      if let other = first.properties.first(where: { $0.name == property.name }) {
        guard other.afterKey == property.afterKey else {
          throw EngineError.conflictingChanges(
            id: id, property: property.name, first: first.place, second: row.place)
        }
      } else {
        records[known].properties.append(property)
      }
    }
    for (name, value) in row.snapshot where records[known].snapshot[name] == nil {
      records[known].snapshot[name] = value
    }
    try checkDiscounts(records[known], row)
  }

  /// What is archived cannot be linked in the same statement.
  private func refuseLinkOfArchived(
    _ row: InputRow, _ id: String, _ records: [RecordChange], _ index: inout [RecordKey: Int]
  ) throws {
    let anyLink = RecordKey(object: row.object, id: id, target: AssociationTarget(object: "*", id: "*"))
    let other: RecordChange?
    switch row.verb {
    case .associate:
      other = index[RecordKey(object: row.object, id: id)].map { records[$0] }.flatMap {
        $0.verb == .archive ? $0 : nil
      }
      if index[anyLink] == nil { index[anyLink] = records.count }
    case .archive: other = index[anyLink].map { records[$0] }
    default: other = nil
    }
    if let other { throw EngineError.changedAndArchived(id: id, first: other.place, second: row.place) }
  }

  /// Each row may set one of the two discounts, and the record would get both.
  private func checkDiscounts(_ record: RecordChange, _ row: InputRow) throws {
    func sets(_ name: String) -> Bool { record.properties.contains { $0.name == name && !$0.after.isEmpty } }
    guard sets("discount"), sets("hs_discount_percentage") else { return }
    throw EngineError.badRows(
      [RowProblem(place: row.place, id: row.id, property: "discount", reason: .conflictingDiscounts)], total: 1)
  }

  // MARK: Current values

  /// Rows from files bring no current values: they are read, 100 records at a time.
  private func readCurrent(_ records: inout [RecordChange]) throws {
    var missing: [String: [Int]] = [:]
    for (position, record) in records.enumerated() where record.verb == .update {
      let lacks = record.properties.contains { record.snapshot[$0.name] == nil }
      if lacks { missing[record.object, default: []].append(position) }
    }
    for (object, positions) in missing.sorted(by: { $0.key < $1.key }) {
      for start in stride(from: 0, to: positions.count, by: Sender.batchSize) {
        let batch = Array(positions[start..<min(start + Sender.batchSize, positions.count)])
        try readCurrent(&records, object, batch)
      }
    }
  }

  private func readCurrent(_ records: inout [RecordChange], _ object: String, _ batch: [Int]) throws {
    var properties: Set<String> = []
    for position in batch { for property in records[position].properties { properties.insert(property.name) } }
    let ids = batch.compactMap { records[$0].id }
    let current = try engine.read(object, ids: ids, properties: properties.sorted())
    for position in batch {
      guard let id = records[position].id else { continue }
      let values: CurrentRecord
      switch current[id] {
      case .present(let record): values = record
      // What does not exist is told when it is to be sent, as a failure of that record.
      case .absent, nil: continue
      case .unreadable(let reason): throw EngineError.unreadableAnswer("record \(id): \(reason)")
      }
      for property in records[position].properties where records[position].snapshot[property.name] == nil {
        records[position].snapshot[property.name] = values.snapshot[property.name]
      }
    }
  }

  // MARK: Differences

  /// Drops properties that already have the value, and records of which nothing is left.
  private func keep(_ record: RecordChange, _ links: Links.Found, in set: inout ChangeSet) throws {
    var kept = record
    if record.verb == .associate {
      switch links.state(of: record) {
      case .linked: set.unchanged += record.rows
      case .unlinked: set.records.append(record)
      case .unreadable(let reason):
        throw EngineError.unreadableAnswer("the associations of record \(record.id ?? ""): \(reason)")
      }
      return
    }
    guard record.verb == .update else {
      // A new record has nothing to clear.
      if record.verb == .create { kept.properties.removeAll { $0.after.isEmpty } }
      set.records.append(kept)
      return
    }
    kept.properties = record.properties.compactMap { property in
      let before = record.snapshot[property.name]
      if let before, before.key == property.afterKey { return nil }
      var changed = property
      changed.before = before?.key
      changed.beforeShown = before?.shown
      return changed
    }
    if kept.properties.isEmpty { set.unchanged += record.rows } else { set.records.append(kept) }
  }
}

extension ChangeSetBuilder {
  /// A line item should have one parent (associations list): linked to a second, it is lost with either.
  private func parents(_ records: [RecordChange], _ links: Links.Found) -> [PlanNotice] {
    var notices: [String: PlanNotice] = [:]
    for record in records where record.verb == .associate && record.object == ObjectNames.lineItems {
      guard let id = record.id, let target = record.target?.object,
        case .unlinked(let others) = links.state(of: record), let other = others.first
      else { continue }
      if case .otherParents(_, _, let count, let first, let parent)? = notices[target] {
        notices[target] = .otherParents(
          object: record.object, target: target, count: count + 1, id: first, parent: parent)
      } else {
        notices[target] = .otherParents(object: record.object, target: target, count: 1, id: id, parent: other)
      }
    }
    return notices.sorted { $0.key < $1.key }.map(\.value)
  }
}

/// Current values of one record: what was sent, and what it means.
struct CurrentRecord {
  var snapshot: [String: Snapshot] = [:]
  /// Text on the wire, for the journal.
  var wire: [String: String] = [:]
}

/// What a read by id found.
enum CurrentState {
  case present(CurrentRecord)
  /// HubSpot says that there is no such record, or it is archived.
  case absent
  /// The answer says nothing of this record that can be relied on.
  case unreadable(String)

  var record: CurrentRecord? { if case .present(let record) = self { record } else { nil } }
}

extension Engine {
  /// Current values by id, straight from the records and not from the index: one entry for each id. Under `plan` with
  /// what earlier statements planned.
  /// - Parameter finishes: part of a batch under way, which being told to stop does not break off.
  func read(
    _ object: String, ids: [String], properties: [String], finishes: Bool = false
  ) throws -> [String: CurrentState] {
    let known = ids.filter { !overlay.isPlanned($0) }
    let states = try readPortal(object, ids: known, properties: properties, finishes: finishes)
    return try laidOver(states, object, ids: ids, properties: properties)
  }

  private func readPortal(
    _ object: String, ids: [String], properties: [String], finishes: Bool
  ) throws -> [String: CurrentState] {
    guard !ids.isEmpty else { return [:] }
    let pending = try startRead(object, ids: ids, properties: properties, finishes: finishes)
    return try states(object, ids: ids, properties: properties, try waiter.wait(for: pending))
  }

  /// The request of ``read(_:ids:properties:finishes:)``, without waiting for it.
  func startRead(
    _ object: String, ids: [String], properties: [String], finishes: Bool = false
  ) throws -> Pending<BatchResult, HubSpotError> {
    let request = BatchReadRequest(type: try objectType(object), ids: ids, properties: properties)
    let client = self.client
    return aside {
      waiter.start(finishes: finishes) { () throws(HubSpotError) in try await client.batchRead(request) }
    }
  }

  /// What the answer to ``startRead(_:ids:properties:finishes:)`` says of each id.
  func states(
    _ object: String, ids: [String], properties: [String], _ result: BatchResult
  ) throws -> [String: CurrentState] {
    let schema = try loadSchema(object)
    var states: [String: CurrentState] = [:]
    for (id, outcome) in zip(ids, result.outcomes) {
      switch outcome {
      case .succeeded(let found) where found.archived: states[id] = .absent
      case .succeeded(let found): states[id] = .present(current(found, properties, schema))
      case .failed(let failure) where failure.isNotFound: states[id] = .absent
      case .failed(let failure): states[id] = .unreadable(failure.message)
      case .unaccounted: states[id] = .unreadable("the reply does not mention it")
      }
    }
    return states
  }

  func current(_ found: CRMObject, _ properties: [String], _ schema: ObjectSchema) -> CurrentRecord {
    let reader = PropertyReader(machine: machine)
    var record = CurrentRecord()
    for name in properties {
      let text = found.text(name)
      record.wire[name] = text
      record.snapshot[name] = Snapshot(reader.value(machine.makeText(text), schema.properties[name]), machine)
    }
    return record
  }
}
