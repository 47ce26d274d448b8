import Testing

@testable import PracticePortal

@Suite struct OAuthTests {
  @Test(arguments: ["v1", "v3", "2026-03", "2026-09"])
  func fromThePageToTheRecords(version: String) async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let reply = try await client.exchange(try await client.code(), version: version)
      #expect(reply.status == 200)
      #expect(reply["token_type"] == .string("bearer") && reply["token_use"] == .string("access_token"))
      #expect(reply["expires_in"] == .number("1800") && reply["hub_id"] == .number("1234567"))
      #expect(reply["scopes"] == .array([.string("oauth"), .string("crm.objects.line_items.read")]))
      #expect(reply.headers["cache-control"] == "no-store")
      let access = try #require(reply["access_token"].text)
      let refresh = try #require(reply["refresh_token"].text)
      let list = try await client.with(access).get(TestClient.items)
      #expect(list.status == 200)
      // Calls with OAuth tokens have no daily limit.
      #expect(list.headers["x-hubspot-ratelimit-max"] != nil)
      #expect(list.headers["x-hubspot-ratelimit-daily"] == nil)
      #expect(list.headers["x-hubspot-ratelimit-daily-remaining"] == nil)
      #expect(try await client.get(TestClient.items).headers["x-hubspot-ratelimit-daily"] != nil)
      let again = try await client.token(
        [("grant_type", "refresh_token"), ("refresh_token", refresh)], version: version)
      #expect(again.status == 200 && again["refresh_token"].text == refresh)
      let next = try #require(again["access_token"].text)
      #expect(next != access)
      for token in [access, next] { #expect(try await client.with(token).get(TestClient.items).status == 200) }
    }
  }

  @Test func thePageNamesWhatIsAskedForAndIsClosedToOthers() async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let page = try await client.page([
        ("client_id", "app-1"), ("redirect_uri", TestClient.redirect), ("scope", "oauth e-commerce"),
        ("optional_scope", "crm.objects.deals.read not.there"), ("state", "\"><script>"),
      ])
      #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
      #expect(page.body.contains("<strong>Pricing &amp; &lt;Co&gt;</strong>") && page.body.contains("1234567"))
      for scope in ["oauth", "e-commerce", "crm.objects.deals.read"] { #expect(page.body.contains("<code>\(scope)<")) }
      #expect(!page.body.contains("not.there") && !page.body.contains("<script"))
      #expect(page.body.contains(">Connect</button>") && page.body.contains(">Cancel</button>"))
      #expect(page.body.contains("<html lang=\"en\">") && page.body.contains("<main>"))
      let policy = try #require(page.headers["content-security-policy"])
      #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
      #expect(policy.contains("form-action 'self' http://localhost:8976"))
      #expect(page.headers["set-cookie"]?.contains("SameSite=Strict") == true)
      let answer = try await client.press("connect", on: page)
      #expect(answer.status == 303 && answer.location["state"] == "\"><script>")
      #expect(answer.headers["location"]?.hasPrefix(TestClient.redirect + "?code=") == true)
      let granted = try await client.exchange(try #require(answer.location["code"]))
      #expect(granted["scopes"].items?.count == 3)
    }
  }

  @Test func cancelAndMisuseOfTheForm() async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let parameters = [("client_id", "app-1"), ("redirect_uri", TestClient.redirect), ("scope", "oauth")]
      let page = try await client.page(parameters + [("state", "x")])
      let canceled = try await client.press("cancel", on: page)
      #expect(canceled.status == 303 && canceled.location["error"] == "access_denied")
      #expect(canceled.location["state"] == "x" && canceled.location["code"] == nil)
      // A form counts once, from the browser that it was shown in, and for ten minutes.
      #expect(try await client.press("connect", on: page).status == 400)
      let other = try await client.page(parameters)
      let stolen = try await client.form("/oauth/authorize", [("ticket", other.ticket), ("decision", "connect")])
      #expect(stolen.status == 400 && stolen.headers["location"] == nil)
      let foreign = try await client.form(
        "/oauth/authorize", [("ticket", other.ticket), ("decision", "connect")], cookie: "practice_browser=guess")
      #expect(foreign.status == 400)
      #expect(try await client.control("POST", "clock", #"{"advance":"11m"}"#).status == 200)
      #expect(try await client.press("connect", on: other).status == 400)
    }
  }

  @Test func whatCannotBeRedirectedIsAPage() async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let unknown = try await client.page([
        ("client_id", "<b>nobody"), ("redirect_uri", TestClient.redirect), ("scope", "oauth"),
      ])
      #expect(unknown.status == 400 && unknown.body.contains("Unknown app") && unknown.headers["location"] == nil)
      for redirect in [
        TestClient.redirect + "/", "http://localhost:8977/callback", "https://evil.example/", "javascript:alert(1)", "",
      ] {
        let page = try await client.page([("client_id", "app-1"), ("redirect_uri", redirect), ("scope", "oauth")])
        #expect(page.status == 400 && page.headers["location"] == nil)
        #expect(page.body.contains("not registered"))
      }
      let base = [("client_id", "app-1"), ("redirect_uri", TestClient.redirect), ("state", "s")]
      for (more, error) in [
        ([("scope", "oauth no.such.scope")], "invalid_scope"), ([("scope", "")], "invalid_scope"),
        ([("scope", "oauth"), ("response_type", "token")], "unsupported_response_type"),
        ([("scope", "oauth"), ("code_challenge", "abc")], "invalid_request"),
        (
          [
            ("scope", "oauth"), ("code_challenge", String(repeating: "a", count: 43)),
            ("code_challenge_method", "plain"),
          ],
          "invalid_request"
        ),
      ] {
        let answer = try await client.page(base + more)
        #expect(answer.status == 303 && answer.location["error"] == error && answer.location["state"] == "s")
      }
    }
  }

  @Test func theAppForPracticeTakesAnyAddressOfThisMachine() throws {
    for address in ["http://localhost:1/", "http://127.0.0.1:65535/a?b=c", "http://[::1]:80/x", "http://localhost"] {
      #expect(RedirectAddress.isRegistered(address, for: .practice))
    }
    for address in [
      "https://localhost:1/", "http://localhost.evil.example/", "http://localhost@evil.example/", "http://10.0.0.1/",
      "http://localhost:1/#a", "http://localhost:1/ a", "http://127.0.0.1.evil.example", "ftp://localhost/",
    ] {
      #expect(!RedirectAddress.isRegistered(address, for: .practice), "\(address)")
    }
    let parsed = try #require(OAuthApp(parsing: "id:secret:http://localhost:1/a,https://app.example/cb"))
    #expect(parsed.redirects == ["http://localhost:1/a", "https://app.example/cb"] && parsed.secret == "secret")
    for text in ["", "id", "id:secret", "id::http://x", ":s:http://x", "id:s:"] {
      #expect(OAuthApp(parsing: text) == nil)
    }
  }

  @Test func pathsAreKeptWithoutSecrets() {
    for (path, kept) in [
      ("/oauth/v1/access-tokens/T", "/oauth/v1/access-tokens/***"),
      ("//oauth/v1/refresh-tokens//T?x=1", "//oauth/v1/refresh-tokens//***?***"),
      ("/oauth/v1/refresh%2Dtokens/T", "/oauth/v1/refresh%2Dtokens/***"),
      ("/oauth/v1/token?client_secret=s", "/oauth/v1/token?***"),
      ("/oauth/authorize?state=s", "/oauth/authorize?state=s"), ("/crm/v3/owners?limit=1", "/crm/v3/owners?limit=1"),
    ] {
      #expect(OAuthRoute.redacted(path) == kept)
    }
  }

  @Test func aCodeCountsOnceAndForAMinute() async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let code = try await client.code()
      #expect(try await client.exchange(code).status == 200)
      for _ in 0..<2 {
        let again = try await client.exchange(code)
        #expect(again.status == 400 && again["status"] == .string("BAD_AUTH_CODE"))
        #expect(again["error"] == .string("invalid_grant"))
      }
      let late = try await client.code()
      _ = try await client.control("POST", "clock", #"{"advance":"61s"}"#)
      #expect(try await client.exchange(late)["status"] == .string("BAD_AUTH_CODE"))
      // Of many that present one code at once, one gets tokens.
      let shared = try await client.code()
      let won = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<12 { group.addTask { try await client.exchange(shared).status == 200 } }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(won == 1)
    }
  }

  @Test func theVerifierMustFitTheChallenge() async throws {
    // The pair of RFC 7636, appendix B.
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    #expect(SHA256.challenge(verifier) == challenge)
    #expect(SHA256.text("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    try await withPortal(TestClient.strict()) { client, _ in
      let fields = [("grant_type", "authorization_code"), ("redirect_uri", TestClient.redirect)]
      let code = try await client.code(challenge: challenge)
      for wrong in [[], [("code_verifier", "x" + verifier)]] {
        let reply = try await client.token(fields + [("code", code)] + wrong)
        #expect(reply.status == 400 && reply["status"] == .string("BAD_CODE_VERIFIER"))
      }
      let right = try await client.token(fields + [("code", code), ("code_verifier", verifier)])
      #expect(right.status == 200)
    }
  }

  @Test func refusalsOfTheTokenEndpoint() async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let id = ("client_id", "app-1")
      let secret = ("client_secret", TestClient.app.secret)
      let refresh = [("grant_type", "refresh_token"), ("refresh_token", "na1-none")]
      let code = try await client.code()
      let cases: [([(String, String)], String, String)] = [
        ([id, secret], "unsupported_grant_type", "BAD_GRANT_TYPE"),
        ([id, secret, ("grant_type", "password")], "unsupported_grant_type", "BAD_GRANT_TYPE"),
        ([secret] + refresh, "invalid_client", "BAD_CLIENT_ID"),
        ([("client_id", "app-2"), secret] + refresh, "invalid_client", "BAD_CLIENT_ID"),
        ([id] + refresh, "invalid_client", "BAD_CLIENT_SECRET"),
        ([id, ("client_secret", "shh")] + refresh, "invalid_client", "BAD_CLIENT_SECRET"),
        ([id, secret] + refresh, "invalid_grant", "BAD_REFRESH_TOKEN"),
        (
          [id, secret, ("grant_type", "authorization_code"), ("redirect_uri", TestClient.redirect)], "invalid_grant",
          "BAD_AUTH_CODE"
        ),
        (
          [id, secret, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "http://localhost/")],
          "invalid_grant", "BAD_REDIRECT_URI"
        ),
      ]
      for (fields, error, status) in cases {
        for version in ["v1", "v3", "2026-03", "2026-09"] {
          let reply = try await client.form("/oauth/\(version)/token", fields)
          #expect(reply.status == 400)
          #expect(reply["error"] == .string(error) && reply["status"] == .string(status), "\(fields)")
          #expect(reply["message"].text != nil && reply["message"] == reply["error_description"])
          #expect(reply["correlationId"] == .null)
        }
      }
      let known = try await client.form("/oauth/v3/token", [id, secret] + refresh)
      #expect(
        known.body
          == #"{"error":"invalid_grant","error_description":"refresh token is invalid, expired or revoked","status":"BAD_REFRESH_TOKEN","message":"refresh token is invalid, expired or revoked"}"#
      )
      // Parameters belong into a form in the body.
      let json = try await client.with(nil).post("/oauth/v3/token", "{}")
      #expect(json.status == 415)
      let inQuery = try await client.form(
        "/oauth/v1/token?client_secret=" + QueryParameters.encoded(TestClient.app.secret), [id] + refresh)
      #expect(inQuery["status"] == .string("BAD_CLIENT_SECRET"))
    }
  }

  @Test func tokensOfAnAppItselfReachNoRecords() async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let grant = [("grant_type", "client_credentials"), ("scope", "automation")]
      for version in ["v1", "v3", "2026-03"] {
        let reply = try await client.token(grant, version: version)
        #expect(reply.status == 200 && reply["refresh_token"] == .null)
        let token = try #require(reply["access_token"].text)
        #expect(try await client.with(token).get(TestClient.items).status == 403)
      }
      #expect(try await client.token(grant, version: "2026-09")["status"] == .string("BAD_GRANT_TYPE"))
      let records = [("grant_type", "client_credentials"), ("scope", "e-commerce")]
      #expect(try await client.token(records)["status"] == .string("BAD_SCOPES"))
    }
  }

  @Test func rotationEndsTheOldRefreshToken() async throws {
    try await withPortal(TestClient.strict(rotates: true)) { client, _ in
      let (_, first) = try await client.connect()
      let reply = try await client.token([("grant_type", "refresh_token"), ("refresh_token", first)])
      let second = try #require(reply["refresh_token"].text)
      #expect(second != first)
      let old = try await client.token([("grant_type", "refresh_token"), ("refresh_token", first)])
      #expect(old.status == 400 && old["status"] == .string("BAD_REFRESH_TOKEN"))
      #expect(try await client.token([("grant_type", "refresh_token"), ("refresh_token", second)]).status == 200)
    }
  }

  @Test func anExpiredTokenSaysSinceWhen() async throws {
    try await withPortal(TestClient.strict(seconds: 100)) { client, _ in
      let (access, refresh) = try await client.connect()
      #expect(try await client.with(access).get(TestClient.items).status == 200)
      _ = try await client.control("POST", "clock", #"{"advance":"401s"}"#)
      let expired = try await client.with(access).get(TestClient.items)
      #expect(expired.status == 401 && expired["category"] == .string("EXPIRED_AUTHENTICATION"))
      #expect(expired["message"] == .string("The OAuth token used to make this call expired 5 minute(s) ago."))
      let moment = try #require(expired["context", "expire time", 0].text)
      #expect(Timestamp.parseDateTime(moment) != nil)
      let unknown = try await client.with("nobody").get(TestClient.items)
      #expect(unknown.status == 401 && unknown["category"] == .string("INVALID_AUTHENTICATION"))
      let reply = try await client.token([("grant_type", "refresh_token"), ("refresh_token", refresh)])
      #expect(try await client.with(try #require(reply["access_token"].text)).get(TestClient.items).status == 200)
    }
  }

  @Test func everythingOutlivesTheServerAndNoSecretIsKept() async throws {
    try await withDirectory { directory in
      let configuration = TestClient.strict(data: .directory(directory))
      var tokens = (access: "", refresh: "")
      var code = ""
      try await withPortal(configuration) { client, _ in
        tokens = try await client.connect()
        code = try await client.code()
        _ = try await client.with(nil).get("/oauth/v1/access-tokens/\(tokens.access)")
        _ = try await client.with(nil).get("/oauth/v1/refresh-tokens/\(tokens.refresh)")
        _ = try await client.form("/oauth/v1/token?refresh_token=\(tokens.refresh)", [])
      }
      for file in ["portal.sqlite", "portal.sqlite-wal", RequestLog.fileName] {
        let bytes = FileBytes.read(directory + "/" + file)
        for secret in [tokens.access, tokens.refresh, code, TestClient.app.secret] {
          #expect(!bytes.contains(secret), "\(file)")
        }
      }
      try await withPortal(configuration) { client, _ in
        #expect(try await client.with(tokens.access).get(TestClient.items).status == 200)
        let reply = try await client.token([("grant_type", "refresh_token"), ("refresh_token", tokens.refresh)])
        #expect(reply.status == 200)
        #expect(try await client.exchange(code).status == 200)
        _ = try await client.control("POST", "clock", #"{"advance":"1h"}"#)
      }
      try await withPortal(configuration) { client, _ in
        // The clock stays ahead, too.
        let expired = try await client.with(tokens.access).get(TestClient.items)
        #expect(expired["category"] == .string("EXPIRED_AUTHENTICATION"))
      }
    }
  }
}
