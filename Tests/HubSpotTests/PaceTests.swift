import Testing

@testable import HubSpot

@Suite("Quotas")
struct PaceTests {
  private static let empty = #"{"results":[]}"#

  private func answers(_ count: Int, _ headers: [String: String] = [:]) -> FakeTransport {
    FakeTransport(Array(repeating: .reply(200, PaceTests.empty, headers), count: count))
  }

  @Test("four searches a second on a remote host")
  func remoteSearches() async throws {
    let clock = ManualClock()
    let client = try makeClient(answers(9), base: "https://api.hubapi.com", clock: clock)
    for _ in 0..<9 { _ = try await client.searchPage(SearchRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps == [.seconds(1), .seconds(1)])
  }

  @Test("no pacing of searches on loopback")
  func loopbackSearches() async throws {
    let clock = ManualClock()
    let client = try makeClient(answers(50), clock: clock)
    for _ in 0..<50 { _ = try await client.searchPage(SearchRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps.isEmpty)
  }

  @Test("the window of the headers is kept")
  func headers() async throws {
    let clock = ManualClock()
    let headers = [
      "x-hubspot-ratelimit-max": "3", "X-HubSpot-RateLimit-Remaining": "2",
      "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
    ]
    let client = try makeClient(answers(7, headers), clock: clock)
    for _ in 0..<7 { _ = try await client.listPage(ListRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps == [.seconds(10), .seconds(10)])
  }

  @Test("nothing remaining holds the next request back although the own count is low")
  func nothingRemaining() async throws {
    let clock = ManualClock()
    let headers = ["X-HubSpot-RateLimit-Max": "100", "X-HubSpot-RateLimit-Remaining": "0"]
    let transport = FakeTransport([.reply(200, Self.empty, headers), .reply(200, Self.empty)])
    let client = try makeClient(transport, clock: clock)
    for _ in 0..<2 { _ = try await client.listPage(ListRequest(type: .deals, properties: [])) }
    #expect(clock.sleeps == [.seconds(10)])
  }

  @Test("a refusal holds back the requests beside it")
  func refusal() {
    let pace = Pace(isRemote: false)
    pace.pause(.general, until: .seconds(10))
    #expect(pace.reserve(.general, now: .seconds(4)) == .seconds(6))
    #expect(pace.reserve(.search, now: .seconds(4)) == .zero)
    #expect(pace.reserve(.associations, now: .seconds(4)) == .zero)
  }

  @Test("senseless headers are ignored", arguments: ["-1", "0", "many", ""])
  func senseless(_ limit: String) {
    let pace = Pace(isRemote: false)
    let response = HTTPResponse(status: 200, headers: [HTTPHeader("X-HubSpot-RateLimit-Max", limit)])
    for _ in 0..<3 {
      #expect(pace.reserve(.general, now: .zero) == .zero)
      pace.learn(.general, from: response, now: .zero)
    }
  }

  @Test("requests waiting together are spread over the windows")
  func spread() {
    var window = PaceWindow(limit: 2, period: .seconds(1))
    let waits = (0..<6).map { _ in window.reserve(.zero) }
    #expect(waits == [.zero, .zero, .seconds(1), .seconds(1), .seconds(2), .seconds(2)])
    #expect(window.reserve(.seconds(10)) == .zero)
  }

  @Test("never more than the limit in any period")
  func slidingWindow() {
    var window = PaceWindow(limit: 5, period: .seconds(10))
    var now = Duration.zero
    var moments: [Duration] = []
    var state: UInt64 = 42
    for _ in 0..<500 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      now += .milliseconds(Int(state >> 53) % 3_000)
      moments.append(now + window.reserve(now))
    }
    for index in 5..<moments.count { #expect(moments[index] - moments[index - 5] >= .seconds(10)) }
  }
}
