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
  private let source: Int
  private var rest: [UInt8] = []
  private var line = 0
  private var isAtStart = true
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
      if isAtStart, rest.count >= TextStart.mark.count || isAtEnd { try takeStart() }
      let rows = try takeLines(machine)
      if rest.count > NDJSONCursor.lineLimit {
        throw FileFault.lineTooLong(file: name, line: line + 1, limit: NDJSONCursor.lineLimit)
      }
      if !rows.isEmpty { return machine.makeList(rows) }
    }
    return nil
  }

  private func takeStart() throws {
    isAtStart = false
    if TextStart.isUTF16(rest) { throw FileFault.utf16(file: name) }
    if rest.starts(with: TextStart.mark) { rest.removeFirst(TextStart.mark.count) }
  }

  private func takeLines(_ machine: Machine) throws -> [Value] {
    var rows: [Value] = []
    var start = rest.startIndex
    while start < rest.endIndex {
      let end = rest[start...].firstIndex(of: UInt8(ascii: "\n"))
      guard let stop = end ?? (isAtEnd ? rest.endIndex : nil) else { break }
      line += 1
      let text = rest[start..<stop]
      if !text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) {
        do throws(JSONFault) {
          let value = try JSONReader(machine: machine).read(text)
          rows.append(machine.withOrigin(value, source: source, line: line))
        } catch {
          let place = TextPlace(text, offset: error.offset, firstLine: line)
          throw FileFault.json(file: name, JSONFileFault(place: place, problem: .json(error.reason)))
        }
      }
      start = end.map { rest.index(after: $0) } ?? rest.endIndex
    }
    rest.removeSubrange(..<start)
    return rows
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
    elements = JSONElements(limit: JSONArrayCursor.elementLimit) {
      let chunk = try chunks.next()
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
