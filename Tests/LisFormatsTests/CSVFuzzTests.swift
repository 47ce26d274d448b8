import TestSupport
import Testing

@testable import LisFormats

/// The reader finds cells eight bytes at a time and in chunks of any size. A reader that looks at one byte after another
/// and has the whole text says what it should find.
@Suite struct CSVFuzzTests {
  /// One character after another, as RFC 4180 describes it; nil for what is malformed.
  struct PlainReader {
    private let text: [Unicode.Scalar]
    private let separator: Unicode.Scalar
    private var place = 0
    private var line = 1

    init(_ text: String, _ separator: Unicode.Scalar) {
      self.text = Array(text.unicodeScalars)
      self.separator = separator
    }

    mutating func rows() -> CSVOutcome? {
      var rows: [[String]] = []
      var lines: [Int] = []
      while place < text.count {
        lines.append(line)
        var row: [String] = []
        repeat {
          guard let cell = cell() else { return nil }
          row.append(cell)
        } while take(separator)
        _ = takeLineEnd()
        rows.append(row)
      }
      return .rows(rows, lines: lines)
    }

    private mutating func cell() -> String? {
      var cell = String.UnicodeScalarView()
      if take("\"") {
        while !take("\"") || take("\"", into: &cell) {
          guard place < text.count else { return nil }
          if text[place] == "\"" { continue }
          if let end = takeLineEnd() { cell.append(contentsOf: end) } else { take(into: &cell) }
        }
        return isAtCellEnd ? String(cell) : nil
      }
      while !isAtCellEnd {
        if text[place] == "\"" { return nil }
        take(into: &cell)
      }
      return String(cell)
    }

    private var isAtCellEnd: Bool {
      place == text.count || text[place] == separator || text[place] == "\r" || text[place] == "\n"
    }

    private mutating func take(into cell: inout String.UnicodeScalarView) {
      cell.append(text[place])
      place += 1
    }

    private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
      guard place < text.count, text[place] == wanted else { return false }
      place += 1
      return true
    }

    private mutating func take(_ wanted: Unicode.Scalar, into cell: inout String.UnicodeScalarView) -> Bool {
      guard take(wanted) else { return false }
      cell.append(wanted)
      return true
    }

    private mutating func takeLineEnd() -> [Unicode.Scalar]? {
      let start = place
      if take("\r") { _ = take("\n") } else if !take("\n") { return nil }
      line += 1
      return Array(text[start..<place])
    }
  }

  /// What a text gives, whole and in chunks; the rows are those of the plain reader.
  private func check(_ text: String, chunkings: [[Int]], separator: CSVSeparator = .comma) throws {
    let bytes = Array(text.utf8)
    var plain = PlainReader(text, Unicode.Scalar(separator.rawValue))
    let whole = try CSVOutcome.reading(bytes, chunks: [], separator: separator)
    if let wanted = plain.rows() {
      guard whole == wanted else {
        Issue.record("\(text.prefix(300).debugDescription) gives other rows")
        return
      }
    } else if case .rows = whole {
      Issue.record("\(text.prefix(300).debugDescription) is taken")
    }
    for chunks in chunkings {
      // No macro around it: this runs more than a hundred thousand times.
      if try CSVOutcome.reading(bytes, chunks: chunks, separator: separator) != whole {
        Issue.record("\(text.prefix(300).debugDescription) in chunks of \(chunks.prefix(20))")
      }
    }
  }

  static let alphabet: [String] = [",", ";", "\"", "\r", "\n", "a", "é"]

  @Test func everyShortTextInEverySplit() throws {
    var texts = [""]
    for length in 0...5 {
      for text in texts {
        let count = text.utf8.count
        try check(text, chunkings: (0...count).map { [$0, count + 1] } + [[1]])
      }
      if length < 5 { texts = texts.flatMap { text in CSVFuzzTests.alphabet.map { text + $0 } } }
    }
  }

  /// Around the places where the row gets room for more cells, and the eight bytes that are looked at together.
  @Test func rowsThatGrowInEverySplit() throws {
    for count in [7, 8, 15, 16, 17, 31, 32, 33, 64, 65] {
      for cell in ["", "a", "é", "\"\"", "\"a,\""] {
        let text = [String](repeating: cell, count: count).joined(separator: ",") + "\n,x"
        let size = text.utf8.count
        try check(text, chunkings: (0...size).map { [$0, size] } + [[1], [2], [8]])
      }
    }
  }

  @Test func longRandomTexts() throws {
    var generator = SeededGenerator.announced("longRandomTexts")
    for round in 0..<36 {
      let text = CSVFuzzTests.text(round % 3, &generator)
      let sizes = (0..<40).map { _ in Int.random(in: 0...70, using: &generator) } + [1]
      let long = [Int.random(in: 1...20_000, using: &generator)]
      try check(text, chunkings: [sizes, long], separator: Bool.random(using: &generator) ? .comma : .semicolon)
    }
  }

  /// 0: any characters; 1: none of them a quote; 2: cells that are right for commas, many of them in quotes.
  private static func text(_ kind: Int, _ generator: inout SeededGenerator) -> String {
    let size = 1 << Int.random(in: 4...16, using: &generator)
    let letters = [" ", "a", "é", "😀"] + (kind == 1 ? alphabet.filter { $0 != "\"" } : alphabet)
    var text = ""
    var count = 0
    while count < size {
      var part = letters[Int.random(in: 0..<letters.count, using: &generator)]
      if kind == 2 {
        let inside = (0..<Int.random(in: 0...9, using: &generator)).map { _ in
          let letter = letters[Int.random(in: 0..<letters.count, using: &generator)]
          return letter == "\"" ? "\"\"" : letter
        }
        part = "\"\(inside.joined())\"" + [",", "\n", "\r\n"][Int.random(in: 0..<3, using: &generator)]
      }
      text += part
      count += part.utf8.count
    }
    return text
  }

  /// What a row keeps is in proportion to what stands in it.
  @Test func aRowKeepsNoMoreThanItHolds() throws {
    for size in [1, 3, 8, 4096] {
      var rest = Array((String(repeating: ",a", count: 5_000) + "\n").utf8)[...]
      var reader = CSVReader {
        defer { rest = rest.dropFirst(size) }
        return rest.isEmpty ? nil : Array(rest.prefix(size))
      }
      var row = CSVRow()
      #expect(try reader.next(into: &row))
      #expect(row.count == 5_001 && row.ends.count <= 2 * row.count && row.bytes.capacity <= 4 * row.bytes.count)
    }
  }
}
