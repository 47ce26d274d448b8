import Testing

@testable import PracticePortal

@Suite struct ControlTests {
  @Test func theControlTokenAloneOpensThem() async throws {
    // Such a portal takes any token for its API.
    try await withPortal(PortalConfiguration(controlToken: "control-me")) { client, server in
      #expect(server.controlToken == "control-me")
      for (method, path) in [
        ("GET", "log"), ("GET", "stats"), ("POST", "faults"), ("DELETE", "faults"), ("POST", "clock"),
        ("POST", "tokens/expire"), ("POST", "connections"), ("GET", "nothing"),
      ] {
        let body = method == "POST" ? "{}" : nil
        for token in [nil, "test-token", "control-m", "control-mee"] {
          let refused = try await client.with(token).send(method, "/practice/" + path, body)
          #expect(refused.status == 401 && refused["message"].text?.contains("control token") == true)
        }
      }
      #expect(try await client.control("GET", "nothing").status == 404)
      #expect(try await client.control("GET", "stats")["requests"] == .number("0"))
    }
    try await withPortal { client, server in
      #expect(server.controlToken.count == 32)
      let stats = try await client.with(server.controlToken).get("/practice/stats")
      #expect(stats.status == 200)
    }
  }

  @Test func logAndStatistics() async throws {
    var configuration = TestClient.strict()
    configuration.rateLimit = RateLimit(requests: 4, intervalMilliseconds: 600_000, searchesPerSecond: 1000)
    try await withPortal(configuration) { client, _ in
      for _ in 0..<5 { _ = try await client.get(TestClient.items) }
      for _ in 0..<3 { _ = try await client.post(TestClient.items + "/search", "{}") }
      let stats = try await client.control("GET", "stats")
      #expect(stats["requests"] == .number("8"))
      #expect(stats["kinds"] == .object(["list": .number("5"), "search": .number("3")]))
      #expect(stats["statuses"] == .object(["200": .number("7"), "429": .number("1")]))
      #expect(stats["refusals"] == .object(["429": .number("1")]))
      #expect((1...5).contains(stats["mostIn10s", "burst", "requests"].integer ?? 0))
      #expect((1...3).contains(stats["mostIn10s", "search", "requests"].integer ?? 0))
      let log = try await client.control("GET", "log?skip=1").body.split(separator: "\n")
      #expect(log.count == 7)
      let entry = try JSONParser.parse(Array(try #require(log.last).utf8))
      #expect(entry["kind"] == .string("search") && entry["status"] == .number("200"))
      let arrivals = try log.map { try #require(JSONParser.parse(Array($0.utf8))["arrival"]?.integer) }
      #expect(arrivals == arrivals.sorted() && Set(arrivals).count == arrivals.count)
    }
  }

  @Test func theMostArrivalsInAWindow() throws {
    let statistics = Statistics()
    for second in [0, 1, 2, 10, 11, 30] as [Int64] { statistics.arrived(.burst, at: second * 1_000_000) }
    for moment in [30_000_001, 30_500_000, 30_999_999, 31_000_001] as [Int64] {
      statistics.arrived(.search, at: moment)
    }
    let json = try JSONParser.parse(statistics.json())
    // A window of ten seconds holds what is less than ten seconds old: 1, 2 and 10, or 2, 10 and 11.
    #expect(json["mostIn10s", "burst", "requests"] == .number("3"))
    #expect(json["mostIn1s", "burst", "requests"] == .number("1"))
    #expect(json["mostIn10s", "search", "requests"] == .number("4"))
    #expect(json["mostIn1s", "search", "requests"] == .number("3"))
    #expect(json["mostIn1s", "search", "endedAtMicroseconds"] == .number("30999999"))
    #expect(json["mostIn10s", "all", "requests"] == .number("5"))
    #expect(json["mostIn10s", "other", "requests"] == .number("0"))
  }

  @Test func rulesAreSetListedAndRemoved() async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let added = try await client.control(
        "POST", "faults", #"{"rules":[{"fault":"503","on":["list","get"],"at":2},{"fault":"cut","every":3}]}"#)
      #expect(added.body == #"{"added":2}"#)
      #expect(try await client.get(TestClient.items).status == 200)
      #expect(try await client.get(TestClient.items).status == 503)
      let listed = try await client.control("GET", "faults")
      #expect(
        listed["rules", 0] == .object(["fault": .string("503"), "matched": .number("2"), "struck": .number("1")]))
      #expect(try await client.control("DELETE", "faults").body == #"{"removed":2}"#)
      #expect(try await client.get(TestClient.items).status == 200)
      for body in [#"{}"#, #"{"rules":"nonsense"}"#, #"{"rules":[{"fault":"cut","at":"x"}]}"#, "[]", "{"] {
        #expect(try await client.control("POST", "faults", body).status == 400)
      }
      #expect(try await client.control("GET", "faults").body == #"{"rules":[]}"#)
    }
  }

  @Test func theClockIsThePortalsOwn() async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let before = try await client.item(#"{"name":"before"}"#)
      let reply = try await client.control("POST", "clock", #"{"advance":"30d"}"#)
      #expect(reply["aheadMilliseconds"] == .number("2592000000"))
      let after = try await client.item(#"{"name":"after"}"#)
      func created(_ id: String) async throws -> Int64 {
        let text = try await client.get(TestClient.items + "/\(id)")["createdAt"].text
        return try #require(text.flatMap(Timestamp.parseDateTime))
      }
      let gap = try await created(after) - created(before)
      #expect((2_592_000_000..<2_592_060_000).contains(gap))
      for body in [#"{"advance":"-1s"}"#, #"{"advance":"5"}"#, "{}", #"{"advance":"999999999d"}"#] {
        #expect(try await client.control("POST", "clock", body).status == 400)
      }
    }
  }

  @Test func theDayEndsAndBeginsAgain() async throws {
    var configuration = TestClient.strict()
    configuration.rateLimit = RateLimit(requests: 1000, daily: 3)
    try await withPortal(configuration) { client, _ in
      // From noon, so that no midnight of the machine's comes between.
      let day = Timestamp.millisecondsPerDay
      let noon = day - WriteClock.now() % day + day / 2
      _ = try await client.control("POST", "clock", "{\"advance\":\"\(noon)ms\"}")
      let headers = try await client.get(TestClient.items).headers
      #expect(headers["x-hubspot-ratelimit-daily"] == "3" && headers["x-hubspot-ratelimit-daily-remaining"] == "2")
      for _ in 0..<2 { #expect(try await client.post(TestClient.items + "/search", "{}").status == 200) }
      let refused = try await client.get(TestClient.items)
      #expect(refused.status == 429 && refused["policyName"] == .string("DAILY"))
      #expect(refused["requestId"].text != nil)
      let (access, _) = try await client.connect()
      #expect(try await client.with(access).get(TestClient.items).status == 200)
      _ = try await client.control("POST", "clock", #"{"advance":"24h"}"#)
      #expect(try await client.get(TestClient.items).status == 200)
    }
  }

  @Test func tokensAreEndedAndMade() async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let made = try await client.control(
        "POST", "connections", #"{"client_id":"app-1","scopes":["crm.objects.line_items.read"]}"#)
      let access = try #require(made["access_token"].text)
      let refresh = try #require(made["refresh_token"].text)
      let (other, _) = try await client.connect()
      #expect(try await client.with(access).get(TestClient.items).status == 200)
      #expect(try await client.control("POST", "tokens/expire", "{}").body == #"{"ended":2}"#)
      for token in [access, other] {
        let reply = try await client.with(token).get(TestClient.items)
        #expect(reply["category"] == .string("EXPIRED_AUTHENTICATION"))
      }
      #expect(try await client.get(TestClient.items).status == 200)
      #expect(try await client.control("POST", "tokens/expire", #"{"token":"test-token"}"#).status == 200)
      #expect(try await client.get(TestClient.items)["category"] == .string("EXPIRED_AUTHENTICATION"))
      let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)]
      #expect(try await client.token(fields).status == 200)
      _ = try await client.control("POST", "tokens/revoke", "{\"refresh_token\":\(quoted(refresh))}")
      #expect(try await client.token(fields)["status"] == .string("BAD_REFRESH_TOKEN"))
      #expect(try await client.control("POST", "connections", #"{"client_id":"nobody"}"#).status == 400)
    }
  }

  @Test func theServerItselfCanBeHeld() async throws {
    try await withPortal(TestClient.strict()) { client, server in
      #expect(try await server.connect(clientId: "nobody") == nil)
      let tokens = try #require(try await server.connect(clientId: "app-1", scopes: ["e-commerce"]))
      let caller = client.with(tokens.access)
      #expect(try await caller.get(TestClient.items).status == 200)
      server.addFaults(try FaultRule.list("503"))
      #expect(try await caller.get(TestClient.items).status == 503)
      server.removeFaults()
      #expect(try await caller.get(TestClient.items).status == 200)
      try await server.advanceClock(by: .seconds(1801))
      #expect(try await caller.get(TestClient.items)["category"] == .string("EXPIRED_AUTHENTICATION"))
      let fields = [("grant_type", "refresh_token"), ("refresh_token", tokens.refresh)]
      let next = try #require(try await client.token(fields)["access_token"].text)
      #expect(try await server.expireTokens() == 1)
      #expect(try await client.with(next).get(TestClient.items).status == 401)
    }
  }

  @Test func aRequestCountsWhenItsHeadArrives() async throws {
    try await withPortal(PortalConfiguration(latencyMilliseconds: 150)) { client, server in
      let before = server.store.clock.microseconds
      // The field is the portal's own; what a client says in it does not count.
      _ = try await client.send("GET", TestClient.items, headers: [("X-Practice-Arrival", "7")])
      let entry = try #require(await server.requestLog().first)
      #expect(entry.arrival > before && entry.arrival < server.store.clock.microseconds - 140_000)
      #expect(entry.time == Timestamp.canonicalText(entry.arrival / 1000))
    }
  }
}
