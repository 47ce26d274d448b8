import HubSpot
import LisCore
import LisSchema

/// A record that was not written, and why.
public struct RecordFailureReport: Sendable {
  public var row: Int
  public var id: String?
  public var verb: WriteVerb
  public var place: RowPlace
  /// HubSpot's words, or our own for rows that were never sent.
  public var reason: String
  public var category: String?
  public var correlationID: String?

  init(
    _ record: RecordChange, row: Int, place: RowPlace, reason: String, category: String?, correlationID: String?
  ) {
    self.row = row
    id = record.id
    verb = record.verb
    self.place = place
    self.reason = reason
    self.category = category
    self.correlationID = correlationID
  }

  init(_ row: InputRow, _ problem: RowProblem) {
    self.row = row.number
    id = row.id
    verb = row.verb
    place = row.place
    reason = "\(problem.property): \(problem.reason.message)"
    if case .ambiguousKey = problem.reason { category = "ambiguous key" } else { category = "not sent" }
    correlationID = nil
  }
}

/// planned = applied + unchanged + failed + skipped + unknown, for every run.
public struct ReportCounts: Sendable, Hashable, Codable {
  public var planned = 0
  public var applied = 0
  public var unchanged = 0
  public var failed = 0
  public var skipped = 0
  public var unknown = 0

  public init(
    planned: Int = 0, applied: Int = 0, unchanged: Int = 0, failed: Int = 0, skipped: Int = 0, unknown: Int = 0
  ) {
    self.planned = planned
    self.applied = applied
    self.unchanged = unchanged
    self.failed = failed
    self.skipped = skipped
    self.unknown = unknown
  }

  public var accounted: Int { applied + unchanged + failed + skipped + unknown }
  /// What came on top of an earlier state.
  public func since(_ before: ReportCounts) -> ReportCounts {
    ReportCounts(
      planned: planned - before.planned, applied: applied - before.applied, unchanged: unchanged - before.unchanged,
      failed: failed - before.failed, skipped: skipped - before.skipped, unknown: unknown - before.unknown)
  }

  public var isBalanced: Bool { planned == accounted }
}

/// What one statement did.
public struct Report: Sendable {
  public var planned: Int
  public var applied = 0
  public var created: [String] = []
  /// Rows that needed nothing: their record already was as wanted, or an earlier row did the same.
  public var unchanged: Int
  public var failed: [RecordFailureReport]
  /// Changed by somebody else since the plan.
  public var skipped: [RecordFailureReport] = []
  /// The reply was lost and the outcome could not be proved.
  public var unknown: [RecordFailureReport] = []
  /// Records that were never sent, because an earlier batch failed or the run was stopped.
  public var notSent = 0
  public var requests = RequestSummary()
  public var journal = ""
  public var continuesOnError: Bool
  public var isPlanOnly = false
  /// Records of the plan.
  public var records: Int
  /// Whether a record of a verb without `on error continue` failed or is unknown.
  private(set) var mustStop = false

  init(_ changes: ChangeSet) {
    planned = changes.planned
    records = changes.records.count
    unchanged = changes.unchanged
    failed = changes.refused
    continuesOnError = changes.continuesOnError
  }

  // MARK: Accounting

  /// A record that was written; rows that were merged into it needed nothing of their own.
  /// - Parameter isNew: whether the record was made, where the reply says so.
  mutating func apply(_ record: RecordChange, id: String?, isNew: Bool? = nil) {
    applied += 1
    unchanged += record.others.count
    if isNew ?? (record.verb == .create), let id { created.append(id) }
  }

  /// A record that already is what it should become.
  mutating func leave(_ record: RecordChange) { unchanged += record.rows }

  mutating func fail(_ record: RecordChange, _ reason: String, category: String?, correlation: String? = nil) {
    failed += Report.entries(record, reason, category, correlation)
    if !record.continuesOnError { mustStop = true }
  }

  mutating func skip(_ record: RecordChange, _ reason: String) {
    skipped += Report.entries(record, reason, "changed since plan", nil)
  }

  mutating func doubt(_ record: RecordChange, _ reason: String) {
    unknown += Report.entries(record, reason, "unknown", nil)
    if !record.continuesOnError { mustStop = true }
  }

