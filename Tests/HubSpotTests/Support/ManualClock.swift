import Synchronization

/// A clock that stands still except while somebody sleeps: a sleep is noted and over at once.
final class ManualClock: Clock {
  struct Instant: InstantProtocol {
    let offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  /// Happens during each sleep.
  private let whileAsleep: @Sendable () -> Void
  private let state = Mutex((now: Instant(offset: .zero), sleeps: [Duration]()))

  init(whileAsleep: @escaping @Sendable () -> Void = {}) { self.whileAsleep = whileAsleep }

  var now: Instant { state.withLock { $0.now } }
  let minimumResolution: Duration = .zero
  var sleeps: [Duration] { state.withLock { $0.sleeps } }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    whileAsleep()
    state.withLock { state in
      state.sleeps.append(state.now.duration(to: deadline))
      state.now = max(state.now, deadline)
    }
  }
}
