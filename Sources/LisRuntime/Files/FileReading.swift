import Glibc
import LisCore
import LisFormats

/// A file read in pieces.
final class FileChunks {
  private let descriptor: Int32
  private let path: String
  static let size = 256 << 10

  init(_ path: String) throws(FileAccess.Problem) {
    self.path = path
    // Opening a pipe would wait for somebody to write into it, and a device may have no end.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0 { throw .failed(path: path, reason: String(cString: strerror(errno))) }
    var information = stat()
    if fstat(descriptor, &information) != 0 || information.st_mode & S_IFMT != S_IFREG {
      close(descriptor)
      throw .failed(path: path, reason: "it is no regular file")
    }
  }

  deinit { close(descriptor) }

  /// nil at the end. Ends with the run.
  func next(_ machine: Machine) throws -> [UInt8]? {
    try machine.work(FileChunks.size / 16)
    try waitForBytes(machine)
    return try next()
  }

  /// nil at the end.
  func next() throws -> [UInt8]? {
    var count = 0
    var reason: Int32 = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: FileChunks.size) { buffer, filled in
      repeat { count = read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
      reason = errno
      filled = max(count, 0)
    }
    if count < 0 { throw FileAccess.Problem.failed(path: path, reason: String(cString: strerror(reason))) }
    return count == 0 ? nil : chunk
  }

  /// A pipe may have nothing to read for as long as it likes; meanwhile the run can be told to end.
  private func waitForBytes(_ machine: Machine) throws {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&ready, 1, FileChunks.waitMilliseconds) == 0 {
      if machine.stop.isStopped { try machine.work(1 << 30) }
    }
  }

  private static let waitMilliseconds: Int32 = 50
}

/// Rows of a CSV file; each reading opens the file again.
final class CSVSource: RowSource {
  private let path: String
  private let name: String
  private let separator: CSVSeparator
  /// Names of the columns, when the file does not give them.
  private let names: [String]?

  init(path: String, name: String, separator: CSVSeparator, names: [String]? = nil) {
    self.path = path
    self.name = name
    self.separator = separator
    self.names = names
  }

  var title: String { "csv(\"\(name)\")" }

  func open(_ machine: Machine) throws -> any RowCursor {
    let chunks = try FileChunks(path)
    do {
      let records = try CSVRecords(separator: separator, names: names) { [unowned machine] in
        try chunks.next(machine)
      }
      return CSVCursor(records: records, name: name, machine: machine)
    } catch let fault as CSVFault {
      throw FileFault.csv(file: name, fault)
    }
  }
}

private final class CSVCursor: RowCursor {
  private var pages: CSVPages
  private let name: String

  init(records: CSVRecords, name: String, machine: Machine) {
    self.name = name
    let form = machine.form(records.header.names)
    pages = CSVPages(form: form, source: machine.registerSource(name, columns: form), records: records)
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    do { return try pages.next(machine) } catch let fault as CSVFault {
      throw FileFault.csv(file: name, fault)
    }
  }
}

/// The records of a file, some at a time. It is a value, so that what changes from row to row is looked up once for a
/// page, and not through the cursor for each row.
private struct CSVPages {
  let form: Machine.Form
  let source: Int
  private var records: CSVRecords
  private var row = CSVRow()
  private var ranges: [Range<Int>]
  private static let pageRows = 256

  init(form: Machine.Form, source: Int, records: CSVRecords) {
    self.form = form
    self.source = source
    self.records = records
    ranges = Array(repeating: 0..<0, count: records.header.names.count)
  }

  mutating func next(_ machine: Machine) throws -> Value? {
    var rows: [Value] = []
    while rows.count < CSVPages.pageRows, try records.next(into: &row) {
      row.unguardedRanges(into: &ranges)
      rows.append(machine.makeRecord(form, utf8: row.bytes, ranges: ranges, source: source, line: row.line))
    }
    return rows.isEmpty ? nil : machine.makeList(rows)
  }
}
