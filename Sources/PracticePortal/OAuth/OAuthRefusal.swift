/// Why a token endpoint refuses. Its body is not the envelope of the other endpoints.
///
/// The word under `error` is documented or reported for a bad refresh token and a bad client id; for the others it
/// follows RFC 6749 (practice-portal rule).
enum OAuthRefusal: Error, Equatable {
  case badGrantType(String)
  case badClientId
  case badClientSecret
  case badRedirect
  case badCode
  case badVerifier
  case badRefreshToken
  case badScopes([String])
  case missing(String)

  var error: String {
    switch self {
    case .badGrantType: "unsupported_grant_type"
    case .badClientId, .badClientSecret: "invalid_client"
    case .badRedirect, .badCode, .badVerifier, .badRefreshToken: "invalid_grant"
    case .badScopes: "invalid_scope"
    case .missing: "invalid_request"
    }
  }

  var status: String {
    switch self {
    case .badGrantType: "BAD_GRANT_TYPE"
    case .badClientId: "BAD_CLIENT_ID"
    case .badClientSecret: "BAD_CLIENT_SECRET"
    case .badRedirect: "BAD_REDIRECT_URI"
    case .badCode: "BAD_AUTH_CODE"
    case .badVerifier: "BAD_CODE_VERIFIER"
    case .badRefreshToken: "BAD_REFRESH_TOKEN"
    case .badScopes: "BAD_SCOPES"
    case .missing: "BAD_REQUEST"
    }
  }

  var message: String {
    switch self {
    case .badGrantType(let type): "grant type is not supported here: \(type.isEmpty ? "(none)" : type)"
    case .badClientId: "missing or unknown client id"
    case .badClientSecret: "missing or wrong client secret"
    case .badRedirect: "redirect uri does not match the one of the authorization"
    case .badCode: "missing, unknown, used or expired auth code"
    case .badVerifier: "code verifier does not fit the code challenge"
    case .badRefreshToken: "refresh token is invalid, expired or revoked"
    case .badScopes(let scopes): "scopes cannot be granted: \(scopes.joined(separator: " "))"
    case .missing(let name): "missing parameter: \(name)"
    }
  }

  /// HTTP 400, whatever the reason.
  var answer: Answer {
    Answer(
      status: 400,
      body: JSONWriter.object { body in
        body.member("error", error)
        body.member("error_description", message)
        body.member("status", status)
        body.member("message", message)
      })
  }
}
