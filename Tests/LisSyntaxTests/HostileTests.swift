import Testing

@testable import LisSyntax

/// Input made to break a parser: it must give diagnostics, in time linear in its length, on a small stack.
@Suite("Hostile input")
struct HostileTests {
  struct Nest: Sendable, CustomTestStringConvertible {
    var name: String
    var unit: String
    var start = ""
    var end = ""
    var testDescription: String { name }
  }

  static let nests = [
    Nest(name: "parentheses", unit: "("),
    Nest(name: "brackets", unit: "["),
    Nest(name: "braces", unit: "{"),
    Nest(name: "records", unit: "{a: "),
    Nest(name: "calls", unit: "f("),
    Nest(name: "labelled calls", unit: "f(a: "),
    Nest(name: "indexes", unit: "a["),
    Nest(name: "interpolations", unit: "\"${"),
    Nest(name: "if blocks", unit: "if a { "),
    Nest(name: "if conditions", unit: "if "),
    Nest(name: "else blocks", unit: "if a { } else { "),
    Nest(name: "each blocks", unit: "a | each { "),
    Nest(name: "for blocks", unit: "for a in b { "),
    Nest(name: "for heads", unit: "for a in (a | each { "),
    Nest(name: "functions", unit: "fn f() { "),
    Nest(name: "function bodies", unit: "fn f() = (a | each {"),
    Nest(name: "defaults", unit: "fn f(a = (b | each { "),
    Nest(name: "try", unit: "try { "),
    Nest(name: "handlers", unit: "try { } catch e { "),
    Nest(name: "steps", unit: "step \"a\" { "),
    Nest(name: "match subjects", unit: "match "),
    Nest(name: "match arms", unit: "match a { 1 => "),
    Nest(name: "match patterns", unit: "match a { ("),
    Nest(name: "lambdas", unit: "x => "),
    Nest(name: "lambdas of two", unit: "(x, y) => "),
    Nest(name: "nested lambdas", unit: "(x => "),
    Nest(name: "not", unit: "not "),
    Nest(name: "minus", unit: "- "),
    Nest(name: "not behind a value", unit: " not", start: "a"),
    Nest(name: "not in", unit: " not in a", start: "a"),
    Nest(name: "is not", unit: " is not", start: "a"),
    Nest(name: "parameters", unit: "fn f("),
    Nest(name: "unclosed behind closed", unit: "(()"),
    Nest(name: "unclosed lists", unit: "[1 2 "),
    Nest(name: "records of statements", unit: "{if a "),
    Nest(name: "records of calls", unit: "{a()}"),
    Nest(name: "mixed operators", unit: "a or b and not c == d ?? e .. f + g * -("),
    Nest(name: "select", unit: "(a | select "),
    Nest(name: "groups", unit: "(a | group by a { b: "),
    Nest(name: "updates", unit: "(a | update { b: "),
    Nest(name: "upserts", unit: "(upsert by a { b: "),
    Nest(name: "creates", unit: "(create a { b: "),
    Nest(name: "targets", unit: "(a | associate to a ("),
    Nest(name: "guards", unit: "(a | archive at most ("),
    Nest(name: "finds", unit: "(find a where "),
    Nest(name: "plans", unit: "(plan find where "),
    Nest(name: "plans without brackets", unit: "1 + plan "),
    Nest(name: "spreads", unit: "[..."),
    Nest(name: "record spreads", unit: "{..."),
    Nest(name: "sorts", unit: "(a | sort "),
    Nest(name: "let in each", unit: "let a = b | each { "),
    Nest(name: "return", unit: "return (a | each { "),
    Nest(name: "missing brackets", unit: "1 + if a { "),
    Nest(name: "curly", unit: "“ "),
    Nest(name: "closers", unit: ")"),
    Nest(name: "square closers", unit: "]"),
    Nest(name: "brace closers", unit: "}"),
    Nest(name: "mixed closers", unit: "(]"),
    Nest(name: "crossed brackets", unit: "([{)]}"),
    Nest(name: "operators", unit: "+"),
    Nest(name: "dots", unit: "."),
    Nest(name: "spread marks", unit: "... "),
    Nest(name: "ranges", unit: "a.."),
    Nest(name: "sums", unit: "a+"),
    Nest(name: "comparisons", unit: "a<"),
    Nest(name: "members", unit: ".a"),
    Nest(name: "chained calls", unit: "()"),
    Nest(name: "chained indexes", unit: "[0]", start: "a"),
    Nest(name: "else if", unit: "if a { } else "),
    Nest(name: "elif", unit: " elif a { }", start: "if a { }"),
    Nest(name: "pipes", unit: "|"),
    Nest(name: "stages", unit: "| take 1 "),
    Nest(name: "commas", unit: ","),
    Nest(name: "colons", unit: ":"),
    Nest(name: "semicolons", unit: ";"),
    Nest(name: "assignments", unit: "a = "),
    Nest(name: "quotes", unit: "\""),
    Nest(name: "raw quotes", unit: "'"),
    Nest(name: "backticks", unit: "`"),
    Nest(name: "triple quotes", unit: "\"\"\" "),
    Nest(name: "backslashes", unit: "\\"),
    Nest(name: "escapes", unit: "\\u{", start: "\""),
    Nest(name: "dates", unit: "@"),
    Nest(name: "dollars", unit: "${"),
    Nest(name: "hashes", unit: "#"),
    Nest(name: "doc comments", unit: "##\n", end: "fn f() = 1"),
    Nest(name: "separate doc comments", unit: "## a\nfn f() = 1\n"),
    Nest(name: "block comments", unit: "/* "),
    Nest(name: "digits", unit: "9"),
    Nest(name: "underscores", unit: "_"),
    Nest(name: "decimal points", unit: "1.1"),
    Nest(name: "bangs", unit: "!"),
    Nest(name: "NUL", unit: "\0"),
    Nest(name: "names", unit: "a "),
    Nest(name: "statements", unit: "a\n"),
    Nest(name: "emoji", unit: "🧮"),
    Nest(name: "combining marks", unit: "\u{301}", start: "e"),
    Nest(name: "bidi", unit: "\u{202E}"),
    Nest(name: "no-break spaces", unit: "\u{A0}"),
    Nest(name: "carriage returns", unit: "\r"),
    Nest(name: "let", unit: "let "),
    Nest(name: "words", unit: "where by to at most "),
    Nest(name: "missing commas", unit: " 1", start: "[", end: "]"),
    Nest(name: "lambda heads", unit: "(a,"),
    Nest(name: "long lambda head", unit: "a,", start: "("),
  ]

