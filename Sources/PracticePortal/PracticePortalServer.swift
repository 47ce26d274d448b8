import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization

/// PracticePortal: a server on loopback that answers HubSpot's CRM API, so that scripts can be rehearsed.
///
/// Into this room come HTTP requests, a configuration with fault rules, and a data directory; out of it go HTTP answers,
/// right ones and wrong ones on purpose, the request log and `PortalError`. It is written from the description of HubSpot's API alone and shares no type with the client, so
/// that each of the two tests the other.
///
/// Where HubSpot's behaviour is not known, comments say "practice-portal rule"; such a rule is no evidence about
/// HubSpot. Several servers can run in one process. The server installs no signal handlers.
public final class PracticePortalServer: Sendable {
  /// The port that is listened on; never 0.
  public let port: Int
  /// `http://127.0.0.1:PORT`, without a trailing slash.
  public let url: String
  /// Opens the control endpoints below `/practice/`: `Authorization: Bearer …`.
  public var controlToken: String { control.token }

  let store: PortalStore
  let control: ControlEndpoints
  private let log: RequestLog
  private let group: ServiceGroup
  private let running: Task<Void, any Error>
  private let isClosed = Mutex(false)

  private init(
    port: Int, url: String, control: ControlEndpoints, store: PortalStore, log: RequestLog, group: ServiceGroup,
    running: Task<Void, any Error>
  ) {
    self.port = port
    self.url = url
    self.control = control
    self.store = store
    self.log = log
    self.group = group
    self.running = running
  }

  /// Opens or creates the store, seeds it when it is new, and listens. Returns when connections are accepted.
  /// - Throws: `PortalError`.
  public static func start(_ configuration: PortalConfiguration) async throws -> PracticePortalServer {
    let host = try Loopback.address(configuration.host)
    guard (0...65_535).contains(configuration.port) else { throw PortalError.portOutOfRange(port: configuration.port) }
    let store = try PortalStore.open(configuration.data)
    do {
      if store.isNew { try await Seeder.seed(store, configuration.seed) }
      let log = try RequestLog(configuration.data)
      return try await listen(configuration, host: host, store: store, log: log)
    } catch {
      try? store.close()
      throw error
    }
  }

  private static func listen(
    _ configuration: PortalConfiguration, host: String, store: PortalStore, log: RequestLog
  ) async throws -> PracticePortalServer {
    let (bound, announce) = AsyncStream.makeStream(of: Int.self)
    let baseURL = BaseURL()
    let controlToken = configuration.controlToken ?? Secrets.make(32)
    let responder = try await responder(configuration, store, log, controlToken, baseURL)
    let control = responder.control
    let clock = store.clock
    let logger = Logger(label: "practice-portal", factory: { _ in SwiftLogNoOpLogHandler() })
    let application = Application(
      responder: responder,
      server: .http1(configuration: .init(additionalChannelHandlers: [ArrivalStamp(clock)])),
      configuration: .init(address: .hostname(host, port: configuration.port)),
      onServerRunning: { channel in
        announce.yield(channel.localAddress?.port ?? configuration.port)
        announce.finish()
      },
      logger: logger)
    let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
    let running = Task {
      defer { announce.finish() }
      try await group.run()
    }
    guard let port = await bound.first(where: { _ in true }) else {
      throw await failure(of: running, host: host, port: configuration.port)
    }
    let url = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    baseURL.set(url)
    return PracticePortalServer(
      port: port, url: url, control: control, store: store, log: log, group: group, running: running)
  }

  private static func responder(
    _ configuration: PortalConfiguration, _ store: PortalStore, _ log: RequestLog, _ controlToken: String,
    _ baseURL: BaseURL
  ) async throws -> PortalResponder {
    let book = try await TokenBook(store: store, configuration: configuration)
    let connections = Connections(
      book: book, accessMilliseconds: Int64(max(1, configuration.accessTokenSeconds)) * 1000,
      rotates: configuration.rotatesRefreshTokens)
    let faults = FaultBook(configuration.faults, now: store.clock.time)
    let statistics = Statistics()
    return PortalResponder(
      store: store, log: log, limiter: RateLimiter(configuration.rateLimit), book: book,
      oauth: OAuthEndpoints(apps: configuration.apps, connections: connections, pending: PendingAuthorizations()),
      faults: faults, statistics: statistics,
      control: ControlEndpoints(
        token: controlToken, store: store, log: log, faults: faults, statistics: statistics, connections: connections,
        apps: configuration.apps),
      latency: .milliseconds(max(0, configuration.latencyMilliseconds)), baseURL: baseURL)
  }

  /// Why the server ended before it was listening.
  private static func failure(of running: Task<Void, any Error>, host: String, port: Int) async -> PortalError {
    do {
      try await running.value
      return .cannotListen(host: host, port: port, reason: "it stopped at once")
    } catch let error as IOError where error.errnoCode == Loopback.addressInUse {
      return .portTaken(host: host, port: port)
    } catch {
      return .cannotListen(host: host, port: port, reason: "\(error)")
    }
  }

  /// Lets running requests finish, stops listening and closes the store. Calling it again does nothing.
  public func stop() async throws {
    await group.triggerGracefulShutdown()
    try await waitUntilStopped()
  }

  /// Returns when the server has stopped, whoever stopped it, and closes the store.
  public func waitUntilStopped() async throws {
    try await running.value
    let isFirst = isClosed.withLock { closed in
      defer { closed = true }
      return !closed
    }
    if isFirst { try store.close() }
  }

  /// Every request so far, oldest first. With a data directory, requests of earlier runs are included.
  /// - Throws: `PortalError.dataDirectoryUnusable` when the log cannot be read.
  public func requestLog() async throws -> [RequestLogEntry] { try log.entries() }
}
