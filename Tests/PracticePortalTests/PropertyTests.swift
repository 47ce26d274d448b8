import Testing

@testable import PracticePortal

@Suite struct PropertyTests {
  static let path = "/crm/v3/properties/line_items"

  @Test func listsStandardProperties() async throws {
    try await withPortal { client, _ in
      let reply = try await client.get("/crm/properties/2026-03/0-8")
      let all = try #require(reply["results"].items)
      let byName = Dictionary(all.map { ($0["name"]?.text ?? "", $0) }, uniquingKeysWith: { first, _ in first })
      #expect(all.count > 70 && reply["paging"] == .null)
      let price = try #require(byName["price"])
      #expect(price["type"] == .string("number") && price["showCurrencySymbol"] == .bool(true))
      #expect(price["currencyPropertyName"] == .string("hs_line_item_currency_code"))
      #expect(price["modificationMetadata", "readOnlyValue"] == .bool(false))
      #expect(price["groupName"] == .string("lineiteminformation") && price["hubspotDefined"] == .bool(true))
      #expect(byName["amount"]?["calculated"] == .bool(true))
      #expect(byName["amount"]?["modificationMetadata", "readOnlyValue"] == .bool(true))
      #expect(byName["hubspot_owner_id"]?["options"] == .array([]))
      #expect(byName["hubspot_owner_id"]?["referencedObjectType"] == .string("OWNER"))
      let frequencies = byName["recurringbillingfrequency"]?["options"]?.items?.compactMap { $0["value"]?.text }
      #expect(frequencies?.contains("per_five_years") == true)
    }
  }

