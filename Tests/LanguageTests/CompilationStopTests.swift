import LisCore
@testable import LisRuntime
import LisSyntax
import Testing

/// Ctrl-C and the time limit end a compilation soon, whatever pass is at work. Looks at the stop flag are counted here,
/// and not time.
@Suite struct CompilationStopTests {
  private static let lines = 2000

  /// Programs that are long in one way each.
  static let shapes: [(String, String)] = {
    func joined(_ separator: String = "\n", _ line: (Int) -> String) -> String {
      (0..<lines).map(line).joined(separator: separator)
    }
    return [
      ("statements", joined { "print(\($0) + 1)" }),
      ("a list", "let xs = [\n\(joined(",\n") { "{ a: \($0) }" })\n]\nprint(count(xs))"),
      ("a record", "let r = {\n\(joined(",\n") { "k\($0): \($0)" })\n}\nprint(r.k0)"),
      ("a block", "if true {\n\(joined { "print(\"row ${\($0)}\")" })\n}"),
      ("functions", joined { "fn f\($0)(x) = if x > \($0) { x } else { f\(($0 + 1) % lines)(x) }" } + "\nprint(f0(9))"),
      ("a match", "let x = 7\nprint(match x {\n\(joined { "\($0) => \($0 + 1)" })\n_ => 0\n})"),
      ("comments", joined { "# line \($0)" } + "\n" + joined { "print(\($0))" }),
    ]
  }()

  /// One compilation of a shape, stopped at a look.
  private struct Stopped: Sendable {
    var trial: Trial
    var looks: Int
  }

  private static func compile(_ text: String, stoppingAt place: Int?) async throws -> Stopped {
    try await onThread {
      var looks = 0
      let trial = runHere(
        text,
        started: { session in
          session.compiler.onLook = { [stop = session.stop] look in
            looks = look
            if look == place { stop.stop() }
          }
        })
      return Stopped(trial: trial, looks: looks)
    }
  }

  @Test(arguments: shapes.indices) func everyPassCanBeStopped(_ index: Int) async throws {
    let (name, text) = CompilationStopTests.shapes[index]
    let whole = try await CompilationStopTests.compile(text, stoppingAt: nil)
    #expect(whole.trial.outcome == .done, "\(name): \(whole.trial.notes.prefix(500))")
    // Lexer, parser, resolver, two checks with their rules, and lowering: no pass may take a line without asking.
    let steps = whole.looks * CompilationStop.stepsBetweenLooks
    #expect(steps >= 10 * CompilationStopTests.lines, "\(name): \(whole.looks) looks")
    let places = Set((0...15).map { 1 + (whole.looks - 1) * $0 / 15 })
    for place in places.sorted() {
      let stopped = try await CompilationStopTests.compile(text, stoppingAt: place)
      #expect(stopped.trial.outcome == .interrupted, "\(name) at \(place) of \(whole.looks)")
      #expect(stopped.trial.output.isEmpty)
      #expect(stopped.trial.complaints == ["LIS0413"], "\(stopped.trial.notes.prefix(500))")
      #expect(stopped.trial.notes.contains("nothing of it has run"))
      #expect(stopped.looks == place, "\(name): went on after the stop")
    }
  }

  @Test func modulesToo() async throws {
    let text = "use money\nuse pricing\nprint(money.cents(1.5))"
    let whole = try await CompilationStopTests.compile(text, stoppingAt: nil)
    for place in 1...max(1, whole.looks) {
      let stopped = try await CompilationStopTests.compile(text, stoppingAt: place)
      #expect(stopped.trial.outcome == .interrupted, "at \(place) of \(whole.looks): \(stopped.trial.notes)")
    }
  }

  @Test func checkingAndTestsToo() async throws {
    let text = CompilationStopTests.shapes[0].1
    for place in [1, 60, 120] {
      let (checked, tested) = try await onThread {
        func session() -> Session {
          let session = makeSession(CapturedConsole(), TrialOptions()) { throw UnexpectedConnection() }
          session.compiler.onLook = { [stop = session.stop] look in if look == place { stop.stop() } }
          return session
        }
        let source = SourceText(name: "test.lis", text: text)
        let tests = SourceText(name: "test.lis", text: "test \"t\" {\n\(text)\n}")
        guard case .unusable(_, let outcome) = session().runTests(tests, { _ in true }) else {
          return (session().check(source), RunOutcome.done)
        }
        return (session().check(source), outcome)
      }
      #expect(checked == .interrupted && tested == .interrupted)
    }
  }

  @Test func aPromptGoesOnWithEveryName() async throws {
    let text = CompilationStopTests.shapes[0].1
    let output = try await onThread {
      let console = CapturedConsole()
      let session = makeSession(console, TrialOptions()) { throw UnexpectedConnection() }
      session.evaluate("let a = 41\nfn f(x) = x + 1", name: "<repl:1>")
      for place in [2, 40, 80, 120] {
        var first: Int?
        session.compiler.onLook = { [stop = session.stop] look in
          first = first ?? look
          if look == (first ?? 0) + place { stop.stop() }
        }
        #expect(session.evaluate("let a = 0\nlet b = 1\n" + text, name: "<repl:2>") == .interrupted)
        session.compiler.onLook = nil
      }
      #expect(session.evaluate("print(f(a))", name: "<repl:3>") == .done)
      #expect(session.evaluate("print(b)", name: "<repl:4>") == .checkFailed)
      return String(decoding: console.bytes, as: UTF8.self)
    }
    #expect(output == "42\n")
  }

  @Test func aTimeLimitSaysSo() async throws {
    var options = TrialOptions()
    options.limits.seconds = 0.000_001
    let shape = CompilationStopTests.shapes[0].1
    let trial = try await run(String(repeating: shape + "\n", count: 20), options)
    #expect(trial.outcome == .fault, "\(trial.notes.prefix(500))")
    #expect(trial.output.isEmpty && trial.notes.contains("nothing of it has run"), "\(trial.notes.prefix(500))")
  }
}
