import TestSupport
import Testing

@testable import HubSpot

/// What the library makes of everything that goes wrong: one row for each fault, one column for each kind of request,
/// over real HTTP. What a run makes of it is in LisEngineTests.
///
/// The waits are those of a clock that stands still but for them, and a clock that is set changes none of them.
@Suite("Fault matrix", .timeLimit(.minutes(2)))
struct FaultMatrixTests {
  private static let six = [500, 1_000, 2_000, 4_000, 8_000]

  private static func limited(
    _ policy: String = "TEN_SECONDLY_ROLLING", _ headers: String...
  ) -> ScriptedServer.Reply {
    let body = #"{"status":"error","errorType":"RATE_LIMIT","policyName":"\#(policy)"}"#
    return .answer(429, headers: headers, body: Array(body.utf8))
  }

  private static func busy(_ status: Int, after: String? = nil) -> ScriptedServer.Reply {
    .answer(status, headers: after.map { ["Retry-After: \($0)"] } ?? [], body: [])
  }

  private static func head(_ status: Int = 200, length: Int) -> [UInt8] {
    Array("HTTP/1.1 \(status) X\r\nContent-Length: \(length)\r\n\r\n".utf8)
  }

  // MARK: Refusals to start: nothing was done, and every column waits and sends again

  static let refusals: [FaultRow] = [
    FaultRow("429 of ten seconds, no Retry-After", [limited()], all: .done([10_500])),
    FaultRow("429 of ten seconds, twice", [limited(), limited()], all: .done([10_500, 21_000])),
    FaultRow("429 of a second, no Retry-After", [limited("SECONDLY")], all: .done([1_050])),
    FaultRow("429, Retry-After in seconds", [limited("TEN_SECONDLY_ROLLING", "Retry-After: 3")], all: .done([3_000])),
    FaultRow(
      "429, Retry-After that can only be milliseconds", [limited("TEN_SECONDLY_ROLLING", "Retry-After: 1500")],
      all: .done([1_500])),
    FaultRow("429, Retry-After lies: 0", [limited("SECONDLY", "Retry-After: 0")], all: .done([500])),
    FaultRow("429, Retry-After lies: a word", [limited("SECONDLY", "Retry-After: soon")], all: .done([1_050])),
    FaultRow("429, Retry-After lies: before now", [limited("SECONDLY", "Retry-After: -5")], all: .done([1_050])),
    FaultRow(
      "429, Retry-After lies: ages", [limited("SECONDLY", "Retry-After: 99999999999999999999")], all: .done([1_050])),
    FaultRow(
      "429, headers lie: much is left",
      [limited("TEN_SECONDLY_ROLLING", "X-HubSpot-RateLimit-Max: 190", "X-HubSpot-RateLimit-Remaining: 189")],
      all: .done([10_500])),
    FaultRow(
      "429, headers lie: no numbers",
      [limited("TEN_SECONDLY_ROLLING", "X-HubSpot-RateLimit-Max: many", "X-HubSpot-RateLimit-Remaining: -7")],
      all: .done([10_500])),
    FaultRow(
      "429 for ever", Array(repeating: limited("SECONDLY", "Retry-After: 2"), count: 9),
      all: .stops("status 429", [2_000, 2_000, 2_000, 4_000, 8_000])),
    FaultRow("429 of the day", [limited("DAILY")], all: .stops("daily limit")),
    FaultRow("429 of the day, with its end", [limited("DAILY", "Retry-After: 7200")], all: .stops("daily limit")),
    FaultRow("423", [busy(423)], all: .done([2_100])),
    FaultRow(
      "423, Retry-After too short", [busy(423, after: "1"), busy(423, after: "0")], all: .done([2_000, 2_000])),
    FaultRow("423, Retry-After", [busy(423, after: "5")], all: .done([5_000])),
    FaultRow("477", [busy(477)], all: .done([10_500])),
    FaultRow("477, Retry-After of minutes", [busy(477, after: "300")], all: .done([300_000])),
    FaultRow("477, Retry-After too short", [busy(477, after: "0")], all: .done([2_000])),
    FaultRow("477, Retry-After of a day", [busy(477, after: "86400")], all: .stops("status 477")),
  ]

  @Test("refused for now", arguments: refusals)
  func refusedForNow(_ row: FaultRow) async throws { try await row.check() }

  @Test("a server that says that nothing is left holds back what does not count as a search")
  func nothingLeft() async throws {
    let lie = Self.limited(
      "TEN_SECONDLY_ROLLING", "X-HubSpot-RateLimit-Max: 2", "X-HubSpot-RateLimit-Remaining: 0",
      "X-HubSpot-RateLimit-Interval-Milliseconds: 999999999")
    for operation in FaultOperation.all where operation.name != "search" {
      try await withServer([lie, FaultOperation.good]) { server in
        let clock = ManualClock()
        let client = try makeClient(CurlTransport(), base: server.base, clock: clock, retry: RetryPolicy())
        #expect(try await operation.run(client))
        // Ten minutes are the longest that a header can ask for, whatever it says.
        let waited = clock.sleeps.reduce(.zero, +)
        #expect(waited >= .seconds(10) && waited <= .seconds(611), "\(operation.name): \(waited)")
        #expect(server.requests.count == 2)
      }
    }
  }

