import Testing

@testable import HubSpot

/// The libcurl transport against a real server on loopback.
@Suite("Transport over sockets", .timeLimit(.minutes(1)))
struct TransportTests {
  static func request(
    _ server: ScriptedServer, _ method: HTTPRequest.Method = .get, _ path: String = "/x", body: String? = nil,
    timeout: Duration = .seconds(20)
  ) throws -> HTTPRequest {
    HTTPRequest(
      method: method, url: server.base + path, headers: [HTTPHeader("X-Test", "1")],
      authorization: try BearerToken("token-1").headerValue, body: body.map { Array($0.utf8) }, timeout: timeout)
  }

  static func failure(_ transport: CurlTransport, _ request: HTTPRequest) async -> TransportFailure? {
    do throws(TransportFailure) {
      _ = try await transport.send(request)
      return nil
    } catch { return error }
  }

  @Test(
    "method, path, headers and body arrive, and the reply comes back",
    arguments: [
      (HTTPRequest.Method.get, nil), (.post, "{\"a\":1}"), (.patch, "{}"), (.put, ""), (.delete, nil),
    ])
  func roundTrip(_ method: HTTPRequest.Method, _ body: String?) async throws {
    try await withServer([.answer(201, headers: ["X-Reply: a: b "], body: Array("hello".utf8))]) { server in
      let response = try await CurlTransport().send(Self.request(server, method, "/a%20b?c=d,e", body: body))
      #expect(response.status == 201)
      #expect(response.header("x-reply") == "a: b")
      #expect(text(response.body) == "hello")
      let seen = try #require(server.requests.first)
      #expect(seen.method == method.rawValue)
      #expect(seen.target == "/a%20b?c=d,e")
      #expect(seen.headers["authorization"] == "Bearer token-1")
      #expect(seen.headers["x-test"] == "1")
      #expect(seen.headers["accept-encoding"] == "gzip")
      #expect(seen.headers["expect"] == nil)
      #expect(seen.headers["content-length"] == body.map { String($0.utf8.count) })
      #expect(text(seen.body) == body ?? "")
    }
  }

  @Test("bodies larger than any buffer, in both directions")
  func largeBodies() async throws {
    let large = [UInt8](repeating: 0x61, count: 3 << 20)
    try await withServer([.answer(200, body: large)]) { server in
      var request = try Self.request(server, .post)
      request.body = large
      let response = try await CurlTransport().send(request)
      #expect(response.body == large)
      #expect(server.requests.first?.body == large)
    }
  }

  @Test("one connection serves requests that follow each other")
  func connectionReuse() async throws {
    try await withServer((0..<5).map { .answer(200, body: [UInt8($0)]) }) { server in
      let transport = CurlTransport()
      for number in 0..<5 {
        let response = try await transport.send(Self.request(server, .post, body: "{}"))
        #expect(response.body == [UInt8(number)])
      }
      #expect(server.connectionCount == 1)
    }
  }

  @Test("many requests at once")
  func concurrency() async throws {
    try await withServer(Array(repeating: .answer(200, body: [1]), count: 64)) { server in
      let transport = CurlTransport()
      let total = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<64 { group.addTask { Int(try await transport.send(Self.request(server)).body.count) } }
        return try await group.reduce(0, +)
      }
      #expect(total == 64)
    }
  }

  @Test("compressed replies")
  func gzip() async throws {
    // "hello hello hello hello" as gzip makes it.
    let packed: [UInt8] = [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x27,
      0x01, 0xE3, 0x51, 0x3D, 0x8D, 0x17, 0x00, 0x00, 0x00,
    ]
    try await withServer([.answer(200, headers: ["Content-Encoding: gzip"], body: packed)]) { server in
      let response = try await CurlTransport().send(Self.request(server))
      #expect(text(response.body) == "hello hello hello hello")
    }
  }

  @Test("an interim reply is not the answer")
  func interim() async throws {
    let bytes = "HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-B: 2\r\nContent-Length: 2\r\n\r\nok"
    try await withServer([.raw(Array(bytes.utf8))]) { server in
      let response = try await CurlTransport().send(Self.request(server))
      #expect(response.status == 200)
      #expect(response.header("X-A") == nil)
      #expect(response.header("X-B") == "2")
    }
  }

  @Test("a redirect comes back as it is, and nobody is asked twice")
  func redirect() async throws {
    try await withServer([]) { other in
      try await withServer([.answer(302, headers: ["Location: \(other.base)/steal"], body: [])]) { server in
        let response = try await CurlTransport().send(Self.request(server))
        #expect(response.status == 302)
        #expect(server.requests.count == 1)
      }
      #expect(other.requests.isEmpty)
      #expect(other.connectionCount == 0)
    }
  }

  @Test(
    "addresses that are never asked",
    arguments: [
      "http://api.hubapi.com/", "http://localhost/", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/",
      "http://127.0.0.1@evil.example/", "", "//127.0.0.1/",
    ])
  func refusedAddresses(_ url: String) async throws {
    let request = HTTPRequest(method: .get, url: url, timeout: .seconds(1))
    let failure = await Self.failure(CurlTransport(), request)
    #expect(failure?.cause == .requestRefused)
    #expect(failure?.mayHaveBeenSent == false)
  }

  @Test("a header cannot smuggle in another", arguments: ["a\r\nX: y", "a\nb", "é", "\u{0}"])
  func headerInjection(_ value: String) async throws {
    try await withServer([]) { server in
      var request = try Self.request(server)
      request.headers = [HTTPHeader("X-Test", value)]
      let failure = await Self.failure(CurlTransport(), request)
      #expect(failure?.cause == .requestRefused)
      #expect(server.connectionCount == 0)
    }
  }

  @Test("the thread ends when the transport is closed, and a later request starts anew")
  func closing() async throws {
    try await withServer([.answer(200, body: []), .answer(200, body: [])]) { server in
      let transport = CurlTransport()
      _ = try await transport.send(Self.request(server))
      let first = try #require(transport.currentLoop)
      await transport.close()
      await first.waitUntilEnded()
      #expect(transport.currentLoop == nil)
      #expect(try await transport.send(Self.request(server)).status == 200)
    }
  }

  @Test("the thread ends when the transport is released")
  func releasing() async throws {
    try await withServer([.answer(200, body: [])]) { server in
      var transport: CurlTransport? = CurlTransport()
      _ = try await transport?.send(Self.request(server))
      let loop = try #require(transport?.currentLoop)
      transport = nil
      await loop.waitUntilEnded()
    }
  }
}
