import FoundationEssentials
import Testing

/// Each thing that the check can say is shown by a golden: the sentences are read from where they are made, so that a new
/// one without a golden fails here.
@Suite struct GoldenCoverageTests {
  /// Sentences that no program of a reasonable size brings about: `LargeProgramTests` and a test below do.
  static let elsewhere = ["this function has too many ", "modules use each other more than "]

  /// The fixed part of every message of a kind of problem: its longest stretch between interpolations.
  static func sentences(_ file: String) throws -> [String] {
    let text = try readText(languageTests + "/../../Sources/LisCompiler/Problems/" + file)
    let start = try #require(text.range(of: "var message: String {"))
    let end = try #require(text[start.upperBound...].range(of: "\n  }\n"))
    var found: [String] = []
    for line in text[start.upperBound..<end.lowerBound].split(separator: "\n") {
      let literals = GoldenCoverageTests.literals(String(line))
      // A line that ends with `:` goes on in the next; words alone tell nothing.
      for literal in literals where literal.count >= 8 { found.append(literal) }
    }
    return found
  }

  /// The longest fixed stretch of each text of a line.
  static func literals(_ line: String) -> [String] {
    var texts: [[String]] = []
    var isInside = false
    var depth = 0
    var characters = Array(line)[...]
    while let character = characters.popFirst() {
      if depth > 0 {
        // Texts inside of an interpolation are parts of sentences and are left out.
        if character == "(" { depth += 1 } else if character == ")" { depth -= 1 }
      } else if character == "\"" {
        if !isInside { texts.append([""]) }
        isInside.toggle()
      } else if character == "\\", characters.first == "(", isInside {
        characters.removeFirst()
        depth = 1
        texts[texts.count - 1].append("")
      } else if isInside, let part = texts.last?.last {
        texts[texts.count - 1].removeLast()
        texts[texts.count - 1].append(part + String(character))
      }
    }
    return texts.compactMap { $0.max { $0.count < $1.count } }
  }

  @Test(arguments: ["CheckProblem.swift", "CheckNotice.swift"])
  func everySentenceIsShown(_ file: String) throws {
    let shown = try GoldenTests.names.map {
      try readText(GoldenTests.folder + "/" + $0.dropLast(4) + ".expected")
    }.joined(separator: "\n")
    let sentences = try GoldenCoverageTests.sentences(file)
    #expect(sentences.count >= 9)
    for sentence in sentences where !GoldenCoverageTests.elsewhere.contains(sentence) {
      #expect(shown.contains(sentence), "no golden shows “\(sentence)”")
    }
  }

  @Test func aChainOfModulesEnds() async throws {
    let folder = try freshFolder()
    for number in 0..<200 {
      try "use \"./m\(number + 1).lis\"\n".write(
        toFile: folder + "/m\(number).lis", atomically: true, encoding: .utf8)
    }
    var options = TrialOptions()
    options.folder = folder
    let trial = try await run("use \"./m0.lis\"", options)
    #expect(trial.notes.contains("modules use each other more than "), "\(trial.notes)")
    #expect(trial.complaint?.hasPrefix("LIS0171") == true)
  }

  /// The reader of sentences reads what it should.
  @Test func literalsAreRead() {
    #expect(
      GoldenCoverageTests.literals(#"case .x(let a): "the `\(a.map { "q \($0)" } ?? "")` is not known" : "or so""#)
        == ["` is not known", "or so"])
  }
}
