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

  /// Told of the waits of requests that the current task sends, on the task of the request.
  @TaskLocal public static var listener: (@Sendable (RequestWait) -> Void)?
}
