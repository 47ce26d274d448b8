/// The cells of one row, all in one buffer, which the reader fills again for each row.
public struct CSVRow: Sendable {
  /// The cells one after another, with one byte between two of them. A quoted cell still stands between its quotes, by
  /// which it is known, since no other cell may hold a quote; the second of two quotes inside it is already left out.
  public internal(set) var bytes: [UInt8] = []
  /// Where each cell ends in `bytes`: `count` of these count, the others are places for more.
  var ends = [Int](repeating: 0, count: 16)
  /// The number of cells; at least one.
  public internal(set) var count = 0
  /// The line on which the row's first character stands, counted from 1.
  public internal(set) var line = 1
  public init() {}

  /// Whether the row comes from an empty line.
  public var isBlank: Bool { bytes.isEmpty && count <= 1 }

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

  /// What `unguardedRange(of:)` gives for each cell, put into an array that has a place for each.
  public func unguardedRanges(into ranges: inout [Range<Int>]) {
    let (bytes, ends) = (bytes.span, ends.span)
    var ranges = ranges.mutableSpan
    var start = 0
    for index in 0..<count {
      let end = ends[index]
      let first = start < end ? bytes[start] : 0
      if first == UInt8(ascii: "\"") || first == FormulaGuard.mark {
        ranges[index] = unguardedRange(of: index)
      } else {
        ranges[index] = start..<end
      }
      start = end + 1
    }
  }

  /// All cells' texts without such marks.
  var unguardedTexts: [String] {
    (0..<count).map { String(decoding: bytes[unguardedRange(of: $0)], as: UTF8.self) }
  }

  /// All cells' texts.
  public var texts: [String] { (0..<count).map { text(of: $0) } }

  /// Where the cell that is being read begins.
  var openCellStart: Int { count == 0 ? 0 : ends[count - 1] + 1 }

  /// The cell that is being read ends here.
  mutating func endCell() {
    makeRoom()
    ends[count] = bytes.count
    count += 1
  }

  /// Makes places for as many cells again when there is none for one more.
  mutating func makeRoom() {
    if count == ends.count { ends.append(contentsOf: [Int](repeating: 0, count: ends.count)) }
  }

  mutating func removeAll(line: Int) {
    bytes.removeAll(keepingCapacity: true)
    count = 0
    self.line = line
  }
}
