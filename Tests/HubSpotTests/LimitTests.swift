import Testing

@testable import HubSpot

@Suite("Limits checked before sending")
struct LimitTests {
  /// Runs an operation that must be refused, and checks that nothing was sent.
  private func refused(
    _ problem: InvalidRequest, _ operation: (HubSpotClient) async throws(HubSpotError) -> Void
  ) async throws {
    let transport = FakeTransport([])
    let client = try makeClient(transport)
    let error = await failure { () async throws(HubSpotError) in try await operation(client) }
    #expect(error == .invalidRequest(problem))
    #expect(transport.requests.isEmpty)
  }

  private static func group(_ count: Int) -> FilterGroup {
    FilterGroup((0..<count).map { Filter("p\($0)", .equal("x")) })
  }

  private static func search(
    _ groups: [FilterGroup] = [], limit: Int = 200, after: String? = nil, query: String? = nil
  ) -> SearchRequest {
    SearchRequest(
      type: .lineItems, filterGroups: groups, properties: ["name"], limit: limit, after: after, query: query)
  }

  @Test(
    "search limits",
    arguments: [
      (search(Array(repeating: group(1), count: 5)), nil),
      (search(Array(repeating: group(1), count: 6)), .tooManyFilterGroups(count: 6, limit: 5)),
      (search([group(6), group(6), group(6)]), nil),
      (search([group(7)]), .tooManyFiltersInGroup(count: 7, limit: 6)),
      (search([group(6), group(6), group(6), group(1)]), .tooManyFilters(count: 19, limit: 18)),
      (search([FilterGroup([])]), .emptyFilterGroup),
      (search([FilterGroup([Filter("a", .oneOf([]))])]), .emptyValueList(property: "a")),
      (search([FilterGroup([Filter("a", .noneOf([]))])]), .emptyValueList(property: "a")),
      (search(limit: 0), .invalidPageSize(0, limit: 200)), (search(limit: 201), .invalidPageSize(201, limit: 200)),
      (search(after: "9800"), nil),
      (search(after: "9801"), .searchWindowExceeded(after: 9801, pageSize: 200, limit: 10_000)),
      (search(limit: 1, after: "9999"), nil),
      (search(limit: 1, after: "10000"), .searchWindowExceeded(after: 10_000, pageSize: 1, limit: 10_000)),
      (
        search(after: "9223372036854775807"),
        .searchWindowExceeded(after: Int.max, pageSize: 200, limit: 10_000)
      ),
      (search(query: String(repeating: "x", count: 3_001)), .queryTextTooLong(count: 3_001, limit: 3_000)),
    ] as [(SearchRequest, InvalidRequest?)])
  func searchLimits(_ request: SearchRequest, _ problem: InvalidRequest?) {
    #expect(request.problem() == problem)
  }

  @Test("the body of a search has 3,000 bytes at most")
  func searchBody() async throws {
    let frame = Self.search([FilterGroup([Filter("a", .equal(""))])]).body.count
    let fitting = Self.search([FilterGroup([Filter("a", .equal(String(repeating: "x", count: 3_000 - frame)))])])
    #expect(fitting.body.count == 3_000)
    #expect(fitting.problem() == nil)
    let long = Self.search([FilterGroup([Filter("a", .equal(String(repeating: "x", count: 3_001 - frame)))])])
    try await refused(.searchBodyTooLong(bytes: 3_001, limit: 3_000)) { client throws(HubSpotError) in
      _ = try await client.searchPage(long)
    }
  }

