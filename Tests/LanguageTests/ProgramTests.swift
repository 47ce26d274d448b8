import LisRuntime
import Testing

/// Programs that say in comments what they print or what is wrong with them.
@Suite struct ProgramTests {
  static let programs = LanguageProgram.all().filter { !$0.name.hasPrefix("portal/") }

  @Test(arguments: programs) func program(_ program: LanguageProgram) async throws {
    let trial = try await run(program.text, name: program.name, program.options)
    check(program, trial)
  }

  /// The same programs with a collection at every point where one may happen, and freed memory poisoned.
  @Test(arguments: programs.filter { !$0.name.contains("limits/") })
  func programWhileCollecting(_ program: LanguageProgram) async throws {
    var options = program.options
    options.collectsAlways = true
    check(program, try await run(program.text, name: program.name, options))
  }

  @Test func theCorpusIsThere() { #expect(ProgramTests.programs.count >= 1_000) }
}

func check(_ program: LanguageProgram, _ trial: Trial) {
  #expect(trial.lines == program.lines, "\(program.name)\n\(trial.notes)")
  #expect(trial.complaints == program.complaints, "\(program.name)\n\(trial.notes)")
  if program.complaints.isEmpty { #expect(trial.outcome == .done, "\(trial.notes)") }
}
