/// Speaks to the token endpoints: gets tokens for a code, renews, asks about and revokes them.
///
/// Secrets go into form bodies only, never into an address. Nothing is repeated here: a code works once, and who renews
/// decides about trying again. The bodies do not pass the observers of a CRM client.
public struct OAuthClient: Sendable {
  private let app: OAuthApp
  private let version: OAuthVersion
  private let baseURL: BaseURL
  private let transport: any Transport
  private let userAgent: String

  /// - Parameter baseURL: the host of the API, which serves the token endpoints as well.
  public init(
    app: OAuthApp, version: OAuthVersion = .september2026, baseURL: BaseURL = .hubSpot, transport: any Transport,
    userAgent: String = "HubSpot-Swift"
  ) {
    self.app = app
    self.version = version
    self.baseURL = baseURL
    self.transport = transport
    self.userAgent = userAgent
  }

  /// Redeems the code of a sign-in, which works once and not for long.
  public func redeem(
    code: Secret, redirectAddress: String, proofKey: ProofKey? = nil
  ) async throws(OAuthFailure) -> OAuthGrant {
    var form = FormBody()
    form.append("grant_type", "authorization_code")
    form.append("code", code)
    form.append("redirect_uri", redirectAddress)
    if let proofKey { form.append("code_verifier", proofKey.verifier) }
    return try grant(await post(version.tokenPath, form))
  }

  /// Gets a new access token. The refresh token of the answer replaces the one given.
  public func renew(_ refreshToken: Secret) async throws(OAuthFailure) -> OAuthGrant {
    var form = FormBody()
    form.append("grant_type", "refresh_token")
    form.append("refresh_token", refreshToken)
    return try grant(await post(version.tokenPath, form))
  }

  /// Which of the two a token is.
  public enum TokenKind: String, Sendable { case access = "access_token", refresh = "refresh_token" }

  /// Asks what a token is good for. Nil for the first generation, which would have the token in the address.
  public func introspect(_ token: Secret, _ kind: TokenKind) async throws(OAuthFailure) -> TokenStanding? {
    guard version.introspects else { return nil }
    let response = try await post(version.introspectionPath, form(token, kind))
    guard let tree = JSONValue(bytes: response.body), let active = tree["active"]?.asText else {
      throw OAuthFailure(
        kind: .transient, status: response.status, message: "the answer to an introspection cannot be read")
    }
    return TokenStanding(
      isActive: active == "true", portalID: tree["hub_id"]?.asText, user: tree["user"]?.asText,
      appID: tree["app_id"]?.asText, clientID: tree["client_id"]?.asText, scopes: tree["scopes"]?.texts,
      lifetime: tree["expires_in"]?.asText.flatMap { Int64($0) }.map { .seconds($0) })
  }

  /// Revokes a refresh token. Access tokens that were issued go on working until they expire.
  public func revoke(refreshToken: Secret) async throws(OAuthFailure) {
    if version.revokesByForm {
      _ = try await post(version.revocationPath, form(refreshToken, .refresh))
      return
    }
    let path = "/oauth/\(version.name)/refresh-tokens/"
    let segment = PercentEncoding.encodeSegment(refreshToken.text(for: .request))
    _ = try await send(
      HTTPRequest(
        method: .delete, url: baseURL.description + path + segment, headers: headers, timeout: OAuthClient.timeout))
  }

  // MARK: Requests

  private static let timeout = Duration.seconds(60)

  private var headers: [HTTPHeader] { [HTTPHeader("Accept", "application/json"), HTTPHeader("User-Agent", userAgent)] }

  private func form(_ token: Secret, _ kind: TokenKind) -> FormBody {
    var form = FormBody()
    form.append("token", token)
    form.append("token_type_hint", kind.rawValue)
    return form
  }

  private func post(_ path: String, _ form: FormBody) async throws(OAuthFailure) -> HTTPResponse {
    var form = form
    form.append("client_id", app.clientID)
    form.append("client_secret", app.clientSecret)
    let type = HTTPHeader("Content-Type", "application/x-www-form-urlencoded")
    return try await send(
      HTTPRequest(
        method: .post, url: baseURL.description + path, headers: headers + [type], body: form.bytes,
        timeout: OAuthClient.timeout))
  }

  private func send(_ request: HTTPRequest) async throws(OAuthFailure) -> HTTPResponse {
    let response: HTTPResponse
    do throws(TransportFailure) { response = try await transport.send(request) } catch { throw OAuthFailure(error) }
    guard (200...299).contains(response.status) else { throw OAuthFailure(response) }
    return response
  }

  private func grant(_ response: HTTPResponse) throws(OAuthFailure) -> OAuthGrant {
    func unreadable(_ what: String) -> OAuthFailure {
      OAuthFailure(kind: .transient, status: response.status, message: "the answer with the token \(what)")
    }
    guard let tree = JSONValue(bytes: response.body) else { throw unreadable("is not JSON") }
    guard let access = tree["access_token"]?.asText, let refresh = tree["refresh_token"]?.asText, !refresh.isEmpty
    else { throw unreadable("has no access_token or no refresh_token") }
    guard let lifetime = tree["expires_in"]?.asText.flatMap({ Int64($0) }), lifetime > 0 else {
      throw unreadable("does not say how long it is good")
    }
    let token: BearerToken
    do { token = try BearerToken(access) } catch { throw unreadable("has a token that no header can hold") }
    return OAuthGrant(
      accessToken: token, refreshToken: Secret(refresh), lifetime: .seconds(lifetime),
      portalID: tree["hub_id"]?.asText, scopes: tree["scopes"]?.texts ?? [])
  }
}

/// A form as HTML sends it. Its text leaves through `bytes` only.
private struct FormBody {
  private var parts: [String] = []

  var bytes: [UInt8] { Array(parts.joined(separator: "&").utf8) }

  mutating func append(_ name: String, _ value: String) {
    parts.append(name + "=" + PercentEncoding.encode(value))
  }

  mutating func append(_ name: String, _ value: Secret) { append(name, value.text(for: .request)) }
}
