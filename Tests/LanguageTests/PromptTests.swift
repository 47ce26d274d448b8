import LisRuntime
import Testing

/// Entries of a prompt: names stay, and an error leaves everything before it as it was.
@Suite struct PromptTests {
  /// What each entry prints.
  static func talk(_ entries: [String], stressed: Bool) async throws -> [[String]] {
    try await onThread {
      let console = CapturedConsole()
      let session = makeSession(console, TrialOptions(), { throw UnexpectedConnection() })
      session.machine.collectsAlways = stressed
      var printed: [[String]] = []
      for (index, entry) in entries.enumerated() {
        let before = console.bytes.count
        let notes = console.notes.count
        session.evaluate(entry, name: "<repl:\(index + 1)>")
        let out = String(decoding: console.bytes[before...], as: UTF8.self)
        var lines = out.split(separator: "\n").map(String.init)
        for note in console.notes[notes...] where note.hasPrefix("error[") {
          lines.append(String(note.dropFirst(6).prefix(7)))
        }
        printed.append(lines)
      }
      return printed
    }
  }

  @Test(arguments: [false, true]) func namesStay(_ stressed: Bool) async throws {
    let printed = try await PromptTests.talk(
      [
        "let x = 5", "x + 1", "fn f(n) = n * x", "f(2)", "var n = 1", "n = n + 1", "n", "let x = 7", "x", "f(2)",
        "fn f(n) = n + x", "f(2)", "nothing", "x", "let y = 1 / 0", "y", "let y = 3", "y",
        "let s = [1, 2, 3] | where . > n",
        "n = 0", "list(s)", "let rows = [{ a: 1 }]", "rows | map .a + x | list", "for i in 1..2 { n = n + i }", "n",
        "let g = () => n", "n = 50", "g()", "let text = \"${x}\"", "text", "fn count(q) = 99", "count([1])",
        "try { fail_with(\"m\") } catch e { print(e.message) }", "fn late() = unknown_yet", "if true { let inner = 1 }",
        "inner",
      ], stressed: stressed)
    #expect(
      printed == [
        [], ["6"], [], ["10"], [], [], ["2"], [], ["7"], ["10"], [], ["9"], ["LIS0101"], ["7"], ["LIS0402"],
        ["LIS0410"], [],
        ["3"], [], [], ["[3]"], [], ["[8]"], [], ["3"], [], [], ["50"], [], ["\"7\""], [], ["99"], ["m"], ["LIS0101"],
        [],
        ["LIS0101"],
      ])
  }

  @Test func moreInput() async throws {
    let answers = try await onThread {
      let session = makeSession(CapturedConsole(), TrialOptions(), { throw UnexpectedConnection() })
      return ["1 + 1", "fn f() {", "let x = [1,", "\"abc", "x |", "print(1", "if true { 1 }", "let = 1"].map {
        session.needsMoreInput($0)
      }
    }
    #expect(answers == [false, true, true, true, true, true, false, false])
  }

  /// A stopped entry leaves a session that goes on.
  @Test func stoppedEntriesAreNotTheEnd() async throws {
    let printed = try await onThread {
      let console = CapturedConsole()
      let session = makeSession(console, TrialOptions(), { throw UnexpectedConnection() })
      session.evaluate("var n = 1", name: "<repl:1>")
      let guardian = StepGuardian(milliseconds: 50)
      guardian.watch(session)
      let outcome = session.evaluate("for i in 1..1000000000000 { n = i }", name: "<repl:2>")
      guardian.end()
      session.evaluate("n > 1", name: "<repl:3>")
      return "\(outcome) \(String(decoding: console.bytes, as: UTF8.self))"
    }
    #expect(printed == "interrupted true\n")
  }
}
