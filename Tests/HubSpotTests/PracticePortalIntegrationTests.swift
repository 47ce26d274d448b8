import HubSpot
import PracticePortal
import Testing

/// Every operation of the client against the practice portal, which was written without sight of the client, in every
/// version of the API.
@Suite("Client and practice portal", .timeLimit(.minutes(2)))
struct PracticePortalIntegrationTests {
  private func withClient(
    _ version: APIVersion, _ configuration: PortalConfiguration = PortalConfiguration(),
    token: String = "pat-na1-test", retry: RetryPolicy = .never,
    _ body: (HubSpotClient, PracticePortalServer) async throws -> Void
  ) async throws {
    let server = try await PracticePortalServer.start(configuration)
    let transport = CurlTransport()
    let client = HubSpotClient(
      ClientConfiguration(
        baseURL: try BaseURL(server.url), token: try BearerToken(token), version: version, transport: transport,
        retry: retry, clock: ManualClock(), random: { 0.5 }))
    do { try await body(client, server) } catch {
      await transport.close()
      try await server.stop()
      throw error
    }
    await transport.close()
    try await server.stop()
  }

  private func item(_ client: HubSpotClient, _ name: String = "Seat", price: String = "10.00") async throws -> String {
    try await client.create(.lineItems, ObjectInput(values: ["name": name, "price": price])).id
  }

  private func deal(_ client: HubSpotClient) async throws -> String {
    try await client.create(.deals, ObjectInput(values: ["dealname": "Renewal"])).id
  }

  // MARK: Single records

  @Test("create, get, update, archive", arguments: APIVersion.all)
  func single(_ version: APIVersion) async throws {
    try await withClient(version) { client, _ in
      let made = try await client.create(
        .lineItems, ObjectInput(values: ["name": "Seat \"9\" ü 🙂", "price": "1.10", "quantity": "2"]))
      #expect(made.text("price") == "1.10")
      #expect(made.createdAt != nil && made.updatedAt != nil)
      let read = try await client.get(
        GetRequest(type: .lineItems, id: made.id, properties: ["name", "amount", "hs_sku"], history: ["price"]))
      #expect(read.text("name") == "Seat \"9\" ü 🙂")
      #expect(read.properties["hs_sku"] == .some(nil))
      #expect(read.history["price"]?.map(\.value) == ["1.10"])
      let changed = try await client.update(
        .lineItems, ObjectInput(id: made.id, values: ["price": "2.50", "quantity": ""]))
      #expect(changed.id == made.id)
      let again = try await client.get(GetRequest(type: .lineItems, id: made.id, properties: ["price", "quantity"]))
      #expect(again.text("price") == "2.50" && again.text("quantity") == "")
      #expect(try await client.archive(.lineItems, id: made.id) == .archived)
      _ = try await client.archive(.lineItems, id: made.id)
      let gone = await failure { () async throws(HubSpotError) in
        try await client.get(GetRequest(type: .lineItems, id: made.id, properties: []))
      }
      guard case .api(let missing)? = gone else { throw Unexpected(what: "\(String(describing: gone))") }
      #expect(missing.isNotFound && missing.correlationID != nil)
      let bin = try await client.get(
        GetRequest(type: .lineItems, id: made.id, properties: ["name"], archived: true))
      #expect(bin.archived && bin.archivedAt != nil)
    }
  }

  @Test("a record made on a deal knows it", arguments: APIVersion.all)
  func createAssociated(_ version: APIVersion) async throws {
    try await withClient(version) { client, _ in
      let deal = try await deal(client)
      let made = try await client.create(
        .lineItems,
        ObjectInput(
          values: ["name": "Seat"], associations: [ObjectAssociation(toID: deal, types: [.lineItemToDeal])]))
      let read = try await client.get(
        GetRequest(type: .lineItems, id: made.id, properties: [], associations: [.deals]))
      #expect(read.associated(.deals)?.entries.map(\.id) == [deal])
      let back = try await client.get(GetRequest(type: .deals, id: deal, properties: [], associations: [.lineItems]))
      #expect(back.associated(.lineItems)?.entries.map(\.id) == [made.id])
      let filter = try Filter.associated(with: .deals, id: deal)
      let found = try await client.searchPage(
        SearchRequest(type: .lineItems, filterGroups: [FilterGroup([filter])], properties: []))
      #expect(found.results.map(\.id) == [made.id])
    }
  }

