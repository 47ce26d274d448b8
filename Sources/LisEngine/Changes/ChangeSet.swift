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
  /// The links to the target, with their types.
  var associations: [ObjectAssociation] = []
  /// Values the plan rests on; re-read just before sending.
  var snapshot: [String: Snapshot]
  public var place: RowPlace
  /// Later rows that name the same record; whatever becomes of the record becomes of them.
  public var others: [MergedRow] = []
  /// Whether the verb says `on error continue`.
  var continuesOnError: Bool

  /// Input rows this record stands for.
  public var rows: Int { 1 + others.count }
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

  /// Records of one verb on one type.
  public func count(_ verb: WriteVerb) -> Int { records.count { $0.verb == verb } }
}

/// Diffs the rows of a statement against current values and merges changes to one record.
struct ChangeSetBuilder {
  let engine: Engine

  func build(_ collection: WriteCollection) throws -> ChangeSet {
    var set = ChangeSet()
    set.planned = collection.rows.count
    set.continuesOnError = collection.continuesOnError
    if collection.problemCount > 0 {
      throw EngineError.badRows(collection.problems, total: collection.problemCount)
    }
    var records: [RecordChange] = []
    var index: [RecordKey: Int] = [:]
    for row in collection.rows {
      if let problem = row.problem {
        set.refused.append(RecordFailureReport(row, problem))
        continue
      }
      try merge(row, into: &records, &index, &set)
    }
    try readCurrent(&records)
    for record in records { keep(record, in: &set) }
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
  }

  private func merge(
    _ row: InputRow, into records: inout [RecordChange], _ index: inout [RecordKey: Int], _ set: inout ChangeSet
  ) throws {
    let change = RecordChange(
      row: row.number, verb: row.verb, object: row.object, id: row.id, properties: row.properties,
      target: row.target, snapshot: row.snapshot, place: row.place, continuesOnError: row.continuesOnError)
    guard let id = row.id else {
      records.append(change)
      return
    }
    let key = RecordKey(object: row.object, id: id)
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
  private func keep(_ record: RecordChange, in set: inout ChangeSet) {
    var kept = record
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
  /// Current values by id, straight from the records and not from the index: one entry for each id.
  /// - Parameter finishes: part of a batch under way, which being told to stop does not break off.
  func read(
    _ object: String, ids: [String], properties: [String], finishes: Bool = false
  ) throws -> [String: CurrentState] {
    guard !ids.isEmpty else { return [:] }
    let request = BatchReadRequest(type: try objectType(object), ids: ids, properties: properties)
    let client = self.client
    let result = try aside {
      try waiter.wait(finishes: finishes) { () throws(HubSpotError) in try await client.batchRead(request) }
    }
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

  private func current(_ found: CRMObject, _ properties: [String], _ schema: ObjectSchema) -> CurrentRecord {
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
