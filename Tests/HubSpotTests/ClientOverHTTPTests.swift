import Testing

@testable import HubSpot

/// The whole library, from an operation down to the sockets. The server answers what it is told; only the clock is not real.
@Suite("Client over HTTP", .timeLimit(.minutes(1)))
struct ClientOverHTTPTests {
  private func client(
    _ server: ScriptedServer, clock: ManualClock = ManualClock(), retry: RetryPolicy = RetryPolicy(),
    options: TransportOptions = TransportOptions()
  ) throws -> HubSpotClient {
    try makeClient(CurlTransport(options: options), base: server.base, clock: clock, retry: retry)
  }

  private static let page = ScriptedServer.Reply.json(#"{"results":[{"id":"1"}]}"#)

  @Test("an operation in every version", arguments: APIVersion.all)
  func versions(_ version: APIVersion) async throws {
    try await withServer([Self.page]) { server in
      let client = try makeClient(CurlTransport(), version: version, base: server.base)
      let page = try await client.listPage(ListRequest(type: .lineItems, properties: ["name", "price"]))
      #expect(page.results.map(\.id) == ["1"])
      let request = try #require(server.requests.first)
      #expect(request.target == PathBuilder(version: version).objects(.lineItems) + "?limit=100&properties=name,price")
      #expect(request.headers["authorization"] == "Bearer pat-na1-test")
    }
  }

  @Test("a read survives a row of faults")
  func readThroughFaults() async throws {
    let replies: [ScriptedServer.Reply] = [
      .reset(after: []), .answer(200, headers: ["Content-Type: text/html"], body: Array("<html>".utf8)),
      .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".utf8)), .json("", status: 503), Self.page,
    ]
    try await withServer(replies) { server in
      let clock = ManualClock()
      let client = try client(server, clock: clock)
      let page = try await client.searchPage(SearchRequest(type: .lineItems, properties: ["name"]))
      #expect(page.results.count == 1)
      #expect(clock.sleeps == [500, 1_000, 2_000, 4_000].map { .milliseconds($0) })
      #expect(client.statistics[.search] == 5)
      #expect(client.statistics.retries == [.search: 4])
    }
  }

  @Test(
    "a write with a lost reply is sent once and says that it may have been done",
    arguments: [
      ScriptedServer.Reply.reset(after: []), .raw([]),
      .raw(Array("HTTP/1.1 201 X\r\nContent-Length: 99\r\n\r\n{".utf8)),
      .json("{\"id\":", status: 201), .json("<html>", status: 201), .json("", status: 502),
    ])
  func lostWrite(_ reply: ScriptedServer.Reply) async throws {
    try await withServer([reply, .json(#"{"id":"1"}"#, status: 201)]) { server in
      let client = try client(server)
      let error = await failure { () async throws(HubSpotError) in
        try await client.create(.lineItems, ObjectInput(values: ["name": "x"]))
      }
      #expect(error?.mayHaveBeenDone == true)
      #expect(server.requests.count == 1)
    }
  }

  @Test("a limited write waits as it is told and is sent again")
  func limitedWrite() async throws {
    let limited = ScriptedServer.Reply.answer(
      429, headers: ["Retry-After: 3"], body: Array(#"{"policyName":"TEN_SECONDLY_ROLLING"}"#.utf8))
    try await withServer([limited, .json(#"{"results":[{"id":"7"}]}"#)]) { server in
      let clock = ManualClock()
      let client = try client(server, clock: clock)
      let result = try await client.batchUpdate(.lineItems, [ObjectInput(id: "7", values: ["price": "1.10"])])
      #expect(result.succeeded.map(\.id) == ["7"])
      #expect(clock.sleeps == [.seconds(3)])
      #expect(server.requests.map(\.body).first == server.requests.map(\.body).last)
    }
  }

  @Test("a redirect is refused, and the token stays")
  func redirect() async throws {
    try await withServer([Self.page]) { other in
      try await withServer([.answer(307, headers: ["Location: \(other.base)/crm"], body: [])]) { server in
        let client = try client(server)
        let error = await failure { () async throws(HubSpotError) in
          try await client.listPage(ListRequest(type: .deals, properties: []))
        }
        #expect(error == .redirectRefused(status: 307, location: other.base + "/crm"))
      }
      #expect(other.connectionCount == 0)
    }
  }

  @Test("the link of a page is never followed")
  func pagingLink() async throws {
    try await withServer([]) { other in
      let body = #"{"results":[],"paging":{"next":{"after":"5","link":"\#(other.base)/next"}}}"#
      try await withServer([.json(body), Self.page]) { server in
        let client = try client(server)
        var request = ListRequest(type: .deals, properties: [])
        request.after = try await client.listPage(request).nextAfter
        _ = try await client.listPage(request)
        #expect(server.requests.last?.target.contains("after=5") == true)
      }
      #expect(other.connectionCount == 0)
    }
  }

  @Test("a body past the bound is not asked for again")
  func largeBody() async throws {
    try await withServer([.json(#"{"results":[]}"#), Self.page]) { server in
      let client = try client(server, options: TransportOptions(bodyLimit: 8))
      let error = await failure { () async throws(HubSpotError) in
        try await client.listPage(ListRequest(type: .deals, properties: []))
      }
      guard case .transport(.maybeSent(.replyTooLarge, _)) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test("cancelling an operation", arguments: [true, false])
  func cancellation(_ isWrite: Bool) async throws {
    try await withServer([.silence]) { server in
      let client = try client(server)
      let task = Task {
        await failure { () async throws(HubSpotError) in
          if isWrite {
            _ = try await client.create(.deals, ObjectInput(values: ["a": "1"]))
          } else {
            _ = try await client.account()
          }
        }
      }
      var events = server.events.makeAsyncIterator()
      _ = await events.next()
      task.cancel()
      #expect(await task.value == .cancelled(maybeSent: true))
      #expect(server.requests.count == 1)
    }
  }

  @Test("cancelling a wait sends nothing more")
  func cancelledWait() async throws {
    try await withServer([.answer(429, headers: ["Retry-After: 500"], body: [])]) { server in
      let client = try makeClient(
        CurlTransport(), base: server.base, clock: ContinuousClock(), retry: RetryPolicy())
      let task = Task { await failure { () async throws(HubSpotError) in try await client.account() } }
      var events = server.events.makeAsyncIterator()
      _ = await events.next()
      task.cancel()
      // The task is cancelled either while the reply is on its way or while the wait lasts.
      guard case .cancelled = await task.value else {
        Issue.record("the wait went on")
        return
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test("an error with everything in it")
  func failureOverHTTP() async throws {
    let body = #"{"status":"error","message":"Property values were not valid","category":"VALIDATION_ERROR"}"#
    let reply = ScriptedServer.Reply.answer(
      400, headers: ["X-HubSpot-Correlation-Id: 01a0", "Content-Type: application/json;charset=utf-8"],
      body: Array(body.utf8))
    try await withServer([reply]) { server in
      let client = try client(server)
      let error = await failure { () async throws(HubSpotError) in
        try await client.create(.deals, ObjectInput(values: ["colour": "x"]))
      }
      let expected = APIFailure(
        operation: .create, status: 400, category: "VALIDATION_ERROR", message: "Property values were not valid",
        correlationID: "01a0", contentType: "application/json;charset=utf-8")
      #expect(error == .api(expected))
    }
  }
}
