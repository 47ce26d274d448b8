import Synchronization

/// Keeps requests within the quotas that are known: what the rate-limit headers told, what a refusal told, and the
/// searches' own limit.
///
/// Each lane is a window: so many requests in any period of such a length. A request asks when it may go, and is
/// entered at once for that moment, so that requests waiting at the same time are spread and not let through together.
final class Pace: Sendable {
  private let lanes: Mutex<[QuotaLane: PaceWindow]>

  /// - Parameter isRemote: whether the host is somebody else's. A server on loopback is the user's own, whose searches
  ///   are not held back; its refusals and headers are obeyed all the same.
  init(isRemote: Bool) {
    var lanes: [QuotaLane: PaceWindow] = [.general: PaceWindow(), .search: PaceWindow(), .associations: PaceWindow()]
    if isRemote {
      // The lowest quota that any account has, until a header tells the real one.
      lanes[.general]?.limit = 100
      // HubSpot allows five searches a second for the whole account; one is left to others.
      lanes[.search] = PaceWindow(limit: 4, period: .seconds(1))
      lanes[.associations]?.limit = 100
    }
    self.lanes = Mutex(lanes)
  }

  /// How long a request of this lane has to wait from now, which it is thereby expected to do.
  func reserve(_ lane: QuotaLane, now: Duration) -> Duration {
    lanes.withLock { $0[lane, default: PaceWindow()].reserve(now) }
  }

  /// Learns from a reply's headers. Searches carry none that are theirs.
  func learn(_ lane: QuotaLane, from response: HTTPResponse, now: Duration) {
    func number(_ name: String) -> Int? { response.header("X-HubSpot-RateLimit-" + name).flatMap { Int($0) } }
    guard lane != .search, let limit = number("Max"), limit > 0 else { return }
    let period = number("Interval-Milliseconds").map { Duration.milliseconds(max(1, min($0, 600_000))) }
    let remaining = number("Remaining")
    lanes.withLock { lanes in
      lanes[lane, default: PaceWindow()].learn(limit: limit, period: period, remaining: remaining, now: now)
    }
  }

  /// Lets nothing of this lane through for a while: one request was refused, and the others would be as well.
  func pause(_ lane: QuotaLane, until: Duration) {
    lanes.withLock { lanes in lanes[lane, default: PaceWindow()].pause(until: until) }
  }
}

/// A limit of requests in any period of a length.
struct PaceWindow: Sendable {
  /// Nil while unknown.
  var limit: Int?
  var period: Duration
  /// When the latest requests went or will go, oldest first; at most `limit` of them matter.
  private var admitted: [Duration] = []
  private var pausedUntil: Duration = .zero

  init(limit: Int? = nil, period: Duration = .seconds(10)) {
    self.limit = limit
    self.period = period
  }

  mutating func reserve(_ now: Duration) -> Duration {
    admitted.removeAll { $0 + period <= now }
    var moment = max(now, pausedUntil)
    if let limit, admitted.count >= limit { moment = max(moment, admitted[admitted.count - limit] + period) }
    if let last = admitted.last { moment = max(moment, last) }
    admitted.append(moment)
    return moment - now
  }

  mutating func learn(limit: Int, period: Duration?, remaining: Int?, now: Duration) {
    self.limit = limit
    if let period { self.period = period }
    // Others use the same quota: none is left although our own count may be low. It refills no later than a period from
    // now.
    if let remaining, remaining <= 0 { pause(until: (admitted.first ?? now) + self.period) }
  }

  mutating func pause(until: Duration) { pausedUntil = max(pausedUntil, until) }
}
