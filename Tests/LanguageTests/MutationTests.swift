import FoundationEssentials
import LisStdlib
import LisSchema
import LisSyntax
import TestSupport
import Testing

@testable import LisRuntime

/// Programs of the corpus with one token taken away, doubled or replaced: whatever comes of it, it is an outcome and
/// not a crash, and nothing is asked of a portal before a diagnostic.
@Suite struct MutationTests {
  static let replacements = [
    "(", ")", "[", "]", "{", "}", "|", ",", ":", ";", "=", "=>", "==", "and", "not", "in", "if", "let", "fn", "find",
    "where", "match", "1", "\"a\"", ".x", ".", "..", "...", "\n", "x", "@2026-01-01", "-", "return", "break", "each",
    "null", "x => x", "[1]", "{ a: 1 }", "1d", "archive", "update { a: 1 }", "for", "try", "sort", "take", "var",
  ]

  @Test func neverACrash() async throws {
    var random = SeededGenerator.announced()
    var texts: [String] = []
    // What a mutant saves lands in a copy.
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let copy = folder + "/Programs"
    try FileManager.default.copyItem(atPath: languageTests + "/Programs", toPath: copy)
    for program in LanguageProgram.all() {
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
      try await onThread { for text in all[part..<min(part + 100, all.count)] { MutationTests.check(text, in: copy) } }
    }
  }

  // MARK: The check

  /// Programs, goldens, the standard library and the examples of the pages: all that has the form of a program.
  static func corpus() throws -> [(name: String, text: String)] {
    var texts = LanguageProgram.all().map { ($0.name, $0.text) }
    for name in GoldenTests.names { texts.append((name, try readText(GoldenTests.folder + "/" + name))) }
    for module in StandardLibrary.names { texts.append((module, try StandardLibraryTests.text(module))) }
    for page in CodePage.all where page.stage != .outside { texts.append((page.code, page.right)) }
    return texts.filter { $0.1.utf8.count < 20_000 && parse(SourceText(name: $0.0, text: $0.1)).diagnostics.isEmpty }
  }

  struct Mutant: Sendable {
    var text: String
    /// What it was made of, whose own complaints say nothing about the change.
    var original = ""
    /// Names in the statement that was changed, before and after.
    var names: Set<String>
    /// What the parser complains of lies not behind this: the end of the statement that was changed, with the next one,
    /// which a change may have joined to it, or the end of the token that follows the change.
    var limit: Int
  }

  /// One token taken away, doubled or replaced.
  static func mutant(_ text: String, _ random: inout SeededGenerator) -> Mutant? {
    let tokens = tokenize(SourceText(name: "", text: text)).tokens.dropLast()
    let bytes = Array(text.utf8)
    guard let token = tokens.randomElement(using: &random) else { return nil }
    let piece = Array(bytes[token.span.lower..<token.span.upper])
    let other = Array((replacements.randomElement(using: &random) ?? "x").utf8)
    let middle = [[], piece + [32] + piece, other].randomElement(using: &random) ?? []
    let changed = String(decoding: bytes[..<token.span.lower] + middle + bytes[token.span.upper...], as: UTF8.self)
    let changeEnd = token.span.lower + middle.count
    let after = tokenize(SourceText(name: "", text: changed)).tokens.first {
      $0.span.lower >= changeEnd && !$0.span.isEmpty
    }
    let items = parse(SourceText(name: "", text: text)).program.items
    let index = items.firstIndex { $0.span.upper > token.span.lower } ?? items.endIndex
    // The one behind it may have become a part of it.
    let end = index + 1 < items.count ? items[index + 1].span.upper : bytes.count
    let last = end + middle.count - piece.count
    // What is missing behind a token is shown one blank after it, where there is a blank.
    let blank = last < changed.utf8.count && Array(changed.utf8)[last] == UInt8(ascii: " ") ? 1 : 0
    let next = index + 1 < items.count ? items[index + 1].span : Span(last, last)
    let start = index < items.count ? items[index].span.lower : token.span.lower
    let around = names(text, Span(start, end)).union(names(changed, Span(start, max(end, next.upper) + middle.count)))
    return Mutant(
      text: changed, original: text, names: around, limit: max(after?.span.upper ?? 0, last + blank))
  }

  /// A change of form is found in the statement where it was made or before, by a complaint or by the place that it points
  /// back to, and never in a later one: what is read up to the change may well be the beginning of a sound statement.
  /// A change of meaning, such as a name that is no longer declared or has another type, is found where it matters: there,
  /// or in a statement that uses a name of the changed one, itself or through others. Both without a request.
  @Test func complaintsTouchOrPrecedeTheChange() async throws {
    var random = SeededGenerator.announced()
    var mutants: [Mutant] = []
    for (_, text) in try MutationTests.corpus() {
      for _ in 0..<MutationTests.mutantsOfEach {
        if let mutant = MutationTests.mutant(text, &random) { mutants.append(mutant) }
      }
    }
    #expect(mutants.count > 750 * MutationTests.mutantsOfEach)
    let all = mutants
    let folder = try FixedSchema.folder()
    for part in stride(from: 0, to: all.count, by: 500) {
      try await onThread { MutationTests.check(all[part..<min(part + 500, all.count)], folder) }
    }
  }

  static let mutantsOfEach = 12

