import HubSpot

/// Who a credential is, as far as the server tells.
public struct Identity: Sendable {
  /// Nil where the token may not ask.
  public var account: AccountInfo?
  /// Nil where the server knows no such question for this kind of token.
  public var standing: TokenStanding?

  public var portalID: String? { account?.portalID ?? standing?.portalID }
  /// Nil when nobody says.
  public var scopes: [String]? { standing?.scopes }
}

extension AuthContext {
  /// Asks the server who the credential is. Throws where it refuses the token or cannot be asked.
  public func identity(
    of credential: Credential, _ portal: Portal, client: HubSpotClient, transport: any Transport
  ) async throws(HubSpotError) -> Identity {
    var identity = Identity()
    do { identity.account = try await client.account() } catch {
      // Some tokens lack the scope for it and work all the same.
      guard case .api(let failure) = error, failure.status == 403 else { throw error }
    }
    identity.standing = await standing(of: credential, portal, client: client, transport: transport)
    return identity
  }

  /// What the token is good for; nil when the server does not say, for whatever reason.
  public func standing(
    of credential: Credential, _ portal: Portal, client: HubSpotClient, transport: any Transport
  ) async -> TokenStanding? {
    switch credential.kind {
    case .token(let token):
      // Other tokens than those of private apps and service keys are unknown there.
      guard token.secret.text(for: .request).hasPrefix("pat-") else { return nil }
      return try? await client.tokenStanding()
    case .connection(let connection):
      guard let token = try? await credential.provider.token() else { return nil }
      return (try? await oauthClient(connection, portal, transport).introspect(token.secret, .access)) ?? nil
    }
  }
}

extension Portal {
  /// Compares the account of the profile with the one that the credential belongs to.
  public func check(_ identity: Identity) throws(AuthProblem) {
    guard let pin = profile.pin else { return }
    guard let found = identity.portalID else { throw .unprovedPortal(portal: name, pinned: pin) }
    guard found == pin else { throw .wrongPortal(portal: name, pinned: pin, found: found) }
  }
}
