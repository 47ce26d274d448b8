import Glibc
import TerminalSupport
import Testing

@Suite("lis practice")
struct ServeTests {
  @Test("a wrong token ends with 6 and is not shown")
  func wrongToken() throws {
    let home = try Home(.small)
    let server = try Server(home, "--data", ":memory:", "--seed", "empty", "--token", "right-token")
    server.serve(home, token: "wrong-token")
    let ended = try home.lis("-e", "find all")
    #expect(ended.status == 6)
    #expect(ended.out.isEmpty)
    #expect(ended.err.contains("LIS_TOKEN"))
    #expect(!ended.err.contains("wrong-token"))
  }

  @Test("each version of the API", arguments: ["2026-09", "2026-03", "v3"])
  func versions(version: String) throws {
    let home = try Home()
    let server = try Server(home, "--data", home.path + "/data", "--seed", "30")
    server.serve(home)
    home.variables["LIS_API_VERSION"] = version
    let ended = try home.lis("-e", "print(count(find all))")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(ended.out == "30\n")
    let path = version == "v3" ? "/crm/v3/objects/line_items" : "/crm/objects/\(version)/line_items"
    #expect(home.requests(in: "data").contains { $0.hasPrefix("GET \(path)") })
    let written = try home.lis(
      "-e", "find where .price != null | update { name: \"seen\" }", "--apply", "--quiet")
    #expect(written.status == 0, "\(written.err)")
    #expect(home.requests(in: "data").contains { $0 == "POST \(path)/batch/update" })
  }

  @Test("--seed empty, --seed N and :memory:", arguments: [("empty", 0), ("120", 120)])
  func seeds(seed: String, count: Int) throws {
    let home = try Home()
    let server = try Server(home, "--data", ":memory:", "--seed", seed)
    server.serve(home)
    #expect(try home.lis("-e", "print(count(find all))").out == "\(count)\n")
    #expect(!home.folder.exists("home/practice"))
    #expect(try server.stop().status == 0)
  }

  @Test("--rate-limit answers 429, which lis waits for; a Ctrl-C ends the wait")
  func rateLimit() throws {
    let home = try Home()
    let server = try Server(home, "--data", home.path + "/data", "--seed", "5", "--rate-limit", "2/600s")
    server.serve(home)
    #expect(try home.lis("-e", "print(count(find all))").out == "5\n")
    #expect(home.requests(in: "data").count == 2)
    // What one run has used up, the next one on this machine knows and waits for.
    let patient = try home.start(["-e", "print(count(find all))", "--log-format", "json"])
    // Elsewhere nobody knows.
    home.folder.makeFolder("elsewhere")
    chmod(home.path + "/elsewhere", 0o700)
    home.variables["LIS_HOME"] = home.path + "/elsewhere"
    let command = try home.start(["-e", "print(count(find all))"])
    try command.wait(watching: home.path + "/data") { home.requests(in: "data").count >= 3 }
    #expect(home.folder.text(of: "data/requests.ndjson").contains("\"status\":429"))
    for run in [patient, command] {
      run.signal(SIGINT)
      #expect(try run.waitForEnd().status == 130)
    }
    // The one that waited sent nothing at all.
    #expect(home.requests(in: "data").count == 3 && patient.err.contains("\"requests\":0"), "\(patient.err)")
    #expect(command.err.contains("wait  "), "\(command.err)")
  }

