import LisFormats
import Testing

@Suite struct CSVRecordsTests {
  /// The header's names and the rows of a text.
  func records(
    _ text: String, separator: CSVSeparator = .comma, names: [String]? = nil
  ) throws -> (names: [String], rows: [[String]]) {
    var chunk: [UInt8]? = Array(text.utf8)
    var records = try CSVRecords(separator: separator, names: names) {
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
    ("sep=;\na;b\n1;2", .separatorLine),
    ("a;b\n1;2", .otherSeparator(.semicolon)), ("a\tb", .otherSeparator(.tab)),
    ("'=a,=a", .duplicateName("=a", first: 1, second: 2)),
  ])
  func refuses(_ text: String, _ fault: CSVFault) {
    #expect(throws: fault) { _ = try records(text) }
    #expect(fault.description.hasPrefix("line ") && !fault.hint.isEmpty && !fault.problem.isEmpty)
  }

  @Test func namesAreComparedByteByByte() throws {
    // The same letter composed and decomposed: two names, as for the language.
    #expect(try records("\u{e4},a\u{308}\n1,2").names.count == 2)
    #expect(try records("a,A\n1,2").names == ["a", "A"])
  }

  /// Blanks belong to a name as they do to a cell: which program means them is not known here.
  @Test func blanksAroundNamesAreKept() throws {
    #expect(try records("sku , price,\" note \"\n1,2,3").names == ["sku ", " price", " note "])
    #expect(try records("a, a\n1,2").names == ["a", " a"])
    #expect(try records(" ,a\n1,2").names == [" ", "a"])
  }

  @Test func aByteOrderMarkIsNoPartOfAName() throws {
    #expect(try records("\u{feff}sku,price\n1,2").names == ["sku", "price"])
    #expect(try records("\u{feff}\"sku\",price\n1,2").names == ["sku", "price"])
    // Only at the start of the file; and it does not hide that two columns have one name.
    #expect(try records("sku,\u{feff}price\n1,2").names == ["sku", "\u{feff}price"])
    #expect(throws: CSVFault.duplicateName("a", first: 1, second: 2)) { _ = try records("\u{feff}a,a\n1,2") }
    #expect(throws: CSVFault.emptyName(column: 1)) { _ = try records("\u{feff},a\n1,2") }
  }

  @Test func otherSeparatorsAreTakenAtTheirWord() throws {
    #expect(try records("a;b\n1,5;2", separator: .semicolon).rows == [["1,5", "2"]])
    #expect(throws: CSVFault.otherSeparator(.comma)) { _ = try records("a,b\n1,2", separator: .semicolon) }
    #expect(try records("\"a;b\"\n1;2").rows == [["1;2"]])
    #expect(try records("a;b,c\n1,2").names == ["a;b", "c"])
  }

  @Test func namesForAFileWithout() throws {
    let read = try records("1,2\n3,4\n", names: ["a", "b"])
    #expect(read.names == ["a", "b"] && read.rows == [["1", "2"], ["3", "4"]])
    #expect(try records("", names: ["a"]).rows.isEmpty)
    #expect(throws: CSVFault.wrongCellCount(line: 1, expected: 1, found: 2)) { _ = try records("1,2", names: ["a"]) }
    #expect(throws: CSVFault.duplicateName("a", first: 1, second: 2)) { _ = try records("1,2", names: ["a", "a"]) }
    #expect(throws: CSVFault.emptyName(column: 1)) { _ = try records("1", names: [""]) }
  }
}
