import Testing

@testable import LisCore
@testable import LisRuntime

/// What the machine knows of the code that the compiler makes, to be fast: nothing else would show that it is no longer
/// so.
@Suite struct DetourTests {
  @Test func aListThatGrowsSkipsTheUsualNumberOfInstructions() async throws {
    let detours = try await onThread {
      let session = makeSession(CapturedConsole(), TrialOptions()) { throw UnexpectedConnection() }
      // A function stays; the code of an entry itself is given back when it has run.
      session.evaluate(
        "fn grow() {\nvar xs = []\nfor i in 1..9 { xs = [...xs, i] }\nfor i in 1..9 { xs = xs + [i] }\nreturn xs\n}",
        name: "test")
      return session.machine.functions.indices.flatMap { index -> [Int] in
        let block = session.machine.blocks[index]
        guard block.loaded else { return [] }
        let code = UnsafeBufferPointer(start: block.code, count: Int(block.length))
        return code.filter { $0.operation == .lengthen }.map { Int($0.c) }
      }
    }
    #expect(detours == [Instruction.usualDetour, 1])
  }
}
