import LisRuntime
import Testing

/// Programs of `Programs/portal`, each against the same records of one practice portal, over HTTP.
@Suite struct PortalTests {
  static let programs = LanguageProgram.all("portal/").filter { !$0.name.hasPrefix("portal/writes/") }

  /// Ten items and two deals; items 0 to 4 are on the first deal.
  static let portal = Task<Portal, any Error> { try await seeded() }

  static func seeded() async throws -> Portal {
    let portal = try await Portal.start()
    let deals = try await portal.create([["dealname": "One"], ["dealname": "Two"]], of: "deals")
    let items = (0..<10).map { index in
      var item = ["name": "Item \(index)", "price": "\(10 + index).50", "quantity": "\(index % 3)"]
      if index % 2 == 0 { item["hs_sku"] = "SKU-\(index)" }
      if index == 9 { item["price"] = nil }
      return item
    }
    try await portal.create(Array(items[5...]))
    let connect = try portal.connector()
    var options = TrialOptions()
    options.apply = true
    let program =
      "["
      + items[..<5].map { item in
        "{ " + item.sorted { $0.key < $1.key }.map { "\($0.key): \"\($0.value)\"" }.joined(separator: ", ") + " }"
      }.joined(separator: ", ")
      + "] | create { name: .name, price: number(.price), quantity: number(.quantity), hs_sku: .hs_sku } to deal \"\(deals[0])\""
    let settings = options
    let trial = try await onThread { runHere(program, settings, connect: connect) }
    if trial.outcome != .done { throw SeedFailure(reason: trial.notes) }
    return portal
  }

  @Test(arguments: programs) func program(_ program: LanguageProgram) async throws {
    try await check(program, stressed: false)
  }

  @Test(arguments: programs) func programWhileCollecting(_ program: LanguageProgram) async throws {
    try await check(program, stressed: true)
  }

  private func check(_ program: LanguageProgram, stressed: Bool) async throws {
    var options = program.options
    options.collectsAlways = stressed
    options.planOnly = program.text.contains("## plan")
    let portal = try await PortalTests.portal.value
    let trial = try await portal.run(program.text, name: program.name, options)
    #expect(trial.lines == program.lines, "\(program.name)\n\(trial.notes)")
    #expect(trial.complaints == program.complaints, "\(program.name)\n\(trial.notes)")
    for note in program.notes { #expect(trial.notes.contains(note), "\(program.name)\n\(trial.notes)") }
  }

  @Test func theProgramsAreThere() { #expect(PortalTests.programs.count >= 12) }
}
