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
  let limiter: QuotaLimiter
  let retryBudget = Mutex(RetryBudget())
  private let counts = Mutex(RequestStatistics())

  public init(_ configuration: ClientConfiguration) {
    self.configuration = configuration
    self.paths = PathBuilder(version: configuration.version)
    self.clock = RequestClock(configuration.clock)
    let isRemote = !configuration.baseURL.isLiteralLoopback
    let store = configuration.quotas ?? LocalQuotas(clock: clock, isRemote: isRemote)
    self.limiter = QuotaLimiter(store: store, clock: clock, date: configuration.date)
  }

  /// How many requests have been sent so far.
  public var statistics: RequestStatistics { counts.withLock { $0 } }

  /// How many requests of a pool should be under way at once for its quota to be used up, as far as latencies are known.
  public func usefulConcurrency(_ pool: QuotaPool) -> Int {
    max(1, min(limiter.usefulConcurrency(pool), configuration.concurrencyLimit))
  }

  /// What is known of the account's quotas at this moment.
  public var quotas: QuotaState { limiter.store.update { $0 } }

  /// What so many more requests would take, before any of them is sent.
  public func forecast(_ requests: Int) -> QuotaForecast {
    quotas.forecast(requests, now: limiter.store.now(), date: configuration.date())
  }

  func count(_ kind: OperationKind, isRetry: Bool) {
    counts.withLock { $0.count(kind, isRetry: isRetry) }
    RequestTally.current?.count(kind, isRetry: isRetry)
  }
}
