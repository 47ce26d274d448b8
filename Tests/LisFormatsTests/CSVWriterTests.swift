import LisFormats
import TestSupport
import Testing

@Suite struct CSVWriterTests {
  func written(_ cells: [CSVCell], _ writer: CSVWriter = CSVWriter()) -> String {
    var bytes: [UInt8] = []
    writer.append(cells, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("plain", "plain"), ("", "\"\""), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("a\nb", "\"a\nb\""),
    ("a\rb", "\"a\rb\""), ("a;b", "a;b"), ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-5", "'-5"), ("@x", "'@x"),
    ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("=a,\"b\"", "\"'=a,\"\"b\"\"\""), ("a=1", "a=1"), (" =1", " =1"),
    ("\u{feff}x", "\"\u{feff}x\""), ("\n=1", "\"'\n=1\""), ("＝1", "'＝1"), ("＂1", "＂1"), ("'=1", "''=1"), ("'a", "'a"),
    ("''-", "'''-"), ("'", "'"),
  ])
  func quotesAndNeutralises(_ text: String, _ cell: String) {
    #expect(written([.text(text)]) == cell + "\n")
  }

  @Test func numbersAreLeftAlone() {
    #expect(written([.verbatim("-5"), .verbatim("1.10"), .text("-5"), .verbatim("")]) == "-5,1.10,'-5,\n")
  }

  @Test func options() {
    let writer = CSVWriter(separator: .semicolon, lineEnd: .carriageReturnLineFeed, neutralising: false)
    #expect(written([.text("a;b"), .text("=1"), .text("1,5")], writer) == "\"a;b\";=1;1,5\r\n")
    #expect(written([]) == "\n")
  }

  @Test func everythingWrittenIsReadBack() throws {
    var generator = SeededGenerator.announced("everythingWrittenIsReadBack")
    let pieces = ["a", ",", "\"", "\n", "\r", "\r\n", ";", "\t", " ", "ä", "日", "😀", "\u{feff}", "'", "="]
    let ends = [CSVWriter.LineEnd.lineFeed, .carriageReturnLineFeed]
    for _ in 0..<400 {
      let separator = CSVSeparator.allCases[Int.random(in: 0..<3, using: &generator)]
      let end = ends[Int.random(in: 0..<2, using: &generator)]
      let writer = CSVWriter(separator: separator, lineEnd: end, neutralising: false)
      let columns = Int.random(in: 1...4, using: &generator)
      let rows = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
        (0..<columns).map { _ in
          (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            pieces[Int.random(in: 0..<pieces.count, using: &generator)]
          }.joined()
        }
      }
      var bytes: [UInt8] = []
      for row in rows { writer.append(row.map(CSVCell.text), to: &bytes) }
      for boundary in 0...bytes.count {
        guard
          case .rows(let read, _) = try CSVOutcome.reading(
            bytes, chunks: [boundary, bytes.count], separator: separator)
        else {
          Issue.record("refused: \(bytes) at \(boundary)")
          break
        }
        let same = read.map { $0.map { Array($0.utf8) } } == rows.map { $0.map { Array($0.utf8) } }
        #expect(same, "\(bytes) at \(boundary)")
      }
    }
  }

  /// Whatever a cell begins with, it comes back as it was, and no spreadsheet would run what stands in the file.
  @Test func whatIsGuardedIsReadBack() throws {
    var generator = SeededGenerator.announced("whatIsGuardedIsReadBack")
    let pieces = ["'", "=", "+", "-", "@", "\t", "\n", "＝", "＠", "a", "1", "\"", ",", "é"]
    for _ in 0..<2000 {
      let texts = (0..<2).map { _ in
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
          .joined()
      }
      var bytes: [UInt8] = []
      CSVWriter().append([.text("x"), .text("y")], to: &bytes)
      CSVWriter().append(texts.map(CSVCell.text), to: &bytes)
      var chunk: [UInt8]? = bytes
      var records = try CSVRecords {
        defer { chunk = nil }
        return chunk
      }
      var row = CSVRow()
      #expect(try records.next(into: &row))
      for index in 0..<2 {
        #expect(row.bytes[row.unguardedRange(of: index)].elementsEqual(texts[index].utf8), "\(texts)")
        let first = row.text(of: index).unicodeScalars.first
        #expect(first.map { !"=+-@\t\n\r＝＋－＠".unicodeScalars.contains($0) } ?? true, "\(texts)")
      }
    }
  }
}
