import Synchronization

/// How many requests a client has sent, by what they did. A retry is a request too, and counted as both.
public struct RequestStatistics: Sendable, Hashable {
  /// Requests handed to the transport, retries included.
  public private(set) var requests: [OperationKind: Int] = [:]
  /// How many of them repeated an earlier one.
  public private(set) var retries: [OperationKind: Int] = [:]

  public init() {}

  /// Requests of every kind, retries included.
  public var totalRequests: Int { requests.values.reduce(0, +) }
  /// Retries of every kind.
  public var totalRetries: Int { retries.values.reduce(0, +) }

  /// Requests of one kind, retries included.
  public subscript(kind: OperationKind) -> Int { requests[kind] ?? 0 }

  mutating func count(_ kind: OperationKind, isRetry: Bool) {
    requests[kind, default: 0] += 1
    if isRetry { retries[kind, default: 0] += 1 }
  }
}

/// Counts the requests of some tasks apart, whichever client sends them.
public final class RequestTally: Sendable {
  private let counts = Mutex(RequestStatistics())

  public init() {}

  /// What has been counted so far.
  public var statistics: RequestStatistics { counts.withLock { $0 } }

  /// The tally of the current task; nil for none.
  @TaskLocal public static var current: RequestTally?

  func count(_ kind: OperationKind, isRetry: Bool) { counts.withLock { $0.count(kind, isRetry: isRetry) } }
}
