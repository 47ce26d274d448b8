import Glibc
import TerminalSupport
import Testing

@Suite("Editing an entry")
struct EditingTests {
  @Test("Enter continues an unfinished entry, indented by its open braces")
  func unfinished() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("each {" + Key.enter)
    try session.wait("an indented line") { $0.cursor == (row: 1, column: 2) }
    session.send("if {" + Key.enter)
    try session.wait("a deeper line") { $0.cursor == (row: 2, column: 4) }
    try session.enter("x }}", expecting: "=> [each {/  if {/    x }}]")
    #expect(session.screen.text.hasPrefix("lis practice> each {\n  if {\n    x }}\n=> ["))
  }

  @Test("Alt-Enter continues a finished entry, and the arrow keys move between its lines")
  func linesOfOneEntry() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("ab" + Key.altEnter + "cd")
    try session.wait("the second line") { $0.cursor == (row: 1, column: 2) }
    session.send(Key.up)
    try session.wait("the cursor on the first line") { $0.cursor == (row: 0, column: 16) }
    session.send("X" + Key.down)
    try session.wait("the cursor on the second line") { $0.cursor == (row: 1, column: 2) }
    try session.enter("Y", expecting: "=> [abX/cdY]")
  }

  @Test("Enter in the middle of a finished entry runs all of it, and what it prints comes below")
  func enterInTheMiddle() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("ab" + Key.altEnter + "cd" + Key.up + Key.left)
    try session.wait("the cursor on the first line") { $0.cursor == (row: 0, column: 15) }
    try session.enter("", expecting: "=> [ab/cd]")
    #expect(session.screen.text == "lis practice> ab\ncd\n=> [ab/cd]\nlis practice>")
  }

  @Test("Ctrl-C gives the entry up, shows so below its end, and keeps the state")
  func controlC() throws {
    let session = try Session()
    try session.waitForPrompt()
    try session.enter("set 7", expecting: "kept")
    session.send("ab" + Key.altEnter + "cd" + Key.up)
    try session.wait("the cursor on the first line") { $0.cursor.row == 2 && $0.text.contains("\ncd") }
    session.send(Key.controlC)
    try session.waitForPrompt()
    #expect(session.screen.text == "lis practice> set 7\nkept\nlis practice> ab\ncd^C\nlis practice>")
    try session.enter("get", expecting: "stored 7")
  }

  @Test("Ctrl-C on an empty prompt tells how to leave")
  func controlCOnEmptyPrompt() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send(Key.controlC)
    try session.wait(for: "Ctrl-D leaves\nlis practice>")
    try session.enter("x", expecting: "=> [x]")
  }

  @Test("a SIGINT from elsewhere is a Ctrl-C")
  func interruptSignal() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("half")
    try session.wait(for: "half")
    session.signal(SIGINT)
    try session.wait(for: "half^C")
    try session.enter("x", expecting: "=> [x]")
  }

  @Test("Ctrl-D deletes the character under the cursor and never leaves a text")
  func controlD() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("abc" + Key.home + Key.controlD + Key.end + Key.controlD)
    try session.wait(for: "lis practice> bc")
    try session.enter("", expecting: "=> [bc]")
  }

  @Test("Ctrl-Z keeps the entry")
  func controlZ() throws {
    // The session's process group has no parent to continue it, so the system does not stop it: what is tested is that
    // the terminal is given back and taken again.
    let session = try Session()
    try session.waitForPrompt()
    session.send("abc" + Key.controlZ)
    try session.wait("the entry drawn again") { $0.text == "lis practice> abc\nlis practice> abc" }
    try session.enter("d", expecting: "=> [abcd]")
  }

  @Test(
    "characters of one, two and no cells are edited as such", arguments: ["C.UTF-8", "C", "nowhere"])
  func unicode(locale: String) throws {
    let session = try Session(environment: ["LC_ALL": locale])
    try session.waitForPrompt()
    session.send("größe 漢字🙂é")
    try session.wait(for: "größe 漢字🙂é")
    #expect(session.screen.cursor.column == 14 + 6 + 6 + 1)
    session.send(Key.left + Key.left + Key.backspace + "語")
    try session.wait("the character replaced") { $0.text.contains("漢語🙂é") && $0.cursor.column == 14 + 6 + 4 }
    try session.enter("", expecting: "=> [größe 漢語🙂é]")
  }

  @Test("bytes that are no UTF-8 become a replacement character")
  func invalidBytes() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send(bytes: [0x61, 0xff, 0x62, 0xe6, 0x63])
    try session.wait(for: "a\u{fffd}b\u{fffd}c")
    try session.enter("", expecting: "=> [a\u{fffd}b\u{fffd}c]")
  }

  @Test("a terminal that changes its size gets the entry drawn again", arguments: [(30, 10), (100, 40)])
  func resize(columns: Int, rows: Int) throws {
    let session = try Session(columns: 60, rows: 20)
    try session.waitForPrompt()
    session.send("12345678")
    try session.wait(for: "12345678")
    session.resize(columns: columns, rows: rows)
    // The line is long enough to fold at the smaller width.
    session.send("90 abcdefgh ijklmnop")
    let entry = "lis practice> 1234567890 abcdefgh ijklmnop"
    let first = String(entry.prefix(columns))
    let second = String(entry.dropFirst(columns))
    let folded = second.isEmpty ? first : first + "\n" + second
    try session.wait("the entry at its new width") { $0.text == folded }
    session.send(Key.enter)
    try session.wait("the whole entry evaluated") { screen in
      screen.text.split(separator: "\n").joined().contains("=> [1234567890 abcdefgh ijklmnop]")
    }
  }

  @Test("an entry of more lines than the terminal has is evaluated whole")
  func tallEntry() throws {
    let session = try Session(rows: 6)
    try session.waitForPrompt()
    session.send(Key.paste((1...20).map { "line\($0)" }.joined(separator: "\n")))
    try session.wait(for: "line20")
    session.send(Key.enter)
    try session.wait(for: "line19/line20]")
    try session.waitForPrompt()
  }
}

@Suite("Pasting")
struct PasteTests {
  @Test("several lines wait for Enter", arguments: ["\n", "\r", "\r\n"])
  func severalLines(lineEnd: String) throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("a" + Key.paste(["b", "c", "d", ""].joined(separator: lineEnd)))
    try session.wait("the pasted lines") { $0.text == "lis practice> ab\nc\nd" && $0.cursor == (row: 3, column: 0) }
    session.send("e")
    try session.wait("the key behind them") { $0.text == "lis practice> ab\nc\nd\ne" }
    #expect(!session.screen.text.contains("=>"))
    try session.enter("", expecting: "=> [ab/c/d/e]")
  }

  @Test("nothing in a paste acts as a key")
  func controlCharacters() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send(Key.paste("x\u{3}\u{4}\u{1b}[A\u{1a}\u{7f}y\u{9b}z"))
    try session.wait(for: "lis practice> x[Ayz")
    try session.enter("", expecting: "=> [x[Ayz]")
  }

  @Test("a long paste arrives whole")
  func long() throws {
    let session = try Session(columns: 100)
    try session.waitForPrompt()
    let count = 4_000
    session.send(Key.paste((1...count).map { "item\($0)" }.joined(separator: "\n")))
    try session.wait(for: "item\(count)")
    session.send(Key.enter)
    try session.wait(for: "item\(count - 1)/item\(count)]")
    try session.waitForPrompt()
  }
}
