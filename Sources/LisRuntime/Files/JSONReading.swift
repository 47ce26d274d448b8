import LisCore
import LisFormats

/// Rows of a file with one JSON value on each line. Lines may end in CRLF; a byte order mark and lines of white space are
/// passed over.
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
  private var lines: JSONLines
  private var isAtStart = true
  private var isAtEnd = false
  static let lineLimit = 16 << 20

  init(chunks: FileChunks, name: String, machine: Machine) {
    self.chunks = chunks
    self.name = name
    lines = JSONLines(machine: machine, source: machine.registerSource(name))
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    while !isAtEnd {
      let chunk = isAtStart ? try start(machine) : try chunks.next(machine)
      isAtStart = false
      isAtEnd = chunk == nil
      let rows: Value
      do throws(JSONLines.Problem) { rows = try lines.read(chunk) } catch {
        let place = TextPlace(error.text[...], offset: error.fault.offset, firstLine: error.line)
        throw FileFault.json(file: name, JSONFileFault(place: place, problem: .json(error.fault.reason)))
      }
      if lines.openBytes > NDJSONCursor.lineLimit {
        throw FileFault.lineTooLong(file: name, line: lines.line + 1, limit: NDJSONCursor.lineLimit)
      }
      if rows.itemCount ?? 0 > 0 { return rows }
    }
    return nil
  }

  /// The first bytes without the mark that may stand there; nil for an empty file.
  private func start(_ machine: Machine) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < TextStart.mark.count, let chunk = try chunks.next(machine) { bytes += chunk }
    if TextStart.isUTF16(bytes) { throw FileFault.utf16(file: name) }
    if bytes.starts(with: TextStart.mark) { bytes.removeFirst(TextStart.mark.count) }
    return bytes.isEmpty ? nil : bytes
  }
}

/// Elements of the array in a JSON file; each reading opens the file again.
final class JSONArraySource: RowSource {
  private let path: String
  private let name: String

  init(path: String, name: String) {
    self.path = path
    self.name = name
  }

  var title: String { "json_rows(\"\(name)\")" }

  func open(_ machine: Machine) throws -> any RowCursor {
    JSONArrayCursor(chunks: try FileChunks(path), name: name, machine: machine)
  }
}

private final class JSONArrayCursor: RowCursor {
  private var elements: JSONElements
  private let name: String
  private let source: Int
  private static let pageRows = 256
  /// Bytes of one element.
  private static let elementLimit = 16 << 20

  init(chunks: FileChunks, name: String, machine: Machine) {
    self.name = name
    source = machine.registerSource(name)
    var isFirst = true
    elements = JSONElements(limit: JSONArrayCursor.elementLimit) { [unowned machine] in
      let chunk = try chunks.next(machine)
      if isFirst, let chunk, TextStart.isUTF16(chunk) { throw FileFault.utf16(file: name) }
      isFirst = false
      return chunk
    }
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    var rows: [Value] = []
    do {
      while rows.count < JSONArrayCursor.pageRows, let value = try elements.nextValue(machine, source) {
        rows.append(value)
      }
    } catch let fault as JSONFileFault {
      throw FileFault.json(file: name, fault)
    }
    return rows.isEmpty ? nil : machine.makeList(rows)
  }
}

extension JSONElements {
  /// The next element as a value that knows its line.
  mutating func nextValue(_ machine: Machine, _ source: Int) throws -> Value? {
    guard let bytes = try next() else { return nil }
    do throws(JSONFault) {
      let value = try JSONReader(machine: machine).read(bytes)
      return machine.withOrigin(value, source: source, line: elementLine)
    } catch {
      throw fault(error)
    }
  }
}
