import HubSpot
import LisSchema

/// Where intents are written down before a request leaves, and outcomes after it. Every call has happened, durably,
/// when it returns; a call that cannot be carried out throws a `JournalProblem` and nothing is sent.
public protocol JournalStore: AnyObject {
  func begin(run: RunIdentity, portal: String, at time: Int) throws
  func end(run: String, outcome: String, at time: Int) throws
  func begin(statement: Int, run: String, changes: ChangeSet) throws
  func finish(statement: Int, run: String, counts: ReportCounts) throws
  /// The batch is about to be sent.
  func intend(_ intent: BatchIntent, at time: Int) throws
  /// What became of it, in the order of its records.
  func settle(_ intent: BatchIntent, outcomes: [JournalOutcome], at time: Int) throws
}

/// A batch that is about to leave.
public struct BatchIntent: Sendable {
  public var run: String
  public var statement: Int
  public var batch: Int
  /// The request that carries all its records.
  public var sending: Sending
  public var object: String
  public var records: [IntentRecord]
}

/// One record of a batch: what it is and what it was.
public struct IntentRecord: Sendable {
  public var row: Int
  /// What the plan says of it: `create` or `update` also where an `upsert` said it.
  public var verb: WriteVerb
  public var id: String?
  public var trace: String
  public var place: String
  /// By what an `upsert` looked for it.
  public var key: UpsertKey?
  /// Texts on the wire by property: as read just before sending. For an archive all that could be written again.
  public var before: [String: String]
  public var after: [String: String]
  /// `deals/31232284502`: what it is linked to.
  public var target: String?
  public var linkTypes: [AssociationKind]
  /// Whether the link was there just before sending; nil for a record that is linked as it is made.
  public var wasLinked: Bool?

  init(_ record: RecordChange, trace: String, current: CurrentRecord?, wasLinked: Bool?) {
    row = record.row
    verb = record.verb
    id = record.id
    self.trace = trace
    place = record.place.description
    key = record.key
    // What an archived record did not have is not worth a line for each of its properties.
    before = (current?.wire ?? [:]).filter { record.verb != .archive || !$0.value.isEmpty }
    linkTypes = record.associations.flatMap(\.types)
    self.wasLinked = wasLinked
    after = Dictionary(record.properties.map { ($0.name, $0.after) }) { _, last in last }
    target = record.target.map { "\($0.object)/\($0.id)" }
  }
}

public struct JournalOutcome: Sendable {
  /// `applied`, `failed`, `unknown` or `unsent`.
  public var state: String
  /// The id that came back.
  public var id: String?
  /// Whether the record was made, where that is known.
  public var isNew: Bool?
  public var reason: String?
}

/// Why the journal could not be read or written.
public enum JournalProblem: Error, Sendable {
  case cannotOpen(path: String, reason: String)
  case newerVersion(path: String)
  case cannotWrite(path: String, reason: String)
}
