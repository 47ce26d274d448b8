import Dispatch
import HubSpot
import LisCore
import Synchronization

/// Lets the machine's thread wait for the client, which is asynchronous. The thread is the machine's own, never one of
/// the concurrency runtime's, so that blocking it starves nobody.
///
/// Requests can be started and looked at later, so that several are under way at once; only the machine's thread starts
/// them and waits.
final class Waiter: Sendable {
  private struct State {
    var next: UInt64 = 0
    /// Those that being told to stop breaks off.
    var stoppable: [UInt64: Task<Void, Never>] = [:]
    var priority = RequestPriority.interactive
    var tally: RequestTally?
    /// What a request waits for and nobody has been told yet.
    var wait: RequestWait?
  }

  private let state = Mutex(State())
  private let stop: StopFlag
  /// Rung whenever a request has ended. A ring that nobody waited for is heard by the next who does, who then looks
  /// again.
  private let bell = DispatchSemaphore(value: 0)

  init(stop: StopFlag) { self.stop = stop }

  /// Who waits for the requests that are started from now on, in the quotas.
  var priority: RequestPriority {
    get { state.withLock { $0.priority } }
    set { state.withLock { $0.priority = newValue } }
  }

  /// Counts the requests that are started from now on, beside the client's own count.
  var tally: RequestTally? {
    get { state.withLock { $0.tally } }
    set { state.withLock { $0.tally = newValue } }
  }

  /// Told on the machine's thread, while that waits, of what the requests wait for. It is set before the first request
  /// and called by `listen` alone, so that only the machine's thread ever touches it.
  nonisolated(unsafe) var onWait: ((RequestWait) -> Void)?

  /// Starts a request without waiting for it.
  /// - Parameter finishes: a write, which being told to stop does not break off.
  func start<Success: Sendable, Failure: Error>(
    finishes: Bool = false, _ work: @escaping @Sendable () async throws(Failure) -> Success
  ) -> Pending<Success, Failure> {
    let pending = Pending<Success, Failure>()
    let (number, priority, tally) = state.withLock { state in
      state.next += 1
      return (state.next, state.priority, state.tally)
    }
    let task = Task.detached { [bell, self] in
      let result = await RequestPriority.$current.withValue(priority) {
        await RequestTally.$current.withValue(tally) {
          await RequestWaits.$current.withValue(RequestWaits { [self] in waits($0) }) { await Waiter.result(of: work) }
        }
      }
      pending.end(result)
      _ = state.withLock { $0.stoppable.removeValue(forKey: number) }
      bell.signal()
    }
    if !finishes {
      state.withLock { state in
        // It may have ended already, and then nothing would take it out again.
        if !pending.isDone { state.stoppable[number] = task }
      }
      // Told to stop between two requests: whoever told found no task to cancel.
      if stop.isStopped { task.cancel() }
    }
    return pending
  }

  private static func result<Success: Sendable, Failure: Error>(
    of work: @Sendable () async throws(Failure) -> Success
  ) async -> Result<Success, Failure> {
    do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
  }

  /// Comes on the task of a request.
  private func waits(_ wait: RequestWait) {
    state.withLock { $0.wait = wait }
    bell.signal()
  }

  private func listen() {
    bell.wait()
    let wait = state.withLock { state in
      defer { state.wait = nil }
      return state.wait
    }
    if let wait { onWait?(wait) }
  }

  /// Waits for a request that was started.
  func wait<Success: Sendable, Failure: Error>(for pending: Pending<Success, Failure>) throws(Failure) -> Success {
    while true {
      if let result = pending.result { return try result.get() }
      listen()
    }
  }

  /// Waits until a request has ended since the last look, or earlier. The caller looks at what it waits for before and
  /// after.
  func waitForAny() { listen() }

  /// Starts a request and waits for it.
  /// - Parameter finishes: a write, which being told to stop does not break off.
  func wait<Success: Sendable, Failure: Error>(
    finishes: Bool = false, _ work: @escaping @Sendable () async throws(Failure) -> Success
  ) throws(Failure) -> Success {
    try wait(for: start(finishes: finishes, work))
  }

  func cancel() {
    for task in state.withLock({ Array($0.stoppable.values) }) { task.cancel() }
  }
}

/// A request under way, or its outcome.
final class Pending<Success: Sendable, Failure: Error>: Sendable {
  private let ended = Mutex<Result<Success, Failure>?>(nil)

  /// Nil while it is under way.
  var result: Result<Success, Failure>? { ended.withLock { $0 } }
  var isDone: Bool { ended.withLock { $0 != nil } }

  fileprivate func end(_ result: Result<Success, Failure>) { ended.withLock { $0 = result } }
}

/// Stops a run from another thread.
public struct Interrupter: Sendable {
  let stop: StopFlag
  let waiter: Waiter

  public func interrupt() {
    stop.stop()
    waiter.cancel()
  }
}
