import Testing

@testable import PracticePortal

@Suite struct MergeTests {
  private func merge(_ client: TestClient, _ path: String, _ primary: String, _ other: String) async throws -> Reply {
    try await client.post(
      path + "/merge", "{\"primaryObjectId\":\"\(primary)\",\"objectIdToMerge\":\"\(other)\"}")
  }

  @Test(arguments: [
    "/crm/objects/2026-09/line_items", "/crm/objects/2026-09-beta/0-8", "/crm/objects/2025-09/line_items",
  ])
  func lineItems(path: String) async throws {
    try await withPortal { client, _ in
      try await client.uniqueProperty()
      let deals = [try await client.deal("one"), try await client.deal("two")]
      let first = try await client.item(#"{"name":"first","price":"10","quantity":"2","erp_key":"K1"}"#)
      let second = try await client.item(#"{"name":"second","description":"from the second","erp_key":"K2"}"#)
      for (item, deal) in zip([first, second], deals) {
        let link = "/crm/v4/objects/line_items/\(item)/associations/default/deals/\(deal)"
        #expect(try await client.send("PUT", link).status == 200)
      }
      let merged = try await merge(client, path, first, second)
      #expect(merged.status == 200)
      let id = try #require(merged["id"].text)
      #expect(id != first && id != second)
      #expect(merged["properties", "name"] == .string("first"))
      #expect(merged["properties", "description"] == .string("from the second"))
      #expect(merged["properties", "amount"] == .string("20.00"))
      #expect(merged["properties", "erp_key"] == .string("K1"))
      #expect(merged["properties", "hs_merged_object_ids"] == .string("\(first);\(second)"))
      let links = try await client.get("/crm/v4/objects/line_items/\(id)/associations/deals")
      #expect((links["results"].items ?? []).compactMap { $0["toObjectId"]?.scalarText } == deals)

      // Both old ones are archived; their ids still work for one record at a time and for a batch read.
      for old in [first, second] {
        #expect(try await client.get(TestClient.items + "/\(old)")["id"].text == id)
        #expect(try await client.get(TestClient.items + "/\(old)?archived=true")["archived"] == .bool(true))
        let update = try await client.patch(TestClient.items + "/\(old)", #"{"properties":{"quantity":"3"}}"#)
        #expect(update["id"].text == id && update["properties", "amount"] == .string("30.00"))
      }
      let inputs = "{\"inputs\":[{\"id\":\"\(first)\"},{\"id\":\"\(second)\"},{\"id\":\"\(id)\"}]}"
      let read = try await client.post(BatchTests.batch + "/read", inputs)
      #expect(read.status == 200 && (read["results"].items ?? []).compactMap { $0["id"]?.text } == [id])
      let update = try await client.post(
        BatchTests.batch + "/update", "{\"inputs\":[{\"id\":\"\(first)\",\"properties\":{\"quantity\":\"1\"}}]}")
      #expect(update.status == 400)
      #expect(try await client.get(TestClient.items)["results"].items?.count == 1)

      let third = try await client.item(#"{"name":"third"}"#)
      let again = try await merge(client, path, third, id)
      let last = try #require(again["id"].text)
      #expect(again["properties", "hs_merged_object_ids"] == .string("\(third);\(id);\(first);\(second)"))
      #expect(try await client.get(TestClient.items + "/\(first)")["id"].text == last)
    }
  }

  @Test func clearingForgetsOldIds() async throws {
    try await withPortal { client, server in
      let path = "/crm/objects/2026-09/line_items"
      let first = try await client.item(#"{"name":"a"}"#)
      let second = try await client.item(#"{"name":"b"}"#)
      #expect(try await merge(client, path, first, second).status == 200)
      try await server.clear()
      #expect(try await client.get(TestClient.items + "/\(first)").status == 404)
      // Ids begin anew, and one that was merged before is free to be merged again.
      let again = [try await client.item(#"{"name":"c"}"#), try await client.item(#"{"name":"d"}"#)]
      #expect(again == [first, second])
      #expect(try await merge(client, path, again[1], again[0]).status == 200)
    }
  }

  @Test func deals() async throws {
    try await withPortal { client, _ in
      let path = "/crm/v3/objects/0-3"
      let (first, second) = (try await client.deal("first"), try await client.deal("second"))
      let merged = try await merge(client, path, first, second)
      #expect(merged.status == 200 && merged["properties", "dealname"] == .string("first"))
      #expect(merged["properties", "hs_merged_object_ids"] == .string("\(first);\(second)"))
      #expect(try await client.get(path)["results"].items?.count == 1)
    }
  }

  @Test func whatCannotBeMerged() async throws {
    try await withPortal { client, _ in
      let path = "/crm/objects/2026-09/line_items"
      let id = try await client.item(#"{"name":"a"}"#)
      #expect(try await merge(client, path, id, id).status == 400)
      #expect(try await merge(client, path, id, "1").status == 404)
      #expect(try await merge(client, path, "x", id)["category"] == .string("OBJECT_NOT_FOUND"))
      #expect(try await client.post(path + "/merge", "{\"primaryObjectId\":\"\(id)\"}").status == 400)
      // Versions whose descriptions have no merge do not have it here.
      for path in [TestClient.items, "/crm/objects/2026-03/line_items", "/crm/v3/objects/products"] {
        #expect(try await merge(client, path, id, id).status == 405)
      }
      #expect(try await client.get(TestClient.items)["results"].items?.count == 1)
    }
  }

  @Test func aStoreOfTheFirstFormatIsBroughtUp() async throws {
    try await withDirectory { directory in
      let configuration = TestClient.strict(data: .directory(directory))
      try await withPortal(configuration) { client, _ in _ = try await client.item(#"{"name":"kept"}"#) }
      let store = try PortalStore.open(configuration.data)
      try await store.database.write { db in
        try db.execute(
          sql: """
            DROP TABLE merged_ids; DROP TABLE oauth_codes; DROP TABLE refresh_tokens; DROP TABLE access_tokens;
            PRAGMA user_version = 1
            """)
      }
      try store.close()
      try await withPortal(configuration) { client, _ in
        #expect(try await client.get(TestClient.items)["results"].items?.count == 1)
        let (access, _) = try await client.connect()
        #expect(try await client.with(access).get(TestClient.items).status == 200)
      }
    }
  }
}
