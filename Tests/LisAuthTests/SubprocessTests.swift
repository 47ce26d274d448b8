import Testing

@testable import LisAuth

@Suite struct SubprocessTests {
  private func shell(_ line: String, input: String = "", seconds: Int = 20, limit: Int = 1000) throws
    -> Subprocess.Ended
  {
    try Subprocess.run(["/bin/sh", "-c", line], input: Array(input.utf8), seconds: seconds, outputLimit: limit)
  }

  @Test func inputOutputErrorsAndStatus() throws {
    let ended = try shell("cat; echo problem >&2; exit 3", input: "in")
    #expect(ended.output == Array("in".utf8) && ended.errors == "problem\n" && ended.status == 3)
    #expect(try shell("kill -9 $$").status == 137)
    #expect(try shell("exec <&-; exit 0", input: String(repeating: "x", count: 200_000)).status == 0)
  }

  @Test func timeAndOutputAreBounded() throws {
    #expect(throws: Subprocess.Failure.tooSlow(seconds: 1)) { try shell("exec sleep 60", seconds: 1) }
    #expect(throws: Subprocess.Failure.tooSlow(seconds: 1)) { try shell("exec >&- 2>&-; exec sleep 60", seconds: 1) }
    #expect(throws: Subprocess.Failure.tooMuchOutput(limit: 1000)) { try shell("exec yes") }
    #expect(try shell("printf %1000s x").output.count == 1000)
    #expect(throws: Subprocess.Failure.notFound) {
      try Subprocess.run(["lis-no-such-program"], seconds: 5, outputLimit: 10)
    }
  }

  @Test func whoeverKeepsItsOutputOpenIsNotWaitedFor() throws {
    let ended = try shell("printf token; sleep 3 & exit 0", seconds: 2)
    #expect(ended.output == Array("token".utf8) && ended.status == 0)
  }

  @Test func aCommandThatFailsShowsItsErrorsAndNeverItsOutput() throws {
    let problem = try #require(throws: AuthProblem.self) {
      try TokenCommand.output(["/bin/sh", "-c", "echo canary; echo not signed in >&2; exit 1"])
    }
    #expect(problem.message.contains("it said: not signed in") && !problem.message.contains("canary"))
    #expect(problem.exitCode == 6)
    let missing = #expect(throws: AuthProblem.self) { try TokenCommand.output(["lis-no-such-program"]) }
    #expect(missing?.message.contains("there is no such program") == true)
  }
}
