import Glibc
import Synchronization

/// A lock that processes of one host share: who has it is the only one, and the system takes it from a process that ends.
final class FileLock: Sendable {
  private let descriptor: Mutex<Int32>

  private init(_ descriptor: Int32) { self.descriptor = Mutex(descriptor) }

  deinit { release() }

  /// Waits for the lock on a thread of its own, so that nobody polls. Throws `CancellationError` when the task is
  /// cancelled meanwhile; the lock is then given back as soon as it comes.
  static func take(_ path: String) async throws -> FileLock {
    let descriptor = try open(path)
    let wait = Wait()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        wait.begin(continuation)
        OwnThread.start {
          let code = FileLock.wait(descriptor)
          let lock = FileLock(descriptor)
          wait.end(code == 0 ? .success(lock) : .failure(FileProblem(path, .system(doing: "locked", code: code))))
        }
      }
    } onCancel: {
      wait.end(.failure(CancellationError()))
    }
  }

  /// Waits for a lock that is held for moments only.
  static func takeHere(_ path: String) throws(FileProblem) -> FileLock {
    let lock = FileLock(try open(path))
    let code = lock.descriptor.withLock { wait($0) }
    guard code == 0 else { throw FileProblem(path, .system(doing: "locked", code: code)) }
    return lock
  }

  func release() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
    }
  }

  private static func open(_ path: String) throws(FileProblem) -> Int32 {
    try PrivateFolder.make(PrivateFile.folder(of: path))
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw errno == ELOOP ? FileProblem(path, .symbolicLink) : .system(path, "opened")
    }
    // Whatever the umask left of the mode, the next process has to be able to open it.
    fchmod(descriptor, 0o600)
    return descriptor
  }

  private static func wait(_ descriptor: Int32) -> Int32 {
    while flock(descriptor, LOCK_EX) != 0 {
      let code = errno
      if code != EINTR { return code }
    }
    return 0
  }

  /// The end of a wait, which comes once: from the lock or from a cancellation.
  private final class Wait: Sendable {
    private struct State {
      var continuation: CheckedContinuation<FileLock, any Error>?
      var early: Result<FileLock, any Error>?
      var isOver = false
    }
    private let state = Mutex(State())

    func begin(_ continuation: CheckedContinuation<FileLock, any Error>) {
      let early = state.withLock { state -> Result<FileLock, any Error>? in
        if state.early == nil { state.continuation = continuation }
        return state.early
      }
      if let early { continuation.resume(with: early) }
    }

    func end(_ result: Result<FileLock, any Error>) {
      let continuation = state.withLock { state -> CheckedContinuation<FileLock, any Error>? in
        if state.isOver { return nil }
        state.isOver = true
        if state.continuation == nil { state.early = result }
        return state.continuation
      }
      continuation?.resume(with: result)
    }
  }
}
