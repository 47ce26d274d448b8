import GRDB

/// Two records become one with an id of its own.
///
/// That the result has a new id and names the old ones in `hs_merged_object_ids` is HubSpot's. Practice-portal rules,
/// where nothing is documented: the values are those of the primary record, and those of the other where it has none;
/// the result is linked to what either was linked to; both old records are archived.
struct RecordMerge {
  let writer: RecordWriter
  let schema: TypeSchema

  private var db: Database { writer.transaction.db }

  func run(primary: String, other: String) throws -> StoredRecord {
    let locator = RecordLocator(table: RecordTable(db: db, schema: schema))
    guard let first = try locator.record(primary, idProperty: nil) else {
      throw locator.notFound(primary, idProperty: nil)
    }
    guard let second = try locator.record(other, idProperty: nil) else {
      throw locator.notFound(other, idProperty: nil)
    }
    if first.id == second.id { throw Refusal.duplicateIds([other]) }
    let links = AssociationTable(db: db)
    let linked = try links.all(of: schema.type, first.id) + links.all(of: schema.type, second.id)
    // Archived first, so that a unique value is free for the record that takes it over. The links go with them.
    for record in [first, second] {
      try links.unlinkAll(schema.type, record.id)
      try RecordTable(db: db, schema: schema).archive(id: record.id, time: writer.transaction.time)
    }
    let result = StoredRecord(
      id: try RecordIdentifiers.next(db), created: min(first.created, second.created),
      updated: writer.transaction.time, archivedAt: nil, values: values(first, second))
    try RecordTable(db: db, schema: schema).insert(result)
    for link in linked { try links.link(schema.type, result.id, link.type, link.id) }
    try MergedIds(db: db).add([first.id, second.id], became: result.id)
    return result
  }

  private func values(_ first: StoredRecord, _ second: StoredRecord) -> [String: String] {
    var values = second.values.filter { !$0.value.isEmpty }
    for (name, value) in first.values where !value.isEmpty { values[name] = value }
    let older = [first, second].flatMap { ($0.values[Self.names] ?? "").split(separator: ";").map(String.init) }
    values[Self.names] = ([String(first.id), String(second.id)] + older).joined(separator: ";")
    if schema.type == .lineItems {
      let inputs = values
      let computed = CalculatedAmounts.compute { inputs[$0] }
      for name in CalculatedAmounts.names { values[name] = computed[name] }
    }
    return values
  }

  private static let names = "hs_merged_object_ids"
}

/// The ids that merged records had before. They still work for a single get and update and for a batch read, which
/// answers with the id of today; a batch update does not know them.
struct MergedIds {
  let db: Database

  func current(_ id: Int64) throws -> Int64? {
    let statement = try db.cachedStatement(sql: "SELECT new_id FROM merged_ids WHERE old_id = ?")
    return try Int64.fetchOne(statement, arguments: [id])
  }

  func add(_ old: [Int64], became new: Int64) throws {
    for id in old {
      try db.execute(sql: "UPDATE merged_ids SET new_id = ? WHERE new_id = ?", arguments: [new, id])
      try db.execute(sql: "INSERT INTO merged_ids (old_id, new_id) VALUES (?, ?)", arguments: [id, new])
    }
  }
}
