import Glibc
import TerminalSupport
import Testing

@Suite("Exit codes")
struct ExitTests {
  @Test(
    "without a portal",
    arguments: [
      (["-e", "print(1)"], 0), (["--version"], 0), (["--help"], 0), (["help", "run"], 0), (["-e", "1 / 0"], 1),
      (["-e", "fail_with(\"no\")"], 1), (["-e", "print(1"], 65), (["-e", "prnt(1)"], 65), (["nothing.lis"], 64),
      (["run", "."], 64), (["--bogus"], 64), (["run", "--bogus", "x"], 64), (["-e", "1", "extra"], 64), (["-e"], 64),
      (["--format", "xml", "-e", "1"], 64), (["--portal", "nowhere", "-e", "find all"], 64),
      (["--tz", "Mars/Crater", "-e", "1"], 64), (["--tz", "../../etc/passwd", "-e", "1"], 64), (["check"], 64),
      (["repl", "extra"], 64), (["practice", "bogus"], 64), (["--expect-changes", "many", "-e", "1"], 64),
      (["--time-limit", "0", "-e", "1"], 64), (["--time-limit", "3600", "-e", "print(1)"], 0),
      (["--time-limit", "0.1", "-e", "for i in 1..1000000000000 { }"], 1),
    ] as [([String], Int32)])
  func withoutPortal(arguments: [String], status: Int32) throws {
    let home = try Home()
    let ended = try home.start(arguments).waitForEnd()
    #expect(ended.status == status, "\(ended.err)")
    #expect(ended.out.isEmpty == (status != 0))
    #expect(ended.err.isEmpty == (status == 0))
  }

  @Test("2 for a plan that would change something, 0 for one that would not, and no request that writes")
  func plan() throws {
    let home = try Home(.small)
    home.script("find where .hs_sku == \"SRV-1\" | update { price: 45 }")
    let would = try home.lis("plan", "script.lis", "--portal", "practice")
    #expect(would.status == 2, "\(would.err)")
    #expect(would.out.isEmpty)
    #expect(would.err.contains("plan  update"))
    #expect(home.writes.isEmpty)
    #expect(try home.lis("run", "script.lis", "--portal", "practice", "--apply").status == 0)
    #expect(try home.lis("plan", "script.lis", "--portal", "practice").status == 0)
    #expect(try home.lis("plan", "--portal", "practice", "-e", "1 / 0").status == 1)
    // A plan cannot be approved.
    #expect(try home.lis("plan", "script.lis", "--portal", "practice", "--apply").status == 64)
  }

  @Test("3 when some records failed")
  func someFailed() throws {
    let home = try Home(.small)
    home.script("[{ id: \"99999999999\", name: \"x\" }] | update { name: .name } on error continue")
    let ended = try home.lis("run", "script.lis", "--portal", "practice", "--apply")
    #expect(ended.status == 3, "\(ended.err)")
    #expect(ended.err.contains("99999999999"))
  }

  @Test("6 without a credential, with the two ways on; the practice portal is never taken instead")
  func noCredential() throws {
    let home = try Home(.small)
    let ended = try home.lis("-e", "find all")
    #expect(ended.status == 6)
    #expect(ended.err.contains("LIS_TOKEN"))
    #expect(ended.err.contains("--portal practice"))
    #expect(ended.err.contains("nothing was sent"))
    #expect(home.requests.isEmpty)
    // A program that asks for nothing needs none.
    #expect(try home.lis("-e", "print(1)").status == 0)
  }

  @Test("6 for a token that cannot be one, without showing it", arguments: ["two words", "line\nend", "ümlaut"])
  func badToken(token: String) throws {
    let home = try Home()
    home.variables["LIS_TOKEN"] = token
    let ended = try home.lis("-e", "find all")
    #expect(ended.status == 6)
    #expect(ended.err.contains("the token cannot be used"))
    #expect(!ended.err.contains(token))
  }

  @Test("HUBSPOT_ACCESS_TOKEN counts where LIS_TOKEN is missing or empty")
  func secondToken() throws {
    let home = try Home()
    let server = try Server(home, "--data", ":memory:", "--seed", "3", "--token", "the-second")
    server.serve(home, token: "")
    home.variables["HUBSPOT_ACCESS_TOKEN"] = "the-second"
    #expect(try home.lis("-e", "print(count(find all))").out == "3\n")
    home.variables["LIS_TOKEN"] = "the-first"
    #expect(try home.lis("-e", "print(count(find all))").status == 6)
  }

  @Test("7 when nobody listens")
  func nobodyListens() throws {
    let home = try Home()
    home.variables["LIS_API_URL"] = "http://127.0.0.1:1"
    home.variables["LIS_TOKEN"] = "secret-token"
    let ended = try home.lis("-e", "find all")
    #expect(ended.status == 7)
    #expect(ended.err.contains("nothing was sent"))
    #expect(!ended.err.contains("secret-token"))
  }

  @Test(
    "64 for an address or version that cannot be used, with the reason",
    arguments: [
      ("LIS_API_URL", "garbage", "https://"), ("LIS_API_URL", "http://example.com", "unencrypted"),
      ("LIS_API_URL", "http://localhost:80", "unencrypted"), ("LIS_API_URL", "https://a/b", "/b"),
      ("LIS_API_URL", "https://a:99999", "99999"), ("LIS_API_URL", "https://", "host"),
      ("LIS_API_VERSION", "v9", "2026-09, 2026-03, v3"),
    ])
  func badEnvironment(name: String, value: String, reason: String) throws {
    let home = try Home()
    home.variables = ["LIS_TOKEN": "secret-token", name: value]
    let ended = try home.lis("-e", "find all")
    #expect(ended.status == 64)
    #expect(ended.err.hasPrefix("lis: \(name) is `\(value)`"), "\(ended.err)")
    #expect(ended.err.contains(reason), "\(ended.err)")
    #expect(ended.err.contains("nothing was sent"))
  }

