import Synchronization
import Testing

@testable import HubSpot

/// The rows of the matrix that one reply per request does not tell: access, batches, cursors and clocks.
extension FaultMatrixTests {
  // MARK: Access

  /// A client whose token expired before its time, and which asks another server for a new one.
  private func connected(_ server: ScriptedServer, _ tokens: ScriptedServer, clock: ManualClock) throws -> HubSpotClient
  {
    let app = OAuthApp(clientID: "app", clientSecret: Secret("app-secret"))
    let grant = StoredGrant(
      accessToken: try BearerToken("access-1"), refreshToken: Secret("refresh-1"), issuedAt: 0, expiresAt: 1_800)
    let credential = RenewingCredential(
      client: OAuthClient(app: app, baseURL: try BaseURL(tokens.base), transport: CurlTransport()),
      vault: OAuthTests.MemoryVault(grant), date: { 10 })
    return HubSpotClient(
      ClientConfiguration(
        baseURL: try BaseURL(server.base), credentials: credential, transport: CurlTransport(), clock: clock,
        random: { 0.5 }))
  }

  private static let expired = ScriptedServer.Reply.json(#"{"category":"EXPIRED_AUTHENTICATION"}"#, status: 401)

  private static func grant(_ number: Int) -> ScriptedServer.Reply {
    .json(#"{"access_token":"access-\#(number)","refresh_token":"refresh-2","expires_in":1800}"#)
  }

  /// What the token endpoint answers, and what becomes of a request that was refused for its token.
  struct Access: Sendable, CustomTestStringConvertible {
    let name: String
    let replies: [ScriptedServer.Reply]
    let grants: [ScriptedServer.Reply]
    let cell: FaultCell
    /// Tokens that arrive at the server, and requests for tokens.
    let sent: [String]
    let renewals: Int
    var testDescription: String { name }
  }

  static let access: [Access] = [
    Access(
      name: "401 expired: renewed once", replies: [expired], grants: [grant(2)], cell: .done(requests: 2),
      sent: ["access-1", "access-2"], renewals: 1),
    Access(
      name: "401 with every token: renewed twice, then given up", replies: [expired, expired, expired],
      grants: [grant(2), grant(3), grant(4)], cell: .stops("status 401"), sent: ["access-1", "access-2", "access-3"],
      renewals: 2),
    Access(
      name: "401 revoked: signing in again is asked for", replies: [expired],
      grants: [.json(#"{"error":"invalid_grant","status":"BAD_REFRESH_TOKEN"}"#, status: 400)],
      cell: .stops("credential"), sent: ["access-1"], renewals: 1),
    Access(
      name: "401 expired, and the page for tokens is another host's", replies: [expired],
      grants: [.answer(302, headers: ["Location: http://127.0.0.1:1/"], body: [])], cell: .stops("credential"),
      sent: ["access-1"], renewals: 1),
  ]

  @Test("access refused", arguments: access)
  func accessRefused(_ row: Access) async throws {
    for operation in FaultOperation.all {
      try await withServer(row.grants) { tokens in
        try await withServer(row.replies + [FaultOperation.good]) { server in
          let clock = ManualClock()
          let client = try connected(server, tokens, clock: clock)
          let result = await operation.result(client)
          #expect(server.requests.map { $0.headers["authorization"] } == row.sent.map { "Bearer " + $0 })
          #expect(tokens.requests.count == row.renewals && clock.sleeps.isEmpty, "\(operation.name)")
          #expect(tokens.requests.allSatisfy { $0.headers["authorization"] == nil })
          switch (row.cell, result) {
          case (.done, .success(true)): break
          case (.stops(let why, _), .failure(let error)):
            #expect(FaultCell.word(error) == why && error.isAuth && !error.mayHaveBeenDone, "\(operation.name)")
          default: Issue.record("\(operation.name): \(result)")
          }
        }
      }
    }
  }

  @Test("a missing scope is named")
  func missingScope() async throws {
    let body =
      #"{"category":"MISSING_SCOPES","errors":[{"context":{"requiredGranularScopes":["crm.objects.line_items.write"]}}]}"#
    try await withServer([.json(body, status: 403)]) { server in
      let client = try makeClient(CurlTransport(), base: server.base, retry: RetryPolicy())
      let error = await failure { () async throws(HubSpotError) in
        try await client.batchArchive(.lineItems, ids: ["1"])
      }
      guard case .api(let failure)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.missingScopes == ["crm.objects.line_items.write"])
    }
  }

  // MARK: Batches that are answered in part

  /// Replies to three inputs. An outcome in short: `done`, `failed` with the server's reason for this input, `?` where
  /// the reply proves nothing, which an update looks up and a create reports as unknown.
  struct Partial: Sendable, CustomTestStringConvertible {
    let name: String
    /// `R1` and so on become records, `E1` errors of an input, `E` an error of nobody.
    let results: [String]
    let errors: [String]
    let keyed: [String]
    let create: [String]
    var testDescription: String { name }

    init(_ name: String, _ results: [String], _ errors: [String] = [], keyed: [String], create: [String]? = nil) {
      (self.name, self.results, self.errors, self.keyed, self.create) = (name, results, errors, keyed, create ?? keyed)
    }

    func body(_ column: FaultColumn) -> String {
      let results = results.map { part -> String in
        let number = part.dropFirst()
        return part.hasPrefix("U")
          ? #"{"id":"10\#(number)"}"# : #"{"id":"\#(number)","objectWriteTraceId":"t\#(number)","properties":{}}"#
      }
      let errors = errors.map { part -> String in
        let number = part.dropFirst()
        let context = number.isEmpty ? "{}" : #"{"objectWriteTraceId":["t\#(number)"]}"#
        return #"{"status":"error","category":"VALIDATION_ERROR","message":"no","context":\#(context)}"#
      }
      return #"{"status":"COMPLETE","results":[\#(results.joined(separator: ","))],"numErrors":\#(errors.count),"#
        + #""errors":[\#(errors.joined(separator: ","))]}"#
    }
  }

  static let partial: [Partial] = [
    Partial("mixed", ["R1", "R3"], ["E2"], keyed: ["done", "failed", "done"]),
    Partial("shuffled", ["R3", "R1", "R2"], keyed: ["done", "done", "done"]),
    Partial("mixed and shuffled", ["R3", "R1"], ["E2"], keyed: ["done", "failed", "done"]),
    Partial("fewer results than inputs", ["R1", "R3"], keyed: ["done", "?", "done"]),
    Partial("no results at all", [], keyed: ["?", "?", "?"]),
    Partial("an error without trace id", ["R1", "R3"], ["E"], keyed: ["done", "?", "done"]),
    Partial("two errors, one without trace id", ["R1"], ["E", "E3"], keyed: ["done", "?", "failed"]),
    Partial("a result twice", ["R1", "R1", "R3"], keyed: ["done", "?", "done"]),
    Partial("a result and an error for one input", ["R1", "R2", "R3"], ["E2"], keyed: ["done", "?", "done"]),
    Partial("records that nobody asked for", ["R1", "U7", "U8"], keyed: ["done", "?", "?"]),
    Partial("an error of another batch", ["R1", "R2"], ["E9"], keyed: ["done", "done", "?"]),
  ]

  @Test("207, and 200 and 201 that should be one", arguments: partial, [200, 201, 207])
  func partialReply(_ row: Partial, _ status: Int) async throws {
    let updates = (1...3).map { ObjectInput(id: "\($0)", values: ["a": "x"], traceID: "t\($0)") }
    let upserts = (1...3).map {
      ObjectInput(id: "K\($0)", idProperty: "k", values: ["k": "K\($0)"], traceID: "t\($0)")
    }
    let creates = (1...3).map { ObjectInput(values: ["a": "\($0)"], traceID: "t\($0)") }
    let replies = [FaultColumn.keyed, .keyed, .create].map { ScriptedServer.Reply.json(row.body($0), status: status) }
    try await withServer(replies) { server in
      let clock = ManualClock()
      let client = try makeClient(CurlTransport(), base: server.base, clock: clock, retry: RetryPolicy())
      #expect(short(try await client.batchUpdate(.lineItems, updates)) == row.keyed)
      #expect(short(try await client.batchUpsert(.lineItems, upserts)) == row.keyed)
      #expect(short(try await client.batchCreate(.lineItems, creates)) == row.create)
      #expect(server.requests.count == 3 && clock.sleeps.isEmpty)
    }
  }

  private func short(_ result: BatchResult) -> [String] {
    result.outcomes.map { outcome in
      switch outcome {
      case .succeeded: "done"
      case .failed(let failure): failure.isAttributed ? "failed" : "?"
      case .unaccounted: "?"
      }
    }
  }

  @Test("ids repeated in one batch never leave")
  func repeatedIDs() async throws {
    try await withServer([]) { server in
      let client = try makeClient(CurlTransport(), base: server.base, retry: RetryPolicy())
      let inputs = (0..<2).map { _ in ObjectInput(id: "1", values: ["a": "x"]) }
      let error = await failure { () async throws(HubSpotError) in try await client.batchUpdate(.lineItems, inputs) }
      #expect(error == .invalidRequest(.repeatedID("1")) && server.connectionCount == 0)
    }
  }

  // MARK: Cursors

  private static func page(_ ids: [Int], next: String?, total: Int? = nil) -> ScriptedServer.Reply {
    let records = ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
    let paging = next.map { #","paging":{"next":{"after":"\#($0)"}}"# } ?? ""
    return .json(#"{"total":\#(total ?? ids.count),"results":[\#(records)]\#(paging)}"#)
  }

  /// Pages that never come to an end, and how many requests it takes to notice.
  struct Loop: Sendable, CustomTestStringConvertible {
    let name: String
    let searches: Bool
    let pages: [ScriptedServer.Reply]
    let requests: Int
    var testDescription: String { (searches ? "search: " : "list: ") + name }
  }

  static let loops: [Loop] = [
    Loop(name: "the same cursor", searches: false, pages: (1...9).map { page([$0], next: "5") }, requests: 2),
    Loop(
      name: "a cursor from before", searches: false, pages: (1...9).map { page([$0], next: "\($0 % 3)") }, requests: 4),
    Loop(
      name: "new cursors, nothing there", searches: false, pages: (1...99).map { page([], next: "\($0)") },
      requests: PageChain.emptyPagesLimit + 1),
    Loop(
      name: "new cursors, the same records", searches: false, pages: (1...99).map { page([1, 2], next: "\($0)") },
      requests: 2),
    Loop(name: "the same page", searches: true, pages: (1...9).map { _ in page([1, 2], next: "2") }, requests: 2),
    Loop(
      name: "ids that go back", searches: true, pages: [page([5, 6], next: "2"), page([3], next: nil)], requests: 2),
    Loop(
      name: "an offset that stays", searches: true, pages: (1...9).map { _ in page([], next: "1", total: 5) },
      requests: 2),
    Loop(
      name: "offsets that grow, nothing there", searches: true,
      pages: (1...99).map { page([], next: "\($0)", total: 5) }, requests: PageChain.emptyPagesLimit + 1),
    Loop(
      name: "an offset out of reach", searches: true, pages: (1...9).map { page([], next: "\($0 * 9_000)", total: 5) },
      requests: 2),
  ]

  @Test("a server that leads in a circle is told to be one", arguments: loops)
  func loop(_ row: Loop) async throws {
    try await withServer(row.pages) { server in
      let client = try makeClient(CurlTransport(), base: server.base, retry: RetryPolicy())
      let pages =
        row.searches
        ? client.pages(SearchRequest(type: .deals, properties: []))
        : client.pages(ListRequest(type: .deals, properties: []))
      let error = await failure { () async throws(HubSpotError) in for try await _ in pages {} }
      #expect(error.map(FaultCell.word) == "server loop", "\(String(describing: error))")
      #expect(server.requests.count == row.requests)
    }
  }

  @Test("an empty page in the middle is not the end, and no circle", arguments: [true, false])
  func emptyPage(_ searches: Bool) async throws {
    let pages = [Self.page([1], next: "2", total: 9), Self.page([], next: "3", total: 9), Self.page([7], next: nil)]
    try await withServer(pages) { server in
      let client = try makeClient(CurlTransport(), base: server.base, retry: RetryPolicy())
      let pages =
        searches
        ? client.pages(SearchRequest(type: .deals, properties: []))
        : client.pages(ListRequest(type: .deals, properties: []))
      var ids: [String] = []
      for try await page in pages { ids += page.map(\.id) }
      #expect(ids == ["1", "7"])
    }
  }

  // MARK: Clocks

  /// A day forward or back, as when somebody sets the clock; summer time and leap days move no clock at all but the
  /// ones people read.
  @Test("a clock that is set changes no wait", arguments: [86_400, -86_400, 3_600, -3_600] as [Int64])
  func clockJump(_ seconds: Int64) async throws {
    let limited = ScriptedServer.Reply.answer(
      429, headers: ["Retry-After: 3", "X-HubSpot-RateLimit-Max: 2"], body: Array(#"{"policyName":"X"}"#.utf8))
    let usual = [
      "X-HubSpot-RateLimit-Max: 2", "X-HubSpot-RateLimit-Daily: 100", "X-HubSpot-RateLimit-Daily-Remaining: 9",
    ]
    let good = ScriptedServer.Reply.answer(200, headers: usual, body: Array(#"{"results":[]}"#.utf8))
    func waits(jump: Int64) async throws -> [Duration] {
      try await withServer([limited, good, good, limited, good]) { server in
        let date = Mutex<Int64>(1_795_000_000)
        let clock = ManualClock { date.withLock { $0 += jump } }
        var configuration = ClientConfiguration(
          baseURL: try BaseURL(server.base), token: try BearerToken("t"), transport: CurlTransport(), clock: clock,
          random: { 0.5 })
        configuration.date = { date.withLock { $0 } }
        let client = HubSpotClient(configuration)
        for _ in 0..<3 { _ = try await client.listPage(ListRequest(type: .deals, properties: [])) }
        #expect(server.requests.count == 5)
        return clock.sleeps
      }
    }
    let still = try await waits(jump: 0)
    #expect(still.contains(.seconds(3)) && still.count > 2)
    #expect(try await waits(jump: seconds) == still)
  }

  @Test("waits are measured by a clock that nobody sets")
  func monotonic() throws {
    let configuration = ClientConfiguration(token: try BearerToken("t"), transport: FakeTransport([]))
    #expect(configuration.clock is ContinuousClock)
  }
}
