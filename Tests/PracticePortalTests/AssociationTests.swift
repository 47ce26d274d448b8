import Testing

@testable import PracticePortal

@Suite struct AssociationTests {
  static func linked(_ client: TestClient) async throws -> (item: String, deal: String) {
    let deal = try await client.deal()
    let reply = try await client.post(
      TestClient.items,
      "{\"properties\":{\"name\":\"a\"},\"associations\":[{\"to\":{\"id\":\"\(deal)\"},\"types\":[{\"associationCategory\":\"HUBSPOT_DEFINED\",\"associationTypeId\":20}]}]}"
    )
    return (try #require(reply["id"].text), deal)
  }

  @Test(arguments: ["/crm/v4/objects", "/crm/objects/2026-03"])
  func listsWithNumericIds(_ prefix: String) async throws {
    try await withPortal { client, _ in
      let (item, deal) = try await Self.linked(client)
      let fromDeal = try await client.get("\(prefix)/deals/\(deal)/associations/line_items")
      #expect(
        fromDeal.body
          == "{\"results\":[{\"toObjectId\":\(item),\"associationTypes\":[{\"category\":\"HUBSPOT_DEFINED\",\"typeId\":19,\"label\":null}]}]}"
      )
      let fromItem = try await client.get("\(prefix)/0-8/\(item)/associations/deal")
      #expect(fromItem["results", 0, "toObjectId"] == .number(deal))
      #expect(fromItem["results", 0, "associationTypes", 0, "typeId"] == .number("20"))
    }
  }

