import HubSpot
import Synchronization

/// A transport that carries requests over real HTTP and, where a test says so, does to them what networks and servers
/// do.
final class FaultTransport: Transport {
  /// What happens to one request.
  enum Fault: Sendable {
    case pass
    /// The server handles it, and the reply is lost.
    case loseReply
    /// The connection is never made.
    case refuse
    /// It may have left, but the server never saw it.
    case loseRequest
    /// Answered without reaching the server.
    case answer(Int, String)
    /// The server handles it, and something else than its reply arrives.
    case replace(Int, String)
    /// The server handles it, and its reply arrives changed.
    case change(@Sendable (String) -> String)
  }

  /// One request as it was about to leave.
  struct Sent: Sendable {
    var method: String
    /// Path and query.
    var path: String
    var body: String
  }

  typealias Script = @Sendable (_ request: Sent, _ number: Int) async -> Fault

  private let inner: CurlTransport
  private let state = Mutex<(log: [Sent], script: Script)>(([], { _, _ in .pass }))

  init(_ inner: CurlTransport) { self.inner = inner }

  var log: [Sent] { state.withLock { $0.log } }

  /// - Parameter script: is given each request and how many with the same ending of the path came before it, plus one.
  func follow(_ script: @escaping Script) {
    state.withLock {
      $0.script = script
      $0.log = []
    }
  }

  func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
    let sent = Sent(
      method: request.method.rawValue, path: FaultTransport.path(request.url),
      body: String(decoding: request.body ?? [], as: UTF8.self))
    let (script, number) = state.withLock { state in
      state.log.append(sent)
      return (state.script, state.log.count { $0.kind == sent.kind })
    }
    switch await script(sent, number) {
    case .pass: return try await inner.send(request)
    case .refuse: throw .notSent(.connection, detail: "test")
    case .loseRequest: throw .maybeSent(.connectionLost, detail: "test")
    case .answer(let status, let body): return FaultTransport.reply(status, body)
    case .loseReply:
      _ = try await inner.send(request)
      throw .maybeSent(.connectionLost, detail: "test")
    case .replace(let status, let body):
      _ = try await inner.send(request)
      return FaultTransport.reply(status, body)
    case .change(let change):
      var response = try await inner.send(request)
      response.body = Array(change(String(decoding: response.body, as: UTF8.self)).utf8)
      return response
    }
  }

  private static func reply(_ status: Int, _ body: String) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: [HTTPHeader("Content-Type", "application/json;charset=utf-8")], body: Array(body.utf8))
  }

  private static func path(_ url: String) -> String {
    let start = url.range(of: "://").map { url[$0.upperBound...] } ?? url[...]
    return start.firstIndex(of: "/").map { String(start[$0...]) } ?? ""
  }
}

extension FaultTransport.Sent {
  /// `search`, `batch/update`, `list` and so on.
  var kind: String {
    let path = self.path.prefix { $0 != "?" }
    if path.contains("/associations/") { return "associations" }
    for ending in ["batch/read", "batch/update", "batch/create", "batch/archive", "batch/upsert", "search"]
    where path.hasSuffix("/" + ending) {
      return ending
    }
    if path.contains("/properties/") { return "schema" }
    if path.hasSuffix("/labels") { return "associations" }
    return method == "GET" ? "list" : method
  }
}

extension String {
  func range(of part: String) -> Range<String.Index>? {
    ranges(of: part).first
  }
}
