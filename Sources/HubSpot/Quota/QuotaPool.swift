/// HubSpot counts searches and the association batches apart from everything else.
public enum QuotaPool: String, Sendable, Hashable, CaseIterable {
  /// Everything that is not exempt: a number of requests in any ten seconds, for each app.
  case burst
  /// Searches: a number in any second, for the whole account and all its apps.
  case search
  /// Association batches and labels, which have a ten-second limit of their own.
  case associations
}

/// Who waits when there is not enough for all.
public enum RequestPriority: Int, Sendable, Hashable, Comparable, CaseIterable {
  /// Work of a run, which nobody watches request by request.
  case bulk
  /// Somebody waits for the answer.
  case interactive

  public static func < (left: RequestPriority, right: RequestPriority) -> Bool { left.rawValue < right.rawValue }

  /// The priority of requests sent by the current task.
  @TaskLocal public static var current: RequestPriority = .interactive
}

extension OperationKind {
  /// The quota that the request counts against.
  var pool: QuotaPool {
    switch self {
    case .search: .search
    case .associationBatchRead, .associationLabels, .associationBatchCreate, .associationBatchArchive: .associations
    default: .burst
    }
  }
}
