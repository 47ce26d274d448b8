import Synchronization

/// Counts calls in sliding windows and refuses those over the limit.
final class RateLimiter: Sendable {
  private struct State {
    var calls: [Int64] = []
    var searches: [Int64] = []
    var today = 0
    var day: Int64 = 0
  }

  /// What the rate-limit headers say after a call.
  struct Standing: Equatable, Sendable {
    var max: Int
    var remaining: Int
    var intervalMilliseconds: Int
    var daily: Int
    var dailyRemaining: Int
  }

  /// Reported as the window's size when nothing is limited, so that a client does not slow down on its own.
  static let unlimited = 1_000_000
  static let daily = 1_000_000

  let limit: RateLimit?
  private let state = Mutex(State())

  init(_ limit: RateLimit?) { self.limit = limit }

  /// Takes one call. Searches have a limit a second of their own; exempt calls only count toward the day.
  /// - Returns: the standing for the headers; `nil` for calls that HubSpot answers without them.
  func take(_ endpoint: Endpoint?, now: Int64 = WriteClock.now()) throws(Refusal) -> Standing? {
    let outcome: Result<Standing?, Refusal> = state.withLock { state in
      let day = now / Timestamp.millisecondsPerDay
      if day != state.day { (state.day, state.today) = (day, 0) }
      state.today += 1
      if let endpoint, endpoint.isSearch { return search(&state, now) }
      if let endpoint, !endpoint.countsTowardBurst { return .success(nil) }
      return burst(&state, now)
    }
    return try outcome.get()
  }

  private func search(_ state: inout State, _ now: Int64) -> Result<Standing?, Refusal> {
    guard let limit else { return .success(nil) }
    state.searches.removeAll { $0 <= now - 1000 }
    if state.searches.count >= limit.searchesPerSecond { return .failure(.secondlyLimit) }
    state.searches.append(now)
    return .success(nil)
  }

  private func burst(_ state: inout State, _ now: Int64) -> Result<Standing?, Refusal> {
    var standing = Standing(
      max: Self.unlimited, remaining: Self.unlimited - 1, intervalMilliseconds: 10_000, daily: Self.daily,
      dailyRemaining: max(0, Self.daily - state.today))
    guard let limit else { return .success(standing) }
    state.calls.removeAll { $0 <= now - Int64(limit.intervalMilliseconds) }
    if state.calls.count >= limit.requests { return .failure(.tenSecondlyLimit) }
    state.calls.append(now)
    standing.max = limit.requests
    standing.remaining = limit.requests - state.calls.count
    standing.intervalMilliseconds = limit.intervalMilliseconds
    return .success(standing)
  }
}
