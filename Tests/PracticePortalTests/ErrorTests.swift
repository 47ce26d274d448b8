import Testing

@testable import PracticePortal

/// One refused write: what is sent and what must come back.
struct RefusedWrite: Sendable, CustomTestStringConvertible {
  var properties: String
  var code: String
  var message: String
  var testDescription: String { properties }
}

@Suite struct ErrorTests {
  @Test(arguments: [
    RefusedWrite(
      properties: #"{"colour":"red"}"#, code: "PROPERTY_DOESNT_EXIST", message: #"Property "colour" does not exist"#),
    RefusedWrite(properties: #"{"price":"abc"}"#, code: "INVALID_INTEGER", message: "abc was not a valid number."),
    RefusedWrite(properties: #"{"hs_product_id":"asd"}"#, code: "INVALID_LONG", message: "asd was not a valid long."),
    RefusedWrite(
      properties: #"{"hs_recurring_billing_start_date":"soon"}"#, code: "INVALID_DATE",
      message: "soon was not a valid date."),
    RefusedWrite(
      properties: #"{"hs_product_type":"Service"}"#, code: "INVALID_OPTION",
      message: "Service was not one of the allowed options: [inventory, non-inventory, service]"),
    RefusedWrite(
      properties: #"{"hs_use_prorating":"yes"}"#, code: "INVALID_OPTION",
      message: "yes was not one of the allowed options: [true, false]"),
    RefusedWrite(
      properties: #"{"amount":"1"}"#, code: "READ_ONLY_VALUE",
      message: #""amount" is a calculated property; its value cannot be set."#),
    RefusedWrite(
      properties: #"{"hs_object_id":"1"}"#, code: "READ_ONLY_VALUE",
      message: #""hs_object_id" is a read only property; its value cannot be set."#),
    RefusedWrite(
      properties: #"{"hs_term_in_months":"1"}"#, code: "READ_ONLY_VALUE",
      message: #""hs_term_in_months" is a read only property; its value cannot be set."#),
    RefusedWrite(
      properties: #"{"recurringbillingfrequency":"weekly","hs_recurring_billing_period":"P12M"}"#,
      code: "BILLING_PERIOD_TO_FREQUENCY_FORM_MISMATCH",
      message: "The billing period P12M does not fit the billing frequency."),
    RefusedWrite(
      properties: #"{"price":"-0.01"}"#, code: "NEGATIVE_PRICE",
      message: "-0.01 is not allowed: a price may not be negative."),
    RefusedWrite(
      properties: #"{"name":{"a":1}}"#, code: "INVALID_VALUE",
      message: "The value must be a string, a number or a boolean."),
  ])
  func refusesAValue(_ refused: RefusedWrite) async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(TestClient.items, "{\"properties\":\(refused.properties)}")
      #expect(reply.status == 400)
      #expect(reply["status"] == .string("error"))
      #expect(reply["category"] == .string("VALIDATION_ERROR"))
      #expect(reply["errors", 0, "code"] == .string(refused.code))
      #expect(reply["errors", 0, "message"] == .string(refused.message))
      #expect(reply["errors", 0, "context", "propertyName", 0].text != nil)
      #expect(reply["correlationId"].text == reply.headers["x-hubspot-correlation-id"])
      let message = try #require(reply["message"].text)
      let prefix = "Property values were not valid: "
      #expect(message.hasPrefix(prefix))
      let embedded = try JSONParser.parse(Array(message.dropFirst(prefix.count).utf8))
      #expect(embedded[0, "error"] == .string(refused.code))
      #expect(embedded[0, "isValid"] == .bool(false))
      #expect(try await client.get(TestClient.items)["results"] == .array([]))
    }
  }

  /// Everything in the calculated and bookkeeping set is refused.
  @Test(
    arguments: CalculatedAmounts.names + [
      "hs_tax_amount", "hs_lastmodifieddate", "hs_createdate", "hs_object_source", "hs_object_source_id",
      "hs_object_source_label", "hs_unique_creation_key",
    ])
  func refusesReadOnly(_ name: String) async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(TestClient.items, "{\"properties\":{\"\(name)\":\"1\"}}")
      #expect(reply.status == 400)
      #expect(reply["errors", 0, "code"] == .string("READ_ONLY_VALUE"))
    }
  }

  @Test func namesAllBadPropertiesOfARecord() async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(
        TestClient.items, #"{"properties":{"colour":"a","price":"b","size":"c","name":"ok"}}"#)
      let names = (reply["errors"].items ?? []).map { $0["context", "propertyName", 0].text }
      #expect(names == ["colour", "price", "size"])
    }
  }

  @Test func nullIsHarmlessOnCreateAndRefusedOnUpdate() async throws {
    try await withPortal { client, _ in
      let id = try await client.item(#"{"name":"a","hs_sku":null}"#)
      let reply = try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"name":null}}"#)
      #expect(reply.status == 400 && reply["errors", 0, "code"] == .string("INVALID_VALUE"))
    }
  }

