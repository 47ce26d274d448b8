import LisCompiler
import LisCore
import LisFormats

/// Rows from files.
extension BuiltinTable {
  mutating func addFiles() {
    let session = self.session
    addCSV()
    native(
      "ndjson", group: "files", [BuiltinParameter("path", type: .string)], result: .stream(.unknown), effect: .reads,
      summary: "The values of a file with one JSON value on each line.",
      examples: [.init("ndjson(\"prices.ndjson\") | count", "2")]
    ) { machine, arguments in
      guard let name = arguments[0].string else { throw badArgument("ndjson", "path", "a text", arguments[0]) }
      return machine.makeSource(NDJSONSource(path: try session.files().reading(name), name: name))
    }
    native(
      "json", group: "files", [BuiltinParameter("path", type: .string)], result: .unknown, effect: .reads,
      summary: "The value in a JSON file. Records of an array remember their line in `.source`.",
      examples: [.init("json(\"prices.json\")[0].price", "46.50")]
    ) { machine, arguments in
      guard let name = arguments[0].string else { throw badArgument("json", "path", "a text", arguments[0]) }
      return try BuiltinTable.json(machine, try session.files().reading(name), name)
    }
    native(
      "json_rows", group: "files", [BuiltinParameter("path", type: .string)], result: .stream(.unknown),
      effect: .reads, summary: "The elements of the array in a JSON file, read one by one, however large it is.",
      examples: [.init("json_rows(\"prices.json\") | sum(.price)", "76.75")]
    ) { machine, arguments in
      guard let name = arguments[0].string else { throw badArgument("json_rows", "path", "a text", arguments[0]) }
      return machine.makeSource(JSONArraySource(path: try session.files().reading(name), name: name))
    }
  }

  private mutating func addCSV() {
    let session = self.session
    native(
      "csv", group: "files",
      [
        BuiltinParameter("path", type: .string), BuiltinParameter("separator", type: .string, optional: true),
        BuiltinParameter("header", type: .list(.string), optional: true),
      ], result: .stream(.record([:])), effect: .reads,
      summary: "The rows of a CSV file as records of texts; each remembers its line in `.source`. The first line names "
        + "the columns, or `header` does where the file has no such line.",
      examples: [.init("csv(\"prices.csv\") | map .sku | list", "[\"SRV-1\", \"SRV-3\"]")]
    ) { machine, arguments in
      guard let name = arguments[0].string else { throw badArgument("csv", "path", "a text", arguments[0]) }
      let path = try session.files().reading(name)
      guard let separator = BuiltinTable.separator(arguments) else {
        throw badArgument("csv", "separator", "\",\", \";\" or a tab", arguments[1])
      }
      return machine.makeSource(
        CSVSource(path: path, name: name, separator: separator, names: try BuiltinTable.header(machine, arguments)))
    }
  }

  private static func separator(_ arguments: Arguments) -> CSVSeparator? {
    guard arguments.has(1), arguments[1].type != .null else { return .comma }
    guard let text = arguments[1].string, text.utf8.count == 1, let byte = text.utf8.first else { return nil }
    return CSVSeparator(rawValue: byte)
  }

  private static func header(_ machine: Machine, _ arguments: Arguments) throws -> [String]? {
    guard arguments.has(2), arguments[2].type != .null else { return nil }
    let names = arguments[2].items?.map(\.string) ?? [nil]
    guard !names.isEmpty, !names.contains(nil) else {
      throw badArgument("csv", "header", "a list of names", arguments[2])
    }
    return names.compactMap { $0 }
  }

  static let jsonLimit = 256 << 20

  private static func json(_ machine: Machine, _ path: String, _ name: String) throws -> Value {
    let chunks = try FileChunks(path)
    var bytes: [UInt8] = []
    while let chunk = try chunks.next(machine) {
      bytes += chunk
      if bytes.count > jsonLimit { throw FileFault.tooLarge(file: name, limit: jsonLimit) }
    }
    if TextStart.isUTF16(bytes) { throw FileFault.utf16(file: name) }
    let text = bytes[(bytes.starts(with: TextStart.mark) ? TextStart.mark.count : 0)...]
    let value: Value
    do throws(JSONFault) { value = try JSONReader(machine: machine).read(text) } catch {
      let place = TextPlace(text, offset: error.offset)
      throw FileFault.json(file: name, JSONFileFault(place: place, problem: .json(error.reason)))
    }
    if let rows = value.items { try placeRows(rows, of: bytes, machine, name) }
    return value
  }

  /// Tells the records of an array on which lines they begin.
  private static func placeRows(_ rows: [Value], of bytes: [UInt8], _ machine: Machine, _ name: String) throws {
    guard rows.contains(where: { $0.type == .record }) else { return }
    let source = machine.registerSource(name)
    var lines = try JSONElements.lines(of: bytes) { try machine.work(4 + $0 / 16) }.makeIterator()
    for row in rows { _ = machine.withOrigin(row, source: source, line: lines.next() ?? 0) }
  }
}
