import FoundationEssentials
import LisRuntime
import PracticePortal
import Testing

/// What exactly is sent for a condition: groups are joined by `|`, filters by `&`.
@Suite struct PushDownTests {
  private struct Body: Decodable {
    struct Group: Decodable { var filters: [Filter] }
    struct Filter: Decodable {
      var propertyName: String
      var `operator`: String
      var value: String?
      var values: [String]?
    }
    var filterGroups: [Group]?
  }

  /// The way a condition is read: the filters of its search, or `list`, `ids`, `nothing`, or the code of the refusal.
  private func sent(_ condition: String, _ rig: Rig) async throws -> String {
    rig.transport.follow { _, _ in .pass }
    let run = try await rig.run("find where \(condition) | select .id")
    let log = rig.transport.log
    guard let search = log.first(where: { $0.kind == "search" }) else {
      if run.outcome != .done { return run.notes.contains("LIS0303") ? "needs all" : run.notes }
      return log.contains { $0.kind == "batch/read" } ? "ids" : "nothing"
    }
    let body = try JSONDecoder().decode(Body.self, from: Data(search.body.utf8))
    let groups = (body.filterGroups ?? []).map { group in
      group.filters.map { filter in
        ([filter.propertyName, filter.operator, filter.value] + (filter.values ?? [])).compactMap(\.self)
          .joined(separator: " ")
      }.joined(separator: " & ")
    }
    return groups.joined(separator: " | ")
  }

  @Test func filters() async throws {
    try await withRig { rig in
      for (condition, wanted) in PushDownTests.cases {
        let filters = try await sent(condition, rig)
        #expect(filters == wanted, "\(condition)")
      }
    }
  }

  private static let cases = [
    (".price == 1.50", "price EQ 1.50"), (".price != 1", "price NEQ 1 | price NOT_HAS_PROPERTY"),
    (".price < 1 and .quantity >= 2", "price LT 1 & quantity GTE 2"), ("1 < .price", "price GT 1"),
    (".price in 1..3", "price GTE 1 & price LTE 3"), (".price in [1, 2]", "price EQ 1 | price EQ 2"),
    (".price == null", "price NOT_HAS_PROPERTY"), (".price != null", "price HAS_PROPERTY"),
    (".price < null", "nothing"), (".price in []", "nothing"),
    (".price not in [1]", "price NEQ 1 | price NOT_HAS_PROPERTY"),
    (".price not in [1, null]", "price NEQ 1 & price HAS_PROPERTY"),
    (".price in [1, null]", "price EQ 1 | price NOT_HAS_PROPERTY"), (".price in [null]", "price NOT_HAS_PROPERTY"),
    (".price not in [12345678901234.567]", "needs all"),
    (".price < 12345678901234.567", "price LTE 12345678901234.567"),
    (".price != 12345678901234.567", "needs all"), ("not (.price < 1)", "price GTE 1"),
    ("not (.price == null)", "price HAS_PROPERTY"),
    (
      "not (.price < 1 or .quantity == 2)",
      "price GTE 1 & quantity NEQ 2 | price GTE 1 & quantity NOT_HAS_PROPERTY"
    ),
    (".hs_sku == \"aB\"", "hs_sku EQ aB"), (".hs_sku =~ \"aB\"", "hs_sku EQ aB"),
    (".hs_sku =~ \"ä\"", "hs_sku HAS_PROPERTY"),
    // ß is equal to the two letters, and a server may know only the case of ASCII.
    (".hs_sku =~ \"STRASSE\"", "hs_sku HAS_PROPERTY"), (".hs_sku =~ \"SK-1\"", "hs_sku EQ SK-1"),
    (".hs_sku =~ \" a\"", "hs_sku HAS_PROPERTY"), ("not (.hs_sku =~ \"a\")", "needs all"),
    (".hs_sku == \" a\"", "needs all"), (".hs_sku == \"\"", "needs all"), (".hs_sku != \"a\"", "needs all"),
    (".hs_sku in [\"B\", \"a\", \"b\"]", "hs_sku IN b a"), (".hs_sku in [\"Ä\", \"b\"]", "hs_sku EQ Ä | hs_sku EQ b"),
    (".hs_sku in [\"a\", null]", "hs_sku IN a | hs_sku NOT_HAS_PROPERTY"), (".hs_sku < \"a\"", "needs all"),
    (".hs_sku has \"a\"", "hs_sku HAS_PROPERTY"),
    (".hs_sku contains \"a\" and .price == 1", "hs_sku HAS_PROPERTY & price EQ 1"),
    (".hs_sku contains \"a\" or .price == 1", "hs_sku HAS_PROPERTY | price EQ 1"),
    (".recurringbillingfrequency == \"monthly\"", "recurringbillingfrequency EQ monthly"),
    (
      ".recurringbillingfrequency not in [\"monthly\"]",
      "recurringbillingfrequency NOT_IN monthly | recurringbillingfrequency NOT_HAS_PROPERTY"
    ),
    (".recurringbillingfrequency not in []", "needs all"),
    (".hs_use_prorating", "hs_use_prorating EQ true"), ("not .hs_use_prorating", "hs_use_prorating EQ false"),
    (".hs_recurring_billing_start_date >= @2026-01-01", "hs_recurring_billing_start_date GTE 1767225600000"),
    (".createdate < @2026-01-01T00:00:00.500Z", "createdate LT 1767225600500"),
    (".created_at < @2026-01-01", "createdate LT 1767225600000"),
    (".id == \"5\"", "ids"), (".id in [\"5\"] and .price == 1", "ids"), (".id == \"abc\"", "nothing"),
    (".id == \"5\" or .price == 1", "hs_object_id EQ 5 | price EQ 1"),
    (".hs_product_id == \"9007199254740993\"", "hs_product_id EQ 9007199254740993"),
    (".hs_product_id == \"abc\"", "nothing"), ("true", "needs all"), ("false", "nothing"),
    (".price in [1, 2, 3] and .quantity in [1, 2]", "quantity EQ 1 | quantity EQ 2"),
    // Six alternatives are two searches, of which the first is looked at here.
    (".price in [1, 2, 3, 4, 5, 6]", "price EQ 1 | price EQ 2 | price EQ 3 | price EQ 4 | price EQ 5"),
    (".price in list(1..51)", "needs all"), ("prop(\"price\") == 1", "price EQ 1"),
    ("prop(., \"price\") == 1", "price EQ 1"), (".deal == \"7\"", "associations.deal EQ 7"),
    (
      ".deal in [\"7\", \"8\"] and .price == 1",
      "associations.deal EQ 7 & price EQ 1 | associations.deal EQ 8 & price EQ 1"
    ),
    (".name == \"\(String(repeating: "x", count: 2_000))\"", "needs all"),
  ]
}