  @Test("values that are refused", arguments: APIVersion.all)
  func refusals(_ version: APIVersion) async throws {
    try await withClient(version) { client, _ in
      for (name, value, code) in [
        ("colour", "red", "PROPERTY_DOESNT_EXIST"), ("recurringbillingfrequency", "sometimes", "INVALID_OPTION"),
        ("hs_mrr", "5", "READ_ONLY_VALUE"),
      ] {
        let error = await failure { () async throws(HubSpotError) in
          try await client.create(.lineItems, ObjectInput(properties: [PropertyAssignment(name, value)]))
        }
        guard case .api(let refusal)? = error else {
          Issue.record("\(name): \(String(describing: error))")
          continue
        }
        #expect(refusal.status == 400 && refusal.category == "VALIDATION_ERROR")
        #expect(refusal.errors.map(\.code) == [code])
        #expect(refusal.errors.first?.propertyName == name)
      }
    }
  }

  // MARK: Lists and searches

  @Test("a list in pages", arguments: APIVersion.all)
  func list(_ version: APIVersion) async throws {
    try await withClient(version, PortalConfiguration(seed: .lineItems(230))) { client, _ in
      var ids: [String] = []
      var after: String?
      var pages = 0
      repeat {
        let page = try await client.listPage(ListRequest(type: .lineItems, properties: ["name"], after: after))
        ids += page.results.map(\.id)
        after = page.nextAfter
        pages += 1
      } while after != nil
      #expect(ids.count == 230 && Set(ids).count == 230 && pages == 3)
      let archived = try await client.listPage(ListRequest(type: .lineItems, properties: [], archived: true))
      #expect(archived.results.isEmpty && archived.nextAfter == nil)
    }
  }

  @Test("every operator of a search", arguments: APIVersion.all)
  func search(_ version: APIVersion) async throws {
    try await withClient(version) { client, _ in
      let low = try await item(client, "Blue Chair", price: "5")
      let high = try await item(client, "red chair", price: "50")
      let none = try await client.create(.lineItems, ObjectInput(values: ["name": "Table"])).id
      let cases: [(Filter, [String])] = [
        (Filter("price", .equal("5.0")), [low]), (Filter("price", .notEqual("5")), [high]),
        (Filter("price", .lessThan("50")), [low]), (Filter("price", .lessOrEqual("50")), [low, high]),
        (Filter("price", .greaterThan("5")), [high]), (Filter("price", .greaterOrEqual("5")), [low, high]),
        (Filter("price", .between(low: "5", high: "50")), [low, high]),
        (Filter("name", .oneOf(["red chair", "table"])), [high, none]),
        (Filter("name", .noneOf(["table"])), [low, high]), (Filter("price", .hasValue), [low, high]),
        (Filter("price", .hasNoValue), [none]), (Filter("name", .containsToken("chair")), [low, high]),
        (Filter("name", .containsToken("tab*")), [none]), (Filter("name", .containsNoToken("chair")), [none]),
        (Filter("name", .equal("RED CHAIR")), [high]), (Filter("hs_object_id", .greaterThan(low)), [high, none]),
      ]
      for (filter, wanted) in cases {
        let page = try await client.searchPage(
          SearchRequest(
            type: .lineItems, filterGroups: [FilterGroup([filter])], sort: .byID, properties: ["name"]))
        #expect(page.results.map(\.id) == wanted, "\(filter)")
        #expect(page.total == wanted.count)
      }
      let groups = [Filter("price", .equal("5")), Filter("price", .hasNoValue)].map { FilterGroup([$0]) }
      let first = try await client.searchPage(
        SearchRequest(
          type: .lineItems, filterGroups: groups, sort: SearchSort("name", .descending), properties: [], limit: 1))
      #expect(first.results.map(\.id) == [none] && first.total == 2)
      let second = try await client.searchPage(
        SearchRequest(
          type: .lineItems, filterGroups: groups, sort: SearchSort("name", .descending), properties: [], limit: 1,
          after: first.nextAfter))
      #expect(second.results.map(\.id) == [low] && second.nextAfter == nil)
      let words = try await client.searchPage(SearchRequest(type: .lineItems, properties: [], query: "chair"))
      #expect(words.results.count == 2)
    }
  }

  // MARK: Batches