  @Test func recordsShowTheirAssociationsUnderTheirKeys() async throws {
    try await withPortal { client, _ in
      let (item, deal) = try await Self.linked(client)
      let one = try await client.get("/crm/v3/objects/deals/\(deal)?associations=line_items,unicorns")
      #expect(
        one["associations", "line items", "results", 0]
          == .object(["id": .string(item), "type": .string("deal_to_line_item")]))
      let other = try await client.get(TestClient.items + "/\(item)?associations=deals&associations=quotes")
      #expect(other["associations"].members?.keys.sorted() == ["deals"])
      #expect(other["associations", "deals", "results", 0, "type"] == .string("line_item_to_deal"))
      let none = try await client.get(TestClient.items + "/\(item)?associations=quotes")
      #expect(none["associations"] == .null)
    }
  }

  @Test func putDefaultIsIdempotentAndAnswersBothDirections() async throws {
    try await withPortal { client, _ in
      let (item, deal) = (try await client.item(#"{"name":"a"}"#), try await client.deal())
      for _ in 0..<2 {
        let reply = try await client.send(
          "PUT", "/crm/v4/objects/line_items/\(item)/associations/default/deals/\(deal)")
        #expect(reply.status == 200)
        let specs = (reply["results"].items ?? []).map { $0["associationSpec", "associationTypeId"] }
        #expect(specs == [.number("20"), .number("19")])
        #expect(reply["results", 0, "from", "id"] == .string(item))
      }
      #expect(
        try await client.get("/crm/v4/objects/deals/\(deal)/associations/line_items")["results"].items?.count == 1)
    }
  }

  @Test func putWithTypesThenDelete() async throws {
    try await withPortal { client, _ in
      let (item, deal) = (try await client.item(#"{"name":"a"}"#), try await client.deal())
      let path = "/crm/v4/objects/line_items/\(item)/associations/deals/\(deal)"
      let body = #"[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":20}]"#
      let reply = try await client.send("PUT", path, body)
      #expect(reply.status == 201)
      #expect(reply["fromObjectId"] == .number(item) && reply["toObjectTypeId"] == .string("0-3"))
      let wrong = try await client.send(
        "PUT", path, #"[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":19}]"#)
      #expect(wrong.status == 400)
      #expect(wrong["message"].text?.hasPrefix("invalid from object type 0-8") == true)
      #expect(try await client.delete(path).status == 204)
      #expect(try await client.get("/crm/v4/objects/deals/\(deal)/associations/line_items")["results"] == .array([]))
    }
  }

  @Test(arguments: ["/crm/v4/associations", "/crm/associations/2026-03"])
  func batchReadIs207AsSoonAsOneHasNone(_ prefix: String) async throws {
    try await withPortal { client, _ in
      let (item, deal) = try await Self.linked(client)
      let lonely = try await client.deal("Lonely")
      let whole = try await client.post("\(prefix)/deals/line_items/batch/read", "{\"inputs\":[{\"id\":\"\(deal)\"}]}")
      #expect(whole.status == 200)
      let reply = try await client.post(
        "\(prefix)/deals/line_items/batch/read", "{\"inputs\":[{\"id\":\"\(lonely)\"},{\"id\":\"\(deal)\"}]}")
      #expect(reply.status == 207)
      #expect(reply["results", 0, "from", "id"] == .string(deal))
      #expect(reply["results", 0, "to", 0, "toObjectId"] == .number(item))
      #expect(reply["errors", 0, "subCategory"] == .string("crm.associations.NO_ASSOCIATIONS_FOUND"))
      #expect(reply["errors", 0, "context", "fromObjectId", 0] == .string(lonely))
      #expect(reply["errors", 0, "message"] == .string("No line item is associated with deal \(lonely)."))
    }
  }

  @Test func batchesWrite() async throws {
    try await withPortal { client, _ in
      let (item, deal) = (try await client.item(#"{"name":"a"}"#), try await client.deal())
      let pair = "{\"from\":{\"id\":\"\(item)\"},\"to\":{\"id\":\"\(deal)\"}"
      let base = "/crm/v4/associations/line_items/deals/batch"
      let made = try await client.post(
        base + "/create",
        "{\"inputs\":[\(pair),\"types\":[{\"associationCategory\":\"HUBSPOT_DEFINED\",\"associationTypeId\":20}]}]}")
      #expect(made.status == 201)
      let partial = try await client.post(
        base + "/associate/default", "{\"inputs\":[\(pair)},{\"from\":{\"id\":\"1\"},\"to\":{\"id\":\"\(deal)\"}}]}")
      #expect(partial.status == 207 && partial["results"].items?.count == 2)
      let remove = "{\"inputs\":[{\"from\":{\"id\":\"\(item)\"},\"to\":[{\"id\":\"\(deal)\"}]}]}"
      #expect(try await client.post(base + "/archive", remove).status == 204)
      let dated = try await client.post("/crm/associations/2026-03/line_items/deals/batch/archive", remove)
      #expect(dated.status == 200 && dated["status"] == .string("COMPLETE"))
      #expect(try await client.get("/crm/v4/objects/deals/\(deal)/associations/line_items")["results"] == .array([]))
    }
  }

  @Test(arguments: [
    "/crm/v4/associations/line_items/deals/labels", "/crm/associations/v4/line_items/deals/labels",
    "/crm/associations/2026-09/0-8/0-3/labels",
  ])
  func labels(_ path: String) async throws {
    try await withPortal { client, _ in
      let reply = try await client.get(path)
      #expect(reply.body == #"{"results":[{"category":"HUBSPOT_DEFINED","typeId":20,"label":null}]}"#)
    }
  }

  @Test func productsCannotBeAssociated() async throws {
    try await withPortal { client, _ in
      let reply = try await client.get("/crm/v4/associations/line_items/products/labels")
      #expect(reply.status == 400)
    }
  }

  @Test func archivingEndsTheLinks() async throws {
    try await withPortal { client, _ in
      let (item, deal) = try await Self.linked(client)
      _ = try await client.delete(TestClient.items + "/\(item)")
      #expect(try await client.get("/crm/v4/objects/deals/\(deal)/associations/line_items")["results"] == .array([]))
    }
  }

  @Test func longListsPage() async throws {
    try await withPortal { client, _ in
      let deal = try await client.deal()
      var ids: [String] = []
      for _ in 0..<5 { ids.append(try await client.item("{\"name\":\"n\(ids.count)\"}")) }
      let inputs = ids.map { "{\"from\":{\"id\":\"\($0)\"},\"to\":{\"id\":\"\(deal)\"}}" }.joined(separator: ",")
      _ = try await client.post(
        "/crm/v4/associations/line_items/deals/batch/associate/default", "{\"inputs\":[\(inputs)]}")
      let path = "/crm/v4/objects/deals/\(deal)/associations/line_items?limit=2"
      var seen: [String] = []
      var next: String? = ""
      while let after = next, seen.count <= 5 {
        let page = try await client.get(path + (after.isEmpty ? "" : "&after=\(after)"))
        seen += (page["results"].items ?? []).compactMap { $0["toObjectId"]?.scalarText }
        next = page["paging", "next", "after"].text
      }
      #expect(seen == ids)
    }
  }
}
