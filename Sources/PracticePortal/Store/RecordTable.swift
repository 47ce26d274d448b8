import GRDB

/// One record. `values` holds the columns that were read and are not NULL, in stored form.
struct StoredRecord: Equatable, Sendable {
  var id: Int64
  var created: Int64
  var updated: Int64
  var archivedAt: Int64?
  var values: [String: String]

  /// The value of a property in wire form; `nil` when it was never set.
  func wireValue(_ property: PropertyDefinition) -> String? {
    switch property.storage {
    case .identifier: return String(id)
    case .created: return Timestamp.wireText(created)
    case .updated: return Timestamp.wireText(updated)
    case .constant(let text): return text
    case .column:
      guard let value = values[property.name] else { return nil }
      return property.type == .datetime ? Timestamp.wireText(canonical: value) : value
    }
  }
}

/// Reads and writes the rows of one object type inside a transaction.
struct RecordTable {
  let db: Database
  let schema: TypeSchema

  private var table: String { schema.type.table }

  // MARK: Reading

  /// - Parameters:
  ///   - tail: SQL from WHERE on.
  ///   - names: the properties to read; `nil` reads all.
  func fetch(
    _ tail: String, _ arguments: [any DatabaseValueConvertible] = [], names: [String]? = nil
  ) throws -> [StoredRecord] {
    let columns = names.map { names in names.compactMap { schema.all[$0] }.filter { $0.storage == .column } }
    let wanted = columns ?? schema.columns
    let list = wanted.map { ", " + $0.column }.joined()
    // Not cached: the columns and conditions come from requests, and the cache of statements has no limit.
    let statement = try db.makeStatement(
      sql: "SELECT id, created, updated, archived_at\(list) FROM \(table) \(tail)")
    let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
    var records: [StoredRecord] = []
    while let row = try rows.next() {
      var values: [String: String] = [:]
      for (index, property) in wanted.enumerated() {
        if let value = row[index + 4] as String? { values[property.name] = value }
      }
      records.append(StoredRecord(id: row[0], created: row[1], updated: row[2], archivedAt: row[3], values: values))
    }
    return records
  }

  func count(_ condition: String, _ arguments: [any DatabaseValueConvertible]) throws -> Int {
    let statement = try db.makeStatement(sql: "SELECT count(*) FROM \(table) WHERE \(condition)")
    return try Int.fetchOne(statement, arguments: StatementArguments(arguments)) ?? 0
  }

  /// Live records, or archived ones, by id; in order of id.
  func records(ids: [Int64], archived: Bool = false, names: [String]? = nil) throws -> [StoredRecord] {
    if ids.isEmpty { return [] }
    let marks = Array(repeating: "?", count: ids.count).joined(separator: ",")
    return try fetch("WHERE id IN (\(marks)) AND \(Self.state(archived)) ORDER BY id", ids, names: names)
  }

  func record(id: Int64) throws -> StoredRecord? { try records(ids: [id]).first }

  /// A live record by the value of a unique property. Practice-portal rule: values are compared exactly.
  func record(property: PropertyDefinition, value: String, archived: Bool = false) throws -> StoredRecord? {
    if property.storage == .identifier {
      return try Int64(value).flatMap { try records(ids: [$0], archived: archived).first }
    }
    var stored = value
    if property.type == .datetime {
      guard let time = Timestamp.parseDateTime(value) else { return nil }
      stored = Timestamp.canonicalText(time)
    }
    return try fetch("WHERE \(property.column) = ? AND \(property.column) <> '' AND \(Self.state(archived))", [stored])
      .first
  }

  static func state(_ archived: Bool) -> String { "archived_at IS \(archived ? "NOT " : "")NULL" }

  // MARK: Writing

  func insert(_ record: StoredRecord) throws {
    let names = record.values.keys.sorted()
    let columns = names.map { ", \"p_\($0)\"" }.joined()
    let marks = String(repeating: ", ?", count: names.count)
    let statement = try db.cachedStatement(
      sql: "INSERT INTO \(table) (id, created, updated\(columns)) VALUES (?, ?, ?\(marks))")
    let values: [(any DatabaseValueConvertible)?] =
      [record.id, record.created, record.updated] + names.map { record.values[$0] }
    try statement.execute(arguments: StatementArguments(values))
  }

  /// Writes the values that differ and remembers the ones they replace. A `nil` value empties a calculated property.
  func update(_ record: inout StoredRecord, changes: [String: String?], time: Int64) throws {
    let changed = changes.filter { record.values[$0.key] != $0.value }.sorted { $0.key < $1.key }
    for (name, _) in changed {
      let statement = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO replaced_values (object_id, property, replaced_at, value) VALUES (?, ?, ?, ?)")
      try statement.execute(arguments: [record.id, name, time, record.values[name]])
    }
    let assignments = changed.map { ", \"p_\($0.key)\" = ?" }.joined()
    let statement = try db.cachedStatement(sql: "UPDATE \(table) SET updated = ?\(assignments) WHERE id = ?")
    let values: [(any DatabaseValueConvertible)?] = [time] + changed.map { $0.value } + [record.id]
    try statement.execute(arguments: StatementArguments(values))
    record.updated = time
    for (name, value) in changed { record.values[name] = value }
  }

  func archive(id: Int64, time: Int64) throws {
    try db.execute(
      sql: "UPDATE \(table) SET archived_at = ?, updated = ? WHERE id = ? AND archived_at IS NULL",
      arguments: [time, time, id])
  }
}
