import GRDB

/// Links between records. Every link is stored in both directions, each with the type id of its direction.
struct AssociationTable {
  let db: Database

  func link(_ from: ObjectType, _ fromId: Int64, _ to: ObjectType, _ toId: Int64) throws(any Error) {
    guard let forward = AssociationTypes.defaultId(from: from, to: to),
      let backward = AssociationTypes.defaultId(from: to, to: from)
    else { throw Refusal.association(.notAssociable(from: from, to: to)) }
    let statement = try db.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO associations (from_type, from_id, to_type, to_id, type_id) VALUES (?, ?, ?, ?, ?)
        """)
    try statement.execute(arguments: [from.rawValue, fromId, to.rawValue, toId, forward])
    try statement.execute(arguments: [to.rawValue, toId, from.rawValue, fromId, backward])
  }

  func unlink(_ from: ObjectType, _ fromId: Int64, _ to: ObjectType, _ toId: Int64) throws {
    let statement = try db.cachedStatement(
      sql: "DELETE FROM associations WHERE from_type = ? AND from_id = ? AND to_type = ? AND to_id = ?")
    try statement.execute(arguments: [from.rawValue, fromId, to.rawValue, toId])
    try statement.execute(arguments: [to.rawValue, toId, from.rawValue, fromId])
  }

  /// Everything that a record is linked to.
  func all(of type: ObjectType, _ id: Int64) throws -> [(type: ObjectType, id: Int64)] {
    try Row.fetchAll(
      db, sql: "SELECT to_type, to_id FROM associations WHERE from_type = ? AND from_id = ?",
      arguments: [type.rawValue, id]
    ).compactMap { row in ObjectType(rawValue: row[0]).map { ($0, row[1]) } }
  }

  /// Practice-portal rule: an archived record loses its links, in both directions.
  func unlinkAll(_ type: ObjectType, _ id: Int64) throws {
    for other in try all(of: type, id) { try unlink(type, id, other.type, other.id) }
  }

  /// Ids on the other side, ascending, from `after` on.
  func targets(
    of type: ObjectType, _ id: Int64, to: ObjectType, from after: Int64 = 0, limit: Int
  ) throws -> [Int64] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT DISTINCT to_id FROM associations
        WHERE from_type = ? AND from_id = ? AND to_type = ? AND to_id >= ? ORDER BY to_id LIMIT ?
        """)
    return try Int64.fetchAll(statement, arguments: [type.rawValue, id, to.rawValue, after, limit])
  }
}
