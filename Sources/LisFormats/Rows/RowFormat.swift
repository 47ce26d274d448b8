import LisCore

/// LisFormats: values and text become bytes of a file or a terminal, and bytes of files become cells. No file is opened
/// here.

/// The forms in which rows leave lis.
public enum RowFormat: String, CaseIterable, Sendable {
  case table, ndjson, json, csv, tsv, md

  /// By the ending of a file's name; nil for one that says nothing.
  public init?(fileName: String) {
    guard let dot = fileName.lastIndex(of: ".") else { return nil }
    switch fileName[fileName.index(after: dot)...].lowercased() {
    case "ndjson", "jsonl": self = .ndjson
    case "json": self = .json
    case "csv": self = .csv
    case "tsv": self = .tsv
    case "md": self = .md
    case "txt": self = .table
    default: return nil
    }
  }
}

/// Writes rows one after another in one of the forms. The columns of the table forms are those of the first row; values
/// of later rows under other names have no column; `lost` says so.
public struct RowWriter {
  public let format: RowFormat
  private let machine: Machine
  /// Cells of a terminal line; nil for no bound.
  private let width: Int?
  private let json: ValueJSON
  private var columns: [String]?
  private var table: [[String]] = []
  private var isNumeric: [Bool] = []
  public private(set) var rows = 0
  /// The first field of a row for which there is no column.
  public private(set) var lost: (row: Int, field: String)?
  private let csv = CSVWriter()
  /// Columns of a file that gets no row, where the program says which there would be.
  private let expected: [String]

  /// Rows that a table shows; the others are counted.
  public static let tableLimit = 1_000

  /// - Parameter expected: names of the columns, for a file that gets no row; empty where nobody knows.
  public init(_ format: RowFormat, machine: Machine, width: Int? = nil, expected: [String] = []) {
    self.expected = expected
    self.format = format
    self.machine = machine
    self.width = width
    json = ValueJSON(machine: machine)
  }

  public mutating func append(_ row: Value, to bytes: inout [UInt8]) {
    rows += 1
    switch format {
    case .ndjson:
      json.append(row, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    case .json:
      bytes.append(contentsOf: (rows == 1 ? "[\n  " : ",\n  ").utf8)
      json.append(row, to: &bytes)
    case .csv: appendCSV(row, to: &bytes)
    case .tsv:
      if begin(row) { TabSeparatedText.append((columns ?? []).map { cell($0) }, to: &bytes) }
      TabSeparatedText.append(fileCells(row), to: &bytes)
    case .table, .md:
      begin(row)
      if table.count < RowWriter.tableLimit || format == .md { table.append(cells(row)) }
    }
  }

  /// What comes after the last row.
  public mutating func finish(to bytes: inout [UInt8]) {
    let titles = (columns ?? []).enumerated().map { TableColumn($0.element, alignsRight: isNumeric[$0.offset]) }
    switch format {
    case .json: bytes.append(contentsOf: (rows == 0 ? "[]\n" : "\n]\n").utf8)
    case .table:
      if rows == 0 { return }
      for line in TerminalTable(columns: titles, rows: table).lines(maximumWidth: width, totalRows: rows) {
        bytes.append(contentsOf: (line + "\n").utf8)
      }
    case .md:
      for line in MarkdownTable(columns: titles, rows: table).lines { bytes.append(contentsOf: (line + "\n").utf8) }
    case .csv: if rows == 0, !expected.isEmpty { csv.append(expected.map { cell($0) }, to: &bytes) }
    case .tsv: if rows == 0, !expected.isEmpty { TabSeparatedText.append(expected.map { cell($0) }, to: &bytes) }
    case .ndjson: break
    }
  }

  /// - Returns: whether this was the first row, which names the columns.
  @discardableResult
  private mutating func begin(_ row: Value) -> Bool {
    guard columns == nil else { return false }
    let fields = machine.fields(row)
    columns = row.type == .record ? fields.map(\.name) : ["value"]
    isNumeric = row.type == .record ? fields.map { $0.value.type == .number } : [row.type == .number]
    return true
  }

  private mutating func values(_ row: Value) -> [Value] {
    let columns = columns ?? []
    guard row.type == .record else { return [row] }
    let values = columns.map { machine.field(row, $0) }
    let found = values.reduce(0) { $0 + ($1 == nil ? 0 : 1) }
    if lost == nil, found < machine.fieldCount(row) {
      lost = machine.fieldNames(row).first { !columns.contains($0) }.map { (rows, $0) }
    }
    return values.map { $0 ?? .null }
  }

  private mutating func cells(_ row: Value) -> [String] {
    values(row).map { $0.type == .null ? "" : machine.text(of: $0) }
  }

  private mutating func appendCSV(_ row: Value, to bytes: inout [UInt8]) {
    if begin(row) { csv.append((columns ?? []).map { cell($0) }, to: &bytes) }
    csv.append(fileCells(row), to: &bytes)
  }

  private mutating func fileCells(_ row: Value) -> [CSVCell] {
    values(row).map { value in
      switch value.type {
      case .null: .text("")
      case .number, .bool: .verbatim(machine.text(of: value))
      case .list, .record: cell(jsonText(value))
      default: cell(machine.text(of: value))
      }
    }
  }

  /// On a terminal nothing in a text may steer it; in a file the text is what it is.
  private func cell(_ text: String) -> CSVCell { .text(width == nil ? text : text.escapedForDisplay) }

  private func jsonText(_ value: Value) -> String {
    var bytes: [UInt8] = []
    json.append(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
