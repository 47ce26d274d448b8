import FoundationEssentials
import Testing

/// Every example in the standard library's documentation says what its function gives: `## cents(2.345) -> 2.35`.
@Suite struct StandardLibraryTests {
  struct Example: Sendable, CustomStringConvertible {
    var module: String
    var code: String
    var result: String

    var description: String { code }
  }

  static let modules = ["lists", "money"]

  static func text(_ module: String) throws -> String {
    try readText(languageTests + "/../../stdlib/\(module).lis")
  }

  static let examples: [Example] = modules.flatMap { module in
    ((try? text(module)) ?? "").split(separator: "\n").compactMap { line in
      guard line.hasPrefix("## "), let arrow = line.range(of: " -> ") else { return nil }
      return Example(
        module: module, code: String(line[line.index(line.startIndex, offsetBy: 3)..<arrow.lowerBound]),
        result: String(line[arrow.upperBound...]))
    }
  }

  @Test(arguments: examples) func isWhatItSays(_ example: Example) async throws {
    let trial = try await run(try Self.text(example.module) + "\nprint(\(example.code))\n")
    #expect(trial.lines == [example.result])
  }

  @Test(arguments: modules) func everyFunctionHasAnExample(_ module: String) throws {
    let lines = try Self.text(module).split(separator: "\n")
    for (index, line) in lines.enumerated() where line.hasPrefix("fn ") {
      #expect(index > 0 && lines[index - 1].contains(" -> "), "\(module): \(line)")
    }
  }
}
