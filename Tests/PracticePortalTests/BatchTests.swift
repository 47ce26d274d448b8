import Testing

@testable import PracticePortal

@Suite struct BatchTests {
  static let batch = TestClient.items + "/batch"

  static func inputs(_ count: Int, _ input: (Int) -> String) -> String {
    "{\"inputs\":[" + (0..<count).map(input).joined(separator: ",") + "]}"
  }

  @Test func resultsComeBackInAnotherOrder() async throws {
    try await withPortal { client, _ in
      let created = try await client.post(
        Self.batch + "/create",
        Self.inputs(10) { "{\"properties\":{\"name\":\"n\($0)\"},\"objectWriteTraceId\":\"t\($0)\"}" })
      #expect(created.status == 201)
      #expect(created["status"] == .string("COMPLETE"))
      #expect(created["numErrors"] == .null)
      let results = try #require(created["results"].items)
      let traces = results.compactMap { $0["objectWriteTraceId"]?.text }
      let inOrder = (0..<10).map { "t\($0)" }
      #expect(traces != inOrder && Set(traces) == Set(inOrder))
      for result in results {
        #expect(result["properties", "name"].text?.dropFirst() == result["objectWriteTraceId"]?.text?.dropFirst())
      }
      let ids = results.compactMap { $0["id"]?.text }.sorted()
      let read = try await client.post(Self.batch + "/read", Self.inputs(10) { "{\"id\":\"\(ids[$0])\"}" })
      #expect(read.status == 200)
      let order = (read["results"].items ?? []).compactMap { $0["id"]?.text }
      #expect(order != ids && order.sorted() == ids)
      let again = try await client.post(Self.batch + "/read", Self.inputs(10) { "{\"id\":\"\(ids[$0])\"}" })
      #expect(again["results"] == read["results"])
    }
  }

