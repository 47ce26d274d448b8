/// Reads the error envelope, whole or in pieces: the body of a failure, and the entries of a batch's `errors`.
///
/// Every field is optional, values of `context` are texts or lists of texts, and a body that is not JSON at all is
/// survived.
struct ErrorBody {
  /// The longest text taken over from a server, in characters.
  static let textLimit = 2_000

  private let tree: JSONValue

  init(_ tree: JSONValue) { self.tree = tree }

  var category: String? { text("category") }
  var policyName: String? { text("policyName") }
  var correlationID: String? { text("correlationId") }
  var message: String { text("message") ?? "" }

  /// Declared as an object in HubSpot's schema and seen as a text.
  var subCategory: String? { text("subCategory") }

  var context: [String: [String]] { (tree["context"]?.members ?? [:]).mapValues(\.texts) }

  var links: [String: String] { (tree["links"]?.members ?? [:]).compactMapValues(\.asText) }

  /// The details, from `errors`, or when that is missing from the array that validation messages carry in their text.
  var details: [APIErrorDetail] {
    let listed = (tree["errors"]?.elements ?? []).map(ErrorBody.detail)
    return listed.isEmpty ? ErrorBody.embeddedDetails(tree["message"]?.asText ?? "") : listed
  }

  private func text(_ name: String) -> String? { tree[name]?.asText.map(ErrorBody.bounded) }

  static func bounded(_ text: String) -> String {
    // The bytes are counted first, since counting characters of a long text is slow.
    text.utf8.count > textLimit && text.count > textLimit ? String(text.prefix(textLimit)) + "…" : text
  }

  private static func detail(_ entry: JSONValue) -> APIErrorDetail {
    let body = ErrorBody(entry)
    return APIErrorDetail(
      message: body.message, code: body.text("code"), subCategory: body.subCategory, context: body.context)
  }

  /// `Property values were not valid: [{"isValid":false,"message":…,"error":"CODE","name":"prop",…}]`
  static func embeddedDetails(_ message: String) -> [APIErrorDetail] {
    guard let start = message.firstIndex(of: "["), let tree = JSONValue(bytes: Array(message[start...].utf8)) else {
      return []
    }
    return tree.elements.compactMap { entry in
      guard case .object = entry else { return nil }
      let body = ErrorBody(entry)
      let context = body.text("name").map { ["propertyName": [$0]] } ?? [:]
      return APIErrorDetail(message: body.message, code: body.text("error"), context: context)
    }
  }
}

extension APIFailure {
  /// Reads the failure out of a reply.
  init(operation: OperationKind, response: HTTPResponse) {
    self.init(operation: operation, status: response.status)
    contentType = response.header("Content-Type").map(ErrorBody.bounded)
    correlationID = response.header("X-HubSpot-Correlation-Id").map(ErrorBody.bounded)
    if let tree = JSONValue(bytes: response.body), case .object = tree {
      let body = ErrorBody(tree)
      category = body.category
      subCategory = body.subCategory
      message = body.message
      correlationID = body.correlationID ?? correlationID
      errors = body.details
      context = body.context
      links = body.links
      policyName = body.policyName
    }
    retryAfter = RetryAfter.read(response.header("Retry-After"), status: status, rateLimit: rateLimit)
  }
}
