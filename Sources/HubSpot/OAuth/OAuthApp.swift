/// An app that accounts can be connected with: what HubSpot gave its developer.
public struct OAuthApp: Sendable {
  /// Public; part of the authorization address.
  public var clientID: String
  /// Sent in form bodies to the token endpoints only.
  public var clientSecret: Secret

  public init(clientID: String, clientSecret: Secret) {
    self.clientID = clientID
    self.clientSecret = clientSecret
  }
}

/// What an authorization gave: tokens and what they are good for.
public struct OAuthGrant: Sendable {
  /// Good for `lifetime` from now.
  public var accessToken: BearerToken
  /// Good until somebody revokes it. Each renewal may bring another, which is then the one to keep.
  public var refreshToken: Secret
  /// How long the access token is good, counted from the reply; 30 minutes usually.
  public var lifetime: Duration
  /// The account's number, when the reply has it.
  public var portalID: String?
  /// The scopes that were granted, when the reply has them.
  public var scopes: [String]

  public init(
    accessToken: BearerToken, refreshToken: Secret, lifetime: Duration, portalID: String? = nil, scopes: [String] = []
  ) {
    self.accessToken = accessToken
    self.refreshToken = refreshToken
    self.lifetime = lifetime
    self.portalID = portalID
    self.scopes = scopes
  }
}

/// What the server says about a token.
public struct TokenStanding: Sendable, Hashable {
  /// Whether it can be used. Everything else may be missing when not.
  public var isActive: Bool
  public var portalID: String?
  /// The user that authorized it; an e-mail address.
  public var user: String?
  public var appID: String?
  public var clientID: String?
  /// Nil when the server did not say.
  public var scopes: [String]?
  /// How long the token is still good; nil when the server did not say, and for tokens that stay.
  public var lifetime: Duration?
}
