import Glibc
import LisRuntime
import Synchronization

/// Stops a session that has been running for some time: a program may loop for ever.
final class StepGuardian: Sendable {
  private let semaphore = Semaphore()
  private let milliseconds: Int

  init(milliseconds: Int = 2000) { self.milliseconds = milliseconds }

  func watch(_ session: Session) {
    let stop = session.stop
    let semaphore = self.semaphore
    let milliseconds = self.milliseconds
    let work = GuardWork { if !semaphore.wait(milliseconds: milliseconds) { stop.stop() } }
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<GuardWork>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(work).toOpaque())
    if code == 0 { pthread_detach(thread) }
  }

  func end() { semaphore.signal() }
}

private final class GuardWork: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
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

  /// - Returns: whether it was signalled in time.
  func wait(milliseconds: Int) -> Bool {
    var deadline = timespec()
    clock_gettime(CLOCK_REALTIME, &deadline)
    let nanoseconds = deadline.tv_nsec + milliseconds * 1_000_000
    deadline.tv_sec += nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    while sem_timedwait(semaphore, &deadline) != 0 { if errno == ETIMEDOUT { return false } }
    return true
  }
}
