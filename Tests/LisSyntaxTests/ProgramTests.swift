import Testing

@testable import LisSyntax

@Suite("The thirteen programs of the language's description")
struct ProgramTests {
  static let names = (try? files("/programs", ".lis")) ?? []

  @Test func thereAreThirteen() { #expect(Self.names.count == 13) }

  @Test(arguments: names)
  func parsesWithoutDiagnostics(_ name: String) throws {
    let text = try read(goldens + "/programs/" + name)
    let result = parse(SourceText(name: name, text: text))
    #expect(result.diagnostics.isEmpty, "\(render(result.diagnostics))")
    #expect(!result.needsMoreInput)
  }
}
