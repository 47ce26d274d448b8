import Synchronization

/// The token of an OAuth connection, renewed at four fifths of its lifetime and when the server says that it expired.
///
/// One renewal at a time: within the process by a turnstile, between processes by the vault. Whoever waited finds the new
/// token there and does not renew again, so that an expiry costs one request whoever noticed it.
public final class RenewingCredential: CredentialProvider {
  private let client: OAuthClient
  private let vault: any TokenVault
  private let date: @Sendable () -> Int64
  private let state = Mutex(State())
  private let turnstile = Turnstile()

  private struct State {
    var grant: StoredGrant?
    /// After a renewal that failed, until when a token that is due but not over is used without another attempt.
    var quietUntil: Int64 = 0
  }

  /// Seconds between attempts to renew a token that is due but not over.
  private static let quietPeriod: Int64 = 15
  /// Seconds before its end from which a token is not used any more when it could be renewed.
  private static let lastUse: Int64 = 30

  /// - Parameters:
  ///   - vault: holds the connection, if there is one already.
  ///   - date: seconds since 1970.
  public init(client: OAuthClient, vault: any TokenVault, date: @escaping @Sendable () -> Int64) {
    self.client = client
    self.vault = vault
    self.date = date
  }

  public func token() async throws(CredentialProblem) -> BearerToken {
    let (state, now) = (self.state.withLock { $0 }, date())
    if let grant = state.grant {
      let isQuiet = now < state.quietUntil && now + RenewingCredential.lastUse < grant.expiresAt
      if isQuiet || !grant.isDue(at: now) { return grant.accessToken }
    }
    return try await renew(refused: nil)
  }

  public func replacement(for refused: BearerToken) async throws(CredentialProblem) -> BearerToken? {
    if let grant = state.withLock({ $0.grant }), !grant.accessToken.secret.isSame(as: refused.secret) {
      return grant.accessToken
    }
    let token = try await renew(refused: refused)
    return token.secret.isSame(as: refused.secret) ? nil : token
  }

  /// - Parameter refused: a token that must not be used again although its time is not over.
  private func renew(refused: BearerToken?) async throws(CredentialProblem) -> BearerToken {
    do { try await turnstile.enter() } catch { throw .cancelled }
    defer { turnstile.leave() }
    func isGood(_ grant: StoredGrant) -> Bool {
      if let refused { return !grant.accessToken.secret.isSame(as: refused.secret) }
      return !grant.isDue(at: date())
    }
    // Renewed by another task while this one waited.
    if let grant = state.withLock({ $0.grant }), isGood(grant) { return grant.accessToken }
    // Renewed by another process.
    if let kept = try await vault.load(), isGood(kept) { return use(kept) }
    let renewed = try await vault.exclusively { [self] kept throws(CredentialProblem) -> StoredGrant? in
      guard let kept else { throw CredentialProblem.store("there is no connection to renew; sign in first") }
      let isStillGood =
        refused.map { !kept.accessToken.secret.isSame(as: $0.secret) } ?? !kept.isDue(at: date())
      if isStillGood { return kept }
      do throws(OAuthFailure) {
        return StoredGrant(try await client.renew(kept.refreshToken), at: date())
      } catch {
        // A token that is due but not over serves a while longer when the server cannot be asked.
        let now = date()
        guard error.kind == .transient, refused == nil, now + RenewingCredential.lastUse < kept.expiresAt else {
          throw error.problem
        }
        state.withLock { $0.quietUntil = now + RenewingCredential.quietPeriod }
        return kept
      }
    }
    guard let renewed else { throw .store("the renewed token was not kept") }
    return use(renewed)
  }

  private func use(_ grant: StoredGrant) -> BearerToken {
    state.withLock { $0.grant = grant }
    return grant.accessToken
  }
}
