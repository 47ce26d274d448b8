import HubSpot

/// The tokens of one connection in the credential store. Processes take turns by a lock on a file beside it.
public struct StoreVault: TokenVault {
  private let store: CredentialStore
  private let name: String
  private let wish: CredentialStore.KeyringWish
  /// What is kept first when there is nothing yet.
  private let seed: StoredCredential?

  public init(
    store: CredentialStore, name: String, keyring wish: CredentialStore.KeyringWish, seed: StoredCredential? = nil
  ) {
    self.store = store
    self.name = name
    self.wish = wish
    self.seed = seed
  }

  public func load() async throws(CredentialProblem) -> StoredGrant? { grant(of: try await find()?.credential) }

  public func exclusively(
    _ body: @Sendable (StoredGrant?) async throws(CredentialProblem) -> StoredGrant?
  ) async throws(CredentialProblem) -> StoredGrant? {
    let lock: FileLock
    do { lock = try await FileLock.take(store.lockPath(name)) } catch let problem as FileProblem {
      throw .store(problem.message)
    } catch { throw .cancelled }
    defer { lock.release() }
    let found = try await find()
    let kept = grant(of: found?.credential)
    guard let grant = try await body(kept) else { return kept }
    if let kept, kept.isSame(as: grant) { return grant }
    guard var credential = found?.credential ?? seed, case .connection(var connection) = credential.kind else {
      throw .store("`\(name)` was signed out meanwhile")
    }
    connection.grant = grant
    credential.kind = .connection(connection)
    try await keep(credential, at: found?.location)
    return grant
  }

  private func grant(of credential: StoredCredential?) -> StoredGrant? {
    guard case .connection(let connection)? = (credential ?? seed)?.kind else { return nil }
    return connection.grant
  }

  /// What is kept for the connection that is meant; an entry that began with another token of the environment is none.
  private func find() async throws(CredentialProblem) -> CredentialStore.Found? {
    let (store, name, wish) = (store, name, wish)
    let result = await OwnThread.run { Result { () throws(StoreProblem) in try store.find(name, keyring: wish) } }
    guard let found = try CredentialProblem.unwrap(result) else { return nil }
    guard case .connection(let connection) = found.credential.kind else { return nil }
    if case .connection(let beginning)? = seed?.kind, beginning.origin != connection.origin { return nil }
    return found
  }

  private func keep(
    _ credential: StoredCredential, at location: CredentialLocation?
  ) async throws(CredentialProblem) {
    let (store, name, wish) = (store, name, wish)
    let result = await OwnThread.run {
      Result { () throws(StoreProblem) in
        guard let location else {
          try store.keep(credential, as: name, keyring: wish)
          return
        }
        try store.replace(credential, as: name, at: location)
      }
    }
    try CredentialProblem.unwrap(result)
  }
}

extension CredentialProblem {
  fileprivate static func unwrap<Value>(_ result: Result<Value, StoreProblem>) throws(CredentialProblem) -> Value {
    do { return try result.get() } catch { throw .store("\(error.message); \(error.hint)") }
  }
}

extension StoredGrant {
  fileprivate func isSame(as other: StoredGrant) -> Bool {
    issuedAt == other.issuedAt && expiresAt == other.expiresAt
      && accessToken.secret.text(for: .credentialStore) == other.accessToken.secret.text(for: .credentialStore)
      && refreshToken.text(for: .credentialStore) == other.refreshToken.text(for: .credentialStore)
  }
}
