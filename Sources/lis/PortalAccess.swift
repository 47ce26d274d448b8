import Glibc
import HubSpot
import LisAuth
import LisEngine
import LisRuntime
import PracticePortal

/// The way to the portal that the environment and the flags describe: what can be wrong with it is found when it is made,
/// the connection when a session first asks for it. It belongs to one thread.
final class PortalAccess {
  private let portal: String
  /// Nil for the practice portal, which has an address of its own.
  private let access: AuthAccess?
  private let home: Home
  private let console: StandardConsole
  private let version: APIVersion
  /// The practice portal inside the process, once it runs.
  private var server: PracticePortalServer?

  init(portal: String, home: Home, console: StandardConsole) throws(CommandProblem) {
    self.portal = portal
    self.home = home
    self.console = console
    access = portal == AuthContext.practiceName ? nil : try AuthAccess(named: portal)
    version = if let access { access.portal.version } else { try PortalAccess.practiceVersion() }
  }

  /// Connects. The one who calls it calls ``close()`` at the end.
  func connect() throws -> PortalConnection {
    guard let access else { return try connectToPractice() }
    let credential: Credential
    do { credential = try access.credential() } catch { throw SessionProblem(error) }
    try prepare()
    let client = access.client(credential.provider)
    var connection = PortalConnection(name: portal, client: client, journal: try SQLiteJournal(path: home.journal))
    connection.confirmAccount = AccountCheck(access: access, credential: credential, client: client).check
    connection.scopes = KnownScopes(access: access, credential: credential, client: client, folder: home.state).scopes
    return connection
  }

  private func connectToPractice() throws -> PortalConnection {
    let token = PortalAccess.practiceToken()
    try prepare()
    let journal = try SQLiteJournal(path: home.journal)
    let base = try startPractice(token)
    let client = HubSpotClient(
      ClientConfiguration(baseURL: base, token: try BearerToken(token), version: version, userAgent: "lis"))
    return PortalConnection(name: portal, client: client, journal: journal)
  }

  private func prepare() throws {
    do { try home.prepare() } catch { throw SessionProblem.cannotStart(error.message) }
  }

  /// Stops the practice portal, if one was started.
  func close() {
    guard let server else { return }
    self.server = nil
    // What was asked of it was answered and stored; that it stops in good order is of no more consequence.
    try? Blocking.wait { try await server.stop() }
  }

  private static func practiceVersion() throws(CommandProblem) -> APIVersion {
    guard let name = Home.variable("LIS_API_VERSION") else { return .standard }
    guard let version = APIVersion(name: name) else {
      throw .auth(.unknownVersion(name, known: APIVersion.all.map(\.name)))
    }
    return version
  }

  // MARK: The practice portal

  /// A token of its own, so that no other program on the machine can write to it by accident.
  private static func practiceToken() -> String {
    "practice-" + String(UInt64.random(in: .min ... .max), radix: 36)
      + String(UInt64.random(in: .min ... .max), radix: 36)
  }

  /// Starts a practice portal inside the process, which is talked to over real HTTP as any other portal is.
  private func startPractice(_ token: String) throws -> HubSpot.BaseURL {
    let configuration = PortalConfiguration(data: .directory(home.practice), seed: .demo, token: token)
    if Glibc.access(home.practice + "/portal.sqlite", F_OK) != 0 {
      console.note(
        "note  the practice portal in \(home.practice) is filled with its data, which takes some seconds once")
    }
    do {
      let server = try Blocking.wait { try await PracticePortalServer.start(configuration) }
      self.server = server
      return try BaseURL(server.url)
    } catch let error as PortalError {
      throw SessionProblem.cannotStart("the practice portal cannot start: \(error.message)")
    } catch {
      throw SessionProblem.cannotStart("the practice portal cannot start: \(error)")
    }
  }
}
