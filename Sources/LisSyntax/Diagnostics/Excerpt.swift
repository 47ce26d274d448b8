/// One line of a source laid out in cells, with the cells that belong to each byte: what carets are drawn under.
struct Excerpt {
  /// The printed line, without trailing blanks.
  private(set) var text = ""
  /// The first cell of every byte offset of the window, and the cell behind the last.
  private var cells: [Int] = []
  /// Offset of the first byte shown.
  private let lower: Int
  private let upper: Int
  private var width = 0

  /// Lines longer than this are cut around what is pointed at.
  static let widthLimit = 100
  /// How much is shown in front of and behind the place in a line that is cut, in bytes.
  private static let context = 40

  /// - Parameters:
  ///   - line: Counted from 1.
  ///   - focus: The bytes that must be seen if they fit.
  init(_ source: SourceText, line: Int, focus: Span) {
    let range = source.lineBytes(line)
    var lower = range.lower
    var upper = range.upper
    if upper - lower > Excerpt.widthLimit {
      let start = min(max(focus.lower, lower), upper)
      let end = min(max(focus.upper, start), upper)
      lower = max(lower, start - Excerpt.context)
      upper = min(upper, max(min(end, start + Excerpt.context) + Excerpt.context, lower + Excerpt.widthLimit))
      lower = source.scalarStart(lower)
      upper = source.scalarStart(upper)
    }
    self.lower = lower
    self.upper = upper
    if lower > range.lower { append("…", 1) }
    layOut(source)
    if upper < range.upper { append("…", 1) }
    while text.last == " " { text.removeLast() }
  }

  /// Whether a place is in the part of the line that is shown.
  func shows(_ offset: Int) -> Bool { offset >= lower && offset <= upper }

  /// The cell at which the byte is shown; places outside count as the nearest shown.
  func cell(of offset: Int) -> Int {
    cells[min(max(offset, lower), upper) - lower]
  }

  private mutating func append(_ shown: String, _ cells: Int) {
    text += shown
    width += cells
  }

  private mutating func layOut(_ source: SourceText) {
    cells.reserveCapacity(upper - lower + 1)
    var stacked = 0
    for scalar in String(decoding: source.bytes[lower..<upper], as: UTF8.self).unicodeScalars {
      for _ in 0..<UTF8.width(scalar) { cells.append(width) }
      if scalar == "\t" {
        let fill = CellText.tabWidth - width % CellText.tabWidth
        append(String(repeating: " ", count: fill), fill)
        continue
      }
      let width = CellText.width(scalar)
      stacked = width == 0 ? stacked + 1 : 0
      // A few marks make a letter; a tower of them would run over the lines around.
      if stacked <= 3 { append(CellText.visible(scalar), width) }
    }
    while cells.count < upper - lower + 1 { cells.append(width) }
  }
}

extension SourceText {
  /// The bytes of a line, counted from 1, without its line end.
  func lineBytes(_ number: Int) -> Span {
    guard number >= 1, number <= lineStarts.count else { return Span(bytes.count, bytes.count) }
    let lower = lineStarts[number - 1]
    var upper = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if upper > lower, bytes[upper - 1] == UInt8(ascii: "\r") { upper -= 1 }
    return Span(lower, upper)
  }

  /// The offset itself, or the beginning of the scalar it falls into.
  func scalarStart(_ offset: Int) -> Int {
    var offset = min(max(offset, 0), bytes.count)
    while offset > 0, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }

  /// The line of an offset, counted from 1.
  func lineNumber(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    return low + 1
  }
}
