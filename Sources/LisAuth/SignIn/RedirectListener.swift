import HubSpot
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization

/// Waits on 127.0.0.1 for the browser that comes back from the authorization page.
public final class RedirectListener: Sendable {
  private let group: ServiceGroup
  private let running: Task<Void, any Error>
  private let answers: AsyncStream<Answer>

  /// What the browser brought back.
  public typealias Answer = Result<Secret, AuthorizationRequest.Refusal>

  /// The port cannot be listened on.
  public struct Failure: Error, Sendable {
    public var port: Int
    public var reason: String
  }

  private init(group: ServiceGroup, running: Task<Void, any Error>, answers: AsyncStream<Answer>) {
    self.group = group
    self.running = running
    self.answers = answers
  }

  /// Listens. Returns when connections are accepted.
  public static func start(
    _ request: AuthorizationRequest, path: String, port: Int
  ) async throws(Failure) -> RedirectListener {
    let (answers, announceAnswer) = AsyncStream.makeStream(of: Answer.self)
    let (bound, announce) = AsyncStream.makeStream(of: Void.self)
    let router = Router()
    router.get("**") { incoming, _ in
      guard incoming.uri.path == path else { return SignInPage.notFound.response }
      do throws(AuthorizationRequest.Refusal) {
        announceAnswer.yield(.success(try request.code(from: incoming.uri.string)))
        return SignInPage.received.response
      } catch {
        // An answer that belongs to another request must not be able to end this one.
        guard case .denied = error else { return SignInPage.foreign.response }
        announceAnswer.yield(.failure(error))
        return SignInPage.denied.response
      }
    }
    let logger = Logger(label: "lis", factory: { _ in SwiftLogNoOpLogHandler() })
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { _ in
        announce.yield()
        announce.finish()
      },
      logger: logger)
    let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
    let running = Task {
      defer { announce.finish() }
      try await group.run()
    }
    guard await bound.first(where: { true }) != nil else {
      do { try await running.value } catch { throw Failure(port: port, reason: "\(error)") }
      throw Failure(port: port, reason: "it stopped at once")
    }
    return RedirectListener(group: group, running: running, answers: answers)
  }

  /// The first answer that belongs to the request; nil when the task is cancelled.
  public func answer() async -> Answer? {
    for await answer in answers { return answer }
    return nil
  }

  /// Sends what is left to send and stops.
  public func stop() async {
    await group.triggerGracefulShutdown()
    try? await running.value
  }
}