  /// A check leaves nothing behind, so that one session serves for many programs.
  private static func check(_ mutants: ArraySlice<Mutant>, _ schemas: String) {
    var options = TrialOptions()
    options.schemas = schemas
    var connected = false
    let console = CapturedConsole()
    let session = makeSession(
      console, options,
      {
        connected = true
        throw UnexpectedConnection()
      })
    var earlier: (text: String, messages: Set<String>) = ("", [])
    for mutant in mutants {
      let source = SourceText(name: "mutant.lis", text: mutant.text)
      let complaints = complaints(source, session)
      if mutant.original != earlier.text {
        let own = MutationTests.complaints(SourceText(name: "original.lis", text: mutant.original), session)
        earlier = (mutant.original, Set(own.map(\.message)))
      }
      let fresh = complaints.filter { !earlier.messages.contains($0.message) }
      if !fresh.isEmpty, !isToThePoint(fresh, mutant) {
        Issue.record("\(mutant.text)\n\(render(fresh))")
      }
      // The command says the same, which need not be seen of each.
      guard mutant.limit % 8 == 0 else { continue }
      let said = console.notes.count
      let outcome = session.check(source)
      #expect(outcome == (complaints.isEmpty ? .done : .checkFailed), "\(mutant.text)")
      #expect(outcome == .done || console.notes.count > said, "\(mutant.text)")
    }
    #expect(!connected)
  }

  /// The errors of a program, whether of its form or of its meaning.
  private static func complaints(_ source: SourceText, _ session: Session) -> [Diagnostic] {
    let analysis = session.compiler.analyze(source, keepsNames: false)
    let schema = session.options.schemas?.schema(analysis.objects) ?? PortalSchema()
    return session.compiler.check(analysis, schema: schema).filter { $0.severity == .error }
  }

  private static func isToThePoint(_ complaints: [Diagnostic], _ mutant: Mutant) -> Bool {
    let lowest = complaints.flatMap(\.labels).map(\.span.lower).min() ?? .max
    if lowest <= mutant.limit { return true }
    let source = SourceText(name: "mutant.lis", text: mutant.text)
    let parsed = parse(source)
    guard parsed.diagnostics.isEmpty else { return false }
    // Names that depend on those of the changed statement, by the statements that mention both.
    let statements = parsed.program.items.map { ($0.span, names(mutant.text, $0.span, known: mutant.names)) }
    var touched = mutant.names
    var count = 0
    while count != touched.count {
      count = touched.count
      for (_, names) in statements where !names.isDisjoint(with: touched) { touched.formUnion(names) }
    }
    return complaints.contains { complaint in
      let place = complaint.primaryLabel?.span.lower ?? .max
      return statements.contains { $0.0.lower <= place && place <= $0.0.upper && !$0.1.isDisjoint(with: touched) }
    }
  }

  /// Names, fields and texts in a part of a program: what one statement may know another by. Builtins and the words of the
  /// language stand everywhere and connect nothing.
  /// - Parameter known: words that are names, whether they are declared here or were before something was changed.
  private static func names(_ text: String, _ part: Span, known: Set<String> = []) -> Set<String> {
    let bytes = Array(text.utf8)
    let tokens = tokenize(SourceText(name: "", text: text)).tokens
    func piece(_ token: Token) -> String { String(decoding: bytes[token.span.lower..<token.span.upper], as: UTF8.self) }
    // Words of stages may be names as well, where they are declared.
    let declared = zip(tokens, tokens.dropFirst()).filter { [.let, .var, .fn, .param, .for].contains($0.0.word) }
    let words = known.union(declared.map { piece($0.1) })
    var found: Set<String> = []
    for token in tokens where token.span.lower >= part.lower && token.span.upper <= part.upper {
      switch token.kind {
      case .name where token.word == nil || words.contains(piece(token)), .field, .string:
        // A module is called like its file, and a function like itself with a mark.
        let last = piece(token).split(separator: "/").last.map { String($0) } ?? ""
        let name = last.replacing(".lis", with: "").filter { $0.isLetter || $0.isNumber || $0 == "_" }
        if !name.isEmpty { found.insert(name) }
      default: break
      }
    }
    return found.subtracting(builtins)
  }

  private static let builtins = Set(
    makeSession(CapturedConsole(), TrialOptions(), { throw UnexpectedConnection() }).builtins.map(\.name))

  @Test func whatIsFarFromTheChangeIsNotToThePoint() {
    func isToThePoint(_ text: String, changed name: String) -> Bool {
      let session = makeSession(CapturedConsole(), TrialOptions(), { throw UnexpectedConnection() })
      let found = MutationTests.complaints(SourceText(name: "mutant.lis", text: text), session)
      return MutationTests.isToThePoint(found, MutationTests.Mutant(text: text, names: [name], limit: 8))
    }
    #expect(isToThePoint("print(b)\nlet a = 1", changed: "q"))
    #expect(!isToThePoint("let a = 1\nprint(b)", changed: "a"))
    #expect(isToThePoint("let a = 1\nlet c = a\nprint(c + \"x\")", changed: "a"))
    #expect(!isToThePoint("let a = 1\nlet c = 1\nprint(a)\nprint(c + \"x\")", changed: "a"))
    #expect(!isToThePoint("let a = 1\nlet c = 1\nprint(", changed: "a"))
    // A word of a stage that was a name before its declaration was changed.
    #expect(isToThePoint("let archive = 4\nprint(group)", changed: "group"))
  }
}

extension Span {
  fileprivate var isEmpty: Bool { lower == upper }
}

extension MutationTests {
  private static func check(_ text: String, in folder: String) {
    var connected = false
    var options = TrialOptions()
    options.folder = folder
    options.workingFolder = folder
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
