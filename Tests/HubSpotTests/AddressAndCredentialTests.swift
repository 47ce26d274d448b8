import Testing

@testable import HubSpot

@Suite("Base URL")
struct BaseURLTests {
  @Test(
    "accepted",
    arguments: [
      ("https://api.hubapi.com", "https://api.hubapi.com"), ("https://API.hubapi.com/", "https://api.hubapi.com"),
      ("https://example.org:8443", "https://example.org:8443"), ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
      ("http://127.255.0.9", "http://127.255.0.9"), ("HTTP://[::1]:80", "http://[::1]:80"),
      ("https://localhost:1", "https://localhost:1"),
    ])
  func accepted(_ text: String, _ normal: String) throws {
    #expect(try BaseURL(text).description == normal)
  }

  @Test(
    "refused",
    arguments: [
      ("http://localhost:8080", BaseURL.Problem.plainHTTPBeyondLoopback(host: "localhost")),
      ("http://api.hubapi.com", .plainHTTPBeyondLoopback(host: "api.hubapi.com")),
      ("http://128.0.0.1", .plainHTTPBeyondLoopback(host: "128.0.0.1")),
      ("http://127.0.0.1.evil.com", .plainHTTPBeyondLoopback(host: "127.0.0.1.evil.com")),
      ("http://127.1", .plainHTTPBeyondLoopback(host: "127.1")),
      ("http://127.0.0.01", .plainHTTPBeyondLoopback(host: "127.0.0.01")),
      ("http://127.0.0.256", .plainHTTPBeyondLoopback(host: "127.0.0.256")),
      ("http://127.0.0.1@evil.com", .unexpectedPart("@evil.com")),
      ("https://api.hubapi.com/crm", .unexpectedPart("/crm")), ("https://a?b", .unexpectedPart("?b")),
      ("ftp://a", .unknownScheme), ("api.hubapi.com", .unknownScheme), ("https://", .invalidHost("")),
      ("https://a b", .invalidHost("a b")), ("https://a:0", .invalidPort("0")),
      ("https://a:99999", .invalidPort("99999")),
      ("https://a:x", .invalidPort("x")), ("https://a:", .invalidPort("")), ("https://[zz]", .invalidHost("[zz]")),
    ])
  func refused(_ text: String, _ problem: BaseURL.Problem) {
    #expect(throws: problem) { try BaseURL(text) }
  }
}

@Suite("Secrets")
struct CredentialTests {
  static let word = "pat-na1-0123"

  @Test("print, mirror and dump as nothing")
  func printing() throws {
    let token = try BearerToken(CredentialTests.word)
    let request = HTTPRequest(
      method: .get, url: "http://127.0.0.1", authorization: token.headerValue, timeout: .seconds(1))
    let configuration = ClientConfiguration(token: token, transport: FakeTransport([]))
    var texts = [String(describing: token), String(reflecting: token), String(describing: token.secret)]
    texts += [String(describing: request), String(reflecting: request), String(reflecting: configuration)]
    var dumped = ""
    dump(configuration, to: &dumped)
    dump(request, to: &dumped)
    for text in texts + [dumped] { #expect(!text.contains("0123")) }
    #expect(texts[0] == "[secret]")
    #expect(Mirror(reflecting: token.secret).children.isEmpty)
  }

  @Test("a token is one word of ASCII")
  func validation() {
    #expect(throws: BearerToken.Problem.empty) { try BearerToken("") }
    for (text, offset) in [("a b", 1), ("a\nb", 1), ("\tb", 0), ("ab\u{7F}", 2), ("é", 0), ("pat\r\nX: y", 3)] {
      #expect(throws: BearerToken.Problem.unusableCharacter(offset: offset)) { try BearerToken(text) }
    }
    #expect(throws: Never.self) { try BearerToken(String(repeating: "x", count: 4_000)) }
  }

  @Test("goes to the configured host only, as a bearer header")
  func header() async throws {
    let transport = FakeTransport(200, #"{"results":[]}"#)
    _ = try await makeClient(transport).listPage(ListRequest(type: .deals, properties: []))
    #expect(transport.requests.first?.authorization?.text(for: .redaction) == "Bearer pat-na1-test")
    #expect(transport.requests.first?.url.hasPrefix("http://127.0.0.1:9/") == true)
    #expect(transport.requests.first?.headers.contains { $0.name == "Authorization" } == false)
  }
}
