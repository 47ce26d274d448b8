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

/// Reads a CSV file whose first row names the columns. Empty lines are passed over; every other row must have as many
/// cells as the header.
public struct CSVRecords {
  public let header: CSVHeader
  private var reader: CSVReader

  /// Reads the header.
  /// - Throws: `CSVFault`, or what the source of the chunks throws.
  public init(
    separator: CSVSeparator = .comma, limits: CSVLimits = CSVLimits(), nextChunk: @escaping () throws -> [UInt8]?
  ) throws {
    reader = CSVReader(separator: separator, limits: limits, nextChunk: nextChunk)
    var row = CSVRow()
    guard try reader.next(into: &row), !row.isBlank else { throw CSVFault.noHeader }
    header = try CSVHeader(row.texts)
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
