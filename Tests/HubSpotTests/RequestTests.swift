import Testing

@testable import HubSpot

/// The requests as they leave, compared with the shapes of HubSpot's documentation byte by byte.
@Suite("Requests")
struct RequestTests {
  static let page = #"{"results":[]}"#
  static let record = #"{"id":"1"}"#

  private func sent(
    _ reply: String, status: Int = 200, version: APIVersion = .march2026,
    _ operation: (HubSpotClient) async throws -> Void
  ) async throws -> (line: String, body: String) {
    let transport = FakeTransport(status, reply)
    try await operation(try makeClient(transport, version: version))
    let request = try #require(transport.requests.first)
    return (request.method.rawValue + " " + target(request), text(request.body))
  }

  @Test("list names its properties, comma separated")
  func list() async throws {
    let (line, body) = try await sent(Self.page) { client in
      _ = try await client.listPage(
        ListRequest(
          type: .lineItems, properties: ["name", "price"], limit: 50, after: "a/b=", archived: true,
          associations: [.deals, .quotes], history: ["price"]))
    }
    #expect(
      line == "GET /crm/objects/2026-03/line_items?limit=50&after=a%2Fb%3D&properties=name,price"
        + "&propertiesWithHistory=price&associations=deals,quotes&archived=true")
    #expect(body.isEmpty)
  }

  @Test("no properties asked for still names one")
  func listWithoutProperties() async throws {
    let (line, _) = try await sent(Self.page, version: .v3) { client in
      _ = try await client.listPage(ListRequest(type: .deals, properties: []))
    }
    #expect(line == "GET /crm/v3/objects/deals?limit=100&properties=hs_object_id")
  }

  @Test("get by id and by a unique property")
  func get() async throws {
    let (byID, _) = try await sent(Self.record) { client in
      _ = try await client.get(GetRequest(type: .deals, id: "9", properties: ["dealname"]))
    }
    #expect(byID == "GET /crm/objects/2026-03/deals/9?properties=dealname")
    let (byKey, _) = try await sent(Self.record) { client in
      _ = try await client.get(GetRequest(type: .deals, id: "A 1", idProperty: "erp_key", properties: ["x"]))
    }
    #expect(byKey == "GET /crm/objects/2026-03/deals/A%201?properties=x&idProperty=erp_key")
  }

  @Test("create with an association")
  func create() async throws {
    let (line, body) = try await sent(Self.record, status: 201) { client in
      _ = try await client.create(
        .lineItems,
        ObjectInput(
          values: ["name": "Item 7", "price": "400.00", "quantity": "8"],
          associations: [ObjectAssociation(toID: "31232284502", types: [.lineItemToDeal])], traceID: "row-1"))
    }
    #expect(line == "POST /crm/objects/2026-03/line_items")
    let expected =
      #"{"properties":{"name":"Item 7","price":"400.00","quantity":"8"},"#
      + #""associations":[{"to":{"id":"31232284502"},"#
      + #""types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":20}]}]}"#
    #expect(body == expected)
  }

  @Test("update clears with an empty text and sends text as it is")
  func update() async throws {
    let (line, body) = try await sent(Self.record) { client in
      _ = try await client.update(
        .lineItems, ObjectInput(id: "7", idProperty: "erp_key", values: ["price": "", "name": "é\n\"\\\u{1}\t/ 1e3"]))
    }
    #expect(line == "PATCH /crm/objects/2026-03/line_items/7?idProperty=erp_key")
    #expect(body == #"{"properties":{"price":"","name":"é\n\"\\\u0001\t/ 1e3"}}"#)
  }

  @Test("archive")
  func archive() async throws {
    let (line, body) = try await sent("", status: 204) { client in
      let outcome = try await client.archive(.lineItems, id: "7")
      #expect(outcome == .archived)
    }
    #expect(line == "DELETE /crm/objects/2026-03/line_items/7")
    #expect(body.isEmpty)
  }

  @Test("archiving what is gone is done")
  func archiveGone() async throws {
    _ = try await sent(#"{"message":"resource not found"}"#, status: 404) { client in
      let outcome = try await client.archive(.lineItems, id: "7")
      #expect(outcome == .alreadyGone)
    }
  }

  @Test("search with every part")
  func search() async throws {
    let (line, body) = try await sent(#"{"total":0,"results":[]}"#) { client in
      let filters = [
        Filter("price", .greaterOrEqual("100")), try Filter.associated(with: .deals, id: "901"),
        Filter("d", .between(low: "1", high: "2")), Filter("e", .oneOf(["a", "b"])), Filter("f", .hasNoValue),
      ]
      _ = try await client.searchPage(
        SearchRequest(
          type: .lineItems, filterGroups: [FilterGroup(filters)], sort: .byID, properties: ["name", "price"],
          limit: 200,
          after: "0", query: "chair"))
    }
    #expect(line == "POST /crm/objects/2026-03/line_items/search")
    let expected =
      #"{"filterGroups":[{"filters":[{"propertyName":"price","operator":"GTE","value":"100"},"#
      + #"{"propertyName":"associations.deal","operator":"EQ","value":"901"},"#
      + #"{"propertyName":"d","operator":"BETWEEN","value":"1","highValue":"2"},"#
      + #"{"propertyName":"e","operator":"IN","values":["a","b"]},"#
      + #"{"propertyName":"f","operator":"NOT_HAS_PROPERTY"}]}],"query":"chair","#
      + #""sorts":[{"propertyName":"hs_object_id","direction":"ASCENDING"}],"#
      + #""properties":["name","price"],"limit":200,"after":"0"}"#
    #expect(body == expected)
  }

  @Test(
    "operators",
    arguments: [
      (Filter.Condition.equal("x"), "EQ"), (.notEqual("x"), "NEQ"), (.lessThan("x"), "LT"), (.lessOrEqual("x"), "LTE"),
      (.greaterThan("x"), "GT"), (.greaterOrEqual("x"), "GTE"), (.between(low: "x", high: "y"), "BETWEEN"),
      (.oneOf(["x"]), "IN"), (.noneOf(["x"]), "NOT_IN"), (.hasValue, "HAS_PROPERTY"),
      (.hasNoValue, "NOT_HAS_PROPERTY"), (.containsToken("x*"), "CONTAINS_TOKEN"),
      (.containsNoToken("x"), "NOT_CONTAINS_TOKEN"),
    ])
  func operators(_ condition: Filter.Condition, _ name: String) {
    let request = SearchRequest(
      type: .deals, filterGroups: [FilterGroup([Filter("p", condition)])], properties: ["p"])
    #expect(text(request.body).contains(#""propertyName":"p","operator":"\#(name)""#))
  }

  @Test("batch read")
  func batchRead() async throws {
    let (line, body) = try await sent(Self.page) { client in
      _ = try await client.batchRead(
        BatchReadRequest(
          type: .lineItems, ids: ["A", "B"], idProperty: "erp_key", properties: ["name"], archived: true))
    }
    #expect(line == "POST /crm/objects/2026-03/line_items/batch/read?archived=true")
    let expected =
      #"{"inputs":[{"id":"A"},{"id":"B"}],"properties":["name","erp_key"],"propertiesWithHistory":[],"#
      + #""idProperty":"erp_key"}"#
    #expect(body == expected)
  }

  @Test("batch create, update, upsert and archive")
  func batchWrites() async throws {
    let (create, createBody) = try await sent(Self.page, status: 201) { client in
      _ = try await client.batchCreate(.deals, [ObjectInput(values: ["dealname": "x"], traceID: "row-1")])
    }
    #expect(create == "POST /crm/objects/2026-03/deals/batch/create")
    #expect(createBody == #"{"inputs":[{"properties":{"dealname":"x"},"objectWriteTraceId":"row-1"}]}"#)
    let (update, updateBody) = try await sent(Self.page) { client in
      _ = try await client.batchUpdate(.deals, [ObjectInput(id: "1", values: ["b": "2", "a": "1"])])
    }
    #expect(update == "POST /crm/objects/2026-03/deals/batch/update")
    #expect(updateBody == #"{"inputs":[{"id":"1","properties":{"b":"2","a":"1"}}]}"#)
    let (upsert, upsertBody) = try await sent(Self.page) { client in
      _ = try await client.batchUpsert(
        .lineItems, [ObjectInput(id: "SKU-1", idProperty: "erp_key", values: ["erp_key": "SKU-1", "price": "9.5"])])
    }
    #expect(upsert == "POST /crm/objects/2026-03/line_items/batch/upsert")
    let upsertExpected =
      #"{"inputs":[{"id":"SKU-1","idProperty":"erp_key","properties":{"erp_key":"SKU-1","price":"9.5"}}]}"#
    #expect(upsertBody == upsertExpected)
    let (archive, archiveBody) = try await sent("", status: 204) { client in
      _ = try await client.batchArchive(.lineItems, ids: ["1", "2"])
    }
    #expect(archive == "POST /crm/objects/2026-03/line_items/batch/archive")
    #expect(archiveBody == #"{"inputs":[{"id":"1"},{"id":"2"}]}"#)
  }

  @Test("associations")
  func associations() async throws {
    let (list, _) = try await sent(Self.page, version: .v3) { client in
      _ = try await client.associations(of: .deals, id: "901", to: .lineItems, limit: 500, after: "x")
    }
    #expect(list == "GET /crm/v4/objects/deals/901/associations/line_items?limit=500&after=x")
    let (read, readBody) = try await sent(Self.page) { client in
      _ = try await client.batchReadAssociations(from: .deals, ids: ["901"], to: .lineItems)
    }
    #expect(read == "POST /crm/associations/2026-03/deals/line_items/batch/read")
    #expect(readBody == #"{"inputs":[{"id":"901"}]}"#)
    let (put, putBody) = try await sent(Self.page) { client in
      _ = try await client.associate(.lineItems, id: "1", with: .deals, otherID: "2")
    }
    #expect(put == "PUT /crm/objects/2026-03/line_items/1/associations/default/deals/2")
    #expect(putBody.isEmpty)
    let (create, createBody) = try await sent(Self.page, status: 201) { client in
      let input = AssociationInput(fromID: "1", toID: "2", types: [.lineItemToDeal])
      _ = try await client.batchAssociate(from: .lineItems, to: .deals, [input])
    }
    #expect(create == "POST /crm/associations/2026-03/line_items/deals/batch/create")
    let createExpected =
      #"{"inputs":[{"from":{"id":"1"},"to":{"id":"2"},"#
      + #""types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":20}]}]}"#
    #expect(createBody == createExpected)
    let (usual, usualBody) = try await sent(Self.page) { client in
      _ = try await client.batchAssociateDefault(
        from: .lineItems, to: .deals, [AssociationInput(fromID: "1", toID: "2", types: [])])
    }
    #expect(usual == "POST /crm/associations/2026-03/line_items/deals/batch/associate/default")
    #expect(usualBody == #"{"inputs":[{"from":{"id":"1"},"to":{"id":"2"}}]}"#)
  }

  @Test("creating a property")
  func createProperty() async throws {
    let (line, body) = try await sent(#"{"name":"erp_key","type":"string"}"#, status: 201) { client in
      let input = PropertyInput(
        name: "erp_key", label: "ERP key", groupName: "lineiteminformation", hasUniqueValue: true)
      _ = try await client.createProperty(input, of: .lineItems)
    }
    #expect(line == "POST /crm/properties/2026-03/line_items")
    let expected =
      #"{"name":"erp_key","label":"ERP key","groupName":"lineiteminformation","type":"string","fieldType":"text","#
      + #""hasUniqueValue":true}"#
    #expect(body == expected)
  }

  @Test("headers")
  func headers() async throws {
    let transport = FakeTransport(200, Self.page)
    _ = try await makeClient(transport).batchRead(BatchReadRequest(type: .deals, ids: ["1"], properties: []))
    let headers = try #require(transport.requests.first).headers
    #expect(headers.contains(HTTPHeader("Content-Type", "application/json")))
    #expect(headers.contains(HTTPHeader("Accept", "application/json")))
  }
}
