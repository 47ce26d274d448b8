import Glibc
import HubSpot
import LisAuth

/// What a token may do: asked of the server, and remembered for a quarter of an hour.
struct KnownScopes: Sendable {
  let access: AuthAccess
  let credential: Credential
  let client: HubSpotClient
  /// Where it is remembered.
  let folder: String

  /// Nil when the server does not say.
  func scopes(fresh: Bool) async -> [String]? {
    guard let token = try? await credential.provider.token() else { return nil }
    let memory = ScopeMemory(folder: folder)
    let name = ScopeMemory.name(token, address: access.portal.address)
    let now = Int64(time(nil))
    if !fresh, let known = memory.scopes(name, now: now) { return known }
    let standing = await access.context.standing(
      of: credential, access.portal, client: client, transport: access.transport)
    guard let scopes = standing?.scopes else { return nil }
    memory.remember(scopes, name, now: now)
    return scopes
  }
}
