import Synchronization

/// Answers from a recording instead of from a server: for looking again at what happened, and for tests without a portal.
///
/// A request is answered by the first exchange not used yet that asked the same. Trace ids of batches are new in every
/// run, so they are compared by their places, and the recorded answer speaks of the new ones.
public final class ReplayTransport: Transport {
  private let exchanges: Mutex<[RecordedExchange?]>

  public init(_ recording: Recording) { exchanges = Mutex(recording.exchanges.map(Optional.some)) }

  public func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
    let origin = request.url.firstRange(of: "://").map { request.url[$0.upperBound...] } ?? request.url[...]
    let path = origin.firstIndex(of: "/").map { String(origin[$0...]) } ?? "/"
    let body = request.body.map { String(decoding: $0, as: UTF8.self) }
    let traces = ReplayTransport.traces(in: body ?? "")
    let found = exchanges.withLock { exchanges -> RecordedExchange? in
      let index = exchanges.firstIndex { exchange in
        guard let exchange, exchange.method == request.method.rawValue, exchange.path == path else { return false }
        return ReplayTransport.isSame(exchange.request, body, traces)
      }
      defer { if let index { exchanges[index] = nil } }
      return index.flatMap { exchanges[$0] }
    }
    guard let found else {
      throw .notSent(
        .requestRefused, detail: "the recording has no (further) answer to \(request.method.rawValue) \(path)")
    }
    if let failure = found.failure {
      let detail = "as recorded: \(failure.cause)"
      throw failure.mayHaveBeenSent
        ? .maybeSent(.connectionLost, detail: detail) : .notSent(.connection, detail: detail)
    }
    guard var response = found.response else { throw .notSent(.other, detail: "the recording is damaged") }
    let recorded = ReplayTransport.traces(in: found.request ?? "")
    if recorded != traces {
      var text = String(decoding: response.body, as: UTF8.self)
      for (old, new) in zip(recorded, traces) { text = text.replacing("\"\(old)\"", with: "\"\(new)\"") }
      response.body = Array(text.utf8)
    }
    return response
  }

  private static func isSame(_ recorded: String?, _ body: String?, _ traces: [String]) -> Bool {
    guard let recorded, let body else { return (recorded ?? "") == (body ?? "") }
    if recorded == body { return true }
    let old = ReplayTransport.traces(in: recorded)
    guard old.count == traces.count, !old.isEmpty else { return false }
    return without(old, recorded) == without(traces, body)
  }

  private static func without(_ traces: [String], _ text: String) -> String {
    traces.reduce(text) { $0.replacing("\"objectWriteTraceId\":\"\($1)\"", with: "") }
  }

  /// The trace ids of a batch in their order. The client's own writer puts no spaces between a name and its value.
  private static func traces(in body: String) -> [String] {
    body.split(separator: "\"objectWriteTraceId\":\"", omittingEmptySubsequences: false).dropFirst()
      .map { String($0.prefix { $0 != "\"" }) }
  }
}
