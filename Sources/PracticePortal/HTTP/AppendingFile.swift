#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is only appended to. One `write` a line keeps lines whole.
final class AppendingFile: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  static func appending(to path: String, in directory: String) throws(PortalError) -> AppendingFile {
    let descriptor = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .dataDirectoryUnusable(directory: directory, reason: SystemErrors.text(errno))
    }
    return AppendingFile(descriptor: descriptor)
  }

  /// A line that the disk refuses is lost: a full disk must not stop the requests themselves, whose own store reports
  /// it.
  func write(_ bytes: [UInt8]) {
    #if canImport(Glibc)
      _ = Glibc.write(descriptor, bytes, bytes.count)
    #elseif canImport(Musl)
      _ = Musl.write(descriptor, bytes, bytes.count)
    #else
      _ = Darwin.write(descriptor, bytes, bytes.count)
    #endif
  }

  deinit { _ = close(descriptor) }
}
