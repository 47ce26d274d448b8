import Synchronization

/// Asks a running machine to stop. May be used from any thread and from a signal's own thread.
public final class StopFlag: Sendable {
  /// Why a run has to end. The first reason given counts.
  public enum Reason: UInt8, Sendable {
    case interruption = 1
    /// The time that the run was given is over.
    case timeLimit
    /// The program keeps more values than `MachineLimits.heapBytes`.
    case memory
  }

  /// 0, or the raw value of a reason. On the heap by hand, so that the loop reads it through a pointer without touching
  /// this object.
  nonisolated(unsafe) let flag: UnsafeMutablePointer<Atomic<UInt8>>

  public init() {
    flag = .allocate(capacity: 1)
    flag.initialize(to: Atomic(0))
  }

  deinit {
    flag.deinitialize(count: 1)
    flag.deallocate()
  }

  public func stop(_ reason: Reason = .interruption) {
    _ = flag.pointee.compareExchange(expected: 0, desired: reason.rawValue, ordering: .relaxed)
  }

  public func reset() { flag.pointee.store(0, ordering: .relaxed) }
  public var isStopped: Bool { flag.pointee.load(ordering: .relaxed) != 0 }
  public var reason: Reason? { Reason(rawValue: flag.pointee.load(ordering: .relaxed)) }
}
