/// A connection as it is kept: the tokens and when the access token ends.
public struct StoredGrant: Sendable {
  public var accessToken: BearerToken
  public var refreshToken: Secret
  /// Seconds since 1970 when the access token was issued.
  public var issuedAt: Int64
  /// Seconds since 1970 when the access token ends.
  public var expiresAt: Int64

  public init(accessToken: BearerToken, refreshToken: Secret, issuedAt: Int64, expiresAt: Int64) {
    self.accessToken = accessToken
    self.refreshToken = refreshToken
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
  }

  /// The grant of a reply that came at `date`, in seconds since 1970.
  public init(_ grant: OAuthGrant, at date: Int64) {
    self.init(
      accessToken: grant.accessToken, refreshToken: grant.refreshToken, issuedAt: date,
      expiresAt: date + grant.lifetime.components.seconds)
  }

  /// Whether it is time for another access token: four fifths of the lifetime are over. A clock that was set back to
  /// before the token was issued tells nothing about its age, and the server's refusal will.
  public func isDue(at date: Int64) -> Bool {
    date >= issuedAt + max(1, expiresAt - issuedAt) * 4 / 5
  }
}

/// Where a connection's tokens are kept, and where processes that use the same connection take turns.
public protocol TokenVault: Sendable {
  /// What is kept at this moment; nil when nothing is yet.
  func load() async throws(CredentialProblem) -> StoredGrant?
  /// Runs a body while no other process or task does, with what is kept when its turn has come, and keeps what it
  /// returns: whole or not at all, before anybody else's turn. Nil leaves what is kept as it is.
  func exclusively(
    _ body: @Sendable (StoredGrant?) async throws(CredentialProblem) -> StoredGrant?
  ) async throws(CredentialProblem) -> StoredGrant?
}