  @Test("batches of records: results out of order, one bad input", arguments: APIVersion.all)
  func batches(_ version: APIVersion) async throws {
    try await withClient(version) { client, _ in
      let inputs = (0..<100).map { number in
        ObjectInput(
          values: ["name": "Item \(number)", "price": number == 50 ? "dear" : "\(number).50"], traceID: "t-\(number)")
      }
      let made = try await client.batchCreate(.lineItems, inputs)
      #expect(made.succeeded.count == 99 && made.failures.count == 1 && made.unaccountedCount == 0)
      guard case .failed(let reason) = made.outcomes[50] else {
        Issue.record("input 50 is \(made.outcomes[50])")
        return
      }
      #expect(reason.category == "VALIDATION_ERROR" && reason.message.contains("dear"))
      for (number, outcome) in made.outcomes.enumerated() {
        if case .succeeded(let object) = outcome { #expect(object.text("name") == "Item \(number)") }
      }
      let ids = made.succeeded.map(\.id)
      let read = try await client.batchRead(
        BatchReadRequest(type: .lineItems, ids: ids.dropLast() + ["99999999999"], properties: ["price"]))
      #expect(read.succeeded.map(\.id) == Array(ids.dropLast()))
      guard case .failed(let missing)? = read.outcomes.last else {
        Issue.record("the missing one is \(String(describing: read.outcomes.last))")
        return
      }
      #expect(missing.isNotFound)
      let changed = try await client.batchUpdate(
        .lineItems,
        ids.prefix(3).enumerated().map { index, id in
          ObjectInput(id: id, values: ["price": index == 1 ? "x" : "7"], traceID: "u-\(index)")
        })
      #expect(changed.succeeded.map(\.id) == [ids[0], ids[2]] && changed.failures.count == 1)
      let archived = try await client.batchArchive(.lineItems, ids: Array(ids.prefix(10)))
      #expect(archived.succeeded.count == 10)
      let after = try await client.batchRead(
        BatchReadRequest(type: .lineItems, ids: Array(ids.prefix(12)), properties: []))
      #expect(after.succeeded.count == 2 && after.failures.allSatisfy(\.isNotFound))
      let bin = try await client.batchRead(
        BatchReadRequest(type: .lineItems, ids: Array(ids.prefix(12)), properties: [], archived: true))
      #expect(bin.succeeded.count == 10)
    }
  }

  @Test("without trace ids one bad input refuses all", arguments: APIVersion.all)
  func untraced(_ version: APIVersion) async throws {
    try await withClient(version) { client, _ in
      let error = await failure { () async throws(HubSpotError) in
        try await client.batchCreate(
          .lineItems, [ObjectInput(values: ["name": "a"]), ObjectInput(values: ["price": "dear"])])
      }
      guard case .api(let refusal)? = error else { throw Unexpected(what: "\(String(describing: error))") }
      #expect(refusal.status == 400)
      #expect(try await client.listPage(ListRequest(type: .lineItems, properties: [])).results.isEmpty)
    }
  }

  @Test("identical creates are merged, and that is noticed", arguments: APIVersion.all)
  func merged(_ version: APIVersion) async throws {
    try await withClient(version) { client, _ in
      let result = try await client.batchCreate(
        .lineItems, (0..<3).map { ObjectInput(values: ["name": "same"], traceID: "t-\($0)") })
      #expect(result.succeeded.count == 1 && result.unaccountedCount == 2)
    }
  }

  @Test("upsert by a unique property", arguments: APIVersion.all)
  func upsert(_ version: APIVersion) async throws {
    try await withClient(version) { client, _ in
      let made = try await client.createProperty(
        PropertyInput(name: "erp_key", label: "Key", groupName: "lineiteminformation", hasUniqueValue: true),
        of: .lineItems)
      #expect(made.hasUniqueValue)
      func upsert(_ keys: [String], price: String) async throws -> BatchResult {
        try await client.batchUpsert(
          .lineItems,
          keys.enumerated().map { index, key in
            ObjectInput(id: key, idProperty: "erp_key", values: ["price": price], traceID: "k-\(index)")
          })
      }
      let first = try await upsert(["A", "B"], price: "1")
      #expect(first.succeeded.map(\.isNew) == [true, true])
      let second = try await upsert(["B", "C"], price: "2")
      #expect(second.succeeded.map(\.isNew) == [false, true])
      #expect(second.succeeded.first?.id == first.succeeded.last?.id)
      let read = try await client.batchRead(
        BatchReadRequest(type: .lineItems, ids: ["A", "B", "Z"], idProperty: "erp_key", properties: ["price"]))
      #expect(read.succeeded.map { $0.text("price") } == ["1", "2"])
      let byKey = try await client.update(
        .lineItems, ObjectInput(id: "C", idProperty: "erp_key", values: ["price": "3"]))
      #expect(byKey.id == second.succeeded.last?.id)
    }
  }

  // MARK: Associations

  @Test("associations of every kind", arguments: APIVersion.all)
  func associations(_ version: APIVersion) async throws {
    try await withClient(version) { client, _ in
      let deal = try await deal(client)
      let other = try await self.deal(client)
      var items: [String] = []
      for number in 0..<5 { items.append(try await item(client, "Seat \(number)")) }
      let labels = try await client.associationLabels(from: .lineItems, to: .deals)
      #expect(labels.contains { $0.category == "HUBSPOT_DEFINED" && $0.typeID == 20 && $0.label == nil })
      #expect(try await client.associate(.lineItems, id: items[0], with: .deals, otherID: deal) == .associated)
      #expect(try await client.associate(.lineItems, id: items[0], with: .deals, otherID: deal) == .associated)
      let typed = try await client.batchAssociate(
        from: .lineItems, to: .deals,
        [1, 2].map { AssociationInput(fromID: items[$0], toID: deal, types: [.lineItemToDeal]) })
      #expect(typed == [.associated, .associated])
      let plain = try await client.batchAssociateDefault(
        from: .lineItems, to: .deals, [AssociationInput(fromID: items[3], toID: other, types: [])])
      #expect(plain == [.associated])
      let page = try await client.associations(of: .deals, id: deal, to: .lineItems, limit: 2)
      #expect(page.results.count == 2 && page.nextAfter != nil)
      let rest = try await client.associations(of: .deals, id: deal, to: .lineItems, after: page.nextAfter)
      #expect(Set((page.results + rest.results).map(\.id)) == Set(items.prefix(3)))
      let read = try await client.batchReadAssociations(from: .lineItems, ids: [items[3], items[0]], to: .deals)
      #expect(
        read.map { outcome -> [String] in
          if case .found(let records, _) = outcome { records.map(\.id) } else { [] }
        } == [[other], [deal]])
    }
  }

