import Testing

@testable import LisSyntax

@Suite("Lexical rules")
struct LexerTests {
  static let literals = [
    Parse("0", "0"), Parse("007", "007"), Parse("1_000_000", "1000000"), Parse("1_000.50", "1000.50"),
    Parse("3.14", "3.14"), Parse("1.10", "1.10"),
    Parse("90d", "90d"), Parse("12mo", "12mo"), Parse("1.5h", "1.5h"), Parse("1_000s", "1000s"), Parse("3w", "3w"),
    Parse("5m", "5m"), Parse("1y", "1y"), Parse("90 d", "errors: LIS0019 expected the end of the statement, found `d`"),
    Parse("@2026-01-31", "@2026-01-31"), Parse("@2024-02-29", "@2024-02-29"), Parse("@2000-02-29", "@2000-02-29"),
    Parse("@2026-01-31T10:20:30Z", "@2026-01-31T10:20:30Z"),
    Parse("@2026-01-31t10:20:30z", "@2026-01-31T10:20:30Z"),
    Parse("@2026-01-31T10:20:30.123+02:00", "@2026-01-31T10:20:30.123+02:00"),
    Parse("@2026-01-31T10:20:30.5-23:59", "@2026-01-31T10:20:30.5-23:59"),
    Parse("''", "\"\""), Parse("\"\"", "\"\""), Parse("'it''s'", "\"it's\""), Parse("'a\\n${b}'", "\"a\\\\n${b}\""),
    Parse("'a\nb'", "\"a\\nb\""), Parse("\"a\nb\"", "\"a\\nb\""), Parse("\"a\r\nb\"", "\"a\\nb\""),
    Parse(#""\n\"\\\$""#, "\"\\n\\\"\\\\$\""), Parse(#""\t\r""#, "\"\\u{9}\\u{D}\""),
    Parse(#""\u{41}\u{1F389}\u{e9}""#, "\"A🎉é\""), Parse("\"$5 $ {}\"", "\"$5 $ {}\""),
    Parse("\"größe 日本 🎉\"", "\"größe 日本 🎉\""), Parse("'\u{202E}'", "\"\\u{202E}\""), Parse("'\u{0}'", "\"\\u{0}\""),
    Parse("\"a ${b} c\"", "(text \"a \" b \" c\")"),
    Parse("\"${a}${b}\"", "(text a b)"),
    Parse("\"${ \"x ${ y } z\" }\"", "(text (text \"x \" y \" z\"))"),
    Parse("\"${ { a: { b: 1 } }.a }\"", "(text (member (record a:(record b:1)) a))"),
    Parse("\"${ xs | map { a: \"}\" } }\"", "(text (| xs (map (record a:\"}\"))))"),
    Parse("\"\\${a}\"", "\"${a}\""),
    Parse("\"${ 'it''s }' }\"", "(text \"it's }\")"),
  ]

  static let trivia = [
    Parse("# a\na # b\n## c\nb", "a\nb"), Parse("#!/usr/bin/env lis\na", "a"), Parse("\u{FEFF}a", "a"),
    Parse("\ta\t+\tb", "(+ a b)"), Parse("a#b", "a"), Parse("# größe 日本 🎉 “quotes” © \u{301}\na", "a"), Parse("", ""),
    Parse("#", ""), Parse("\n", ""),
  ]

  static let names = [
    Parse("_a1B_", "_a1B_"), Parse("a!", "a!"), Parse("a!=b", "(!= a b)"), Parse("a!(b)", "(call a! b)"),
    Parse("a.b!=c", "(!= (member a b) c)"), Parse(".b!=c", "(!= .b c)"), Parse("_", "_"), Parse("ifx", "ifx"),
  ]

  @Test(arguments: literals + trivia + names)
  func readsAs(_ parse: Parse) { #expect(tree(parse.text) == parse.tree) }

  static let faults: [(String, [String])] = [
    ("1e5", ["LIS0008@1:1"]), ("1E+5", ["LIS0008@1:1"]), (".5", ["LIS0008@1:1"]), ("5.", ["LIS0008@1:1"]),
    ("1__0", ["LIS0008@1:1"]), ("1_", ["LIS0008@1:1"]), ("1._5", ["LIS0019@1:2"]), ("1.5_", ["LIS0008@1:1"]),
    ("0x10", ["LIS0008@1:1"]), ("12px", ["LIS0008@1:1"]), ("1.2.3", ["LIS0008@1:1"]), ("1D", ["LIS0008@1:1"]),
    ("@2026-02-29", ["LIS0009@1:1"]), ("@1900-02-29", ["LIS0009@1:1"]), ("@2026-04-31", ["LIS0009@1:1"]),
    ("@2026-00-01", ["LIS0009@1:1"]), ("@2026-01-00", ["LIS0009@1:1"]), ("@2026-1-01", ["LIS0009@1:1"]),
    ("@26-01-01", ["LIS0009@1:1"]), ("@2026-01-01T10:00Z", ["LIS0009@1:1"]), ("@2026-01-01T10:00:00", ["LIS0009@1:1"]),
    ("@2026-01-01T24:00:00Z", ["LIS0009@1:1"]), ("@2026-01-01T10:00:60Z", ["LIS0009@1:1"]),
    ("@2026-01-01T10:00:00.1234Z", ["LIS0009@1:1"]), ("@2026-01-01T10:00:00+24:00", ["LIS0009@1:1"]),
    ("@2026-01-01T10:00:00+0200", ["LIS0009@1:1"]), ("@2026-01-01x", ["LIS0009@1:1"]), ("@", ["LIS0009@1:1"]),
    ("@today", ["LIS0009@1:1"]), ("@2026-02-29..@2026-13-01", ["LIS0009@1:1", "LIS0009@1:14"]),
    (#""\q""#, ["LIS0005@1:2"]), (#""\é""#, ["LIS0005@1:2"]), (#""\u41""#, ["LIS0006@1:2"]),
    (#""\u{}""#, ["LIS0006@1:2"]), (#""\u{D800}""#, ["LIS0006@1:2"]), (#""\u{1234567}""#, ["LIS0006@1:2"]),
    ("\"abc", ["LIS0003@1:1"]), ("'abc", ["LIS0003@1:1"]), ("\"a ${b", ["LIS0004@1:4"]), ("\"a ${", ["LIS0004@1:4"]),
    ("größe", ["LIS0002@1:1"]), ("a\u{200B}b", ["LIS0001@1:2", "LIS0019@1:3"]), ("a \u{202E}", ["LIS0001@1:3"]),
    ("# a \u{202E}", ["LIS0001@1:5"]), ("a\u{1}", ["LIS0001@1:2"]), ("a\rb", ["LIS0001@1:2", "LIS0019@1:3"]),
    ("a\u{A0}+ b", ["LIS0001@1:2"]), ("a 🎉", ["LIS0001@1:3"]), ("let a = 🎉", ["LIS0001@1:9"]),
    ("a − b", ["LIS0012@1:3"]), ("“a”", ["LIS0011@1:1"]), ("`a`", ["LIS0011@1:1"]), ("\"\"\"a\"\"\"", ["LIS0011@1:1"]),
    (".größe", ["LIS0002@1:2"]), ("a.öl.b", ["LIS0002@1:3"]),
  ]

  @Test(arguments: faults)
  func refuses(_ text: String, _ expected: [String]) { #expect(complaints(text) == expected) }

  @Test func commentsAreKept() {
    let result = parsed("#!x\n## doc\n# plain\nlet a = \"# no\" # end\n### banner ###")
    #expect(result.comments.map(\.isDocumentation) == [false, true, false, false, false])
    let text = source("#!x\n## doc\n# plain\nlet a = \"# no\" # end\n### banner ###")
    #expect(result.comments.map { text.text($0.span) } == ["#!x", "## doc", "# plain", "# end", "### banner ###"])
  }

  static let documentation: [(String, String?)] = [
    ("## one\nfn f() = 1", "one"), ("## one\n##two\nfn f() = 1", "one\ntwo"),
    ("## one\r\n## two\r\nfn f() = 1", "one\ntwo"),
    ("## one\n\nfn f() = 1", nil), ("## head\n\n## one\nfn f() = 1", "one"), ("## one\n# two\nfn f() = 1", nil),
    ("# one\nfn f() = 1", nil), ("##\nfn f() = 1", ""), ("##  indented\nfn f() = 1", " indented"),
    ("### banner\nfn f() = 1", nil), ("  ## one\n  fn f() = 1", "one"),
  ]

  @Test(arguments: documentation)
  func documentationBelongsToWhatFollows(_ text: String, _ expected: String?) throws {
    let item = try #require(parsed(text).program.items.first)
    #expect(item.documentation == expected)
    guard case .function(let function) = item.kind else { throw Missing() }
    #expect(function.documentation == expected)
  }

  @Test func tokensCoverTheSource() {
    let text = "let a = \"x ${ f(1) } y\" + .b[2] ?? @2026-01-01 # end\n| take 5"
    let list = tokenize(source(text))
    let texts = list.tokens.map { source(text).text($0.span) }
    #expect(
      texts == [
        "let", "a", "=", "\"x ${", "f", "(", "1", ")", "} y\"", "+", ".b", "[", "2", "]", "??", "@2026-01-01", "|",
        "take",
        "5", "",
      ])
    #expect(list.tokens.last?.kind == .end)
  }

  struct Missing: Error {}
}