  @Test(
    "9 for writes that are not approved, or that the flags refuse",
    arguments: [
      ([], "no terminal"), (["--read-only", "--apply"], "--read-only"), (["--apply", "--expect-changes", "3"], "3"),
      (["--apply", "--max-changes", "2"], "2"),
    ] as [([String], String)])
  func notApproved(flags: [String], message: String) throws {
    let home = try Home(.small)
    home.script("find where .price != null | take 20 | update { name: \"x\" }")
    let ended = try home.start(["script.lis", "--portal", "practice"] + flags).waitForEnd()
    #expect(ended.status == 9, "\(ended.err)")
    #expect(ended.err.contains("20 changes"))
    #expect(ended.err.contains(message), "\(ended.err)")
    #expect(ended.err.contains("nothing was sent"))
    #expect(home.writes.isEmpty)
  }

  @Test(
    "lis plan ends with 9 where the number of changes is refused, and with 2 where it is not",
    arguments: [
      (["--max-changes", "19"], 9), (["--expect-changes", "19"], 9), (["--expect-changes", "21"], 9),
      (["--max-changes", "20", "--expect-changes", "20"], 2),
    ] as [([String], Int32)])
  func countedPlan(flags: [String], status: Int32) throws {
    let home = try Home(.small)
    home.script("find where .price != null | take 20 | update { name: \"x\" }")
    let ended = try home.start(["plan", "script.lis", "--portal", "practice"] + flags).waitForEnd()
    #expect(ended.status == status, "\(ended.err)")
    #expect((status == 9) == ended.err.contains("nothing was sent"), "\(ended.err)")
    #expect(home.writes.isEmpty)
  }

  @Test("the number of changes that was expected is let through")
  func expected() throws {
    let home = try Home(.small)
    let ended = try home.lis(
      "--portal", "practice", "-e", "find where .price != null | take 20 | update { name: \"x\" }", "--apply",
      "--expect-changes", "20", "--max-changes", "20")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(home.writes.count == 1)
  }

  @Test("130 for a Ctrl-C or SIGTERM during a read, which it breaks off", arguments: [SIGINT, SIGTERM, SIGHUP])
  func interruptedReading(signal: Int32) throws {
    let home = try Home()
    let server = try Server(home, "--data", home.path + "/data", "--seed", "900", "--latency", "300ms")
    server.serve(home)
    let command = try home.start(["-e", "find where .price != null | sort .price | select .id"])
    // The schema has been answered, so a page is on its way.
    try command.wait(watching: home.path + "/data") { !home.requests(in: "data").isEmpty }
    command.signal(signal)
    let ended = try command.waitForEnd()
    #expect(ended.status == 130, "\(ended.err)")
    #expect(ended.out.isEmpty)
    #expect(!ended.err.isEmpty)
  }

  @Test("130 for a Ctrl-C during a write: the batch in flight is finished and written down, and the rest is not sent")
  func interruptedWriting() throws {
    let home = try Home()
    let server = try Server(home, "--data", home.path + "/data", "--seed", "900", "--latency", "200ms")
    server.serve(home)
    home.script("find where .price != null | update { name: \"renamed\" }")
    let command = try home.start(["script.lis", "--apply"])
    try command.wait(watching: home.path + "/data") {
      home.requests(in: "data").contains { $0.hasSuffix("/batch/update") }
    }
    command.signal(SIGINT)
    let ended = try command.waitForEnd()
    #expect(ended.status == 130, "\(ended.err)")
    let batches = home.requests(in: "data").count { $0.hasSuffix("/batch/update") }
    #expect(batches < 9)
    // Run again, what has its value is left out.
    let again = try home.lis("script.lis", "--apply")
    #expect(again.status == 0, "\(again.err)")
    #expect(again.err.contains("\(batches * 100) records already have these values"))
  }

  @Test("a huge program is stopped while it is compiled, and none of it has run")
  func stoppedCompiling() throws {
    let home = try Home()
    home.script((0..<200_000).map { "print(\($0) + 1)" }.joined(separator: "\n"))
    let ended = try home.lis("--time-limit", "0.01", "script.lis")
    #expect(ended.status == 1, "\(ended.err)")
    #expect(ended.out.isEmpty)
    #expect(ended.err.contains("LIS0417") && ended.err.contains("still being compiled"), "\(ended.err)")
  }

  @Test("the second Ctrl-C ends at once")
  func interruptedTwice() throws {
    let home = try Home()
    let server = try Server(home, "--data", home.path + "/data", "--seed", "300", "--latency", "3s")
    server.serve(home)
    let command = try home.start(["-e", "find where .price != null | sort .price"])
    // It listens to the signal before it connects.
    try command.wait(watching: home.path + "/home") { home.folder.exists("home/journal.sqlite") }
    command.signal(SIGINT)
    command.signal(SIGINT)
    #expect(try command.waitForEnd().status == 130)
  }

  @Test("a signal that lis was started to ignore stays ignored")
  func ignored() throws {
    let home = try Home(.small)
    let ended = try home.shell(
      """
      trap '' INT HUP
      "$LIS" --portal practice -e 'print(count(find all))' & lis=$!
      kill -INT $lis; kill -HUP $lis; wait $lis
      """)
    #expect(ended.status == 0, "\(ended.err)")
    #expect(ended.out == "400\n")
  }
}
