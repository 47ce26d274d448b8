import Dispatch
import LisCore
import Synchronization

/// Lets the machine's thread wait for the client, which is asynchronous. The thread is the machine's own, never one of
/// the concurrency runtime's, so that blocking it starves nobody.
final class Waiter: Sendable {
  private let current = Mutex<Task<Void, Never>?>(nil)
  private let stop: StopFlag

  init(stop: StopFlag) { self.stop = stop }

  /// - Parameter finishes: a write, which being told to stop does not break off.
  func wait<Success: Sendable, Failure: Error>(
    finishes: Bool = false, _ work: @escaping @Sendable () async throws(Failure) -> Success
  ) throws(Failure) -> Success {
    let result = Mutex<Result<Success, Failure>?>(nil)
    let box = Box(result)
    let done = DispatchSemaphore(value: 0)
    let task = Task.detached {
      do throws(Failure) {
        let value = try await work()
        box.set(.success(value))
      } catch {
        box.set(.failure(error))
      }
      done.signal()
    }
    if !finishes {
      current.withLock { $0 = task }
      // Told to stop between two requests: whoever told found no task to cancel.
      if stop.isStopped { task.cancel() }
    }
    done.wait()
    current.withLock { $0 = nil }
    while true {
      // The semaphore was signalled after the result was set.
      if let result = box.take() { return try result.get() }
    }
  }

  func cancel() { current.withLock { $0?.cancel() } }

  private final class Box<Success: Sendable, Failure: Error>: Sendable {
    private let result: Mutex<Result<Success, Failure>?>

    init(_ result: consuming Mutex<Result<Success, Failure>?>) { self.result = result }

    func set(_ value: Result<Success, Failure>) { result.withLock { $0 = value } }
    func take() -> Result<Success, Failure>? { result.withLock { $0 } }
  }
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
