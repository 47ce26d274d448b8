import TerminalSupport
import Testing

@testable import LisShell

@Suite("Parts of the shell")
struct PartsTests {
  @Test(
    "indentation follows open brackets outside texts and comments",
    arguments: [
      ("", 0), ("a {", 1), ("a {\n b(", 2), ("a { }", 0), ("\"{\"", 0), ("# {\nb [", 1), ("}}}{", 1), (#""\"{" {"#, 1),
      ("\"open {\n{", 1),
    ])
  func indentation(text: String, depth: Int) {
    #expect(Indentation.after(text) == String(repeating: "  ", count: depth))
  }

  @Test(
    "a layout folds as the editor does",
    arguments: [
      ("", 0, 0), ("123456789", 0, 9), ("1234567890", 1, 0), ("1234567890a", 1, 1), ("a\nb", 1, 1), ("a\tb", 0, 9),
      ("12345678漢", 1, 0), ("123456789漢", 1, 2), ("e\u{301}", 0, 1),
    ])
  func layout(text: String, row: Int, column: Int) {
    var layout = ScreenLayout(columns: 10, width: Screen.width)
    layout.add(text.unicodeScalars)
    #expect(layout.row == row && layout.column == column)
  }

  @Test("a paste beyond the limit is marked, however it is cut", arguments: [0, 9, 10, 11, 12, 30, 1000])
  func pasteLimit(count: Int) {
    var pasted = PastedText(limit: 10)
    var ended = false
    for scalar in (String(repeating: "x", count: count) + "\u{1b}[201~").unicodeScalars { ended = pasted.take(scalar) }
    #expect(ended)
    #expect(pasted.isTooLong == (count > 10))
    if count <= 10 { #expect(pasted.cleaned.count == count) }
  }

  @Test("a walk through an empty history goes nowhere")
  func emptyWalk() {
    var walk = HistoryWalk([])
    #expect(walk.previous(from: "x") == nil)
    #expect(walk.next() == nil)
    #expect(walk.previousContaining("x") == nil)
  }
}
