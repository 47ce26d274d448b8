import LisCompiler
import Testing

@testable import LisRuntime

/// Every example of the table of builtins is true.
@Suite struct BuiltinTests {
  static let examples: [(name: String, code: String, result: String)] = {
    let session = makeSession(CapturedConsole(), TrialOptions(), { throw UnexpectedConnection() })
    return session.builtins.flatMap { builtin in
      builtin.examples.map { (builtin.name, $0.code, $0.result) }
    }
  }()

  @Test func examplesHold() async throws {
    #expect(BuiltinTests.examples.count >= 30)
    for example in BuiltinTests.examples {
      if example.code.hasPrefix("test ") { continue }
      let program = example.code.contains("print(") ? example.code : "print(\(example.code))"
      let trial = try await run(program, ReferenceTests.options)
      #expect(trial.lines == [example.result], "\(example.name): \(example.code)\n\(trial.notes)")
    }
  }

  @Test func everyBuiltinHasASummaryAndAGroup() {
    let session = makeSession(CapturedConsole(), TrialOptions(), { throw UnexpectedConnection() })
    for builtin in session.builtins {
      #expect(builtin.summary.hasSuffix("."), "\(builtin.name)")
      #expect(!builtin.group.isEmpty)
      #expect(!builtin.examples.isEmpty, "\(builtin.name) has no example")
    }
    #expect(Set(session.builtins.map(\.name)).count == session.builtins.count)
  }

  /// Wrong values given to any builtin are faults or values, never a crash.
  @Test func anyValueAnywhere() async throws {
    let values = [
      "null", "1", "\"a\"", "true", "[1]", "{ a: 1 }", "1..2", "x => x", "@2026-01-01", "1d", "[1] | where . > 0",
    ]
    let session = makeSession(CapturedConsole(), TrialOptions(), { throw UnexpectedConnection() })
    var text = "let samples = [\(values.map { "(\($0))" }.joined(separator: ", "))]\n"
    for builtin in session.builtins {
      let count = builtin.parameters.filter { !$0.isOptional && !$0.isRest }.count
      let all = builtin.parameters.filter { !$0.isRest }.count
      // With one argument, `prop` wants to stand where there is a row.
      for given in Set([builtin.name == "prop" ? all : count, all]).sorted() where given > 0 {
        let arguments = (0..<given).map { "samples[(i + \($0 * 3)) % \(values.count)]" }.joined(separator: ", ")
        if case .writes = builtin.effect {
          // A loop would be a statement that writes, which begins by connecting.
          for index in values.indices {
            text +=
              "try { \(builtin.name)(\(arguments.replacing("[(i", with: "[(\(index)"))) } catch e { e.message }\n"
          }
          continue
        }
        text +=
          "for i in 0..\(values.count - 1) { try { let r = \(builtin.name)(\(arguments)); \"${r}\" } catch e { e.message } }\n"
      }
    }
    let trial = try await run(text)
    #expect(trial.outcome == .done, "\(trial.notes)")
  }
}
