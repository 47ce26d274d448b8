import LisCompiler
import LisCore
import LisFormats

/// Rows from files.
extension BuiltinTable {
  mutating func addFiles() {
    let session = self.session
    native(
      "csv", group: "files",
      [BuiltinParameter("path", type: .string), BuiltinParameter("separator", type: .string, optional: true)],
      result: .stream(.record([:])), effect: .reads,
      summary: "The rows of a CSV file as records of texts; each remembers its line in `.source`."
    ) { machine, arguments in
      guard let name = arguments[0].string else { throw badArgument("csv", "path", "a text", arguments[0]) }
      let path = try session.files().reading(name)
      guard let separator = BuiltinTable.separator(arguments) else {
        throw badArgument("csv", "separator", "\",\", \";\" or a tab", arguments[1])
      }
      return machine.makeSource(CSVSource(path: path, name: name, separator: separator))
    }
    native(
      "ndjson", group: "files", [BuiltinParameter("path", type: .string)], result: .stream(.unknown), effect: .reads,
      summary: "The values of a file with one JSON value on each line."
    ) { machine, arguments in
      guard let name = arguments[0].string else { throw badArgument("ndjson", "path", "a text", arguments[0]) }
      return machine.makeSource(NDJSONSource(path: try session.files().reading(name), name: name))
    }
    native(
      "json", group: "files", [BuiltinParameter("path", type: .string)], result: .unknown, effect: .reads,
      summary: "The value in a JSON file."
    ) { machine, arguments in
      guard let name = arguments[0].string else { throw badArgument("json", "path", "a text", arguments[0]) }
      return try BuiltinTable.json(machine, try session.files().reading(name), name)
    }
  }

  private static func separator(_ arguments: Arguments) -> CSVSeparator? {
    guard arguments.has(1) else { return .comma }
    guard let text = arguments[1].string, text.utf8.count == 1, let byte = text.utf8.first else { return nil }
    return CSVSeparator(rawValue: byte)
  }

  static let jsonLimit = 256 << 20

  private static func json(_ machine: Machine, _ path: String, _ name: String) throws -> Value {
    let chunks = try FileChunks(path)
    var bytes: [UInt8] = []
    while let chunk = try chunks.next() {
      bytes += chunk
      if bytes.count > jsonLimit { throw FileFault.tooLarge(file: name, limit: jsonLimit) }
    }
    do throws(JSONFault) { return try JSONReader(machine: machine).read(bytes) } catch {
      let before = bytes.prefix(error.offset)
      let line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
      let column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
      throw FileFault.json(file: name, line: line, column: column, error)
    }
  }
}
