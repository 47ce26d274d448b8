import Glibc
import HubSpot
import LisEngine
import LisRuntime
import PracticePortal

/// The way to the portal that the environment and the flags describe: what can be wrong with it is found when it is made,
/// the connection when a session first asks for it. It belongs to one thread.
final class PortalAccess {
  private let portal: String
  private let home: Home
  private let console: StandardConsole
  private let address: HubSpot.BaseURL
  private let version: APIVersion
  /// The practice portal inside the process, once it runs.
  private var server: PracticePortalServer?

  init(portal: String, home: Home, console: StandardConsole) throws(CommandProblem) {
    self.portal = portal
    self.home = home
    self.console = console
    guard portal == "practice" || portal == "default" else { throw .unknownPortal(portal) }
    version = try PortalAccess.version()
    // The practice portal has an address of its own.
    address = portal == "practice" ? .hubSpot : try PortalAccess.address()
  }

  /// Connects. The one who calls it calls ``close()`` at the end.
  func connect() throws -> PortalConnection {
    let token = portal == "practice" ? PortalAccess.practiceToken() : try PortalAccess.configuredToken()
    do { try home.prepare() } catch { throw SessionProblem.cannotStart(error.message) }
    let journal = try SQLiteJournal(path: home.journal)
    let base = portal == "practice" ? try startPractice(token) : address
    let client = HubSpotClient(
      ClientConfiguration(baseURL: base, token: try PortalAccess.bearer(token), version: version))
    return PortalConnection(name: portal, client: client, journal: journal)
  }

  /// Stops the practice portal, if one was started.
  func close() {
    guard let server else { return }
    self.server = nil
    // What was asked of it was answered and stored; that it stops in good order is of no more consequence.
    try? Blocking.wait { try await server.stop() }
  }

  // MARK: The environment

  private static func address() throws(CommandProblem) -> HubSpot.BaseURL {
    guard let text = Home.variable("LIS_API_URL") else { return .hubSpot }
    do { return try BaseURL(text) } catch { throw .badAddress(text, reason: reason(error)) }
  }

  private static func reason(_ problem: BaseURL.Problem) -> String {
    switch problem {
    case .unknownScheme: "it must begin with https:// (or http:// and a loopback address such as 127.0.0.1)"
    case .plainHTTPBeyondLoopback(let host):
      "http would send the token to \(host) unencrypted; use https, or a literal loopback address such as 127.0.0.1"
    case .invalidHost: "it has no valid host name"
    case .invalidPort(let port): "`\(port)` is no port number"
    case .unexpectedPart(let part): "`\(part)` is too much: only scheme, host and port are expected"
    }
  }

  private static func version() throws(CommandProblem) -> APIVersion {
    guard let name = Home.variable("LIS_API_VERSION") else { return .standard }
    guard let version = APIVersion(name: name) else {
      throw .unknownVersion(name, known: APIVersion.all.map(\.name))
    }
    return version
  }

  private static func configuredToken() throws -> String {
    guard let text = Home.variable("LIS_TOKEN") ?? Home.variable("HUBSPOT_ACCESS_TOKEN") else {
      throw SessionProblem.noCredential
    }
    return text
  }

  private static func bearer(_ text: String) throws -> BearerToken {
    do { return try BearerToken(text) } catch { throw SessionProblem.badToken(reason(error)) }
  }

  /// The token itself is never shown.
  private static func reason(_ problem: BearerToken.Problem) -> String {
    switch problem {
    case .empty: "it is empty"
    case .unusableCharacter(let offset):
      "its character number \(offset + 1) is a space, a line end or not ASCII, which no token has; was it copied whole?"
    }
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
    if access(home.practice + "/portal.sqlite", F_OK) != 0 {
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
