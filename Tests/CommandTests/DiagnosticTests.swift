import TerminalSupport
import Testing

@Suite("Problems found before the first request")
struct DiagnosticTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var code: String
    /// Line and column.
    var place: String
    var message: String
    var suggestion: String
    var testDescription: String { code }
  }

  static let cases = [
    Case(
      code: "let floor = 5\nfind where .prise > floor", place: "2:12", message: "no property `prise`",
      suggestion: "did you mean `price`?"),
    Case(
      code: "let floor = 5\nfind where .price > flor", place: "2:21", message: "unknown name `flor`",
      suggestion: "did you mean `floor`?"),
    Case(
      code: "find where .price > \"a lot\"", place: "1:21", message: "compared with a string",
      suggestion: "number(…)"),
    Case(
      code: "fn expire() {\n  find where .price < 0 | archive at most 5\n}\nexpire()", place: "2:27",
      message: "`expire` does not end in `!`", suggestion: "expire!"),
    Case(code: "prnt(1)", place: "1:1", message: "unknown function `prnt`", suggestion: "did you mean `print`?"),
    Case(code: "if .price = 3 { 1 }", place: "1:11", message: "=", suggestion: "=="),
  ]

  @Test("each with its place, excerpt and suggestion, and without a request", arguments: cases)
  func found(problem: Case) throws {
    let home = try Home(.small)
    #expect(try home.lis("schema", "pull", "--portal", "practice").status == 0)
    let before = home.requests
    #expect(before == ["GET /crm/properties/2026-09/line_items"])
    home.script(problem.code)
    for command in [
      ["run", "script.lis", "--portal", "practice", "--apply"], ["check", "script.lis", "--portal", "practice"],
    ] {
      let ended = try home.start(command).waitForEnd()
      #expect(ended.status == 65)
      #expect(ended.out.isEmpty)
      #expect(ended.err.contains("--> script.lis:\(problem.place)\n"), "\(ended.err)")
      #expect(ended.err.contains(problem.message), "\(ended.err)")
      #expect(ended.err.contains(problem.suggestion), "\(ended.err)")
      let line = problem.code.split(separator: "\n")[(Int(problem.place.prefix(1)) ?? 1) - 1]
      #expect(ended.err.contains("| \(line)\n"), "\(ended.err)")
      #expect(ended.err.contains("^"))
    }
    #expect(home.requests == before)
  }

  @Test("without a kept schema a wrong property costs the schema request alone")
  func withoutCache() throws {
    let home = try Home(.small)
    home.script("find where .prise > 1 | update { price: 1 }")
    let ended = try home.lis("run", "script.lis", "--portal", "practice", "--apply")
    #expect(ended.status == 65)
    #expect(ended.err.contains("did you mean `price`?"))
    #expect(home.requests == ["GET /crm/properties/2026-09/line_items"])
  }

  @Test("check asks nothing of the portal and needs no credential")
  func checkOffline() throws {
    let home = try Home()
    home.script("find where .price > 1 | select .name")
    home.script("prnt(1)", as: "wrong.lis")
    #expect(try home.lis("check", "script.lis").status == 0)
    let both = try home.lis("check", "script.lis", "wrong.lis")
    #expect(both.status == 65)
    #expect(both.err.contains("wrong.lis:1:1"))
    #expect(try home.lis("check", "-e", "1 +").status == 65)
    #expect(try home.lis("check").status == 64)
    #expect(!home.folder.exists("home/practice"))
  }

  @Test("--diagnostics json", arguments: ["prnt(1)", "1 / 0", "let x = ["])
  func json(code: String) throws {
    let home = try Home()
    let ended = try home.lis("-e", code, "--diagnostics", "json")
    #expect(ended.out.isEmpty)
    let text = ended.err.trimmingSpace
    #expect(text.hasPrefix("[") || text.hasPrefix("{"))
    for key in ["\"code\"", "\"message\"", "\"severity\"", "\"line\"", "\"column\""] {
      #expect(text.contains(key), "\(text)")
    }
  }

  @Test("colours only where they are asked for")
  func colours() throws {
    let home = try Home()
    #expect(!(try home.lis("-e", "prnt(1)").err.contains("\u{1b}")))
    #expect(try home.lis("-e", "prnt(1)", "--color", "always").err.contains("\u{1b}["))
    #expect(!(try home.lis("-e", "prnt(1)", "--color", "never").err.contains("\u{1b}")))
    for (value, isColoured) in [("", true), ("1", false)] {
      let session = try Session(
        ["-e", "prnt(1)"], program: "lis", environment: home.environment.merging(["NO_COLOR": value]) { $1 },
        columns: 100, input: .text(""))
      try session.wait(for: "did you mean")
      #expect(try session.waitForEnd() == .status(65))
      #expect(session.screen.hasColour == isColoured)
    }
  }
}

extension String {
  var trimmingSpace: Substring { drop { $0.isWhitespace }[...] }
}
