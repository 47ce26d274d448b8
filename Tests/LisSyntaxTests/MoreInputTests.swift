import Testing

@testable import LisSyntax

/// Whether the prompt should wait for another line.
@Suite("Whether more input could complete a program")
struct MoreInputTests {
  static let open = [
    "f(", "f(1,", "f(1", "[", "[1, [2]", "{", "{ a: 1", "{ a:", "if a {", "if a {\n  b\n", "a[0", "\"abc", "'abc",
    "\"a ${",
    "\"a ${b", "\"a ${b}", "let a =", "let a =\n", "a +", "a + # comment", "a and", "not", "a not in", "a contains",
    "-",
    "a ..", "a ??", "xs |", "xs | take 5 |\n", "xs | select .a,", "x =>", "fn f(", "fn f(a,", "fn f() =", "fn f() {",
    "match a {",
    "match a {\n  1 =>", "match a {\n  1 => 2\n", "try {", "try { a }", "try { a }\n", "try { } catch e {",
    "step \"a\" {",
    "for x in", "for x in xs {", "xs | each {", "xs | each x {\n  y", "xs | update {", "f(x => {", "[...", "a = ",
    "param a =",
    "(find where .a", "\"${ { a: 1 }", "test \"a\" {\n  given [\n", "if a { b } else {",
  ]

  static let complete = [
    "", "\n", "# comment", "let a = 1", "f()", "find", "xs | sort", "if a { }", "if a { }\n", "\"abc\"", "## doc",
  ]

  /// Wrong in a way that no further line can put right.
  static let wrong = [
    "f(]", "f(1 2", "a b (", "let 5 = (", ") (", "let a = 1 2 {", "a < b < c +", "find where\n", "find where", "let a",
    "if a",
    "fn f()", "use", "for x", "1e5 + (", "x = = (", "\"\\q", "f(a, $b", "@2026-13-01 +", "xs | | take (", "}", "a ] +",
    "if a { ) ", "\"a ${ b c", "let in = {", "f(== ", "\"a ${ ) ", "plan", "return )", "xs | foo .a |",
  ]

  @Test(arguments: open)
  func waits(_ text: String) {
    let result = parsed(text)
    #expect(result.needsMoreInput, "\(render(result.diagnostics))")
    #expect(result.diagnostics.count == 1, "\(render(result.diagnostics))")
  }

  @Test(arguments: complete)
  func isComplete(_ text: String) {
    #expect(!parsed(text).needsMoreInput)
    #expect(!parsed(text).hasErrors)
  }

  @Test(arguments: wrong)
  func complainsAtOnce(_ text: String) {
    #expect(!parsed(text).needsMoreInput)
    #expect(parsed(text).hasErrors)
  }
}