  @Test("a used-up day says when it ends where the server does")
  func dailyReset() async throws {
    try await withServer([Self.limited("DAILY", "Retry-After: 7200")]) { server in
      let client = try makeClient(CurlTransport(), base: server.base, retry: RetryPolicy())
      let error = await failure { () async throws(HubSpotError) in try await client.account() }
      guard case .api(let limit)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(limit.rateLimit == .daily && limit.retryAfter == .seconds(7_200))
    }
  }

  // MARK: Failures of the server, and replies that are lost

  static let lost: [FaultRow] =
    [500, 502, 503, 504, 521, 523, 524].map { status in
      FaultRow(lost: "\(status)", .answer(status, body: Array("<html>".utf8)), "status \(status)")
    }
    // HubSpot's guide says of these that its support must be asked, and nothing of others.
    + [501, 505, 520, 522, 525, 526, 599].map { status in
      let why = "status \(status)"
      return FaultRow("\(status)", [busy(status)], read: .stops(why), keyed: .unknown(why), create: .unknown(why))
    } + [
      FaultRow(
        "503, Retry-After", [busy(503, after: "5")], read: .done([5_000]), keyed: .unknown("status 503"),
        create: .unknown("status 503")),
      FaultRow(
        "503 for ever", Array(repeating: busy(503), count: 9), read: .stops("status 503", six),
        keyed: .unknown("status 503"), create: .unknown("status 503")),
      FaultRow(lost: "reset after sending", .reset(after: []), "connectionLost"),
      FaultRow(lost: "closed after sending", .raw([]), "connectionLost"),
      FaultRow(lost: "reply cut", .raw(head(length: 99) + Array("{\"id\":".utf8)), "replyCut"),
      FaultRow(
        lost: "chunks without an end",
        .raw(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab".utf8)), "replyCut"),
      FaultRow(lost: "truncated JSON", .json("{\"results\":[{\"id\":\"1\""), "body"),
      FaultRow(
        lost: "200 with HTML", .answer(200, headers: ["Content-Type: text/html"], body: Array("<p>".utf8)), "body"),
      FaultRow(lost: "201 with another JSON", .json("[]", status: 201), "body"),
      FaultRow(lost: "207 without results", .json("{\"status\":\"COMPLETE\"}", status: 207), "body"),
      FaultRow(
        lost: "503 whose body never ends", .endless(head: Array("HTTP/1.1 503 X\r\n\r\n".utf8), piece: [65]),
        "status 503"),
    ]
    + [
      FaultRow(lost: "timeout", .silence, "timeout"),
      FaultRow(lost: "slow drip", .drip(head(length: 1_000_000), milliseconds: 20), "timeout"),
    ].map { row in
      var row = row
      row.timeout = .milliseconds(700)
      return row
    }

  @Test("the server fails, or its reply is lost", arguments: lost)
  func lostReply(_ row: FaultRow) async throws { try await row.check() }

  // MARK: Replies that are too much

  private static let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)

  static let large: [FaultRow] = [
    tooLarge(
      "endless body",
      .endless(head: Array("HTTP/1.1 200 OK\r\n\r\n".utf8), piece: [UInt8](repeating: 32, count: 65_536))),
    tooLarge("1 GiB announced", .endless(head: head(length: 1 << 30), piece: [UInt8](repeating: 32, count: 65_536))),
    tooLarge("body over the limit", .answer(200, body: [UInt8](repeating: 32, count: 10_001))),
    tooLarge(
      "huge header",
      .answer(200, headers: ["X: " + String(repeating: "y", count: 1 << 20)], body: Array("{}".utf8))),
    tooLarge(
      "headers without an end",
      .endless(
        head: Array("HTTP/1.1 200 OK\r\n".utf8),
        piece: Array(("X: " + String(repeating: "y", count: 500) + "\r\n").utf8))),
    FaultRow(
      "JSON 100,000 deep", Array(repeating: .json("{\"results\":\(deep)}"), count: 9), read: .stops("body", six),
      keyed: .unknown("body"), create: .unknown("body")),
    FaultRow(
      "JSON 100,000 deep, where nothing looks at it",
      Array(repeating: .json("{\"results\":[{\"id\":\"1\",\"x\":\(deep)}],\"errors\":\(deep)}"), count: 9),
      read: .stops("body", six),
      keyed: .unknown("body"), create: .unknown("body")),
    FaultRow("JSON 100,000 deep with 400", [.json(deep, status: 400)], all: .stops("status 400")),
  ]

  private static func tooLarge(_ name: String, _ reply: ScriptedServer.Reply) -> FaultRow {
    var row = FaultRow(
      name, [reply], read: .stops("replyTooLarge"), keyed: .unknown("replyTooLarge"), create: .unknown("replyTooLarge"))
    row.options = TransportOptions(bodyLimit: 10_000)
    return row
  }

  @Test("bounded, whatever the server sends", arguments: large)
  func largeReply(_ row: FaultRow) async throws { try await row.check() }

  // MARK: Refused for what is in it

  static let refusedWhole: [FaultRow] =
    [400, 404, 409, 413, 415, 422].map { status in
      FaultRow(
        "\(status) for the whole batch",
        [.json(#"{"category":"VALIDATION_ERROR","message":"Duplicate IDs"}"#, status: status)],
        all: .stops("status \(status)"))
    } + [
      FaultRow(
        "401, token that stays", [.json(#"{"category":"INVALID_AUTHENTICATION"}"#, status: 401)],
        all: .stops("status 401")),
      FaultRow(
        "403, scope missing",
        [
          .json(
            #"{"category":"MISSING_SCOPES","errors":[{"context":{"requiredGranularScopes":["crm.objects.line_items.write"]}}]}"#,
            status: 403)
        ], all: .stops("scope")),
      FaultRow("403, blocked", [.json("{}", status: 403)], all: .stops("status 403")),
    ]

  @Test("refused, and certainly not done", arguments: refusedWhole)
  func refusedForGood(_ row: FaultRow) async throws { try await row.check() }

  // MARK: Nothing was sent

  @Test("a refused connection is tried again in every column, and then made")
  func refusedConnection() async throws {
    for operation in FaultOperation.all {
      let server = try ScriptedServer([FaultOperation.good], listens: false)
      defer { server.stop() }
      let clock = ManualClock { [server] in if server.connectionCount == 0 { server.listen() } }
      let client = try makeClient(CurlTransport(), base: server.base, clock: clock, retry: RetryPolicy())
      FaultCell.done([500]).check(operation, await operation.result(client), client)
      #expect(clock.sleeps == [.milliseconds(500)] && server.requests.count == 1, "\(operation.name)")
    }
  }

  @Test("nobody listens, no such name, no TLS: tried six times, and certainly not done", arguments: FaultOperation.all)
  func notSent(_ operation: FaultOperation) async throws {
    let silent = try ScriptedServer([], listens: false)
    defer { silent.stop() }
    try await withServer([.greeting(Array("220 mail\r\n".utf8))]) { plain in
      let cases = [
        (silent.base, "connection"), ("https://no-such-host.invalid", "nameResolution"),
        ("https://127.0.0.1:\(plain.port)", "tlsHandshake"),
      ]
      for (base, cause) in cases {
        let clock = ManualClock()
        let client = try makeClient(CurlTransport(), base: base, clock: clock, retry: RetryPolicy())
        FaultCell.stops(cause, Self.six).check(operation, await operation.result(client), client)
        #expect(clock.sleeps == Self.six.map { .milliseconds($0) }, "\(operation.name) \(cause)")
      }
      #expect(plain.requests.isEmpty)
    }
  }

  @Test("a certificate that is not trusted is refused once, and nothing leaves", arguments: FaultOperation.all)
  func certificate(_ operation: FaultOperation) async throws {
    let authority = try CertificateAuthority()
    try await authority.withServer(name: "IP:127.0.0.1", answer: "{}") { port in
      let clock = ManualClock()
      let client = try makeClient(
        CurlTransport(), base: "https://127.0.0.1:\(port)", clock: clock, retry: RetryPolicy())
      FaultCell.stops("certificate").check(operation, await operation.result(client), client)
      #expect(clock.sleeps.isEmpty)
    }
  }

  // MARK: Redirects

  @Test("a redirect is refused, and the other host never hears of it", arguments: [301, 302, 303, 307, 308])
  func redirect(_ status: Int) async throws {
    for operation in FaultOperation.all {
      try await withServer([FaultOperation.good]) { other in
        for location in [other.base + "/crm", "http://localhost:\(other.port)/", "//127.0.0.1:\(other.port)/x"] {
          let reply = ScriptedServer.Reply.answer(status, headers: ["Location: \(location)"], body: [])
          try await withServer([reply, FaultOperation.good]) { server in
            let client = try makeClient(CurlTransport(), base: server.base, retry: RetryPolicy())
            FaultCell.stops("redirect").check(operation, await operation.result(client), client)
            #expect(server.requests.count == 1)
          }
        }
        #expect(other.connectionCount == 0, "\(operation.name)")
      }
    }
  }

  @Test("a redirect from https to http is not followed")
  func redirectToPlain() async throws {
    let authority = try CertificateAuthority()
    try await withServer([FaultOperation.good]) { other in
      let reply = "HTTP/1.1 302 Found\r\nLocation: \(other.base)/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
      try await authority.withServer(name: "IP:127.0.0.1", reply: reply) { port in
        let transport = CurlTransport(options: TransportOptions(certificateAuthorityFile: authority.file))
        let request = HTTPRequest(
          method: .get, url: "https://127.0.0.1:\(port)/answer", authorization: try BearerToken("t").headerValue,
          timeout: .seconds(20))
        let response = try await transport.send(request)
        #expect(response.status == 302 && response.header("Location") == other.base + "/")
      }
      #expect(other.connectionCount == 0)
    }
  }
}
