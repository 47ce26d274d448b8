import Synchronization
import Testing

@testable import HubSpot

@Suite("OAuth")
struct OAuthTests {
  private static let app = OAuthApp(clientID: "id 1", clientSecret: Secret("sec&ret"))
  private static let grant =
    #"{"token_type":"bearer","access_token":"access-2","refresh_token":"refresh-2","expires_in":1800,"hub_id":1234567,"#
    + #""scopes":["oauth","crm.objects.line_items.read"]}"#

  private func client(_ transport: FakeTransport, _ version: OAuthVersion = .september2026) throws -> OAuthClient {
    OAuthClient(
      app: Self.app, version: version, baseURL: try BaseURL("http://127.0.0.1:9"), transport: transport)
  }

  // MARK: The page

  @Test("the address of the page, with nothing secret in it")
  func address() {
    let request = AuthorizationRequest(
      clientID: "id 1", scopes: ["oauth", "crm.objects.line_items.read"], optionalScopes: ["e-commerce"],
      redirectAddress: "http://localhost:4000/back", state: "s&t")
    #expect(
      request.url
        == "https://app.hubspot.com/oauth/authorize?client_id=id%201&scope=oauth%20crm.objects.line_items.read"
        + "&redirect_uri=http%3A%2F%2Flocalhost%3A4000%2Fback&optional_scope=e-commerce&state=s%26t")
  }

  @Test("the proof key is the one of RFC 7636, appendix B")
  func proofKey() {
    let key = ProofKey(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    #expect(key.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    var request = AuthorizationRequest(clientID: "a", scopes: [], redirectAddress: "b", state: "c")
    request.proofKey = key
    #expect(request.url.hasSuffix("&code_challenge=\(key.challenge)&code_challenge_method=S256"))
  }

  @Test("random texts differ and need no encoding")
  func randomTexts() {
    let texts = Set((0..<100).map { _ in AuthorizationRequest.randomText() })
    #expect(texts.count == 100)
    #expect(texts.allSatisfy { $0.count == 43 && PercentEncoding.encode($0) == $0 })
  }

  struct Answer: Sendable {
    let address: String
    let refusal: AuthorizationRequest.Refusal?
  }

  @Test(
    "what comes back",
    arguments: [
      Answer(address: "http://localhost:4000/back?code=a%2Bb&state=ours", refusal: nil),
      Answer(address: "/back?state=ours&code=a%2Bb#x", refusal: nil),
      Answer(address: "http://localhost:4000/back?code=a%2Bb&state=theirs", refusal: .foreignState),
      Answer(address: "http://localhost:4000/back?code=a%2Bb", refusal: .foreignState),
      Answer(address: "http://localhost:4000/back", refusal: .notARedirect),
      Answer(address: "http://localhost:4000/back?state=ours", refusal: .notARedirect),
      Answer(address: "http://localhost:4000/back?code=&state=ours", refusal: .notARedirect),
      Answer(
        address: "/back?error=access_denied&error_description=The+user+refused&state=ours",
        refusal: .denied(error: "access_denied", description: "The user refused")),
      Answer(address: "/back?code=%zz&state=ours", refusal: .notARedirect),
      Answer(address: "", refusal: .notARedirect),
    ])
  func back(_ answer: Answer) {
    let request = AuthorizationRequest(clientID: "a", scopes: [], redirectAddress: "b", state: "ours")
    let result = Result { () throws(AuthorizationRequest.Refusal) in try request.code(from: answer.address) }
    switch result {
    case .success(let code):
      #expect(answer.refusal == nil)
      #expect(code.text(for: .redaction) == "a+b")
    case .failure(let refusal): #expect(refusal == answer.refusal)
    }
  }

  // MARK: The endpoints

  @Test("redeeming a code", arguments: OAuthVersion.all)
  func redeeming(_ version: OAuthVersion) async throws {
    let transport = FakeTransport(200, Self.grant)
    let grant = try await client(transport, version).redeem(
      code: Secret("c/1"), redirectAddress: "http://localhost:1/x", proofKey: ProofKey(verifier: "v"))
    #expect(grant.portalID == "1234567")
    #expect(grant.lifetime == .seconds(1800))
    #expect(grant.scopes == ["oauth", "crm.objects.line_items.read"])
    let request = try #require(transport.requests.first)
    #expect(target(request) == "/oauth/\(version.name)/token")
    #expect(request.authorization == nil)
    #expect(
      text(request.body)
        == "grant_type=authorization_code&code=c%2F1&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fx&code_verifier=v"
        + "&client_id=id%201&client_secret=sec%26ret")
  }

  @Test("renewing, asking and revoking")
  func forms() async throws {
    let transport = FakeTransport([
      .reply(200, Self.grant), .reply(200, #"{"active":true,"hub_id":7,"scopes":["oauth"],"expires_in":12}"#),
      .reply(200, ""), .reply(204, ""),
    ])
    let client = try client(transport)
    _ = try await client.renew(Secret("r"))
    let standing = try #require(await client.introspect(Secret("t"), .access))
    #expect(standing.isActive)
    #expect(standing.portalID == "7")
    #expect(standing.lifetime == .seconds(12))
    try await client.revoke(refreshToken: Secret("r"))
    let app = "&client_id=id%201&client_secret=sec%26ret"
    #expect(
      transport.requests.map { text($0.body) } == [
        "grant_type=refresh_token&refresh_token=r" + app, "token=t&token_type_hint=access_token" + app,
        "token=r&token_type_hint=refresh_token" + app,
      ])
    try await self.client(transport, .v1).revoke(refreshToken: Secret("r 1"))
    #expect(target(transport.requests.last) == "/oauth/v1/refresh-tokens/r%201")
    #expect(try await self.client(transport, .v1).introspect(Secret("t"), .access) == nil)
    #expect(transport.requests.count == 4)
  }

  struct Refused: Sendable {
    let status: Int
    let body: String
    let kind: OAuthFailure.Kind
  }

  @Test(
    "failures by what to do about them",
    arguments: [
      Refused(status: 400, body: #"{"error":"invalid_grant","status":"BAD_REFRESH_TOKEN"}"#, kind: .authorizationEnded),
      Refused(status: 400, body: #"{"error":"invalid_grant","status":"BAD_AUTH_CODE"}"#, kind: .codeRefused),
      Refused(status: 400, body: #"{"error":"access_denied","status":"BAD_HUB"}"#, kind: .authorizationEnded),
      Refused(status: 400, body: #"{"error":"invalid_client","status":"BAD_CLIENT_ID"}"#, kind: .misconfigured),
      Refused(status: 400, body: #"{"error":"invalid_grant","status":"BAD_REDIRECT_URI"}"#, kind: .misconfigured),
      Refused(status: 400, body: #"{"status":"BAD_CLIENT_SECRET"}"#, kind: .misconfigured),
      Refused(status: 401, body: "", kind: .misconfigured), Refused(status: 429, body: "", kind: .transient),
      Refused(status: 503, body: "<html>", kind: .transient),
    ])
  func failures(_ refused: Refused) async throws {
    let client = try client(FakeTransport(refused.status, refused.body))
    do {
      _ = try await client.renew(Secret("r"))
      Issue.record("it succeeded")
    } catch { #expect(error.kind == refused.kind) }
  }

  @Test(
    "answers that are no grant",
    arguments: [
      "", "<html>", "{}", #"{"access_token":"a","refresh_token":"","expires_in":1}"#,
      #"{"access_token":"a","refresh_token":"r","expires_in":0}"#,
      #"{"access_token":"a b","refresh_token":"r","expires_in":5}"#, #"{"access_token":"a","refresh_token":"r"}"#,
    ])
  func noGrant(_ body: String) async throws {
    let client = try client(FakeTransport(200, body))
    do {
      _ = try await client.renew(Secret("r"))
      Issue.record("it succeeded")
    } catch {
      #expect(error.kind == .transient)
      #expect(!"\(error)".contains("a b"))
    }
  }

  // MARK: Renewal

  /// A vault in memory, which counts its renewals.
  final class MemoryVault: TokenVault {
    private let grant: Mutex<StoredGrant?>
    private let turnstile = Turnstile()

    init(_ grant: StoredGrant?) { self.grant = Mutex(grant) }

    func load() -> StoredGrant? { grant.withLock { $0 } }
    func store(_ other: StoredGrant) { grant.withLock { $0 = other } }
    func exclusively(
      _ body: @Sendable (StoredGrant?) async throws(CredentialProblem) -> StoredGrant?
    ) async throws(CredentialProblem) -> StoredGrant? {
      do { try await turnstile.enter() } catch { throw .cancelled }
      defer { turnstile.leave() }
      let changed = try await body(load())
      if let changed { store(changed) }
      return changed
    }
  }

  private static func stored(_ name: String, issuedAt: Int64 = 0, expiresAt: Int64 = 1_800) throws -> StoredGrant {
    StoredGrant(
      accessToken: try BearerToken(name), refreshToken: Secret("refresh-1"), issuedAt: issuedAt, expiresAt: expiresAt)
  }

  private func shown(_ token: BearerToken?) -> String? { token?.secret.text(for: .redaction) }

  @Test("a token is used until four fifths of its time are over, and renewed once for all who ask")
  func renewal() async throws {
    let transport = FakeTransport(200, Self.grant)
    let date = Mutex<Int64>(1_439)
    let vault = MemoryVault(try Self.stored("access-1"))
    let client = try client(transport)
    let credential = RenewingCredential(client: client, vault: vault) { date.withLock { $0 } }
    #expect(shown(try await credential.token()) == "access-1")
    date.withLock { $0 = 1_440 }
    let tokens = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<20 { group.addTask { self.shown(try await credential.token()) } }
      return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
    }
    #expect(tokens == ["access-2"])
    #expect(transport.requests.count == 1)
    // The rotated refresh token is kept.
    #expect(vault.load()?.refreshToken.text(for: .redaction) == "refresh-2")
  }

  @Test("a refused token is replaced once, by whoever notices first")
  func refusal() async throws {
    let transport = FakeTransport(200, Self.grant)
    let vault = MemoryVault(try Self.stored("access-1"))
    let client = try client(transport)
    let credential = RenewingCredential(client: client, vault: vault) { 10 }
    let first = try await credential.token()
    let others = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<20 { group.addTask { self.shown(try await credential.replacement(for: first)) } }
      return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
    }
    #expect(others == ["access-2"])
    #expect(transport.requests.count == 1)
  }

  @Test("what another process renewed is taken over without asking")
  func otherProcess() async throws {
    let transport = FakeTransport([])
    let vault = MemoryVault(try Self.stored("access-1"))
    let client = try client(transport)
    let credential = RenewingCredential(client: client, vault: vault) { 10 }
    let first = try await credential.token()
    vault.store(try Self.stored("access-9", issuedAt: 5, expiresAt: 1_900))
    #expect(shown(try await credential.replacement(for: first)) == "access-9")
  }

  @Test("a token that is due serves on while the server cannot be asked, and the server is not asked every time")
  func outage() async throws {
    let transport = FakeTransport([.reply(503), .reply(503), .reply(200, Self.grant)])
    let date = Mutex<Int64>(1_500)
    let vault = MemoryVault(try Self.stored("access-1"))
    let client = try client(transport)
    let credential = RenewingCredential(client: client, vault: vault) { date.withLock { $0 } }
    for _ in 0..<5 { #expect(shown(try await credential.token()) == "access-1") }
    #expect(transport.requests.count == 1)
    date.withLock { $0 = 1_790 }
    do {
      _ = try await credential.token()
      Issue.record("it succeeded")
    } catch {
      guard case .unavailable = error else {
        Issue.record("\(error)")
        return
      }
    }
    #expect(shown(try await credential.token()) == "access-2")
  }

  @Test("a clock that was set back does not make a token old")
  func clockSetBack() async throws {
    let grant = try Self.stored("a", issuedAt: 86_400, expiresAt: 88_200)
    #expect(!grant.isDue(at: 0))
    #expect(grant.isDue(at: 2 * 86_400))
  }

  // MARK: Within a client

  private func connected(
    _ answers: [FakeTransport.Answer], _ grants: [FakeTransport.Answer]
  ) throws -> (HubSpotClient, FakeTransport, FakeTransport) {
    let (api, tokens) = (FakeTransport(answers), FakeTransport(grants))
    let credential = RenewingCredential(
      client: try client(tokens), vault: MemoryVault(try Self.stored("access-1")), date: { 10 })
    let configuration = ClientConfiguration(
      baseURL: try BaseURL("http://127.0.0.1:9"), credentials: credential, transport: api, clock: ManualClock(),
      random: { 0.5 })
    return (HubSpotClient(configuration), api, tokens)
  }

  private static let expired = FakeTransport.Answer.reply(401, #"{"category":"EXPIRED_AUTHENTICATION"}"#)

  @Test("an expired token costs one renewal and one more request, for writes too")
  func expiry() async throws {
    let (client, api, tokens) = try connected(
      [Self.expired, .reply(201, #"{"id":"1"}"#)], [.reply(200, Self.grant)])
    _ = try await client.create(.deals, ObjectInput(values: ["a": "1"]))
    #expect(api.requests.map { $0.authorization?.text(for: .redaction) } == ["Bearer access-1", "Bearer access-2"])
    #expect(tokens.requests.count == 1)
  }

  @Test("a token that is refused again and again ends the call")
  func refusedForGood() async throws {
    let (client, api, tokens) = try connected(
      Array(repeating: Self.expired, count: 9),
      (2...9).map { .reply(200, #"{"access_token":"t\#($0)","refresh_token":"r","expires_in":1800}"#) })
    let error = await failure { () async throws(HubSpotError) in try await client.account() }
    #expect(error?.isAuth == true)
    #expect(api.requests.count == 3)
    #expect(tokens.requests.count == 2)
  }

  @Test("an authorization that has ended is told as such")
  func ended() async throws {
    let (client, api, _) = try connected(
      [Self.expired], [.reply(400, #"{"error":"invalid_grant","status":"BAD_REFRESH_TOKEN","message":"revoked"}"#)])
    let error = await failure { () async throws(HubSpotError) in try await client.account() }
    guard case .credential(.authorizationEnded(let reason)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.message == "revoked")
    #expect(error?.isAuth == true)
    #expect(api.requests.count == 1)
  }

  @Test("a static token is not replaced")
  func staticToken() async throws {
    let client = try makeClient(FakeTransport([Self.expired]), retry: RetryPolicy())
    let error = await failure { () async throws(HubSpotError) in try await client.account() }
    #expect(error?.isAuth == true)
  }
}