  @Test func createReadUpdateArchiveRestore() async throws {
    try await withPortal { client, _ in
      let body =
        #"{"name":"tier","label":"Tier","groupName":"lineiteminformation","type":"enumeration","fieldType":"select","options":[{"label":"Gold","value":"gold"}]}"#
      let made = try await client.post(Self.path, body)
      #expect(made.status == 201 && made["hubspotDefined"] == .bool(false))
      let id = try await client.item(#"{"tier":"gold"}"#)
      #expect(try await client.post(TestClient.items, #"{"properties":{"tier":"silver"}}"#).status == 400)
      let patched = try await client.patch(
        Self.path + "/tier", #"{"label":"Level","options":[{"label":"Silver","value":"silver"}]}"#)
      #expect(patched.status == 200 && patched["label"] == .string("Level") && patched["options"].items?.count == 1)
      #expect(try await client.post(TestClient.items, #"{"properties":{"tier":"silver"}}"#).status == 201)
      #expect(try await client.delete(Self.path + "/tier").status == 204)
      #expect(try await client.get(Self.path + "/tier").status == 404)
      #expect(try await client.get(Self.path + "/tier?archived=true")["archived"] == .bool(true))
      #expect(try await client.post(TestClient.items, #"{"properties":{"tier":"silver"}}"#).status == 400)
      #expect(try await client.post(Self.path, body).status == 201)
      #expect(
        try await client.get(TestClient.items + "/\(id)?properties=tier")["properties", "tier"] == .string("gold"))
    }
  }

  @Test func aNameThatExistsIs409() async throws {
    try await withPortal { client, _ in
      try await client.uniqueProperty()
      let body = #"{"name":"erp_key","label":"x","groupName":"lineiteminformation","type":"string","fieldType":"text"}"#
      let reply = try await client.post(Self.path, body)
      #expect(reply.status == 409)
      #expect(reply["category"] == .string("OBJECT_ALREADY_EXISTS"))
      #expect(reply["subCategory"] == .string("Properties.PROPERTY_WITH_NAME_EXISTS"))
      #expect(try await client.get(Self.path + "/erp_key")["hasUniqueValue"] == .bool(true))
    }
  }

  @Test(arguments: [
    (#"{"name":"a"}"#, 400),
    (#"{"name":"Bad Name","label":"x","groupName":"lineiteminformation","type":"string","fieldType":"text"}"#, 400),
    (#"{"name":"a","label":"x","groupName":"lineiteminformation","type":"string","fieldType":"number"}"#, 400),
    (#"{"name":"a","label":"x","groupName":"lineiteminformation","type":"colour","fieldType":"text"}"#, 400),
    (#"{"name":"a","label":"x","groupName":"lineiteminformation","type":"enumeration","fieldType":"select"}"#, 400),
    (#"{"name":"a","label":"x","groupName":"nowhere","type":"string","fieldType":"text"}"#, 404),
    (#"{"name":"price","label":"x","groupName":"lineiteminformation","type":"number","fieldType":"number"}"#, 409),
  ])
  func refusesADefinition(_ body: String, _ status: Int) async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(Self.path, body)
      #expect(reply.status == status)
    }
  }

  @Test func unknownAndStandardProperties() async throws {
    try await withPortal { client, _ in
      let unknown = try await client.get(Self.path + "/nonsense")
      #expect(unknown.status == 404 && unknown["category"] == .string("OBJECT_NOT_FOUND"))
      #expect(try await client.delete(Self.path + "/price").status == 400)
      #expect(try await client.patch(Self.path + "/price", #"{"label":"x"}"#).status == 400)
    }
  }

  @Test func batches() async throws {
    try await withPortal { client, _ in
      let made = try await client.post(
        Self.path + "/batch/create",
        #"{"inputs":[{"name":"a","label":"A","groupName":"lineiteminformation","type":"string","fieldType":"text"},{"name":"price","label":"A","groupName":"lineiteminformation","type":"string","fieldType":"text"}]}"#
      )
      #expect(made.status == 207 && made["results"].items?.count == 1 && made["numErrors"] == .number("1"))
      let read = try await client.post(
        Self.path + "/batch/read", #"{"inputs":[{"name":"a"},{"name":"price"}],"archived":false}"#)
      #expect(read.status == 200 && read["results"].items?.count == 2)
      #expect(
        try await client.post(Self.path + "/batch/read", #"{"inputs":[{"name":"zzz"}],"archived":false}"#).status == 207
      )
      for _ in 0..<2 {
        #expect(try await client.post(Self.path + "/batch/archive", #"{"inputs":[{"name":"a"}]}"#).status == 204)
      }
      #expect(try await client.get(Self.path + "/a").status == 404)
    }
  }

  @Test func groups() async throws {
    try await withPortal { client, _ in
      let made = try await client.post(Self.path + "/groups", #"{"name":"erp","label":"ERP"}"#)
      #expect(made.status == 201)
      #expect(try await client.get(Self.path + "/groups")["results"].items?.count == 2)
      #expect(try await client.patch(Self.path + "/groups/erp", #"{"label":"Books"}"#)["label"] == .string("Books"))
      #expect(try await client.post(Self.path + "/groups", #"{"name":"erp","label":"ERP"}"#).status == 409)
      #expect(try await client.delete(Self.path + "/groups/erp").status == 204)
      #expect(try await client.get(Self.path + "/groups/erp").status == 404)
      #expect(try await client.get(Self.path + "/groups/lineiteminformation").status == 200)
    }
  }

  @Test func multipleChoicesJoinAndAppend() async throws {
    try await withPortal { client, _ in
      _ = try await client.post(
        Self.path,
        #"{"name":"tags","label":"T","groupName":"lineiteminformation","type":"enumeration","fieldType":"checkbox","options":[{"label":"A","value":"a"},{"label":"B","value":"b"},{"label":"C","value":"c"}]}"#
      )
      let id = try await client.item(#"{"tags":"a;b"}"#)
      let appended = try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"tags":";c;a"}}"#)
      #expect(appended["properties", "tags"] == .string("a;b;c"))
      let replaced = try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"tags":"b"}}"#)
      #expect(replaced["properties", "tags"] == .string("b"))
      #expect(try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"tags":"b;z"}}"#).status == 400)
    }
  }
}
