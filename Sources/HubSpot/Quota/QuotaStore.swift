import Synchronization

/// Where the state of an account's quotas is kept.
///
/// The library's own store is the process. A program of which several run at once hands in a store that they share; the
/// state is a value with an encoding of its own (`QuotaState.bytes`), so that any place that can be changed by one at a
/// time will do.
public protocol QuotaStore: Sendable {
  /// Time since a moment that all who share the store agree on, and that no change of the calendar's clock touches.
  func now() -> Duration
  /// Changes the state, alone.
  func update<Output: Sendable>(_ change: (inout QuotaState) -> Output) -> Output
}

/// The quotas of one client, in its memory.
final class LocalQuotas: QuotaStore {
  private let clock: RequestClock
  private let state: Mutex<QuotaState>

  init(clock: RequestClock, isRemote: Bool) {
    self.clock = clock
    state = Mutex(QuotaState(isRemote: isRemote))
  }

  func now() -> Duration { clock.now() }

  func update<Output: Sendable>(_ change: (inout QuotaState) -> Output) -> Output { state.withLock { change(&$0) } }
}
