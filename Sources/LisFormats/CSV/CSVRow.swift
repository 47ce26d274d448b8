/// The cells of one row, all in one buffer, which the reader fills again for each row.
public struct CSVRow: Sendable {
  /// The cells one after another, with one byte between two of them. A quoted cell still stands between its quotes, by
  /// which it is known, since no other cell may hold a quote; the second of two quotes inside it is already left out.
  public internal(set) var bytes: [UInt8] = []
  /// Where each cell ends in `bytes`.
  var ends: [Int] = []
  /// The line on which the row's first character stands, counted from 1.
  public internal(set) var line = 1
  public init() {}

  /// The number of cells; at least one.
  public var count: Int { ends.count }

  /// Whether the row comes from an empty line.
  public var isBlank: Bool { bytes.isEmpty && ends.count <= 1 }

  /// Where in `bytes` the text of a cell stands, as UTF-8 and without its quotes.
  /// - Parameter index: from 0 to `count` - 1.
  public func range(of index: Int) -> Range<Int> {
    let start = index == 0 ? 0 : ends[index - 1] + 1
    let end = ends[index]
    return start < end && bytes[start] == UInt8(ascii: "\"") ? (start + 1)..<(end - 1) : start..<end
  }

  /// A cell's text.
  public func text(of index: Int) -> String { String(decoding: bytes[range(of: index)], as: UTF8.self) }

  /// As `range(of:)`, without the mark that `CSVWriter` puts before a text which a spreadsheet would run.
  public func unguardedRange(of index: Int) -> Range<Int> {
    let range = range(of: index)
    guard !range.isEmpty, bytes[range.lowerBound] == FormulaGuard.mark, FormulaGuard.isGuarded(bytes[range]) else {
      return range
    }
    return (range.lowerBound + 1)..<range.upperBound
  }

  /// All cells' texts without such marks.
  var unguardedTexts: [String] {
    ends.indices.map { String(decoding: bytes[unguardedRange(of: $0)], as: UTF8.self) }
  }

  /// All cells' texts.
  public var texts: [String] { ends.indices.map { text(of: $0) } }

  /// Where the cell that is being read begins.
  var openCellStart: Int { ends.last.map { $0 + 1 } ?? 0 }

  mutating func removeAll(line: Int) {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    self.line = line
  }
}
