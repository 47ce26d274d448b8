/// One request of an operation, before it has an address and a token.
struct Call: Sendable {
  /// The longest path and query. A little over 5,000 characters were accepted by HubSpot and the limit is not
  /// documented.
  static let addressLimit = 7_000

  let kind: OperationKind
  let method: HTTPRequest.Method
  let path: String
  let body: [UInt8]?
  /// The body holds a secret, so that observers are not shown it.
  var isConfidential = false

  init(
    _ kind: OperationKind, _ method: HTTPRequest.Method, _ path: String, query: [(name: String, parts: [String])] = [],
    body: [UInt8]? = nil
  ) throws(HubSpotError) {
    self.kind = kind
    self.method = method
    self.path = path + PercentEncoding.query(query)
    self.body = body
    let length = self.path.utf8.count
    if length > Call.addressLimit {
      throw .invalidRequest(.addressTooLong(bytes: length, limit: Call.addressLimit))
    }
  }
}

/// The properties to ask for. What HubSpot returns when none are named is not established, so something is always
/// named; the id is added to every answer anyway.
func requestedProperties(_ names: [String]) -> [String] { names.isEmpty ? ["hs_object_id"] : names }
