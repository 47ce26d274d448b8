import TerminalSupport
import Testing

@Suite("Output")
struct OutputTests {
  @Test("results alone go to standard output, and two runs are the same byte for byte")
  func streams() throws {
    let home = try Home(.small)
    home.script(
      "print(\"start\")\nfind where .hs_sku == \"SRV-1\" | select .id, .name, .price\nfind where .hs_sku == \"SRV-1\" | update { price: 45 }"
    )
    let first = try home.lis("script.lis", "--portal", "practice")
    #expect(first.status == 9)
    #expect(first.lines.first == "start")
    #expect(first.lines.dropFirst().allSatisfy { $0.hasPrefix("{\"id\":\"") && $0.hasSuffix("}") })
    #expect(first.lines.count > 3)
    #expect(first.err.contains("plan  update"))
    let second = try home.lis("script.lis", "--portal", "practice")
    #expect(second.out == first.out)
    #expect(second.err == first.err)
  }

  @Test(
    "each format",
    arguments: [
      ("ndjson", "{\"a\":1,\"b\":\"x, \\\"y\\\"\"}\n{\"a\":2.50,\"b\":null}\n"),
      ("json", "[{\"a\":1,\"b\":\"x, \\\"y\\\"\"},\n {\"a\":2.50,\"b\":null}]\n"),
      ("csv", "a,b\n1,\"x, \"\"y\"\"\"\n2.50,\n"), ("tsv", "a\tb\n1\tx, \"y\"\n2.50\t\n"),
      ("md", "| a | b |"), ("table", "a"),
    ])
  func formats(format: String, out: String) throws {
    let home = try Home()
    let code = "[{ a: 1, b: 'x, \"y\"' }, { a: 2.50, b: null }]"
    let ended = try home.lis("-e", code, "--format", format)
    #expect(ended.status == 0, "\(ended.err)")
    if format == "md" || format == "table" || format == "json" {
      #expect(ended.out.filter { $0 != " " && $0 != "\n" }.contains(out.filter { $0 != " " && $0 != "\n" }))
      #expect(ended.out.contains("2.50"))
    } else {
      #expect(ended.out == out)
    }
    #expect(try home.lis("-e", code, "--format", format).out == ended.out)
  }

  @Test("a reader that goes away ends the output, not the run with a crash")
  func closedPipe() throws {
    let home = try Home(.small)
    let ended = try home.shell(
      "\"$LIS\" --portal practice -e 'find all | select .id, .name'; echo \"status $?\" >&2", ["sh"])
    #expect(ended.lines.count == 400)
    let cut = try home.shell(
      "{ \"$LIS\" --portal practice -e 'for i in 1..20000 { print(i, \"some text to fill the pipe\") }'; echo \"status $?\" >&2; } | head -2"
    )
    #expect(cut.lines == ["1 some text to fill the pipe", "2 some text to fill the pipe"])
    #expect(cut.err == "status 0\n")
  }

  @Test("closed standard streams: nothing that is meant for them ends up in a file")
  func closedStreams() throws {
    let home = try Home(.small)
    let code = "find where .hs_sku == \"SRV-1\" | select .id, secretly: \"MARKED\""
    let ended = try home.shell("\"$LIS\" --portal practice -e '\(code)' <&- >&- 2>&-; echo $?")
    #expect(ended.out == "0\n")
    for file in [
      "home/journal.sqlite", "home/journal.sqlite-wal", "home/practice/portal.sqlite",
      "home/practice/portal.sqlite-wal",
    ] {
      #expect(!home.folder.text(of: file).contains("MARKED"))
    }
  }

  @Test("--quiet keeps the plan and the results")
  func quiet() throws {
    let home = try Home(.small)
    let ended = try home.lis(
      "--quiet", "--portal", "practice", "-e", "find where .hs_sku == \"SRV-1\" | update { price: 45 }")
    #expect(ended.status == 9)
    #expect(ended.err.contains("plan  update"))
  }

  @Test("progress is drawn on a terminal alone, and not with --quiet", arguments: [true, false])
  func progress(isQuiet: Bool) throws {
    let home = try Home(.small)
    let arguments = ["--portal", "practice", "-e", "print(count(find all))"] + (isQuiet ? ["--quiet"] : [])
    let session = try Session(
      arguments, program: "lis", environment: home.environment, columns: 80, input: .text(""), outputIsPipe: true)
    #expect(try session.waitForEnd() == .status(0))
    #expect(session.output == "400\n")
    // What was drawn is wiped at the end.
    #expect(session.screen.text.isEmpty)
  }

  @Test("rows on a terminal are a table")
  func table() throws {
    let home = try Home()
    let session = try Session(
      ["-e", "[{ name: \"漢字\", n: 1 }, { name: \"b\", n: 20 }]"], program: "lis", environment: home.environment,
      columns: 40, input: .text(""))
    #expect(try session.waitForEnd() == .status(0))
    #expect(session.screen.text.contains("name"))
    #expect(!session.screen.text.contains("{"))
  }

  @Test("--tz sets the day; without it UTC is taken and that is said")
  func zone() throws {
    let home = try Home()
    let code = "print(today())"
    let plain = try home.lis("-e", code)
    #expect(plain.status == 0)
    #expect(plain.err.contains("UTC") && plain.err.contains("--tz"))
    let days = try ["Pacific/Kiritimati", "Pacific/Pago_Pago"].map { zone in
      let ended = try home.lis("--tz", zone, "-e", code)
      #expect(ended.status == 0, "\(ended.err)")
      #expect(ended.err.isEmpty)
      return ended.out
    }
    // Fourteen hours ahead of UTC and eleven behind are never on one day.
    #expect(days[0] > days[1])
  }

  @Test("the help names what it must")
  func help() throws {
    let home = try Home()
    let words: [[String]: [String]] = [
      ["--help"]: ["run", "plan", "check", "repl", "practice", "schema", "--apply"],
      ["run", "--help"]: [
        "--portal", "--apply", "--format", "ndjson", "--quiet", "--diagnostics", "--tz", "--read-only", "--no-files",
        "--expect-changes", "--max-changes", "-e", "practice", "lis FILE --help",
      ],
      ["plan", "--help"]: ["2", "--portal", "-e"], ["check", "--help"]: ["schema", "--portal"],
      ["repl", "--help"]: ["Ctrl-C", "Ctrl-D", "--portal"],
      ["practice", "serve", "--help"]: [
        "--host", "--port", "--data", ":memory:", "--seed", "empty", "demo", "--token", "--rate-limit", "190/10s",
        "--latency", "80ms", "practice portal listening on", "SIGTERM", "--oauth-app", "--faults",
        "--control-token", "lis help practice",
      ],
      ["practice", "--help"]: [
        "serve", "seed", "reset", "/oauth/authorize", "practice-client", "foreign-edit", "/practice/log",
        "Rules of the practice portal",
      ], ["schema", "pull", "--help"]: ["line_items", "--portal"],
    ]
    for (arguments, expected) in words {
      let ended = try home.start(arguments).waitForEnd()
      #expect(ended.status == 0)
      #expect(ended.err.isEmpty)
      for word in expected { #expect(ended.out.contains(word), "\(arguments): \(word)") }
    }
    #expect(try home.lis("plan", "--help").out.contains("--apply") == false)
  }
}
