import ArgumentParser
import Glibc
import LisRuntime
import LisSchema
import LisShell

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests of files.",
    discussion: """
      Every `test "…" { … }` runs on an empty portal in memory: `given` fills it, `expect` says
      what has to hold, `record(id)` reads a record back, and `requests()` counts what was asked.
      Nothing leaves the machine. A file with tests only declares, as a module does.

      Ends with 0 when all tests pass, 1 when one fails or there is none, 65 when a file has errors.

      Examples:
        lis test
        lis test pricing_test.lis --filter rounds
        lis test runbooks --junit report.xml
      """)

  @OptionGroup var options: SessionOptions
  @OptionGroup var limits: LimitOptions

  @Option(help: ArgumentHelp("Run only tests whose title contains this text, whatever its case.", valueName: "text"))
  var filter: String?

  @Option(help: ArgumentHelp("Write the results to a file as JUnit XML.", valueName: "file"))
  var junit: String?

  @Option(
    help: ArgumentHelp("Properties the portal has, from a file that `lis schema pull --out` wrote.", valueName: "file"))
  var schema: String?

  @Argument(help: ArgumentHelp("Files, or folders whose .lis files are looked through.", valueName: "path"))
  var paths: [String] = ["."]

  func run() throws {
    let files = try TestFiles.find(paths)
    let known = try schema.map { try SchemaFile.known($0) }
    try LimitOptions.check(limits.timeLimit)
    let settings = options.settings()
    let run = TestSuiteRun(
      options: settings, console: settings.console(), filter: filter, schema: known, seconds: limits.timeLimit)
    let results = try run.run(files)
    if let junit { try JUnitReport.write(results, to: junit) }
    throw ExitCode(run.finish(results))
  }
}

/// The tests of some files, one file after another.
final class TestSuiteRun {
  struct FileResult {
    var path: String
    var result: TestFileResult
  }

  private let options: SessionSettings
  private let console: StandardConsole
  private let filter: String?
  private let schema: PortalSchema?
  /// What the tests of one file may take.
  private let seconds: Double?
  private var isInterrupted = false

  init(options: SessionSettings, console: StandardConsole, filter: String?, schema: PortalSchema?, seconds: Double?) {
    self.schema = schema
    self.seconds = seconds
    self.options = options
    self.console = console
    self.filter = filter?.lowercased()
  }

  func run(_ files: [TestFiles.File]) throws -> [FileResult] {
    var results: [FileResult] = []
    for file in files where !isInterrupted {
      if file.titles.contains(where: isWanted) { console.out("\(file.path.escapedForDisplay)\n") }
      let portal = RehearsalPortal(schema: schema)
      var settings = try options.session(file.path, approval: nil)
      settings.testPortal = portal
      settings.rules.apply = true
      settings.limits.seconds = seconds
      let result = try MachineThread.run { self.run(file, settings, portal) }
      results.append(FileResult(path: file.path, result: result))
      if case .unusable(let diagnostics, _) = result { _ = options.refuse(diagnostics, console) }
    }
    return results
  }

  private func run(_ file: TestFiles.File, _ settings: Session.Options, _ portal: RehearsalPortal) -> TestFileResult {
    let held = HeldConsole(console)
    let session = Session(
      console: held, options: settings,
      identity: .init(id: "test", script: file.path, sourceHash: "", arguments: []), connect: portal.connect)
    let stopper = Stopper(session.stop)
    session.onConnect = { stopper.reach($0) }
    defer { portal.close() }
    var result = TestFileResult.ran([])
    ScriptInterruption(stop: { stopper.stop() }, stopHard: { _exit(RunOutcome.interrupted.exitCode) }).during {
      result = session.runTests(file.source, self.isWanted) { result in
        self.show(result)
        held.release()
      }
    }
    held.release()
    isInterrupted = session.stop.isStopped
    return result
  }

  private func isWanted(_ title: String) -> Bool { filter.map { title.lowercased().contains($0) } ?? true }

  // MARK: Telling

  private func show(_ result: TestResult) {
    switch result.verdict {
    case .passed: console.out("  ok    \(result.title.escapedForDisplay)\n")
    case .failed(let diagnostic):
      console.out("  FAIL  \(result.title.escapedForDisplay)\n")
      _ = options.refuse([diagnostic], console)
    }
  }

  /// Says how it went; gives the exit code.
  func finish(_ results: [FileResult]) -> Int32 {
    var passed = 0
    var failed = 0
    var unusable: [RunOutcome] = []
    for file in results {
      switch file.result {
      case .unusable(_, let outcome): unusable.append(outcome)
      case .ran(let tests):
        passed += tests.count(where: \.hasPassed)
        failed += tests.count { !$0.hasPassed }
      }
    }
    if isInterrupted {
      console.note("lis: interrupted")
      return RunOutcome.interrupted.exitCode
    }
    if passed + failed == 0, unusable.isEmpty {
      console.note(filter == nil ? "lis: there are no tests here" : "lis: no test has a title that contains this text")
      return 1
    }
    let files = unusable.isEmpty ? "" : ", \(unusable.count) \(unusable.count == 1 ? "file" : "files") with errors"
    let total = passed + failed
    console.out("\(total) \(total == 1 ? "test" : "tests"): \(passed) passed, \(failed) failed\(files)\n")
    if unusable.contains(.checkFailed) { return RunOutcome.checkFailed.exitCode }
    return failed > 0 || !unusable.isEmpty ? 1 : 0
  }
}
