import Testing

@Suite("lis help")
struct HelpTests {
  @Test("a code, in any spelling", arguments: ["LIS0140", "lis0140", "140", "LIS140"])
  func code(_ topic: String) throws {
    let ended = try Home().lis("help", topic)
    #expect(ended.status == 0)
    #expect(ended.err.isEmpty)
    #expect(ended.out.hasPrefix("LIS0140  an unknown property\n"))
    #expect(ended.out.contains("Causes it:\n\n    find where .prise > 1"))
    #expect(ended.out.contains("Write instead:\n\n    find where .price > 1"))
  }

  @Test("without a topic: commands and topics")
  func list() throws {
    let ended = try Home().lis("help")
    #expect(ended.status == 0)
    #expect(ended.out.contains("SUBCOMMANDS:"))
    #expect(ended.out.contains("  LIS0001  "))
    #expect(ended.out.contains("  LIS0416  "))
  }

  @Test("commands are explained as their --help does")
  func commands() throws {
    let home = try Home()
    #expect(try home.lis("help", "run").out == home.lis("run", "--help").out)
    #expect(try home.lis("help", "schema", "pull").out == home.lis("schema", "pull", "--help").out)
  }

  @Test("an unknown topic is a usage error with a suggestion")
  func unknown() throws {
    let ended = try Home().lis("help", "LIS0141x")
    #expect(ended.status == 64)
    #expect(ended.err.contains("there is no help on `LIS0141x` (did you mean LIS0141?)"), "\(ended.err)")
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
