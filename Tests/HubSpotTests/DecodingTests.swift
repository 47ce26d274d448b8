import Testing

@testable import HubSpot

@Suite("Answers")
struct DecodingTests {
  private func record(_ json: String) async throws -> CRMObject {
    try await makeClient(FakeTransport(200, json)).get(GetRequest(type: .lineItems, id: "1", properties: []))
  }

  @Test("a record with history, associations and warnings")
  func record() async throws {
    let object = try await record(
      """
      {"id":"512","properties":{"hs_object_id":"512","name":"Seat","price":null,"hs_sku":""},
       "propertiesWithHistory":{"price":[{"value":"25","timestamp":"2026-03-02T10:00:00.120Z","sourceType":"INTEGRATION"}]},
       "associations":{"line items":{"results":[{"id":"901","type":"line_item_to_deal"}],"paging":{"next":{"after":7}}}},
       "createdAt":"2026-03-01T10:00:00Z","updatedAt":"2026-03-02T10:00:00.120Z","archived":true,
       "archivedAt":"2026-03-03T10:00:00Z","url":"https://app/1","unknown":{"x":[1]},"objectWriteTraceId":"row-1","new":true,
       "warnings":[{"category":"PROPERTY_VALUE_NORMALIZED","message":"m","context":{"propertyName":"start"}}]}
      """)
    #expect(object.id == "512")
    #expect(object.properties["name"] == .some("Seat"))
    #expect(object.properties["price"] == .some(nil))
    #expect(object.text("hs_sku") == "")
    #expect(object.text("absent") == "")
    #expect(object.history["price"]?.first?.value == "25")
    #expect(object.associated(.lineItems)?.entries.first?.id == "901")
    #expect(object.associated(.lineItems)?.nextAfter == "7")
    #expect(object.associated(.deals) == nil)
    #expect(object.archived)
    #expect(object.archivedAt == "2026-03-03T10:00:00Z")
    #expect(object.traceID == "row-1")
    #expect(object.isNew == true)
    #expect(object.warnings.first?.context == ["propertyName": ["start"]])
  }

  @Test(
    "ids of any length, as text or number",
    arguments: [
      #""9007199254740993""#, "9007199254740993", "9223372036854775807", "18446744073709551615",
      #""123456789012345678901234567890""#, "1",
    ])
  func ids(_ literal: String) async throws {
    let object = try await record(#"{"id":\#(literal)}"#)
    #expect(object.id == literal.filter { $0 != "\"" })
    #expect(object.properties.isEmpty)
  }

  @Test("a number as a property's value keeps its digits")
  func numbers() async throws {
    let object = try await record(#"{"id":"1","properties":{"hs_product_id":1234567890123456789,"flag":true}}"#)
    #expect(object.text("hs_product_id") == "1234567890123456789")
    #expect(object.text("flag") == "true")
  }

  @Test("pages")
  func pages() async throws {
    let json = #"{"results":[{"id":"513"}],"paging":{"next":{"after":"514","link":"https://evil/"}}}"#
    let page = try await makeClient(FakeTransport(200, json)).listPage(ListRequest(type: .deals, properties: []))
    #expect(page.results.map(\.id) == ["513"])
    #expect(page.nextAfter == "514")
    #expect(page.total == nil)
    let empty = try await makeClient(FakeTransport(200, #"{"total":0,"results":[]}"#))
      .searchPage(SearchRequest(type: .deals, properties: []))
    #expect(empty == ObjectPage(results: [], nextAfter: nil, total: 0))
  }

  @Test("a sink is given the bytes untouched")
  func rawBody() async throws {
    let json = #"{"total": 1, "results":[ {"id":1} ]}"#
    let client = try makeClient(FakeTransport([.reply(200, json), .reply(200, json), .reply(207, json)]))
    let found = try await client.search(SearchRequest(type: .deals, properties: []), into: RawBody())
    let listed = try await client.list(ListRequest(type: .deals, properties: []), into: RawBody())
    #expect(text(found) == json)
    #expect(text(listed) == json)
    struct StatusAndCount: BodySink {
      func decode(_ body: [UInt8], status: Int) -> [Int] { [status, body.count] }
    }
    let read = try await client.batchRead(
      BatchReadRequest(type: .deals, ids: ["1"], properties: []), into: StatusAndCount())
    #expect(read == [207, json.utf8.count])
  }

  @Test("a sink's own error is an unusable body, its cancellation a cancellation")
  func throwingSink() async throws {
    struct Refusing: BodySink {
      struct Reason: Error {}
      let cancels: Bool
      func decode(_ body: [UInt8], status: Int) throws -> Int {
        throw cancels ? CancellationError() : Reason() as any Error
      }
    }
    let client = try makeClient(FakeTransport([.reply(200, "{}"), .reply(200, "{}")]))
    let request = SearchRequest(type: .deals, properties: [])
    let refused = await failure { () async throws(HubSpotError) in
      try await client.search(request, into: Refusing(cancels: false))
    }
    guard case .unexpectedBody(let body) = refused else {
      Issue.record("\(String(describing: refused))")
      return
    }
    #expect(body.reason == "Reason()")
    let cancelled = await failure { () async throws(HubSpotError) in
      try await client.search(request, into: Refusing(cancels: true))
    }
    #expect(cancelled == .cancelled(maybeSent: true))
  }

  @Test(
    "bodies that are no answer",
    arguments: [
      "<html><body>maintenance</body></html>", "", "{\"results\":[{\"id\":\"1\"", "[]", "null", "{}", "{\"results\":3}",
      "{\"results\":[{\"id\":1.5}]}", "{\"results\":[{\"properties\":{}}]}",
      String(repeating: "[", count: 100_000), "{\"results\":" + String(repeating: "[", count: 100_000),
    ])
  func garbage(_ body: String) async throws {
    let client = try makeClient(FakeTransport(200, body))
    let error = await failure { () async throws(HubSpotError) in
      try await client.listPage(ListRequest(type: .deals, properties: []))
    }
    guard case .unexpectedBody(let unexpected) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(unexpected.status == 200)
    #expect(unexpected.excerpt.count <= 200)
  }

  @Test("property definitions")
  func properties() async throws {
    let json =
      """
      {"results":[{"name":"price","label":"Unit price","type":"number","fieldType":"number","groupName":"g",
        "description":"","options":[],"showCurrencySymbol":true,"currencyPropertyName":"hs_line_item_currency_code",
        "modificationMetadata":{"archivable":true,"readOnlyDefinition":true,"readOnlyValue":false}},
       {"name":"amount","label":"A","type":"number","calculated":true},
       {"name":"hs_createdate","type":"datetime","modificationMetadata":{"readOnlyValue":true}},
       {"name":"f","type":"enumeration","options":[{"label":"Monthly","value":"monthly","displayOrder":0,"hidden":false}]}]}
      """
    let list = try await makeClient(FakeTransport(200, json)).properties(of: .lineItems)
    #expect(list.map(\.isWritable) == [true, false, false, true])
    #expect(list[0].showCurrencySymbol)
    #expect(list[3].options == [PropertyDefinition.Option(label: "Monthly", value: "monthly", hidden: false)])
    #expect(list[2].label == "hs_createdate")
  }

  @Test("account")
  func account() async throws {
    let json = #"{"portalId":12345678901,"accountType":"STANDARD","timeZone":"Europe/Berlin","companyCurrency":"EUR"}"#
    let account = try await makeClient(FakeTransport(200, json)).account()
    #expect(account.portalID == "12345678901")
    #expect(account.companyCurrency == "EUR")
    #expect(account.additionalCurrencies.isEmpty)
  }
}
