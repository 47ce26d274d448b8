/// A request that is not sent yet, and why: for whoever tells a person what takes so long.
public struct RequestWait: Sendable, Hashable {
  public enum Reason: Sendable, Hashable {
    /// The account's quota is used up for the moment.
    case quota(QuotaPool)
    /// An attempt failed, and the next one follows.
    case retry(attempt: Int, after: String)
  }

  public let reason: Reason
  /// At most so long: a quota may become free earlier.
  public let duration: Duration
}

/// Is told of the waits of requests, on their tasks.
///
/// An object and not a bare function: Swift 6.3.1 reads beside the memory of a task-local function in an optimised build.
public final class RequestWaits: Sendable {
  /// Told of the requests that the current task sends; nil for nobody.
  @TaskLocal public static var current: RequestWaits?

  private let told: @Sendable (RequestWait) -> Void

  public init(_ told: @escaping @Sendable (RequestWait) -> Void) { self.told = told }

  func tell(_ reason: RequestWait.Reason, _ duration: Duration) {
    told(RequestWait(reason: reason, duration: duration))
  }
}
