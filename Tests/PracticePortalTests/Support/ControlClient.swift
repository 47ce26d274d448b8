@testable import PracticePortal

/// Forms, the pages of OAuth, and the control endpoints.
extension TestClient {
  static let redirect = "http://localhost:8976/callback"
  static let app = OAuthApp(id: "app-1", secret: "shh <&>", redirects: [redirect], name: "Pricing & <Co>")

  /// A portal with one app and one token, so that no other token is accepted.
  static func strict(
    rotates: Bool = false, data: DataLocation = .memory, faults: [FaultRule] = [], seconds: Int = 1800
  ) -> PortalConfiguration {
    PortalConfiguration(
      data: data, tokens: [StaticToken("test-token")], apps: [app], accessTokenSeconds: seconds,
      rotatesRefreshTokens: rotates, faults: faults, controlToken: "control-me")
  }

  func form(_ path: String, _ fields: [(String, String)], cookie: String? = nil) async throws -> Reply {
    let body = fields.map { QueryParameters.encoded($0.0) + "=" + QueryParameters.encoded($0.1) }
      .joined(separator: "&")
    return try await TestClient(port: port, token: nil).send(
      "POST", path, body, contentType: "application/x-www-form-urlencoded",
      headers: cookie.map { [("Cookie", $0)] } ?? [])
  }

  func control(_ method: String, _ path: String, _ body: String? = nil) async throws -> Reply {
    try await TestClient(port: port, token: "control-me").send(method, "/practice/" + path, body)
  }

  func faults(_ rules: String) async throws {
    let reply = try await control("POST", "faults", "{\"rules\":\(quoted(rules))}")
    guard reply.status == 200 else { throw UnexpectedReply(reply: reply) }
  }

  func with(_ token: String?) -> TestClient { TestClient(port: port, token: token) }

  // MARK: The way of OAuth

  func page(_ parameters: [(String, String)]) async throws -> Reply {
    let query = parameters.map { QueryParameters.encoded($0.0) + "=" + QueryParameters.encoded($0.1) }
      .joined(separator: "&")
    return try await with(nil).get("/oauth/authorize?" + query)
  }

  /// Presses a button of a page.
  func press(_ decision: String, on page: Reply) async throws -> Reply {
    let cookie = page.headers["set-cookie"]?.split(separator: ";").first.map(String.init)
    return try await form("/oauth/authorize", [("ticket", page.ticket), ("decision", decision)], cookie: cookie)
  }

  func code(
    scope: String = "oauth crm.objects.line_items.read", challenge: String? = nil
  ) async throws -> String {
    var parameters = [
      ("client_id", Self.app.id), ("redirect_uri", Self.redirect), ("scope", scope), ("state", "s t&1"),
    ]
    if let challenge { parameters += [("code_challenge", challenge), ("code_challenge_method", "S256")] }
    let answer = try await press("connect", on: try await page(parameters))
    guard let code = answer.location["code"] else { throw UnexpectedReply(reply: answer) }
    return code
  }

  func token(_ fields: [(String, String)], version: String = "2026-03") async throws -> Reply {
    try await form(
      "/oauth/\(version)/token", [("client_id", Self.app.id), ("client_secret", Self.app.secret)] + fields)
  }

  func exchange(_ code: String, version: String = "2026-03") async throws -> Reply {
    try await token(
      [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Self.redirect)], version: version)
  }

  /// A connection with these scopes.
  func connect(scope: String = "oauth crm.objects.line_items.read") async throws -> (access: String, refresh: String) {
    let reply = try await exchange(try await code(scope: scope))
    guard let access = reply["access_token"].text, let refresh = reply["refresh_token"].text else {
      throw UnexpectedReply(reply: reply)
    }
    return (access, refresh)
  }
}

extension Reply {
  /// The hidden field of a page.
  var ticket: String {
    guard let start = body.firstRange(of: "name=\"ticket\" value=\"")?.upperBound else { return "" }
    return String(body[start...].prefix { $0 != "\"" })
  }

  /// The parameters that a redirect carries.
  var location: QueryParameters {
    QueryParameters(String((headers["location"] ?? "").split(separator: "?", maxSplits: 1).dropFirst().first ?? ""))
  }
}
