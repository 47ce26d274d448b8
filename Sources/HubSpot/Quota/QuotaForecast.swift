/// What so many requests mean for an account, as far as its replies have told its quotas.
public struct QuotaForecast: Sendable, Hashable {
  /// How many requests, all of the pool that is counted in ten seconds.
  public let requests: Int
  /// How long they take at the least, because of the quota; nil where no quota is known.
  public let duration: Duration?
  /// Requests in one period, and the period; nil where no quota is known.
  public let pace: Pace?
  /// What was left of the day at the latest reply; nil where that is not known, as with OAuth apps.
  public let leftToday: Int?

  public struct Pace: Sendable, Hashable {
    public let limit: Int
    public let period: Duration
  }

  /// Whether they are more than what is left of the day.
  public var exceedsToday: Bool { leftToday.map { $0 < requests } ?? false }
}

extension QuotaState {
  /// What the server told of the day is taken for true that long; a day may have ended since. Seconds.
  private static let freshness: Int64 = 600

  /// - Parameters:
  ///   - now: time of the store that holds the state.
  ///   - date: seconds since 1970.
  public func forecast(_ requests: Int, now: Duration, date: Int64) -> QuotaForecast {
    let window = self[.burst]
    var pace: QuotaForecast.Pace?
    var duration: Duration?
    if let limit = window.limit, let free = window.free(at: now) {
      pace = QuotaForecast.Pace(limit: limit, period: window.period)
      // Those that are free now leave at once, all others at the pace of the limit.
      duration = window.period * max(0, requests - free) / max(1, limit)
    }
    let left = daily.flatMap { day in abs(date - day.seenAt) <= QuotaState.freshness ? day.remaining : nil }
    return QuotaForecast(requests: requests, duration: duration, pace: pace, leftToday: left)
  }
}
