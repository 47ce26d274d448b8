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
  let traffic: Traffic
  private let version: APIVersion
  /// The practice portal inside the process, once it runs.
  private var server: PracticePortalServer?

  init(portal: String, home: Home, console: StandardConsole, traffic: Traffic) throws(CommandProblem) {
    self.portal = portal
    self.home = home
    self.console = console
    self.traffic = traffic
    // A recording needs no credential, and answers under whatever name.
    let isPractice =
      portal == AuthContext.practiceName || (traffic.recording != nil && portal == AuthContext.standardName)
    access = isPractice ? nil : try AuthAccess(named: portal)
    version = if let access { access.portal.version } else { try PortalAccess.practiceVersion() }
  }

  /// Connects. The one who calls it calls ``close()`` at the end.
  func connect() throws -> PortalConnection {
    if let recording = traffic.recording { return try replay(recording) }
    guard let access else { return try connectToPractice() }
    let credential: Credential
    do { credential = try access.credential() } catch { throw SessionProblem(error) }
    try prepare()
    var configuration = access.configuration(credential.provider)
    configuration.observers = traffic.observers
    configuration.quotas = sharedQuotas(access, credential)
    let client = HubSpotClient(configuration)
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
    var configuration = ClientConfiguration(
      baseURL: base, token: try BearerToken(token), version: version, userAgent: "lis")
    configuration.observers = traffic.observers
    return PortalConnection(name: portal, client: HubSpotClient(configuration), journal: journal)
  }

  /// A portal that is a recording. What was applied then is not applied now, so that no journal tells of it.
  private func replay(_ recording: Recording) throws -> PortalConnection {
    var configuration = ClientConfiguration(
      token: try BearerToken("replay"), version: version, transport: ReplayTransport(recording), userAgent: "lis",
      clock: ReplayClock())
    configuration.observers = traffic.observers
    // In the order of the recording, whatever the replies of that time have overtaken.
    configuration.concurrencyLimit = 1
    console.note(
      "note  requests are answered from a recording of \(MomentText.utc(recording.startedAt / 1000)); nothing is sent")
    return PortalConnection(
      name: portal, client: HubSpotClient(configuration), journal: try SQLiteJournal(path: ":memory:"),
      clock: traffic.clock)
  }

  /// The quotas that all processes of this host count together; those of this one alone where that cannot be.
  private func sharedQuotas(_ access: AuthAccess, _ credential: Credential) -> SharedQuotas? {
    let logsJSON = traffic.logsJSON
    let tell = { @Sendable (reason: String) in
      StandardConsole(logsJSON: logsJSON).note(
        "note  other runs on this machine are not reckoned with in the quota: \(reason)")
    }
    do {
      return try SharedQuotas(
        path: home.quotas, account: access.context.quotaAccount(of: access.portal, credential),
        isRemote: !access.portal.address.isLiteralLoopback, failed: tell)
    } catch {
      tell("\(error)")
      return nil
    }
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
