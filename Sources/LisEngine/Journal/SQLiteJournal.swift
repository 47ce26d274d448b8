import GRDB
import Glibc
import LisSchema

/// The journal in a SQLite file: write-ahead log, and every transaction on disk before the call returns.
public final class SQLiteJournal: JournalStore {
  private let queue: DatabaseQueue
  private let path: String

  /// - Parameter path: a file, or `:memory:` for a journal that ends with the process.
  public init(path: String) throws {
    self.path = path
    SQLiteJournal.closeToOthers(path)
    var configuration = Configuration()
    configuration.label = "journal"
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      // The promise is that an intent survives a power loss once the request leaves.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA foreign_keys = ON")
    }
    do {
      queue =
        try path == ":memory:"
        ? DatabaseQueue(configuration: configuration)
        : DatabaseQueue(path: path, configuration: configuration)
      var migrator = DatabaseMigrator()
      migrator.registerMigration("1") { try SQLiteJournal.create($0) }
      let queue = self.queue
      let isNewer = try queue.read { try migrator.hasBeenSuperseded($0) }
      if isNewer { throw JournalProblem.newerVersion(path: path) }
      try migrator.migrate(queue)
    } catch let problem as JournalProblem {
      throw problem
    } catch {
      throw JournalProblem.cannotOpen(path: path, reason: "\(error)")
    }
  }

  /// The journal holds values of customers' records. SQLite gives its other files the permissions of this one.
  private static func closeToOthers(_ path: String) {
    guard path != ":memory:" else { return }
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  private static func create(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE run (
          id TEXT PRIMARY KEY, portal TEXT NOT NULL, script TEXT NOT NULL, source_hash TEXT NOT NULL,
          arguments TEXT NOT NULL, began_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT);
        CREATE TABLE statement (
          run TEXT NOT NULL REFERENCES run(id), number INTEGER NOT NULL, planned INTEGER NOT NULL,
          records INTEGER NOT NULL, place TEXT NOT NULL, applied INTEGER, unchanged INTEGER, failed INTEGER,
          skipped INTEGER, unknown INTEGER, PRIMARY KEY (run, number));
        CREATE TABLE batch (
          run TEXT NOT NULL, statement INTEGER NOT NULL, number INTEGER NOT NULL, verb TEXT NOT NULL,
          object TEXT NOT NULL, intended_at INTEGER NOT NULL, settled_at INTEGER,
          PRIMARY KEY (run, statement, number), FOREIGN KEY (run, statement) REFERENCES statement(run, number));
        CREATE TABLE record (
          run TEXT NOT NULL, statement INTEGER NOT NULL, batch INTEGER NOT NULL, row INTEGER NOT NULL, id TEXT,
          trace TEXT NOT NULL, place TEXT NOT NULL, target TEXT, before TEXT NOT NULL, after TEXT NOT NULL,
          outcome TEXT, created_id TEXT, reason TEXT,
          PRIMARY KEY (run, statement, batch, row),
          FOREIGN KEY (run, statement, batch) REFERENCES batch(run, statement, number));
        """)
  }

  private func write(_ body: (Database) throws -> Void) throws {
    do { try queue.write(body) } catch { throw JournalProblem.cannotWrite(path: path, reason: "\(error)") }
  }

  // MARK: Runs and statements

  public func begin(run: RunIdentity, portal: String, at time: Int) throws {
    try write { database in
      try database.execute(
        sql: "INSERT INTO run (id, portal, script, source_hash, arguments, began_at) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [run.id, portal, run.script, run.sourceHash, JournalText.list(run.arguments), time])
    }
  }

  public func end(run: String, outcome: String, at time: Int) throws {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET ended_at = ?, outcome = ? WHERE id = ?", arguments: [time, outcome, run])
    }
  }

  public func begin(statement: Int, run: String, changes: ChangeSet) throws {
    let place = changes.records.first.map { "\($0.place.statement.file):\($0.place.statement.line)" } ?? ""
    try write { database in
      try database.execute(
        sql: "INSERT INTO statement (run, number, planned, records, place) VALUES (?, ?, ?, ?, ?)",
        arguments: [run, statement, changes.planned, changes.records.count, place])
    }
  }

  public func finish(statement: Int, run: String, counts: ReportCounts) throws {
    try write { database in
      try database.execute(
        sql: """
          UPDATE statement SET applied = ?, unchanged = ?, failed = ?, skipped = ?, unknown = ?
          WHERE run = ? AND number = ?
          """,
        arguments: [
          counts.applied, counts.unchanged, counts.failed, counts.skipped, counts.unknown, run, statement,
        ])
    }
  }

  // MARK: Batches

  public func intend(_ intent: BatchIntent, at time: Int) throws {
    try write { database in
      try database.execute(
        sql: "INSERT INTO batch (run, statement, number, verb, object, intended_at) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [intent.run, intent.statement, intent.batch, intent.verb.rawValue, intent.object, time])
      let insert = try database.makeStatement(
        sql: """
          INSERT INTO record (run, statement, batch, row, id, trace, place, target, before, after)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      for record in intent.records {
        try insert.execute(arguments: [
          intent.run, intent.statement, intent.batch, record.row, record.id, record.trace, record.place,
          record.target, JournalText.object(record.before), JournalText.object(record.after),
        ])
      }
    }
  }

  public func settle(_ intent: BatchIntent, outcomes: [JournalOutcome], at time: Int) throws {
    try write { database in
      let update = try database.makeStatement(
        sql: """
          UPDATE record SET outcome = ?, created_id = ?, reason = ?
          WHERE run = ? AND statement = ? AND batch = ? AND row = ?
          """)
      for (record, outcome) in zip(intent.records, outcomes) {
        try update.execute(arguments: [
          outcome.state, record.id == nil ? outcome.id : nil, outcome.reason, intent.run, intent.statement,
          intent.batch, record.row,
        ])
      }
      try database.execute(
        sql: "UPDATE batch SET settled_at = ? WHERE run = ? AND statement = ? AND number = ?",
        arguments: [time, intent.run, intent.statement, intent.batch])
    }
  }

  // MARK: Reading

  /// One row of a batch as the journal holds it.
  public struct Entry: Sendable, Hashable {
    public var batch: Int
    public var row: Int
    public var id: String?
    public var trace: String
    public var before: String
    public var after: String
    public var outcome: String?
  }

  /// Everything a run wrote or was about to, in order.
  public func entries(of run: String) throws -> [Entry] {
    try queue.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT batch, row, id, trace, before, after, outcome FROM record WHERE run = ?
          ORDER BY statement, batch, row
          """, arguments: [run]
      ).map {
        Entry(
          batch: $0["batch"], row: $0["row"], id: $0["id"], trace: $0["trace"], before: $0["before"],
          after: $0["after"], outcome: $0["outcome"])
      }
    }
  }

  /// Ids of all runs, oldest first.
  public func runs() throws -> [String] {
    try queue.read { try String.fetchAll($0, sql: "SELECT id FROM run ORDER BY began_at, id") }
  }
}

/// JSON for the columns that hold several values; keys in order, so that equal contents are equal texts.
enum JournalText {
  static func object(_ values: [String: String]) -> String {
    "{" + values.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",") + "}"
  }

  static func list(_ values: [String]) -> String { "[" + values.map(quoted).joined(separator: ",") + "]" }

  private static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      default:
        if scalar.value < 32 {
          let digits = String(scalar.value, radix: 16)
          output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    return output + "\""
  }
}
