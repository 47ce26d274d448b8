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
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw .failed(path: path, reason: String(cString: strerror(errno))) }
  }

  deinit { close(descriptor) }

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
      let records = try CSVRecords(separator: separator, names: names) { try chunks.next() }
      return CSVCursor(records: records, name: name, machine: machine)
    } catch let fault as CSVFault {
      throw FileFault.csv(file: name, fault)
    }
  }
}

private final class CSVCursor: RowCursor {
  private var records: CSVRecords
  private var row = CSVRow()
  private let name: String
  private let form: Machine.Form
  private let source: Int
  private static let pageRows = 256

  init(records: CSVRecords, name: String, machine: Machine) {
    self.records = records
    self.name = name
    form = machine.form(records.header.names)
    source = machine.registerSource(name)
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    var rows: [Value] = []
    do {
      while rows.count < CSVCursor.pageRows, try records.next(into: &row) {
        let values = (0..<row.count).map { machine.makeText(row.bytes[row.unguardedRange(of: $0)]) }
        rows.append(machine.makeRecord(form, values, source: source, line: row.line))
      }
    } catch let fault as CSVFault {
      throw FileFault.csv(file: name, fault)
    }
    return rows.isEmpty ? nil : machine.makeList(rows)
  }
}
