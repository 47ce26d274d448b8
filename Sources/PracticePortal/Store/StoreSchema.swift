import GRDB

/// The tables of the store.
///
/// One table for each object type with one text column for each property: a search is then plain SQL over columns,
/// a custom property is one `ALTER TABLE`, and 25,000 rows are scanned in milliseconds. A never-set value is NULL and
/// a cleared one is the empty text. Datetimes are stored with three decimals so that text order is time order.
enum StoreSchema {
  /// Kept in SQLite's `user_version`.
  static let version = 2

  static func create(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE associations (
          from_type INTEGER NOT NULL, from_id INTEGER NOT NULL, to_type INTEGER NOT NULL, to_id INTEGER NOT NULL,
          type_id INTEGER NOT NULL,
          PRIMARY KEY (from_type, from_id, to_type, to_id, type_id)) WITHOUT ROWID;
        CREATE TABLE replaced_values (
          object_id INTEGER NOT NULL, property TEXT NOT NULL, replaced_at INTEGER NOT NULL, value TEXT,
          PRIMARY KEY (object_id, property, replaced_at)) WITHOUT ROWID;
        CREATE TABLE property_definitions (
          type INTEGER NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
          PRIMARY KEY (type, name)) WITHOUT ROWID;
        CREATE TABLE property_groups (
          type INTEGER NOT NULL, name TEXT NOT NULL, label TEXT NOT NULL, display_order INTEGER NOT NULL,
          PRIMARY KEY (type, name)) WITHOUT ROWID;
        """)
    try db.execute(
      sql: "INSERT INTO meta (name, value) VALUES ('last_id', ?)", arguments: [RecordIdentifiers.beforeFirst])
    for type in ObjectType.allCases { try createTable(of: type, db) }
    try createConnections(db)
    try db.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// Brings a store of an older version up to this one.
  static func migrate(_ db: Database, from found: Int) throws {
    if found < 2 { try createConnections(db) }
    try db.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// What came with version 2: OAuth, ended tokens, and the ids that merged records had. Of secrets only SHA-256 is kept,
  /// since the portal never needs to say one again.
  private static func createConnections(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE merged_ids (old_id INTEGER PRIMARY KEY, new_id INTEGER NOT NULL);
        CREATE INDEX merged_ids_new ON merged_ids (new_id);
        CREATE TABLE oauth_codes (
          digest TEXT PRIMARY KEY, client_id TEXT NOT NULL, redirect TEXT NOT NULL, scopes TEXT NOT NULL,
          challenge TEXT, expires_at INTEGER NOT NULL, is_used INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE refresh_tokens (
          digest TEXT PRIMARY KEY, client_id TEXT NOT NULL, scopes TEXT NOT NULL,
          is_revoked INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE access_tokens (
          digest TEXT PRIMARY KEY, client_id TEXT, scopes TEXT NOT NULL, expires_at INTEGER NOT NULL,
          is_revoked INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        """)
  }

  private static func createTable(of type: ObjectType, _ db: Database) throws {
    let columns = TypeSchema(type: type, definitions: StandardProperties.definitions(of: type)).columns
    let list = columns.map { ", \($0.column) TEXT" }.joined()
    try db.execute(
      sql: """
        CREATE TABLE \(type.table) (
          id INTEGER PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL, archived_at INTEGER\(list));
        CREATE INDEX \(type.table)_live ON \(type.table) (id) WHERE archived_at IS NULL;
        """)
    for name in ["hs_sku", "hs_product_id"] where columns.contains(where: { $0.name == name }) {
      try createSearchIndex(of: type, column: "\"p_\(name)\"", name: name, db)
    }
  }

  /// An index for equality on a text property; search compares text in lower case.
  private static func createSearchIndex(of type: ObjectType, column: String, name: String, _ db: Database) throws {
    try db.execute(
      sql: """
        CREATE INDEX IF NOT EXISTS "\(type.table)_\(name)_search" ON \(type.table) (lower(\(column)), id)
        WHERE archived_at IS NULL
        """)
  }

  /// Makes room for a new property, or for one that this version of the program knows and the store does not.
  static func addColumn(_ property: PropertyDefinition, of type: ObjectType, _ db: Database) throws {
    let existing = try db.columns(in: type.table).map(\.name)
    if !existing.contains("p_" + property.name) {
      try db.execute(sql: "ALTER TABLE \(type.table) ADD COLUMN \(property.column) TEXT")
    }
    guard property.hasUniqueValue else { return }
    try db.execute(
      sql: """
        CREATE UNIQUE INDEX IF NOT EXISTS "\(type.table)_\(property.name)_unique" ON \(type.table) (\(property.column))
        WHERE archived_at IS NULL AND \(property.column) <> ''
        """)
    try createSearchIndex(of: type, column: property.column, name: property.name, db)
  }
}

/// Record ids: decimal, eleven digits, ascending over all object types.
enum RecordIdentifiers {
  static let beforeFirst: Int64 = 27_493_800_000

  static func next(_ db: Database) throws -> Int64 {
    let statement = try db.cachedStatement(
      sql: "UPDATE meta SET value = value + 1 WHERE name = 'last_id' RETURNING value")
    return try Int64.fetchOne(statement) ?? beforeFirst + 1
  }
}
