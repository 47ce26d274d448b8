/// The rate limits that HubSpot tells apart, by what a client does about each.
public enum RateLimit: Sendable, Hashable {
  /// The day's quota is used up: waiting a little does not help.
  case daily
  /// The rolling limit of requests in ten seconds.
  case tenSecondly
  /// The limit of requests in a second, which searches have.
  case secondly
  /// A rate limit that does not say which.
  case unnamed
}

extension APIFailure {
  /// Which rate limit was passed; nil when the failure is none. The status decides that it is one; its name, or else
  /// words of the message, which. Search replies carry nothing but the message.
  public var rateLimit: RateLimit? {
    guard status == 429 else { return nil }
    let words = (policyName ?? message).lowercased()
    if words.contains("daily") { return .daily }
    if words.contains("ten_secondly") { return .tenSecondly }
    if words.contains("secondly") { return .secondly }
    return .unnamed
  }

  /// The token is missing, unknown, revoked or expired.
  public var isAuth: Bool { status == 401 }

  /// The token lacks a scope; `missingScopes` lists alternatives, any one of which is enough.
  public var isScope: Bool { status == 403 && (category == "MISSING_SCOPES" || !missingScopes.isEmpty) }

  /// Scopes that the server names as missing; any one of them would do. Empty for other failures.
  public var missingScopes: [String] {
    status == 403 ? errors.flatMap { $0.context["requiredGranularScopes"] ?? [] } : []
  }

  /// There is no such record, property or path.
  public var isNotFound: Bool { status == 404 }

  /// The server refused to start the work, and says so: nothing was written.
  public var isRefusedForNow: Bool { status == 423 || status == 429 || status == 477 }

  /// The server or its edge failed, and the same request may succeed later.
  public var isServerFailure: Bool { [500, 502, 503, 504, 521, 523, 524].contains(status) }
}

extension HubSpotError {
  /// Sign in again, or supply another token.
  public var isAuth: Bool {
    if case .credential = self { return true }
    return failure?.isAuth ?? false
  }
  /// The token lacks a scope.
  public var isScope: Bool { failure?.isScope ?? false }
  /// Which rate limit was passed, if that is the failure.
  public var rateLimit: RateLimit? { failure?.rateLimit }

  /// Whether it passed that rate limit, or any.
  public func isRateLimit(_ limit: RateLimit? = nil) -> Bool {
    guard let passed = rateLimit else { return false }
    return limit == nil || limit == passed
  }

  /// Whether the same request can be sent again, as it is, without doing anything twice. A used-up day is not
  /// retryable.
  public func isRetryable(_ kind: OperationKind) -> Bool {
    switch self {
    case .api(let failure):
      failure.isRefusedForNow ? failure.rateLimit != .daily : failure.isServerFailure && kind.isRead
    case .transport(let failure): failure.isTransient && (!failure.mayHaveBeenSent || kind.isRead)
    case .unexpectedBody: kind.isRead
    case .credential(.unavailable): true
    case .credential, .serverLoop, .redirectRefused, .invalidRequest, .cancelled: false
    }
  }

  /// Whether a write that ended like this may have been done all the same.
  public var mayHaveBeenDone: Bool {
    switch self {
    case .api(let failure): failure.status >= 500
    case .transport(let failure): failure.mayHaveBeenSent
    case .unexpectedBody: true
    case .cancelled(let maybeSent): maybeSent
    case .credential, .serverLoop, .redirectRefused, .invalidRequest: false
    }
  }

  private var failure: APIFailure? {
    if case .api(let failure) = self { failure } else { nil }
  }
}
