import FoundationEssentials
import LisRuntime
import LisSyntax
import Testing

/// Every code has a page that `lis help` prints, and what the page says happens.
@Suite struct PageTests {
  /// The codes that the sources can give, read from where they are given.
  static func codesOfTheSources() throws -> Set<String> {
    let root = languageTests + "/../../Sources"
    let names = (FileManager.default.enumerator(atPath: root)?.allObjects ?? []).compactMap { $0 as? String }
    var codes: Set<String> = []
    for name in names where name.hasSuffix(".swift") && !name.contains("/Pages/") {
      let text = try readText(root + "/" + name)
      for match in text.matches(of: /"(LIS[0-9]{4})"/) { codes.insert(String(match.1)) }
      guard name.hasSuffix("SyntaxProblem+Diagnostic.swift") else { continue }
      for match in text.matches(of: /number = ([0-9]+)\n/) {
        codes.insert("LIS" + String(repeating: "0", count: 4 - match.1.count) + match.1)
      }
    }
    return codes
  }

  @Test func everyCodeHasAPageAndEveryPageACode() throws {
    let codes = try PageTests.codesOfTheSources()
    #expect(codes.count > 100)
    let pages = CodePage.all.map(\.code)
    #expect(Set(pages).count == pages.count)
    #expect(codes.subtracting(pages).sorted() == [])
    #expect(Set(pages).subtracting(codes).sorted() == [])
  }

  @Test func pagesFitAndSaySomething() {
    for page in CodePage.all {
      #expect(page.stage == .outside || page.wrong != nil, "\(page.code) has no example")
      #expect(page.stage != .outside || page.wrong == nil, "\(page.code) has an example that is not run")
      #expect(page.meaning.hasSuffix(".") && page.reason.hasSuffix("."), "\(page.code)")
      #expect(page.text.split(separator: "\n").allSatisfy { $0.count <= 84 }, "\(page.text)")
      #expect(CodeHelp().page(page.code) == page.text)
    }
  }

  @Test(arguments: CodePage.all.filter { $0.stage == .check }.map(\.code))
  func checkedExamples(_ code: String) async throws {
    let page = try #require(CodePage.all.first { $0.code == code })
    let wrong = try #require(page.wrong)
    let folder = try FixedSchema.folder()
    let (found, corrected) = try await onThread {
      (PageTests.check(wrong, folder), PageTests.check(page.right, folder))
    }
    #expect(Set(found) == [code], "\(wrong)")
    #expect(corrected.isEmpty, "\(corrected)\n\(page.right)")
  }

  @Test(arguments: CodePage.all.filter { $0.stage == .run }.map(\.code))
  func runExamples(_ code: String) async throws {
    let page = try #require(CodePage.all.first { $0.code == code })
    let wrong = try await run(try #require(page.wrong))
    #expect(wrong.complaint?.hasPrefix(code) == true, "\(wrong.notes)")
    let right = try await run(page.right)
    #expect(right.complaints.isEmpty && right.outcome == .done, "\(right.notes)")
  }

  @Test(arguments: CodePage.all.filter { $0.stage == .portal }.map(\.code))
  func portalExamples(_ code: String) async throws {
    let page = try #require(CodePage.all.first { $0.code == code })
    let portal = try await PortalTests.portal.value
    var options = TrialOptions()
    options.planOnly = code != "LIS0320"
    let wrong = try await portal.run(try #require(page.wrong), options)
    #expect(wrong.complaint?.hasPrefix(code) == true, "\(wrong.notes)")
    let right = try await portal.run(page.right, options)
    #expect(right.complaints.isEmpty, "\(right.notes)")
  }

  /// The codes of what the check says of a text, warnings included.
  static func check(_ text: String, _ schemas: String) -> [String] {
    let console = CapturedConsole()
    var options = TrialOptions()
    options.schemas = schemas
    _ = makeSession(console, options, { throw UnexpectedConnection() }).check(SourceText(name: "page.lis", text: text))
    return console.notes.joined(separator: "\n").matches(of: /(?:error|warning)\[(LIS[0-9]{4})\]/).map { String($0.1) }
  }
}
