/// Where a client's token comes from: one that stays, or one that is renewed in time.
public protocol CredentialProvider: Sendable {
  /// The token for the next request. One that is about to expire is renewed first.
  func token() async throws(CredentialProblem) -> BearerToken
  /// A token to try instead of one that the server has just refused as unknown or expired; nil when there is no other.
  ///
  /// Many requests may be refused at once for the same token; it is renewed once for all of them.
  func replacement(for refused: BearerToken) async throws(CredentialProblem) -> BearerToken?
}

/// Why there is no token to send.
public enum CredentialProblem: Error, Sendable, Hashable {
  /// The authorization has ended: somebody revoked it, removed the app or the account is gone. Signing in again helps.
  case authorizationEnded(OAuthFailure)
  /// The app's id, secret or redirect address are wrong. Signing in again does not help, correcting them does.
  case misconfigured(OAuthFailure)
  /// The server that issues tokens could not be asked or failed; later may help.
  case unavailable(OAuthFailure)
  /// The place where credentials are kept cannot be read or written.
  case store(String)
  case cancelled
}

/// A token that stays the same: a service key, a private app's token, or an access token that somebody else renews.
public struct StaticCredential: CredentialProvider {
  private let bearer: BearerToken

  public init(_ token: BearerToken) { bearer = token }

  public func token() -> BearerToken { bearer }
  /// There is no other.
  public func replacement(for refused: BearerToken) -> BearerToken? { nil }
}
