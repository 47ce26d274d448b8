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
