import Testing

@testable import PracticePortal

/// A request and the scopes of which any one is enough.
struct ScopedRequest: Sendable, CustomTestStringConvertible {
  var method: String
  var path: String
  var enough: [String]
  /// Scopes that look right and are not.
  var short: [String] = []
  var testDescription: String { "\(method) \(path)" }

  init(_ method: String, _ path: String, _ enough: [String], not short: [String] = []) {
    (self.method, self.path, self.enough, self.short) = (method, path, enough, short)
  }
}

@Suite struct ScopeTests {
  private static let read = ["crm.objects.line_items.read", "e-commerce"]
  private static let write = ["crm.objects.line_items.write", "e-commerce"]

  @Test(arguments: [
    ScopedRequest("GET", "/crm/v3/objects/line_items", read, not: ["crm.objects.line_items.write"]),
    ScopedRequest("GET", "/crm/objects/2026-09/line_items/1", read),
    ScopedRequest("POST", "/crm/v3/objects/line_items/search", read),
    ScopedRequest("POST", "/crm/v3/objects/line_items/batch/read", read),
    ScopedRequest("POST", "/crm/v3/objects/line_items", write, not: ["crm.objects.line_items.read"]),
    ScopedRequest("PATCH", "/crm/v3/objects/line_items/1", write),
    ScopedRequest("DELETE", "/crm/v3/objects/line_items/1", write),
    ScopedRequest("POST", "/crm/objects/2026-03/line_items/batch/upsert", write),
    ScopedRequest("POST", "/crm/objects/2026-09/line_items/merge", write),
    ScopedRequest("GET", "/crm/v3/objects/deals", ["crm.objects.deals.read"], not: ["e-commerce"]),
    ScopedRequest("POST", "/crm/v3/objects/0-3/merge", ["crm.objects.deals.write"]),
    ScopedRequest("GET", "/crm/v3/objects/products", ["crm.objects.products.read", "e-commerce"]),
    ScopedRequest("POST", "/crm/v3/objects/quotes", ["crm.objects.quotes.write", "e-commerce"]),
    ScopedRequest(
      "GET", "/crm/v4/objects/deals/1/associations/line_items",
      [
        "crm.objects.deals.read", "crm.objects.deals.write", "crm.objects.line_items.read", "e-commerce",
        "crm.objects.line_items.write",
      ], not: ["crm.objects.quotes.read"]),
    ScopedRequest(
      "POST", "/crm/associations/2026-03/deals/line_items/batch/create",
      ["crm.objects.deals.write", "crm.objects.line_items.write", "e-commerce"], not: ["crm.objects.deals.read"]),
    ScopedRequest(
      "GET", "/crm/v3/properties/line_items", ["crm.objects.line_items.read", "crm.schemas.line_items.read"]),
    ScopedRequest("POST", "/crm/v3/properties/line_items", ["e-commerce"], not: ["crm.objects.line_items.write"]),
    ScopedRequest("POST", "/crm/v3/properties/deals", ["crm.schemas.deals.write"], not: ["e-commerce"]),
    ScopedRequest("GET", "/crm/v3/pipelines/deals", ["crm.schemas.deals.read", "crm.objects.deals.read"]),
    ScopedRequest("GET", "/crm/owners/2026-03", ["crm.objects.owners.read", "automation"]),
    ScopedRequest("GET", "/account-info/v3/details", ["oauth", "e-commerce"]),
  ])
  func anyOfTheAlternativesIsEnough(_ request: ScopedRequest) async throws {
    let tokens =
      request.enough.map { StaticToken("yes \($0)".filter { $0 != " " }, scopes: [$0]) }
      + request.short.map { StaticToken("no \($0)".filter { $0 != " " }, scopes: [$0]) }
      + [StaticToken("nothing", scopes: [])]
    try await withPortal(PortalConfiguration(tokens: tokens)) { client, _ in
      for token in tokens {
        let body = ["GET", "DELETE"].contains(request.method) ? nil : "{}"
        let reply = try await client.with(token.value).send(request.method, request.path, body)
        // `oauth` belongs to every token that is given out by hand.
        let isEnough = token.value.hasPrefix("yes") || request.path.hasPrefix("/account-info")
        #expect((reply.status != 403) == isEnough, "\(token.value) \(reply.body)")
      }
    }
  }

  @Test func theBodyNamesTheAlternatives() async throws {
    let configuration = PortalConfiguration(tokens: [StaticToken("none", scopes: [])])
    try await withPortal(configuration) { client, server in
      let reply = try await client.with("none").get(TestClient.items)
      #expect(reply.status == 403 && reply["category"] == .string("MISSING_SCOPES"))
      #expect(
        reply["message"].text?.hasPrefix("This app hasn't been granted all required scopes to make this call.") == true)
      #expect(reply["errors", 0, "message"] == .string("One or more of the following scopes are required."))
      #expect(
        reply["errors", 0, "context", "requiredGranularScopes"]
          == .array([.string("crm.objects.line_items.read"), .string("e-commerce")]))
      #expect(reply["links", "scopes"] == .string("https://developers.hubspot.com/scopes"))
      #expect(reply["correlationId"].text == reply.headers["x-hubspot-correlation-id"])
      #expect(try await server.requestLog().map(\.status) == [403])
    }
  }

  @Test func tokensOfOAuthHaveTheScopesThatWereGranted() async throws {
    try await withPortal(TestClient.strict()) { client, _ in
      let (access, _) = try await client.connect(scope: "crm.objects.line_items.read")
      #expect(try await client.with(access).get(TestClient.items).status == 200)
      #expect(try await client.with(access).post(TestClient.items, "{}").status == 403)
      #expect(try await client.with(access).get("/account-info/v3/details").status == 403)
    }
  }
}
