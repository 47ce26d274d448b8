import Synchronization

/// Counts calls in sliding windows and refuses those over the limit. A call counts at the moment its head arrived.
final class RateLimiter: Sendable {
  private struct State {
    var calls: SlidingWindow
    var searches = SlidingWindow(length: 1_000_000)
    var today = 0
    var day: Int64 = 0
  }

  /// What the rate-limit headers say after a call.
  struct Standing: Equatable, Sendable {
    var max: Int
    var remaining: Int
    var intervalMilliseconds: Int
    /// `nil` for calls that have no daily limit.
    var daily: Daily?

    struct Daily: Equatable, Sendable {
      var max: Int
      var remaining: Int
    }
  }

  /// Reported as the window's size when nothing is limited, so that a client does not slow down on its own.
  static let unlimited = 1_000_000

  let limit: RateLimit?
  private let state: Mutex<State>

  init(_ limit: RateLimit?) {
    self.limit = limit
    state = Mutex(State(calls: SlidingWindow(length: Int64(limit?.intervalMilliseconds ?? 10_000) * 1000)))
  }

  /// Takes one call. Searches have a limit a second of their own; exempt calls only count toward the day.
  /// - Parameters:
  ///   - arrival: epoch microseconds.
  ///   - isOAuth: calls with OAuth tokens have no daily limit.
  /// - Returns: the standing for the headers; `nil` for calls that HubSpot answers without them.
  func take(_ endpoint: Endpoint?, arrival: Int64, isOAuth: Bool = false) throws(Refusal) -> Standing? {
    let outcome: Result<Standing?, Refusal> = state.withLock { state in
      let day = arrival / (Timestamp.millisecondsPerDay * 1000)
      if day != state.day { (state.day, state.today) = (day, 0) }
      let daily = limit?.daily ?? Self.unlimited
      if !isOAuth {
        if limit != nil, state.today >= daily { return .failure(.dailyLimit) }
        state.today += 1
      }
      if let endpoint, endpoint.isSearch { return search(&state, arrival) }
      if let endpoint, !endpoint.countsTowardBurst { return .success(nil) }
      let left = Standing.Daily(max: daily, remaining: max(0, daily - state.today))
      return burst(&state, arrival, isOAuth ? nil : left)
    }
    return try outcome.get()
  }

  private func search(_ state: inout State, _ arrival: Int64) -> Result<Standing?, Refusal> {
    guard let limit else { return .success(nil) }
    if state.searches.count(endingAt: arrival) >= limit.searchesPerSecond { return .failure(.secondlyLimit) }
    state.searches.insert(arrival)
    return .success(nil)
  }

  private func burst(
    _ state: inout State, _ arrival: Int64, _ daily: Standing.Daily?
  ) -> Result<Standing?, Refusal> {
    guard let limit else {
      return .success(
        Standing(max: Self.unlimited, remaining: Self.unlimited - 1, intervalMilliseconds: 10_000, daily: daily))
    }
    let taken = state.calls.count(endingAt: arrival)
    if taken >= limit.requests { return .failure(.tenSecondlyLimit) }
    state.calls.insert(arrival)
    return .success(
      Standing(
        max: limit.requests, remaining: limit.requests - taken - 1, intervalMilliseconds: limit.intervalMilliseconds,
        daily: daily))
  }
}
