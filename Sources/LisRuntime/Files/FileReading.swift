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

  init(path: String, name: String, separator: CSVSeparator) {
    self.path = path
    self.name = name
    self.separator = separator
  }

  var title: String { "csv(\"\(name)\")" }

  func open(_ machine: Machine) throws -> any RowCursor {
    let chunks = try FileChunks(path)
    do {
      let records = try CSVRecords(separator: separator) { try chunks.next() }
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
        let values = (0..<row.count).map { machine.makeText(row.bytes[row.range(of: $0)]) }
        rows.append(machine.makeRecord(form, values, source: source, line: row.line))
      }
    } catch let fault as CSVFault {
      throw FileFault.csv(file: name, fault)
    }
    return rows.isEmpty ? nil : machine.makeList(rows)
  }
}

/// Rows of a file with one JSON value on each line.
final class NDJSONSource: RowSource {
  private let path: String
  private let name: String

  init(path: String, name: String) {
    self.path = path
    self.name = name
  }

  var title: String { "ndjson(\"\(name)\")" }

  func open(_ machine: Machine) throws -> any RowCursor {
    NDJSONCursor(chunks: try FileChunks(path), name: name, machine: machine)
  }
}

private final class NDJSONCursor: RowCursor {
  private let chunks: FileChunks
  private let name: String
  private let source: Int
  private var rest: [UInt8] = []
  private var line = 0
  private var isAtEnd = false
  static let lineLimit = 16 << 20

  init(chunks: FileChunks, name: String, machine: Machine) {
    self.chunks = chunks
    self.name = name
    source = machine.registerSource(name)
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    while !isAtEnd {
      if let chunk = try chunks.next() { rest.append(contentsOf: chunk) } else { isAtEnd = true }
      let rows = try takeLines(machine)
      if !rows.isEmpty { return machine.makeList(rows) }
      if rest.count > NDJSONCursor.lineLimit {
        throw FileFault.lineTooLong(file: name, line: line + 1, limit: NDJSONCursor.lineLimit)
      }
    }
    return nil
  }

  private func takeLines(_ machine: Machine) throws -> [Value] {
    var rows: [Value] = []
    var start = rest.startIndex
    while start < rest.endIndex {
      let end = rest[start...].firstIndex(of: UInt8(ascii: "\n"))
      guard let stop = end ?? (isAtEnd ? rest.endIndex : nil) else { break }
      line += 1
      var text = rest[start..<stop]
      if text.last == UInt8(ascii: "\r") { text = text.dropLast() }
      if !text.isEmpty {
        do throws(JSONFault) {
          let value = try JSONReader(machine: machine).read(text)
          rows.append(machine.withOrigin(value, source: source, line: line))
        } catch {
          throw FileFault.json(file: name, line: line, column: error.offset + 1, error)
        }
      }
      start = end.map { rest.index(after: $0) } ?? rest.endIndex
    }
    rest.removeSubrange(..<start)
    return rows
  }
}

/// A file that is not what it should be.
enum FileFault: Error {
  case csv(file: String, CSVFault)
  case json(file: String, line: Int, column: Int, JSONFault)
  case lineTooLong(file: String, line: Int, limit: Int)
  case tooLarge(file: String, limit: Int)
}

extension FileFault {
  var message: String {
    switch self {
    case .csv(let file, let fault): "\(file): \(fault)"
    case .json(let file, let line, let column, let fault):
      "\(file):\(line):\(column): this is not JSON: \(fault.reason.words)"
    case .lineTooLong(let file, let line, let limit): "\(file):\(line): the line is longer than \(limit) bytes"
    case .tooLarge(let file, let limit): "\(file) is larger than \(limit) bytes"
    }
  }
}

extension JSONFault.Reason {
  /// What is wrong, for a message.
  public var words: String {
    switch self {
    case .expectedValue: "a value belongs here"
    case .expectedKey: "a key in quotes belongs here"
    case .expectedColon: "`:` belongs here"
    case .expectedCommaOrEnd: "`,` or the closing bracket belongs here"
    case .unterminatedText: "the text does not end"
    case .controlCharacter: "a control character must be escaped"
    case .badEscape: "unknown escape"
    case .loneSurrogate: "half of a surrogate pair"
    case .badUTF8: "invalid UTF-8"
    case .badNumber: "this is not a number"
    case .numberTooLarge: "the number has more than 38 digits"
    case .tooDeep(let limit): "nested deeper than \(limit) levels"
    case .duplicateKey(let key): "the key \"\(key)\" stands twice in one object"
    case .tooManyFields(let limit): "an object with more than \(limit) keys"
    case .trailing: "something follows the value"
    case .empty: "the text is empty"
    }
  }
}
