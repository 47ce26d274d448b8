import TestSupport
import Testing

@testable import LisAuth

@Suite struct TOMLTests {
  /// A value as a text that shows its kind.
  private static func shown(_ value: TOMLNode.Value?) -> String {
    switch value {
    case .text(let text): "text \(text)"
    case .number(let number): "number \(number)"
    case .flag(let flag): "flag \(flag)"
    case .list(let nodes): "list \(nodes.map { shown($0.value) })"
    case .table(let table): "table \(table.keys.map { "\($0): \(shown(table[$0]?.value))" })"
    case .other: "other"
    case nil: "nothing"
    }
  }

  @Test(arguments: [
    ("\"a\\tb\\\"\\\\ \\u00e9\\U0001F642\"", "text a\tb\"\\ é🙂"), ("'C:\\x\\y'", "text C:\\x\\y"), ("\"\"", "text "),
    ("\"\"\"\none\\\n   two\n\"three\"\"\"\"", "text onetwo\n\"three\""), ("'''\na'b\n'''", "text a'b\n"),
    ("1_000", "number 1000"), ("-7", "number -7"), ("+0", "number 0"), ("0xFf", "number 255"), ("0b101", "number 5"),
    ("0o17", "number 15"), ("9223372036854775807", "number 9223372036854775807"), ("true", "flag true"),
    ("1.5", "other"), ("1e9", "other"), ("-inf", "other"), ("1979-05-27T07:32:00Z", "other"), ("07:32:00", "other"),
    ("[ 1, # one\n 2,\n]", "list [\"number 1\", \"number 2\"]"), ("[]", "list []"), ("{}", "table []"),
    ("{ a = 1, b.c = 'x' }", "table [\"a: number 1\", \"b: table [\\\"c: text x\\\"]\"]"),
  ])
  func values(text: String, expected: String) throws {
    #expect(Self.shown(try TOMLReader.read("x = \(text) # and a comment\n")["x"]?.value) == expected)
    #expect(Self.shown(try TOMLReader.read("\u{feff}x=\(text)\r\n")["x"]?.value) == expected)
  }

  @Test(arguments: [
    "x", "x =", "x = \n1", "x = 007", "x = 1__0", "x = 0x", "x = 0b2", "x = +-1", "x = 99999999999999999999", "x = \"a",
    "x = \"a\nb\"", "x = \"\\q\"", "x = \"\\ud800\"", "x = 'a\u{1}'", "x = [1", "x = [1 2]", "x = {a=1,}",
    "x = {\na=1}",
    "x = 1 y = 2", "x = 1\nx = 2", "[a]\n[a]", "a = 1\n[a]", "[a", "[]", "[[a]", "a.b = 1\na = 2", "\"\"\"k\"\"\" = 1",
    "x = {a = 1}\n[x]", "x = {a = 1}\nx.b = 2", "# \u{7f}", "= 1", "x = tru", "a.b = 1\n[a]", "[[a]]\n[a]", "é = 1",
  ])
  func whatIsNoDocumentIsRefused(text: String) {
    #expect(throws: TOMLProblem.self) { try TOMLReader.read(text) }
  }

  @Test func sectionsMayComeInAnyOrder() throws {
    let root = try TOMLReader.read("[a.b.c]\nx = 1\n[a]\ny = 2\n[a.b]\nz.w = 3\nz.v = 4\n[[l]]\n[[l]]\nq = 1")
    #expect(
      Self.shown(.table(root))
        == "table [\"a: table [\\\"b: table [\\\\\\\"c: table [\\\\\\\\\\\\\\\"x: number 1\\\\\\\\\\\\\\\"]\\\\\\\", "
        + "\\\\\\\"z: table [\\\\\\\\\\\\\\\"v: number 4\\\\\\\\\\\\\\\", \\\\\\\\\\\\\\\"w: number 3\\\\\\\\\\\\\\\"]\\\\\\\"]\\\", "
        + "\\\"y: number 2\\\"]\", \"l: other\"]")
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var random = SeededGenerator.announced()
    for _ in 0..<500 {
      let text = String(
        String.UnicodeScalarView(
          (0..<12).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 1..<(Bool.random(using: &random) ? 0x80 : 0x3000), using: &random))
          }))
      let root = try TOMLReader.read("x = \(TOMLWriter.text(text))\ny = \(TOMLWriter.list([text, text]))")
      #expect(Self.shown(root["x"]?.value) == "text " + text)
      #expect(
        Self.shown(root["y"]?.value)
          == Self.shown(.list([TOMLNode(value: .text(text), line: 1), TOMLNode(value: .text(text), line: 1)])))
    }
  }
}
