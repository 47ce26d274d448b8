import Glibc
import Synchronization

/// Writes exchanges down as they happened, a line of JSON each, so that `ReplayTransport` can answer from them later.
///
/// The token is taken out before anything is written. What remains are customers' records, so the file is made for its
/// owner alone, and one that exists is not written over.
public final class Recorder: ExchangeObserver {
  /// Why no recording can be made.
  public enum Problem: Error, Sendable, Hashable {
    case exists(path: String)
    case cannotOpen(path: String, reason: String)
  }

  private let descriptor: Int32
  private let path: String
  private let failed: @Sendable (String) -> Void
  private let hasFailed = Mutex(false)

  /// - Parameter failed: told once when the file cannot be written any more; the recording is then not complete.
  public convenience init(path: String, failed: @escaping @Sendable (String) -> Void) throws(Problem) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor < 0 {
      let code = errno
      throw code == EEXIST ? .exists(path: path) : .cannotOpen(path: path, reason: String(cString: strerror(code)))
    }
    self.init(descriptor: descriptor, path: path, failed: failed)
  }

  /// - Parameter descriptor: of an open file, which is closed in the end.
  init(descriptor: Int32, path: String, failed: @escaping @Sendable (String) -> Void) {
    self.descriptor = descriptor
    self.path = path
    self.failed = failed
  }

  deinit { close(descriptor) }

  public func ended(_ exchange: Exchange) {
    let redaction = Redaction(exchange.token)
    let line = redaction.apply(RecordedExchange(exchange).line) + [0x0A]
    hasFailed.withLock { hasFailed in
      guard !hasFailed, !write(line) else { return }
      hasFailed = true
      failed("the recording \(path) cannot be written any more: \(String(cString: strerror(errno)))")
    }
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
    }
    return true
  }
}

/// An exchange as a recording holds it.
struct RecordedExchange: Sendable {
  var method: String
  var path: String
  var request: String?
  /// Nil when there was no reply.
  var response: HTTPResponse?
  var failure: (cause: String, mayHaveBeenSent: Bool)?

  init(_ exchange: Exchange) {
    method = exchange.method.rawValue
    path = exchange.path
    request = exchange.requestBody.map { String(decoding: $0, as: UTF8.self) }
    switch exchange.result {
    case .success(let response): self.response = response
    case .failure(let failure): self.failure = ("\(failure.cause)", failure.mayHaveBeenSent)
    }
  }

  /// Headers of a reply that mean something to the client.
  private static let headers = ["content-type", "retry-after", "location", "x-hubspot-correlation-id"]

  var line: [UInt8] {
    JSONWriter.object { writer in
      writer.member("method", method)
      writer.member("path", path)
      writer.member("request", optional: request)
      if let response {
        writer.member("status", response.status)
        writer.key("headers")
        writer.object { writer in
          for header in response.headers where RecordedExchange.isKept(header.name) {
            writer.member(header.name, header.value)
          }
        }
        writer.member("response", String(decoding: response.body, as: UTF8.self))
      }
      if let failure {
        writer.member("failure", failure.cause)
        writer.member("mayHaveBeenSent", failure.mayHaveBeenSent)
      }
    }
  }

  private static func isKept(_ name: String) -> Bool {
    let name = name.lowercased()
    return headers.contains(name) || name.hasPrefix("x-hubspot-ratelimit-")
  }

  /// Nil for a line that is no exchange.
  init?(line: [UInt8]) {
    guard let tree = JSONValue(bytes: line), let method = tree["method"]?.asText, let path = tree["path"]?.asText else {
      return nil
    }
    self.method = method
    self.path = path
    request = tree["request"]?.asText
    if let status = tree["status"]?.asText.flatMap({ Int($0) }) {
      let headers = (tree["headers"]?.members ?? [:]).compactMap { item in
        item.value.asText.map { HTTPHeader(item.key, $0) }
      }
      response = HTTPResponse(status: status, headers: headers, body: Array((tree["response"]?.asText ?? "").utf8))
    } else if let cause = tree["failure"]?.asText {
      failure = (cause, tree["mayHaveBeenSent"]?.asText == "true")
    } else {
      return nil
    }
  }
}
