import FoundationEssentials
import Testing

@testable import LisSyntax

/// Every description program with a token taken away, doubled or replaced: never a crash, and every diagnostic points
/// into the source. The seed is printed; `LIS_TEST_SEED` replays it.
@Suite("Programs with one token changed")
struct MutationTests {
  static let seed: UInt64 = {
    let given = ProcessInfo.processInfo.environment["LIS_TEST_SEED"].flatMap(UInt64.init)
    let seed = given ?? UInt64.random(in: 0...UInt64.max)
    print("LIS_TEST_SEED=\(seed)")
    return seed
  }()

  /// SplitMix64: small, and the same everywhere.
  struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  static let replacements = [
    "(", ")", "[", "]", "{", "}", "|", ",", ":", ";", "=", "=>", "==", "and", "not", "in", "if", "else", "let", "fn",
    "find",
    "where", "plan", "match", "1", "\"a\"", "\"", "'", "${", "}\"", ".x", ".", "..", "...", "\n", "#", "x",
    "@2026-01-01", "ö",
    "\u{202E}", "`", "&&", "!", "-", "to", "at most", "on error", "try", "catch", "step", "for", "each", "$", "?", "“",
  ]

  @Test(arguments: ProgramTests.names)
  func pointInsideTheSource(_ name: String) throws {
    let text = try read(goldens + "/programs/" + name)
    let tokens = tokenize(source(text)).tokens.dropLast()
    let bytes = Array(text.utf8)
    var random = Random(state: Self.seed &+ UInt64(name.utf8.first ?? 0))
    for token in tokens {
      let piece = Array(bytes[token.span.lower..<token.span.upper])
      let other = Array((Self.replacements.randomElement(using: &random) ?? "x").utf8)
      for middle in [[], piece + [32] + piece, other] {
        check(String(decoding: bytes[..<token.span.lower] + middle + bytes[token.span.upper...], as: UTF8.self))
      }
    }
    // And cut off in the middle of it all.
    for _ in 0..<20 {
      let end = Int.random(in: 0...bytes.count, using: &random)
      check(String(decoding: bytes[..<end], as: UTF8.self))
    }
  }

  /// Tokens in no order at all. `LIS_TEST_ROUNDS` asks for more than the usual number.
  @Test func tokenSoup() {
    let rounds = ProcessInfo.processInfo.environment["LIS_TEST_ROUNDS"].flatMap { Int($0) } ?? 300
    let words =
      Word.allCases.map(\.rawValue) + Self.replacements + ["a", "b!", "\"x ${", "} y\"", "a.b", ";", "+", "- ", "5d"]
    var random = Random(state: Self.seed)
    for _ in 0..<rounds {
      let count = Int.random(in: 1...60, using: &random)
      check((0..<count).map { _ in words.randomElement(using: &random) ?? "a" }.joined(separator: " "))
    }
  }

  private func check(_ text: String) {
    let source = source(text)
    let result = parse(source)
    var last = -1
    for diagnostic in result.diagnostics {
      #expect(!diagnostic.message.isEmpty)
      for label in diagnostic.labels {
        let isInside =
          0 <= label.span.lower && label.span.lower <= label.span.upper && label.span.upper <= source.bytes.count
        #expect(isInside, "\(diagnostic) in \(text)")
      }
      let place = diagnostic.primaryLabel?.span.lower ?? 0
      #expect(place >= last, "in source order: \(text)")
      last = place
    }
    let places = result.problems.map { "\($0.span)" }
    #expect(Set(places).count == places.count, "one complaint for a place: \(render(result.diagnostics))\n\(text)")
    #expect(!render(result.diagnostics, color: true).isEmpty || result.diagnostics.isEmpty)
    if !result.hasErrors { #expect(!dump(result.program).contains("<missing>"), "\(text)") }
    #expect(result.diagnostics.isEmpty ? !result.needsMoreInput : true)
  }
}
