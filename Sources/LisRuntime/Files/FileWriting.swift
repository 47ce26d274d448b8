import Glibc
import LisCore
import LisFormats

/// A file that `save` is writing. It appears under its name when it is complete, and not before.
final class SavedFile {
  private let path: String
  /// As the program wrote it.
  private let name: String
  private let temporary: String
  private var descriptor: Int32
  private var writer: RowWriter
  private var buffer: [UInt8] = []

  /// - Parameter columns: names, where the program says them, for a file that gets no row.
  init(path: String, name: String, format: RowFormat, columns: [String], machine: Machine) throws(FileAccess.Problem) {
    self.path = path
    self.name = name
    temporary = path + ".partial-\(getpid())"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw .failed(path: path, reason: String(cString: strerror(errno))) }
    writer = RowWriter(format, machine: machine, expected: columns)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// - Throws: `FileFault.noColumn` or `FileAccess.Problem`.
  func append(_ row: Value) throws {
    writer.append(row, to: &buffer)
    if let lost = writer.lost { throw FileFault.noColumn(file: name, row: lost.row, field: lost.field) }
    if buffer.count > 1 << 16 { try flush() }
  }

  private func flush() throws(FileAccess.Problem) {
    var start = 0
    while start < buffer.count {
      let count = buffer[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw .failed(path: path, reason: String(cString: strerror(errno)))
      }
      start += count
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// - Returns: how many rows were written.
  func finish() throws(FileAccess.Problem) -> Int {
    writer.finish(to: &buffer)
    try flush()
    let failed = fsync(descriptor) != 0
    close(descriptor)
    descriptor = -1
    if failed || rename(temporary, path) != 0 {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw .failed(path: path, reason: reason)
    }
    return writer.rows
  }
}
