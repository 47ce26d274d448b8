import Testing

@testable import HubSpot

@Suite("Operations beside the eleven of records")
struct OperationTests {
  @Test("merging, where the version has it")
  func merging() async throws {
    let transport = FakeTransport(200, #"{"id":"9","properties":{"hs_merged_object_ids":"1;2"}}"#)
    let merged = try await makeClient(transport, version: .september2026).merge(.lineItems, id: "2", into: "1")
    #expect(merged.id == "9")
    #expect(target(transport.requests.first) == "/crm/objects/2026-09/line_items/merge")
    #expect(text(transport.requests.first?.body) == #"{"primaryObjectId":"1","objectIdToMerge":"2"}"#)
    let deals = FakeTransport(200, #"{"id":"9"}"#)
    _ = try await makeClient(deals, version: .v3).merge(.deals, id: "2", into: "1")
    #expect(target(deals.requests.first) == "/crm/v3/objects/0-3/merge")
    for version in [APIVersion.march2026, .v3] {
      let client = try makeClient(FakeTransport([]), version: version)
      let error = await failure { () async throws(HubSpotError) in
        try await client.merge(.lineItems, id: "2", into: "1")
      }
      #expect(
        error
          == .invalidRequest(.notInVersion(operation: .merge, objectType: "line_items", version: version.name)))
    }
    let client = try makeClient(FakeTransport([]), version: .september2026)
    let same = await failure { () async throws(HubSpotError) in try await client.merge(.deals, id: "1", into: "1") }
    #expect(same == .invalidRequest(.sameRecord("1")))
  }

  @Test("setting and undoing associations, in both generations")
  func associations() async throws {
    let transport = FakeTransport([
      .reply(201, "{}"), .reply(204), .reply(404), .reply(204), .reply(200, #"{"status":"COMPLETE","results":[]}"#),
    ])
    let client = try makeClient(transport, version: .v3)
    try await client.setAssociation(.lineItems, id: "1", with: .deals, otherID: "2", types: [.lineItemToDeal])
    try await client.dissociate(.lineItems, id: "1", from: .deals, otherID: "2")
    try await client.dissociate(.lineItems, id: "1", from: .deals, otherID: "3")
    let pair = AssociationInput(fromID: "1", toID: "2", types: [.lineItemToDeal])
    #expect(try await client.batchDissociate(from: .lineItems, to: .deals, [pair]) == [.dissociated])
    let dated = try makeClient(transport, version: .march2026)
    #expect(try await dated.batchRemoveLabels(from: .lineItems, to: .deals, [pair]) == [.dissociated])
    #expect(
      transport.requests.map { $0.method.rawValue + " " + target($0) } == [
        "PUT /crm/v4/objects/line_items/1/associations/deals/2",
        "DELETE /crm/v4/objects/line_items/1/associations/deals/2",
        "DELETE /crm/v4/objects/line_items/1/associations/deals/3",
        "POST /crm/v4/associations/line_items/deals/batch/archive",
        "POST /crm/associations/2026-03/line_items/deals/batch/labels/archive",
      ])
    let kinds = #"[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":20}]"#
    #expect(text(transport.requests[0].body) == kinds)
    #expect(text(transport.requests[3].body) == #"{"inputs":[{"from":{"id":"1"},"to":[{"id":"2"}]}]}"#)
    #expect(
      text(transport.requests[4].body) == #"{"inputs":[{"from":{"id":"1"},"to":{"id":"2"},"types":"# + kinds + "}]}")
  }

  @Test("errors of an undoing batch fail the pairs that they name, or all when they name none")
  func undoingErrors() async throws {
    let named =
      #"{"results":[],"errors":[{"category":"OBJECT_NOT_FOUND","message":"no","context":{"fromObjectId":["3"]}}]}"#
    let unnamed = #"{"results":[],"errors":[{"category":"SOMETHING","message":"no"}]}"#
    let client = try makeClient(FakeTransport([.reply(207, named), .reply(207, unnamed), .reply(200, "<html>")]))
    let pairs = ["1", "3"].map { AssociationInput(fromID: $0, toID: "2", types: []) }
    let first = try await client.batchDissociate(from: .lineItems, to: .deals, pairs)
    #expect(first[0] == .dissociated)
    guard case .failed(let failure) = first[1] else {
      Issue.record("\(first)")
      return
    }
    #expect(failure.isAttributed)
    for outcome in try await client.batchDissociate(from: .lineItems, to: .deals, pairs) {
      guard case .failed(let failure) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(!failure.isAttributed)
    }
    let error = await HubSpotTests.failure { () async throws(HubSpotError) in
      try await client.batchDissociate(from: .lineItems, to: .deals, pairs)
    }
    #expect(error?.mayHaveBeenDone == true)
  }

  @Test("association types by name")
  func types() async throws {
    let labels =
      #"{"results":[{"category":"HUBSPOT_DEFINED","typeId":20,"label":null},"#
      + #"{"category":"USER_DEFINED","typeId":7,"label":"Setup fee"},{"category":"USER_DEFINED","typeId":8,"label":"x"},"#
      + #"{"category":"WORK","typeId":9,"label":"x"}]}"#
    let transport = FakeTransport(Array(repeating: .reply(200, labels), count: 3))
    let client = try makeClient(transport)
    #expect(try await client.associationType(from: .lineItems, to: .deals) == .success(.lineItemToDeal))
    #expect(try await client.associationType(from: .deals, to: .lineItems) == .success(.dealToLineItem))
    #expect(transport.requests.isEmpty)
    #expect(
      try await client.associationType(from: .lineItems, to: .deals, label: "setup FEE")
        == .success(AssociationKind(category: "USER_DEFINED", typeID: 7)))
    #expect(
      try await client.associationType(from: .lineItems, to: .deals, label: "y")
        == .failure(.unknownLabel("y", known: ["Setup fee", "x", "x"])))
    #expect(
      try await client.associationType(from: .lineItems, to: .deals, label: "x") == .failure(.ambiguousLabel("x")))
    #expect(target(transport.requests.first) == "/crm/associations/2026-03/line_items/deals/labels")
  }

  @Test("pipelines, owners, groups and usage", arguments: [APIVersion.september2026, .v3])
  func lists(_ version: APIVersion) async throws {
    let transport = FakeTransport([
      .reply(
        200,
        #"{"results":[{"id":"default","label":"Sales","displayOrder":0,"archived":false,"stages":[{"id":"closedwon","#
          + #""label":"Won","displayOrder":5,"metadata":{"probability":"1.0","isClosed":"true"}}]}]}"#),
      .reply(
        200,
        #"{"results":[{"id":"12","email":"a@b.example","userId":null,"archived":true,"createdAt":"x"}],"#
          + #""paging":{"next":{"after":"13"}}}"#), .reply(200, #"{"id":"12","userId":44}"#),
      .reply(200, #"{"results":[{"name":"lineiteminformation","label":"Line item","archived":false}]}"#),
      .reply(200, #"{"results":[{"name":"n","usageLimit":250000,"currentUsage":17,"fetchStatus":"SUCCESS"}]}"#),
    ])
    let client = try makeClient(transport, version: version)
    let pipeline = try #require(await client.pipelines(of: .deals).first)
    #expect(pipeline.stages.first?.metadata == ["probability": "1.0", "isClosed": "true"])
    let owners = try await client.ownerPage(email: "a@b.example", after: "5")
    #expect(owners.nextAfter == "13")
    #expect(owners.results.first?.userID == nil)
    #expect(try await client.owner("44", by: .user).userID == "44")
    #expect(try await client.propertyGroups(of: .lineItems).map(\.name) == ["lineiteminformation"])
    #expect(try await client.dailyUsage().first?.used == 17)
    func path(_ area: String) -> String { version == .v3 ? "/crm/v3/\(area)" : "/crm/\(area)/2026-09" }
    #expect(
      transport.requests.map { target($0) } == [
        path("pipelines") + "/deals", path("owners") + "?limit=100&email=a%40b.example&after=5",
        path("owners") + "/44?idProperty=userId", path("properties") + "/line_items/groups",
        "/account-info/\(version.name)/api-usage/daily/private-apps",
      ])
  }

  @Test("what a private app's token is good for, which no observer is shown")
  func tokenStanding() async throws {
    let transport = FakeTransport(200, #"{"userId":1,"hubId":62515,"appId":5,"scopes":["e-commerce"]}"#)
    let watcher = Watcher()
    var configuration = ClientConfiguration(
      baseURL: try BaseURL("http://127.0.0.1:9"), token: try BearerToken("pat-na1-test"), transport: transport,
      clock: ManualClock())
    configuration.observers = [watcher]
    let standing = try await HubSpotClient(configuration).tokenStanding()
    #expect(standing.portalID == "62515")
    #expect(standing.scopes == ["e-commerce"])
    #expect(text(transport.requests.first?.body) == #"{"tokenKey":"pat-na1-test"}"#)
    #expect(watcher.exchanges.count == 1)
    #expect(watcher.exchanges.allSatisfy { $0.requestBody == nil })
  }

  @Test("pages of a list end with the last cursor, and a cursor that comes again is a loop")
  func listPages() async throws {
    func page(_ id: Int, _ after: String?) -> FakeTransport.Answer {
      .reply(
        200,
        #"{"results":[{"id":"\#(id)"}]"# + (after.map { #","paging":{"next":{"after":"\#($0)"}}"# } ?? "") + "}")
    }
    let client = try makeClient(FakeTransport([page(1, "a"), page(2, "b"), page(3, nil)]))
    var ids: [String] = []
    for try await records in client.pages(ListRequest(type: .deals, properties: [])) { ids += records.map(\.id) }
    #expect(ids == ["1", "2", "3"])
    let looping = try makeClient(FakeTransport([page(1, "a"), page(2, "b"), page(3, "a")]))
    let error = await failure { () async throws(HubSpotError) in
      for try await _ in looping.pages(ListRequest(type: .deals, properties: [])) {}
    }
    #expect(error == .serverLoop(objectType: "deals", at: "a"))
  }

  @Test("pages of a search go by the id")
  func searchPages() async throws {
    func page(_ ids: [Int], total: Int, _ after: Int?) -> FakeTransport.Answer {
      let records = ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
      let paging = after.map { #","paging":{"next":{"after":"\#($0)"}}"# } ?? ""
      return .reply(200, #"{"total":\#(total),"results":[\#(records)]\#(paging)}"#)
    }
    let transport = FakeTransport([page([3, 20], total: 4, 2), page([100, 101], total: 2, nil)])
    var ids: [String] = []
    for try await records in try makeClient(transport).pages(SearchRequest(type: .deals, properties: [])) {
      ids += records.map(\.id)
    }
    #expect(ids == ["3", "20", "100", "101"])
    #expect(text(transport.requests[1].body).contains(#"{"propertyName":"hs_object_id","operator":"GT","value":"20"}"#))
    let unsorted = try makeClient(FakeTransport([page([20, 3], total: 4, 2)]))
    let error = await failure { () async throws(HubSpotError) in
      for try await _ in unsorted.pages(SearchRequest(type: .deals, properties: [])) {}
    }
    #expect(error == .serverLoop(objectType: "deals", at: "3"))
  }

  @Test("ids in the order of their numbers")
  func order() {
    let sorted = ["9", "10", "007", "a", "B", "123456789012345678901234567890"].sorted(by: RecordOrder.isLess)
    #expect(sorted == ["007", "9", "10", "123456789012345678901234567890", "B", "a"])
  }
}
