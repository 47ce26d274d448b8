import HubSpot

/// One section `[portals.NAME]` of config.toml: which account, and how lis signs in there.
public struct Profile: Sendable {
  public enum Kind: String, Sendable, CaseIterable { case token, oauth }

  /// Where the token comes from.
  public enum Source: Sendable, Hashable {
    /// The credential store, where `lis auth login` puts it.
    case store
    case environment(variable: String)
    case file(path: String)
    /// A program and its arguments; what it prints is the token. No shell is between.
    case command([String])
  }

  /// Most rows that a `find` without `all` may read.
  public enum ReadLimit: Sendable, Hashable { case rows(Int), off }

  public var name: String
  /// The number of the account that the profile is for, as text. With another one nothing is written.
  public var pin: String?
  public var kind: Kind = .token
  public var version: APIVersion?
  public var address: BaseURL?
  public var oauthVersion: OAuthVersion?
  /// A PEM file of certificate authorities to trust beside the system's, for private networks.
  public var authorityFile: String?
  public var clientID: String?
  /// Scopes to ask for at sign-in.
  public var scopes: [String] = []
  /// One of the redirect addresses that the app is registered with.
  public var redirect: String?
  /// The authorization page; HubSpot's own where none is named.
  public var page: String?
  /// Whether a sign-in binds its code with PKCE. HubSpot documents only half of it, so it is off.
  public var usesProofKey = false
  public var source = Source.store
  /// True keeps the credential in the keyring only, false in the file only.
  public var keyring: Bool?
  /// Most changes of one run.
  public var changeLimit: Int?
  public var readLimit: ReadLimit?

  public init(name: String) { self.name = name }
}

/// What config.toml says.
public struct Configuration: Sendable {
  public var path: String
  /// The profile that is meant where none is named.
  public var standard: String?
  /// In the order of their names.
  public var profiles: [Profile] = []

  public init(path: String) { self.path = path }

  public subscript(name: String) -> Profile? { profiles.first { $0.name == name } }
}
