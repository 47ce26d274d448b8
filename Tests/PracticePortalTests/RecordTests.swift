import Testing

@testable import PracticePortal

/// Create, get, list, update, archive.
@Suite struct RecordTests {
  @Test func createAnswersEveryValueLikeTheRecordedOne() async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(
        TestClient.items, #"{"properties":{"name":"Item 7","price":"400.00","quantity":"8"}}"#)
      #expect(reply.status == 201)
      #expect(reply.headers["content-type"] == "application/json;charset=utf-8")
      let properties = try #require(reply["properties"].members)
      // The property set of a recorded answer of HubSpot (2025-01-08).
      #expect(
        properties.keys.sorted() == [
          "amount", "createdate", "hs_acv", "hs_arr", "hs_lastmodifieddate", "hs_margin", "hs_margin_acv",
          "hs_margin_arr", "hs_margin_mrr", "hs_margin_tcv", "hs_mrr", "hs_object_id", "hs_object_source",
          "hs_object_source_id", "hs_object_source_label", "hs_position_on_quote", "hs_post_tax_amount",
          "hs_pre_discount_amount", "hs_recurring_billing_number_of_payments", "hs_tcv", "hs_total_discount", "name",
          "price", "quantity",
        ])
      let expected = [
        "amount": "3200.00", "hs_acv": "3200.00", "hs_arr": "0.00", "hs_mrr": "0.00", "hs_tcv": "3200.00",
        "hs_margin": "3200.00", "hs_total_discount": "0.00", "hs_position_on_quote": "0", "price": "400.00",
        "quantity": "8", "hs_recurring_billing_number_of_payments": "1",
      ]
      for (name, value) in expected { #expect(properties[name] == .string(value), "\(name)") }
      #expect(reply["properties", "hs_object_id"] == reply["id"])
      #expect(reply["archived"] == .bool(false))
    }
  }

  @Test(arguments: ["line_items", "line_item", "0-8", "LINE_ITEMS"])
  func everySpellingOfLineItemsWorks(_ spelling: String) async throws {
    try await withPortal { client, _ in
      for path in [
        "/crm/v3/objects/", "/crm/objects/2025-09/", "/crm/objects/2026-03/", "/crm/objects/2026-09/",
        "/crm/objects/2026-09-beta/",
      ] {
        let made = try await client.post(path + spelling, #"{"properties":{"name":"a"}}"#)
        let listed = try await client.get(path + spelling + "/?limit=1")
        #expect(made.status == 201 && listed.status == 200)
      }
    }
  }

  @Test(arguments: [
    ("deals", "0-3", "dealname"), ("products", "0-7", "name"), ("quotes", "0-14", "hs_title"),
  ])
  func theOtherTypesWorkToo(_ plural: String, _ typeId: String, _ name: String) async throws {
    try await withPortal { client, _ in
      let made = try await client.post("/crm/v3/objects/\(plural)", "{\"properties\":{\"\(name)\":\"x\"}}")
      #expect(made.status == 201)
      let id = try #require(made["id"].text)
      #expect(
        try await client.get("/crm/objects/2026-03/\(typeId)/\(id)?properties=\(name)")[
          "properties", PathStep(stringLiteral: name)] == .string("x"))
    }
  }

  @Test func valuesComeBackAsSentAndScalarsAsText() async throws {
    try await withPortal { client, _ in
      let id = try await client.item(#"{"name":"a\nb","price":10.50,"quantity":3,"hs_use_prorating":true}"#)
      let reply = try await client.get(
        TestClient.items + "/\(id)?properties=name,price&properties=quantity,hs_use_prorating")
      #expect(reply["properties", "name"] == .string("a\nb"))
      #expect(reply["properties", "price"] == .string("10.50"))
      #expect(reply["properties", "quantity"] == .string("3"))
      #expect(reply["properties", "hs_use_prorating"] == .string("true"))
    }
  }

  @Test func unsetIsNullClearedIsEmptyUnknownIsAbsent() async throws {
    try await withPortal { client, _ in
      let id = try await client.item(#"{"name":"a","hs_sku":"X"}"#)
      #expect(try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"hs_sku":""}}"#).status == 200)
      let reply = try await client.get(TestClient.items + "/\(id)?properties=hs_sku,description,nonsense")
      #expect(
        reply["properties"].members?.keys.sorted()
          == ["createdate", "description", "hs_lastmodifieddate", "hs_object_id", "hs_sku"])
      #expect(reply["properties", "hs_sku"] == .string(""))
      #expect(reply["properties", "description"] == .null)
      #expect(reply.body.contains(#""createdate":"#))
    }
  }

  @Test func keysAreAlphabeticalAndTheDefaultSetIsTheSearchDefault() async throws {
    try await withPortal { client, _ in
      let id = try await client.item(#"{"name":"a"}"#)
      let reply = try await client.get(TestClient.items + "/\(id)")
      let names = ["amount", "createdate", "hs_lastmodifieddate", "hs_object_id", "price", "quantity"]
      #expect(reply["properties"].members?.keys.sorted() == names)
      let places = names.compactMap { reply.body.firstRange(of: "\"\($0)\":")?.lowerBound }
      #expect(places.count == names.count && places == places.sorted())
    }
  }

  @Test func updateRecomputesAndMovesTheModificationTime() async throws {
    try await withPortal { client, _ in
      let id = try await client.item(#"{"name":"a","price":"10","quantity":"2"}"#)
      let before = try await client.get(TestClient.items + "/\(id)")
      let reply = try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"price":"12.5"}}"#)
      #expect(reply.status == 200)
      #expect(reply["properties", "price"] == .string("12.5"))
      #expect(reply["properties", "amount"] == .string("25.00"))
      #expect(reply["properties", "hs_lastmodifieddate"] != before["properties", "hs_lastmodifieddate"])
      #expect(reply["createdAt"] == before["createdAt"])
      let cleared = try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"price":""}}"#)
      #expect(cleared.status == 200)
      #expect(try await client.get(TestClient.items + "/\(id)?properties=amount")["properties", "amount"] == .null)
    }
  }

  @Test func aTraceIdOnASingleWriteIsIgnored() async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(TestClient.items, #"{"properties":{"name":"a"},"objectWriteTraceId":"t"}"#)
      #expect(reply.status == 201)
      #expect(reply["objectWriteTraceId"] == .null)
    }
  }

  @Test func archiveHidesAndArchivedTrueShows() async throws {
    try await withPortal { client, _ in
      let id = try await client.item(#"{"name":"a"}"#)
      let gone = try await client.delete(TestClient.items + "/\(id)")
      #expect(gone.status == 204 && gone.body.isEmpty)
      #expect(try await client.get(TestClient.items + "/\(id)").status == 404)
      #expect(try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"name":"b"}}"#).status == 404)
      let archived = try await client.get(TestClient.items + "/\(id)?archived=True")
      #expect(archived["archived"] == .bool(true))
      #expect(archived["archivedAt"].text != nil)
      #expect(try await client.get(TestClient.items)["results"] == .array([]))
      #expect(try await client.get(TestClient.items + "?archived=true")["results"].items?.count == 1)
      #expect(try await client.delete(TestClient.items + "/\(id)").status == 204)
      #expect(try await client.post(TestClient.items + "/search", "{}").body == #"{"total":0,"results":[]}"#)
    }
  }

  @Test func listsPageByPageInOrderOfId() async throws {
    try await withPortal(PortalConfiguration(seed: .lineItems(25))) { client, _ in
      var ids: [String] = []
      var after = ""
      for _ in 0..<4 {
        let page = try await client.get(TestClient.items + "?limit=10" + (after.isEmpty ? "" : "&after=\(after)"))
        ids += (page["results"].items ?? []).compactMap { $0["id"]?.text }
        guard let next = page["paging", "next", "after"].text else { break }
        #expect(page["paging", "next", "link"].text?.hasPrefix("http://127.0.0.1:\(client.port)/crm") == true)
        after = next
      }
      #expect(ids.count == 25 && Set(ids).count == 25 && ids == ids.sorted())
    }
  }

  @Test func aRecordIsFoundByAUniqueProperty() async throws {
    try await withPortal { client, _ in
      try await client.uniqueProperty()
      let id = try await client.item(#"{"name":"a","erp_key":"K-1"}"#)
      #expect(try await client.get(TestClient.items + "/K-1?idProperty=erp_key")["id"] == .string(id))
      let reply = try await client.patch(TestClient.items + "/K-1?idProperty=erp_key", #"{"properties":{"name":"b"}}"#)
      #expect(reply["id"] == .string(id))
      #expect(try await client.get(TestClient.items + "/K-1?idProperty=name").status == 400)
    }
  }

  @Test func aLineItemTakesValuesFromItsProduct() async throws {
    try await withPortal { client, _ in
      let product = try await client.post(
        "/crm/v3/objects/products",
        #"{"properties":{"name":"Seat","price":"99","hs_sku":"S-1","recurringbillingfrequency":"monthly"}}"#)
      let id = try #require(product["id"].text)
      let item = try await client.post(
        TestClient.items, "{\"properties\":{\"hs_product_id\":\"\(id)\",\"quantity\":\"2\",\"name\":\"Own\"}}")
      #expect(item["properties", "name"] == .string("Own"))
      #expect(item["properties", "price"] == .string("99"))
      #expect(item["properties", "hs_sku"] == .string("S-1"))
      #expect(item["properties", "hs_mrr"] == .string("198.00"))
    }
  }

  @Test func deletingAQuoteDeletesItsLineItems() async throws {
    try await withPortal { client, _ in
      let quote = try #require(
        try await client.post("/crm/v3/objects/quotes", #"{"properties":{"hs_title":"Q"}}"#)["id"].text)
      let item = try await client.post(
        TestClient.items,
        "{\"properties\":{\"name\":\"a\"},\"associations\":[{\"to\":{\"id\":\(quote)},\"types\":[{\"associationCategory\":\"HUBSPOT_DEFINED\",\"associationTypeId\":68}]}]}"
      )
      let id = try #require(item["id"].text)
      #expect(try await client.delete("/crm/v3/objects/quotes/\(quote)").status == 204)
      #expect(try await client.get(TestClient.items + "/\(id)").status == 404)
    }
  }

  @Test func historyIsNewestFirst() async throws {
    try await withPortal { client, _ in
      let id = try await client.item(#"{"name":"a","price":"20","quantity":"1"}"#)
      for price in ["22", "25", "25"] {
        _ = try await client.patch(TestClient.items + "/\(id)", "{\"properties\":{\"price\":\"\(price)\"}}")
      }
      let reply = try await client.get(TestClient.items + "/\(id)?propertiesWithHistory=price,hs_sku,amount")
      let entries = reply["propertiesWithHistory", "price"].items ?? []
      #expect(entries.map { $0["value"]?.text } == ["25", "22", "20"])
      let times = entries.compactMap { $0["timestamp"]?.text.flatMap(Timestamp.parseDateTime) }
      #expect(times.count == 3 && times == times.sorted(by: >))
      #expect(entries.allSatisfy { $0["sourceType"] == .string("INTEGRATION") })
      #expect(reply["createdAt"] == entries.last?["timestamp"])
      #expect(reply["propertiesWithHistory", "hs_sku"] == .array([]))
      #expect(reply["propertiesWithHistory", "amount", 0, "value"] == .string("25.00"))
      #expect(reply["properties", "price"] == .string("25"))
    }
  }

  /// Price, quantity and discounts against the published examples; the contract values are this portal's own.
  @Test(arguments: [
    (#"{"price":"400.00","quantity":"8"}"#, ["amount": "3200.00", "hs_pre_discount_amount": "3200.00"]),
    (
      #"{"price":"234.56","quantity":"10","hs_discount_percentage":"20"}"#,
      ["hs_total_discount": "469.12", "amount": "1876.48"]
    ),
    (
      #"{"price":"11.90","quantity":"1","hs_discount_percentage":"15"}"#,
      ["hs_total_discount": "1.79", "amount": "10.11"]
    ),
    (#"{"price":"100","quantity":"2","discount":"10"}"#, ["hs_total_discount": "20.00", "amount": "180.00"]),
    (
      #"{"price":"100","quantity":"2","discount":"10","hs_discount_percentage":"50"}"#,
      ["hs_total_discount": "100.00", "amount": "100.00"]
    ),
    (#"{"price":"10","quantity":"1","tax":"1.9"}"#, ["amount": "10.00", "hs_post_tax_amount": "11.90"]),
    (#"{"price":"0.1","quantity":"3"}"#, ["amount": "0.30"]),
    (
      #"{"price":"10","quantity":"2","recurringbillingfrequency":"monthly","hs_recurring_billing_period":"P24M"}"#,
      [
        "amount": "20.00", "hs_mrr": "20.00", "hs_arr": "240.00", "hs_tcv": "480.00", "hs_acv": "240.00",
        "hs_recurring_billing_number_of_payments": "24", "hs_recurring_billing_terms": "FIXED",
        "hs_term_in_months": "24",
      ]
    ),
    (
      #"{"price":"120","quantity":"1","recurringbillingfrequency":"annually","hs_cost_of_goods_sold":"20"}"#,
      [
        "hs_mrr": "10.00", "hs_arr": "120.00", "hs_tcv": "120.00", "hs_margin": "100.00", "hs_margin_mrr": "8.33",
        "hs_margin_arr": "100.00",
      ]
    ),
    (
      #"{"price":"10","quantity":"1","recurringbillingfrequency":"weekly","hs_recurring_billing_period":"P12W"}"#,
      ["hs_mrr": "43.33", "hs_arr": "520.00", "hs_tcv": "120.00", "hs_acv": "120.00"]
    ),
  ])
  func calculates(_ properties: String, _ expected: [String: String]) async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(TestClient.items, "{\"properties\":\(properties)}")
      for (name, value) in expected { #expect(reply["properties"][name] == .string(value), "\(name)") }
    }
  }

  @Test func datesAreNormalizedFrom202609OnAndRefusedBefore() async throws {
    try await withPortal { client, _ in
      let body = #"{"properties":{"hs_recurring_billing_start_date":"1990-01-01T00:00:00Z"}}"#
      let accepted = try await client.post("/crm/objects/2026-09/line_items", body)
      #expect(accepted.status == 201)
      #expect(accepted["properties", "hs_recurring_billing_start_date"] == .string("1990-01-01"))
      #expect(accepted["warnings", 0, "category"] == .string("PROPERTY_VALUE_NORMALIZED"))
      #expect(accepted["warnings", 0, "context", "normalizedValue"] == .string("631152000000"))
      #expect(try await client.post("/crm/objects/2026-03/line_items", body).status == 400)
      let stamp = #"{"properties":{"hs_recurring_billing_start_date":"631152000000"}}"#
      #expect(
        try await client.post(TestClient.items, stamp)["properties", "hs_recurring_billing_start_date"]
          == .string("1990-01-01"))
    }
  }
}
