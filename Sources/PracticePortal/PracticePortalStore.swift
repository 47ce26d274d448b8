import FoundationEssentials

/// Work on a data directory while no server is using it.
public enum PracticePortalStore {
  /// Deletes the store and the request log of a directory. Other files in it are left alone; a directory that does not
  /// exist is fine.
  /// - Throws: `PortalError.dataDirectoryInUse` while a server runs on it, `PortalError.dataDirectoryUnusable` when a
  ///   file cannot be deleted.
  public static func reset(directory: String) throws(PortalError) {
    let files = FileManager.default
    guard files.fileExists(atPath: directory) else { return }
    let lock = try DirectoryLock.acquire(directory)
    defer { lock.release() }
    let store = PortalStore.fileName
    for name in [store, store + "-wal", store + "-shm", RequestLog.fileName] {
      let path = directory + "/" + name
      guard files.fileExists(atPath: path) else { continue }
      do {
        try files.removeItem(atPath: path)
      } catch {
        throw .dataDirectoryUnusable(directory: directory, reason: "\(name) cannot be deleted")
      }
    }
  }

  /// Creates the store of a directory and seeds it.
  /// - Throws: `PortalError.storeNotEmpty` when it holds records already, and everything that opening can throw.
  public static func seed(directory: String, seed: Seed) async throws {
    let store = try PortalStore.open(.directory(directory))
    do {
      let isEmpty = try await store.read { db in
        try ObjectType.allCases.allSatisfy {
          try RecordTable(db: db, schema: store.schema(of: $0)).count("1", []) == 0
        }
      }
      guard isEmpty else { throw PortalError.storeNotEmpty(directory: directory) }
      try await Seeder.seed(store, seed)
    } catch {
      try? store.close()
      throw error
    }
    try store.close()
  }
}
