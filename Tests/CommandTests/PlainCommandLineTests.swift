import ArgumentParser
import Testing

@testable import lis

@Suite("A command line without options")
struct PlainCommandLineTests {
  private func plain(_ arguments: [String]) -> RunSettings? {
    PlainCommandLine(arguments, commands: Lis.commands)?.settings
  }

  /// What the parser makes of the same words, with the command that is meant where none is named.
  private func parsed(_ arguments: [String]) throws -> RunSettings {
    try Run.parse(arguments.first == "run" ? Array(arguments.dropFirst()) : arguments).settings
  }

  @Test(
    "is understood without the parser, as the parser understands it",
    arguments: [
      ["-e", "1"], ["run", "-e", "1"], ["-e", ""], ["-e", "print(1)", "--who", "me"], ["-e", "run"], ["script.lis"],
      ["run", "script.lis"], ["run", "check"], ["./check"], ["run", "run"], ["a b.lis", "--who=me", "--floor", "7.50"],
      ["script.lis", "--who="], ["script.lis", "--who", ""], ["script.lis", "--who=a=b", "word"], ["script.lis", ""],
      ["script.lis", "--who"], ["script.lis", "--port", "x"], ["script.lis", "--portals", "x"],
      ["script.lis", "--äöü", "x"], ["script.lis", "--read_limit", "3"], ["script.lis", "word", "--more", "words"],
      ["script.lis", "--a", "1", "--b", "2", "--a", "3"], ["script.lis", "--apply_now"], ["script.lis", "--=x"],
    ])
  func agrees(arguments: [String]) throws {
    #expect(try plain(arguments) == parsed(arguments))
  }

  @Test(
    "with anything that the parser may take for its own is left to it",
    arguments: [
      [], ["run"], ["-"], ["--"], ["-e"], ["run", "-e"], ["-e", "-1"], ["-e1"], [""], ["help"],
      ["check", "script.lis"],
      ["plan", "-e", "1"], ["script.lis", "-h"], ["script.lis", "--help"], ["--help"], ["--version"],
      ["script.lis", "--help-hidden"], ["script.lis", "--version"], ["script.lis", "--", "x"], ["script.lis", "-5"],
      ["script.lis", "-e", "1"], ["-e", "1", "-q"], ["script.lis", "--generate-completion-script"],
      ["script.lis", "--experimental-dump-help"], ["--quiet", "script.lis"],
    ])
  func declined(arguments: [String]) { #expect(plain(arguments) == nil) }

  @Test("is none where a flag of lis stands anywhere", arguments: ReservedFlag.all.sorted())
  func flags(flag: String) {
    for words in [[flag], [flag, "3"], [flag + "=3"]] {
      #expect(plain(["script.lis"] + words) == nil)
      #expect(plain(["script.lis", "--who", "me"] + words) == nil)
      #expect(plain(["-e", "1"] + words) == nil)
    }
  }

  @Test("The flags that a script cannot have are those that a run declares, and those of the parser")
  func reserved() {
    // Each option begins a line of the help: `  --flag <value>  What it does`.
    let lines = Run.helpMessage(columns: 400).split(separator: "\n").filter { $0.hasPrefix("  -") }
    let declared = lines.flatMap { $0.split(separator: " ").prefix { $0.hasPrefix("-") } }
      .map { String($0.prefix { $0 != "," }) }.filter { $0.hasPrefix("--") }
    #expect(declared.count == Set(declared).count)
    #expect(Set(declared).union(["--help", "--version"]) == ReservedFlag.all)
  }
}