  mutating func doNotSend(_ records: some Sequence<RecordChange>) {
    notSent += records.reduce(0) { $0 + $1.rows }
  }

  /// Every row of a record that was not written is named, so that a file of failures holds all of them.
  private static func entries(
    _ record: RecordChange, _ reason: String, _ category: String?, _ correlation: String?
  ) -> [RecordFailureReport] {
    ([MergedRow(row: record.row, place: record.place)] + record.others).map {
      RecordFailureReport(
        record, row: $0.row, place: $0.place, reason: reason, category: category, correlationID: correlation)
    }
  }

  public var counts: ReportCounts {
    ReportCounts(
      planned: planned, applied: applied, unchanged: unchanged, failed: failed.count,
      skipped: skipped.count + notSent, unknown: unknown.count)
  }

  /// The report as a value of the language.
  func value(on machine: Machine) -> Value {
    machine.makeRecord([
      ("planned", machine.makeNumber(planned)),
      ("applied", machine.makeNumber(applied)),
      ("unchanged", machine.makeNumber(unchanged)),
      ("failed", machine.makeList(failed.map { Report.value($0, machine) })),
      ("skipped", machine.makeList(skipped.map { Report.value($0, machine) })),
      ("unknown", machine.makeList(unknown.map { Report.value($0, machine) })),
      ("not_sent", machine.makeNumber(notSent)),
      ("created", machine.makeList(created.map { machine.makeText($0) })),
      ("requests", machine.makeNumber(requests.total)),
      ("journal", machine.makeText(journal)),
    ])
  }

  private static func value(_ failure: RecordFailureReport, _ machine: Machine) -> Value {
    let place = failure.place
    let source = machine.makeRecord([
      ("file", machine.makeText(place.file ?? place.statement.file)),
      ("line", machine.makeNumber(place.line ?? place.statement.line)),
    ])
    return machine.makeRecord([
      ("source", source),
      ("id", failure.id.map { machine.makeText($0) } ?? .null),
      ("reason", machine.makeText(failure.reason)),
      ("category", failure.category.map { machine.makeText($0) } ?? .null),
      ("correlation_id", failure.correlationID.map { machine.makeText($0) } ?? .null),
    ])
  }
}

/// Requests by what they were for.
public struct RequestSummary: Sendable, Hashable {
  public var schema = 0
  public var search = 0
  public var list = 0
  public var read = 0
  public var write = 0
  public var other = 0

  public init() {}

  /// What was sent between two readings of the client's counters.
  init(since before: RequestStatistics, until after: RequestStatistics) {
    for kind in OperationKind.allCases {
      let count = after[kind] - before[kind]
      switch kind {
      case .propertyList, .propertyRead: schema += count
      case .search: search += count
      case .list: list += count
      case .batchRead, .get: read += count
      case .create, .update, .archive, .batchCreate, .batchUpdate, .batchUpsert, .batchArchive: write += count
      default: other += count
      }
    }
  }

  public init(_ statistics: RequestStatistics) { self.init(since: RequestStatistics(), until: statistics) }

  /// What came on top of an earlier state.
  public func since(_ before: RequestSummary) -> RequestSummary {
    var rest = self
    rest.schema -= before.schema
    rest.search -= before.search
    rest.list -= before.list
    rest.read -= before.read
    rest.write -= before.write
    rest.other -= before.other
    return rest
  }

  public var total: Int { schema + search + list + read + write + other }
}

/// Sums over the statements of a run.
public struct RunTotals: Sendable {
  public private(set) var counts = ReportCounts()
  /// Statements that wrote or would have.
  public private(set) var statements = 0
  /// Records that would have been written, when planning was all.
  public private(set) var wouldChange = 0

  mutating func add(_ report: Report) {
    statements += 1
    if report.isPlanOnly {
      wouldChange += report.records
      return
    }
    let more = report.counts
    counts.planned += more.planned
    counts.applied += more.applied
    counts.unchanged += more.unchanged
    counts.failed += more.failed
    counts.skipped += more.skipped
    counts.unknown += more.unknown
  }
}
