/// The names in the first row of a CSV file.
public struct CSVHeader: Equatable, Sendable {
  public let names: [String]

  /// - Throws: `CSVFault.emptyName` or `duplicateName`; columns count from 1.
  public init(_ names: [String]) throws(CSVFault) {
    var columns: [[UInt8]: Int] = [:]
    for (index, name) in names.enumerated() {
      if name.isEmpty { throw .emptyName(column: index + 1) }
      // Swift's own equality of strings ignores how accents are composed; names are compared byte by byte.
      if let first = columns.updateValue(index + 1, forKey: Array(name.utf8)) {
        throw .duplicateName(name, first: first, second: index + 1)
      }
    }
    self.names = names
  }
}

/// Reads a CSV file whose first row names the columns, or whose columns are named by the caller. Empty lines are passed
/// over; every other row must have as many cells as there are names.
public struct CSVRecords {
  public let header: CSVHeader
  private var reader: CSVReader

  /// Reads the header, unless there are names for a file without one.
  /// - Throws: `CSVFault`, or what the source of the chunks throws.
  public init(
    separator: CSVSeparator = .comma, names: [String]? = nil, limits: CSVLimits = CSVLimits(),
    nextChunk: @escaping () throws -> [UInt8]?
  ) throws {
    reader = CSVReader(separator: separator, limits: limits, nextChunk: nextChunk)
    if let names {
      header = try CSVHeader(names)
      return
    }
    var row = CSVRow()
    guard try reader.next(into: &row), !row.isBlank else { throw CSVFault.noHeader }
    try CSVRecords.checkSeparator(row, separator)
    header = try CSVHeader(row.unguardedTexts)
  }

  /// A file with another separator would be read as one column, all of whose fields a program misses.
  private static func checkSeparator(_ row: CSVRow, _ separator: CSVSeparator) throws(CSVFault) {
    if row.bytes.count == 5, row.bytes.starts(with: "sep=".utf8) { throw .separatorLine }
    guard row.count == 1, row.bytes.first != UInt8(ascii: "\"") else { return }
    for other in CSVSeparator.allCases where other != separator && row.bytes.contains(other.rawValue) {
      throw .otherSeparator(other)
    }
  }

  /// Reads the next row into `row`, or returns false at the end of the file.
  /// - Throws: `CSVFault`, or what the source of the chunks throws.
  public mutating func next(into row: inout CSVRow) throws -> Bool {
    repeat {
      guard try reader.next(into: &row) else { return false }
    } while row.isBlank
    guard row.count == header.names.count else {
      throw CSVFault.wrongCellCount(line: row.line, expected: header.names.count, found: row.count)
    }
    return true
  }
}
