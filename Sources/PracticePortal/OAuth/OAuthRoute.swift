/// What is asked for below `/oauth`.
enum OAuthRoute: Equatable {
  case authorize, decide
  case token(OAuthVersion), introspect(OAuthVersion), revoke(OAuthVersion)
  case accessTokenInfo(String), refreshTokenInfo(String), deleteRefreshToken(String)
  case staticTokenInfo

  /// `nil` for a path that is not below `/oauth`.
  static func match(method: String, path: String) throws(Refusal) -> OAuthRoute? {
    let segments = path.split(separator: "/").map { QueryParameters.decoded($0) }
    guard segments.first == "oauth" else { return nil }
    let choices = choices(Array(segments.dropFirst()))
    if choices.isEmpty { throw .noSuchPath(redacted(path)) }
    guard let route = choices[method] else { throw .methodNotAllowed(method: method, allowed: choices.keys.sorted()) }
    return route
  }

  private static func choices(_ rest: [String]) -> [String: OAuthRoute] {
    if rest == ["authorize"] { return ["GET": .authorize, "POST": .decide] }
    if rest == ["v2", "private-apps", "get", "access-token-info"] { return ["POST": .staticTokenInfo] }
    guard let name = rest.first, let version = OAuthVersion(rawValue: name) else { return [:] }
    switch rest.dropFirst().map({ $0 }) {
    case ["token"]: return ["POST": .token(version)]
    case ["token", "introspect"] where version != .v1: return ["POST": .introspect(version)]
    case ["token", "revoke"] where version != .v1: return ["POST": .revoke(version)]
    case let list where list.count == 2 && list[0] == "access-tokens" && version == .v1:
      return ["GET": .accessTokenInfo(list[1])]
    case let list where list.count == 2 && list[0] == "refresh-tokens" && version == .v1:
      return ["GET": .refreshTokenInfo(list[1]), "DELETE": .deleteRefreshToken(list[1])]
    default: return [:]
    }
  }

  var takesForm: Bool {
    switch self {
    case .decide, .token, .introspect, .revoke: true
    case .authorize, .accessTokenInfo, .refreshTokenInfo, .deleteRefreshToken, .staticTokenInfo: false
    }
  }

  /// A path as it may be kept: the old endpoints have tokens in it, and some clients put secrets into the query.
  static func redacted(_ path: String) -> String {
    let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let segments = parts[0].split(separator: "/", omittingEmptySubsequences: false)
    // Read as the router reads them: empty segments do not count, and letters may be escaped.
    let names = segments.map { QueryParameters.decoded($0) }
    let said = names.filter { !$0.isEmpty }
    guard said.first == "oauth", said != ["oauth", "authorize"] else { return path }
    var kept = segments.map(String.init)
    var isToken = false
    for (index, name) in names.enumerated() where !name.isEmpty {
      if isToken { kept[index] = "***" }
      isToken = name == "access-tokens" || name == "refresh-tokens"
    }
    return kept.joined(separator: "/") + (parts.count > 1 ? "?***" : "")
  }
}

/// The generations of the OAuth endpoints.
enum OAuthVersion: String, Equatable {
  case v1, v3
  case dated202603 = "2026-03"
  case dated202609 = "2026-09"

  var grants: [String] {
    ["authorization_code", "refresh_token"] + (self == .dated202609 ? [] : ["client_credentials"])
  }
}
