import Testing

@testable import LisSyntax

@Suite("Spans and ids of the tree")
struct TreeTests {
  static let expressionSpans: [(String, String)] = [
    ("let a =  b + c # d", "b + c"), ("let a = (b)", "(b)"), ("let a = f( b , c )[0].d  ", "f( b , c )[0].d"),
    ("let a = \"x ${b} y\"", "\"x ${b} y\""), ("let a = x => x + 1;", "x => x + 1"), ("let a = -b", "-b"),
    ("let a = not b", "not b"), ("let a = [1,\n2]\n", "[1,\n2]"), ("let a = { b: 1 }", "{ b: 1 }"),
    ("let a = if b { 1 } else { 2 }", "if b { 1 } else { 2 }"), ("let a = match b { 1 => 2 }", "match b { 1 => 2 }"),
    ("let a = .b", ".b"), ("let a = 90d", "90d"), ("let a = (find where .b | count)", "(find where .b | count)"),
  ]

  @Test(arguments: expressionSpans)
  func expressionsCoverTheirText(_ text: String, _ expected: String) throws {
    let source = source(text)
    let item = try #require(parse(source).program.items.first)
    guard case .statement(let statement) = item.kind, case .declare(let name, _, let value) = statement.kind else {
      Issue.record("no declaration")
      return
    }
    #expect(source.text(name.span) == "a")
    #expect(source.text(value.span) == expected)
    #expect(source.text(try #require(value.expression).span) == expected)
    #expect(source.text(statement.span).hasSuffix(expected))
    #expect(item.span == statement.span)
  }

  @Test func stagesKnowTheirHeadAndEnd() throws {
    let source = source("find deals where .a | update { b: 1 } at most 5 on error continue | top(3)\n")
    let item = try #require(parse(source).program.items.first)
    guard case .statement(let statement) = item.kind, case .pipeline(let pipeline) = statement.kind else {
      Issue.record("no pipeline")
      return
    }
    #expect(pipeline.stages.map { source.text($0.head) } == ["update", "top"])
    #expect(pipeline.stages.map { source.text($0.span) } == ["update { b: 1 } at most 5 on error continue", "top(3)"])
    guard case .find(let find) = pipeline.source, case .update(let update) = pipeline.stages[0].kind else {
      Issue.record("no find")
      return
    }
    #expect(source.text(find.span) == "find deals where .a")
    #expect(source.text(update.record.span) == "{ b: 1 }")
    #expect(
      update.guards.map { clause in
        switch clause {
        case .atMost(_, let span), .onErrorContinue(let span): return source.text(span)
        }
      } == ["at most 5", "on error continue"])
  }

  @Test func fieldsAndMembersAreNamedWithoutTheirDot() throws {
    let source = source(".price.amount == 1")
    guard case .statement(let statement) = try #require(parse(source).program.items.first).kind,
      case .pipeline(let pipeline) = statement.kind,
      case .binary(.equal, let left, _, let mark) = try #require(pipeline.expression).kind,
      case .member(let base, let member) = left.kind, case .field(let field) = base.kind
    else {
      Issue.record("another tree")
      return
    }
    #expect([member, field].map { source.text($0.span) } == ["amount", "price"])
    #expect([member, field].map(\.text) == ["amount", "price"])
    #expect(source.text(mark) == "==")
  }

  static let counts: [(String, Int)] = [
    ("", 0), ("a", 2), ("a + b", 4), ("find where .a | take 5", 5), ("fn f(x) = x", 2), ("let a = [1, 2]", 4),
  ]

  @Test(arguments: counts)
  func idsAreDense(_ text: String, _ expected: Int) {
    #expect(parsed(text).program.nodeCount == expected)
    #expect(parse(source(text), firstNode: 100).program.nodeCount == 100 + expected)
  }

  @Test func anUnfinishedMemberIsKeptForEditors() {
    let result = parsed("let a = item.\nlet b = 1")
    #expect(result.diagnostics.map(\.code) == ["LIS0013"])
    #expect(dump(result.program) == "(let a (member item ))\n(let b 1)")
  }
}
