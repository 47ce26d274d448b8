import Glibc
import Synchronization

/// Waiting for something asynchronous on a thread that is not one of the concurrency runtime's.
enum Blocking {
  static func wait<Success: Sendable>(_ work: @escaping @Sendable () async throws -> Success) throws -> Success {
    let cell = Cell<Success>()
    Task.detached {
      do { cell.set(.success(try await work())) } catch { cell.set(.failure(error)) }
    }
    return try cell.wait().get()
  }

  /// A result that one thread waits for.
  private final class Cell<Success: Sendable>: Sendable {
    private let result = Mutex<Result<Success, any Error>?>(nil)
    private let done = Semaphore()

    func set(_ value: Result<Success, any Error>) {
      result.withLock { $0 = value }
      done.signal()
    }

    func wait() -> Result<Success, any Error> {
      while true {
        done.wait()
        if let value = result.withLock({ $0 }) { return value }
      }
    }
  }
}

/// A counting semaphore of the C library.
private final class Semaphore: Sendable {
  private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func signal() { sem_post(semaphore) }
  func wait() { while sem_wait(semaphore) != 0 && errno == EINTR {} }
}