  // MARK: Account, properties, access

  @Test("properties and account", arguments: APIVersion.all)
  func definitions(_ version: APIVersion) async throws {
    try await withClient(version) { client, _ in
      let all = try await client.properties(of: .lineItems)
      let price = try #require(all.first { $0.name == "price" })
      #expect(price.type == "number" && price.showCurrencySymbol && price.isWritable)
      #expect(all.first { $0.name == "amount" }?.isWritable == false)
      let frequency = try await client.property("recurringbillingfrequency", of: .lineItems)
      #expect(frequency.options.contains { $0.value == "monthly" })
      let missing = await failure { () async throws(HubSpotError) in
        try await client.property("nothing_like_it", of: .lineItems)
      }
      guard case .api(let failure)? = missing else { throw Unexpected(what: "\(String(describing: missing))") }
      #expect(failure.isNotFound)
      let input = PropertyInput(
        name: "colour", label: "Colour", groupName: "lineiteminformation", type: "enumeration", fieldType: "select",
        options: [PropertyAssignment("Red", "red")])
      #expect(try await client.createProperty(input, of: .lineItems).options.map(\.value) == ["red"])
      let twice = await self.failed { () async throws(HubSpotError) in
        try await client.createProperty(input, of: .lineItems)
      }
      #expect(twice?.status == 409)
      let account = try await client.account()
      #expect(!account.portalID.isEmpty && account.timeZone != nil)
    }
  }

  private func failed<Output>(_ operation: () async throws(HubSpotError) -> Output) async -> APIFailure? {
    if case .api(let failure)? = await failure(operation) { failure } else { nil }
  }

  @Test("a wrong token", arguments: APIVersion.all)
  func wrongToken(_ version: APIVersion) async throws {
    try await withClient(version, PortalConfiguration(token: "another")) { client, _ in
      let refused = await failed { () async throws(HubSpotError) in try await client.account() }
      #expect(refused?.isAuth == true)
      #expect(refused?.description.contains("pat-na1-test") == false)
    }
  }

  @Test("rate limits are learnt and waited for", arguments: APIVersion.all)
  func limits(_ version: APIVersion) async throws {
    let limit = RateLimit(requests: 5, intervalMilliseconds: 150, searchesPerSecond: 1_000)
    try await withClient(version, PortalConfiguration(rateLimit: limit), retry: RetryPolicy(maximumAttempts: 2_000)) {
      client, server in
      for _ in 0..<8 { _ = try await client.account() }
      let log = try await server.requestLog()
      #expect(log.count { $0.status == 200 } == 8)
    }
  }

  @Test("the paths of each version are the ones the portal knows", arguments: APIVersion.all)
  func paths(_ version: APIVersion) async throws {
    try await withClient(version) { client, server in
      _ = try await client.listPage(ListRequest(type: .quotes, properties: []))
      _ = try await client.properties(of: .products)
      let paths = try await server.requestLog().map(\.path)
      #expect(paths.count == 2 && paths.allSatisfy { $0.contains(version.name) })
    }
  }
}

private struct Unexpected: Error { var what: String }
