import HubSpot

/// Where a credential is kept.
public enum CredentialLocation: Sendable, Hashable {
  case keyring
  case file(path: String)

  public var words: String {
    switch self {
    case .keyring: "the desktop's keyring"
    case .file(let path): "the file \(path)"
    }
  }
}

/// Why credentials cannot be read or kept.
public enum StoreProblem: Error, Sendable, Hashable {
  case file(FileProblem)
  /// The keyring's words.
  case keyring(String)

  public var message: String {
    switch self {
    case .file(let problem): problem.message
    case .keyring(let reason): "the keyring cannot be used: \(reason)"
    }
  }

  public var hint: String {
    switch self {
    case .file(let problem): problem.hint
    case .keyring: "unlock it, or write keyring = false into the profile of config.toml to keep credentials in a file"
    }
  }
}

/// Credentials of all connections, by name: in the keyring of the desktop where one answers, else in a file that only its
/// owner can read.
public struct CredentialStore: Sendable {
  /// What a profile says about the keyring: nil leaves it to lis.
  public typealias KeyringWish = Bool?

  let folder: String
  let file: CredentialFile
  private let keyring: SecretService?

  /// - Parameters:
  ///   - folder: of the configuration.
  ///   - variable: the environment.
  public init(folder: String, variable: (String) -> String?) {
    self.folder = folder
    file = CredentialFile(path: folder + "/credentials")
    keyring = SecretService.isThere(variable) ? SecretService(home: folder) : nil
  }

  /// Whether there may be a keyring.
  public var hasKeyring: Bool { keyring != nil }

  /// A credential and where it was found.
  public struct Found: Sendable {
    public var credential: StoredCredential
    public var location: CredentialLocation
  }

  /// - Returns: nil when nothing is kept under the name. A keyring that fails is a problem only where the profile wants
  ///   it; otherwise it is as if there were none.
  public func find(_ name: String, keyring wish: KeyringWish = nil) throws(StoreProblem) -> Found? {
    if wish != true, let credential = try file.find(name) {
      return Found(credential: credential, location: .file(path: file.path))
    }
    if wish == false { return nil }
    guard let keyring else {
      if wish == true { throw .keyring("there is no session bus, or secret-tool (package libsecret-tools) is missing") }
      return nil
    }
    do throws(StoreProblem) {
      return try keyring.find(name).map { Found(credential: $0, location: .keyring) }
    } catch {
      if wish == true { throw error }
      return nil
    }
  }

  /// Keeps a credential in one place, and in no other.
  @discardableResult
  public func keep(
    _ credential: StoredCredential, as name: String, keyring wish: KeyringWish = nil
  ) throws(StoreProblem) -> CredentialLocation {
    if wish != false, let keyring {
      do throws(StoreProblem) {
        try keyring.keep(credential, as: name)
        _ = try file.remove(name)
        return .keyring
      } catch {
        guard wish == nil, case .keyring = error else { throw error }
      }
    } else if wish == true {
      throw .keyring("there is no session bus, or secret-tool (package libsecret-tools) is missing")
    }
    try file.keep(credential, as: name)
    // A keyring that does not answer keeps an older one at worst, and the file is looked at first.
    if wish == false, let keyring { try? keyring.remove(name) }
    return .file(path: file.path)
  }

  /// Keeps a credential where it was found.
  func replace(_ credential: StoredCredential, as name: String, at location: CredentialLocation) throws(StoreProblem) {
    switch location {
    case .file: try file.keep(credential, as: name)
    case .keyring:
      guard let keyring else { throw .keyring("it is not there any more") }
      try keyring.keep(credential, as: name)
    }
  }

  /// Removes a credential wherever it is. Returns whether there was one.
  public func remove(_ name: String, keyring wish: KeyringWish = nil) throws(StoreProblem) -> Bool {
    let found = try find(name, keyring: wish)
    _ = try file.remove(name)
    if case .keyring = found?.location { try keyring?.remove(name) }
    return found != nil
  }

  /// Proves that a credential could be kept: the folder is there, closed to others, and can be written to.
  public func check() throws(StoreProblem) {
    do throws(FileProblem) {
      let probe = folder + "/credentials.probe"
      try PrivateFile.write([], to: probe)
      try PrivateFile.remove(probe)
      _ = try PrivateFile.read(file.path)
    } catch { throw .file(error) }
  }

  /// The lock for changes of one connection.
  func lockPath(_ name: String) -> String {
    "\(folder)/credentials-\(SHA256.hexadecimal(Array(name.utf8)).prefix(16)).lock"
  }
}