  @Test func aUniqueValueIsRefusedWithBothIds() async throws {
    try await withPortal { client, _ in
      try await client.uniqueProperty()
      let id = try await client.item(#"{"erp_key":"A1"}"#)
      let reply = try await client.post(TestClient.items, #"{"properties":{"erp_key":"A1"}}"#)
      #expect(reply.status == 400 && reply["category"] == .string("VALIDATION_ERROR"))
      let message = try #require(reply["message"].text)
      #expect(
        message.hasPrefix(
          "Cannot set PropertyValueCoordinates{portalId=1234567, objectTypeId=0-8, propertyName=erp_key, value=A1} on ")
      )
      #expect(message.hasSuffix(". \(id) already has that value."))
      // The record that has the value may be written with it again, and an archived one gives it free.
      #expect(try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"erp_key":"A1"}}"#).status == 200)
      _ = try await client.delete(TestClient.items + "/\(id)")
      _ = try await client.item(#"{"erp_key":"A1"}"#)
    }
  }

  @Test(arguments: [
    ("GET", "/crm/v3/objects/line_items/999", 404, "resource not found"),
    ("PATCH", "/crm/v3/objects/line_items/999", 404, "resource not found"),
    ("GET", "/crm/v3/objects/line_items/abc", 404, "Object not found.  objectId are usually numeric."),
    ("GET", "/crm/v3/objects/line_items?limit=101", 400, ""), ("GET", "/crm/v3/objects/line_items?limit=0", 400, ""),
    ("GET", "/crm/v3/objects/line_items?limit=51&propertiesWithHistory=price", 400, ""),
    ("GET", "/crm/v3/objects/line_items?archived=perhaps", 400, ""), ("GET", "/crm/v3/objects/unicorns", 400, ""),
    ("GET", "/", 404, ""), ("GET", "/crm/v9/objects/line_items", 404, ""),
    ("GET", "/crm/objects/2024-01/line_items", 404, ""),
    ("PUT", "/crm/v3/objects/line_items", 405, ""), ("DELETE", "/crm/v3/objects/line_items/search", 405, ""),
    ("GET", "/crm/v3/objects/line_items/batch/read", 405, ""),
    ("POST", "/crm/v3/objects/line_items/batch/destroy", 404, ""),
    ("PUT", "/account-info/v3/details", 405, ""),
  ])
  func refusesAPath(_ method: String, _ path: String, _ status: Int, _ message: String) async throws {
    try await withPortal { client, _ in
      let reply = try await client.send(method, path, method == "PATCH" ? #"{"properties":{}}"# : nil)
      #expect(reply.status == status)
      #expect(reply["status"] == .string("error"))
      #expect(reply["correlationId"].text == reply.headers["x-hubspot-correlation-id"])
      if !message.isEmpty { #expect(reply["message"] == .string(message)) }
    }
  }

  @Test(arguments: [
    (#"{"properties":"#, "Invalid input JSON on line 1, column 15: "), ("", "Invalid input JSON on line 1, column 1: "),
    ("[1]", "Invalid input JSON on line 1, column 1: "),
    ("{}", "Some required fields were not set: [properties]"),
    (#"{"properties":[]}"#, "Invalid input JSON on line 1, column 1: "),
    (#"{"properties":{},"associations":[{"types":[]}]}"#, "Some required fields were not set: [associations[0].to]"),
  ])
  func refusesABody(_ body: String, _ message: String) async throws {
    try await withPortal { client, _ in
      let reply = try await client.post(TestClient.items, body)
      #expect(reply.status == 400)
      #expect(reply["message"].text?.hasPrefix(message) == true, "\(reply.body)")
    }
  }

  @Test func refusesDeepAndLargeBodiesAndOtherMediaTypes() async throws {
    try await withPortal { client, _ in
      let deep = String(repeating: "[", count: 50_000)
      #expect(try await client.post(TestClient.items, deep).status == 400)
      let form = try await client.send(
        "POST", TestClient.items, "a=b", contentType: "application/x-www-form-urlencoded")
      #expect(form.status == 415)
      let tooLarge = try await client.send(
        "POST", TestClient.items, nil, headers: [("Content-Length", String(33 * 1024 * 1024))])
      #expect(tooLarge.status == 413)
      let long = String(repeating: "x", count: 65_537)
      let reply = try await client.post(TestClient.items, "{\"properties\":{\"name\":\"\(long)\"}}")
      #expect(reply.status == 400)
      _ = try await client.item("{\"name\":\"\(long.dropLast())\"}")
    }
  }

  @Test func headIsRefusedWithoutABody() async throws {
    try await withPortal { client, _ in
      let reply = try await client.send("HEAD", TestClient.items)
      #expect(reply.status == 405 && reply.body.isEmpty && reply.headers["allow"] == "GET, POST")
    }
  }

  @Test func asksForAToken() async throws {
    try await withPortal(PortalConfiguration(token: "secret")) { client, _ in
      for token in [nil, "other"] as [String?] {
        let reply = try await TestClient(port: client.port, token: token).get(TestClient.items)
        #expect(reply.status == 401)
        #expect(reply["category"] == .string("INVALID_AUTHENTICATION"))
        #expect(reply["message"].text?.hasPrefix("Authentication credentials not found.") == true)
        #expect(reply.headers["x-hubspot-correlation-id"] != nil)
      }
      #expect(try await TestClient(port: client.port, token: "secret").get(TestClient.items).status == 200)
    }
    try await withPortal { client, _ in
      for (token, status) in [(nil, 401), ("whatever", 200)] as [(String?, Int)] {
        let reply = try await TestClient(port: client.port, token: token).get(TestClient.items)
        #expect(reply.status == status)
      }
    }
  }
}
