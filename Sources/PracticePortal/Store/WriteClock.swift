import FoundationEssentials
import Synchronization

/// The time of writes, in epoch milliseconds. Two write transactions never get the same stamp, so that the order of
/// a property's history is the order of its writes.
final class WriteClock: Sendable {
  private let last = Mutex<Int64>(0)

  static func now() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)) }

  func next() -> Int64 {
    last.withLock { last in
      last = max(Self.now(), last + 1)
      return last
    }
  }
}
