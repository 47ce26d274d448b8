/// The practice portal's own endpoints below `/practice/`, for tests and rehearsals; HubSpot has nothing like them.
///
/// They take the control token alone: a program that may use the API must not be able to stage its own faults. Their
/// requests are in neither log nor statistics, count against no limit and meet no fault.
struct ControlEndpoints {
  let token: String
  let store: PortalStore
  let log: RequestLog
  let faults: FaultBook
  let statistics: Statistics
  let connections: Connections
  let apps: [OAuthApp]

  static func isPath(_ path: String) -> Bool { path == "/practice" || path.hasPrefix("/practice/") }

  func admits(_ authorization: String?) -> Bool {
    TokenBook.bearer(authorization).map { Secrets.equal($0, token) } ?? false
  }

  static let notAdmitted = problem(
    401, "This endpoint of the practice portal takes its control token, not a token of the API.")

  /// Of a request that was admitted.
  func answer(method: String, path: String, query: QueryParameters, body: [UInt8]) async throws -> Answer {
    let segments = path.split(separator: "/").dropFirst().joined(separator: "/")
    do {
      switch (method, segments) {
      case ("GET", "log"): return try listLog(query)
      case ("GET", "stats"): return .ok(statistics.json())
      case ("GET", "faults"): return listFaults()
      case ("POST", "faults"): return try addFaults(Self.object(body))
      case ("DELETE", "faults"): return .ok(Self.count("removed", faults.removeAll()))
      case ("GET", "clock"): return clock()
      case ("POST", "clock"): return try await advance(Self.object(body))
      case ("POST", "tokens/expire"): return try await end(Self.object(body), as: .expired)
      case ("POST", "tokens/revoke"): return try await end(Self.object(body), as: .revoked)
      case ("POST", "connections"): return try await connect(Self.object(body))
      default:
        return Self.problem(
          404,
          "The practice portal has GET log, stats, faults and clock, POST faults, clock, tokens/expire, "
            + "tokens/revoke and connections, and DELETE faults.")
      }
    } catch let problem as FaultProblem {
      return Self.problem(400, problem.message)
    } catch let refusal as OAuthRefusal {
      return refusal.answer
    }
  }

  private static func problem(_ status: Int, _ message: String) -> Answer {
    Answer(status: status, body: JSONWriter.object { $0.member("message", message) })
  }

  private static func count(_ name: String, _ count: Int) -> [UInt8] { JSONWriter.object { $0.member(name, count) } }

  /// A body with an object, or none.
  private static func object(_ body: [UInt8]) throws(Refusal) -> BodyShape {
    if body.isEmpty { return BodyShape(.object([:])) }
    let shape: BodyShape
    do throws(JSONSyntaxError) { shape = BodyShape(try JSONParser.parse(body)) } catch { throw .malformedJSON(error) }
    try shape.requireObject()
    return shape
  }

  // MARK: Log and faults

  /// The requests as NDJSON, oldest first; `skip` leaves out the first ones.
  private func listLog(_ query: QueryParameters) throws -> Answer {
    let skip = try query.integer("skip", default: 0, in: 0...Int.max)
    let lines = try log.entries().dropFirst(skip).map(\.line)
    return Answer(
      status: 200,
      body: Array(lines.joined(separator: [UInt8(ascii: "\n")])) + (lines.isEmpty ? [] : [UInt8(ascii: "\n")]),
      contentType: "application/x-ndjson")
  }

  private func listFaults() -> Answer {
    .ok(
      JSONWriter.object { body in
        body.memberArray("rules") { list in
          for active in faults.rules {
            list.object {
              $0.member("fault", active.rule.fault.word)
              $0.member("matched", active.matched)
              $0.member("struck", active.struck)
            }
          }
        }
      })
  }

  /// `{"rules":"503 at=2; cut at=4"}` or `{"rules":[{"fault":"503","at":2}]}`.
  private func addFaults(_ body: BodyShape) throws -> Answer {
    let rules: [FaultRule]
    switch body.member("rules") {
    case .string(let text)?: rules = try FaultRule.list(text)
    case .array(let items)?: rules = try items.map { try FaultRule($0) }
    default: throw FaultProblem.noRule
    }
    faults.add(rules, now: store.clock.time)
    return .ok(Self.count("added", rules.count))
  }

  // MARK: Time

  private func clock() -> Answer {
    .ok(
      JSONWriter.object { body in
        body.member("time", Timestamp.canonicalText(store.clock.time))
        body.member("aheadMilliseconds", Int(store.clock.ahead))
      })
  }

  /// `{"advance":"35m"}`. The clock never goes back.
  private func advance(_ body: BodyShape) async throws -> Answer {
    let text = try body.text("advance")
    guard let milliseconds = DurationText.milliseconds(text) else {
      throw Refusal.wrongShape(path: "advance", expected: "a time such as 80ms, 3s, 35m or 24h")
    }
    try await store.advanceClock(by: Int64(milliseconds))
    return clock()
  }

  // MARK: Tokens

  /// `{"token":"…"}` ends one, `{}` all access tokens that OAuth issued. Revoking takes `refresh_token` as well, and
  /// without a name ends the refresh tokens, too.
  private func end(_ body: BodyShape, as end: TokenBook.End) async throws -> Answer {
    if let token = try body.optionalText("token") {
      try await connections.book.end(token, as: end)
      return .ok(Self.count("ended", 1))
    }
    if let token = try body.optionalText("refresh_token") {
      guard end == .revoked else { throw Refusal.wrongShape(path: "refresh_token", expected: "left out") }
      try await connections.revokeRefresh(token, of: nil)
      return .ok(Self.count("ended", 1))
    }
    let refreshed = end == .revoked ? try await connections.revokeAllRefresh() : 0
    return .ok(Self.count("ended", try await connections.book.endIssued(as: end) + refreshed))
  }

  /// `{"client_id":"…","scopes":["…"]}` connects the account to an app without the page, and answers as the token
  /// endpoint does.
  private func connect(_ body: BodyShape) async throws -> Answer {
    let issued = try await issue(clientId: try body.text("client_id"), scopes: try body.texts("scopes"))
    guard let issued else { throw OAuthRefusal.badClientId }
    return OAuthEndpoints.answer(issued)
  }

  /// `nil` when there is no such app.
  func issue(clientId: String, scopes: [String]?) async throws -> Connections.Issued? {
    guard let app = apps.first(where: { $0.id == clientId }) else { return nil }
    let code = try await connections.issueCode(
      for: app, redirect: "practice", scopes: scopes ?? app.scopes, challenge: nil)
    return try await connections.exchange(code: code, app: app, redirect: "practice", verifier: nil)
  }
}
