/// The generations of HubSpot's OAuth endpoints. Their paths differ, and what the oldest cannot do.
public struct OAuthVersion: Sendable, Hashable {
  /// The word in paths, for example `2026-09`.
  public let name: String
  /// Introspection by a POST whose form holds the token. The first generation has the token in the path of a GET, where
  /// it lands in logs, so it is not used there.
  public let introspects: Bool
  /// Revocation by a POST whose form holds the token. The first generation deletes the refresh token's own path.
  public let revokesByForm: Bool

  private init(_ name: String, isModern: Bool = true) {
    self.name = name
    introspects = isModern
    revokesByForm = isModern
  }

  /// Of September 2026.
  public static let september2026 = OAuthVersion("2026-09")
  /// Of March 2026.
  public static let march2026 = OAuthVersion("2026-03")
  /// The numbered generation.
  public static let v3 = OAuthVersion("v3")
  /// Deprecated, and announced to stop on 2027-02-16; what the older set-up guides name.
  public static let v1 = OAuthVersion("v1", isModern: false)

  /// Newest first.
  public static let all: [OAuthVersion] = [september2026, march2026, v3, v1]

  /// Looks a version up by its name; nil for one that this library does not speak.
  public init?(name: String) {
    guard let found = OAuthVersion.all.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// The generation that goes with a version of the API.
  public init(for version: APIVersion) { self = OAuthVersion(name: version.name) ?? .september2026 }

  var tokenPath: String { "/oauth/\(name)/token" }
  var introspectionPath: String { tokenPath + "/introspect" }
  var revocationPath: String { tokenPath + "/revoke" }
}
