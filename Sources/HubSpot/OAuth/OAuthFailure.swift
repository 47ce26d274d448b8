/// A failure of a token endpoint, which does not use the error envelope of the CRM.
public struct OAuthFailure: Sendable, Hashable, Error {
  /// What to do about a failure.
  public enum Kind: Sendable, Hashable {
    /// The authorization is gone; sign in again.
    case authorizationEnded
    /// The app's data are wrong; correct them. The stored tokens may still be good.
    case misconfigured
    /// The server or the way to it failed; try again later.
    case transient
    /// The code of a sign-in was used, is too old or was never given out; begin the sign-in again.
    case codeRefused
  }

  public var kind: Kind
  /// The HTTP status; 0 when there was no reply.
  public var status: Int
  /// For example `invalid_grant`; nil when the body does not say.
  public var error: String?
  /// HubSpot's own word, for example `BAD_REFRESH_TOKEN`.
  public var code: String?
  /// The server's text, at most 2,000 characters, or what happened on the way to it.
  public var message: String
  /// HubSpot's id of the request, when the reply has one.
  public var correlationID: String?

  public init(
    kind: Kind, status: Int, error: String? = nil, code: String? = nil, message: String, correlationID: String? = nil
  ) {
    self.kind = kind
    self.status = status
    self.error = error
    self.code = code
    self.message = message
    self.correlationID = correlationID
  }
}

extension OAuthFailure {
  /// Reads a failure out of a reply. `error` decides first, HubSpot's `status` words second; the values of the latter are
  /// known from reports only.
  init(_ response: HTTPResponse) {
    let tree = JSONValue(bytes: response.body)
    func text(_ name: String) -> String? { tree?[name]?.asText.map(ErrorBody.bounded) }
    let (error, code) = (text("error"), text("status"))
    self.init(
      kind: OAuthFailure.kind(response.status, error, code), status: response.status, error: error, code: code,
      message: text("error_description") ?? text("message") ?? "",
      correlationID: text("correlationId") ?? response.header("X-HubSpot-Correlation-Id").map(ErrorBody.bounded))
  }

  private static func kind(_ status: Int, _ error: String?, _ code: String?) -> Kind {
    if status == 429 || status >= 500 { return .transient }
    if code == "BAD_AUTH_CODE" { return .codeRefused }
    // These name the app although the error may be a general one.
    if let code, ["BAD_CLIENT_ID", "BAD_CLIENT_SECRET", "BAD_REDIRECT_URI", "BAD_GRANT_TYPE"].contains(code) {
      return .misconfigured
    }
    if error == "invalid_client" { return .misconfigured }
    if error == "invalid_grant" || error == "access_denied" || code == "BAD_REFRESH_TOKEN" || code == "BAD_HUB" {
      return .authorizationEnded
    }
    return .misconfigured
  }

  /// There was no usable reply.
  init(_ failure: TransportFailure) {
    self.init(kind: .transient, status: 0, message: "\(failure)")
  }

  var problem: CredentialProblem {
    switch kind {
    case .authorizationEnded, .codeRefused: .authorizationEnded(self)
    case .misconfigured: .misconfigured(self)
    case .transient: .unavailable(self)
    }
  }
}

extension OAuthFailure: CustomStringConvertible {
  public var description: String {
    var text =
      status == 0 ? "HubSpot's token endpoint could not be asked" : "HubSpot's token endpoint answered \(status)"
    if let word = code ?? error { text += " \(word)" }
    if !message.isEmpty { text += ": \(message)" }
    if let correlationID { text += " (correlation id \(correlationID))" }
    return text
  }
}
