import FoundationEssentials
import GRDB
import Synchronization

/// The practice portal's records in SQLite: the one owner of all state that survives a restart.
final class PortalStore: Sendable {
  static let fileName = "portal.sqlite"

  let database: any DatabaseWriter
  let clock = WriteClock()
  /// What a directory or memory is called in messages.
  let location: String
  /// True when opening created the store, so that it may be seeded.
  let isNew: Bool
  private let schemas: Mutex<[ObjectType: TypeSchema]>
  private let lock: DirectoryLock?

  private init(
    database: any DatabaseWriter, location: String, isNew: Bool, schemas: [ObjectType: TypeSchema],
    lock: DirectoryLock?
  ) {
    self.database = database
    self.location = location
    self.isNew = isNew
    self.schemas = Mutex(schemas)
    self.lock = lock
  }

  /// - Throws: `PortalError` when the directory cannot be used, is in use, or holds a newer store.
  static func open(_ location: DataLocation) throws(PortalError) -> PortalStore {
    switch location {
    case .memory:
      return try prepare("in memory", lock: nil) { try DatabaseQueue(configuration: configuration) }
    case .directory(let directory):
      try createDirectory(directory)
      let lock = try DirectoryLock.acquire(directory)
      return try prepare(directory, lock: lock) {
        try DatabasePool(path: directory + "/" + fileName, configuration: configuration)
      }
    }
  }

  private static func createDirectory(_ directory: String) throws(PortalError) {
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw .dataDirectoryUnusable(directory: directory, reason: "it cannot be created")
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { db in
      // 64 MiB of pages keep a demo portal in memory, so that a search never waits for the disk.
      try db.execute(sql: "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY")
      SearchFunctions.register(in: db)
    }
    return configuration
  }

  private static func prepare(
    _ location: String, lock: DirectoryLock?, connect: () throws -> any DatabaseWriter
  ) throws(PortalError) -> PortalStore {
    do {
      let database = try connect()
      let found = try database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
      guard found <= StoreSchema.version else {
        throw PortalError.storeTooNew(directory: location, found: found, supported: StoreSchema.version)
      }
      let schemas = try database.write { db in
        if found == 0 {
          try StoreSchema.create(db)
        } else if found < StoreSchema.version {
          try StoreSchema.migrate(db, from: found)
        }
        return try loadSchemas(db)
      }
      let store = PortalStore(
        database: database, location: location, isNew: found == 0, schemas: schemas, lock: lock)
      let ahead = try database.read { try Int64.fetchOne($0, sql: "SELECT value FROM meta WHERE name = 'clock_ahead'") }
      store.clock.advance(by: ahead ?? 0)
      return store
    } catch let error as PortalError {
      throw error
    } catch {
      throw .storeFailed(location: location, reason: "\(error)")
    }
  }

  private static func loadSchemas(_ db: Database) throws -> [ObjectType: TypeSchema] {
    var schemas: [ObjectType: TypeSchema] = [:]
    for type in ObjectType.allCases {
      let standard = StandardProperties.definitions(of: type)
      for definition in standard where definition.storage == .column {
        try StoreSchema.addColumn(definition, of: type, db)
      }
      var schema = TypeSchema(type: type, definitions: standard)
      let rows = try Row.fetchAll(
        db, sql: "SELECT name, definition FROM property_definitions WHERE type = ?", arguments: [type.rawValue])
      for row in rows {
        if let definition = PropertyCodec.decode(name: row[0], row[1]) { schema.set(definition) }
      }
      schemas[type] = schema
    }
    return schemas
  }

  /// The properties of a type as of the last committed change.
  func schema(of type: ObjectType) -> TypeSchema {
    schemas.withLock { $0[type] } ?? TypeSchema(type: type, definitions: StandardProperties.definitions(of: type))
  }

  /// Runs one write transaction; everything is rolled back when `body` throws.
  func write<Value: Sendable>(_ body: @Sendable @escaping (WriteTransaction) throws -> Value) async throws -> Value {
    try await database.write { db in
      try body(WriteTransaction(db: db, time: self.clock.next(), store: self))
    }
  }

  func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
    try await database.read(body)
  }

  /// Stores custom definitions and, after the commit, makes them visible to later requests.
  func changeProperties(
    of type: ObjectType, _ body: @Sendable @escaping (WriteTransaction, inout TypeSchema) throws -> [PropertyDefinition]
  ) async throws -> [PropertyDefinition] {
    try await write { transaction in
      var schema = self.schema(of: type)
      let changed = try body(transaction, &schema)
      for definition in changed {
        schema.set(definition)
        try StoreSchema.addColumn(definition, of: type, transaction.db)
        try transaction.db.execute(
          sql: "INSERT OR REPLACE INTO property_definitions (type, name, definition) VALUES (?, ?, ?)",
          arguments: [type.rawValue, definition.name, PropertyCodec.encode(definition)])
      }
      let updated = schema
      transaction.db.afterNextTransaction { _ in self.schemas.withLock { $0[type] = updated } }
      return changed
    }
  }

  /// Advances the portal's clock, which stays ahead after a restart.
  func advanceClock(by milliseconds: Int64) async throws {
    let ahead = clock.advance(by: milliseconds)
    try await database.write { db in
      try db.execute(sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('clock_ahead', ?)", arguments: [ahead])
    }
  }

  /// Closes the files and gives the directory free.
  func close() throws {
    defer { lock?.release() }
    try database.close()
  }
}

/// One write transaction and its time.
struct WriteTransaction {
  let db: Database
  /// Epoch milliseconds; every record that the transaction writes carries it.
  let time: Int64
  let store: PortalStore
}
