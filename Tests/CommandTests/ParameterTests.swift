import TerminalSupport
import Testing

@Suite("Parameters of a script")
struct ParameterTests {
  static let script = """
    #!/usr/bin/env lis
    # Shows what it was given.
    #
    # Harmless.

    ## Lowest price
    ## that is left alone.
    param price_floor: number = 5
    param who: string
    param when: date = @2026-01-01
    print(price_floor, who, when)
    """

  @Test(
    "given as flags, in any order, before or behind those of lis",
    arguments: [
      (["--who", "me"], "5 me 2026-01-01"), (["--who=me", "--price-floor", "7.50"], "7.50 me 2026-01-01"),
      (["--price_floor", "7", "--who", "a b"], "7 a b 2026-01-01"), (["--who", "-5", "--quiet"], "5 -5 2026-01-01"),
      (["--quiet", "--who", "x", "--when", "2026-02-28"], "5 x 2026-02-28"), (["--who="], "5  2026-01-01"),
      (["--who", "a=b", "--price-floor=-1"], "-1 a=b 2026-01-01"),
    ])
  func given(arguments: [String], out: String) throws {
    let home = try Home()
    home.script(Self.script)
    for command in [["run", "script.lis"], ["script.lis"]] {
      let ended = try home.start(command + arguments).waitForEnd()
      #expect(ended.status == 0, "\(ended.err)")
      #expect(ended.out == out + "\n")
    }
    #expect(try home.start(["-"] + arguments, input: .text(Self.script)).waitForEnd().out == out + "\n")
    #expect(try home.start(["-e", Self.script] + arguments).waitForEnd().out == out + "\n")
  }

  @Test(
    "what is wrong ends with 64 and says so",
    arguments: [
      ([], "--who <string>"), (["--price-floor", "3"], "--who <string>"),
      (["--who", "x", "--prize-floor", "3"], "did you mean --price-floor?"),
      (["--who", "x", "--aply", "3"], "did you mean --apply?"), (["--who", "x", "--aply"], "did you mean --apply?"),
      (["--who"], "--who needs a value"), (["--who", "x", "--price-floor", "much"], "--price-floor must be a number"),
      (["--who", "x", "--when", "2026-02-30"], "--when must be a date"), (["--who", "x", "--who=y"], "given twice"),
      (["--who", "x", "y"], "`y` is not expected here"), (["--who", "x", "--", "y"], "expected"),
      (["--who", "x", "--max-changes=-1"], "--max-changes must be 0 or more"),
    ] as [([String], String)])
  func wrong(arguments: [String], message: String) throws {
    let home = try Home()
    home.script(Self.script)
    let ended = try home.start(["script.lis"] + arguments).waitForEnd()
    #expect(ended.status == 64)
    #expect(ended.out.isEmpty)
    #expect(ended.err.contains(message), "\(ended.err)")
    #expect(ended.err.split(separator: "\n").count == 1)
  }

  @Test(
    "a parameter that is true or false needs no value",
    arguments: [
      ([], "false true none"), (["--dry"], "true true none"), (["--dry", "--no-loud"], "true false none"),
      (["--no-dry", "--loud"], "false true none"), (["--dry=false", "--loud=true"], "false true none"),
      (["--dry", "true", "--loud", "false"], "true false none"), (["--dry", "--name", "x"], "true true x"),
      (["--no-name", "y"], "none"), (["--name", "--dry"], "false true --dry"),
    ])
  func switches(arguments: [String], out: String) throws {
    let home = try Home()
    home.script("param dry: bool = false\nparam loud = true\nparam name = \"none\"\nprint(dry, loud, name)\n")
    let ended = try home.start(["script.lis"] + arguments).waitForEnd()
    if arguments.first == "--no-name" {
      #expect(ended.status == 64 && ended.err.contains("no parameter --no-name"), "\(ended.err)")
    } else {
      #expect(ended.out == out + "\n", "\(ended.err)")
    }
  }

  @Test("a wrong value is answered with what would be right") func accepted() throws {
    let home = try Home()
    home.script("param dry: bool = false\nparam days: duration = 3d\nprint(dry, days)\n")
    for (argument, words) in [
      ("--dry=maybe", "it takes true or false, as in --dry=false; --dry alone means true, and --no-dry false"),
      ("--days=soon", "it takes a duration such as 30d or 12mo"),
    ] {
      let ended = try home.start(["script.lis", argument]).waitForEnd()
      #expect(ended.status == 64 && ended.err.contains(words), "\(ended.err)")
    }
  }

  @Test("--help shows the script's own parameters, wherever it stands")
  func help() throws {
    let home = try Home()
    home.script(Self.script)
    for arguments in [["script.lis", "--help"], ["run", "script.lis", "-h"], ["plan", "--help", "script.lis"]] {
      let ended = try home.start(arguments).waitForEnd()
      #expect(ended.status == 0)
      #expect(ended.err.isEmpty)
      #expect(
        ended.out == """
          Shows what it was given.

          Harmless.

          USAGE: lis run script.lis [--price-floor <number>] --who <string> [--when <date>] [<flags of lis>]

          PARAMETERS:
            --price-floor <number>  Lowest price
                                    that is left alone.
                                    (default: 5)
            --who <string>          (required)
            --when <date>           (default: @2026-01-01)

          `lis run --help` shows the flags of lis.

          """)
    }
    home.script("print(1)", as: "bare.lis")
    #expect(try home.lis("bare.lis", "--help").out.hasPrefix("USAGE: lis run bare.lis [<flags of lis>]\n"))
    #expect(try home.lis("nothing.lis", "--help").status == 64)
  }

  @Test("a parameter cannot be named like a flag of lis, whichever")
  func reserved() throws {
    let home = try Home()
    let help = try home.lis("run", "--help").out
    var flags = Set(help.split { !($0.isLetter || $0 == "-") }.filter { $0.hasPrefix("--") && $0.count > 2 })
    #expect(flags.isSuperset(of: ["--portal", "--apply", "--quiet", "--max-changes", "--help", "--version"]))
    flags.remove("--pct")
    for flag in flags.sorted() {
      let name = flag.dropFirst(2).map { $0 == "-" ? "_" : String($0) }.joined()
      let ended = try home.lis("-e", "param ok: number = 1\nparam \(name): number = 1\nprint(1)")
      #expect(ended.status == 65)
      #expect(ended.out.isEmpty)
      #expect(ended.err.contains("the parameter `\(name)` is named like the flag \(flag) of lis"), "\(ended.err)")
      #expect(ended.err.contains("-e:2:7"))
    }
    #expect(try home.lis("check", "-e", "param quiet: bool = true").status == 65)
    let json = try home.lis("-e", "param quiet: bool = true", "--diagnostics", "json")
    #expect(json.err.contains("\"LIS0210\""))
  }

  @Test("a script with syntax errors is not blamed for its parameters")
  func broken() throws {
    let home = try Home()
    #expect(try home.lis("-e", "param : number = 1\n)", "--who", "x").status == 65)
  }
}
