import LisRuntime
import LisSyntax
import TestSupport
import Testing

/// Programs of the corpus with one token taken away, doubled or replaced: whatever comes of it, it is an outcome and
/// not a crash, and nothing is asked of a portal before a diagnostic.
@Suite struct MutationTests {
  static let replacements = [
    "(", ")", "[", "]", "{", "}", "|", ",", ":", ";", "=", "=>", "==", "and", "not", "in", "if", "let", "fn", "find",
    "where", "match", "1", "\"a\"", ".x", ".", "..", "...", "\n", "x", "@2026-01-01", "-", "return", "break", "each",
    "null", "x => x", "[1]", "{ a: 1 }", "1d", "archive", "update { a: 1 }", "for", "try", "sort", "take", "var",
  ]

  static let programs = LanguageProgram.all().filter { !$0.name.hasPrefix("limits/") && !$0.name.contains("save") }

  @Test func neverACrash() async throws {
    var random = SeededGenerator.announced()
    var texts: [String] = []
    for program in MutationTests.programs {
      let tokens = tokenize(SourceText(name: program.name, text: program.text)).tokens.dropLast()
      let bytes = Array(program.text.utf8)
      for _ in 0..<12 {
        guard let token = tokens.randomElement(using: &random) else { continue }
        let piece = Array(bytes[token.span.lower..<token.span.upper])
        let other = Array((MutationTests.replacements.randomElement(using: &random) ?? "x").utf8)
        let middle = [[], piece + [32] + piece, other].randomElement(using: &random) ?? []
        texts.append(
          String(decoding: bytes[..<token.span.lower] + middle + bytes[token.span.upper...], as: UTF8.self))
      }
    }
    let all = texts
    for part in stride(from: 0, to: all.count, by: 100) {
      try await onThread { for text in all[part..<min(part + 100, all.count)] { MutationTests.check(text) } }
    }
  }

  private static func check(_ text: String) {
    var connected = false
    var options = TrialOptions()
    options.limits.items = 100_000
    options.limits.depth = 2_000
    let guardian = StepGuardian()
    let trial = runHere(
      text, options,
      connect: {
        connected = true
        throw UnexpectedConnection()
      }, started: { guardian.watch($0) })
    guardian.end()
    if trial.outcome == .checkFailed {
      #expect(!connected, "a request before a diagnostic: \(text)")
      #expect(!trial.complaints.isEmpty, "\(text)")
    }
    if case .fault = trial.outcome { #expect(!trial.notes.isEmpty, "\(text)") }
    #expect(!trial.notes.contains("LIS0399") || connected, "\(text)\n\(trial.notes)")
  }
}
