import LisFormats
import TestSupport
import Testing

@Suite struct TableTests {
  static let columns = [
    TableColumn("id", alignsRight: true), TableColumn("name"), TableColumn("price", alignsRight: true),
  ]
  static let rows = [["1", "Server", "9.99"], ["22", "日本語\n2", "120"], ["3"]]

  @Test func alignsCells() {
    let lines = TerminalTable(columns: TableTests.columns, rows: TableTests.rows).lines()
    #expect(
      lines == [
        "id  name       price", "──  ─────────  ─────", " 1  Server      9.99", "22  日本語\\n2    120", " 3", "3 rows",
      ])
  }

  @Test func cutsAndHidesTheLastColumns() {
    let table = TerminalTable(columns: TableTests.columns, rows: TableTests.rows)
    #expect(table.lines(maximumWidth: 20) == table.lines())
    #expect(
      table.lines(maximumWidth: 19) == [
        "id  name", "──  ─────────", " 1  Server", "22  日本語\\n2", " 3", "3 rows · … 1 more column",
      ])
    #expect(
      table.lines(maximumWidth: 10, totalRows: 1000) == [
        "id  name", "──  ──────", " 1  Server", "22  日本…", " 3", "1000 rows · … 997 more · … 1 more column",
      ])
    #expect(table.lines(maximumWidth: 5)[0] == "id")
    #expect(table.lines(maximumWidth: 1) == ["…", "─", "1", "…", "3", "3 rows · … 2 more columns"])
  }

  @Test func aLongColumnDoesNotPushOutTheOthers() {
    let table = TerminalTable(
      columns: [TableColumn("text"), TableColumn("n")], rows: [[String(repeating: "x", count: 300), "7"]])
    let lines = table.lines(maximumWidth: 80)
    #expect(lines[2] == String(repeating: "x", count: 39) + "…  7")
    #expect(lines.last == "1 row")
  }

  @Test func linesNeverExceedTheWidth() {
    var generator = SeededGenerator.announced("linesNeverExceedTheWidth")
    let pieces = ["a", "日", "😀", "\u{202e}", "long word ", "e\u{301}"]
    for _ in 0..<500 {
      let count = Int.random(in: 0...6, using: &generator)
      func text() -> String {
        (0..<Int.random(in: 0...9, using: &generator)).map { _ in
          pieces[Int.random(in: 0..<pieces.count, using: &generator)]
        }.joined()
      }
      let columns = (0..<count).map { _ in TableColumn(text(), alignsRight: Bool.random(using: &generator)) }
      let rows = (0..<3).map { _ in (0..<count).map { _ in text() } }
      let width = Int.random(in: 1...60, using: &generator)
      for line in TerminalTable(columns: columns, rows: rows).lines(maximumWidth: width).dropLast() {
        #expect(line.displayWidth <= width)
      }
    }
  }

  @Test func emptyTables() {
    #expect(TerminalTable(columns: [], rows: []).lines(maximumWidth: 10) == ["", "", "0 rows"])
    #expect(TerminalTable(columns: [TableColumn("a")], rows: []).lines() == ["a", "─", "0 rows"])
  }

  @Test func markdown() {
    let table = MarkdownTable(
      columns: [TableColumn("a|b"), TableColumn("n", alignsRight: true)],
      rows: [["x\r\ny", "-1.5"], ["<b>*[\\&", "12"], ["\u{202e}"]])
    #expect(
      table.lines == [
        "| a\\|b              |    n |", "| ----------------- | ---: |", "| x<br>y            | -1.5 |",
        "| &lt;b>\\*\\[\\\\&amp; |   12 |", "| \\u{202E}          |      |",
      ])
  }

  @Test func tabSeparated() {
    var bytes: [UInt8] = []
    TabSeparatedText.append(
      [.text("a\tb"), .text("c\nd"), .text("e\\f"), .text("g\r"), .text("")], to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "a\\tb\tc\\nd\te\\\\f\tg\\r\t\n")
  }
}
