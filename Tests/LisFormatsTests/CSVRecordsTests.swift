import LisFormats
import Testing

@Suite struct CSVRecordsTests {
  /// The header's names and the rows of a text.
  func records(_ text: String) throws -> (names: [String], rows: [[String]]) {
    var chunk: [UInt8]? = Array(text.utf8)
    var records = try CSVRecords {
      defer { chunk = nil }
      return chunk
    }
    var rows: [[String]] = []
    var row = CSVRow()
    while try records.next(into: &row) { rows.append(row.texts) }
    return (records.header.names, rows)
  }

  @Test func readsRecordsAndPassesOverEmptyLines() throws {
    let read = try records("\u{feff}SKU,Name\n\nA-1,Server\r\n\r\n,\nA-2,\"\"\n\n")
    #expect(read.names == ["SKU", "Name"])
    #expect(read.rows == [["A-1", "Server"], ["", ""], ["A-2", ""]])
  }

  @Test func aQuotedEmptyCellIsARow() throws {
    #expect(try records("note\n\"\"\n\nx\n").rows == [[""], ["x"]])
  }

  @Test(arguments: [
    ("", CSVFault.noHeader), ("\n", .noHeader), ("\u{feff}\na", .noHeader), ("a,,b", .emptyName(column: 2)),
    ("a,b,", .emptyName(column: 3)), ("\"\"", .emptyName(column: 1)),
    ("a,b,a", .duplicateName("a", first: 1, second: 3)),
    ("a,b\n1,2,3", .wrongCellCount(line: 2, expected: 2, found: 3)),
    ("a,b\n1,\"\n\"\n1", .wrongCellCount(line: 4, expected: 2, found: 1)),
    ("a,b\n1,2\n3\n4,5", .wrongCellCount(line: 3, expected: 2, found: 1)),
  ])
  func refuses(_ text: String, _ fault: CSVFault) {
    #expect(throws: fault) { _ = try records(text) }
    #expect(!fault.description.isEmpty)
  }

  @Test func namesAreComparedByteByByte() throws {
    // The same letter composed and decomposed: two names, as for the language.
    #expect(try records("\u{e4},a\u{308}\n1,2").names.count == 2)
    #expect(try records("a,A\n1,2").names == ["a", "A"])
  }
}
