import Glibc
import HubSpot
import LisEngine
import LisRuntime
import PracticePortal
import Synchronization

/// Makes the connection that the environment and the flags describe.
struct ConnectionSource {
  let portal: String
  let home: Home

  /// - Returns: a connection, and the practice portal that was started for it, if one was.
  func connect() throws -> (PortalConnection, PracticePortalServer?) {
    do { try home.prepare() } catch { throw SessionProblem.cannotStart(error.message) }
    let journal = try SQLiteJournal(path: home.journal)
    if portal == "practice" { return try practice(journal) }
    guard portal == "default" else { throw SessionProblem.unknownPortal(portal) }
    guard let text = Home.variable("LIS_TOKEN") ?? Home.variable("HUBSPOT_ACCESS_TOKEN") else {
      throw SessionProblem.noCredential
    }
    let client = HubSpotClient(
      ClientConfiguration(baseURL: try address(), token: try ConnectionSource.token(text), version: try version()))
    return (PortalConnection(name: portal, client: client, journal: journal), nil)
  }

  private func address() throws -> BaseURL {
    guard let text = Home.variable("LIS_API_URL") else { return .hubSpot }
    do { return try BaseURL(text) } catch { throw SessionProblem.badAddress("\(error)") }
  }

  private func version() throws -> APIVersion {
    guard let name = Home.variable("LIS_API_VERSION") else { return .standard }
    guard let version = APIVersion(name: name) else {
      throw SessionProblem.badAddress(
        "LIS_API_VERSION is `\(name)`; known: \(APIVersion.all.map { "\($0.name)" }.joined(separator: ", "))")
    }
    return version
  }

  private static func token(_ text: String) throws -> BearerToken {
    do { return try BearerToken(text) } catch { throw SessionProblem.badToken("\(error)") }
  }

  /// A practice portal inside the process, talked to over real HTTP as any other portal.
  private func practice(_ journal: SQLiteJournal) throws -> (PortalConnection, PracticePortalServer?) {
    // A token of its own, so that no other program on the machine can write to it by accident.
    var generator = SystemRandomNumberGenerator()
    let token = "practice-" + String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
    let configuration = PortalConfiguration(
      data: .directory(home.practice), seed: .demo, token: token,
      latencyMilliseconds: Home.variable("LIS_PRACTICE_LATENCY").flatMap { Int($0) } ?? 0)
    let server: PracticePortalServer
    do {
      server = try Blocking.wait { try await PracticePortalServer.start(configuration) }
    } catch let error as PortalError {
      throw SessionProblem.cannotStart("the practice portal cannot start: \(error.message)")
    }
    let base: BaseURL
    do { base = try BaseURL(server.url) } catch { throw SessionProblem.badAddress("\(error)") }
    let client = HubSpotClient(
      ClientConfiguration(baseURL: base, token: try ConnectionSource.token(token), version: try version()))
    return (PortalConnection(name: portal, client: client, journal: journal), server)
  }
}

/// Waiting for something asynchronous on a thread that is not one of the concurrency runtime's.
enum Blocking {
  static func wait<Success: Sendable>(_ work: @escaping @Sendable () async throws -> Success) throws -> Success {
    let cell = Cell<Success>()
    Task.detached {
      do { cell.set(.success(try await work())) } catch { cell.set(.failure(error)) }
    }
    return try cell.wait().get()
  }

  /// A result that one thread waits for.
  private final class Cell<Success: Sendable>: Sendable {
    private let result = Mutex<Result<Success, any Error>?>(nil)
    private let done = Semaphore()

    func set(_ value: Result<Success, any Error>) {
      result.withLock { $0 = value }
      done.signal()
    }

    func wait() -> Result<Success, any Error> {
      while true {
        done.wait()
        if let value = result.withLock({ $0 }) { return value }
      }
    }
  }
}

/// A counting semaphore of the C library.
final class Semaphore: Sendable {
  private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func signal() { sem_post(semaphore) }
  func wait() { while sem_wait(semaphore) != 0 && errno == EINTR {} }
}
