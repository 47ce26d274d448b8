import FoundationEssentials
import TestSupport
import Testing

@testable import LisSyntax

/// The layout of lis: examples as files, and laws over every program there is. `LIS_UPDATE_GOLDENS=1` writes the files
/// anew; read what has changed before committing it.
@Suite("Formatting")
struct FormatTests {
  static let names = ((try? files("/fmt", ".lis")) ?? []).map { String($0.dropLast(4)) }

  @Test func thereAreSome() { #expect(Self.names.count >= 10) }

  @Test(arguments: names)
  func formatsAsExpected(_ name: String) throws {
    let formatted = try format(source(try read("\(goldens)/fmt/\(name).lis")))
    let path = "\(goldens)/fmt/\(name).expected"
    if ProcessInfo.processInfo.environment["LIS_UPDATE_GOLDENS"] == "1" {
      try formatted.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(formatted == (try? read(path)))
  }

  @Test func aProgramWithErrorsIsRefused() throws {
    let error = #expect(throws: FormatProblem.self) { try format(source("let a = (1 +\nlet b = 2")) }
    guard case .syntax(let problems)? = error else {
      Issue.record("another error")
      return
    }
    #expect(!problems.isEmpty)
  }

  /// Every script of the repository that users read is formatted.
  @Test func theRepositoryIsFormatted() throws {
    let scripts = try Corpus.paths(["stdlib", "scripts"])
    #expect(scripts.count >= 3)
    for path in scripts {
      let text = try read(path)
      #expect(try format(SourceText(name: path, text: text)) == text, "run `lis fmt \(path)`")
    }
  }

  @Test func theCorpusObeysTheLaws() throws {
    var count = 0
    for path in try Corpus.paths(["stdlib", "scripts", "Tests"]) {
      guard let text = try? read(path), !parsed(text).hasErrors else { continue }
      count += 1
      try expectLaws(text, path)
    }
    #expect(count > 100)
  }

  @Test func randomProgramsObeyTheLaws() throws {
    var random = SeededGenerator.announced()
    var count = 0
    for _ in 0..<250 {
      var program = RandomSource(random: SeededGenerator(seed: random.next()))
      let text = program.make()
      // What may follow what is known to the parser better than to the generator.
      if parsed(text).hasErrors { continue }
      count += 1
      try expectLaws(text, text)
    }
    #expect(count > 125)
  }

  /// The deepest programs that the parser lets through are formatted within a stack of two megabytes.
  @Test(arguments: [
    String(repeating: "(", count: 160) + "1" + String(repeating: ")", count: 160),
    String(repeating: "[", count: 80) + String(repeating: "]", count: 80),
    String(repeating: "if a { ", count: 30) + String(repeating: "}", count: 30),
    "a" + String(repeating: ".b", count: 240), "a" + String(repeating: " + b", count: 240),
    String(repeating: "not ", count: 240) + "a", String(repeating: "x => ", count: 80) + "x",
  ])
  func deepProgramsAreFormatted(_ text: String) throws {
    #expect(!parsed(text).hasErrors)
    let isStable = onSmallStack(kilobytes: 2048) {
      guard let once = try? format(source(text)) else { return false }
      return (try? format(source(once))) == once
    }
    #expect(isStable == true)
  }

  @Test func longListsTakeTimeInProportion() throws {
    let text = "let a = [" + (0..<20_000).map { "\($0)" }.joined(separator: ", ") + "]"
    let formatted = try format(source(text))
    #expect(formatted.split(separator: "\n").allSatisfy { $0.utf8.count <= 100 })
  }

  /// Formatting twice is formatting once; the tree and the comments are what they were; no line ends in a space, and no
  /// two blank lines follow each other.
  private func expectLaws(_ text: String, _ name: String) throws {
    let once: String
    do { once = try format(source(text)) } catch {
      Issue.record("\(error) in \(name)")
      return
    }
    #expect(try format(source(once)) == once, "formatting again changes\n\(name)\n--- once\n\(once)")
    #expect(tree(once) == tree(text), "\(name)")
    #expect(comments(once) == comments(text), "\(name)")
    #expect(once.isEmpty || (once.hasSuffix("\n") && !once.hasSuffix("\n\n")), "\(name)")
    let outside = outsideTexts(once)
    #expect(!outside.contains(" \n"), "\(name)")
    #expect(!outside.contains("\n\n\n"), "\(name)")
  }

  private func comments(_ text: String) -> [String] {
    let source = source(text)
    return parse(source).comments.map { comment in
      var text = source.text(comment.span)[...]
      while text.last == " " || text.last == "\t" { text.removeLast() }
      return String(text)
    }
  }

  /// The source with every text token replaced.
  private func outsideTexts(_ text: String) -> String {
    let source = source(text)
    var result = ""
    var place = 0
    for token in tokenize(source).tokens where [.string, .stringHead, .stringMiddle, .stringTail].contains(token.kind) {
      result += source.text(Span(place, token.span.lower)) + "\"\""
      place = token.span.upper
    }
    return result + source.text(Span(place, source.bytes.count))
  }
}

/// The lis files of the repository.
enum Corpus {
  static let root = String(
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/"))

  static func paths(_ folders: [String]) throws -> [String] {
    var found: [String] = []
    var open = folders.map { "\(root)/\($0)" }
    while let folder = open.popLast() {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        var isFolder = false
        let path = "\(folder)/\(name)"
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
        if isFolder { open.append(path) } else if name.hasSuffix(".lis") { found.append(path) }
      }
    }
    return found.sorted()
  }
}
