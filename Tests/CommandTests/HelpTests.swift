import TerminalSupport
import Testing

@Suite("lis help")
struct HelpTests {
  private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  @Test("pages, words, builtins and commands have help; anything else is named with what is near")
  func topics() throws {
    let home = try Home()
    let overview = try home.lis("help")
    #expect(overview.status == 0 && overview.out.contains("  find ") && overview.err.isEmpty)
    #expect(try home.lis("help", "round").out.hasPrefix("round(value, [digits]): number\n"))
    #expect(try home.lis("help", "find").out.hasPrefix("find: rows of the portal\n"))
    #expect(try home.lis("help", "where").out.hasPrefix("where (from `lis help find`)\n"))
    #expect(try home.lis("help", "fmt").out.contains("USAGE: lis fmt"))
    let unknown = try home.lis("help", "fidn")
    #expect(unknown.status == 64 && unknown.err.contains("did you mean find?") && unknown.out.isEmpty)
  }

  @Test("a code, in any spelling", arguments: ["LIS0140", "lis0140", "140", "LIS140"])
  func code(_ topic: String) throws {
    let ended = try Home().lis("help", topic)
    #expect(ended.status == 0)
    #expect(ended.err.isEmpty)
    #expect(ended.out.hasPrefix("LIS0140  an unknown property\n"))
    #expect(ended.out.contains("Causes it:\n\n    find where .prise > 1"))
    #expect(ended.out.contains("Write instead:\n\n    find where .price > 1"))
  }

  @Test("the list of codes")
  func codes() throws {
    let ended = try Home().lis("help", "codes")
    #expect(ended.status == 0)
    #expect(ended.lines.first?.hasPrefix("LIS0001  ") == true)
    #expect(ended.lines.contains { $0.hasPrefix("LIS0422  ") })
  }

  @Test("commands are explained as their --help does")
  func commands() throws {
    let home = try Home()
    #expect(try home.lis("help", "run").out == home.lis("run", "--help").out)
    #expect(try home.lis("help", "schema", "pull").out == home.lis("schema", "pull", "--help").out)
  }

  @Test("--search shows the lines that hold a word")
  func search() throws {
    let home = try Home()
    let found = try home.lis("help", "--search", "half away")
    #expect(found.status == 0 && found.out.hasPrefix("numbers  Rounded to"), "\(found.out)")
    let none = try home.lis("help", "--search", "no such words")
    #expect(none.status == 64 && none.err.contains("no page holds"))
  }

  @Test("at the prompt, `help` and `help round` are no code; names called help still are")
  func prompt() throws {
    let home = try Home()
    let session = try home.terminal("--portal", "practice")
    try session.waitForPrompt()
    try session.enter("help round", expecting: "half away from zero")
    try session.enter("let help = 5", expecting: "lis practice>")
    try session.enter("print(help + 37)", expecting: "\n42\n")
    try session.enter("help nothing", expecting: "there is no page `nothing`")
  }

  @Test("the tests that the reference shows pass")
  func referenceTests() throws {
    let home = try Home()
    var count = 0
    for page in ["testing", "builtins"] {
      let text = try home.shell("cat \"$0\"", ["\(Self.root)/Sources/LisRuntime/Reference/Markdown/\(page).md"]).out
      let parts = text.split(separator: "```", omittingEmptySubsequences: false)
      for (place, part) in parts.enumerated() where place % 2 == 1 && part.contains("\ntest \"") {
        count += 1
        home.script(String(part.drop { $0 != "\n" }), as: "shown.lis")
        let ended = try home.lis("test", "shown.lis")
        #expect(ended.status == 0, "\(part)\n\(ended.out)\(ended.err)")
      }
    }
    #expect(count >= 3)
  }
}

@Suite("Warnings")
struct WarningTests {
  static let script = "let unused = 1\nprint(2)"

  @Test("check shows them and ends with 0")
  func check() throws {
    let home = try Home()
    home.script(Self.script)
    let ended = try home.lis("check", "script.lis")
    #expect(ended.status == 0)
    #expect(ended.err.contains("warning[LIS0185]"))
    #expect(ended.err.contains("--> script.lis:1:5"))
    home.script(Self.script + "\nprint(nothing)")
    #expect(try home.lis("check", "script.lis").status == 65)
    home.script(Self.script)
    #expect(try home.lis("check", "script.lis", "--diagnostics", "json").err.contains(#""severity":"warning""#))
  }

  @Test("run shows them once, and not with --quiet")
  func run() throws {
    let home = try Home()
    home.script(Self.script)
    let ended = try home.lis("run", "script.lis")
    #expect(ended.status == 0)
    #expect(ended.out == "2\n")
    #expect(ended.err.ranges(of: "LIS0185").count == 1)
    let quiet = try home.lis("run", "script.lis", "--quiet")
    #expect(quiet.err.isEmpty, "\(quiet.err)")
  }
}
