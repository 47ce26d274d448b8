import Glibc
import TerminalSupport
import TestSupport
import Testing

/// What is written down of the requests of a run, and runs that are answered from it.
@Suite("Logs, recordings, metrics and shared quotas")
struct TrafficTests {
  private func served(_ home: Home, _ more: String...) throws -> Server {
    let server = try Server(
      home, arguments: ["--data", home.path + "/data", "--seed", "400", "--control-token", "control"] + more)
    server.serve(home, token: Self.token)
    return server
  }

  /// Of no known kind, so that nobody asks what it may do.
  private static let token = "canary+token/7f3d9a-0123456789"
  private static let raise =
    "let rows = find where .price > 0\nrows | update { price: .price + 1 }\nprint(today(), count(rows))"

  // MARK: Recordings

  @Test("a recorded run can be replayed without a portal: same output, nothing sent, nothing in the journal")
  func replay() throws {
    let home = try Home()
    let server = try served(home)
    home.script(Self.raise)
    let recorded = try home.lis("script.lis", "--apply", "--record", "run.rec")
    #expect(recorded.status == 0, "\(recorded.err)")
    let requests = home.requests(in: "data").count
    _ = try server.stop()
    var status = stat()
    #expect(stat(home.work + "/run.rec", &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(!home.folder.text(of: "work/run.rec").contains("canary"))

    home.variables["LIS_TOKEN"] = ""
    home.variables["LIS_API_URL"] = ""
    let journal = home.folder.text(of: "home/journal.sqlite")
    let replayed = try home.lis("script.lis", "--apply", "--replay", "run.rec")
    #expect(replayed.status == 0 && replayed.out == recorded.out, "\(replayed.err)")
    #expect(replayed.err.contains("requests are answered from a recording of 20"))
    #expect(replayed.err.contains("\(requests) requests"), "\(replayed.err)")
    #expect(home.folder.text(of: "home/journal.sqlite") == journal)
    // Another program asks what nobody recorded.
    let other = try home.lis("-e", "find deals where .amount > 1", "--replay", "run.rec")
    #expect(other.status == 7 && other.err.contains("the recording has no (further) answer to"), "\(other.err)")
  }

  @Test("a recording is never written over, and what is none is refused before anything else")
  func refusals() throws {
    let home = try Home()
    home.folder.write("old", to: "work/old.rec")
    home.folder.write("{\"recording\":1,\"startedAt\":1}\n{}\n", to: "work/broken.rec")
    let cases: [([String], String)] = [
      (["--record", "old.rec"], "`old.rec`, which exists and is not written over"),
      (["--record", "no/folder.rec"], "cannot be written: No such file or directory"),
      (["--replay", "none.rec"], "cannot be used: No such file or directory"),
      (["--replay", "old.rec"], "it is no recording that --record wrote"),
      (["--replay", "broken.rec"], "line 2 is no request with its reply"),
      (["--record", "new.rec", "--replay", "old.rec"], "exclude each other"),
      (["--metrics", "no/folder.prom"], "cannot be written: No such file or directory"),
    ]
    for (flags, words) in cases {
      let ended = try home.start(["-e", "print(1)"] + flags).waitForEnd()
      #expect(ended.status == 64 && ended.out.isEmpty && ended.err.contains(words), "\(flags): \(ended.err)")
      #expect(ended.err.contains("nothing was sent"))
    }
    #expect(home.folder.text(of: "work/old.rec") == "old")
  }

  // MARK: Logs and metrics

  private func isJSON(_ lines: String) throws -> Bool {
    let script = """
      import json, sys
      lines = [json.loads(line) for line in sys.stdin.read().splitlines()]
      print("yes" if lines and all("at" in line and "event" in line for line in lines) else "no", end="")
      """
    return try PythonProcess.run(script: script, input: lines) == "yes"
  }

  @Test("--log-format json makes an object of every line: requests, notes, diagnostics, the end")
  func log() throws {
    let home = try Home()
    let server = try served(home, "--faults", "503 on=batch-update at=1")
    home.script(Self.raise)
    let ended = try home.lis("script.lis", "--apply", "--log-format", "json", "--metrics", "run.prom")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(try isJSON(ended.err), "\(ended.err)")
    let lines = ended.err.split(separator: "\n")
    let requests = lines.filter { $0.contains("\"event\":\"request\"") }
    #expect(requests.count == home.requests(in: "data").count)
    #expect(requests.allSatisfy { $0.contains("\"correlation_id\":\"") })
    #expect(requests.contains { $0.contains("\"attempt\":1") && $0.contains("\"status\":503") })
    #expect(lines.contains { $0.contains("\"event\":\"note\"") && $0.contains("plan  update") })
    let end = try #require(lines.last)
    #expect(end.contains("\"event\":\"end\"") && end.contains("\"outcome\":\"done\",\"exit_code\":0"), "\(end)")
    #expect(end.contains("\"requests\":\(requests.count)") && !end.contains("\"applied\":0"), "\(end)")
    #expect(!ended.err.contains("canary"))

    let metrics = home.folder.text(of: "work/run.prom")
    #expect(metrics.contains("lis_requests_total{operation=\"batchUpdate\",status=\"503\"} 1\n"), "\(metrics)")
    #expect(metrics.contains("\nlis_run_exit_code 0\n") && !metrics.contains("lis_run_records{outcome=\"applied\"} 0"))
    #expect(home.folder.names(in: home.work).sorted() == ["run.prom", "script.lis"])

    let wrong = try home.lis("-e", "find where .prize > 1", "--log-format", "json", "--metrics", "run.prom")
    #expect(wrong.status == 65)
    #expect(try isJSON(wrong.err), "\(wrong.err)")
    #expect(wrong.err.contains("\"event\":\"diagnostic\",\"code\":\"LIS"), "\(wrong.err)")
    #expect(home.folder.text(of: "work/run.prom").contains("\nlis_run_exit_code 65\n"))
    _ = try server.stop()
  }

  // MARK: Quotas

  @Test("eight processes together never send more than the quota, and need no 429 for it")
  func eight() throws {
    let home = try Home()
    let server = try served(home, "--rate-limit", "20/1s")
    // The first reply tells the limit; nobody could know it before.
    #expect(try home.lis("-e", "print(count(find all | take 1))").status == 0)
    let runs = try (0..<8).map { _ in try home.start(["-e", "print(count(find all))", "--log-format", "json"]) }
    for run in runs {
      let ended = try run.waitForEnd()
      #expect(ended.status == 0 && ended.out == "400\n", "\(ended.err)")
    }
    let log = home.folder.text(of: "data/requests.ndjson").split(separator: "\n")
    #expect(log.count > 30 && log.allSatisfy { $0.contains("\"status\":200") })
    _ = try server.stop()
  }
}
