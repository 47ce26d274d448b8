/// OAuth: pages for people, tokens for programs. Requests to it need no bearer token and do not count against limits.
struct OAuthEndpoints {
  let apps: [OAuthApp]
  let connections: Connections
  let pending: PendingAuthorizations

  var book: TokenBook { connections.book }

  /// The person that every connection is made by.
  static let user = Owners.all[0]

  func answer(_ route: OAuthRoute, _ call: Call, cookie: String?) async throws -> Answer {
    do {
      switch route {
      case .authorize: return authorizePage(call.query, cookie: cookie)
      case .decide: return try await decide(form(call), cookie: cookie)
      case .token(let version): return try await token(form(call), version)
      case .introspect: return try await introspect(form(call))
      case .revoke: return try await revoke(form(call))
      case .accessTokenInfo(let token): return try accessTokenInfo(token)
      case .refreshTokenInfo(let token): return try await refreshTokenInfo(token)
      case .deleteRefreshToken(let token):
        try await connections.revokeRefresh(token, of: nil)
        return .noContent
      case .staticTokenInfo: return try staticTokenInfo(call)
      }
    } catch let refusal as OAuthRefusal {
      return refusal.answer
    }
  }

  /// Parameters of the body; those of a query are not looked at, since secrets do not belong there.
  private func form(_ call: Call) -> QueryParameters { QueryParameters(String(decoding: call.body, as: UTF8.self)) }

  // MARK: Tokens

  func app(_ form: QueryParameters) throws(OAuthRefusal) -> OAuthApp {
    guard let id = form["client_id"], let app = apps.first(where: { $0.id == id }) else { throw .badClientId }
    guard let secret = form["client_secret"], Secrets.equal(secret, app.secret) else { throw .badClientSecret }
    return app
  }

  private func token(_ form: QueryParameters, _ version: OAuthVersion) async throws -> Answer {
    let grant = form["grant_type"] ?? ""
    guard version.grants.contains(grant) else { throw OAuthRefusal.badGrantType(grant) }
    let app = try app(form)
    switch grant {
    case "authorization_code":
      guard let code = form["code"] else { throw OAuthRefusal.badCode }
      guard let redirect = form["redirect_uri"] else { throw OAuthRefusal.badRedirect }
      let issued = try await connections.exchange(
        code: code, app: app, redirect: redirect, verifier: form["code_verifier"])
      return Self.answer(issued)
    case "refresh_token":
      guard let token = form["refresh_token"] else { throw OAuthRefusal.badRefreshToken }
      return Self.answer(try await connections.refresh(token, app: app))
    default:
      let wanted = (form["scope"] ?? "").split(separator: " ").map(String.init)
      // Tokens of an app itself reach no records, so the scopes of records cannot be had.
      let refused = wanted.filter { !app.scopes.contains($0) || $0.hasPrefix("crm.") || $0 == Scopes.eCommerce }
      if !refused.isEmpty { throw OAuthRefusal.badScopes(refused) }
      return Self.answer(try await connections.issueForApp(app, scopes: wanted))
    }
  }

  static func answer(_ issued: Connections.Issued) -> Answer {
    var answer = Answer.ok(
      JSONWriter.object { body in
        body.member("token_type", "bearer")
        body.member("token_use", issued.refresh == nil ? "client_credentials" : "access_token")
        body.member("access_token", issued.access)
        if let refresh = issued.refresh { body.member("refresh_token", refresh) }
        body.member("expires_in", Int(issued.seconds))
        body.member("hub_id", PortalIdentity.portalId)
        body.member("user_id", user.userId)
        body.member("scopes", issued.scopes)
      })
    answer.headers = [("Cache-Control", "no-store")]
    return answer
  }

  /// RFC 7009: a token that is not known is answered like one that was. HubSpot was seen to answer 200 and to leave
  /// access tokens alone; that an access token which is named itself ends, is a practice-portal rule.
  private func revoke(_ form: QueryParameters) async throws -> Answer {
    let app = try app(form)
    guard let token = form["token"] else { throw OAuthRefusal.missing("token") }
    if let entry = book.entry(token), entry.clientId == app.id {
      try await book.end(token, as: .revoked)
    } else {
      try await connections.revokeRefresh(token, of: app.id)
    }
    return .ok(Array("{}".utf8))
  }
}
