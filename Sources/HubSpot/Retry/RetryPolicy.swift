/// How often and after what wait a request is sent again.
///
/// Only what cannot do anything twice is repeated: a refusal to start (429, 423, 477) and a connection that was never
/// made for every request; a failing server and a lost reply for reads only. A write with a lost reply is the caller's
/// to judge.
public struct RetryPolicy: Sendable, Hashable {
  /// Requests sent in all, the first included.
  public var maximumAttempts: Int
  /// Upper bound of the first wait after a failure that names no wait; it doubles with every attempt.
  public var baseDelay: Duration
  /// The longest wait after a failure that names no wait.
  public var maximumDelay: Duration
  /// A server that asks for a longer wait than this is not waited for: the failure, with its `retryAfter`, goes to the
  /// caller.
  public var longestRequestedWait: Duration

  public init(
    maximumAttempts: Int = 6, baseDelay: Duration = .seconds(1), maximumDelay: Duration = .seconds(30),
    longestRequestedWait: Duration = .seconds(600)
  ) {
    self.maximumAttempts = maximumAttempts
    self.baseDelay = baseDelay
    self.maximumDelay = maximumDelay
    self.longestRequestedWait = longestRequestedWait
  }

  /// Repeats nothing.
  public static let never = RetryPolicy(maximumAttempts: 1)

  /// How long to wait before the next attempt; nil when there shall be none.
  /// - Parameters:
  ///   - attempt: how many attempts have been made, from 1.
  ///   - random: a number from 0 to below 1, which spreads the waits of many clients.
  public func delay(after error: HubSpotError, kind: OperationKind, attempt: Int, random: Double) -> Duration? {
    guard attempt < maximumAttempts, error.isRetryable(kind) else { return nil }
    let backoff = backoff(attempt) * random
    guard case .api(let failure) = error else { return backoff }
    let asked = failure.retryAfter ?? usualWait(failure, kind, attempt, random)
    let wait = max(asked, backoff, leastWait(failure))
    return wait <= longestRequestedWait ? wait : nil
  }

  /// Full jitter: a random part of a bound that doubles.
  private func backoff(_ attempt: Int) -> Duration {
    min(maximumDelay, baseDelay * (1 << min(attempt - 1, 20)))
  }

  /// A lock lasts two seconds and a migration no less, so that a shorter wait only costs another refusal, whatever the
  /// server asked for.
  private func leastWait(_ failure: APIFailure) -> Duration {
    failure.status == 423 || failure.status == 477 ? .seconds(2) : .zero
  }

  /// The wait after a refusal that names none. HubSpot's own client library waits the length of the limit's window
  /// times the attempt; up to a tenth is added, so that many waiting requests do not return in step.
  private func usualWait(_ failure: APIFailure, _ kind: OperationKind, _ attempt: Int, _ random: Double) -> Duration {
    let window: Duration =
      switch (failure.status, failure.rateLimit) {
      case (429, .secondly?): .seconds(1)
      case (429, .unnamed?): kind == .search ? .seconds(1) : .seconds(10)
      case (429, _): .seconds(10)
      // Locks last two seconds.
      case (423, _): .seconds(2)
      // A migration between data centres says how long it takes; this is for one that does not.
      case (477, _): .seconds(10)
      default: .zero
      }
    return window * attempt * (1 + random / 10)
  }
}

/// Reads the `Retry-After` header.
enum RetryAfter {
  /// Seconds. On a 429 more than 600 is taken as milliseconds unless the day is used up, since both units have been
  /// seen. Dates and other forms are ignored: HubSpot is not known to send them.
  static func read(_ header: String?, status: Int, rateLimit: RateLimit?) -> Duration? {
    guard let header, let number = Int64(header), number >= 0, number <= 100_000_000 else { return nil }
    let isMilliseconds = status == 429 && number > 600 && rateLimit != .daily
    return isMilliseconds ? .milliseconds(number) : .seconds(number)
  }
}
