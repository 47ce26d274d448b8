/// One request that ended, with all that may be said about it: never the `Authorization` header, which it does not hold.
public struct Exchange: Sendable {
  /// What the request did.
  public let operation: OperationKind
  public let method: HTTPRequest.Method
  /// Path and query, without the host.
  public let path: String
  /// Nil for a request without a body.
  public let requestBody: [UInt8]?
  /// From 1; more for a repetition.
  public let attempt: Int
  /// From leaving to the whole reply.
  public let duration: Duration
  /// The reply as it came, whatever its status, or why there was none.
  public let result: Result<HTTPResponse, TransportFailure>
  /// The token that was sent, so that it can be taken out of what is written down should a server repeat it.
  let token: Secret

  /// The HTTP status; nil without a reply.
  public var status: Int? { try? result.get().status }

  /// HubSpot's id of the request, from the reply's header.
  public var correlationID: String? {
    (try? result.get())?.header("X-HubSpot-Correlation-Id").map(ErrorBody.bounded)
  }
}

/// Watches a client: logs, counts, records. It is called on the task of the request and should not take long.
public protocol ExchangeObserver: Sendable {
  func ended(_ exchange: Exchange)
}
