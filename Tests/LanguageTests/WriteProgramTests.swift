import Testing

/// Programs of `Programs/portal/writes`, each with `--apply` against a portal of its own with the records of
/// `PortalTests`.
@Suite struct WriteProgramTests {
  static let programs = LanguageProgram.all("portal/writes/")

  @Test(arguments: programs) func program(_ program: LanguageProgram) async throws {
    try await check(program, stressed: false)
  }

  @Test(arguments: programs) func programWhileCollecting(_ program: LanguageProgram) async throws {
    try await check(program, stressed: true)
  }

  private func check(_ program: LanguageProgram, stressed: Bool) async throws {
    var options = program.options
    options.collectsAlways = stressed
    options.apply = !program.text.contains("## plan")
    options.planOnly = !options.apply
    let portal = try await PortalTests.seeded()
    let trial = try await portal.run(program.text, name: program.name, options)
    #expect(trial.lines == program.lines, "\(program.name)\n\(trial.notes)")
    #expect(trial.complaints == program.complaints, "\(program.name)\n\(trial.notes)")
    for note in program.notes { #expect(trial.notes.contains(note), "\(program.name)\n\(trial.notes)") }
    try await portal.server.stop()
  }

  @Test func theProgramsAreThere() { #expect(WriteProgramTests.programs.count >= 2) }
}
