import FoundationEssentials
import Glibc
import LisCore
@testable import LisRuntime
import LisSyntax
import Testing

/// One operation that works for long on a large value, after `print("begun")`.
struct LongOperation: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var setUp: String
  var operation: String

  init(_ name: String, _ setUp: String, _ operation: String) {
    testDescription = name
    self.setUp = setUp
    self.operation = operation
  }

  var program: String { "\(setUp)\nprint(\"begun\")\n\(operation)\nprint(\"ended\")" }

  private static let numbers = "let xs = list(1..300000)"
  /// A text of 600,000 bytes; `ä` keeps it from the short ways for ASCII.
  private static let text = "let t = join(list(map(1..60000, n => \"abcdefgä,\")))"
  private static let ascii = "let t = join(list(map(1..60000, n => \"abcdefgh,\")))"
  private static let rows = "let xs = list(map(1..40000, n => { a: n, b: \"row ${n}\" }))"

  static let all = [
    LongOperation("sort", "let xs = list(map(1..60000, n => n * 7919 % 60013))", "let ys = list(xs | sort .)"),
    LongOperation("sort by two keys", rows, "let ys = list(xs | sort .a % 7 desc, .b)"),
    LongOperation("equality of lists", "\(numbers)\nlet ys = list(1..300000)", "let same = xs == ys"),
    LongOperation("inequality of lists", "\(numbers)\nlet ys = [...list(1..299999), 0]", "let other = xs != ys"),
    LongOperation(
      "equality of records", "\(rows)\nlet ys = list(map(xs, x => { ...x, a: x.a }))", "let same = xs == ys"),
    LongOperation("a value in a list", numbers, "let found = \"x\" in xs"),
    LongOperation("contains on a list", numbers, "let found = xs contains \"x\""),
    LongOperation("reverse", numbers, "let ys = reverse(xs)"),
    LongOperation("join", numbers, "let t = join(xs, \", \")"),
    LongOperation("split", text, "let parts = split(t, \",\")"),
    LongOperation("replace", text, "let u = replace(t, \",\", \"; \")"),
    LongOperation("lower", text, "let u = lower(t)"),
    LongOperation("upper", text, "let u = upper(t)"),
    LongOperation("trim", "let t = join(list(map(1..20000, n => \"          \")))", "let u = trim(t)"),
    LongOperation("length", text, "let n = length(t)"),
    LongOperation("length of ASCII", "let t = join(list(map(1..300000, n => \"abcdefgh,\")))", "let n = length(t)"),
    LongOperation("matches", text, "let found = t matches \"(a|b|c)+x\""),
    LongOperation("has", text, "let found = t has \"xyz\""),
    LongOperation(
      "has, where words nearly agree", "let t = join(list(map(1..3000, n => \"aaaaaaaaaa\")))",
      "let found = t has \"${t}b\" or t has join([join(list(map(1..1500, n => \"aaaaaaaaaa\"))), \"b\"])"),
    LongOperation("=~", "\(text)\nlet u = \"${t}x\"", "let same = t =~ u"),
    LongOperation(
      "contains", "let t = join(list(map(1..300000, n => \"abcdefgh,\")))", "let found = t contains \"xyz\""),
    LongOperation(
      "contains, where nearly all agrees", "let t = join(list(map(1..30000, n => \"aaaaaaaaaa\")))",
      "let found = t contains join([join(list(map(1..15000, n => \"aaaaaaaaaa\"))), \"b\"])"),
    LongOperation("distinct on one large value", rows, "let n = count([xs, xs] | distinct .)"),
    LongOperation("text of a list", rows, "let t = \"${xs}\""),
    LongOperation("print of a list", rows, "print(xs)"),
    LongOperation("rows of a list", rows, "xs"),
    LongOperation("a value as JSON", rows, "[xs, 1]"),
    LongOperation("reading JSON", "", "let v = json(\"large.json\")"),
    LongOperation("reading JSON of many forms", "", "let v = json(\"forms.json\")"),
    LongOperation("reading NDJSON of many forms", "", "let v = list(ndjson(\"forms.ndjson\"))"),
    LongOperation(
      "distinct on one long text", "let t = join(list(map(1..300000, n => \"abcdefghijklmnop,\")))",
      "let n = count([t, t] | distinct)"),
    LongOperation("reading CSV", "", "let v = list(csv(\"large.csv\"))"),
    LongOperation("reading NDJSON", "", "let v = list(ndjson(\"large.ndjson\"))"),
  ]
}

/// Ctrl-C ends any evaluation soon, whatever it is doing: every operation asks often enough whether to go on, and does
/// next to nothing once it was told no. Work is counted here and not time; `scripts/bench` measures the time.
@Suite struct StopTests {
  private struct Stopped: Sendable {
    var trial: Trial
    /// How often the operation looked at the flag before it was set.
    var looksBefore: Int
    /// How often it asked afterwards.
    var asksAfter: Int
  }

  @Test(arguments: LongOperation.all) func longOperationsCanBeStopped(_ operation: LongOperation) async throws {
    let folder = try StopTests.files()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let stopped = try await onThread {
      let console = CapturedConsole()
      var options = TrialOptions()
      options.folder = folder
      let session = makeSession(console, options) { throw UnexpectedConnection() }
      let (stop, machine) = (session.stop, session.machine)
      var looks = 0
      var atStop: Int?
      machine.onLook = { look in
        guard !console.bytes.isEmpty else { return }
        looks += 1
        if atStop == nil, looks == 2 {
          StopTests.onAnotherThread { stop.stop() }
          atStop = look
        }
      }
      let outcome = session.run(SourceText(name: "test.lis", text: operation.program))
      let trial = Trial(
        outcome: outcome, output: String(decoding: console.bytes, as: UTF8.self),
        notes: console.notes.joined(separator: "\n"))
      return Stopped(trial: trial, looksBefore: looks, asksAfter: machine.looks - (atStop ?? 0))
    }
    #expect(stopped.trial.outcome == .interrupted, "\(stopped.trial.notes)")
    let isEnded = stopped.trial.output.contains("ended")
    #expect(stopped.trial.output.hasPrefix("begun\n") && !isEnded)
    #expect(stopped.looksBefore >= 2)
    // A few nested calls on their way back.
    #expect(stopped.asksAfter <= 200, "\(stopped.asksAfter) questions after the stop")
  }

  private static func onAnotherThread(_ body: @escaping @Sendable () -> Void) {
    final class Body: Sendable {
      let run: @Sendable () -> Void
      init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(Body(body)).toOpaque())
    if code == 0 { pthread_join(thread, nil) }
  }

  private static func files() throws -> String {
    let folder = try freshFolder()
    let rows = (0..<40_000).map { "{\"id\":\($0),\"name\":\"row number \($0)\"}" }
    try "[\(rows.joined(separator: ",\n"))]".write(toFile: folder + "/large.json", atomically: true, encoding: .utf8)
    try rows.joined(separator: "\n").write(toFile: folder + "/large.ndjson", atomically: true, encoding: .utf8)
    let forms = (0..<20_000).map { "{\"k\($0)\":1}" }
    try "[\(forms.joined(separator: ","))]".write(toFile: folder + "/forms.json", atomically: true, encoding: .utf8)
    try forms.joined(separator: "\n").write(toFile: folder + "/forms.ndjson", atomically: true, encoding: .utf8)
    let lines = (0..<60_000).map { "\($0),row number \($0),\"in quotes\"" }
    try "id,name,note\n\(lines.joined(separator: "\n"))\n"
      .write(toFile: folder + "/large.csv", atomically: true, encoding: .utf8)
    return folder
  }
}
