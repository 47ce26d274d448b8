import Glibc
import HubSpot
import Synchronization
import TerminalSupport
import Testing

@testable import LisAuth

@Suite struct StoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var store: CredentialStore { CredentialStore(folder: folder.path + "/lis") { _ in nil } }
  private var path: String { folder.path + "/lis/credentials" }

  private static func token(_ text: String) throws -> StoredCredential {
    StoredCredential(.token(try BearerToken(text)), address: "https://api.hubapi.com", portalID: "7")
  }

  static func connection(_ access: String, _ refresh: String, expiresAt: Int64) throws -> StoredCredential {
    let grant = StoredGrant(
      accessToken: try BearerToken(access), refreshToken: Secret(refresh), issuedAt: 100, expiresAt: expiresAt)
    let app = OAuthApp(clientID: "app", clientSecret: Secret("hidden"))
    return StoredCredential(
      .connection(OAuthConnection(app: app, version: .v3, grant: grant, scopes: ["a"], origin: "o")),
      address: "https://api.hubapi.com", portalID: nil)
  }

  @Test func whatIsKeptIsFoundAndGone() throws {
    #expect(try store.find("a") == nil)
    #expect(try store.keep(Self.token("pat-na1-x"), as: "a") == .file(path: path))
    try store.keep(Self.connection("acc", "ref", expiresAt: 900), as: "b")
    let found = try #require(try store.find("a"))
    guard case .token(let token) = found.credential.kind else { throw Missing() }
    #expect(token.secret.text(for: .request) == "pat-na1-x" && found.credential.portalID == "7")
    guard case .connection(let connection)? = try store.find("b")?.credential.kind else { throw Missing() }
    #expect(connection.app.clientID == "app" && connection.version == .v3 && connection.scopes == ["a"])
    #expect(connection.app.clientSecret.text(for: .request) == "hidden" && connection.origin == "o")
    #expect(connection.grant.refreshToken.text(for: .request) == "ref" && connection.grant.expiresAt == 900)
    #expect(try store.remove("a"))
    #expect(try !store.remove("a"))
    #expect(try store.find("a") == nil && store.find("b") != nil)
    #expect(try store.remove("b"))
    #expect(!folder.exists("lis/credentials"))
  }

  private struct Missing: Error {}

  @Test func theFileIsClosedToOthersAndLooserOnesAreRefused() throws {
    try store.keep(Self.token("pat-na1-canary"), as: "a")
    #expect(folder.permissions(of: "lis") == 0o700 && folder.permissions(of: "lis/credentials") == 0o600)
    for (name, mode, wanted) in [("lis/credentials", 0o640, "0600"), ("lis", 0o755, "0700")]
      as [(String, mode_t, String)]
    {
      let right = folder.permissions(of: name)
      chmod("\(folder.path)/\(name)", mode)
      for attempt in [{ _ = try store.find("a") }, { try store.keep(Self.token("other"), as: "b") }] {
        let problem = try #require(throws: StoreProblem.self) { try attempt() }
        #expect(problem.hint == "run: chmod \(wanted) '\(folder.path)/\(name)'")
        #expect(!problem.message.contains("canary"))
      }
      chmod("\(folder.path)/\(name)", right)
    }
    #expect(try store.find("a") != nil && store.find("b") == nil)
  }

  @Test func aLinkInThePlaceOfTheFileIsRefused() throws {
    folder.write("{}", to: "elsewhere")
    folder.makeFolder("lis")
    symlink(folder.path + "/elsewhere", path)
    #expect(throws: StoreProblem.file(FileProblem(path, .symbolicLink))) { try store.find("a") }
    #expect(throws: StoreProblem.file(FileProblem(path, .symbolicLink))) { try store.keep(Self.token("x"), as: "a") }
    #expect(folder.text(of: "elsewhere") == "{}")
  }

  @Test(arguments: [
    "", "{", "[]", "{\"version\":2,\"connections\":{}}",
    "{\"version\":1,\"connections\":{\"a\":{\"kind\":\"token\",\"address\":\"x\",\"token\":\"two words\"}}}",
  ])
  func aDamagedFileIsNeitherReadNorReplaced(text: String) throws {
    folder.write(text, to: "lis/credentials")
    chmod(path, 0o600)
    #expect(throws: StoreProblem.file(FileProblem(path, .damaged))) { try store.find("a") }
    if !text.contains("two words") {
      #expect(throws: StoreProblem.file(FileProblem(path, .damaged))) { try store.keep(Self.token("x"), as: "b") }
    }
    #expect(folder.text(of: "lis/credentials") == text)
  }

  @Test func manyWritersLoseNothing() async throws {
    let store = store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<24 { group.addTask { try store.keep(Self.token("token-\(number)"), as: "name-\(number)") } }
      try await group.waitForAll()
    }
    for number in 0..<24 { #expect(try store.find("name-\(number)") != nil) }
    // Nothing is left of the way there.
    #expect(Set(folder.names(in: folder.path + "/lis")) == ["credentials", "credentials.lock"])
  }

  @Test func theVaultGivesTurnsAndKeepsWhatItIsGiven() async throws {
    let store = store
    try store.keep(Self.connection("acc-0", "ref-0", expiresAt: 900), as: "a")
    let crowd = Crowd()
    let vaults = (0..<6).map { _ in StoreVault(store: store, name: "a", keyring: nil) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for vault in vaults {
        group.addTask {
          _ = try await vault.exclusively { kept throws(CredentialProblem) in
            crowd.enter()
            await Task.yield()
            crowd.leave()
            guard var grant = kept else { throw .cancelled }
            grant.expiresAt += 1
            return grant
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(crowd.most == 1)
    #expect(try await vaults[0].load()?.expiresAt == 906)
  }

  /// Counts who is inside at once.
  private final class Crowd: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    func enter() {
      counts.withLock { counts in
        counts.now += 1
        counts.most = max(counts.most, counts.now)
      }
    }

    func leave() { counts.withLock { $0.now -= 1 } }

    var most: Int { counts.withLock { $0.most } }
  }

  @Test func aVaultWhoseConnectionIsGoneKeepsNothing() async throws {
    let vault = StoreVault(store: store, name: "a", keyring: nil)
    let other = try Self.connection("acc", "ref", expiresAt: 5)
    guard case .connection(let connection) = other.kind else { throw Missing() }
    let grant = connection.grant
    await #expect(throws: CredentialProblem.self) { _ = try await vault.exclusively { _ in grant } }
    #expect(try store.find("a") == nil)
  }

  @Test func aCancelledWaitForTheLockEndsAndGivesItBack() async throws {
    let path = folder.path + "/lock"
    let first = try await FileLock.take(path)
    let waiting = Task { try await FileLock.take(path) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { _ = try await waiting.value }
    first.release()
    let second = try await FileLock.take(path)
    second.release()
  }

  @Test func scopesAreForgottenAfterAWhile() throws {
    let memory = ScopeMemory(folder: folder.path)
    let name = ScopeMemory.name(try BearerToken("pat-na1-canary"), address: .hubSpot)
    #expect(memory.scopes(name, now: 1000) == nil)
    memory.remember(["a", "b"], name, now: 1000)
    memory.remember([], "other", now: 1001)
    #expect(memory.scopes(name, now: 1899) == ["a", "b"] && memory.scopes(name, now: 1900) == nil)
    #expect(memory.scopes("other", now: 1100) == [] && memory.scopes(name, now: 999) == nil)
    #expect(!folder.text(of: "scopes").contains("canary") && folder.permissions(of: "scopes") == 0o600)
  }
}
