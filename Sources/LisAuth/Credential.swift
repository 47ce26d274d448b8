import Glibc
import HubSpot

/// The credential of a portal, ready to be used.
public struct Credential: Sendable {
  public enum Kind: Sendable {
    case token(BearerToken)
    case connection(OAuthConnection)
  }

  /// Where it was found.
  public enum Origin: Sendable, Hashable {
    case environment(variable: String)
    /// An app and a refresh token in the environment.
    case environmentConnection
    case file(path: String)
    case command(program: String)
    case store(CredentialLocation)

    public var words: String {
      switch self {
      case .environment(let variable): "the environment variable \(variable)"
      case .environmentConnection:
        "the environment variables HUBSPOT_CLIENT_ID, HUBSPOT_CLIENT_SECRET and HUBSPOT_REFRESH_TOKEN"
      case .file(let path): "the file \(path)"
      case .command(let program): "the command \(program)"
      case .store(let location): location.words
      }
    }
  }

  public var kind: Kind
  public var origin: Origin
  /// What gives a client its tokens.
  public var provider: any CredentialProvider
  /// The account that it was proved to belong to when it was kept.
  public var portalID: String?

  public init(kind: Kind, origin: Origin, provider: any CredentialProvider, portalID: String? = nil) {
    self.kind = kind
    self.origin = origin
    self.provider = provider
    self.portalID = portalID
  }
}

extension AuthContext {
  /// Finds the credential of a portal; may run a command or ask the keyring, and blocks meanwhile.
  ///
  /// - Parameter transport: what a connection is renewed through.
  public func credential(of portal: Portal, transport: any Transport) throws(AuthProblem) -> Credential {
    switch portal.profile.source {
    case .environment(let name):
      guard let text = variable(name) else { throw .missingVariable(name, portal: portal.name) }
      return try AuthContext.credential(text, .environment(variable: name))
    case .file(let path):
      let path = expanded(path)
      return try AuthContext.credential(TokenText.text(try SecretFile.read(path)), .file(path: path))
    case .command(let arguments):
      return try AuthContext.credential(
        TokenText.text(try TokenCommand.output(arguments)), .command(program: arguments.first ?? ""))
    case .store:
      if let kept = try kept(portal, transport) { return kept }
      guard !portal.isConfigured else { throw .noCredential(portal: portal.name, isConfigured: true) }
      return try environmentCredential(portal, transport)
    }
  }

  private static func credential(_ text: String, _ origin: Credential.Origin) throws(AuthProblem) -> Credential {
    let token = try TokenText.token(text, origin)
    return Credential(kind: .token(token), origin: origin, provider: StaticCredential(token), portalID: nil)
  }

  /// What `lis auth login` left behind.
  private func kept(_ portal: Portal, _ transport: any Transport) throws(AuthProblem) -> Credential? {
    // Without a section nothing was kept: signing in makes one.
    guard portal.isConfigured else { return nil }
    let found: CredentialStore.Found?
    do throws(StoreProblem) { found = try store.find(portal.name, keyring: portal.profile.keyring) } catch {
      throw .store(error)
    }
    guard let found else { return nil }
    guard found.credential.address == portal.address.description else {
      throw .otherAddress(
        portal: portal.name, kept: found.credential.address, wanted: portal.address.description)
    }
    let origin = Credential.Origin.store(found.location)
    switch found.credential.kind {
    case .token(let token):
      guard portal.profile.kind == .token else { throw .otherKind(portal: portal.name, kept: "token") }
      return Credential(
        kind: .token(token), origin: origin, provider: StaticCredential(token), portalID: found.credential.portalID)
    case .connection(let connection):
      guard portal.profile.kind == .oauth else { throw .otherKind(portal: portal.name, kept: "oauth") }
      let vault = StoreVault(store: store, name: portal.name, keyring: portal.profile.keyring)
      return Credential(
        kind: .connection(connection), origin: origin,
        provider: renewing(connection, portal, vault, transport), portalID: found.credential.portalID)
    }
  }

