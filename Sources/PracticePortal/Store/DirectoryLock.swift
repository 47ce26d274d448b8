import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An exclusive lock on a data directory, held while a portal uses it. The operating system drops it when the process
/// ends, however it ends.
final class DirectoryLock: Sendable {
  private let descriptor: Mutex<Int32?>

  private init(descriptor: Int32) { self.descriptor = Mutex(descriptor) }

  static func acquire(_ directory: String) throws(PortalError) -> DirectoryLock {
    let descriptor = open(directory + "/portal.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .dataDirectoryUnusable(directory: directory, reason: SystemErrors.text(errno))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      _ = close(descriptor)
      if code == EWOULDBLOCK { throw .dataDirectoryInUse(directory: directory) }
      throw .dataDirectoryUnusable(directory: directory, reason: SystemErrors.text(code))
    }
    return DirectoryLock(descriptor: descriptor)
  }

  /// Gives the directory free; calling it again does nothing.
  func release() {
    let held = descriptor.withLock { held in
      defer { held = nil }
      return held
    }
    if let held { _ = close(held) }
  }

  deinit { release() }
}

enum SystemErrors {
  /// The operating system's sentence for an error number.
  static func text(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }
}
