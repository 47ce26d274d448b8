/// What a token is, for those who hold it.
extension OAuthEndpoints {
  /// The answer is about tokens of the app that asks; others are not active for it.
  func introspect(_ form: QueryParameters) async throws -> Answer {
    let app = try app(form)
    guard let token = form["token"] else { throw OAuthRefusal.missing("token") }
    if let entry = live(token), entry.clientId == app.id {
      return .ok(
        JSONWriter.object { body in
          body.member("active", true)
          write(accessToken: token, entry, into: &body)
          body.member("client_id", app.id)
          body.member("token_use", "access_token")
          body.member("is_private_distribution", false)
        })
    }
    guard let entry = try await connections.refreshEntry(token), entry.clientId == app.id else {
      return .ok(JSONWriter.object { $0.member("active", false) })
    }
    return .ok(
      JSONWriter.object { body in
        body.member("active", true)
        write(refreshToken: token, entry, into: &body)
        body.member("app_id", app.number)
        body.member("token_use", "refresh_token")
      })
  }

  /// Practice-portal rule: a token that does not hold any more is not found.
  func accessTokenInfo(_ token: String) throws(Refusal) -> Answer {
    guard let entry = live(token) else { throw .resourceNotFound }
    return .ok(JSONWriter.object { write(accessToken: token, entry, into: &$0) })
  }

  func refreshTokenInfo(_ token: String) async throws -> Answer {
    guard let entry = try await connections.refreshEntry(token) else { throw Refusal.resourceNotFound }
    return .ok(JSONWriter.object { write(refreshToken: token, entry, into: &$0) })
  }

  /// Tokens given out by hand only. Practice-portal rule: for others the answer is the one of a token that is not known.
  func staticTokenInfo(_ call: Call) throws(Refusal) -> Answer {
    let body = BodyShape(try call.json())
    try body.requireObject()
    guard let token = book.fixedToken(try body.text("tokenKey")) else { throw .notAuthenticated }
    let scopes = token.scopes.map { $0.union([Scopes.oauth]) } ?? Set(Scopes.all)
    return .ok(
      JSONWriter.object { body in
        body.member("userId", Self.user.userId)
        body.member("hubId", PortalIdentity.portalId)
        body.member("appId", .number(PortalIdentity.applicationId))
        body.member("scopes", scopes.sorted())
      })
  }

  /// An issued access token that holds.
  private func live(_ token: String) -> TokenBook.Entry? {
    guard let entry = book.entry(token), entry.clientId != nil, !entry.isRevoked,
      entry.expiresAt > book.store.clock.time
    else { return nil }
    return entry
  }

  private func write(accessToken token: String, _ entry: TokenBook.Entry, into body: inout JSONWriter) {
    let number = apps.first { $0.id == entry.clientId }?.number ?? 0
    body.member("token", token)
    writeAccount(entry.scopes, into: &body)
    body.member("app_id", number)
    body.member("expires_in", Int((entry.expiresAt - book.store.clock.time) / 1000))
    body.member("token_type", "access")
    writeSigned(entry, number, into: &body)
  }

  private func write(refreshToken token: String, _ entry: Connections.RefreshEntry, into body: inout JSONWriter) {
    body.member("token", token)
    writeAccount(entry.scopes, into: &body)
    body.member("client_id", entry.clientId)
    body.member("token_type", "refresh")
  }

  private func writeAccount(_ scopes: [String], into body: inout JSONWriter) {
    body.member("user", Self.user.email)
    body.member("user_id", Self.user.userId)
    body.member("hub_id", PortalIdentity.portalId)
    body.member("hub_domain", "practice.example")
    body.member("scopes", scopes)
  }

  /// The schema demands it; its signatures are empty here, since nobody can check them.
  private func writeSigned(_ entry: TokenBook.Entry, _ app: Int, into body: inout JSONWriter) {
    body.memberObject("signed_access_token") { signed in
      signed.member("expiresAt", Int(entry.expiresAt))
      signed.member("scopes", entry.scopes.joined(separator: " "))
      signed.member("hubId", PortalIdentity.portalId)
      signed.member("userId", Self.user.userId)
      signed.member("installingUserId", Self.user.userId)
      signed.member("appId", app)
      for name in ["signature", "newSignature", "appInstallId", "audience", "trialScopes"] { signed.member(name, "") }
      for name in ["scopeToScopeGroupPks", "trialScopeToScopeGroupPks"] { signed.member(name, "") }
      for name in ["isUserLevel", "isServiceAccount", "isPrivateDistribution"] { signed.member(name, false) }
      signed.member("hublet", "na1")
    }
  }
}
