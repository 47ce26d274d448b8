import FoundationEssentials
import GRDB
import Glibc
import HubSpot
import Synchronization

/// The quotas of one account, shared by all processes of this host through a SQLite file.
///
/// Nothing in it is worth a wait for the disk: after a power loss the server's headers tell the rest. When the file
/// cannot be used, this process goes on with the state that it saw last, and says so once.
public final class SharedQuotas: QuotaStore {
  private let queue: DatabaseQueue
  private let account: String
  private let boot: String
  private let isRemote: Bool
  private let last: Mutex<QuotaState>
  private let failed: @Sendable (String) -> Void
  private let hasFailed = Atomic(false)

  /// - Parameters:
  ///   - path: of the file, which is made for its owner alone.
  ///   - account: what the quotas belong to: an app at an account.
  ///   - isRemote: whether the host is somebody else's; see `QuotaState`.
  ///   - failed: told once when the file cannot be used any more.
  public init(
    path: String, account: String, isRemote: Bool, failed: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    self.account = account
    self.isRemote = isRemote
    self.failed = failed
    boot = SharedQuotas.bootID()
    last = Mutex(QuotaState(isRemote: isRemote))
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
    var configuration = Configuration()
    configuration.label = "quotas"
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      // A commit does not wait for the disk, and the file stays whole all the same.
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.write { database in
      try database.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS quota (account TEXT PRIMARY KEY, boot TEXT NOT NULL, state BLOB NOT NULL)
          WITHOUT ROWID
          """)
    }
  }

  /// Time since this machine was started, its sleep included: the same for all its processes.
  public func now() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }

  public func update<Output: Sendable>(_ change: (inout QuotaState) -> Output) -> Output {
    do {
      return try queue.write { database in
        var state = try load(database)
        let before = state
        let output = change(&state)
        if state != before { try save(state, database) }
        last.withLock { $0 = state }
        return output
      }
    } catch {
      if hasFailed.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged { failed("\(error)") }
      return last.withLock { change(&$0) }
    }
  }

  private func load(_ database: Database) throws -> QuotaState {
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT boot, state FROM quota WHERE account = ?"), arguments: [account])
    // Times since a start of the machine mean nothing after the next one.
    guard let row, row["boot"] == boot, let state = QuotaState(bytes: [UInt8](row["state"] as Data)) else {
      return QuotaState(isRemote: isRemote)
    }
    return state
  }

  private func save(_ state: QuotaState, _ database: Database) throws {
    try database.cachedStatement(sql: "INSERT OR REPLACE INTO quota (account, boot, state) VALUES (?, ?, ?)")
      .execute(arguments: [account, boot, Data(state.bytes)])
  }

  private static func bootID() -> String {
    guard let file = fopen("/proc/sys/kernel/random/boot_id", "r") else { return "unknown" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count).filter { $0 > 32 }, as: UTF8.self)
  }
}
