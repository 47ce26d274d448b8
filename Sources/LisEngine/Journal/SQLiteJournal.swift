import GRDB
import Glibc
import HubSpot
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
      let migrator = JournalSchema.migrator
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

  private func write(_ body: (Database) throws -> Void) throws {
    do { try queue.write(body) } catch { throw JournalProblem.cannotWrite(path: path, reason: "\(error)") }
  }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result { try queue.read(body) }

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
        sql: "INSERT INTO batch (run, statement, number, sending, object, intended_at) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [intent.run, intent.statement, intent.batch, intent.sending.rawValue, intent.object, time])
      let insert = try database.makeStatement(
        sql: """
          INSERT INTO record (run, statement, batch, row, verb, id, trace, place, key_property, key_value, target,
            link_types, was_linked, before, after)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      for record in intent.records {
        try insert.execute(arguments: [
          intent.run, intent.statement, intent.batch, record.row, record.verb.rawValue, record.id, record.trace,
          record.place, record.key?.property, record.key?.text, record.target,
          record.target == nil ? nil : JournalText.types(record.linkTypes), record.wasLinked,
          JournalText.object(record.before), JournalText.object(record.after),
        ])
      }
    }
  }

  public func settle(_ intent: BatchIntent, outcomes: [JournalOutcome], at time: Int) throws {
    try write { database in
      let update = try database.makeStatement(
        sql: """
          UPDATE record SET outcome = ?, result_id = ?, is_new = ?, reason = ?
          WHERE run = ? AND statement = ? AND batch = ? AND row = ?
          """)
      for (record, outcome) in zip(intent.records, outcomes) {
        try update.execute(arguments: [
          outcome.state, outcome.id, outcome.isNew, outcome.reason, intent.run, intent.statement, intent.batch,
          record.row,
        ])
      }
      try database.execute(
        sql: "UPDATE batch SET settled_at = ? WHERE run = ? AND statement = ? AND number = ?",
        arguments: [time, intent.run, intent.statement, intent.batch])
    }
  }
}

/// JSON for the columns that hold several values; keys in order, so that equal contents are equal texts.
enum JournalText {
  static func object(_ values: [String: String]) -> String {
    "{" + values.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",") + "}"
  }

  static func list(_ values: [String]) -> String { "[" + values.map(quoted).joined(separator: ",") + "]" }

  static func types(_ kinds: [AssociationKind]) -> String {
    "[" + kinds.map { "[\(quoted($0.category)),\($0.typeID)]" }.joined(separator: ",") + "]"
  }

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
