import LisFormats
import TestSupport
import Testing

/// What a file gives when it is read to its end.
enum CSVOutcome: Equatable {
  case rows([[String]], lines: [Int])
  case fault(CSVFault)

  static func reading(
    _ bytes: [UInt8], chunks sizes: [Int], separator: CSVSeparator = .comma, limits: CSVLimits = CSVLimits()
  ) throws -> CSVOutcome {
    var rest = bytes[...]
    var nextSize = 0
    var reader = CSVReader(separator: separator, limits: limits) {
      if rest.isEmpty { return nil }
      let size = sizes.isEmpty ? rest.count : sizes[nextSize % sizes.count]
      nextSize += 1
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
    var rows: [[String]] = []
    var lines: [Int] = []
    var row = CSVRow()
    do {
      while try reader.next(into: &row) {
        rows.append(row.texts)
        lines.append(row.line)
      }
    } catch let fault as CSVFault {
      return .fault(fault)
    }
    return .rows(rows, lines: lines)
  }
}

@Suite struct CSVReaderTests {
  static func place(_ line: Int, _ column: Int, _ cell: Int) -> CSVPosition {
    CSVPosition(line: line, column: column, cell: cell)
  }

  static let wellFormed: [(text: String, rows: [[String]], lines: [Int])] = [
    ("", [], []), ("a", [["a"]], [1]), ("a\n", [["a"]], [1]), ("a,b\nc,d\n", [["a", "b"], ["c", "d"]], [1, 2]),
    ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]], [1, 2]), ("a,b\rc,d\r", [["a", "b"], ["c", "d"]], [1, 2]),
    ("a,b\nc,d", [["a", "b"], ["c", "d"]], [1, 2]), (",", [["", ""]], [1]), (",\n", [["", ""]], [1]),
    ("a,", [["a", ""]], [1]), (",a", [["", "a"]], [1]), ("\n", [[""]], [1]), ("\n\n", [[""], [""]], [1, 2]),
    ("a\n\nb", [["a"], [""], ["b"]], [1, 2, 3]), ("\"\"", [[""]], [1]), ("\"\",\"\"", [["", ""]], [1]),
    ("\"a\"", [["a"]], [1]), ("\"a,b\",c", [["a,b", "c"]], [1]), ("\"a\"\"b\"", [["a\"b"]], [1]),
    ("\"\"\"\"", [["\""]], [1]), ("\"\"\"a\"\"\"", [["\"a\""]], [1]), ("\"\"\"\"\"\"", [["\"\""]], [1]),
    ("\"a\nb\",c\nd,e", [["a\nb", "c"], ["d", "e"]], [1, 3]), ("\"a\r\nb\"\r\nc", [["a\r\nb"], ["c"]], [1, 3]),
    ("\"a\rb\"\rc", [["a\rb"], ["c"]], [1, 3]), ("\"\n\n\n\"\nx", [["\n\n\n"], ["x"]], [1, 5]),
    (" a , b ", [[" a ", " b "]], [1]), ("'a','b'", [["'a'", "'b'"]], [1]), ("a;b\tc", [["a;b\tc"]], [1]),
    ("\u{feff}a,b", [["a", "b"]], [1]), ("\u{feff}\"a\",b", [["a", "b"]], [1]), ("\u{feff}", [[""]], [1]),
    ("a,\u{feff}b", [["a", "\u{feff}b"]], [1]), ("äöü,日本語,😀", [["äöü", "日本語", "😀"]], [1]),
    ("\"日,本\"\n\"😀\"\"\"", [["日,本"], ["😀\""]], [1, 2]), ("\r\n", [[""]], [1]),
    ("\n\r", [[""], [""]], [1, 2]), ("\"a\"\r\"b\"\r\n\"c\"", [["a"], ["b"], ["c"]], [1, 2, 3]),
    ("\\n,\\\\", [["\\n", "\\\\"]], [1]),
    ("=1+1,+2", [["=1+1", "+2"]], [1]), ("\u{1}\u{7f}", [["\u{1}\u{7f}"]], [1]),
  ]

  @Test(arguments: wellFormed)
  func readsWhole(_ text: String, _ rows: [[String]], _ lines: [Int]) throws {
    #expect(try CSVOutcome.reading(Array(text.utf8), chunks: []) == .rows(rows, lines: lines))
  }

  static let malformed: [(bytes: [UInt8], fault: CSVFault)] = [
    (Array("a\"b".utf8), .strayQuote(place(1, 2, 1))), (Array("x,a\"\n".utf8), .strayQuote(place(1, 4, 2))),
    (Array("a\\\"b".utf8), .strayQuote(place(1, 3, 1))),
    (Array("a\n b\"\"".utf8), .strayQuote(place(2, 3, 1))), (Array("ä,ö\"".utf8), .strayQuote(place(1, 4, 2))),
    (Array("\"a\"b".utf8), .textAfterQuote(place(1, 4, 1))), (Array("x,\"a\" ,".utf8), .textAfterQuote(place(1, 6, 2))),
    (Array("\"a\nbb\"c".utf8), .textAfterQuote(place(2, 4, 1))),
    (Array("\"a\"é".utf8), .textAfterQuote(place(1, 4, 1))),
    (Array("\"".utf8), .unterminatedQuote(place(1, 1, 1))),
    (Array("a,\"b\nc".utf8), .unterminatedQuote(place(1, 3, 2))),
    (Array("\"a\"\"".utf8), .unterminatedQuote(place(1, 1, 1))),
    (Array("日\n日,\"\r".utf8), .unterminatedQuote(place(2, 3, 2))),
    (Array("ab\u{0}".utf8), .nulByte(place(1, 3, 1))), (Array("\"a\u{0}\"".utf8), .nulByte(place(1, 3, 1))),
    ([0x61, 0xff], .invalidUTF8(place(1, 2, 1))), ([0xff, 0xfe, 0x61, 0x00], .utf16),
    ([0xfe, 0xff, 0x00, 0x61], .utf16), ([0xff], .invalidUTF8(place(1, 1, 1))),
    ([0xff, 0x61], .invalidUTF8(place(1, 1, 1))), ([0x61, 0xff, 0xfe], .invalidUTF8(place(1, 2, 1))),
    ([0x61, 0x0a, 0xc3], .invalidUTF8(place(2, 1, 1))), ([0xc3, 0x2c], .invalidUTF8(place(1, 1, 1))),
    ([0x22, 0xc3, 0x22], .invalidUTF8(place(1, 2, 1))), ([0xc0, 0x80], .invalidUTF8(place(1, 1, 1))),
    ([0xed, 0xa0, 0x80], .invalidUTF8(place(1, 1, 1))), ([0xf4, 0x90, 0x80, 0x80], .invalidUTF8(place(1, 1, 1))),
    ([0xe0, 0x80, 0x80], .invalidUTF8(place(1, 1, 1))), ([0x80], .invalidUTF8(place(1, 1, 1))),
    ([0x2c, 0xc3, 0xa4, 0xf0, 0x9f], .invalidUTF8(place(1, 3, 2))),
  ]

  @Test(arguments: malformed)
  func refusesMalformed(_ bytes: [UInt8], _ fault: CSVFault) throws {
    #expect(try CSVOutcome.reading(bytes, chunks: []) == .fault(fault))
    #expect(fault.description.hasPrefix("line "))
  }

  @Test func chunkBoundariesDoNotMatter() throws {
    let inputs = CSVReaderTests.wellFormed.map { Array($0.text.utf8) } + CSVReaderTests.malformed.map(\.bytes)
    for bytes in inputs {
      let whole = try CSVOutcome.reading(bytes, chunks: [])
      #expect(try CSVOutcome.reading(bytes, chunks: [1]) == whole)
      #expect(try CSVOutcome.reading(bytes, chunks: [0, 2, 0, 0, 1]) == whole)
      for boundary in 0...bytes.count {
        #expect(try CSVOutcome.reading(bytes, chunks: [boundary, bytes.count]) == whole, "\(bytes) at \(boundary)")
      }
    }
  }

  @Test func otherSeparators() throws {
    let semicolon = try CSVOutcome.reading(Array("a;\"b;c\";1,5\n".utf8), chunks: [], separator: .semicolon)
    #expect(semicolon == .rows([["a", "b;c", "1,5"]], lines: [1]))
    let tab = try CSVOutcome.reading(Array("a\t\"b\tc\"\t\n".utf8), chunks: [], separator: .tab)
    #expect(tab == .rows([["a", "b\tc", ""]], lines: [1]))
  }

  @Test func limitsHoldHoweverTheBytesArrive() throws {
    let limits = CSVLimits(cellBytes: 10, columns: 3)
    let exact = Array("0123456789,b,c\n".utf8)
    let long = Array("a,0123456789x,c\n".utf8)
    let open = Array("a,b\nc,\"\n0123456789,\n,".utf8) + [UInt8](repeating: 0x61, count: 100)
    let many = Array("a,b\n1,2,3,4\n".utf8)
    for chunks in [[], [1], [7]] {
      #expect(
        try CSVOutcome.reading(exact, chunks: chunks, limits: limits)
          == .rows([["0123456789", "b", "c"]], lines: [1]))
      #expect(
        try CSVOutcome.reading(long, chunks: chunks, limits: limits)
          == .fault(.cellTooLong(line: 1, cell: 2, limit: 10)))
      #expect(
        try CSVOutcome.reading(many, chunks: chunks, limits: limits) == .fault(.tooManyColumns(line: 2, limit: 3)))
    }
    let quoted = Array("\"012345678\"\"\",b\n".utf8)
    for boundary in 1...quoted.count {
      #expect(
        try CSVOutcome.reading(quoted, chunks: [boundary, 99], limits: limits)
          == .rows([["012345678\"", "b"]], lines: [1]))
    }
    // Seen before the end of the file: the rest is never asked for.
    #expect(
      try CSVOutcome.reading(open, chunks: [1], limits: limits) == .fault(.cellTooLong(line: 2, cell: 2, limit: 10)))
  }

  @Test func faultsOfTheSourceGoThrough() {
    struct DiskFault: Error {}
    var reader = CSVReader { throw DiskFault() }
    var row = CSVRow()
    #expect(throws: DiskFault.self) { try reader.next(into: &row) }
  }

  @Test func tablesOfAnyWidthAreReadAsTheyWereWritten() throws {
    var generator = SeededGenerator.announced("tablesOfAnyWidth")
    let letters = ["a", "7", "\u{1}", "-", "ä", "€", "😀", "~"]
    let quotedLetters = letters + [",", ";", "\"\"", "\n", "\r\n"]
    for _ in 0..<300 {
      let width = Int.random(in: 1...70, using: &generator)
      var text = ""
      var rows: [[String]] = []
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        var cells: [(written: String, read: String)] = []
        for column in 0..<width {
          let isQuoted = Int.random(in: 0..<4, using: &generator) == 0
          // An empty line would be no row of one cell.
          let shortest = width == 1 && column == 0 && !isQuoted ? 1 : 0
          let alphabet = isQuoted ? quotedLetters : letters
          let parts = (0..<Int.random(in: shortest...12, using: &generator)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
          }
          let written = parts.joined()
          // Two quotes stand for one.
          let read = parts.map { $0 == "\"\"" ? "\"" : $0 }.joined()
          cells.append(isQuoted ? ("\"\(written)\"", read) : (written, read))
        }
        rows.append(cells.map(\.read))
        text += cells.map(\.written).joined(separator: ";") + "\r\n"
      }
      let chunks = Bool.random(using: &generator) ? [] : [Int.random(in: 1...40, using: &generator)]
      guard case .rows(let found, _) = try CSVOutcome.reading(Array(text.utf8), chunks: chunks, separator: .semicolon)
      else {
        Issue.record("\(text) is refused")
        return
      }
      // A comparison by the test library would look for the shortest difference, which takes long.
      let different = zip(found, rows).first { $0 != $1 }
      #expect(
        found.count == rows.count && different == nil, "\(String(describing: different)) in \(text.debugDescription)")
    }
  }

  @Test func noBytesTrapTheReader() throws {
    var generator = SeededGenerator.announced("noBytesTrapTheReader")
    let alphabet: [UInt8] = [0x61, 0x2c, 0x22, 0x0a, 0x0d, 0x22, 0x2c, 0xc3, 0xa4, 0xef, 0xbb, 0xbf, 0x00]
    for _ in 0..<4000 {
      let usual = alphabet.count - (Bool.random(using: &generator) ? 6 : 0)
      let bytes = (0..<Int.random(in: 0...14, using: &generator)).map { _ in
        alphabet[Int.random(in: 0..<usual, using: &generator)]
      }
      let whole = try CSVOutcome.reading(bytes, chunks: [])
      #expect(try CSVOutcome.reading(bytes, chunks: [Int.random(in: 1...5, using: &generator)]) == whole, "\(bytes)")
    }
  }
}
