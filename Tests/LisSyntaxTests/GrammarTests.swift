import Testing

@testable import LisSyntax

/// A program and the tree it stands for.
struct Parse: Sendable, CustomTestStringConvertible {
  var text: String
  var tree: String

  init(_ text: String, _ tree: String) {
    self.text = text
    self.tree = tree
  }

  var testDescription: String { text }
}

@Suite("Every production of the grammar")
struct GrammarTests {
  static let items = [
    Parse("use \"./pricing.lis\"", "(use \"./pricing.lis\")"),
    Parse("use \"./pricing.lis\" as pricing", "(use \"./pricing.lis\" as pricing)"),
    Parse("use money", "(use money)"),
    Parse("use money as m", "(use money as m)"),
    Parse("param pct", "(param pct)"),
    Parse("param pct: number", "(param pct:number)"),
    Parse("param pct = 5", "(param pct=5)"),
    Parse("param pct: number = 5 + 1", "(param pct:number=(+ 5 1))"),
    Parse("fn f() = 1", "(fn f () 1)"),
    Parse("fn f(a, b: row, c = 3, d: fn = x => x, e: null) = a", "(fn f (a b:row c=3 d:fn=(lambda (x) x) e:null) a)"),
    Parse("fn f!(): plan { }", "(fn f! ():plan {})"),
    Parse("fn f(): number = find | count", "(fn f ():number (| (find) (do count)))"),
    Parse("fn f(\n  a,\n  b,\n) = a", "(fn f (a b) a)"),
    Parse("test \"a title\" { expect 1 == 1 }", "(test \"a title\" {(expect (== 1 1))})"),
    Parse("step 'raw title' { given [] }", "(step \"raw title\" {(given [])})"),
  ]

  static let statements = [
    Parse("let a = 1", "(let a 1)"),
    Parse("var a = 1; a = 2", "(var a 1)\n(= a 2)"),
    Parse("let a = find | take 5", "(let a (| (find) (take 5)))"),
    Parse("for x in xs { print(x) }", "(for x xs {(call print x)})"),
    Parse("for x in find | sort { break }", "(for x (| (find) (sort)) {(break)})"),
    Parse("for x in xs | distinct { continue }", "(for x (| xs (distinct)) {(continue)})"),
    Parse("for x in xs | distinct { a }", "(for x (| xs (distinct)) {a})"),
    Parse("for x in xs | distinct ({a: 1}) { }", "(for x (| xs (distinct (record a:1))) {})"),
    Parse("for x in {a: 1} { }", "(for x (record a:1) {})"),
    Parse("fn f() { return }", "(fn f () {(return)})"),
    Parse("fn f() { return 1 }", "(fn f () {(return 1)})"),
    Parse("fn f() { return find deals }", "(fn f () {(return (find deals))})"),
    Parse("fn f() { fn g() = 1; g() }", "(fn f () {(fn g () 1); (call g)})"),
    Parse("try { a() } catch e { b(e) }", "(try {(call a)} e {(call b e)})"),
    Parse("try { a() }\ncatch e { }", "(try {(call a)} e {})"),
    Parse("expect a == b", "(expect (== a b))"),
    Parse("given [{ id: \"1\" }]", "(given [(record id:\"1\")])"),
    Parse("f()", "(call f)"),
    Parse("{ a: 1 }", "(record a:1)"),
    Parse("if a { let b = 1 } else if c { d } else { e }", "(if a {(let b 1)} {(if c {d} {e})})"),
    Parse("if a { }", "(if a {})"),
  ]

  static let sources = [
    Parse("find", "(find)"),
    Parse("find all", "(find all)"),
    Parse("find deals", "(find deals)"),
    Parse("find all deals where .a", "(find all deals where .a)"),
    Parse("find where .a == 1", "(find where (== .a 1))"),
    Parse("plan find", "(plan (find))"),
    Parse("plan xs | archive", "(plan (| xs (archive)))"),
    Parse("create { a: 1 }", "(create (record a:1))"),
    Parse(
      "create deals { a: 1 } to deal 5 at most 3 on error continue",
      "(create deals (record a:1) to deal 5 at-most 3 on-error-continue)"),
    Parse("upsert by sku { sku: 1 }", "(upsert by sku (record sku:1))"),
    Parse(
      "upsert products by sku { sku: 1 } to deal d at most n + 1",
      "(upsert products by sku (record sku:1) to deal d at-most (+ n 1))"),
    Parse("upsert by by { by: 1 }", "(upsert by by (record by:1))"),
    Parse("[1, 2] | count", "(| [1 2] (do count))"),
  ]

