import TestSupport
import Testing

@testable import HubSpot

@Suite("Every input of a batch has one outcome")
struct BatchAccountingTests {
  /// An outcome in short: the id of the record, the category of the failure with `?` when it is not attributed, or `-`.
  private func short(_ outcome: BatchOutcome) -> String {
    switch outcome {
    case .succeeded(let object): object.id
    case .failed(let failure): "!" + (failure.category ?? "") + (failure.isAttributed ? "" : "?")
    case .unaccounted: "-"
    }
  }

  private func short(_ result: BatchResult) -> [String] { result.outcomes.map(short) }

  private func client(_ body: String, status: Int = 207) throws -> HubSpotClient {
    try makeClient(FakeTransport(status, body))
  }

  private func creates(_ count: Int, traced: Bool = true) -> [ObjectInput] {
    (1...count).map { ObjectInput(values: ["name": "n\($0)"], traceID: traced ? "row-\($0)" : nil) }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let body: String
    let outcomes: [String]
    var status = 207
    var testDescription: String { name }
  }

  static let created: [Row] = [
    Row(
      name: "shuffled results with trace ids",
      body: #"{"results":[{"id":"103","objectWriteTraceId":"row-3"},{"id":"101","objectWriteTraceId":"row-1"},"#
        + #"{"id":"102","objectWriteTraceId":"row-2"}]}"#, outcomes: ["101", "102", "103"], status: 201),
    Row(
      name: "one error of one input",
      body: #"{"results":[{"id":"103","objectWriteTraceId":"row-3"},{"id":"101","objectWriteTraceId":"row-1"}],"#
        + #""numErrors":1,"errors":[{"status":"error","category":"V","context":{"objectWriteTraceId":["row-2"]}}]}"#,
      outcomes: ["101", "!V", "103"]),
    Row(
      name: "one error of several inputs",
      body: #"{"results":[{"id":"102","objectWriteTraceId":"row-2"}],"#
        + #""errors":[{"category":"V","context":{"objectWriteTraceId":["row-3","row-1"]}}]}"#,
      outcomes: ["!V", "102", "!V"]),
    Row(
      name: "errors under a status of success",
      body: #"{"results":[],"errors":[{"category":"V","context":{"objectWriteTraceId":["row-1","row-2","row-3"]}}]}"#,
      outcomes: ["!V", "!V", "!V"], status: 201),
    Row(
      name: "trace id in the detail of an error",
      body:
        #"{"results":[],"errors":[{"category":"V","errors":[{"message":"m","context":{"objectWriteTraceId":["row-2"]}}]}]}"#,
      outcomes: ["-", "!V", "-"]),
    Row(
      name: "fewer results than inputs",
      body: #"{"results":[{"id":"101","objectWriteTraceId":"row-1"},{"id":"103","objectWriteTraceId":"row-3"}]}"#,
      outcomes: ["101", "-", "103"], status: 201),
    Row(
      name: "an error that names nobody",
      body: #"{"results":[{"id":"101","objectWriteTraceId":"row-1"}],"errors":[{"category":"V"}]}"#,
      outcomes: ["101", "!V?", "!V?"]),
    Row(
      name: "an error that names somebody else",
      body: #"{"results":[],"errors":[{"category":"V","context":{"objectWriteTraceId":["row-9"]}}]}"#,
      outcomes: ["!V?", "!V?", "!V?"]),
    Row(
      name: "no trace ids echoed, values tell",
      body: #"{"results":[{"id":"102","properties":{"name":"n2"}},{"id":"103","properties":{"name":"n3"}},"#
        + #"{"id":"101","properties":{"name":"n1","x":"y"}}]}"#, outcomes: ["101", "102", "103"], status: 201),
    Row(
      name: "two records of the same values prove nothing",
      body: #"{"results":[{"id":"1","properties":{"name":"n1"}},{"id":"2","properties":{"name":"n1"}}]}"#,
      outcomes: ["-", "-", "-"], status: 201),
    Row(
      name: "results without values prove nothing",
      body: #"{"results":[{"id":"1"},{"id":"2"},{"id":"3"}]}"#, outcomes: ["-", "-", "-"], status: 201),
    Row(
      name: "record and error for one input",
      body:
        #"{"results":[{"id":"1","objectWriteTraceId":"row-1"}],"errors":[{"category":"V","context":{"objectWriteTraceId":["row-1"]}}]}"#,
      outcomes: ["-", "-", "-"]),
    Row(
      name: "two records for one trace id",
      body: #"{"results":[{"id":"1","objectWriteTraceId":"row-1"},{"id":"2","objectWriteTraceId":"row-1"}]}"#,
      outcomes: ["1", "-", "-"], status: 201),
    Row(name: "nothing at all", body: #"{"results":[]}"#, outcomes: ["-", "-", "-"], status: 201),
    Row(name: "errors counted but not listed", body: #"{"results":[],"numErrors":3}"#, outcomes: ["-", "-", "-"]),
  ]

  @Test("creates", arguments: created)
  func create(_ row: Row) async throws {
    let result = try await client(row.body, status: row.status).batchCreate(.lineItems, creates(3))
    #expect(short(result) == row.outcomes)
    #expect(result.outcomes.count == 3)
  }

  @Test("identical creates that were merged are never called done")
  func merged() async throws {
    let body = #"{"results":[{"id":"1","properties":{"name":"same"}},{"id":"2","properties":{"name":"other"}}]}"#
    let inputs = ["same", "same", "other"].map { ObjectInput(values: ["name": $0]) }
    let result = try await client(body, status: 201).batchCreate(.lineItems, inputs)
    #expect(short(result) == ["-", "-", "2"])
    #expect(result.unaccountedCount == 2)
    #expect(result.unmatched.map(\.id) == ["1"])
  }

  @Test("a record whose values fit two inputs goes to neither")
  func ambiguous() async throws {
    let inputs = [ObjectInput(values: ["name": "a"]), ObjectInput(values: ["name": "a", "price": "1"])]
    let body = #"{"results":[{"id":"1","properties":{"name":"a","price":"1"}}]}"#
    let result = try await client(body, status: 201).batchCreate(.lineItems, inputs)
    #expect(short(result) == ["-", "-"])
  }

  @Test("updates are matched by id, in any order")
  func update() async throws {
    let inputs = (1...4).map { ObjectInput(id: "\($0)", values: ["a": "x"], traceID: $0 == 4 ? "t4" : nil) }
    let body =
      #"{"results":[{"id":"3","properties":{"a":"x"}},{"id":1}],"#
      + #""errors":[{"category":"OBJECT_NOT_FOUND","context":{"ids":["2"]}},{"category":"V","context":{"objectWriteTraceId":["t4"]}}]}"#
    let result = try await client(body).batchUpdate(.deals, inputs)
    #expect(short(result) == ["1", "!OBJECT_NOT_FOUND", "3", "!V"])
    #expect(result.failures.first?.isNotFound == true)
    #expect(result.succeeded.map(\.id) == ["1", "3"])
  }

  @Test("updates by a unique property are matched by its value")
  func updateByKey() async throws {
    let inputs = ["A", "B", "512"].map { ObjectInput(id: $0, idProperty: "erp_key", values: ["a": "x"]) }
    let body =
      #"{"results":[{"id":"11","properties":{"erp_key":"B"}},{"id":"512","properties":{"erp_key":"A"}}]}"#
    let result = try await client(body, status: 200).batchUpdate(.deals, inputs)
    // A record id that happens to equal a key is no match.
    #expect(short(result) == ["512", "11", "-"])
  }

  @Test("upserts are matched by key and tell what is new")
  func upsert() async throws {
    let inputs = ["A", "B", "C"].map {
      ObjectInput(id: $0, idProperty: "k", values: ["k": $0, "a": "x"], traceID: "t" + $0)
    }
    let body =
      #"{"results":[{"id":"2","new":true,"properties":{"k":"B"}},{"id":"1","new":false,"properties":{"k":"A"}}],"#
      + #""errors":[{"category":"V","context":{"ids":["C"]}}]}"#
    let result = try await client(body).batchUpsert(.lineItems, inputs)
    #expect(short(result) == ["1", "2", "!V"])
    #expect(result.succeeded.map(\.isNew) == [false, true])
  }

  @Test("reads name what is missing, and merged records answer for their old ids")
  func read() async throws {
    let body =
      #"{"results":[{"id":"9","properties":{"hs_merged_object_ids":"4;5"}},{"id":"1"}],"#
      + #""errors":[{"category":"OBJECT_NOT_FOUND","message":"m","context":{"ids":["2","3"]}}]}"#
    let request = BatchReadRequest(type: .lineItems, ids: ["1", "2", "3", "4", "6", "1"], properties: ["name"])
    let result = try await client(body).batchRead(request)
    #expect(short(result) == ["1", "!OBJECT_NOT_FOUND", "!OBJECT_NOT_FOUND", "9", "-", "1"])
  }

  @Test("reads by a unique property")
  func readByKey() async throws {
    let body = #"{"results":[{"id":"2","properties":{"k":"B"}},{"id":"1","properties":{"k":"A"}}]}"#
    let request = BatchReadRequest(type: .deals, ids: ["A", "B", "C"], idProperty: "k", properties: [])
    #expect(short(try await client(body, status: 200).batchRead(request)) == ["1", "2", "-"])
  }

  @Test(
    "archives",
    arguments: [
      (204, "", ["1", "2"]), (200, #"{"results":[]}"#, ["1", "2"]),
      (207, #"{"errors":[{"category":"V","context":{"ids":["2"]}}]}"#, ["1", "!V"]),
      (207, #"{"errors":[{"category":"V"}]}"#, ["!V?", "!V?"]),
    ])
  func archive(_ status: Int, _ body: String, _ outcomes: [String]) async throws {
    #expect(short(try await client(body, status: status).batchArchive(.lineItems, ids: ["1", "2"])) == outcomes)
  }

  @Test("a batch refused as a whole is thrown, and claims no outcome")
  func refused() async throws {
    let client = try client(#"{"category":"VALIDATION_ERROR","message":"Duplicate IDs"}"#, status: 400)
    let error = await failure { () async throws(HubSpotError) in
      try await client.batchUpdate(.deals, [ObjectInput(id: "1", values: ["a": "x"])])
    }
    #expect(
      error
        == .api(
          APIFailure(operation: .batchUpdate, status: 400, category: "VALIDATION_ERROR", message: "Duplicate IDs")))
  }

  @Test("details of a failure come from its text when there is nothing else")
  func embeddedDetails() async throws {
    let body =
      #"{"results":[],"errors":[{"category":"VALIDATION_ERROR","context":{"objectWriteTraceId":["row-1"]},"message":"#
      + #""Property values were not valid: [{\"message\":\"m\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"colour\"}]"}]}"#
    let result = try await client(body).batchCreate(.lineItems, creates(1))
    #expect(result.failures.first?.details.first?.code == "PROPERTY_DOESNT_EXIST")
    #expect(result.failures.first?.details.first?.propertyName == "colour")
  }

  /// Whatever a server makes of a batch, nothing is counted twice and nothing is called done without a record.
  @Test("random replies", arguments: [1, 2, 3, 5, 8, 13, 21, 34] as [UInt64])
  func random(_ seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let count = Int.random(in: 1...8, using: &generator)
      var results: [String] = []
      var errors: [String] = []
      var expected: [String] = []
      for number in 1...count {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0:
          results.append(#"{"id":"\#(100 + number)","objectWriteTraceId":"row-\#(number)"}"#)
          expected.append("\(100 + number)")
        case 1:
          errors.append(#"{"category":"E\#(number)","context":{"objectWriteTraceId":["row-\#(number)"]}}"#)
          expected.append("!E\(number)")
        default: expected.append("-")
        }
      }
      results.shuffle(using: &generator)
      errors.shuffle(using: &generator)
      let body = #"{"results":[\#(results.joined(separator: ","))],"errors":[\#(errors.joined(separator: ","))]}"#
      let result = try await client(body).batchCreate(.lineItems, creates(count))
      #expect(short(result) == expected, "seed \(seed)")
    }
  }

  /// A reply with some bytes changed is either read, and then accounts for every input, or refused as a whole.
  @Test("damaged replies", arguments: [1, 2, 3, 4] as [UInt64])
  func damaged(_ seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let whole = Array(
      (#"{"results":[{"id":"101","objectWriteTraceId":"row-1","properties":{"name":"n1","price":null}}],"numErrors":1,"#
        + #""errors":[{"status":"error","category":"V","message":"m: [{\"name\":\"x\"}]","#
        + #""context":{"objectWriteTraceId":["row-2",3]}}]}"#).utf8)
    for _ in 0..<250 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      let reply = HTTPResponse(
        status: 207, body: Array(bytes.prefix(Int.random(in: 0...bytes.count * 2, using: &generator))))
      let client = try makeClient(FakeTransport([.success(reply)]))
      do throws(HubSpotError) {
        let result = try await client.batchCreate(.lineItems, creates(3))
        #expect(result.outcomes.count == 3, "seed \(seed)")
      } catch {
        guard case .unexpectedBody = error else {
          Issue.record("seed \(seed): \(error)")
          continue
        }
      }
    }
  }
}
