import Testing

@testable import HubSpot

@Suite("TLS", .timeLimit(.minutes(1)))
struct TLSTests {
  private func send(_ port: Int, trusting file: String?) async throws -> Result<HTTPResponse, TransportFailure> {
    let transport = CurlTransport(options: TransportOptions(certificateAuthorityFile: file))
    let request = HTTPRequest(
      method: .get, url: "https://127.0.0.1:\(port)/answer", authorization: try BearerToken("t").headerValue,
      timeout: .seconds(20))
    do throws(TransportFailure) { return .success(try await transport.send(request)) } catch { return .failure(error) }
  }

  /// A certificate is refused before anything is sent, and the refusal is not worth a retry.
  private func expectRefusal(_ result: Result<HTTPResponse, TransportFailure>) {
    guard case .failure(let failure) = result else {
      Issue.record("the server was trusted")
      return
    }
    #expect(failure.cause == .certificate)
    #expect(!failure.mayHaveBeenSent)
    #expect(!failure.isTransient)
  }

  @Test("a private authority is trusted when it is given, and only then")
  func privateAuthority() async throws {
    let authority = try CertificateAuthority()
    try await authority.withServer(name: "IP:127.0.0.1", answer: "private") { port in
      let trusted = try await send(port, trusting: authority.file)
      #expect(text(try trusted.get().body) == "private")
      expectRefusal(try await send(port, trusting: nil))
      expectRefusal(try await send(port, trusting: try CertificateAuthority().file))
      expectRefusal(try await send(port, trusting: authority.folder + "/missing.pem"))
    }
  }

  @Test("a certificate for another name is refused")
  func wrongName() async throws {
    let authority = try CertificateAuthority()
    try await authority.withServer(name: "DNS:api.hubapi.com", answer: "x") { port in
      expectRefusal(try await send(port, trusting: authority.file))
    }
  }

  @Test("an expired certificate is refused")
  func expired() async throws {
    let authority = try CertificateAuthority()
    try await authority.withServer(name: "IP:127.0.0.1", days: -1, answer: "x") { port in
      expectRefusal(try await send(port, trusting: authority.file))
    }
  }

  @Test("a server that speaks no TLS")
  func plainServer() async throws {
    try await withServer([.greeting(Array("HTTP/1.1 200 OK\r\n\r\n".utf8))]) { server in
      guard case .failure(let failure) = try await send(server.port, trusting: nil) else {
        Issue.record("plain text passed for TLS")
        return
      }
      #expect(failure.cause == .tlsHandshake)
      #expect(!failure.mayHaveBeenSent)
      #expect(server.requests.isEmpty)
    }
  }
}