  static let stages = [
    Parse("xs | where .a", "(| xs (where .a))"),
    Parse("xs | take 5 | skip n", "(| xs (take 5) (skip n))"),
    Parse("xs | map .a + 1", "(| xs (map (+ .a 1)))"),
    Parse("xs | map x => x.a", "(| xs (map (lambda (x) (member x a))))"),
    Parse("xs | save \"a.csv\"", "(| xs (save \"a.csv\"))"),
    Parse("xs | distinct", "(| xs (distinct))"),
    Parse("xs | distinct .a", "(| xs (distinct .a))"),
    Parse("xs | distinct { a: .a }", "(| xs (distinct (record a:.a)))"),
    Parse("xs | select .a, b: .b + 1, f(.c)", "(| xs (select .a b:(+ .b 1) (call f .c)))"),
    Parse("xs | select test: .a, in: .b", "(| xs (select test:.a in:.b))"),
    Parse("xs | sort", "(| xs (sort))"),
    Parse("xs | sort .a desc, .b asc, .c", "(| xs (sort .a desc .b .c))"),
    Parse("xs | group by .a { n: count() }", "(| xs (group .a (record n:(call count))))"),
    Parse("xs | group by .a, b: .b { }", "(| xs (group .a b:.b (record)))"),
    Parse("xs | each { a }", "(| xs (each {a}))"),
    Parse("xs | each x { x | archive }", "(| xs (each x {(| x (archive))}))"),
    Parse("xs | create { a: .a }", "(| xs (create (record a:.a)))"),
    Parse("xs | create deals { a: .a } to company .c", "(| xs (create deals (record a:.a) to company .c))"),
    Parse("xs | upsert by a { a: .a }", "(| xs (upsert by a (record a:.a)))"),
    Parse("xs | update { a: 1 }", "(| xs (update (record a:1)))"),
    Parse(
      "xs | update { a: 1 } on error continue at most 2 * n",
      "(| xs (update (record a:1) on-error-continue at-most (* 2 n)))"),
    Parse("xs | archive", "(| xs (archive))"),
    Parse("xs | archive at most 5", "(| xs (archive at-most 5))"),
    Parse("xs | associate to deal .deal_id at most 20", "(| xs (associate to deal .deal_id at-most 20))"),
    Parse("xs | associate to deal -x", "(| xs (associate to deal (- x)))"),
    Parse("xs | count", "(| xs (do count))"),
    Parse("xs | top(.price, 10)", "(| xs (do top .price 10))"),
    Parse("xs | top (.price, by: 2)", "(| xs (do top .price by:2))"),
    Parse("xs | money.rounded!(2)", "(| xs (do money.rounded! 2))"),
    Parse("(xs | take 1) | skip 2", "(| (| xs (take 1)) (skip 2))"),
  ]