  private func renewing(
    _ connection: OAuthConnection, _ portal: Portal, _ vault: StoreVault, _ transport: any Transport
  ) -> RenewingCredential {
    RenewingCredential(client: oauthClient(connection, portal, transport), vault: vault, date: { Int64(time(nil)) })
  }

  /// What asks the token endpoints about a connection.
  public func oauthClient(_ connection: OAuthConnection, _ portal: Portal, _ transport: any Transport) -> OAuthClient {
    OAuthClient(
      app: connection.app, version: connection.version, baseURL: portal.address, transport: transport, userAgent: "lis")
  }

  // MARK: The environment

  /// Variables that hold a token, the first that is set counts.
  public static let tokenVariables = ["LIS_TOKEN", "HUBSPOT_ACCESS_TOKEN"]
  /// Variables that together hold a connection.
  public static let connectionVariables = ["HUBSPOT_CLIENT_ID", "HUBSPOT_CLIENT_SECRET", "HUBSPOT_REFRESH_TOKEN"]

  private func environmentCredential(_ portal: Portal, _ transport: any Transport) throws(AuthProblem) -> Credential {
    for name in AuthContext.tokenVariables {
      if let text = variable(name) { return try AuthContext.credential(text, .environment(variable: name)) }
    }
    let given = AuthContext.connectionVariables.filter { variable($0) != nil }
    // A client id alone means nothing: many tools set it.
    guard given.contains("HUBSPOT_REFRESH_TOKEN") else {
      throw .noCredential(portal: portal.name, isConfigured: false)
    }
    guard let id = variable("HUBSPOT_CLIENT_ID"), let secret = variable("HUBSPOT_CLIENT_SECRET"),
      let refresh = variable("HUBSPOT_REFRESH_TOKEN")
    else {
      throw .incompleteEnvironment(missing: AuthContext.connectionVariables.filter { !given.contains($0) })
    }
    return try environmentConnection(
      OAuthApp(clientID: id, clientSecret: Secret(secret)), Secret(refresh), portal, transport)
  }

  /// The refresh token of the environment is the first only: what a renewal answers in its place is kept, and used as
  /// long as the environment still has the one that it began with.
  private func environmentConnection(
    _ app: OAuthApp, _ refresh: Secret, _ portal: Portal, _ transport: any Transport
  ) throws(AuthProblem) -> Credential {
    // Never sent: a grant without any time left is renewed first.
    let nothing: BearerToken
    do { nothing = try BearerToken("none") } catch { throw .badToken(origin: "the environment", error) }
    let connection = OAuthConnection(
      app: app, version: portal.oauthVersion,
      grant: StoredGrant(accessToken: nothing, refreshToken: refresh, issuedAt: 0, expiresAt: 0), scopes: [],
      origin: SHA256.hexadecimal(Array("\(portal.address)\n\(refresh.text(for: .credentialStore))".utf8)))
    let seed = StoredCredential(.connection(connection), address: portal.address.description, portalID: nil)
    let vault = StoreVault(store: store, name: "client:" + app.clientID, keyring: nil, seed: seed)
    return Credential(
      kind: .connection(connection), origin: .environmentConnection,
      provider: renewing(connection, portal, vault, transport), portalID: nil)
  }

  /// What the quota of ten seconds is counted for, as a text that tells nothing: a token, or an app at an account.
  public func quotaAccount(of portal: Portal, _ credential: Credential) -> String {
    let subject =
      switch credential.kind {
      case .token(let token): token.secret.text(for: .redaction)
      case .connection(let connection): "\(connection.app.clientID)\n\(credential.portalID ?? portal.name)"
      }
    return SHA256.hexadecimal(Array("\(portal.address)\n\(subject)".utf8))
  }

  /// A text that stands for the credential without telling it, for names of caches; nil where it would cost a command or
  /// a question to the keyring.
  public func identity(of portal: Portal) -> String {
    if portal.isConfigured {
      return "\(portal.address)\nprofile \(portal.name) \(portal.profile.pin ?? "")"
    }
    let secrets = AuthContext.tokenVariables.compactMap(variable).first ?? variable("HUBSPOT_REFRESH_TOKEN") ?? ""
    return "\(variable("LIS_API_URL") ?? "")\n\(secrets)"
  }
}
