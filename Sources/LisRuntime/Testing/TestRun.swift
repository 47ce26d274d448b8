import LisCompiler
import LisCore
import LisEngine
import LisSchema
import LisSyntax

/// What became of one test.
public struct TestResult: Sendable {
  public enum Verdict: Sendable {
    case passed
    /// With the rendered diagnostic.
    case failed(Diagnostic)
  }

  public var title: String
  /// Line of the word `test`, from 1.
  public var line: Int
  public var verdict: Verdict
  public var milliseconds: Int

  public var hasPassed: Bool { if case .passed = verdict { true } else { false } }
}

/// What became of the tests of one file.
public enum TestFileResult: Sendable {
  /// Errors in the file, or a fault while its constants were computed; none of its tests ran.
  case unusable([Diagnostic], RunOutcome)
  case ran([TestResult])
}

extension Session {
  /// Runs the tests of a file, each on an empty portal.
  /// - Parameters:
  ///   - wanted: which tests run, by title; the others are not among the results.
  ///   - ended: called with each result as soon as it is there.
  public func runTests(
    _ source: SourceText, arguments: [String: String] = [:], clock: any EngineClock = SystemClock(),
    _ wanted: (String) -> Bool, ended: (TestResult) -> Void = { _ in }
  ) -> TestFileResult {
    beginTimeLimit()
    defer { endTimeLimit() }
    let analysis = compiler.analyze(source, keepsNames: false, role: .tests)
    if analysis.isStopped { return unusableStopped() }
    guard analysis.diagnostics.isEmpty else { return .unusable(analysis.diagnostics, .checkFailed) }
    guard analysis.tests.contains(where: wanted) else { return .ran([]) }
    do {
      let unknown = try describeGiven(analysis)
      guard unknown.isEmpty else { return .unusable(unknown, .checkFailed) }
      try setParameters(compiler.parameters(of: analysis), arguments)
      var schema = PortalSchema()
      for object in analysis.objects.union([ObjectNames.lineItems]).sorted() {
        schema.objects[object] = try connected().loadSchema(object)
      }
      switch compiler.compile(analysis, schema: schema) {
      case .refused where analysis.isStopped: return unusableStopped()
      case .refused(let diagnostics): return .unusable(diagnostics, .checkFailed)
      case .unit(let unit):
        try setParameters(unit.parameters, arguments)
        _ = try machine.run(unit.main)
        return .ran(
          unit.tests.filter { wanted($0.title) }.map { test in
            let result = run(test, schema, clock)
            ended(result)
            return result
          })
      }
    } catch let problem as ParameterProblem {
      let diagnostic = Diagnostic(severity: .error, code: "LIS0421", message: problem.message, labels: [], hints: [])
      return .unusable([diagnostic], .usage(problem.message))
    } catch {
      let fault = error as? Fault ?? Fault(.host(error))
      return .unusable([describer.diagnostic(fault)], RunOutcome(fault))
    }
  }

  /// Makes the portal know the properties of the records that are given; one that was described knows its own.
  /// - Returns: what is wrong with those that it does not know.
  private func describeGiven(_ analysis: Compiler.Analysis) throws -> [Diagnostic] {
    guard let testPortal else { return [] }
    var described = PortalSchema()
    for property in analysis.givenProperties {
      if !testPortal.isDescribed(property.object) {
        try testPortal.define(property)
      } else if described.objects[property.object] == nil {
        described.objects[property.object] = try connected().loadSchema(property.object)
      }
    }
    return analysis.unknownGivenProperties(described)
  }

  private func unusableStopped() -> TestFileResult {
    let (diagnostic, outcome) = stoppedCompilation()
    return .unusable([diagnostic], outcome)
  }

  private func run(_ test: CompiledTest, _ schema: PortalSchema, _ clock: any EngineClock) -> TestResult {
    let start = clock.now
    var result = TestResult(title: test.title, line: test.line, verdict: .passed, milliseconds: 0)
    do {
      try testPortal?.clear()
      // A test sees nothing of those before it, its own changes included.
      startAfresh()
      let engine = try connected()
      for object in schema.objects.values { engine.adopt(object) }
      _ = try machine.run(test.function)
    } catch {
      let fault = error as? Fault ?? Fault(.host(error))
      result.verdict = .failed(describer.diagnostic(fault))
    }
    rows = nil
    saved = []
    result.milliseconds = clock.now - start
    return result
  }
}
