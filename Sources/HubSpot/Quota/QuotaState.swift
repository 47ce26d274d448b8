/// All that is known of one account's quotas: a value, so that it can be kept in this process or shared by several.
public struct QuotaState: Sendable, Hashable {
  /// By pool; every pool has one.
  public private(set) var windows: [QuotaPool: QuotaWindow]
  /// Nil until a reply told it.
  public var daily: DailyQuota?

  /// Requests in ten seconds that every account has, reckoned with until a header tells the real number.
  static let lowestBurst = 100
  /// HubSpot allows five searches a second for the whole account, and no header counts them; one is left to others.
  static let searches = QuotaWindow(limit: 4, period: .seconds(1))

  /// - Parameter isRemote: whether the host is somebody else's. A server on loopback is the user's own and is not held
  ///   back before it says that it has a limit.
  public init(isRemote: Bool) {
    windows = [
      .burst: QuotaWindow(limit: isRemote ? QuotaState.lowestBurst : nil),
      .associations: QuotaWindow(limit: isRemote ? QuotaState.lowestBurst : nil),
      .search: isRemote ? QuotaState.searches : QuotaWindow(period: .seconds(1)),
    ]
  }

  init(windows: [QuotaPool: QuotaWindow], daily: DailyQuota?) {
    self.windows = windows
    self.daily = daily
  }

  subscript(pool: QuotaPool) -> QuotaWindow {
    get { windows[pool] ?? QuotaWindow() }
    set { windows[pool] = newValue }
  }

  /// Learns from a reply's headers. Searches carry none that are theirs.
  /// - Parameter date: seconds since 1970.
  mutating func learn(_ pool: QuotaPool, from response: HTTPResponse, now: Duration, date: Int64) {
    func number(_ name: String) -> Int? {
      response.header("X-HubSpot-RateLimit-" + name).flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
    if let limit = number("Daily"), let remaining = number("Daily-Remaining"), limit > 0 {
      daily = DailyQuota(limit: limit, remaining: min(remaining, limit), seenAt: date)
    }
    guard pool != .search, let limit = number("Max"), limit > 0 else { return }
    let period = number("Interval-Milliseconds").map { Duration.milliseconds(max(1, min($0, 600_000))) }
    self[pool].learn(limit: limit, period: period, remaining: number("Remaining"), now: now)
    // A server that limits requests limits searches as well, and one that does not, does not.
    let isLimited = limit <= QuotaWindow.meaninglessLimit
    if isLimited ? self[.search].limit == nil : !self[.search].isUnlimited {
      self[.search].assume(limit: isLimited ? QuotaState.searches.limit : nil, period: QuotaState.searches.period)
    }
  }
}
