import HubSpot
import LisEngine

/// What a run came to, as figures for logs and metrics.
public struct RunFigures: Sendable {
  public let outcome: RunOutcome
  /// Records by what became of them; under `plan`, those that would change.
  public let records: [(name: String, count: Int)]
  public let requests: Int
  public let retries: Int

  init(_ outcome: RunOutcome, totals: RunTotals?, requests: RequestStatistics?) {
    self.outcome = outcome
    let counts = totals?.counts ?? ReportCounts()
    records = [
      ("planned", counts.planned), ("applied", counts.applied), ("unchanged", counts.unchanged),
      ("failed", counts.failed), ("skipped", counts.skipped), ("unknown", counts.unknown),
      ("would_change", totals?.wouldChange ?? 0),
    ]
    self.requests = requests?.totalRequests ?? 0
    retries = requests?.totalRetries ?? 0
  }
}
