import Testing

@testable import PracticePortal

/// An error status as a rule makes it, and what comes.
struct StatusFault: Sendable, CustomTestStringConvertible {
  var rule: String
  var status: Int
  var members: [String: String] = [:]
  var retryAfter: String?
  var isHTML = false
  var testDescription: String { rule }
}

@Suite struct FaultTests {
  private static let batch = TestClient.items + "/batch/"

  private func withFaults(
    _ rules: String = "", _ body: (TestClient, PracticePortalServer) async throws -> Void
  ) async throws {
    let faults = rules.isEmpty ? [] : try FaultRule.list(rules)
    try await withPortal(TestClient.strict(faults: faults), body)
  }

  @Test(arguments: [
    StatusFault(
      rule: "429 retry-after=3 at=1", status: 429,
      members: ["errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"], retryAfter: "3"),
    StatusFault(
      rule: "429 at=1", status: 429, members: ["message": "You have reached your ten_secondly_rolling limit."]),
    StatusFault(
      rule: "429-secondly at=1", status: 429,
      members: ["category": "RATE_LIMITS", "message": "You have reached your secondly limit."]),
    StatusFault(
      rule: "429-daily at=1", status: 429,
      members: ["policyName": "DAILY", "errorType": "RATE_LIMIT", "message": "You have reached your daily limit."]),
    StatusFault(rule: "423 at=1", status: 423, members: ["status": "error"]),
    StatusFault(rule: "477 retry-after=4 at=1", status: 477, members: ["status": "error"], retryAfter: "4"),
    StatusFault(rule: "500 at=1", status: 500, members: ["message": "internal error"]),
    StatusFault(rule: "502 at=1", status: 502, isHTML: true),
    StatusFault(rule: "503 at=1 body=html retry-after=1", status: 503, retryAfter: "1", isHTML: true),
    StatusFault(rule: "504 at=1", status: 504, isHTML: true),
    StatusFault(rule: "524 at=1", status: 524, isHTML: true),
    StatusFault(rule: "html at=1", status: 200, isHTML: true),
  ])
  func statuses(_ fault: StatusFault) async throws {
    try await withFaults(fault.rule) { client, server in
      let body = #"{"properties":{"name":"a"}}"#
      let reply = try await client.post(TestClient.items, body)
      #expect(reply.status == fault.status && reply.headers["retry-after"] == fault.retryAfter)
      for (name, value) in fault.members { #expect(reply.json[name] == .string(value)) }
      #expect((reply.headers["content-type"] == "text/html; charset=utf-8") == fault.isHTML)
      #expect(reply.headers["x-hubspot-correlation-id"] != nil)
      // Nothing was carried out, and the next request is well.
      #expect(try await client.get(TestClient.items)["results"] == .array([]))
      #expect(try await client.post(TestClient.items, body).status == 201)
      let word = fault.rule.split(separator: " ").first.map(String.init)
      #expect(try await server.requestLog().map(\.faults) == [[word ?? ""], [], []])
    }
  }

  @Test(arguments: ["503 stage=after", "html stage=after", "reset-after"])
  func faultsBehindTheCommit(rule: String) async throws {
    try await withFaults(rule + " on=writes") { client, _ in
      let reply = try await client.wire("POST", TestClient.items, #"{"properties":{"name":"kept"}}"#)
      #expect(!reply.text.contains("\"id\""))
      let list = try await client.get(TestClient.items + "?properties=name")
      #expect(list["results", 0, "properties", "name"] == .string("kept"))
    }
  }

  @Test func resets() async throws {
    try await withFaults("reset-before at=1; reset-after at=2") { client, server in
      for _ in 0..<2 {
        let reply = try await client.wire("POST", TestClient.items, #"{"properties":{"name":"a"}}"#)
        #expect(reply.end == .reset && reply.count == 0)
      }
      #expect(try await client.get(TestClient.items)["results"].items?.count == 1)
      let log = try await server.requestLog()
      #expect(log.map(\.status) == [0, 0, 200] && log.map(\.faults) == [["reset-before"], ["reset-after"], []])
    }
  }

  @Test func answersThatEndEarly() async throws {
    try await withFaults { client, _ in
      let whole = try await client.get("/crm/v3/owners").body.utf8.count
      try await client.faults("cut at=1; truncate at=2")
      let cut = try await client.wire("GET", "/crm/v3/owners")
      #expect(cut.end != .enough && cut.header("content-length") == String(whole))
      #expect(cut.body.utf8.count == whole / 2)
      let truncated = try await client.get("/crm/v3/owners")
      #expect(truncated.body.utf8.count == whole / 2 && truncated.json == .null)
      #expect(truncated.headers["content-length"] == String(whole / 2))
    }
  }

  @Test func answersThatGoOn() async throws {
    try await withFaults("drip ms=1 at=1; endless at=2; big bytes=3000000 at=3; big at=4") { client, _ in
      let dripped = try await client.get("/crm/v3/pipelines/deals")
      #expect(dripped["results", 0, "id"] == .string("default"))
      let endless = try await client.wire("GET", "/crm/v3/owners", enough: 20_000_000)
      #expect(endless.end == .enough && endless.header("transfer-encoding") == "chunked")
      let big = try await client.wire("GET", "/crm/v3/owners")
      #expect(big.header("content-length") == "3000000" && big.body.utf8.count == 3_000_000)
      let huge = try await client.wire("GET", "/crm/v3/owners", enough: 1_000_000)
      #expect(huge.header("content-length") == String(1 << 30) && huge.end == .enough)
    }
  }

  @Test func aServerWithAnEndlessAnswerStops() async throws {
    let server = try await PracticePortalServer.start(TestClient.strict(faults: [FaultRule(.endless)]))
    let client = TestClient(port: server.port)
    async let reply = client.wire("GET", "/crm/v3/owners")
    while try await client.control("GET", "stats")["requests"] == .number("0") {}
    try await server.stop()
    #expect(try await reply.end != .enough)
  }

  @Test func deepAndWide() async throws {
    try await withFaults("deep at=1; huge-header bytes=200000 at=2") { client, _ in
      let deep = try await client.wire("GET", "/crm/v3/owners")
      #expect(deep.body.hasPrefix(#"{"results":[[["#) && deep.body.utf8.count == 100_000 * 2 + 12)
      let wide = try await client.wire("GET", "/crm/v3/owners")
      #expect(wide.header("x-practice-padding")?.utf8.count == 200_000)
    }
  }

  @Test func headersThatLie() async throws {
    try await withFaults("lying-headers at=1; lying-headers lie=nothing at=2; lying-headers lie=garbage at=3") {
      client, _ in
      let name = "x-hubspot-ratelimit-remaining"
      let seen = try await [
        client.get("/crm/v3/owners").headers[name], client.get("/crm/v3/owners").headers[name],
        client.get("/crm/v3/owners").headers[name],
      ]
      #expect(seen == ["999999", "0", "plenty"])
    }
  }

  // MARK: Results

  private func create(_ count: Int, _ client: TestClient, trace: Bool = false, bad: Bool = false) async throws -> Reply
  {
    let inputs = (0..<count).map { index in
      let name = bad && index == 0 ? "\"colour\":\"x\"" : "\"name\":\"n\(index)\""
      return "{\"properties\":{\(name)}\(trace ? ",\"objectWriteTraceId\":\"t\(index)\"" : "")}"
    }
    return try await client.post(Self.batch + "create", "{\"inputs\":[\(inputs.joined(separator: ","))]}")
  }

  private func ids(_ reply: Reply) -> [String] { (reply["results"].items ?? []).compactMap { $0["id"]?.text } }

  @Test func resultsOfBatches() async throws {
    try await withFaults { client, _ in
      let created = ids(try await create(5, client))
      #expect(created.count == 5)
      let body = "{\"inputs\":[\(created.map { "{\"id\":\"\($0)\"}" }.joined(separator: ","))]}"
      let plain = ids(try await client.post(Self.batch + "read", body))
      try await client.faults("shuffle seed=3 at=1,4; fewer at=2; repeat at=3")
      let shuffled = ids(try await client.post(Self.batch + "read", body))
      #expect(shuffled != plain && shuffled.sorted() == plain.sorted())
      let fewer = ids(try await client.post(Self.batch + "read", body))
      #expect(fewer.count == 4 && Set(fewer).isSubset(of: plain))
      let repeated = ids(try await client.post(Self.batch + "read", body))
      #expect(repeated.count == 6 && Set(repeated) == Set(plain))
      _ = try await client.control("DELETE", "faults")
      try await client.faults("shuffle seed=3 at=1,4")
      #expect(try await ids(client.post(Self.batch + "read", body)) == shuffled)
    }
  }

  @Test func errorsWithoutTraceIds() async throws {
    try await withFaults("untraced at=2") { client, _ in
      let traced = try await create(2, client, trace: true, bad: true)
      #expect(traced.status == 207 && traced["errors", 0, "context", "objectWriteTraceId", 0] == .string("t0"))
      let untraced = try await create(2, client, trace: true, bad: true)
      #expect(untraced.status == 207 && untraced["errors", 0, "context"] == .object([:]))
      #expect(untraced["errors", 0, "message"] == traced["errors", 0, "message"])
    }
  }

  @Test func cursors() async throws {
    try await withFaults { client, _ in
      _ = try await create(5, client)
      func after(_ reply: Reply) -> String? { reply["paging", "next", "after"].text }
      let second = try #require(after(try await client.get(TestClient.items + "?limit=2")))
      try await client.faults("loop on=pages")
      for path in ["?limit=2&after=\(second)", "?limit=100&after=\(second)"] {
        #expect(try await after(client.get(TestClient.items + path)) == second)
      }
      let first = try await client.get(TestClient.items + "?limit=2")
      #expect(after(first) == first["results", 0, "id"].text)
      #expect(try await after(client.post(TestClient.items + "/search", #"{"limit":2,"after":"2"}"#)) == "2")
      _ = try await client.control("DELETE", "faults")
      try await client.faults("endless-cursor on=pages")
      for (method, path) in [("GET", TestClient.items), ("POST", TestClient.items + "/search")] {
        var seen: Set<String> = []
        var cursor: String?
        for _ in 0..<8 {
          let reply =
            method == "GET"
            ? try await client.get(path + "?limit=2" + (cursor.map { "&after=" + $0 } ?? ""))
            : try await client.post(path, "{\"limit\":2\(cursor.map { ",\"after\":\"\($0)\"" } ?? "")}")
          #expect(reply.status == 200)
          cursor = after(reply)
          #expect(seen.insert(try #require(cursor)).inserted)
        }
      }
    }
  }

  // MARK: Tokens, places, other people

  @Test func tokensThatEnd() async throws {
    try await withFaults { client, _ in
      let (access, refresh) = try await client.connect()
      try await client.faults("expire-token on=list at=2; revoke-token on=list at=5")
      func list(_ token: String) async throws -> Reply { try await client.with(token).get(TestClient.items) }
      #expect(try await list(access).status == 200)
      let expired = try await list(access)
      #expect(expired.status == 401 && expired["category"] == .string("EXPIRED_AUTHENTICATION"))
      #expect(expired["message"].text?.contains("second(s) ago") == true)
      #expect(try await list(access).status == 401)
      let reply = try await client.token([("grant_type", "refresh_token"), ("refresh_token", refresh)])
      let next = try #require(reply["access_token"].text)
      #expect(try await list(next).status == 200)
      let revoked = try await list(next)
      #expect(revoked.status == 401 && revoked["category"] == .string("INVALID_AUTHENTICATION"))
      #expect(try await list("test-token").status == 200)
    }
  }

  @Test func redirects() async throws {
    try await withFaults("redirect to=http://127.0.0.1:9/elsewhere at=1; redirect to=/here status=307 at=2") {
      client, _ in
      let away = try await client.get(TestClient.items)
      #expect(away.status == 302 && away.headers["location"] == "http://127.0.0.1:9/elsewhere")
      let near = try await client.get(TestClient.items)
      #expect(near.status == 307 && near.headers["location"] == "/here")
    }
  }

  @Test func somebodyElsesEdit() async throws {
    try await withFaults { client, server in
      let id = try await client.item(#"{"name":"mine","price":"5"}"#)
      try await client.faults(
        "foreign-edit property=price value=7 on=batch-update; foreign-edit property=price on=batch-read; "
          + "foreign-edit property=nothing on=get")
      let update = #"{"inputs":[{"id":"\#(id)","properties":{"name":"changed"}}]}"#
      #expect(try await client.post(Self.batch + "update", update).status == 200)
      let read = #"{"inputs":[{"id":"\#(id)"}],"properties":["name","price"]}"#
      let reply = try await client.post(Self.batch + "read", read)
      #expect(reply["results", 0, "properties", "name"] == .string("changed"))
      #expect(reply["results", 0, "properties", "price"] == .string("1"))
      let history = try await client.get(TestClient.items + "/\(id)?propertiesWithHistory=price")
      let prices = (history["propertiesWithHistory", "price"].items ?? []).compactMap { $0["value"]?.text }
      #expect(prices == ["1", "7", "5"])
      #expect(try await server.requestLog().last?.faults == ["foreign-edit (nothing to do)"])
    }
  }

  @Test func faultsOfTheTokenEndpoint() async throws {
    try await withFaults { client, _ in
      let (_, refresh) = try await client.connect()
      let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)]
      try await client.faults("503 path=/oauth/*/token at=1; truncate on=oauth at=2")
      #expect(try await client.token(fields).status == 503)
      #expect(try await client.token(fields).json == .null)
      #expect(try await client.token(fields).status == 200)
    }
  }

  @Test func delay() async throws {
    try await withFaults("delay for=40ms at=1") { client, server in
      for _ in 0..<2 { _ = try await client.get(TestClient.items) }
      #expect(try #require(await server.requestLog().first).milliseconds >= 40)
    }
  }
}
