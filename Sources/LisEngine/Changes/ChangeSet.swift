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
  /// Values the plan rests on; re-read just before sending.
  var snapshot: [String: Snapshot]
  public var place: RowPlace
}

/// Everything one statement wants to write, with what needs no writing left out.
public struct ChangeSet: Sendable {
  public var records: [RecordChange] = []
  /// Rows that already are what they should become.
  public var unchanged = 0
  /// Rows that name a record another row names too.
  public var merged = 0
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
    if collection.problemCount > 0, !collection.continuesOnError {
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
    return set
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
      target: row.target, snapshot: row.snapshot, place: row.place)
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
    set.merged += 1
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
      guard let id = records[position].id, let values = current[id] else { continue }
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
    if kept.properties.isEmpty { set.unchanged += 1 } else { set.records.append(kept) }
  }
}

/// Current values of one record: what was sent, and what it means.
struct CurrentRecord {
  var snapshot: [String: Snapshot] = [:]
  /// Text on the wire, for the journal.
  var wire: [String: String] = [:]
}

extension Engine {
  /// Current values by id, straight from the records and not from the index. Ids that do not exist are absent.
  func read(_ object: String, ids: [String], properties: [String]) throws -> [String: CurrentRecord] {
    guard !ids.isEmpty else { return [:] }
    let request = BatchReadRequest(type: try objectType(object), ids: ids, properties: properties)
    let client = self.client
    let result = try waiter.wait { () throws(HubSpotError) in try await client.batchRead(request) }
    let schema = try loadSchema(object)
    let reader = PropertyReader(machine: machine)
    var records: [String: CurrentRecord] = [:]
    for found in result.succeeded {
      var record = CurrentRecord()
      for name in properties {
        let text = found.text(name)
        let value = reader.value(machine.makeText(text), schema.properties[name])
        record.wire[name] = text
        record.snapshot[name] = Snapshot(key: machine.key(of: value), shown: machine.text(of: value))
      }
      records[found.id] = record
    }
    return records
  }
}
