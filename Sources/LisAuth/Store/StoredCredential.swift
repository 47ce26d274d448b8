import FoundationEssentials
import HubSpot

/// A credential as it is kept: what is sent, and what is known about it.
public struct StoredCredential: Sendable {
  public enum Kind: Sendable {
    /// A service key or the token of a private app.
    case token(BearerToken)
    case connection(OAuthConnection)
  }

  public var kind: Kind
  /// The address it was proved at. It is sent nowhere else.
  public var address: String
  /// The account it was proved to belong to, when the server said so.
  public var portalID: String?

  public init(_ kind: Kind, address: String, portalID: String?) {
    self.kind = kind
    self.address = address
    self.portalID = portalID
  }
}

/// An account connected with an app.
public struct OAuthConnection: Sendable {
  public var app: OAuthApp
  /// Of the token endpoints.
  public var version: OAuthVersion
  public var grant: StoredGrant
  public var scopes: [String]
  /// The digest of the refresh token of the environment that this connection began with, if it began there: another one
  /// in the environment is another connection.
  public var origin: String?

  public init(app: OAuthApp, version: OAuthVersion, grant: StoredGrant, scopes: [String], origin: String? = nil) {
    self.app = app
    self.version = version
    self.grant = grant
    self.scopes = scopes
    self.origin = origin
  }
}

/// The text form of a credential. It exists on the way to and from a store only.
struct CredentialText: Codable {
  var kind: String
  var address: String
  var portal: String?
  var token: String?
  var clientID: String?
  var clientSecret: String?
  var oauthVersion: String?
  var accessToken: String?
  var refreshToken: String?
  var issuedAt: Int64?
  var expiresAt: Int64?
  var scopes: [String]?
  var origin: String?

  private enum CodingKeys: String, CodingKey {
    case kind, address, portal, token, scopes, origin
    case clientID = "client_id"
    case clientSecret = "client_secret"
    case oauthVersion = "oauth_version"
    case accessToken = "access_token"
    case refreshToken = "refresh_token"
    case issuedAt = "issued_at"
    case expiresAt = "expires_at"
  }

  init(_ credential: StoredCredential) {
    address = credential.address
    portal = credential.portalID
    switch credential.kind {
    case .token(let bearer):
      kind = "token"
      token = bearer.secret.text(for: .credentialStore)
    case .connection(let connection):
      kind = "oauth"
      clientID = connection.app.clientID
      clientSecret = connection.app.clientSecret.text(for: .credentialStore)
      oauthVersion = connection.version.name
      accessToken = connection.grant.accessToken.secret.text(for: .credentialStore)
      refreshToken = connection.grant.refreshToken.text(for: .credentialStore)
      issuedAt = connection.grant.issuedAt
      expiresAt = connection.grant.expiresAt
      scopes = connection.scopes
      origin = connection.origin
    }
  }

  /// Nil when something is missing or cannot be.
  var credential: StoredCredential? {
    switch kind {
    case "token":
      guard let token, let bearer = try? BearerToken(token) else { return nil }
      return StoredCredential(.token(bearer), address: address, portalID: portal)
    case "oauth":
      guard let connection else { return nil }
      return StoredCredential(.connection(connection), address: address, portalID: portal)
    default: return nil
    }
  }

  private var connection: OAuthConnection? {
    guard let clientID, let clientSecret, let version = oauthVersion.flatMap({ OAuthVersion(name: $0) }),
      let access = accessToken.flatMap({ try? BearerToken($0) }), let refreshToken, !refreshToken.isEmpty,
      let issuedAt, let expiresAt
    else { return nil }
    return OAuthConnection(
      app: OAuthApp(clientID: clientID, clientSecret: Secret(clientSecret)), version: version,
      grant: StoredGrant(
        accessToken: access, refreshToken: Secret(refreshToken), issuedAt: issuedAt, expiresAt: expiresAt),
      scopes: scopes ?? [], origin: origin)
  }

  /// One line of JSON.
  var bytes: [UInt8]? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { Array($0) }
  }

  init?(bytes: [UInt8]) {
    guard let text = try? JSONDecoder().decode(CredentialText.self, from: Data(bytes)) else { return nil }
    self = text
  }
}
