import Synchronization
import TestSupport
import Testing

@testable import HubSpot

@Suite("Quotas")
struct QuotaTests {
  private static let empty = #"{"results":[]}"#

  private func answers(_ count: Int, _ headers: [String: String] = [:]) -> FakeTransport {
    FakeTransport(Array(repeating: .reply(200, QuotaTests.empty, headers), count: count))
  }

  private func limit(_ max: Int, remaining: Int? = nil) -> [String: String] {
    var headers = ["X-HubSpot-RateLimit-Max": "\(max)", "X-HubSpot-RateLimit-Interval-Milliseconds": "10000"]
    headers["X-HubSpot-RateLimit-Remaining"] = remaining.map { "\($0)" }
    return headers
  }

  @Test("four searches a second on a remote host")
  func remoteSearches() async throws {
    let clock = ManualClock()
    let client = try makeClient(answers(9), base: "https://api.hubapi.com", clock: clock)
    for _ in 0..<9 { _ = try await client.searchPage(SearchRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps == [.seconds(1), .seconds(1)])
  }

  @Test("a server on loopback is not held back before it says that it has a limit")
  func loopback() async throws {
    let clock = ManualClock()
    let transport = FakeTransport(
      Array(repeating: .reply(200, Self.empty), count: 50) + [.reply(200, Self.empty, limit(190))]
        + Array(repeating: .reply(200, Self.empty), count: 5))
    let client = try makeClient(transport, clock: clock)
    for _ in 0..<50 { _ = try await client.searchPage(SearchRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps.isEmpty)
    _ = try await client.listPage(ListRequest(type: .deals, properties: []))
    // The searches that went before count, now that there is a limit.
    for _ in 0..<5 { _ = try await client.searchPage(SearchRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps == [.seconds(1), .seconds(1)])
  }

  @Test("a server that says it limits nothing is taken at its word")
  func unlimited() async throws {
    let clock = ManualClock()
    let client = try makeClient(
      answers(500, limit(1_000_000, remaining: 999_999)), base: "https://api.hubapi.com", clock: clock)
    for _ in 0..<500 { _ = try await client.listPage(ListRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps.isEmpty)
    #expect(client.quotas[.burst].free(at: .zero) == nil)
  }

  @Test("the window of the headers is kept")
  func headers() async throws {
    let clock = ManualClock()
    let client = try makeClient(answers(7, limit(3)), clock: clock)
    for _ in 0..<7 { _ = try await client.listPage(ListRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps == [.seconds(10), .seconds(10)])
  }

  @Test("what others use of the quota takes places")
  func others() async throws {
    let clock = ManualClock()
    let transport = FakeTransport(
      [.reply(200, Self.empty, limit(5, remaining: 1))] + Array(repeating: .reply(200, Self.empty), count: 2))
    let client = try makeClient(transport, clock: clock)
    for _ in 0..<3 { _ = try await client.listPage(ListRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps == [.seconds(10)])
  }

  @Test("nothing remaining holds the next request back although the own count is low")
  func nothingRemaining() async throws {
    let clock = ManualClock()
    let transport = FakeTransport([.reply(200, Self.empty, limit(100, remaining: 0)), .reply(200, Self.empty)])
    let client = try makeClient(transport, clock: clock)
    for _ in 0..<2 { _ = try await client.listPage(ListRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps == [.seconds(10)])
  }

  @Test("senseless headers are ignored", arguments: ["-1", "0", "many", ""])
  func senseless(_ limit: String) async throws {
    let clock = ManualClock()
    let client = try makeClient(
      answers(5, ["X-HubSpot-RateLimit-Max": limit, "X-HubSpot-RateLimit-Remaining": "-7"]), clock: clock)
    for _ in 0..<5 { _ = try await client.listPage(ListRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps.isEmpty)
  }

  @Test("the day's quota is remembered, and searches tell it as well")
  func daily() async throws {
    let headers = ["X-HubSpot-RateLimit-Daily": "1000", "X-HubSpot-RateLimit-Daily-Remaining": "41"]
    let client = try makeClient(answers(1, headers))
    #expect(client.quotas.daily == nil)
    _ = try await client.searchPage(SearchRequest(type: .deals, properties: []))
    #expect(client.quotas.daily?.limit == 1000)
    #expect(client.quotas.daily?.remaining == 41)
  }

  // MARK: The window

  @Test("a place is taken from leaving until a period after the reply, or after the longest way")
  func places() {
    var window = QuotaWindow(limit: 1, period: .seconds(10))
    #expect(window.admit(1, .interactive, now: .zero) == nil)
    window.settle(1, now: .milliseconds(80))
    #expect(window.admit(2, .interactive, now: .seconds(10)) == .milliseconds(80))
    #expect(window.admit(2, .interactive, now: .milliseconds(10_080)) == nil)
    // A reply that takes seconds: the server worked, and the request arrived long before.
    window.settle(2, now: .seconds(15))
    #expect(window.admit(3, .interactive, now: .seconds(15)) == .milliseconds(5_480))
  }

  @Test("a request that never left gives its place back")
  func givenBack() {
    var window = QuotaWindow(limit: 1, period: .seconds(10))
    #expect(window.admit(1, .interactive, now: .zero) == nil)
    window.giveBack(1)
    #expect(window.admit(2, .interactive, now: .zero) == nil)
  }

  @Test("bulk leaves a place, and stands back while somebody waits")
  func priorities() {
    var window = QuotaWindow(limit: 100, period: .seconds(10))
    for ticket in 0..<99 { #expect(window.admit(UInt64(ticket), .bulk, now: .zero) == nil) }
    #expect(window.admit(200, .bulk, now: .zero) != nil)
    #expect(window.admit(201, .interactive, now: .zero) == nil)
    let wait = window.admit(202, .interactive, now: .seconds(1))
    #expect(wait == .milliseconds(9_400))
    // Places are free at 10.4 s, and the one who waits comes first.
    #expect(window.admit(203, .bulk, now: .milliseconds(10_410)) != nil)
    #expect(window.admit(202, .interactive, now: .milliseconds(10_410)) == nil)
    #expect(window.admit(203, .bulk, now: .milliseconds(10_411)) == nil)
  }

  @Test("a refusal holds back the requests beside it")
  func refusal() {
    var state = QuotaState(isRemote: false)
    state[.burst].pause(until: .seconds(10))
    #expect(state[.burst].admit(1, .interactive, now: .seconds(4)) == .seconds(6))
    #expect(state[.search].admit(1, .interactive, now: .seconds(4)) == nil)
    #expect(state[.associations].admit(1, .interactive, now: .seconds(4)) == nil)
  }

  @Test("whatever the latencies, no window of the server holds more than the limit", arguments: 0..<20)
  func neverOver(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let limit = Int.random(in: 1...40, using: &random)
    let period = Duration.seconds(10)
    var window = QuotaWindow(limit: limit, period: period)
    var now = Duration.zero
    var arrivals: [Duration] = []
    var open: [(ticket: UInt64, replyAt: Duration)] = []
    for ticket in 0..<UInt64(limit * 30) {
      while true {
        for item in open where item.replyAt <= now { window.settle(item.ticket, now: item.replyAt) }
        open.removeAll { $0.replyAt <= now }
        let priority: RequestPriority = Bool.random(using: &random) ? .bulk : .interactive
        guard let wait = window.admit(ticket, priority, now: now) else { break }
        let nextReply = open.map(\.replyAt).min() ?? now + wait
        now = min(now + wait, max(nextReply, now + .milliseconds(1)))
      }
      let way = Duration.milliseconds(Int.random(in: 0...399, using: &random))
      let work = Duration.milliseconds(Int.random(in: 0...3_000, using: &random))
      arrivals.append(now + way)
      open.append((ticket, now + way + work))
      now += .milliseconds(Int.random(in: 0...40, using: &random))
    }
    arrivals.sort()
    for index in arrivals.indices.dropFirst(limit) {
      #expect(arrivals[index] - arrivals[index - limit] >= period, "seed \(seed)")
    }
  }

  @Test("the state survives its encoding, and anything else is refused")
  func encoding() {
    var state = QuotaState(isRemote: true)
    for ticket in 0..<7 { _ = state[.burst].admit(UInt64(ticket) << 40, .bulk, now: .milliseconds(ticket)) }
    _ = state[.search].admit(9, .interactive, now: .seconds(5))
    state[.associations].pause(until: .seconds(77))
    state.daily = DailyQuota(limit: 250_000, remaining: 12, seenAt: 1_795_000_000)
    #expect(QuotaState(bytes: state.bytes) == state)
    for length in 0..<state.bytes.count { #expect(QuotaState(bytes: Array(state.bytes.prefix(length))) == nil) }
    var random = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      var bytes = state.bytes
      bytes[Int.random(in: bytes.indices, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      // Some changes give another state that is one; none may do harm.
      if var other = QuotaState(bytes: bytes) { _ = other[.burst].admit(1, .bulk, now: .seconds(1)) }
    }
  }

  // MARK: Turns

  @Test("one at a time, in order, and a cancelled one leaves the queue")
  func turnstile() async throws {
    let turnstile = Turnstile()
    try await turnstile.enter()
    let cancelled = Task { try await turnstile.enter() }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    let next = Task { try await turnstile.enter() }
    turnstile.leave()
    try await next.value
    turnstile.leave()
    try await turnstile.enter()
  }

  @Test("a task that is cancelled while the quota makes it wait takes no place")
  func cancelledWait() async throws {
    let transport = answers(3, limit(1))
    let client = try makeClient(transport, clock: ContinuousClock())
    _ = try await client.listPage(ListRequest(type: .deals, properties: []))
    let waiting = Task { await failure { () async throws(HubSpotError) in try await client.account() } }
    waiting.cancel()
    #expect(await waiting.value == .cancelled(maybeSent: false))
    #expect(transport.requests.count == 1)
  }

  @Test("as many at once as the latency and the rate ask for")
  func concurrency() async throws {
    let clock = ManualClock()
    let client = try makeClient(answers(1, limit(190, remaining: 189)), clock: clock)
    #expect(client.usefulConcurrency(.burst) == QuotaLimiter.usualConcurrency)
    _ = try await client.listPage(ListRequest(type: .deals, properties: []))
    #expect(client.usefulConcurrency(.burst) == 2)
  }

  @Test("what requests would take is known from the quotas before they are sent")
  func forecast() async throws {
    let clock = ManualClock()
    let daily = limit(10, remaining: 9).merging(
      ["X-HubSpot-RateLimit-Daily": "500", "X-HubSpot-RateLimit-Daily-Remaining": "40"]) { $1 }
    let client = try makeClient(answers(1, daily), base: "https://api.hubapi.com", clock: clock)
    #expect(client.forecast(300).leftToday == nil)
    #expect(client.forecast(300).pace?.limit == 100 && client.forecast(300).duration == .seconds(20))
    _ = try await client.listPage(ListRequest(type: .deals, properties: []))
    // Nine are free at once, the others come at ten in ten seconds.
    let forecast = client.forecast(39)
    #expect(forecast.duration == .seconds(30) && forecast.leftToday == 40 && !forecast.exceedsToday)
    #expect(client.forecast(41).exceedsToday)
    #expect(client.forecast(5).duration == .zero)
  }

  @Test("what the server told of a day long ago is no forecast")
  func oldDay() {
    var state = QuotaState(isRemote: false)
    state.daily = DailyQuota(limit: 10, remaining: 1, seenAt: 1_000)
    #expect(state.forecast(5, now: .zero, date: 1_100).exceedsToday)
    #expect(!state.forecast(5, now: .zero, date: 1_000 + 86_400).exceedsToday)
    #expect(state.forecast(5, now: .zero, date: 1_100).duration == nil)
  }

  @Test("whoever waits for requests is told what they wait for")
  func waits() async throws {
    let clock = ManualClock()
    let transport = FakeTransport([.reply(503)] + Array(repeating: .reply(200, Self.empty, limit(3)), count: 5))
    let client = try makeClient(transport, clock: clock, retry: RetryPolicy())
    let heard = Mutex<[RequestWait]>([])
    try await RequestWaits.$current.withValue(RequestWaits { wait in heard.withLock { $0.append(wait) } }) {
      for _ in 0..<4 { _ = try await client.listPage(ListRequest(type: .deals, properties: [])) }
    }
    let waits = heard.withLock { $0 }
    guard case .retry(attempt: 1, let reason)? = waits.first?.reason else {
      Issue.record("\(waits)")
      return
    }
    #expect(reason.contains("503") && waits.count > 1 && waits.map(\.duration) == clock.sleeps)
    #expect(waits.dropFirst().allSatisfy { $0.reason == .quota(.burst) })
  }
}
