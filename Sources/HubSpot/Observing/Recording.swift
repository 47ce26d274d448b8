/// What a `Recorder` wrote, as it is read again.
public struct Recording: Sendable {
  /// Why a file is no recording.
  public enum Problem: Error, Sendable, Hashable {
    /// Its first line is not that of a recording, or of one whose form is not known here.
    case notARecording
    /// A line that is no exchange, from 1.
    case badLine(Int)
  }

  /// Changes with every change of the lines that an older reader would misunderstand.
  private static let form = 1

  /// Milliseconds since 1970, UTC, when it began.
  public let startedAt: Int64
  let exchanges: [RecordedExchange]

  /// Reads a whole file. A last line without its end was broken off together with its process and is left out.
  public init(_ bytes: [UInt8]) throws(Problem) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    lines.removeLast()
    guard let first = lines.first, let head = JSONValue(bytes: Array(first)),
      head["recording"]?.asText == String(Recording.form),
      let startedAt = head["startedAt"]?.asText.flatMap({ Int64($0) })
    else { throw .notARecording }
    self.startedAt = startedAt
    var exchanges: [RecordedExchange] = []
    for (index, line) in lines.enumerated().dropFirst() {
      guard let exchange = RecordedExchange(line: Array(line)) else { throw .badLine(index + 1) }
      exchanges.append(exchange)
    }
    self.exchanges = exchanges
  }

  static func head(_ startedAt: Int64) -> [UInt8] {
    JSONWriter.object { writer in
      writer.member("recording", form)
      writer.member("startedAt", Int(startedAt))
    }
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
