import Testing

@testable import HubSpot

@Suite("Retries on a clock that is not real")
struct RetryTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let kind: Kind
    let answers: [FakeTransport.Answer]
    /// Milliseconds slept between attempts, with chance at one half.
    let sleeps: [Int]
    let succeeds: Bool
    /// What is left of the retry quota of 500 afterwards.
    let left: Int
    var testDescription: String { name }
    enum Kind { case get, search, create, batchUpdate }

    init(
      _ name: String, _ kind: Kind, _ answers: [FakeTransport.Answer], _ sleeps: [Int], succeeds: Bool, left: Int = 500
    ) {
      self.name = name
      self.kind = kind
      self.answers = answers
      self.sleeps = sleeps
      self.succeeds = succeeds
      self.left = left
    }
  }

  static let good = FakeTransport.Answer.reply(200, #"{"id":"1","results":[]}"#)
  static let tenSecondly = FakeTransport.Answer.reply(429, #"{"policyName":"TEN_SECONDLY_ROLLING"}"#)
  static let secondly = FakeTransport.Answer.reply(429, #"{"message":"You have reached your secondly limit."}"#)
  static let refused = FakeTransport.Answer.failure(.notSent(.connection, detail: ""))
  static let lost = FakeTransport.Answer.failure(.maybeSent(.connectionLost, detail: ""))

  static func busy(_ status: Int, after: String) -> FakeTransport.Answer { .reply(status, "", ["Retry-After": after]) }

  static let rows: [Row] = [
    Row("503, 503, 200 of a read", .get, [.reply(503), .reply(503), good], [500, 1_000], succeeds: true, left: 495),
    Row("503 of a write", .create, [.reply(503), good], [], succeeds: false),
    Row(
      "six attempts at most", .get, Array(repeating: .reply(500), count: 9), [500, 1_000, 2_000, 4_000, 8_000],
      succeeds: false, left: 475),
    Row(
      "504 and a lost reply of a search", .search, [.reply(504), lost, good], [500, 1_000], succeeds: true, left: 495),
    Row("lost reply of a create", .create, [lost, good], [], succeeds: false),
    Row("lost reply of a batch update", .batchUpdate, [lost, good], [], succeeds: false),
    Row("no connection for a create", .create, [refused, refused, good], [500, 1_000], succeeds: true, left: 490),
    Row("wrong certificate", .get, [.failure(.notSent(.certificate, detail: "")), good], [], succeeds: false),
    Row(
      "ten-second limit of a write", .batchUpdate, [tenSecondly, tenSecondly, good], [10_500, 21_000], succeeds: true),
    Row("search limit", .search, [secondly, secondly, good], [1_050, 2_100], succeeds: true),
    Row("unnamed limit of a search", .search, [.reply(429), good], [1_050], succeeds: true),
    Row("unnamed limit of a write", .create, [.reply(429), good], [10_500], succeeds: true),
    Row("daily limit", .get, [.reply(429, #"{"policyName":"DAILY"}"#), good], [], succeeds: false),
    Row("Retry-After in seconds", .create, [busy(429, after: "7"), good], [7_000], succeeds: true),
    Row("Retry-After that must be milliseconds", .get, [busy(429, after: "1500"), good], [1_500], succeeds: true),
    Row("Retry-After of zero", .get, [busy(429, after: "0"), good], [500], succeeds: true),
    Row("Retry-After that is no number", .get, [busy(429, after: "soon"), good], [10_500], succeeds: true),
    Row("negative Retry-After", .get, [busy(429, after: "-5"), good], [10_500], succeeds: true),
    Row("lock of a write", .batchUpdate, [.reply(423), .reply(423), good], [2_100, 4_200], succeeds: true),
    Row("migration that takes minutes", .create, [busy(477, after: "300"), good], [300_000], succeeds: true),
    Row("migration that takes a day", .create, [busy(477, after: "86400"), good], [], succeeds: false),
    Row("503 with Retry-After", .get, [busy(503, after: "5"), good], [5_000], succeeds: true),
    Row("HTML under 200 of a read", .get, [.reply(200, "<html>"), good], [500], succeeds: true),
    Row("HTML under 200 of a write", .create, [.reply(200, "<html>"), good], [], succeeds: false),
    Row("truncated JSON of a search", .search, [.reply(200, #"{"results":["#), good], [500], succeeds: true),
    Row("bad request", .get, [.reply(400), good], [], succeeds: false),
    Row("connection support errors", .get, [.reply(525), good], [], succeeds: false, left: 500),
  ]

  @Test("sequences", arguments: rows)
  func sequences(_ row: Row) async throws {
    let clock = ManualClock()
    let transport = FakeTransport(row.answers)
    let client = try makeClient(transport, clock: clock, retry: RetryPolicy())
    let error = await failure { () async throws(HubSpotError) in
      switch row.kind {
      case .get: _ = try await client.get(GetRequest(type: .deals, id: "1", properties: []))
      case .search: _ = try await client.searchPage(SearchRequest(type: .deals, properties: []))
      case .create: _ = try await client.create(.deals, ObjectInput(values: ["a": "1"]))
      case .batchUpdate: _ = try await client.batchUpdate(.deals, [ObjectInput(id: "1", values: ["a": "1"])])
      }
    }
    #expect((error == nil) == row.succeeds)
    #expect(clock.sleeps == row.sleeps.map { .milliseconds($0) })
    #expect(transport.requests.count == row.sleeps.count + 1)
    #expect(client.statistics.totalRequests == transport.requests.count)
    #expect(client.statistics.totalRetries == row.sleeps.count)
    #expect(client.retryBudget.withLock { $0.left } == row.left)
  }

  @Test("a failure that asks for too long a wait says so")
  func longWait() async throws {
    let client = try makeClient(FakeTransport([Self.busy(477, after: "86400")]), retry: RetryPolicy())
    let error = await failure { () async throws(HubSpotError) in try await client.account() }
    guard case .api(let failure) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(failure.retryAfter == .seconds(86_400))
  }

  @Test("a daily limit keeps a long Retry-After in seconds")
  func dailyRetryAfter() {
    #expect(RetryAfter.read("7200", status: 429, rateLimit: .daily) == .seconds(7_200))
    #expect(RetryAfter.read("7200", status: 429, rateLimit: .unnamed) == .milliseconds(7_200))
    #expect(RetryAfter.read("7200", status: 477, rateLimit: nil) == .seconds(7_200))
    #expect(RetryAfter.read(nil, status: 429, rateLimit: .daily) == nil)
    #expect(RetryAfter.read("99999999999999999999", status: 429, rateLimit: nil) == nil)
  }

  @Test("waits grow to a bound and shrink with chance")
  func bounds() {
    let policy = RetryPolicy(maximumAttempts: 100)
    let error = HubSpotError.api(APIFailure(operation: .get, status: 500))
    #expect(policy.delay(after: error, kind: .get, attempt: 80, random: 0.5) == .seconds(15))
    #expect(policy.delay(after: error, kind: .get, attempt: 3, random: 0) == .zero)
    #expect(policy.delay(after: error, kind: .get, attempt: 100, random: 0) == nil)
  }

  @Test("an outage ends the repetitions when the quota is used up, and successes bring it back")
  func outage() async throws {
    let clock = ManualClock()
    let client = try makeClient(
      FakeTransport(Array(repeating: .reply(503), count: 130) + Array(repeating: Self.good, count: 10)), clock: clock,
      retry: RetryPolicy())
    var requests: [Int] = []
    for _ in 0..<30 {
      let before = client.statistics.totalRequests
      _ = await failure { () async throws(HubSpotError) in try await client.account() }
      requests.append(client.statistics.totalRequests - before)
    }
    // Twenty calls repeat five times each, which costs 25 of 500; then nothing is repeated any more.
    #expect(requests == Array(repeating: 6, count: 20) + Array(repeating: 1, count: 10))
    #expect(client.retryBudget.withLock { $0.left } == 0)
    for _ in 0..<10 { _ = try await client.get(GetRequest(type: .deals, id: "1", properties: [])) }
    #expect(client.retryBudget.withLock { $0.left } == 10)
  }

  @Test("counting by kind")
  func statistics() async throws {
    let client = try makeClient(FakeTransport([Self.good, .reply(503), Self.good, Self.good]), retry: RetryPolicy())
    _ = try await client.searchPage(SearchRequest(type: .deals, properties: []))
    _ = try await client.listPage(ListRequest(type: .deals, properties: []))
    _ = try await client.batchUpdate(.deals, [ObjectInput(id: "1", values: ["a": "1"])])
    #expect(client.statistics.requests == [.search: 1, .list: 2, .batchUpdate: 1])
    #expect(client.statistics.retries == [.list: 1])
    #expect(client.statistics[.search] == 1)
    #expect(client.statistics[.create] == 0)
  }
}
