import TestSupport
import Testing

/// Random programs print what the same programs in Python print: order of evaluation, scopes, closures, loops, faults.
@Suite struct RandomProgramTests {
  static let python = """
    import sys
    def remainder(a, b):
        return (a % b) if a >= 0 else -((-a) % b)
    for program in sys.stdin.read().split("\\x01")[1:]:
        sys.stdout.write("\\x01")
        exec(compile(program, "program", "exec"), {"remainder": remainder})
    """

  @Test func printWhatPythonPrints() async throws {
    var random = SeededGenerator.announced()
    var programs: [(lis: String, python: String)] = []
    for _ in 0..<250 {
      var program = RandomProgram(random: SeededGenerator(seed: random.next()))
      programs.append(program.make())
    }
    let all = programs
    let expected = try await onThread {
      try PythonProcess.run(
        script: RandomProgramTests.python, input: all.map { "\u{1}" + $0.python }.joined())
    }
    let outputs = expected.split(separator: "\u{1}", omittingEmptySubsequences: false).dropFirst().map(String.init)
    #expect(outputs.count == all.count)
    for (index, program) in all.enumerated() where index < outputs.count {
      let trial = try await run(program.lis)
      #expect(trial.output == outputs[index], "\(program.lis)\n--- python\n\(program.python)\n\(trial.notes)")
      if index % 5 == 0 {
        var options = TrialOptions()
        options.collectsAlways = true
        let stressed = try await run(program.lis, options)
        #expect(stressed.output == outputs[index], "\(program.lis)\n\(stressed.notes)")
      }
    }
  }
}
