import Synchronization

/// HubSpot: a connection to one account.
///
/// The client is a library of its own: records go in and come out as plain structures or as the caller's own values
/// (see `BodySink`). What enters is a configuration and typed requests; what leaves are answers and `HubSpotError`,
/// nothing else. The operations are in extensions beside what they work on: objects, search, batches, associations,
/// properties, account.
///
/// A client may be used from any number of tasks at once. Retries and the known quotas are its own affair.
public final class HubSpotClient: Sendable {
  /// What the client was made with.
  public let configuration: ClientConfiguration
  let paths: PathBuilder
  let clock: RequestClock
  let pace: Pace
  private let counts = Mutex(RequestStatistics())

  public init(_ configuration: ClientConfiguration) {
    self.configuration = configuration
    self.paths = PathBuilder(version: configuration.version)
    self.clock = RequestClock(configuration.clock)
    self.pace = Pace(isRemote: !configuration.baseURL.isLiteralLoopback)
  }

  /// How many requests have been sent so far.
  public var statistics: RequestStatistics { counts.withLock { $0 } }

  func count(_ kind: OperationKind, isRetry: Bool) { counts.withLock { $0.count(kind, isRetry: isRetry) } }
}
