/// Writes a line of JSON for every request: what it did, how it ended, HubSpot's id of it. No header, no body, and nothing
/// that looks like the token.
public struct ExchangeLog: ExchangeObserver {
  private let date: @Sendable () -> String
  private let write: @Sendable (String) -> Void

  /// - Parameters:
  ///   - date: the present, as ISO 8601 in UTC.
  ///   - write: takes a line without its end; it may be called from several threads at once.
  public init(date: @escaping @Sendable () -> String, write: @escaping @Sendable (String) -> Void) {
    self.date = date
    self.write = write
  }

  public func ended(_ exchange: Exchange) {
    let bytes = JSONWriter.object { writer in
      writer.member("at", date())
      writer.member("event", "request")
      writer.member("operation", exchange.operation.rawValue)
      writer.member("method", exchange.method.rawValue)
      writer.member("path", exchange.path)
      writer.member("attempt", exchange.attempt)
      writer.member("milliseconds", exchange.duration.milliseconds)
      if let status = exchange.status { writer.member("status", status) }
      if case .failure(let failure) = exchange.result {
        writer.member("failure", "\(failure.cause)")
        writer.member("may_have_been_sent", failure.mayHaveBeenSent)
      }
      writer.member("correlation_id", optional: exchange.correlationID)
    }
    write(String(decoding: Redaction(exchange.token).apply(bytes), as: UTF8.self))
  }
}

extension Duration {
  /// Whole milliseconds, rounded down.
  var milliseconds: Int {
    let (seconds, attoseconds) = components
    return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
  }
}
