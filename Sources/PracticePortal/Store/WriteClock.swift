import FoundationEssentials
import Synchronization

/// The portal's time. It runs as the machine's does and can be advanced, so that a token's end or a new day need not be
/// waited for. Two write transactions never get the same stamp, so that the order of a property's history is the order
/// of its writes.
final class WriteClock: Sendable {
  private struct State {
    var last: Int64 = 0
    /// Milliseconds that the portal is ahead.
    var ahead: Int64 = 0
  }

  private let state = Mutex(State())
  /// Arrivals are told apart by microseconds that never run backwards, whatever happens to the machine's clock.
  private let start = (instant: ContinuousClock.now, time: WriteClock.now() * 1000)

  /// The machine's time in epoch milliseconds.
  static func now() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)) }

  /// The portal's time in epoch milliseconds.
  var time: Int64 { Self.now() + ahead }

  var ahead: Int64 { state.withLock { $0.ahead } }

  /// The portal's time in epoch microseconds.
  var microseconds: Int64 {
    let parts = (ContinuousClock.now - start.instant).components
    return start.time + parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000 + ahead * 1000
  }

  func next() -> Int64 {
    state.withLock { state in
      state.last = max(Self.now() + state.ahead, state.last + 1)
      return state.last
    }
  }

  /// - Returns: how far the portal is ahead then.
  @discardableResult
  func advance(by milliseconds: Int64) -> Int64 {
    state.withLock { state in
      state.ahead += milliseconds
      return state.ahead
    }
  }
}
