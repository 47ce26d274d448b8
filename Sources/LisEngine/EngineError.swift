import HubSpot
import LisCore
import LisSchema

/// Why a read or a write could not be done. Messages and hints are made in `EngineError+Words.swift`.
public enum EngineError: EndingError {
  case unknownObject(String)
  case noAssociation(from: String, to: String)
  /// Nothing of the condition can be sent, so every record would be read.
  case needsAll(object: String, place: SourcePlace, dateField: String?)
  /// A condition on linked records, which only HubSpot can decide, does not fit into the search with the others.
  case associationNotSent(field: String)
  /// More rows match than a `find` without `all` may read.
  case readLimit(object: String, expected: Int?, limit: Int, place: SourcePlace)
  /// A property that the type does not have, asked for while the program runs.
  case unknownProperty(object: String, property: String)
  case badOperand(field: String, expected: String, found: String)
  /// The answer of a search makes no progress: the same record again, or a smaller id.
  case serverLoop(object: String, id: String)
  case unreadableAnswer(String)
  /// Rows that cannot be written, before anything was sent.
  case badRows([RowProblem], total: Int)
  case missingID(RowPlace)
  case tooMany(verb: WriteVerb, found: Int, limit: Int, isDefault: Bool, place: SourcePlace)
  case conflictingChanges(id: String, property: String, first: RowPlace, second: RowPlace)
  case changedAndArchived(id: String, first: RowPlace, second: RowPlace)
  /// Two rows of an `upsert` mean the same record.
  case repeatedKey(property: String, key: String, first: RowPlace, second: RowPlace)
  /// `apply!` was given a plan for the second time.
  case planApplied
  /// `apply!` was given something that is no plan, or a copy of one.
  case notAPlan
  /// `apply!` inside of a statement that is still collecting its own writes.
  case appliedInside
  case notApproved(Refusal, changes: Int)
  case writeFailed(Report)
  case interrupted(ReportCounts)
  case journal(JournalProblem)
  /// A fault of lis itself: the report does not account for every row.
  case unaccounted(ReportCounts)

  init(journal error: any Error) {
    switch error {
    case let error as EngineError: self = error
    case let problem as JournalProblem: self = .journal(problem)
    default: self = .journal(.cannotWrite(path: "", reason: "\(error)"))
    }
  }
}

/// Where a row of input came from: a line of a file, or else the statement.
public struct RowPlace: Sendable, Hashable, Codable {
  /// A file that rows were read from; nil when the row is not from a file.
  public var file: String?
  public var line: Int?
  public var statement: SourcePlace

  /// `fixes.csv:12`, or the script's own line.
  public var description: String {
    if let file, let line { return "\(file):\(line)" }
    return "\(statement.file):\(statement.line)"
  }
}

/// A row whose values the portal would not take.
public struct RowProblem: Sendable {
  public var place: RowPlace
  public var id: String?
  public var property: String
  public var reason: WireProblem
}

/// Why writing was not approved.
public enum Refusal: Sendable {
  /// No terminal to ask on and no `--apply`.
  case noTerminal
  /// Somebody was asked and did not agree.
  case declined
  case readOnly
  /// `before`: changes of the same run that were approved earlier, and sent unless planning is all.
  case unexpectedCount(expected: Int, before: Int, isPlan: Bool)
  case overMaximum(Int, before: Int, isPlan: Bool)
}

extension EngineError {
  /// What a program must not catch and go on after: somebody said no, somebody said stop, or the books do not balance.
  public var endsRun: Bool {
    switch self {
    case .notApproved, .interrupted, .journal, .unaccounted: true
    default: false
    }
  }
}

extension HubSpotError: EndingError {
  /// A request is cancelled only when the run is told to stop.
  public var endsRun: Bool { if case .cancelled = self { true } else { false } }
}