  @Test("--daily-limit ends a day's requests; a plan that needs more says so before anything is sent")
  func dailyLimit() throws {
    let home = try Home()
    let server = try Server(home, "--data", home.path + "/data", "--seed", "400", "--daily-limit", "12")
    server.serve(home)
    let program = "find all | update { description: \"x\" } at most 400"
    let plan = try home.lis("plan", "-e", program)
    #expect(plan.status == 2, "\(plan.err)")
    #expect(
      plan.err.contains("this cannot be finished today: 7 requests are left of the account's day, and 8 are needed"),
      "\(plan.err)")
    let run = try home.lis("-e", program, "--apply")
    #expect(run.status == 7 && run.err.contains("cannot be finished today"), "\(run.err)")
    #expect(run.err.contains("midnight") && run.err.contains("partly"), "\(run.err)")
    #expect(try home.lis("practice", "serve", "--daily-limit", "0").status == 64)
  }

  @Test("--latency delays each answer")
  func latency() throws {
    let home = try Home()
    let server = try Server(home, "--data", home.path + "/data", "--seed", "5", "--latency", "120ms")
    server.serve(home)
    #expect(try home.lis("-e", "print(count(find all))").out == "5\n")
    let log = home.folder.text(of: "data/requests.ndjson").split(separator: "\n")
    #expect(log.count == 2)
    #expect(
      log.allSatisfy { line in
        let value = line.split(separator: "\"milliseconds\":").last?.prefix { $0.isNumber } ?? ""
        return (Int(value) ?? 0) >= 120
      })
  }

  @Test("the port that was asked for is the port; taken, it is an error")
  func port() throws {
    let home = try Home()
    let first = try Server(home, "--data", ":memory:", "--seed", "empty")
    let port = String(first.url.split(separator: ":").last ?? "")
    let second = try home.lis("practice", "serve", "--data", ":memory:", "--seed", "empty", "--port", port)
    #expect(second.status == 1)
    #expect(second.err.contains("Port \(port) on 127.0.0.1 is already taken"))
    #expect(try first.stop().status == 0)
    let third = try Server(home, "--data", ":memory:", "--seed", "empty", "--port", port)
    #expect(third.url == first.url)
  }

  @Test("a data folder serves one portal at a time; the other one ends with 8")
  func locked() throws {
    let home = try Home(.small)
    let server = try Server(home, "--data", home.path + "/home/practice")
    let second = try home.lis("practice", "serve")
    #expect(second.status == 8)
    #expect(second.err.contains("Another practice portal is using"))
    #expect(try home.lis("practice", "reset").status == 8)
    #expect(try server.stop().status == 0)
  }

  @Test("reset and seed")
  func resetAndSeed() throws {
    let home = try Home(.small)
    #expect(try home.lis("practice", "seed", "10").status == 1)
    #expect(try home.lis("practice", "reset").status == 0)
    #expect(try home.lis("practice", "seed", "10").status == 0)
    #expect(try home.lis("--portal", "practice", "-e", "print(count(find all))").out == "10\n")
  }

  @Test("a portal elsewhere needs no folder of lis's own")
  func withoutHome() throws {
    let home = try Home()
    home.folder.write("a file", to: "home-file")
    home.variables["LIS_HOME"] = home.path + "/home-file"
    let server = try Server(home, "--data", home.path + "/data", "--seed", "empty")
    #expect(try server.stop().status == 0)
  }

  @Test(
    "what cannot be is refused",
    arguments: [
      ["--host", "0.0.0.0"], ["--port", "99999"], ["--seed", "lots"], ["--rate-limit", "5"],
      ["--rate-limit", "1/99999999999999999s"], ["--latency", "80"], ["--latency", "-1s"], ["--bogus"],
      ["--faults", "503 on=everything"], ["--faults", "nonsense"], ["--oauth-app", "id:secret"],
      ["--scoped-token", "t=no.such.scope"], ["--token-lifetime", "0s"],
    ])
  func refused(arguments: [String]) throws {
    let home = try Home()
    let ended = try home.start(["practice", "serve", "--data", ":memory:"] + arguments).waitForEnd()
    #expect(ended.status == 64, "\(ended.err)")
    #expect(ended.out.isEmpty)
    #expect(!ended.err.isEmpty)
  }

  @Test("--faults and --control-token")
  func faults() throws {
    let home = try Home()
    let server = try Server(
      home, "--data", home.path + "/data", "--seed", "5", "--faults", "503 on=reads at=1", "--control-token", "mine")
    server.serve(home)
    #expect(try home.lis("-e", "print(count(find all))").out == "5\n")
    #expect(home.folder.text(of: "data/requests.ndjson").contains("\"faults\":[\"503\"]"))
    let ended = try server.stop()
    // A control token that was given is not said again.
    #expect(ended.status == 0 && ended.out == "practice portal listening on \(server.url)\n")
  }

  @Test("--scoped-token is accepted for what it may do")
  func scopedToken() throws {
    let home = try Home()
    let server = try Server(
      home, "--data", ":memory:", "--seed", "5", "--scoped-token", "few=crm.objects.deals.read")
    server.serve(home, token: "few")
    #expect(try home.lis("-e", "print(count(find all))").status == 6)
  }
}
