import Testing

@testable import LisSyntax

@Suite("Rendering of diagnostics")
struct DiagnosticTests {
  static func diagnostic(_ text: String, _ labels: [(Range<Int>, String, Bool)], hints: [String] = []) -> Diagnostic {
    let source = SourceText(name: "a.lis", text: text)
    return Diagnostic(
      severity: .error, code: "LIS0007", message: "something is wrong",
      labels: labels.map { label in
        Diagnostic.Label(
          span: Span(label.0.lowerBound, label.0.upperBound), text: label.1, isPrimary: label.2, source: source)
      }, hints: hints)
  }

  @Test func theHouseForm() {
    let text = String(repeating: "\n", count: 11) + "find where .x + "
    let shown = render(
      Self.diagnostic(text, [(27..<27, "an expression belongs here", true)], hints: ["one", "two\nlines"]))
    #expect(
      shown == """
        error[LIS0007]: something is wrong
          --> a.lis:12:17
           |
        12 | find where .x +
           |                 ^ an expression belongs here
           = hint: one
           = hint: two
                   lines
        """)
  }

  @Test func labelsOnOneLineHangOnBars() {
    let shown = render(
      Self.diagnostic("abc def ghi", [(8..<11, "third", true), (0..<3, "first", false), (4..<7, "second", false)]))
    #expect(
      shown == """
        error[LIS0007]: something is wrong
         --> a.lis:1:9
          |
        1 | abc def ghi
          | --- --- ^^^ third
          | |   |
          | |   second
          | first
        """)
  }

  @Test func labelsThatOverlapStandBelowEachOther() {
    let shown = render(Self.diagnostic("abc def", [(0..<7, "all", false), (4..<7, "part", true)]))
    #expect(
      shown == """
        error[LIS0007]: something is wrong
         --> a.lis:1:5
          |
        1 | abc def
          |     ^^^ part
          | ------- all
        """)
  }

  @Test func labelsOnOtherLines() {
    let shown = render(
      Self.diagnostic("a\nb\nc\nd\ne\nf", [(0..<1, "x", false), (4..<5, "y", true), (10..<11, "z", false)]))
    #expect(
      shown == """
        error[LIS0007]: something is wrong
         --> a.lis:3:1
          |
        1 | a
          | - x
        2 | b
        3 | c
          | ^ y
        ...
        6 | f
          | - z
        """)
  }

  @Test func labelsOverLinesEndWithTheirFirst() {
    let shown = render(Self.diagnostic("ab cd\nef", [(3..<8, "from here", true)]))
    #expect(shown.hasSuffix("1 | ab cd\n  |    ^^ from here"))
  }

  @Test func anotherFileHasItsOwnExcerpt() {
    var diagnostic = Self.diagnostic("abc", [(0..<1, "here", true)])
    let other = SourceText(name: "b.lis", text: "x\nyz")
    diagnostic.labels.append(.init(span: Span(2, 4), text: "there", isPrimary: false, source: other))
    #expect(
      render(diagnostic) == """
        error[LIS0007]: something is wrong
         --> a.lis:1:1
          |
        1 | abc
          | ^ here
         ::: b.lis:2:1
          |
        2 | yz
          | -- there
        """)
  }

  @Test func withoutAPlace() {
    let diagnostic = Diagnostic(severity: .warning, code: "LIS0900", message: "hm", hints: ["do"])
    #expect(render(diagnostic) == "warning[LIS0900]: hm\n  = hint: do")
  }

  static let columns: [(String, Range<Int>, String, String)] = [
    ("\tab", 1..<3, "    ab", "    ^^"), ("a\tb", 2..<3, "a   b", "    ^"), ("日本x", 6..<7, "日本x", "    ^"),
    ("日本x", 0..<6, "日本x", "^^^^"), ("e\u{301}x", 3..<4, "e\u{301}x", " ^"),
    ("a\u{202E}b", 4..<5, "a\\u{202E}b", "         ^"),
    ("a\u{200B}b", 1..<4, "a\\u{200B}b", " ^^^^^^^^"), ("\u{0}\u{1B}x", 2..<3, "\\u{0}\\u{1B}x", "           ^"),
    ("🎉x", 4..<5, "🎉x", "  ^"), ("ab", 2..<2, "ab", "  ^"), ("", 0..<0, "", "^"), ("ab  ", 2..<2, "ab", "  ^"),
    ("a\r\nb", 0..<1, "a", "^"),
  ]

  @Test(arguments: columns)
  func caretsStandUnderTheirCells(_ text: String, _ range: Range<Int>, _ line: String, _ carets: String) {
    let lines = render(Self.diagnostic(text, [(range, "", true)])).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[3] == (line.isEmpty ? "1 |" : "1 | " + line))
    #expect(lines[4] == "  | " + carets)
  }

  @Test func longLinesAreCutAroundTheLabel() {
    let text = String(repeating: "x", count: 500_000) + "HERE" + String(repeating: "ü", count: 250_000)
    let lines = render(Self.diagnostic(text, [(500_000..<500_004, "look", true)])).split(separator: "\n")
    #expect(lines[1] == " --> a.lis:1:500001")
    #expect(lines[3].count < 120)
    #expect(lines[3].contains("xHEREü") && lines[3].hasPrefix("1 | …x") && lines[3].hasSuffix("ü…"))
    let place = lines[3].utf8.count - lines[3].drop { $0 != "H" }.utf8.count
    #expect(lines[4].drop { $0 != "^" } == "^^^^ look")
    #expect(place - 2 == lines[4].prefix { $0 != "^" }.utf8.count)
  }

  @Test func towersOfMarksAreCut() {
    let text = "e" + String(repeating: "\u{301}", count: 50) + "x"
    #expect(!render(Self.diagnostic(text, [(0..<1, "", true)])).contains(String(repeating: "\u{301}", count: 4)))
  }

  @Test func colourOnlyOnDemand() {
    let diagnostic = Self.diagnostic("abc", [(0..<1, "here", true)])
    #expect(!render(diagnostic).contains("\u{1B}"))
    let coloured = render(diagnostic, color: true)
    let plain = coloured.split(separator: "\u{1B}", omittingEmptySubsequences: false).enumerated().map { count, part in
      count == 0 ? String(part) : String(part.drop { $0 != "m" }.dropFirst())
    }.joined()
    #expect(coloured != plain)
    #expect(plain == render(diagnostic))
  }

  @Test func asJSON() {
    let diagnostic = Self.diagnostic(
      "a\n\"é\" + \u{202E}", [(2..<6, "here", true), (0..<1, "first", false)],
      hints: ["say \"x\"\\", "\u{1}\u{202E}\u{E0001}"])
    #expect(
      renderJSON(diagnostic)
        == #"{"code":"LIS0007","severity":"error","message":"something is wrong","file":"a.lis","line":2,"column":1,"endLine":2,"endColumn":4,"hints":["say \"x\"\\","\u0001\u202e\udb40\udc01"],"labels":[{"file":"a.lis","line":2,"column":1,"endLine":2,"endColumn":4,"text":"here","primary":true},{"file":"a.lis","line":1,"column":1,"endLine":1,"endColumn":2,"text":"first","primary":false}]}"#
    )
    let placeless = Diagnostic(severity: .note, code: "LIS0900", message: "m")
    #expect(
      renderJSON(placeless)
        == #"{"code":"LIS0900","severity":"note","message":"m","file":null,"line":null,"column":null,"endLine":null,"endColumn":null,"hints":[],"labels":[]}"#
    )
    #expect(renderJSON([diagnostic, placeless]).split(separator: "\n").count == 2)
  }

  @Test func sourceNamesCannotPaintTheTerminal() {
    let source = SourceText(name: "a\u{1B}[31m.lis", text: "x")
    let diagnostic = Diagnostic(
      severity: .error, code: "LIS0001", message: "m",
      labels: [.init(span: Span(0, 1), text: "", isPrimary: true, source: source)])
    #expect(!render(diagnostic).contains("\u{1B}"))
  }
}
