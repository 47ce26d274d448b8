import Testing

@testable import PracticePortal

/// One filter and the names of the line items it must find.
struct FilterCase: Sendable, CustomTestStringConvertible {
  var filter: String
  var names: [String]
  init(_ filter: String, _ names: [String]) {
    self.filter = filter
    self.names = names
  }
  var testDescription: String { filter }
}

@Suite struct SearchTests {
  static let path = TestClient.items + "/search"

  /// Five line items that differ in everything the operators look at.
  static func fill(_ client: TestClient) async throws {
    for properties in [
      #"{"name":"a","hs_sku":"SRV-1","price":"10","quantity":"1","hs_product_type":"service","hs_recurring_billing_start_date":"2026-01-01","description":"Oak chair, big"}"#,
      #"{"name":"b","hs_sku":"srv-2","price":"9.5","quantity":"2","hs_product_type":"inventory","hs_recurring_billing_start_date":"2026-02-01","description":"Table"}"#,
      #"{"name":"c","hs_sku":"HW-3","price":"100.00","quantity":"3","hs_use_prorating":"true"}"#,
      #"{"name":"d","price":"1e2","hs_sku":"ÄRGER-1"}"#,
      #"{"name":"e","hs_product_type":"service"}"#,
    ] { _ = try await client.item(properties) }
    let e = try await client.post(path, #"{"filters":[{"propertyName":"name","operator":"EQ","value":"e"}]}"#)
    // "e" gets a cleared SKU: an empty text is no value.
    let id = e["results", 0, "id"].text ?? ""
    _ = try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"hs_sku":"x"}}"#)
    _ = try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"hs_sku":""}}"#)
  }

  static func names(_ reply: Reply) -> [String] {
    (reply["results"].items ?? []).compactMap { $0["properties", "name"].text }
  }

  static let filters: [FilterCase] = [
    FilterCase(#"{"propertyName":"name","operator":"EQ","value":"A"}"#, ["a"]),
    FilterCase(#"{"propertyName":"price","operator":"EQ","value":"100"}"#, ["c", "d"]),
    FilterCase(#"{"propertyName":"price","operator":"NEQ","value":"100"}"#, ["a", "b"]),
    FilterCase(#"{"propertyName":"hs_sku","operator":"NEQ","value":"srv-1"}"#, ["b", "c", "d"]),
    FilterCase(#"{"propertyName":"price","operator":"LT","value":"10"}"#, ["b"]),
    FilterCase(#"{"propertyName":"price","operator":"LTE","value":"10"}"#, ["a", "b"]),
    FilterCase(#"{"propertyName":"price","operator":"GT","value":"10"}"#, ["c", "d"]),
    FilterCase(#"{"propertyName":"price","operator":"GTE","value":"10"}"#, ["a", "c", "d"]),
    FilterCase(#"{"propertyName":"price","operator":"BETWEEN","value":"9.5","highValue":"10"}"#, ["a", "b"]),
    FilterCase(#"{"propertyName":"hs_sku","operator":"IN","values":["srv-1","srv-2"]}"#, ["a", "b"]),
    FilterCase(#"{"propertyName":"hs_sku","operator":"IN","values":["SRV-1","srv-2"]}"#, ["b"]),
    FilterCase(#"{"propertyName":"hs_sku","operator":"IN","values":["ärger-1"]}"#, ["d"]),
    FilterCase(#"{"propertyName":"price","operator":"IN","values":["10","100.0"]}"#, ["a", "c", "d"]),
    FilterCase(#"{"propertyName":"hs_sku","operator":"NOT_IN","values":["srv-1"]}"#, ["b", "c", "d"]),
    FilterCase(#"{"propertyName":"hs_product_type","operator":"IN","values":["service"]}"#, ["a", "e"]),
    FilterCase(#"{"propertyName":"hs_product_type","operator":"EQ","value":"Service"}"#, []),
    FilterCase(#"{"propertyName":"hs_product_type","operator":"NOT_IN","values":["service"]}"#, ["b"]),
    FilterCase(#"{"propertyName":"hs_sku","operator":"HAS_PROPERTY"}"#, ["a", "b", "c", "d"]),
    FilterCase(#"{"propertyName":"hs_sku","operator":"NOT_HAS_PROPERTY"}"#, ["e"]),
    FilterCase(#"{"propertyName":"description","operator":"CONTAINS_TOKEN","value":"chair"}"#, ["a"]),
    FilterCase(#"{"propertyName":"description","operator":"CONTAINS_TOKEN","value":"chai"}"#, []),
    FilterCase(#"{"propertyName":"description","operator":"CONTAINS_TOKEN","value":"*ha*"}"#, ["a"]),
    FilterCase(#"{"propertyName":"description","operator":"NOT_CONTAINS_TOKEN","value":"chair"}"#, ["b"]),
    FilterCase(#"{"propertyName":"hs_sku","operator":"CONTAINS_TOKEN","value":"srv*"}"#, ["a", "b"]),
    FilterCase(#"{"propertyName":"hs_sku","operator":"CONTAINS_TOKEN","value":"Ärger"}"#, ["d"]),
    FilterCase(#"{"propertyName":"hs_use_prorating","operator":"EQ","value":"true"}"#, ["c"]),
    FilterCase(#"{"propertyName":"hs_recurring_billing_start_date","operator":"GT","value":"2026-01-01"}"#, ["b"]),
    FilterCase(#"{"propertyName":"hs_recurring_billing_start_date","operator":"LTE","value":"1767225600000"}"#, ["a"]),
    FilterCase(#"{"propertyName":"createdate","operator":"GT","value":"0"}"#, ["a", "b", "c", "d", "e"]),
    FilterCase(#"{"propertyName":"hs_lastmodifieddate","operator":"LT","value":"2020-01-01T00:00:00Z"}"#, []),
    FilterCase(#"{"propertyName":"hs_object_id","operator":"GT","value":"0"}"#, ["a", "b", "c", "d", "e"]),
    FilterCase(#"{"propertyName":"amount","operator":"EQ","value":"300"}"#, ["c"]),
  ]

  @Test(arguments: filters)
  func finds(_ given: FilterCase) async throws {
    try await withPortal { client, _ in
      try await Self.fill(client)
      let reply = try await client.post(
        Self.path, "{\"filterGroups\":[{\"filters\":[\(given.filter)]}],\"properties\":[\"name\"]}")
      #expect(reply.status == 200, "\(reply.body)")
      #expect(Self.names(reply) == given.names)
      #expect(reply["total"] == .number(String(given.names.count)))
    }
  }

  @Test func groupsAreOrAndFiltersAreAnd() async throws {
    try await withPortal { client, _ in
      try await Self.fill(client)
      let reply = try await client.post(
        Self.path,
        #"{"filterGroups":[{"filters":[{"propertyName":"price","operator":"GT","value":"5"},{"propertyName":"quantity","operator":"EQ","value":"1"}]},{"filters":[{"propertyName":"name","operator":"EQ","value":"e"}]}],"properties":["name"]}"#
      )
      #expect(Self.names(reply) == ["a", "e"])
    }
  }

  @Test(arguments: [
    (#"["price"]"#, ["b", "a", "c", "d", "e"]), (#"["-price"]"#, ["c", "d", "a", "b", "e"]),
    (#"[{"propertyName":"name","direction":"DESCENDING"}]"#, ["e", "d", "c", "b", "a"]),
    (#"[{"propertyName":"hs_object_id","direction":"DESCENDING"}]"#, ["e", "d", "c", "b", "a"]),
    (#"["hs_lastmodifieddate"]"#, ["a", "b", "c", "d", "e"]), ("[]", ["a", "b", "c", "d", "e"]),
  ])
  func sorts(_ sorts: String, _ names: [String]) async throws {
    try await withPortal { client, _ in
      try await Self.fill(client)
      let reply = try await client.post(Self.path, "{\"sorts\":\(sorts),\"properties\":[\"name\"]}")
      #expect(Self.names(reply) == names)
    }
  }

  @Test func queryLooksIntoTheTextProperties() async throws {
    try await withPortal { client, _ in
      try await Self.fill(client)
      #expect(Self.names(try await client.post(Self.path, #"{"query":"CHAIR","properties":["name"]}"#)) == ["a"])
      #expect(Self.names(try await client.post(Self.path, #"{"query":"srv-","properties":["name"]}"#)) == ["a", "b"])
    }
  }

  @Test func findsByAssociation() async throws {
    try await withPortal(PortalConfiguration(seed: .lineItems(30))) { client, _ in
      let deals = try await client.get("/crm/v3/objects/deals?limit=2&associations=line_items")
      for index in 0..<2 {
        let deal = try #require(deals["results", .index(index), "id"].text)
        let linked = deals["results", .index(index), "associations", "line items", "results"].items ?? []
        let reply = try await client.post(
          Self.path,
          "{\"filters\":[{\"propertyName\":\"associations.deal\",\"operator\":\"EQ\",\"value\":\"\(deal)\"}],\"limit\":200}"
        )
        #expect(!linked.isEmpty)
        #expect((reply["results"].items ?? []).map { $0["id"] } == linked.map { $0["id"] })
      }
    }
  }

  @Test func pagesByOffset() async throws {
    try await withPortal(PortalConfiguration(seed: .lineItems(7))) { client, _ in
      let first = try await client.post(Self.path, #"{"limit":3}"#)
      #expect(first["total"] == .number("7"))
      #expect(first["paging", "next", "after"] == .string("3"))
      let second = try await client.post(Self.path, #"{"limit":3,"after":"3"}"#)
      #expect(second["paging", "next", "after"] == .string("6"))
      let last = try await client.post(Self.path, #"{"limit":3,"after":6}"#)
      #expect(last["results"].items?.count == 1 && last["paging"] == .null)
      #expect(
        first["results", 0, "properties"].members?.keys.sorted()
          == ["amount", "createdate", "hs_lastmodifieddate", "hs_object_id", "price", "quantity"])
    }
  }

  static func group(_ filters: Int) -> String {
    "{\"filters\":["
      + Array(repeating: #"{"propertyName":"name","operator":"HAS_PROPERTY"}"#, count: filters).joined(separator: ",")
      + "]}"
  }

  static func groups(_ sizes: [Int]) -> String {
    "{\"filterGroups\":[" + sizes.map(group).joined(separator: ",") + "]}"
  }

  @Test(arguments: [
    groups([1, 1, 1, 1, 1, 1]), groups([7]), groups([6, 6, 6, 1]), #"{"limit":201}"#, #"{"limit":0}"#,
    #"{"limit":"many"}"#,
    #"{"after":"10000","limit":1}"#, #"{"after":"9900","limit":200}"#, #"{"after":"x"}"#, #"{"after":"-1"}"#,
    #"{"sorts":["name","price"]}"#, #"{"sorts":[1]}"#, #"{"sorts":["nonsense"]}"#,
    #"{"sorts":[{"propertyName":"name","direction":"UP"}]}"#,
    #"{"filters":[{"propertyName":"nonsense","operator":"EQ","value":"1"}]}"#,
    #"{"filters":[{"propertyName":"name","operator":"LIKE","value":"1"}]}"#,
    #"{"filters":[{"propertyName":"name","operator":"EQ"}]}"#,
    #"{"filters":[{"propertyName":"name","operator":"IN","value":"1"}]}"#,
    #"{"filters":[{"propertyName":"price","operator":"BETWEEN","value":"1"}]}"#,
    #"{"filters":[{"propertyName":"price","operator":"GT","value":"cheap"}]}"#,
    #"{"filters":[{"propertyName":"hs_product_type","operator":"GT","value":"a"}]}"#,
    #"{"filters":[{"propertyName":"hs_use_prorating","operator":"BETWEEN","value":"a","highValue":"b"}]}"#,
    #"{"filters":[{"propertyName":"price","operator":"CONTAINS_TOKEN","value":"1"}]}"#,
    #"{"filters":[{"propertyName":"createdate","operator":"CONTAINS_TOKEN","value":"2026"}]}"#,
    #"{"filters":[{"propertyName":"createdate","operator":"GT","value":"today"}]}"#,
    #"{"filters":[{"propertyName":"associations.unicorn","operator":"EQ","value":"1"}]}"#,
    #"{"filters":[{"propertyName":"associations.deal","operator":"GT","value":"1"}]}"#, #"{"filterGroups":{}}"#, "[]",
    "{\"query\":\"\(String(repeating: "x", count: 2990))\"}",
  ])
  func refuses(_ body: String) async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(Self.path, body)
      #expect(reply.status == 400, "\(reply.body)")
      #expect(reply["category"] == .string("VALIDATION_ERROR"))
    }
  }

  @Test(arguments: [
    groups([1, 1, 1, 1, 1]), groups([6, 6, 6]), #"{"limit":200,"after":"9800"}"#, "{}",
    "{\"query\":\"\(String(repeating: "x", count: 2988))\"}",
  ])
  func acceptsTheLimits(_ body: String) async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(Self.path, body)
      #expect(reply.status == 200)
    }
  }
}
