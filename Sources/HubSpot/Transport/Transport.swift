/// Carries one HTTP request to its address and brings the reply back. The only place where bytes leave the process.
///
/// A transport follows no redirect and retries nothing: it reports what happened once, and whether the request may have
/// reached the server. It throws `TransportFailure` and nothing else; a cancelled task is one of its cases.
public protocol Transport: Sendable {
  func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse
}

/// One header line.
public struct HTTPHeader: Sendable, Hashable {
  /// The name, whose case does not matter.
  public let name: String
  /// The value, without white space around it.
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A request, complete but for the connection.
public struct HTTPRequest: Sendable {
  /// HTTP's methods, as far as the API uses them.
  public enum Method: String, Sendable {
    case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
  }

  /// What is asked for.
  public var method: Method
  /// Absolute URL: the configured base followed by a path and a query.
  public var url: String
  /// Header lines besides `Authorization` and those that the transport adds itself.
  public var headers: [HTTPHeader]
  /// The value of the `Authorization` header. Kept apart from the others so that printing a request cannot print a
  /// token.
  public var authorization: Secret?
  /// Nil for a request without a body.
  public var body: [UInt8]?
  /// How long the whole exchange may take.
  public var timeout: Duration

  public init(
    method: Method, url: String, headers: [HTTPHeader] = [], authorization: Secret? = nil, body: [UInt8]? = nil,
    timeout: Duration
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.authorization = authorization
    self.body = body
    self.timeout = timeout
  }
}

/// A reply: any status, with its body decompressed.
public struct HTTPResponse: Sendable {
  /// The HTTP status, 100 to 599.
  public var status: Int
  /// Header lines in the order of the reply.
  public var headers: [HTTPHeader]
  /// The body, decompressed.
  public var body: [UInt8]

  public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of that name, whatever the case of its letters.
  public func header(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }
}