  /// What was parsed, reduced to what is asserted, so that it can leave the thread.
  struct Outcome: Sendable {
    var diagnostics: Int
    var spansInside: Bool
    var rendered: String
  }

  static func outcome(_ text: String) -> Outcome {
    let source = SourceText(name: "hostile.lis", text: text)
    let result = parse(source)
    let inside = result.diagnostics.allSatisfy { diagnostic in
      diagnostic.labels.allSatisfy {
        $0.span.lower >= 0 && $0.span.lower <= $0.span.upper && $0.span.upper <= source.bytes.count
      }
    }
    let first = result.diagnostics.prefix(2)
    return Outcome(
      diagnostics: result.diagnostics.count, spansInside: inside, rendered: render(Array(first)))
  }

  @Test(arguments: nests)
  func staysLinearAndShallow(_ nest: Nest) throws {
    let count = nest.unit.utf8.count <= 2 ? 100_000 : 20_000
    let text = nest.start + String(repeating: nest.unit, count: count) + nest.end
    let clock = ContinuousClock()
    var outcome: Outcome?
    let time = clock.measure { outcome = onSmallStack { Self.outcome(text) } }
    let found = try #require(outcome)
    #expect(found.diagnostics <= 50)
    #expect(found.spansInside)
    #expect(time < .seconds(20), "\(nest.name) took \(time)")
  }

  @Test(arguments: [
    "(", "[", "{a: ", "f(", "a[", "x => ", "if a { ", "a | each { ", "fn f() { ", "match a { 1 => ", "(find where ",
  ])
  func tooDeepIsOneComplaint(_ unit: String) throws {
    let codes = onSmallStack { parsed(String(repeating: unit, count: 100_000)).diagnostics.map(\.code) }
    #expect(codes == ["LIS0020"])
  }

  @Test(arguments: ["a+", ".a", "a or ", "not ", "-", "()", "if a { } else "])
  func tooLongIsOneComplaint(_ unit: String) throws {
    let codes = onSmallStack { parsed("a" + String(repeating: unit, count: 100_000)).diagnostics.map(\.code) }
    #expect(codes == ["LIS0021"] || unit.hasPrefix("not") || unit.hasPrefix("if"))
  }

  /// What people write is far from the limits.
  @Test(arguments: ["(": ")", "[": "]", "f(": ")", "{a: ": "}", "if a { ": " }", "a | each { ": " }", "x => ": ""])
  func fiftyLevelsAreFine(_ opener: String, _ closer: String) {
    let text = String(repeating: opener, count: 40) + "1" + String(repeating: closer, count: 40)
    #expect(!parsed(text).hasErrors, "\(render(parsed(text).diagnostics))")
  }

  @Test func longListsAndManyStatementsHaveNoLimit() {
    let list = "[" + (0..<50_000).map(String.init).joined(separator: ", ") + "]"
    #expect(!parsed(list).hasErrors)
    #expect(!parsed(String(repeating: "let a = b | take 5 | skip 1\n", count: 5_000)).hasErrors)
    #expect(!parsed("xs" + String(repeating: " | take 1", count: 20_000)).hasErrors)
    #expect(!parsed((0..<200).map { ".a == \($0)" }.joined(separator: " or ")).hasErrors)
  }

  @Test func aMegabyteOnOneLine() throws {
    let text = "let a = [" + String(repeating: "\"x\", ", count: 200_000) + "}"
    let clock = ContinuousClock()
    var outcome: Outcome?
    let time = clock.measure { outcome = Self.outcome(text) }
    #expect(try #require(outcome).diagnostics == 1)
    #expect(time < .seconds(20))
  }

  @Test func aMegabyteOfTextThatNeverEnds() {
    for opener in ["\"", "'", "\"${ 'x", "# ", "`", "“", "/*", "@"] {
      let result = parsed(opener + String(repeating: "x y ", count: 250_000))
      #expect(result.diagnostics.count <= 1 || opener == "@", "\(opener)")
    }
  }

  /// Any bytes at all, made into a text as Swift does it: what is no UTF-8 becomes U+FFFD.
  @Test func noise() {
    var random = MutationTests.Random(state: MutationTests.seed)
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(Self.outcome(String(decoding: bytes, as: UTF8.self)).spansInside)
      let marks = Array("(){}[]|,:;=<>!?.+-*/%\"'`$@#_ \n\\aé1".unicodeScalars)
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...200, using: &random) { text.append(marks.randomElement(using: &random) ?? "a") }
      #expect(Self.outcome(String(text)).spansInside)
    }
  }
}
