import HubSpot
import Testing

@testable import LisAuth

@Suite struct SignInTests {
  @Test(
    arguments: [
      ("http://localhost:8976/callback", 8976, "/callback"), ("http://127.0.0.1:1/", 1, "/"),
      ("http://localhost/x?y=1", 80, "/x"), ("http://localhost:0/x", nil, "/x"),
      ("https://localhost:8976/callback", nil, "/"), ("http://example.com:80/x", nil, "/x"),
      ("http://localhost.example.com/x", nil, "/x"),
    ] as [(String, Int?, String)])
  func redirectAddressesOnThisMachineAreListenedTo(text: String, port: Int?, path: String) {
    let address = RedirectAddress(text)
    #expect(address.port == port && address.path == path && address.text == text)
  }

  @Test func anAnswerToAnotherRequestEndsNothing() async throws {
    let request = AuthorizationRequest(
      page: "https://x", clientID: "a", scopes: ["b"], redirectAddress: "http://127.0.0.1/callback")
    // The port of another listener is taken, so that both the refusal and the success are seen.
    let (listener, port) = try await SignInTests.listen(request)
    await #expect(throws: RedirectListener.Failure.self) {
      _ = try await RedirectListener.start(request, path: "/callback", port: port)
    }
    let transport = CurlTransport()
    func get(_ path: String) async throws -> HTTPResponse {
      try await transport.send(
        HTTPRequest(method: .get, url: "http://127.0.0.1:\(port)\(path)", timeout: .seconds(20)))
    }
    #expect(try await get("/other?code=x&state=\(request.state)").status == 404)
    #expect(try await get("/callback?code=x&state=wrong").status == 400)
    #expect(try await get("/callback").status == 400)
    let page = try await get("/callback?code=the%20code&state=\(request.state)")
    #expect(page.status == 200)
    #expect(page.header("Content-Security-Policy")?.contains("default-src 'none'") == true)
    #expect(!String(decoding: page.body, as: UTF8.self).contains("the code"))
    let answer = await listener.answer()
    #expect(try answer?.get().text(for: .request) == "the code")
    await listener.stop()
  }

  private static func listen(_ request: AuthorizationRequest) async throws -> (RedirectListener, Int) {
    for _ in 0..<50 {
      let port = Int.random(in: 20_000...60_000)
      if let listener = try? await RedirectListener.start(request, path: "/callback", port: port) {
        return (listener, port)
      }
    }
    return (try await RedirectListener.start(request, path: "/callback", port: 8976), 8976)
  }

  @Test func theOlderScopeCountsWhereHubSpotCountsIt() {
    #expect(ScopeNeed.reading(.lineItems).isMet(by: ["e-commerce"]))
    #expect(ScopeNeed.writing(.products).isMet(by: ["e-commerce"]))
    #expect(!ScopeNeed.reading(.deals).isMet(by: ["e-commerce"]))
    #expect(!ScopeNeed.writing(.lineItems).isMet(by: ["crm.objects.line_items.read"]))
    #expect(ScopeNeed.writingLinks(.lineItems, .deals).isMet(by: ["crm.objects.deals.write"]))
    #expect(ScopeNeed.creatingProperties(.lineItems).alternatives == ["e-commerce"])
    // Nothing is demanded where nothing is known.
    #expect(ScopeNeed.writing(.contacts).isMet(by: []))
    #expect(
      ScopeNeed.missing(ScopeNeed.lineItems, in: ["crm.objects.line_items.read"]).map(\.words) == [
        "crm.objects.line_items.write or e-commerce"
      ])
  }
}
