/// A limit of requests in any period of a length, kept so that a server which counts arrivals can never count more.
///
/// When a request arrives at the server is not known here: it is some moment between the request's leaving and its
/// reply. A place is therefore taken from the moment of leaving until a whole period after the reply. Of any two
/// requests that use the same place the second then leaves a period after the first arrived, at the least, so that no
/// window of that length, wherever it lies, holds more arrivals than there are places. That costs the share of a
/// latency in a period: one per cent at 100 ms and ten seconds.
public struct QuotaWindow: Sendable, Hashable {
  /// The longest time to the server that is reckoned with. A reply that takes longer does so because the server works,
  /// and the place is not kept for that.
  static let longestWay = Duration.milliseconds(400)
  /// A limit above this is none: no account has it, and a server says so that does not limit at all.
  static let meaninglessLimit = 10_000
  /// Requests remembered while no limit is known, so that they count when one becomes known.
  private static let remembered = 1_000
  /// Every so many places, one is kept for requests that somebody waits for.
  private static let reservedShare = 100

  /// One request, or one that others sent within the same quota.
  struct Place: Sendable, Hashable {
    var ticket: UInt64
    var freeAt: Duration
  }

  /// Nil while unknown, and when there is no limit.
  public private(set) var limit: Int?
  /// The server has said that there is no limit.
  private(set) var isUnlimited = false
  public private(set) var period: Duration
  private(set) var places: [Place] = []
  private(set) var pausedUntil: Duration = .zero
  /// Until when bulk requests stand back, because somebody waits.
  private(set) var interactiveUntil: Duration = .zero

  public init(limit: Int? = nil, period: Duration = .seconds(10)) {
    self.limit = limit
    self.period = period
  }

  init(
    limit: Int?, isUnlimited: Bool, period: Duration, places: [Place], pausedUntil: Duration, interactiveUntil: Duration
  ) {
    self.limit = limit
    self.isUnlimited = isUnlimited
    self.period = period
    self.places = places
    self.pausedUntil = pausedUntil
    self.interactiveUntil = interactiveUntil
  }

  /// How many requests may leave at this moment; nil for any number.
  public func free(at now: Duration) -> Int? {
    guard let limit else { return nil }
    return now < pausedUntil ? 0 : max(0, limit - places.count { $0.freeAt > now })
  }

  /// Takes a place for a request that leaves now, or says how long to wait before asking again.
  mutating func admit(_ ticket: UInt64, _ priority: RequestPriority, now: Duration) -> Duration? {
    places.removeAll { $0.freeAt <= now }
    if let wait = wait(priority, now) {
      // For a moment longer than the wait, so that the bulk of other processes does not snatch the place.
      if priority == .interactive { interactiveUntil = max(interactiveUntil, now + wait + .milliseconds(50)) }
      return wait
    }
    if priority == .interactive { interactiveUntil = .zero }
    if !isUnlimited {
      if limit == nil && places.count >= QuotaWindow.remembered { places.removeFirst() }
      places.append(Place(ticket: ticket, freeAt: now + QuotaWindow.longestWay + period))
    }
    return nil
  }

  private func wait(_ priority: RequestPriority, _ now: Duration) -> Duration? {
    var moment = max(now, pausedUntil)
    if priority == .bulk { moment = max(moment, interactiveUntil) }
    if let limit {
      let reserved = priority == .bulk ? limit / QuotaWindow.reservedShare : 0
      let excess = places.count - (max(1, limit - reserved) - 1)
      // As many places as are too many must become free first.
      if excess > 0 { moment = max(moment, places.map(\.freeAt).sorted()[excess - 1]) }
    }
    return moment > now ? moment - now : nil
  }

  /// The reply is there, or the request failed in a way that leaves open whether it arrived.
  mutating func settle(_ ticket: UInt64, now: Duration) {
    guard let index = places.firstIndex(where: { $0.ticket == ticket }) else { return }
    places[index].freeAt = min(places[index].freeAt, now + period)
  }

  /// The request never left.
  mutating func giveBack(_ ticket: UInt64) { places.removeAll { $0.ticket == ticket } }

  /// Takes over what the server says about the window.
  /// - Parameter remaining: what is left after the request that was just answered. When the server has counted more
  ///   than is known here, others use the same quota, and their requests take places too.
  mutating func learn(limit newLimit: Int, period newPeriod: Duration?, remaining: Int?, now: Duration) {
    if let newPeriod { period = newPeriod }
    isUnlimited = newLimit > QuotaWindow.meaninglessLimit
    limit = isUnlimited ? nil : newLimit
    if isUnlimited { places = [] }
    guard !isUnlimited else { return }
    places.removeAll { $0.freeAt <= now }
    guard let remaining else { return }
    let counted = newLimit - min(max(0, remaining), newLimit)
    for _ in 0..<max(0, counted - places.count) { places.append(Place(ticket: 0, freeAt: now + period)) }
  }

  /// A limit that is known without the server's saying so.
  mutating func assume(limit: Int?, period: Duration) {
    self.limit = limit
    self.period = period
    isUnlimited = limit == nil
    if isUnlimited { places = [] }
  }

  /// Lets nothing through for a while: one request was refused, and the others would be as well.
  mutating func pause(until: Duration) { pausedUntil = max(pausedUntil, until) }
}
