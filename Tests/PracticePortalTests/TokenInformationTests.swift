import Testing

@testable import PracticePortal

@Suite struct TokenInformationTests {
  private static let credentials = [("client_id", TestClient.app.id), ("client_secret", TestClient.app.secret)]

  @Test(arguments: ["v3", "2026-03", "2026-09"])
  func introspectionAndRevocation(version: String) async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let (access, refresh) = try await client.connect()
      let path = "/oauth/\(version)/token/"
      func introspect(_ token: String) async throws -> Reply {
        try await client.form(path + "introspect", Self.credentials + [("token", token)])
      }
      let aboutAccess = try await introspect(access)
      #expect(aboutAccess["active"] == .bool(true) && aboutAccess["token_use"] == .string("access_token"))
      #expect(aboutAccess["hub_id"] == .number("1234567") && aboutAccess["client_id"] == .string("app-1"))
      #expect(aboutAccess["scopes", 1] == .string("crm.objects.line_items.read"))
      #expect((1600...1800).contains(aboutAccess["expires_in"].integer ?? 0))
      #expect(aboutAccess["signed_access_token", "hublet"] == .string("na1"))
      let aboutRefresh = try await introspect(refresh)
      #expect(aboutRefresh["active"] == .bool(true) && aboutRefresh["token_use"] == .string("refresh_token"))
      #expect(try await introspect("nobody").body == #"{"active":false}"#)
      let refused = try await client.form(path + "introspect", [("client_id", "app-1"), ("token", access)])
      #expect(refused.status == 400 && refused["status"] == .string("BAD_CLIENT_SECRET"))

      for _ in 0..<2 {
        #expect(try await client.form(path + "revoke", Self.credentials + [("token", refresh)]).status == 200)
      }
      #expect(try await introspect(refresh).body == #"{"active":false}"#)
      let dead = try await client.token([("grant_type", "refresh_token"), ("refresh_token", refresh)])
      #expect(dead["status"] == .string("BAD_REFRESH_TOKEN"))
      // Issued access tokens work until their end, unless one is named itself.
      #expect(try await client.with(access).get(TestClient.items).status == 200)
      #expect(try await client.form(path + "revoke", Self.credentials + [("token", access)]).status == 200)
      let ended = try await client.with(access).get(TestClient.items)
      #expect(ended.status == 401 && ended["category"] == .string("INVALID_AUTHENTICATION"))
      #expect(try await introspect(access).body == #"{"active":false}"#)
    }
  }

  @Test func theFirstGenerationHasTokensInItsPaths() async throws {
    try await withPortal(TestClient.strict()) { client, server in
      let (access, refresh) = try await client.connect()
      let stranger = client.with(nil)
      let aboutAccess = try await stranger.get("/oauth/v1/access-tokens/\(access)")
      #expect(aboutAccess.status == 200 && aboutAccess["token"] == .string(access))
      #expect(aboutAccess["token_type"] == .string("access") && aboutAccess["user"].text?.contains("@") == true)
      #expect(aboutAccess["app_id"].integer == TestClient.app.number)
      let aboutRefresh = try await stranger.get("/oauth/v1/refresh-tokens/\(refresh)")
      #expect(aboutRefresh["client_id"] == .string("app-1") && aboutRefresh["token_type"] == .string("refresh"))
      #expect(try await stranger.delete("/oauth/v1/refresh-tokens/\(refresh)").status == 204)
      #expect(try await stranger.get("/oauth/v1/refresh-tokens/\(refresh)").status == 404)
      #expect(try await stranger.get("/oauth/v1/access-tokens/nobody").status == 404)
      #expect(try await client.with(access).get(TestClient.items).status == 200)
      #expect(try await stranger.get("/oauth/v3/access-tokens/\(access)").status == 404)
      #expect(try await stranger.send("PUT", "/oauth/v1/refresh-tokens/x").status == 405)
      let paths = try await server.requestLog().map(\.path)
      #expect(paths.contains("/oauth/v1/access-tokens/***") && paths.allSatisfy { !$0.contains(refresh) })
    }
  }

  @Test func whatATokenGivenOutByHandMayDo() async throws {
    let configuration = PortalConfiguration(
      tokens: [StaticToken("all"), StaticToken("few", scopes: ["crm.objects.line_items.read"])],
      controlToken: "control-me")
    try await withPortal(configuration) { client, _ in
      func ask(_ token: String) async throws -> Reply {
        try await client.with(nil).post(
          "/oauth/v2/private-apps/get/access-token-info", "{\"tokenKey\":\(quoted(token))}")
      }
      let few = try await ask("few")
      #expect(few["hubId"] == .number("1234567") && few["appId"] == .number("5671456") && few["userId"].integer != nil)
      #expect(few["scopes"] == .array([.string("crm.objects.line_items.read"), .string("oauth")]))
      #expect(try await ask("all")["scopes"].items?.count == Scopes.all.count)
      #expect(try await ask("nobody").status == 401)
      #expect(try await client.control("POST", "tokens/revoke", #"{"token":"few"}"#).status == 200)
      #expect(try await ask("few").status == 401)
      #expect(try await client.with("few").get(TestClient.items)["category"] == .string("INVALID_AUTHENTICATION"))
    }
  }
}
