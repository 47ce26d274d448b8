import Testing

@testable import HubSpot

@Suite("Errors")
struct ErrorTests {
  private func fail(_ status: Int, _ body: String, _ headers: [String: String] = [:]) async throws -> APIFailure {
    let client = try makeClient(FakeTransport([.reply(status, body, headers)]))
    let error = await failure { () async throws(HubSpotError) in
      try await client.get(GetRequest(type: .lineItems, id: "1", properties: []))
    }
    guard case .api(let failure) = error else { throw Unexpected(error: error) }
    return failure
  }

  private struct Unexpected: Error { let error: HubSpotError? }

  @Test("the whole envelope")
  func envelope() async throws {
    let failure = try await fail(
      400,
      """
      {"status":"error","message":"human text","correlationId":"c-1",
       "errors":[{"message":"m","code":"PROPERTY_DOESNT_EXIST","subCategory":"s","context":{"propertyName":["colour"]}}],
       "context":{"ids":["1",2],"id":"3"},"links":{"scopes":"https://x"},"category":"VALIDATION_ERROR","subCategory":"Sub"}
      """)
    let expected = APIFailure(
      operation: .get, status: 400, category: "VALIDATION_ERROR", subCategory: "Sub", message: "human text",
      correlationID: "c-1",
      errors: [
        APIErrorDetail(
          message: "m", code: "PROPERTY_DOESNT_EXIST", subCategory: "s", context: ["propertyName": ["colour"]])
      ], context: ["ids": ["1", "2"], "id": ["3"]], links: ["scopes": "https://x"])
    #expect(failure == expected)
    #expect(failure.errors.first?.propertyName == "colour")
  }

  @Test("details from the text when there are no others")
  func embedded() async throws {
    let failure = try await fail(
      400,
      #"{"message":"Property values were not valid: [{\"isValid\":false,\"message\":\"no \\\"colour\\\"\","#
        + #"\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"colour\",\"portalId\":123},{\"message\":\"bad\",\"error\":\"X\"}]"}"#
    )
    #expect(failure.errors.map(\.code) == ["PROPERTY_DOESNT_EXIST", "X"])
    #expect(failure.errors.first?.propertyName == "colour")
    #expect(failure.description.contains(#"no "colour"; bad"#))
    #expect(!failure.description.contains("isValid"))
  }

  @Test(
    "texts that hold no details",
    arguments: ["no list", "a [list", "Duplicate IDs found in batch input: [77].", "[]", ""])
  func notEmbedded(_ message: String) {
    #expect(ErrorBody.embeddedDetails(message).isEmpty)
  }

  @Test(
    "bodies of any kind are survived",
    arguments: [
      "", "<html>Bad Gateway</html>", "null", "[]", "\"text\"", "{", "{\"message\":null,\"errors\":7,\"context\":[]}",
      "{\"errors\":[1,null,{\"message\":{}}]}", String(repeating: "[", count: 500) + String(repeating: "]", count: 500),
      String(repeating: "{\"errors\":", count: 400) + "1" + String(repeating: "}", count: 400), "\u{0}\u{1}",
      String(repeating: "[", count: 60_000),
    ])
  func anyBody(_ body: String) async throws {
    let failure = try await fail(502, body, ["X-HubSpot-Correlation-Id": "h-1"])
    #expect(failure.status == 502)
    #expect(failure.correlationID == "h-1")
    #expect(failure.category == nil)
  }

