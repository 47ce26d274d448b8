import TerminalSupport
import Testing

/// The runbooks of scripts/tutorial, each as a plan and then applied, on one practice portal with the demo data.
@Suite("The tutorial", .serialized)
struct TutorialTests {
  private static let folder =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/scripts/tutorial"

  private static func home() throws -> Home {
    let home = try Home(.demo)
    _ = try home.shell("cp \"$0\"/* .", [folder])
    return home
  }

  private static func plan(_ home: Home, _ name: String) throws -> Command.Ended {
    try home.lis("plan", name, "--portal", "practice")
  }

  private static func apply(_ home: Home, _ name: String) throws -> Command.Ended {
    try home.lis("run", name, "--portal", "practice", "--apply")
  }

  /// The plan has so many changes, nothing was sent for it, and applying it makes them.
  private static func expectWrites(_ home: Home, _ name: String, _ words: String) throws -> Command.Ended {
    let planned = try plan(home, name)
    #expect(planned.status == 2 && planned.err.contains("plan  \(words) "), "\(planned.out)\(planned.err)")
    #expect(home.writes.isEmpty)
    let applied = try apply(home, name)
    #expect(applied.err.contains("plan  \(words) "), "\(applied.out)\(applied.err)")
    #expect(!home.writes.isEmpty)
    return applied
  }

  @Test("1: rows are printed, and asked for in one search")
  func find() throws {
    let home = try Self.home()
    let ended = try Self.apply(home, "01-find.lis")
    #expect(ended.status == 0 && ended.lines.count == 5, "\(ended.err)")
    #expect(ended.lines.allSatisfy { $0.hasPrefix("{\"name\":\"Managed") && $0.contains("\"hs_sku\":\"SRV-5\"") })
  }

  @Test("2: the file holds the rows with the largest totals")
  func save() throws {
    let home = try Self.home()
    let ended = try Self.apply(home, "02-save.lis")
    #expect(ended.status == 0 && ended.out.hasPrefix("20 rows, the first is "), "\(ended.out)\(ended.err)")
    let lines = home.folder.text(of: "work/dearest.csv").split(whereSeparator: \.isNewline)
    #expect(lines.count == 21 && lines.first == "name,hs_sku,price,quantity,total")
    let totals = lines.dropFirst().compactMap { line in line.split(separator: ",").last.flatMap { Double($0) } }
    #expect(totals == totals.sorted(by: >) && totals.count == 20)
  }

  @Test("3: prices rise by the parameter")
  func reprice() throws {
    let home = try Self.home()
    let count = try home.count(where: ".hs_sku in [\"SRV-1\", \"SRV-2\"] and .price != null")
    let words = "update \(count.formattedWithCommas) line_items"
    let ended = try Self.expectWrites(home, "03-reprice.lis", words)
    #expect(
      ended.status == 0 && ended.err.contains("\(count.formattedWithCommas) planned, all applied"), "\(ended.err)")
  }

  @Test("4: three rows of the file become line items of the deal")
  func create() throws {
    let home = try Self.home()
    let ended = try Self.expectWrites(home, "04-create.lis", "create 3 line_items")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(try home.count(where: ".hs_sku in [\"NEW-1\", \"NEW-2\", \"NEW-3\"]") == 3)
  }

  @Test("5: three items of the list are created, and the second run has nothing to do")
  func priceList() throws {
    let home = try Self.home()
    let ended = try Self.expectWrites(home, "05-price_list.lis", "create 3 line_items")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(try home.count(where: ".hs_sku in [\"KIT-1\", \"KIT-2\", \"KIT-3\"]") == 3)
    #expect(try Self.plan(home, "05-price_list.lis").status == 0)
  }

  @Test("6: what has no quantity is archived")
  func cleanUp() throws {
    let home = try Self.home()
    let count = try home.count(where: ".quantity == 0 and .createdate < today() - 1mo")
    let ended = try Self.expectWrites(home, "06-clean_up.lis", "archive \(count) line_items")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(try home.count(where: ".quantity == 0 and .createdate < today() - 1mo") == 0)
  }

  @Test("7: cheap ones are archived and the others renamed, in one statement")
  func each() throws {
    let home = try Self.home()
    let old = ".hs_sku startswith \"OLD-\" and .price < 100"
    let all = try home.count(where: old)
    let cheap = try home.count(where: ".hs_sku startswith \"OLD-\" and .price < 20")
    #expect(try Self.plan(home, "07-each.lis").status == 2)
    let ended = try Self.apply(home, "07-each.lis")
    #expect(ended.status == 0 && ended.err.contains("\(all) planned, all applied"), "\(ended.err)")
    #expect(try home.count(where: old) == all - cheap)
    #expect(try home.count(where: old + " and .name endswith \"(legacy)\"") == all - cheap)
  }

  @Test("8: what would have a negative price is refused and listed, and the rest is changed")
  func refused() throws {
    let home = try Self.home()
    let all = try home.count(where: ".price < 8")
    let refused = try home.count(where: ".price < 5")
    try #require(refused > 0 && refused < all)
    let ended = try Self.apply(home, "08-refused.lis")
    #expect(
      ended.status == 3 && ended.out == "\(all - refused) changed, \(refused) refused\n", "\(ended.out)\(ended.err)")
    let lines = home.folder.text(of: "work/refused.csv").split(whereSeparator: \.isNewline)
    #expect(lines.count == refused + 1 && lines.first == "id,reason")
  }

  @Test("9: one row for each currency, the most frequent first")
  func report() throws {
    let home = try Self.home()
    let ended = try Self.apply(home, "09-report.lis")
    #expect(ended.status == 0 && ended.lines.count > 3, "\(ended.err)")
    #expect(ended.lines.first?.hasPrefix("{\"hs_line_item_currency_code\":\"EUR\",\"items\":") == true, "\(ended.out)")
  }

  @Test("10: the runbook checks itself, a second run has nothing to do, and its module has tests that pass")
  func runbook() throws {
    let home = try Self.home()
    let count = try home.count(where: ".hs_sku == \"SRV-3\" and .price != null")
    let ended = try Self.apply(home, "10-runbook.lis")
    #expect(ended.status == 0 && ended.out.hasPrefix("\(count) line items, from "), "\(ended.out)\(ended.err)")
    #expect(try home.count(where: ".hs_sku == \"SRV-3\" and .price == 30.50") == count)
    #expect(try Self.plan(home, "10-runbook.lis").status == 0)
    #expect(try home.lis("test", "pricing.lis").status == 0)
  }
}

extension Int {
  /// `4,060`, as plans write it.
  fileprivate var formattedWithCommas: String {
    var digits = String(self)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits = String(digits.dropLast(3))
    }
    return ([digits] + groups).joined(separator: ",")
  }
}
