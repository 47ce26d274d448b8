/// A failure as the server reports it. No field is certain to be there except the status.
public struct APIFailure: Error, Sendable, Hashable {
  /// What was asked for.
  public var operation: OperationKind
  /// The HTTP status.
  public var status: Int
  /// For example `VALIDATION_ERROR`, `MISSING_SCOPES`, `RATE_LIMITS`.
  public var category: String?
  /// A finer name within the category, when the server gives one.
  public var subCategory: String?
  /// The server's text, at most 2,000 characters. Empty when there is none.
  public var message: String
  /// HubSpot's id of the request, to be shown to the user and quoted to its support.
  public var correlationID: String?
  /// The things wrong with the request, one by one; empty when the server names none.
  public var errors: [APIErrorDetail]
  /// What the failure is about, by name, for example `ids`.
  public var context: [String: [String]]
  /// Addresses of pages about the failure, by name.
  public var links: [String: String]
  /// The rate limit that was passed, in HubSpot's words.
  public var policyName: String?
  /// How long the server asks to wait.
  public var retryAfter: Duration?
  /// The server's own description of the format, `application/json` for everything that HubSpot itself answers.
  public var contentType: String?

  public init(
    operation: OperationKind, status: Int, category: String? = nil, subCategory: String? = nil, message: String = "",
    correlationID: String? = nil, errors: [APIErrorDetail] = [], context: [String: [String]] = [:],
    links: [String: String] = [:], policyName: String? = nil, retryAfter: Duration? = nil, contentType: String? = nil
  ) {
    self.operation = operation
    self.status = status
    self.category = category
    self.subCategory = subCategory
    self.message = message
    self.correlationID = correlationID
    self.errors = errors
    self.context = context
    self.links = links
    self.policyName = policyName
    self.retryAfter = retryAfter
    self.contentType = contentType
  }
}

/// One of the things wrong with a request.
public struct APIErrorDetail: Sendable, Hashable {
  /// The server's text, at most 2,000 characters.
  public var message: String
  /// For example `PROPERTY_DOESNT_EXIST`, `INVALID_OPTION`, `READ_ONLY_VALUE`.
  public var code: String?
  /// A finer name within the category, when the server gives one.
  public var subCategory: String?
  /// For example `propertyName`, `requiredGranularScopes`.
  public var context: [String: [String]]

  public init(message: String, code: String? = nil, subCategory: String? = nil, context: [String: [String]] = [:]) {
    self.message = message
    self.code = code
    self.subCategory = subCategory
    self.context = context
  }

  /// The property the detail is about, when it names one.
  public var propertyName: String? { context["propertyName"]?.first }
}
