import Testing

@testable import LisSyntax

@Suite("Where a line end ends a statement")
struct LineTests {
  static let cases = [
    Parse("a\nb", "a\nb"),
    Parse("a;b;;c;", "a\nb\nc"),
    Parse("\n\n  a\n\n\n", "a"),
    Parse("a\r\nb\r\n", "a\nb"),
    Parse("a\n(b)", "a\nb"),
    Parse("a\n[b]", "a\n[b]"),
    Parse("a\n.b", "a\n.b"),
    Parse("a\n-b", "a\n(- b)"),
    Parse("f(a\nb)", "errors: LIS0018 expected a comma between two elements"),
    // Inside ( and [ and the brace of a record.
    Parse("f(\na\n,\nb\n)", "(call f a b)"),
    Parse("[\n1\n,\n2\n]", "[1 2]"),
    Parse("(a\n+\nb)", "(+ a b)"),
    Parse("(a\n+ b)", "(+ a b)"),
    Parse("{\na\n:\n1\n,\nb\n}", "(record a:1 b)"),
    Parse("\"${\na\n+ b\n}\"", "(text (+ a b))"),
    Parse("a[\n0\n]", "(index a 0)"),
    // A block inside brackets has its line ends again.
    Parse("f(if a {\nb\n(c)\n} else { d })", "(call f (if a {b; c} {d}))"),
    Parse("[xs | each {\na\n-b\n}]", "[(| xs (each {a; (- b)}))]"),
    Parse("(match a {\n1 => b\n2 => (c\n- d)\n})", "(match a (1 => b) (2 => (- c d)))"),
    Parse("if a {\nf(\nb\n)\nc\n}", "(if a {(call f b); c})"),
    Parse("{ a: if b {\nc\nd\n} else { e }\n, f }", "(record a:(if b {c; d} {e}) f)"),
    // A line that ends with an operator, `,`, `=`, `=>`, `|` or an opening bracket.
    Parse("a +\nb", "(+ a b)"),
    Parse("a and\nb", "(and a b)"),
    Parse("a contains\nb", "(contains a b)"),
    Parse("a not in\nb", "(not in a b)"),
    Parse("not\na", "(not a)"),
    Parse("-\na", "(- a)"),
    Parse("a ??\nb", "(?? a b)"),
    Parse("a..\nb", "(.. a b)"),
    Parse("let a =\n1", "(let a 1)"),
    Parse("x =>\nx", "(lambda (x) x)"),
    Parse("xs |\ntake 5", "(| xs (take 5))"),
    Parse("xs | select .a,\n.b", "(| xs (select .a .b))"),
    Parse("fn f() =\n1", "(fn f () 1)"),
    Parse("match a {\n1 =>\n2\n}", "(match a (1 => 2))"),
    Parse("match a {\n1,\n2 => 3\n}", "(match a (1 2 => 3))"),
    Parse("a + # comment\n\n# another\nb", "(+ a b)"),
    // A next line that begins with `|`, `and`, `or`, `else` or `catch`, comments between or not.
    Parse("xs\n| take 5\n  | skip 1", "(| xs (take 5) (skip 1))"),
    Parse("xs # a\n# b\n\n## c\n| take 5", "(| xs (take 5))"),
    Parse("a\nand b\nor c", "(or (and a b) c)"),
    Parse("if a { b }\nelse { c }", "(if a {b} {c})"),
    Parse("if a { b }\n# no\nelse if c { d }\nelse { e }", "(if a {b} {(if c {d} {e})})"),
    Parse("try { a }\ncatch e { b }", "(try {a} e {b})"),
    // The end may be left out before } and at the end of the file.
    Parse("if a { b; c }", "(if a {b; c})"),
    Parse("if a { b }; c", "(if a {b})\nc"),
    Parse("match a { 1 => 2; _ => 3 }", "(match a (1 => 2) (_ => 3))"),
    Parse("match a {\n\n1 => 2\n\n\n_ => 3 }", "(match a (1 => 2) (_ => 3))"),
    Parse("fn f() {\n  return\n  1\n}", "(fn f () {(return); 1})"),
    Parse("xs | sort\n.a", "(| xs (sort))\n.a"),
    Parse("xs | distinct\n[1]", "(| xs (distinct))\n[1]"),
    Parse("find\ndeals", "(find)\ndeals"),
    Parse("xs | count\n(a)", "(| xs (do count))\na"),
  ]

  @Test(arguments: cases)
  func lineEnds(_ parse: Parse) { #expect(tree(parse.text) == parse.tree) }

  static let cutOff = [
    "find where\n.a", "xs | take\n5", "let\na = 1", "let a\n= 1", "if a\n{ b }", "for x\nin y { }", "fn f()\n{ }",
    "xs | update\n{ a: 1 }", "xs | archive at\nmost 5", "plan\nfind", "use\n\"a\"", "expect\na", "x\n=> x", "a\n+ b",
    "a\nin b", "a\n== b", "match a\n{ 1 => 2 }", "xs | group\nby .a { }",
  ]

  @Test(arguments: cutOff)
  func elsewhereTheyDo(_ text: String) { #expect(parsed(text).hasErrors, "\(dump(parsed(text).program))") }
}
