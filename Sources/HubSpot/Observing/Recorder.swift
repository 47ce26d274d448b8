import Glibc
import Synchronization

/// Writes exchanges down as they happened, a line of JSON each, so that `ReplayTransport` can answer from them later. The
/// first line says when the recording began: what was asked often depends on the day.
///
/// The token is taken out before anything is written. What remains are customers' records, so the file is made for its
/// owner alone, and one that exists is not written over.
public final class Recorder: ExchangeObserver {
  /// Why no recording can be made.
  public enum Problem: Error, Sendable, Hashable {
    case exists(path: String)
    case cannotOpen(path: String, reason: String)
  }

  private let descriptor: Int32
  private let path: String
  private let failed: @Sendable (String) -> Void
  private let hasFailed = Mutex(false)

  /// - Parameters:
  ///   - startedAt: milliseconds since 1970, UTC.
  ///   - failed: told once when the file cannot be written any more; the recording is then not complete.
  public convenience init(
    path: String, startedAt: Int64, failed: @escaping @Sendable (String) -> Void
  ) throws(Problem) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor < 0 {
      let code = errno
      throw code == EEXIST ? .exists(path: path) : .cannotOpen(path: path, reason: String(cString: strerror(code)))
    }
    self.init(descriptor: descriptor, path: path, failed: failed)
    append(Recording.head(startedAt))
  }

  /// - Parameter descriptor: of an open file, which is closed in the end.
  init(descriptor: Int32, path: String, failed: @escaping @Sendable (String) -> Void) {
    self.descriptor = descriptor
    self.path = path
    self.failed = failed
  }

  deinit { close(descriptor) }

  public func ended(_ exchange: Exchange) {
    append(Redaction(exchange.token).apply(RecordedExchange(exchange).line))
  }

  private func append(_ line: [UInt8]) {
    hasFailed.withLock { hasFailed in
      guard !hasFailed, !write(line + [0x0A]) else { return }
      hasFailed = true
      failed("the recording \(path) cannot be written any more: \(String(cString: strerror(errno)))")
    }
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
    }
    return true
  }
}