  static let expressions = [
    Parse("x => x + 1", "(lambda (x) (+ x 1))"),
    Parse("() => 1", "(lambda () 1)"),
    Parse("(a) => a", "(lambda (a) a)"),
    Parse("(a, b) => a => b", "(lambda (a b) (lambda (a) b))"),
    Parse("x => { a: x }", "(lambda (x) (record a:x))"),
    Parse("f(x => x, 1)", "(call f (lambda (x) x) 1)"),
    Parse("match a { 1 => b; 2, 3..4 => c; _ => d }", "(match a (1 => b) (2 (.. 3 4) => c) (_ => d))"),
    Parse("match a {\n  \"x\" => 1\n  null => 2\n  -1 => 3\n}", "(match a (\"x\" => 1) (null => 2) ((- 1) => 3))"),
    Parse("match { a: 1 } { _ => 1 }", "(match (record a:1) (_ => 1))"),
    Parse("match a { }", "(match a)"),
    Parse(
      "match a { 1 => if b { 2 } else { 3 }; _ => x => x }", "(match a (1 => (if b {2} {3})) (_ => (lambda (x) x)))"),
    Parse("let a = if b { 1 } else { 2 }", "(let a (if b {1} {2}))"),
    Parse("[]", "[]"),
    Parse("[1, ...xs, find, 2,]", "[1 ...xs (find) 2]"),
    Parse("[xs | take 1, (ys | count)]", "[(| xs (take 1)) (| ys (do count))]"),
    Parse("{ a, \"b c\": 1, ...d, if: 2, e: xs | count, }", "(record a \"b c\":1 ...d if:2 e:(| xs (do count)))"),
    Parse("{ \"a\" }", "(record a)"),
    Parse("f(a, b: 1, c | take 1)", "(call f a b:1 (| c (take 1)))"),
    Parse("f(\n  a,\n  b: 2,\n)", "(call f a b:2)"),
    Parse("f(count(find deals where .a))", "(call f (call count (find deals where .a)))"),
    Parse("a.b.c", "(member (member a b) c)"),
    Parse("a.if.match", "(member (member a if) match)"),
    Parse("a[0].b(1)[2]", "(index (call (member (index a 0) b) 1) 2)"),
    Parse("f()()", "(call (call f))"),
    Parse("\"text\".length", "(member \"text\" length)"),
    Parse("\"a${b}\".length", "(member (text \"a\" b) length)"),
    Parse(".a.b", "(member .a b)"),
    Parse(".a .b", "errors: LIS0019 expected the end of the statement, found `.b`"),
    Parse("[.a, .b]", "[.a .b]"),
    Parse("(a).b", "(member a b)"),
    Parse("[1].b", "(member [1] b)"),
    Parse("{a: 1}.a", "(member (record a:1) a)"),
    Parse(".", "."),
    Parse("f(.)", "(call f .)"),
    Parse(".where", ".where"),
    Parse("-a.b", "(- (member a b))"),
    Parse("- - 1", "(- (- 1))"),
    Parse("apply!(p)", "(call apply! p)"),
    Parse("m.apply!(p)", "(call (member m apply!) p)"),
    Parse("(find where .a) | take 1", "(| (find where .a) (take 1))"),
    Parse("(plan xs | archive)", "(plan (| xs (archive)))"),
    Parse("@2026-01-01..@2026-03-31", "(.. @2026-01-01 @2026-03-31)"),
    Parse("@2026-01-01-90d", "(- @2026-01-01 90d)"),
    Parse("today()-1y", "(- (call today) 1y)"),
    Parse("true and false or null", "(or (and true false) null)"),
  ]

  /// The words of stages and clauses are words only where a stage or clause may stand.
  static let contextualWords = [
    Parse("let where = 1; where + 1", "(let where 1)\n(+ where 1)"),
    Parse("map(xs, f)", "(call map xs f)"),
    Parse("let by = to", "(let by to)"),
    Parse("to(at, most)", "(call to at most)"),
    Parse("select.sort(all)", "(call (member select sort) all)"),
    Parse("fn take(skip) = skip", "(fn take (skip) skip)"),
    Parse("for item in each { item }", "(for item each {item})"),
    Parse("error + asc * desc", "(+ error (* asc desc))"),
    Parse("xs | sort desc desc", "(| xs (sort desc desc))"),
    Parse("xs | where where", "(| xs (where where))"),
    Parse("at = 5", "(= at 5)"),
    Parse("find update where .a", "(find update where .a)"),
    Parse("try { } catch error { }", "(try {} error {})"),
    Parse("given all", "(given all)"),
    Parse("{ find: 1, where: 2, and: 3, plan: 4, use: 5 }", "(record find:1 where:2 and:3 plan:4 use:5)"),
    Parse("{ let: 1, return: 2 }", "(record let:1 return:2)"),
    Parse(".and.plan", "(member .and plan)"),
    Parse("f(in: 1, step: 2)", "(call f in:1 step:2)"),
  ]

  @Test(arguments: items + statements)
  func readsItems(_ parse: Parse) { #expect(tree(parse.text) == parse.tree) }

  @Test(arguments: sources + stages)
  func readsPipelines(_ parse: Parse) { #expect(tree(parse.text) == parse.tree) }

  @Test(arguments: expressions)
  func readsExpressions(_ parse: Parse) { #expect(tree(parse.text) == parse.tree) }

  @Test(arguments: contextualWords)
  func wordsOnlyWhereTheyMayStand(_ parse: Parse) { #expect(tree(parse.text) == parse.tree) }

  @Test(arguments: Word.allCases.filter(\.isReserved))
  func reservedWordsNameNothing(_ word: Word) {
    #expect(parsed("let \(word.rawValue) = 1").hasErrors)
    #expect(tree("{ \(word.rawValue): x.\(word.rawValue) }") == "(record \(word.rawValue):(member x \(word.rawValue)))")
  }

  @Test(arguments: Word.allCases.filter { !$0.isReserved })
  func otherWordsAreNames(_ word: Word) {
    #expect(tree("let \(word.rawValue) = 1") == "(let \(word.rawValue) 1)")
  }
}