  @Test func traceIdsTurnPartialResultsOn() async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(
        Self.batch + "/create",
        #"{"inputs":[{"properties":{"name":"ok"},"objectWriteTraceId":"row-1"},{"properties":{"colour":"x"},"objectWriteTraceId":"row-2"},{"properties":{"price":"x"},"objectWriteTraceId":"row-3"}]}"#
      )
      #expect(reply.status == 207)
      #expect(reply["results"].items?.count == 1)
      #expect(reply["numErrors"] == .number("2"))
      #expect(reply["errors", 0, "context", "objectWriteTraceId"] == .array([.string("row-2")]))
      #expect(reply["errors", 0, "status"] == .string("error"))
      #expect(reply["errors", 0, "category"] == .string("VALIDATION_ERROR"))
      #expect(reply["errors", 0, "links"] == .object([:]))
      #expect(reply["errors", 1, "errors", 0, "code"] == .string("INVALID_INTEGER"))
    }
  }

  @Test(arguments: [
    #"{"inputs":[{"properties":{"name":"ok"}},{"properties":{"colour":"x"}}]}"#,
    #"{"inputs":[{"properties":{"name":"ok"},"objectWriteTraceId":"a"},{"properties":{"colour":"x"}}]}"#,
    #"{"inputs":[{"properties":{"name":"ok"},"objectWriteTraceId":"a"},{"properties":{"colour":"x"},"objectWriteTraceId":"a"}]}"#,
  ])
  func withoutUniqueTraceIdsOneBadInputRefusesAll(_ body: String) async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(Self.batch + "/create", body)
      #expect(reply.status == 400)
      #expect(reply["errors", 0, "code"] == .string("PROPERTY_DOESNT_EXIST"))
      #expect(try await client.get(TestClient.items)["results"] == .array([]))
    }
  }

  @Test func identicalLineItemsAreMerged() async throws {
    try await withPortal { client, _ in
      let body =
        #"{"inputs":[{"properties":{"name":"a","price":1},"objectWriteTraceId":"1"},{"properties":{"price":"1","name":"a"},"objectWriteTraceId":"2"},{"properties":{"name":"b"},"objectWriteTraceId":"3"}]}"#
      let reply = try await client.post(Self.batch + "/create", body)
      #expect(reply.status == 201)
      #expect(reply["results"].items?.count == 2)
      let deals = try await client.post(
        "/crm/v3/objects/deals/batch/create",
        #"{"inputs":[{"properties":{"dealname":"a"}},{"properties":{"dealname":"a"}}]}"#)
      #expect(deals["results"].items?.count == 2)
    }
  }

  @Test func updatesWithOneBadInput() async throws {
    try await withPortal { client, _ in
      let (a, b) = (try await client.item(#"{"name":"a"}"#), try await client.item(#"{"name":"b"}"#))
      let bad =
        "{\"inputs\":[{\"id\":\"\(a)\",\"properties\":{\"price\":\"1\"}},{\"id\":\"\(b)\",\"properties\":{\"price\":\"x\"}}]}"
      #expect(try await client.post(Self.batch + "/update", bad).status == 400)
      #expect(try await client.get(TestClient.items + "/\(a)?properties=price")["properties", "price"] == .null)
      let traced =
        "{\"inputs\":[{\"id\":\"\(a)\",\"properties\":{\"price\":\"1\"},\"objectWriteTraceId\":\"x\"},{\"id\":\"999\",\"properties\":{\"price\":\"1\"},\"objectWriteTraceId\":\"y\"}]}"
      let reply = try await client.post(Self.batch + "/update", traced)
      #expect(reply.status == 207)
      #expect(reply["results", 0, "id"] == .string(a))
      #expect(reply["errors", 0, "category"] == .string("OBJECT_NOT_FOUND"))
      #expect(reply["errors", 0, "context", "objectWriteTraceId", 0] == .string("y"))
      #expect(reply["errors", 0, "context", "ids", 0] == .string("999"))
    }
  }

  @Test(arguments: ["update", "upsert", "read", "archive"])
  func theSameIdTwiceRefusesAll(_ operation: String) async throws {
    try await withPortal { client, _ in
      let body = Self.inputs(2) { "{\"id\":\"77\",\"properties\":{\"name\":\"x\"},\"objectWriteTraceId\":\"t\($0)\"}" }
      let reply = try await client.post(Self.batch + "/" + operation, body)
      #expect(reply.status == 400)
      #expect(reply["message"] == .string("Duplicate IDs found in batch input: [77]. IDs must be unique"))
      #expect(reply["context", "ids"] == .array([.string("77")]))
    }
  }

  @Test(arguments: ["create", "update", "upsert", "read", "archive"])
  func moreThanAHundredInputsAreRefused(_ operation: String) async throws {
    try await withPortal { client, _ in
      let body = Self.inputs(101) { "{\"id\":\"\($0)\",\"properties\":{\"name\":\"\($0)\"}}" }
      let reply = try await client.post(Self.batch + "/" + operation, body)
      #expect(reply.status == 400)
      #expect(try await client.get(TestClient.items)["results"] == .array([]))
    }
  }

  @Test func upsertCreatesThenUpdates() async throws {
    try await withPortal { client, _ in
      try await client.uniqueProperty()
      let first = try await client.post(
        Self.batch + "/upsert",
        #"{"inputs":[{"id":"K1","idProperty":"erp_key","properties":{"erp_key":"K1","price":"9.5"}},{"id":"K2","idProperty":"erp_key","properties":{"price":"1"}}]}"#
      )
      #expect(first.status == 200)
      #expect((first["results"].items ?? []).allSatisfy { $0["new"] == .bool(true) })
      let second = try await client.post(
        Self.batch + "/upsert", #"{"inputs":[{"id":"K2","idProperty":"erp_key","properties":{"price":"2"}}]}"#)
      #expect(second["results", 0, "new"] == .bool(false))
      #expect(
        try await client.get(TestClient.items + "/K2?idProperty=erp_key&properties=price,erp_key")[
          "properties", "price"] == .string("2"))
      let wrong = try await client.post(
        Self.batch + "/upsert", #"{"inputs":[{"id":"K2","idProperty":"name","properties":{"price":"2"}}]}"#)
      #expect(wrong.status == 400)
      #expect(wrong["message"] == .string("Unable to perform update/upsert by non-unique 0-8 property name"))
    }
  }

  @Test func readAnswers207ForMissingIdsAndHonoursArchived() async throws {
    try await withPortal { client, _ in
      let (a, b) = (try await client.item(#"{"name":"a"}"#), try await client.item(#"{"name":"b"}"#))
      _ = try await client.delete(TestClient.items + "/\(b)")
      let body =
        "{\"inputs\":[{\"id\":\"\(a)\"},{\"id\":\(b)},{\"id\":\"1\"},{\"id\":\"x\"}],\"properties\":[\"name\"],\"propertiesWithHistory\":[\"name\"]}"
      let reply = try await client.post(Self.batch + "/read", body)
      #expect(reply.status == 207)
      #expect(reply["results"].items?.count == 1)
      #expect(reply["results", 0, "propertiesWithHistory", "name", 0, "value"] == .string("a"))
      #expect(reply["numErrors"] == .number("1"))
      #expect(reply["errors", 0, "context", "ids"] == .array([.string(b), .string("1"), .string("x")]))
      #expect(reply["errors", 0, "message"].text?.hasPrefix("Could not get some LINE_ITEM objects") == true)
      let archived = try await client.post(Self.batch + "/read?archived=true", "{\"inputs\":[{\"id\":\"\(b)\"}]}")
      #expect(archived.status == 200 && archived["results", 0, "archived"] == .bool(true))
    }
  }

  @Test func archiveIsIdempotent() async throws {
    try await withPortal { client, _ in
      let a = try await client.item(#"{"name":"a"}"#)
      for _ in 0..<2 {
        let reply = try await client.post(Self.batch + "/archive", "{\"inputs\":[{\"id\":\"\(a)\"},{\"id\":\"5\"}]}")
        #expect(reply.status == 204 && reply.body.isEmpty)
      }
      #expect(try await client.get(TestClient.items)["results"] == .array([]))
    }
  }

  @Test func everyInputFailingIsStill207() async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(
        Self.batch + "/create", #"{"inputs":[{"properties":{"x":"1"},"objectWriteTraceId":"1"}]}"#)
      #expect(reply.status == 207 && reply["results"] == .array([]))
    }
  }

  @Test func aBadAssociationFailsItsInputAlone() async throws {
    try await withPortal { client, _ in
      func input(_ id: String, _ type: Int, _ trace: String) -> String {
        "{\"properties\":{\"name\":\"\(trace)\"},\"associations\":[{\"to\":{\"id\":\"\(id)\"},\"types\":[{\"associationCategory\":\"HUBSPOT_DEFINED\",\"associationTypeId\":\(type)}]}],\"objectWriteTraceId\":\"\(trace)\"}"
      }
      let deal = try await client.deal()
      let body = "{\"inputs\":[\(input(deal, 20, "good")),\(input("999", 20, "gone")),\(input(deal, 19, "wrong"))]}"
      let reply = try await client.post(Self.batch + "/create", body)
      #expect(reply.status == 207)
      #expect(reply["results"].items?.count == 1)
      let messages = (reply["errors"].items ?? []).compactMap { $0["message"]?.text }
      #expect(
        messages == [
          "One or more associations are invalid",
          "invalid from object type 0-8 for associations to be created. expected: 0-3",
        ])
      #expect(try await client.get(TestClient.items)["results"].items?.count == 1)
    }
  }
}
