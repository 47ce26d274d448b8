import FoundationEssentials
import LisRuntime
import LisStdlib
import Testing

/// The modules of the standard library: what is embedded is what stands in `stdlib/`, and every example in the
/// documentation of a function says what the function gives: `## cents(2.345) -> 2.35`.
@Suite struct StandardLibraryTests {
  struct Example: Sendable {
    var code: String
    var result: String
  }

  static let folder = languageTests + "/../../stdlib"

  static func text(_ module: String) throws -> String {
    guard let text = StandardLibrary.source(named: module) else { throw NoModule(name: module) }
    return text
  }

  struct NoModule: Error { var name: String }

  static func examples(_ text: String) -> [Example] {
    text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("## "), let arrow = line.range(of: " -> ") else { return nil }
      return Example(
        code: String(line[line.index(line.startIndex, offsetBy: 3)..<arrow.lowerBound]),
        result: String(line[arrow.upperBound...]))
    }
  }

  /// Names of the functions, with the documentation above each.
  static func functions(_ text: String) -> [(name: String, documentation: [String])] {
    var found: [(String, [String])] = []
    var documentation: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("##") {
        documentation.append(line)
      } else {
        if line.hasPrefix("fn "), let end = line.firstIndex(of: "(") {
          found.append((String(line[line.index(line.startIndex, offsetBy: 3)..<end]), documentation))
        }
        documentation = []
      }
    }
    return found
  }

  @Test func everyFileOfTheFolderIsEmbedded() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter {
      $0.hasSuffix(".lis") && !$0.hasSuffix("_test.lis")
    }
    #expect(Set(files.map { String($0.dropLast(4)) }) == Set(StandardLibrary.names))
    #expect(StandardLibrary.names == ["csv", "dates", "lists", "money", "ops", "records", "text"])
    for name in StandardLibrary.names {
      #expect(StandardLibrary.source(named: name) == (try readText(Self.folder + "/\(name).lis")))
    }
    #expect(StandardLibrary.source(named: "nothing") == nil)
  }

  /// In one program, so that a module is read once; a fault in one example does not hide the others.
  @Test(arguments: StandardLibrary.names) func examplesAreWhatTheySay(_ module: String) async throws {
    let text = try Self.text(module)
    let examples = Self.examples(text)
    #expect(!examples.isEmpty)
    let lines = examples.map { "try { print(\($0.code)) } catch e { print(\"fault: \" + e.message) }" }
    let program = text + "\n" + lines.joined(separator: "\n")
    // The module of operations names properties of line items, so it is compiled against a portal.
    let trial: Trial
    if module == "ops" {
      let portal = try await Portal.start()
      trial = try await portal.run(program, name: module)
      try await portal.server.stop()
    } else {
      trial = try await run(program, name: module)
    }
    #expect(trial.lines.count == examples.count, "\(trial.notes)")
    for (example, line) in zip(examples, trial.lines) { #expect(line == example.result, "\(module): \(example.code)") }
  }

  /// A function that writes, or asks, is shown by a test in the language instead.
  @Test(arguments: StandardLibrary.names) func everyFunctionIsShown(_ module: String) throws {
    let tests = try readText(Self.folder + "/\(module)_test.lis")
    let functions = Self.functions(try Self.text(module))
    #expect(!functions.isEmpty)
    for (name, documentation) in functions {
      #expect(name.hasPrefix("_") || !documentation.isEmpty, "\(module).\(name) is not documented")
      if name.hasPrefix("_") { continue }
      let isShown = documentation.contains { $0.hasPrefix("## \(name)(") && $0.contains(" -> ") }
      #expect(isShown || tests.contains("\(module).\(name)("), "\(module).\(name) has neither example nor test")
    }
  }

  @Test func modulesAreReachedByUse() async throws {
    let trial = try await run(
      """
      use lists
      use text as t
      use csv
      print([{ n: 1 }, { n: 3 }] | lists.top(.n, 1))
      print(t.slug("Größe 2"), csv.number_in("1.000,5", ","), csv.column_name("A b"))
      print(count(csv("files/items.csv")))
      """)
    #expect(trial.lines == ["[{ n: 3 }]", "grosse-2 1000.5 a_b", "3"], "\(trial.notes)")
  }

  @Test func privateNamesStayPrivate() async throws {
    let trial = try await run("use money\nprint(money._power_of_ten(2))")
    #expect(trial.complaints == ["LIS0174@2:13"], "\(trial.notes)")
  }
}
