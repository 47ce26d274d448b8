import Testing

@testable import LisSyntax

/// Several errors in one pass, and what stands between them is still understood.
@Suite("Going on after an error")
struct RecoveryTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var complaints: [String]
    var tree: String

    init(_ text: String, _ complaints: [String], _ tree: String) {
      (self.text, self.complaints, self.tree) = (text, complaints, tree)
    }

    var testDescription: String { text }
  }

  static let cases: [Case] = [
    Case("let a = \nlet b = 1", ["LIS0007@1:9"], "(let a <missing>)\n(let b 1)"),
    Case("let = 1\nlet b = 2", ["LIS0014@1:5"], "(let  1)\n(let b 2)"),
    Case("f(1, , 2)\ng()", ["LIS0007@1:6"], "(call f 1 <missing> 2)\n(call g)"),
    Case("[1 2]\nb", ["LIS0018@1:3"], "[1 2]\nb"),
    Case("f(a b)\ng(c d)", ["LIS0018@1:4", "LIS0018@2:4"], "(call f a b)\n(call g c d)"),
    Case("a b\nc d\ne", ["LIS0019@1:3", "LIS0019@2:3"], "a\nc\ne"),
    Case("f(1\nlet b = 2", ["LIS0016@1:4"], "(call f 1)\n(let b 2)"),
    Case("let a = [1,\n2,\nlet b = 2", ["LIS0007@2:3"], "(let a [1 2 <missing>])\n(let b 2)"),
    Case("(1, 2)\na", ["LIS0016@1:3"], "1\na"),
    Case("f((a, b)\nc", ["LIS0016@1:5"], "(call f a b)\nc"),
    Case("f(a, [b)\nc", ["LIS0016@1:8"], "(call f a [b])\nc"),
    Case("{ a: 1, b }}\nc", ["LIS0017@1:12"], "(record a:1 b)\nc"),
    Case("xs | | take 5\na", ["LIS0013@1:6"], "(| xs (take 5))\na"),
    Case("xs | selct .a | take 5", ["LIS0028@1:6"], "(| xs (take 5))"),
    Case("xs | if | take 5", ["LIS0013@1:6"], "(| xs (take 5))"),
    Case("xs | update { a: } at most 5", ["LIS0007@1:18"], "(| xs (update (record a:<missing>) at-most 5))"),
    Case("xs | update { a: 1 at most 5\nb", ["LIS0016@1:20"], "(| xs (update (record a:1) at-most 5))\nb"),
    Case("fn f( { a }\nb", ["LIS0014@1:7"], "(fn f () {a})\nb"),
    Case(
      "fn f() {\n  let = 1\n  a b\n}\nlet c = ", ["LIS0014@2:7", "LIS0019@3:5", "LIS0007@5:9"],
      "(fn f () {(let  1); a})\n(let c <missing>)"),
    Case("step \"a\" {\n  b\n\nstep \"c\" { d }", ["LIS0016@4:1"], "(step \"a\" {b})\n(step \"c\" {d})"),
    Case("match a { 1 2; 3 => 4 }", ["LIS0013@1:13"], "(match a (1 => <missing>) (3 => 4))"),
    Case("a < b < c\nd", ["LIS0022@1:7"], "(< (< a b) c)\nd"),
    Case("if a = 1 { b }", ["LIS0023@1:6"], "(if (== a 1) {b})"),
    Case("a && b || !c", ["LIS0010@1:3", "LIS0010@1:8", "LIS0010@1:11"], "(or (and a b) (not c))"),
    Case("a === b; c <> d", ["LIS0010@1:3", "LIS0010@1:12"], "(== a b)\n(!= c d)"),
    Case(
      "f(nil, None, undefined, True, False)",
      ["LIS0026@1:3", "LIS0026@1:8", "LIS0026@1:14", "LIS0026@1:25", "LIS0026@1:31"],
      "(call f null null null true false)"),
    Case("if a { 1 } elif b { 2 } else { 3 }", ["LIS0026@1:12"], "(if a {1} {(if b {2} {3})})"),
    Case("function f(a) { return a }", ["LIS0026@1:1"], "(fn f (a) {(return a)})"),
    Case("def f(a) = a", ["LIS0026@1:1"], "(fn f (a) a)"),
    Case("const a = 1", ["LIS0026@1:1"], "(let a 1)"),
    Case("a AND b OR c", ["LIS0026@1:3", "LIS0026@1:9"], "(or (and a b) c)"),
    Case(".a is not null", ["LIS0026@1:4"], "(!= .a null)"),
    Case(".a IS null", ["LIS0026@1:4"], "(== .a null)"),
    Case("f(a = 1)", ["LIS0025@1:5"], "(call f a:1)"),
    Case("{ .a, b: 1 }", ["LIS0033@1:3"], "(record a:.a b:1)"),
    Case("let a = “b”; c", ["LIS0011@1:9"], "(let a \"b\")\nc"),
    Case("x += 1", ["LIS0010@1:3"], "(= x 1)"),
    Case("x → x", ["LIS0012@1:3"], "(lambda (x) x)"),
    Case("a // comment\nb", ["LIS0010@1:3"], "a\nb"),
    Case("/* a\nb */ c", ["LIS0010@1:1"], "c"),
    Case("xs |> take 5", ["LIS0010@1:4"], "(| xs (take 5))"),
    Case("f(x -> x)", ["LIS0010@1:5"], "(call f (lambda (x) x))"),
    Case("$a + 1", ["LIS0010@1:1"], "(+ a 1)"),
    Case("1 + if a { b } else { c }", ["LIS0027@1:5"], "(+ 1 (if a {b} {c}))"),
    Case("fn f() {\n  use x\n  a\n}", ["LIS0031@2:3"], "(fn f () {a})"),
    Case("xs\n| archive\nat most 5\na", ["LIS0030@3:1"], "(| xs (archive))\n<missing>\na"),
    Case("for (x in xs) { a }\nb", ["LIS0014@1:5"], "(for  <missing> {a})\nb"),
    Case("try { a } catch (e) { b }", ["LIS0014@1:17"], "(try {a} e {b})"),
    Case("if a\n{ b }\nc", ["LIS0013@1:5"], "(if a {b})\nc"),
    Case("let a = 1 2\n)\n]\nb", ["LIS0019@1:11", "LIS0017@2:1", "LIS0017@3:1"], "(let a 1)\nb"),
    Case("xs | archive at most 1 at most 2", ["LIS0029@1:24"], "(| xs (archive at-most 1 at-most 2))"),
    Case("\"a ${b c} d\" + e", ["LIS0013@1:8"], "(+ (text \"a \" b \" d\") e)"),
  ]

  @Test(arguments: cases)
  func goesOn(_ item: Case) {
    #expect(complaints(item.text) == item.complaints, "\(render(parsed(item.text).diagnostics))")
    #expect(dump(parsed(item.text).program) == item.tree)
  }

  /// A file of another kind gives a bounded number of complaints.
  @Test func thousandsOfErrorsAreCutOff() {
    #expect(parsed(String(repeating: "a b\n", count: 1_000)).diagnostics.count == 50)
  }
}
