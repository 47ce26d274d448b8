import Synchronization

/// Lets requests through at the pace that the quotas allow, those that somebody waits for first.
///
/// Requests of one pool and priority go in the order in which they came: one asks the store, and the others wait until
/// it has been let through. Between processes the store decides.
final class QuotaLimiter: Sendable {
  let store: any QuotaStore
  private let clock: RequestClock
  private let date: @Sendable () -> Int64
  private let gates: [Gate: Turnstile]
  private let tickets = Atomic<UInt64>(UInt64.random(in: 1...(.max / 2)))
  private let latency = Mutex(Latency())

  private struct Gate: Hashable {
    var pool: QuotaPool
    var priority: RequestPriority
  }

  /// A place in a pool that one request has.
  struct Ticket: Sendable {
    let pool: QuotaPool
    let number: UInt64
    let admittedAt: Duration
  }

  /// - Parameter date: seconds since 1970.
  init(store: any QuotaStore, clock: RequestClock, date: @escaping @Sendable () -> Int64) {
    self.store = store
    self.clock = clock
    self.date = date
    let all = QuotaPool.allCases.flatMap { pool in RequestPriority.allCases.map { Gate(pool: pool, priority: $0) } }
    gates = Dictionary(uniqueKeysWithValues: all.map { ($0, Turnstile()) })
  }

  /// Waits until a request may leave. Throws `CancellationError` and nothing else.
  func admit(_ pool: QuotaPool) async throws -> Ticket {
    let priority = RequestPriority.current
    let number = tickets.wrappingAdd(1, ordering: .relaxed).newValue
    let gate = gates[Gate(pool: pool, priority: priority)]
    try await gate?.enter()
    defer { gate?.leave() }
    while true {
      try Task.checkCancellation()
      let now = store.now()
      guard let wait = store.update({ $0[pool].admit(number, priority, now: now) }) else {
        return Ticket(pool: pool, number: number, admittedAt: clock.now())
      }
      RequestWaits.current?.tell(.quota(pool), wait)
      try await clock.sleep(wait)
    }
  }

  /// The reply of a request: its place becomes free in time, and its headers are heeded.
  func settle(_ ticket: Ticket, _ response: HTTPResponse) {
    let now = store.now()
    latency.withLock { $0.add(clock.now() - ticket.admittedAt) }
    store.update { state in
      state[ticket.pool].settle(ticket.number, now: now)
      state.learn(ticket.pool, from: response, now: now, date: date())
    }
  }

  /// A request without a reply.
  func settle(_ ticket: Ticket, wasSent: Bool) {
    let now = store.now()
    store.update { state in
      if wasSent {
        state[ticket.pool].settle(ticket.number, now: now)
      } else {
        state[ticket.pool].giveBack(ticket.number)
      }
    }
  }

  /// Nothing of this pool leaves for so long.
  func pause(_ pool: QuotaPool, for duration: Duration) {
    let until = store.now() + duration
    store.update { $0[pool].pause(until: until) }
  }

  /// How many requests of a pool have to be under way at once for the quota to be used up: the latency times the rate
  /// (Little's law), and half as many again, since latencies vary.
  func usefulConcurrency(_ pool: QuotaPool) -> Int {
    let window = store.update { $0[pool] }
    let latency = latency.withLock { $0.average }
    guard let limit = window.limit, let latency else { return QuotaLimiter.usualConcurrency }
    let underWay = Double(limit) * (latency / window.period)
    return max(2, Int(min(underWay * 1.5, 1_000)) + 1)
  }

  /// Before anything has been measured, and where nothing limits.
  static let usualConcurrency = 4
}

/// The average time from leaving to reply, in which later requests count more.
private struct Latency {
  private(set) var average: Duration?

  mutating func add(_ duration: Duration) {
    guard let average else {
      average = duration
      return
    }
    self.average = average + (duration - average) / 8
  }
}
