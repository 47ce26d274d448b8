/// The page that asks a person whether an app may have the account, and where the answer goes.
extension OAuthEndpoints {
  static let cookieName = "practice_browser"

  func authorizePage(_ query: QueryParameters, cookie: String?) -> Answer {
    guard let id = query["client_id"], let app = apps.first(where: { $0.id == id }) else {
      return HTMLPage.problem(
        "Unknown app", "No app with this client id is registered here. Check the client id and open the page again.")
    }
    guard let redirect = query["redirect_uri"], RedirectAddress.isRegistered(redirect, for: app),
      let address = RedirectAddress(redirect)
    else {
      return HTMLPage.problem(
        "Redirect address not registered",
        "The app \(app.name) has not registered the address that the answer was to go to. Nothing was granted.")
    }
    let state = query["state"]
    let challenge = query["code_challenge"]
    let wanted = (query["scope"] ?? "").split(separator: " ").map(String.init)
    let optional = (query["optional_scope"] ?? "").split(separator: " ").map(String.init)
    // Errors behind this line go to the app (RFC 6749, 4.1.2.1).
    if let challenge, query["code_challenge_method"] != "S256" || !RedirectAddress.isChallenge(challenge) {
      return address.answer(
        [("error", "invalid_request"), ("error_description", "only S256 challenges")], state: state)
    }
    if let type = query["response_type"], type != "code" {
      return address.answer([("error", "unsupported_response_type")], state: state)
    }
    if wanted.isEmpty || !wanted.allSatisfy(app.scopes.contains) {
      return address.answer([("error", "invalid_scope")], state: state)
    }
    // Practice-portal rule: optional scopes are granted when the app can have them.
    var scopes: [String] = []
    for scope in wanted + optional.filter(app.scopes.contains) where !scopes.contains(scope) { scopes.append(scope) }
    let browser = cookie ?? Secrets.make(32)
    let ticket = pending.add(
      .init(
        app: app, redirect: redirect, state: state, scopes: scopes, challenge: challenge, browser: browser,
        expiresAt: book.store.clock.time + PendingAuthorizations.lifetime))
    return HTMLPage.consent(app, scopes: scopes, ticket: ticket, browser: browser, target: address)
  }

  func decide(_ form: QueryParameters, cookie: String?) async throws -> Answer {
    guard let ticket = form["ticket"], let cookie,
      let request = pending.take(ticket, browser: cookie, now: book.store.clock.time),
      let address = RedirectAddress(request.redirect)
    else {
      return HTMLPage.problem(
        "This form cannot be used",
        "It was sent already, is too old, or comes from another browser. Nothing was "
          + "granted. Start again from the app.")
    }
    guard form["decision"] == "connect" else {
      return address.answer(
        [("error", "access_denied"), ("error_description", "the user canceled")], state: request.state)
    }
    let code = try await connections.issueCode(
      for: request.app, redirect: request.redirect, scopes: request.scopes, challenge: request.challenge)
    return address.answer([("code", code)], state: request.state)
  }
}

/// An address that a browser is sent back to.
struct RedirectAddress {
  let text: String
  /// Scheme, host and port, for the policy of the page: browsers hold it against redirects of forms, too.
  let origin: String

  /// `nil` for what is no http address, and for one with a fragment (RFC 6749, 3.1.2).
  init?(_ text: String) {
    let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3B && $0 != 0x5C }
    guard isPlain, !text.contains("#"), text.hasPrefix("http://") || text.hasPrefix("https://"),
      let slashes = text.firstRange(of: "://")
    else { return nil }
    let authority = text[slashes.upperBound...].prefix { $0 != "/" && $0 != "?" }
    guard !authority.isEmpty, authority.allSatisfy({ $0.isLetter || $0.isNumber || ".-:[]".contains($0) }) else {
      return nil
    }
    self.text = text
    origin = String(text[..<slashes.upperBound] + authority)
  }

  static func isRegistered(_ text: String, for app: OAuthApp) -> Bool {
    app.redirects.contains { registered in
      registered == OAuthApp.anyLoopback ? RedirectAddress(text)?.isLoopback == true : registered == text
    }
  }

  var isLoopback: Bool {
    guard origin.hasPrefix("http://") else { return false }
    let authority = origin.dropFirst("http://".count)
    let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
    return (try? Loopback.address(String(host))) != nil
  }

  /// SHA-256 in the base64 of RFC 7636 has 43 characters.
  static func isChallenge(_ text: String) -> Bool {
    text.utf8.count == 43
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "_")
      }
  }

  /// Sends the browser there with parameters.
  func answer(_ parameters: [(String, String)], state: String?) -> Answer {
    let all = parameters + (state.map { [("state", $0)] } ?? [])
    let query = all.map { QueryParameters.encoded($0.0) + "=" + QueryParameters.encoded($0.1) }.joined(separator: "&")
    var answer = Answer(status: 303, body: nil)
    answer.headers = [
      ("Location", text + (text.contains("?") ? "&" : "?") + query), ("Cache-Control", "no-store"),
      ("Referrer-Policy", "no-referrer"),
    ]
    return answer
  }
}
