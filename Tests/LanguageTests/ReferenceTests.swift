import FoundationEssentials
import LisRuntime
import LisStdlib
import LisSyntax
import Testing

/// The reference says what is so: its programs print what it shows, and the files beside the sources are what the
/// sources say. `LIS_UPDATE_GOLDENS=1` writes those files anew.
@Suite struct ReferenceTests {
  static let folder = languageTests + "/Reference"
  static let pages = languageTests + "/../../Sources/LisRuntime/Reference/Markdown"

  /// Runs beside the files that the examples read.
  static var options: TrialOptions {
    var options = TrialOptions()
    options.folder = folder
    options.workingFolder = folder
    options.apply = true
    return options
  }

  struct Block {
    var kind: String
    var text: String
  }

  /// The blocks between the fences of a page, in order.
  static func blocks(_ markdown: String) -> [Block] {
    let parts = "\n\(markdown)".components(separatedBy: "\n```")
    return stride(from: 1, to: parts.count, by: 2).compactMap { place in
      guard let lineEnd = parts[place].firstIndex(of: "\n") else { return nil }
      return Block(
        kind: String(parts[place][..<lineEnd]), text: String(parts[place][parts[place].index(after: lineEnd)...]))
    }
  }

  /// Five line items, three with a list price of the price files, two of them on the first of two deals.
  static func portal() async throws -> (portal: Portal, options: TrialOptions) {
    let portal = try await Portal.start()
    let deals = try await portal.create([["dealname": "One"], ["dealname": "Two"]], of: "deals")
    var options = options
    options.folder = try freshFolder()
    options.workingFolder = options.folder ?? ""
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try FileManager.default.copyItem(atPath: "\(folder)/\(file)", toPath: "\(options.workingFolder)/\(file)")
    }
    let trial = try await portal.run(
      """
      [
        { name: "Managed Workplace", hs_sku: "SRV-1", price: 45.00, quantity: 10 },
        { name: "Managed Backup", hs_sku: "SRV-3", price: 29.00, quantity: 4 }
      ] | create { name: .name, hs_sku: .hs_sku, price: .price, quantity: .quantity } to deal "\(deals[0])"
      [
        { name: "Norda Keyboard", hs_sku: "HW-1", price: 49.90, quantity: 25 },
        { name: "Legacy Fax Gateway", hs_sku: "OLD-1", price: 120.00, quantity: 0 },
        { name: "Consulting Day", hs_sku: null, price: null, quantity: 2 }
      ] | create { name: .name, hs_sku: .hs_sku, price: .price, quantity: .quantity }
      """, options)
    if trial.outcome != .done { throw SeedFailure(reason: trial.notes) }
    return (portal, options)
  }

  @Test(arguments: ReferencePage.all.map(\.name))
  func examplesPrintWhatThePageShows(_ name: String) async throws {
    let page = try #require(ReferencePage.all.first { $0.name == name })
    let (portal, options) = try await Self.portal()
    let blocks = Self.blocks(page.markdown)
    for (place, block) in blocks.enumerated() where block.kind == "lis" {
      let trial = try await portal.run(block.text, name: "\(name).md", options)
      let expected: RunOutcome = block.text.contains("on error continue") ? .someFailed : .done
      #expect(trial.outcome == expected, "\(name):\n\(block.text)\n\(trial.notes)")
      let shown = place + 1 < blocks.count && blocks[place + 1].kind == "text" ? blocks[place + 1].text + "\n" : ""
      #expect(trial.output == shown, "\(name):\n\(block.text)\n\(trial.notes)")
    }
    try await portal.server.stop()
  }

  @Test func programsOfTheReferenceAreFormatted() throws {
    for page in ReferencePage.all {
      for block in Self.blocks(page.markdown) where ["lis", "test"].contains(block.kind) {
        let formatted = try format(SourceText(name: page.name, text: block.text))
        #expect(formatted == block.text + "\n", "\(page.name)")
      }
    }
  }

  @Test func filesBesideTheSourcesAreWhatTheSourcesSay() throws {
    var files = Dictionary(uniqueKeysWithValues: ReferencePage.all.map { ($0.name + ".md", $0.markdown) })
    let session = makeSession(CapturedConsole(), TrialOptions(), { throw UnexpectedConnection() })
    files["builtins.md"] = BuiltinHelp(session.builtins).markdown
    let update = ProcessInfo.processInfo.environment["LIS_UPDATE_GOLDENS"] == "1"
    for (name, text) in files {
      if update { try text.write(toFile: "\(Self.pages)/\(name)", atomically: true, encoding: .utf8) }
      #expect(text == (try? readText("\(Self.pages)/\(name)")), "\(name)")
    }
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: Self.pages)) == Set(files.keys))
  }

  /// Every word that a stage can begin with, every verb and every statement has a page or a section.
  @Test func everyWordIsExplained() {
    let library = ModuleLibrary(names: StandardLibrary.names) { StandardLibrary.source(named: $0) }
    let topics = Session.helpTopics(library)
    let connectives: Set<Word> = [.true, .false, .plan, .group, .by, .associate, .upsert, .as, .else]
    for word in Word.allCases where !connectives.contains(word) {
      #expect(topics.page(word.rawValue) != nil, "no help for `\(word.rawValue)`")
    }
    #expect(topics.page("where")?.contains("A condition on each row") == true)
    #expect(topics.page("round")?.hasPrefix("round(value, [digits]): number") == true)
    #expect(topics.page("money.cents")?.hasPrefix("money.cents(amount)\n") == true)
    #expect(topics.page("nothing of the kind") == nil)
    #expect(topics.suggestion("fidn") == "find")
    #expect(topics.search("inside it").map(\.topic) == ["modules"])
    #expect(topics.search("").isEmpty)
  }

  @Test func topicsHaveOneMeaning() {
    let names = ReferencePage.all.map(\.name)
    #expect(Set(names).count == names.count)
    let words = LanguageHelp().words
    #expect(Set(words).count == words.count)
    // A page may stand for its builtin or group, but no word hides a page.
    #expect(Set(words).intersection(names).subtracting(["report"]).isEmpty)
  }
}
