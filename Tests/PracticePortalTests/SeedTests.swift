import GRDB
import Testing

@testable import PracticePortal

@Suite struct SeedTests {
  /// Every row of the store as text, for comparing two stores.
  private static func dump(_ store: PortalStore) async throws -> [String] {
    try await store.read { db in
      var lines: [String] = []
      for table in ["products", "deals", "line_items", "associations", "replaced_values", "meta"] {
        for row in try Row.fetchAll(db, sql: "SELECT * FROM \(table)") { lines.append("\(table) \(row)") }
      }
      return lines
    }
  }

  @Test func theSameSeedGivesTheSameBytes() async throws {
    let stores = [try PortalStore.open(.memory), try PortalStore.open(.memory)]
    for store in stores { try await Seeder.seed(store, .lineItems(300)) }
    let (first, second) = (try await Self.dump(stores[0]), try await Self.dump(stores[1]))
    #expect(first.count > 900)
    #expect(first == second)
  }

  /// The demo portal: sizes, the managed services, the dirt, and the walks that scripts make over it.
  @Test func theDemoPortal() async throws {
    try await withPortal(PortalConfiguration(seed: .demo)) { client, _ in
      let all = try await client.post(SearchTests.path, #"{"limit":1}"#)
      #expect(all["total"] == .number("25000"))
      let deals = try await client.post("/crm/v3/objects/deals/search", #"{"limit":1}"#)
      #expect((5700...6300).contains(deals["total"].integer ?? 0))
      #expect(try await client.post("/crm/v3/objects/products/search", #"{"limit":1}"#)["total"] == .number("200"))

      let values = (1...6).map { "\"srv-\($0)\"" }.joined(separator: ",")
      var filter = "{\"propertyName\":\"hs_sku\",\"operator\":\"IN\",\"values\":[\(values)]}"
      let managed = try await client.post(SearchTests.path, "{\"filters\":[\(filter)]}")
      #expect((4000...4099).contains(managed["total"].integer ?? 0))
      filter += #",{"propertyName":"price","operator":"NOT_HAS_PROPERTY"}"#
      #expect(try await client.post(SearchTests.path, "{\"filters\":[\(filter)]}")["total"] == .number("0"))

      for dirt in [
        #"{"propertyName":"hs_sku","operator":"NOT_HAS_PROPERTY"}"#,
        #"{"propertyName":"price","operator":"NOT_HAS_PROPERTY"}"#,
        #"{"propertyName":"hs_sku","operator":"CONTAINS_TOKEN","value":"old*"}"#,
        #"{"propertyName":"quantity","operator":"EQ","value":"0"}"#,
        #"{"propertyName":"hs_line_item_currency_code","operator":"EQ","value":"CHF"}"#,
      ] {
        let found = try await client.post(SearchTests.path, "{\"filters\":[\(dirt)]}")
        #expect((found["total"].integer ?? 0) > 50, "\(dirt)")
      }
      try await walk(client)
    }
  }

  /// Keyset windows over all 25,000 records meet each one once.
  private func walk(_ client: TestClient) async throws {
    var last = "0"
    var count = 0
    while true {
      let page = try await client.post(
        SearchTests.path,
        "{\"filters\":[{\"propertyName\":\"hs_object_id\",\"operator\":\"GT\",\"value\":\"\(last)\"}],\"sorts\":[\"hs_object_id\"],\"limit\":200,\"properties\":[\"hs_sku\"]}"
      )
      let ids = (page["results"].items ?? []).compactMap { $0["id"]?.text }
      guard let end = ids.last else { break }
      #expect(ids == ids.sorted() && ids[0] > last)
      count += ids.count
      last = end
    }
    #expect(count == 25_000)
  }

  /// Every managed service has three or four prices, all of them the list price of some year.
  @Test func managedServicesHaveListPrices() async throws {
    let store = try PortalStore.open(.memory)
    try await Seeder.seed(store, .lineItems(3000))
    let rows = try await store.read { db in
      try Row.fetchAll(
        db,
        sql:
          "SELECT p_hs_sku, group_concat(DISTINCT p_price) FROM line_items WHERE p_hs_sku LIKE 'SRV-%' GROUP BY p_hs_sku"
      )
      .map { ($0[0] as String, ($0[1] as String).split(separator: ",").map(String.init)) }
    }
    #expect(rows.count == 6)
    for (sku, prices) in rows {
      let product = try #require(Catalogue.managedServices.first { $0.sku == sku })
      let list = product.listPrices.map(CatalogueProduct.money)
      #expect((3...4).contains(prices.count) && prices.allSatisfy(list.contains), "\(sku)")
    }
  }
}
