import HubSpot

/// LisAuth: who signs in where. config.toml, the environment, credential files, keyrings and commands enter; addresses and
/// credential providers for a client leave, and problems that never hold a secret.
///
/// One context serves the prompt, the runner and every command, so that all of them mean the same account by the same
/// name.
public struct AuthContext: Sendable {
  /// The connection that the environment describes, where no profile of this name exists.
  public static let standardName = "default"
  /// The portal that needs no credential.
  public static let practiceName = "practice"

  public let configuration: Configuration
  public let store: CredentialStore
  let variable: @Sendable (String) -> String?

  /// Reads config.toml.
  /// - Parameters:
  ///   - folder: of the configuration.
  ///   - variable: a variable of the environment; nil for one that is missing or empty.
  public init(folder: String, variable: @escaping @Sendable (String) -> String?) throws(AuthProblem) {
    do { configuration = try ConfigurationReader.read(folder + "/config.toml") } catch { throw .configuration(error) }
    store = CredentialStore(folder: folder, variable: variable)
    self.variable = variable
  }

  /// What is meant where this name was given: it, else LIS_PORTAL, else the file's `default`, else the environment.
  public func name(_ given: String?) -> String {
    given ?? variable("LIS_PORTAL") ?? configuration.standard ?? AuthContext.standardName
  }

  /// The portal of a name. Credentials are not looked at yet.
  public func portal(_ name: String) throws(AuthProblem) -> Portal {
    let profile = configuration[name]
    guard profile != nil || name == AuthContext.standardName else {
      throw .unknownPortal(name, known: configuration.profiles.map(\.name))
    }
    return try portal(profile ?? Profile(name: name), isConfigured: profile != nil)
  }

  /// The portal of a profile that need not be in the file yet.
  public func portal(_ profile: Profile, isConfigured: Bool) throws(AuthProblem) -> Portal {
    let version = if let version = profile.version { version } else { try environmentVersion() }
    let address = if let address = profile.address { address } else { try environmentAddress() }
    return Portal(
      profile: profile, isConfigured: isConfigured, address: address, version: version,
      oauthVersion: profile.oauthVersion ?? OAuthVersion(for: version),
      authorityFile: profile.authorityFile.map(expanded) ?? variable("LIS_CA_FILE"))
  }

  /// A path of config.toml, in which `~/` is the user's folder.
  func expanded(_ path: String) -> String { path.hasPrefix("~/") ? (variable("HOME") ?? "") + path.dropFirst(1) : path }

  private func environmentAddress() throws(AuthProblem) -> BaseURL {
    guard let text = variable("LIS_API_URL") else { return .hubSpot }
    do { return try BaseURL(text) } catch { throw .badAddress(text, error) }
  }

  private func environmentVersion() throws(AuthProblem) -> APIVersion {
    guard let name = variable("LIS_API_VERSION") else { return .standard }
    guard let version = APIVersion(name: name) else { throw .unknownVersion(name, known: APIVersion.all.map(\.name)) }
    return version
  }
}

/// An account as the configuration describes it.
public struct Portal: Sendable {
  public var profile: Profile
  /// Whether config.toml has a section for it; without one it is what the environment says.
  public var isConfigured: Bool
  public var address: BaseURL
  public var version: APIVersion
  public var oauthVersion: OAuthVersion
  /// A PEM file of certificate authorities to trust beside the system's.
  public var authorityFile: String?

  public var name: String { profile.name }
}

extension AuthContext {
  /// Keeps what somebody signed in with, and makes a section for the profile where there is none.
  /// - Returns: where the credential is, in words.
  public func signIn(_ portal: Portal, _ credential: Credential, _ identity: Identity) async throws -> String {
    var location = credential.origin.words
    let isKept = portal.profile.source == .store
    if isKept {
      let kind: StoredCredential.Kind =
        switch credential.kind {
        case .token(let token): .token(token)
        case .connection(let connection): .connection(connection)
        }
      let kept = StoredCredential(kind, address: portal.address.description, portalID: identity.portalID)
      location = try await change(portal) { store throws(StoreProblem) in
        try store.keep(kept, as: portal.name, keyring: portal.profile.keyring).words
      }
    }
    guard !portal.isConfigured else { return location }
    do throws(AuthProblem) { try ConfigurationEdit.add(portal.profile, to: configuration.path) } catch {
      // Without its section nobody would find it.
      if isKept { _ = try await remove(portal) }
      throw error
    }
    return location
  }

  /// Forgets a credential. Returns whether there was one.
  public func remove(_ portal: Portal) async throws -> Bool {
    try await change(portal) { store throws(StoreProblem) in
      try store.remove(portal.name, keyring: portal.profile.keyring)
    }
  }

  /// Changes what is kept while no process renews it: one that did would put back what it began with.
  private func change<Value: Sendable>(
    _ portal: Portal, _ body: @escaping @Sendable (CredentialStore) throws(StoreProblem) -> Value
  ) async throws -> Value {
    let lock: FileLock
    do { lock = try await FileLock.take(store.lockPath(portal.name)) } catch let problem as FileProblem {
      throw AuthProblem.file(problem)
    }
    defer { lock.release() }
    let store = store
    let result = await OwnThread.run { Result { () throws(StoreProblem) in try body(store) } }
    do { return try result.get() } catch { throw AuthProblem.store(error) }
  }

  /// The client secret of the connection that is kept, when it is one of this app.
  public func keptSecret(of clientID: String, _ portal: Portal) -> Secret? {
    guard let found = try? store.find(portal.name, keyring: portal.profile.keyring),
      case .connection(let connection) = found.credential.kind, connection.app.clientID == clientID,
      found.credential.address == portal.address.description
    else { return nil }
    return connection.app.clientSecret
  }
}

/// A file with a secret that somebody names.
public enum SecretFile {
  public static func read(_ path: String) throws(AuthProblem) -> [UInt8] {
    do throws(FileProblem) {
      guard let bytes = try PrivateFile.readToken(path) else { throw FileProblem(path, .missing) }
      return bytes
    } catch { throw .file(error) }
  }
}
