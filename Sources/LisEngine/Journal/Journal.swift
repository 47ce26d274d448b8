import LisSchema

/// Where intents are written down before a request leaves, and outcomes after it. Every call has happened, durably,
/// when it returns; a call that cannot be carried out throws a `JournalProblem` and nothing is sent.
public protocol JournalStore: AnyObject {
  func begin(run: RunIdentity, portal: String, at time: Int) throws
  func end(run: String, outcome: String, at time: Int) throws
  func begin(statement: Int, run: String, changes: ChangeSet) throws
  func finish(statement: Int, run: RunIdentity, counts: ReportCounts) throws
  func finish(statement: Int, run: String, counts: ReportCounts) throws
  /// The batch is about to be sent.
  func intend(_ intent: BatchIntent, at time: Int) throws
  /// What became of it, in the order of its records.
  func settle(_ intent: BatchIntent, outcomes: [JournalOutcome], at time: Int) throws
}

extension JournalStore {
  public func finish(statement: Int, run: RunIdentity, counts: ReportCounts) throws {
    try finish(statement: statement, run: run.id, counts: counts)
  }
}

/// A batch that is about to leave.
public struct BatchIntent: Sendable {
  public var run: String
  public var statement: Int
  public var batch: Int
  public var verb: WriteVerb
  public var object: String
  public var records: [IntentRecord]
}

/// One record of a batch: what it is and what it was.
public struct IntentRecord: Sendable {
  public var row: Int
  public var id: String?
  public var trace: String
  public var place: String
  /// Texts on the wire by property: as read just before sending.
  public var before: [String: String]
  public var after: [String: String]
  /// `deals/31232284502` for a new record's parent.
  public var target: String?

  init(_ record: RecordChange, trace: String, current: CurrentRecord?) {
    row = record.row
    id = record.id
    self.trace = trace
    place = record.place.description
    before = current?.wire ?? [:]
    after = Dictionary(record.properties.map { ($0.name, $0.after) }) { _, last in last }
    target = record.target.map { "\($0.object)/\($0.id)" }
  }
}

public struct JournalOutcome: Sendable {
  /// `applied`, `failed`, `unknown` or `unsent`.
  public var state: String
  /// Id of a created record.
  public var id: String?
  public var reason: String?
}

/// Why the journal could not be read or written.
public enum JournalProblem: Error, Sendable {
  case cannotOpen(path: String, reason: String)
  case newerVersion(path: String)
  case cannotWrite(path: String, reason: String)
}