  @Test("a number beyond any type does not hide the rest")
  func hugeNumber() async throws {
    let failure = try await fail(400, #"{"message":"m","context":{"x":1e999999,"y":[123456789012345678901234567890]}}"#)
    #expect(failure.message == "m")
  }

  @Test("texts are bounded")
  func bounded() async throws {
    let long = String(repeating: "é", count: 60_000)
    let failure = try await fail(
      400, #"{"message":"\#(long)","errors":[{"message":"\#(long)"}],"category":"\#(long)"}"#)
    #expect(failure.message.count == 2_001)
    #expect(failure.errors[0].message.count == 2_001)
    #expect(failure.description.count < 7_000)
  }

  @Test(
    "rate limits",
    arguments: [
      (
        #"{"message":"You have reached your ten_secondly_rolling limit.","policyName":"TEN_SECONDLY_ROLLING"}"#,
        .tenSecondly
      ),
      (#"{"message":"You have reached your daily limit.","policyName":"DAILY"}"#, .daily),
      (#"{"message":"You have reached your secondly limit.","category":"RATE_LIMITS"}"#, .secondly),
      (#"{"policyName":"SECONDLY"}"#, .secondly), (#"{"message":"You have reached your daily limit."}"#, .daily),
      ("", .unnamed), ("<html>slow down</html>", .unnamed),
    ] as [(String, RateLimit)])
  func rateLimits(_ body: String, _ limit: RateLimit) async throws {
    let failure = try await fail(429, body)
    #expect(failure.rateLimit == limit)
    #expect(HubSpotError.api(failure).isRateLimit())
    #expect(HubSpotError.api(failure).isRateLimit(limit))
    #expect(HubSpotError.api(failure).isRetryable(.create) == (limit != .daily))
  }

  @Test("a rate limit's words mean nothing under another status")
  func notRateLimit() async throws {
    let failure = try await fail(400, #"{"policyName":"DAILY"}"#)
    #expect(failure.rateLimit == nil)
  }

  @Test("missing scopes")
  func scopes() async throws {
    let failure = try await fail(
      403,
      """
      {"category":"MISSING_SCOPES","errors":[{"message":"One or more are required.",
       "context":{"requiredGranularScopes":["crm.objects.line_items.read","e-commerce"]}}]}
      """)
    #expect(failure.isScope)
    #expect(failure.missingScopes == ["crm.objects.line_items.read", "e-commerce"])
    #expect(failure.description.contains("any one of: crm.objects.line_items.read, e-commerce"))
    #expect(!HubSpotError.api(failure).isAuth)
    #expect(try await fail(403, #"{"category":"BANNED"}"#).isScope == false)
  }

  @Test("authentication", arguments: ["INVALID_AUTHENTICATION", "EXPIRED_AUTHENTICATION"])
  func auth(_ category: String) async throws {
    let failure = try await fail(401, #"{"category":"\#(category)"}"#)
    #expect(HubSpotError.api(failure).isAuth)
    #expect(!HubSpotError.api(failure).isRetryable(.get))
  }

  @Test(
    "what may be repeated, for reads and writes",
    arguments: [
      (400, false, false), (401, false, false), (403, false, false), (404, false, false), (409, false, false),
      (413, false, false), (414, false, false), (423, true, true), (429, true, true), (477, true, true),
      (500, true, false), (502, true, false), (503, true, false), (504, true, false), (521, true, false),
      (522, false, false), (523, true, false), (524, true, false), (525, false, false), (526, false, false),
    ])
  func retryable(_ status: Int, _ read: Bool, _ write: Bool) {
    let error = HubSpotError.api(APIFailure(operation: .get, status: status))
    #expect(error.isRetryable(.search) == read)
    #expect(error.isRetryable(.batchCreate) == write)
    #expect(error.mayHaveBeenDone == (status >= 500))
  }

  @Test(
    "transport failures",
    arguments: [
      (TransportFailure.notSent(.connection, detail: ""), true, true),
      (.notSent(.nameResolution, detail: ""), true, true),
      (.notSent(.certificate, detail: ""), false, false), (.notSent(.libraryMissing, detail: ""), false, false),
      (.maybeSent(.connectionLost, detail: ""), true, false), (.maybeSent(.timeout, detail: ""), true, false),
      (.maybeSent(.replyTooLarge, detail: ""), false, false),
    ])
  func transport(_ failure: TransportFailure, _ read: Bool, _ write: Bool) {
    let error = HubSpotError.transport(failure)
    #expect(error.isRetryable(.list) == read)
    #expect(error.isRetryable(.update) == write)
    #expect(error.mayHaveBeenDone == failure.mayHaveBeenSent)
  }

  @Test("a redirect is refused", arguments: [301, 302, 303, 307, 308])
  func redirect(_ status: Int) async throws {
    let transport = FakeTransport([.reply(status, "", ["Location": "https://evil.example/"])])
    let client = try makeClient(transport, retry: RetryPolicy())
    let error = await failure { () async throws(HubSpotError) in try await client.account() }
    #expect(error == .redirectRefused(status: status, location: "https://evil.example/"))
    #expect(transport.requests.count == 1)
  }

  @Test("every error has a sentence, and a missing library names its package")
  func descriptions() {
    let library = HubSpotError.transport(CurlLibrary.failure(detail: "cannot open"))
    #expect(library.description.contains("libcurl4"))
    #expect(library.description.contains("nothing was sent"))
    #expect(HubSpotError.cancelled(maybeSent: true).description.contains("may have been done"))
    #expect(HubSpotError.invalidRequest(.noInputs).description == "nothing was sent: the batch has no inputs")
    let lost = HubSpotError.transport(.maybeSent(.connectionLost, detail: "reset"))
    #expect(lost.description == "the connection was lost (reset); the request may have reached the server")
  }
}
