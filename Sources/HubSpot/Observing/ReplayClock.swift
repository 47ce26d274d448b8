import Synchronization

/// A clock on which waits are over at once: a replay need not wait where the recorded run had to.
public final class ReplayClock: Clock {
  public struct Instant: InstantProtocol, Sendable {
    var time: Duration

    public func advanced(by duration: Duration) -> Instant { Instant(time: time + duration) }
    public func duration(to other: Instant) -> Duration { other.time - time }
    public static func < (left: Instant, right: Instant) -> Bool { left.time < right.time }
  }

  private let time = Mutex(Duration.zero)

  public init() {}

  public var now: Instant { Instant(time: time.withLock { $0 }) }
  public var minimumResolution: Duration { .zero }

  public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    time.withLock { $0 = max($0, deadline.time) }
  }
}