  @Test("no association filter on custom objects")
  func associationFilter() throws {
    let car = try ObjectType("p1_car")
    #expect(throws: HubSpotError.invalidRequest(.noAssociationFilter(objectType: "p1_car"))) {
      try Filter.associated(with: car, id: "1")
    }
  }

  @Test("list pages have 1 to 100 records", arguments: [0, 101, -1])
  func listPage(_ size: Int) async throws {
    try await refused(.invalidPageSize(size, limit: 100)) { client throws(HubSpotError) in
      _ = try await client.listPage(ListRequest(type: .deals, properties: [], limit: size))
    }
  }

  @Test("association pages have 1 to 500 records")
  func associationPage() async throws {
    try await refused(.invalidPageSize(501, limit: 500)) { client throws(HubSpotError) in
      _ = try await client.associations(of: .deals, id: "1", to: .lineItems, limit: 501)
    }
  }

  @Test("an address that is too long")
  func address() async throws {
    let names = (0..<700).map { "property_\($0)" }
    let transport = FakeTransport([])
    let client = try makeClient(transport)
    let error = await failure { () async throws(HubSpotError) in
      try await client.listPage(ListRequest(type: .deals, properties: names))
    }
    guard case .invalidRequest(.addressTooLong(_, limit: 7_000)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(transport.requests.isEmpty)
  }

  @Test("a hundred inputs in every batch")
  func batchCounts() async throws {
    let ids = (0...100).map(String.init)
    let inputs = ids.map { ObjectInput(id: $0, idProperty: "erp_key", values: ["a": $0]) }
    let fresh = ids.map { ObjectInput(values: ["a": $0]) }
    let problem = InvalidRequest.tooManyInputs(count: 101, limit: 100)
    try await refused(problem) { client throws(HubSpotError) in
      _ = try await client.batchRead(BatchReadRequest(type: .deals, ids: ids, properties: []))
    }
    try await refused(problem) { client throws(HubSpotError) in _ = try await client.batchCreate(.deals, fresh) }
    try await refused(problem) { client throws(HubSpotError) in _ = try await client.batchUpdate(.deals, inputs) }
    try await refused(problem) { client throws(HubSpotError) in _ = try await client.batchUpsert(.deals, inputs) }
    try await refused(problem) { client throws(HubSpotError) in _ = try await client.batchArchive(.deals, ids: ids) }
    try await refused(.noInputs) { client throws(HubSpotError) in _ = try await client.batchCreate(.deals, []) }
  }

  @Test("association batches have limits of their own")
  func associationBatches() async throws {
    try await refused(.tooManyInputs(count: 1_001, limit: 1_000)) { client throws(HubSpotError) in
      _ = try await client.batchReadAssociations(from: .deals, ids: (0...1_000).map(String.init), to: .lineItems)
    }
    let links = (0...2_000).map { AssociationInput(fromID: "\($0)", toID: "1", types: []) }
    try await refused(.tooManyInputs(count: 2_001, limit: 2_000)) { client throws(HubSpotError) in
      _ = try await client.batchAssociateDefault(from: .deals, to: .lineItems, links)
    }
  }

  @Test(
    "inputs that cannot be right",
    arguments: [
      (PathBuilder.BatchVerb.update, ObjectInput(values: ["a": "1"]), .missingID(input: 1)),
      (.update, ObjectInput(id: "", values: ["a": "1"]), .missingID(input: 1)),
      (.upsert, ObjectInput(id: "9", values: ["a": "1"]), .missingIDProperty(input: 1)),
      (.create, ObjectInput(id: "9", values: ["a": "1"]), .idNotAccepted(input: 1)),
      (.update, ObjectInput(id: "1", idProperty: "k", values: ["a": "1"]), .repeatedID("1")),
      (.update, ObjectInput(id: "2", values: ["a": "1"], traceID: "t"), .repeatedTraceID("t")),
      (
        .update,
        ObjectInput(
          id: "2", values: ["a": "1"], associations: [ObjectAssociation(toID: "1", types: [.lineItemToDeal])]),
        .associationsNotAccepted(input: 1)
      ),
      (.update, ObjectInput(id: "2", values: ["a": "1", "a": "2"]), .repeatedProperty("a")),
      (.update, ObjectInput(id: "2", values: ["": "1"]), .emptyPropertyName),
      (.update, ObjectInput(id: "2", values: ["amount": "1"]), .computedProperty("amount")),
      (
        .update, ObjectInput(id: "2", values: ["discount": "1", "hs_discount_percentage": "2"]),
        .conflictingProperties("discount", "hs_discount_percentage")
      ),
      (.update, ObjectInput(id: "2", values: ["discount": "", "hs_discount_percentage": "2"]), nil),
    ] as [(PathBuilder.BatchVerb, ObjectInput, InvalidRequest?)])
  func inputs(_ verb: PathBuilder.BatchVerb, _ input: ObjectInput, _ problem: InvalidRequest?) {
    let first =
      switch verb {
      case .create: ObjectInput(values: ["b": "1"], traceID: "t")
      default: ObjectInput(id: "1", idProperty: "k", values: ["b": "1"], traceID: "t")
      }
    var found: InvalidRequest?
    do throws(HubSpotError) { try BatchRules.check([first, input], .lineItems, verb) } catch {
      if case .invalidRequest(let reason) = error { found = reason }
    }
    #expect(found == problem)
  }

  @Test("the net price of a deal may be written")
  func dealAmount() throws {
    try WriteRules.check(ObjectInput(id: "1", values: ["amount": "5"]), .deals)
  }
}
