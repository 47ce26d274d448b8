import HubSpot
import LisEngine
import LisRuntime
import PracticePortal
import Testing

/// Writing while the network and the server fail: every row ends up in one place, and nothing is claimed without proof.
@Suite struct FaultTests {
  static let update = "find where .hs_sku == \"A\" | update { price: 20 }"
  /// Creates rows from a file, which every version of the language can read.
  static func creating(_ rig: Rig, _ count: Int) throws -> String {
    try rig.file("new.csv", "name\n" + (0..<count).map { "n\($0)\n" }.joined())
    return "csv(\"new.csv\") | create { name: .name, price: 5 }"
  }

  // MARK: Single records refused

  @Test func twoOfAHundredRefused() async throws {
    try await withRig { rig in
      let ids = try await rig.items(100)
      try rig.file(
        "new.csv",
        "id,sku\n"
          + ids.enumerated().map { "\($0.element),\($0.offset == 41 || $0.offset == 77 ? "BAD" : "B")\n" }.joined())
      // A limit only the portal knows of: the reply names two records by trace id.
      rig.transport.follow { request, _ in
        guard request.kind == "batch/update" else { return .pass }
        let good = await FaultTests.withoutBad(request.body, rig)
        return .answer(207, good)
      }
      let run = try await rig.run("csv(\"new.csv\") | update { hs_sku: .sku }")
      #expect(run.outcome == .someFailed)
      #expect(run.outcome.exitCode == 3)
      #expect(run.counts == ReportCounts(planned: 100, applied: 98, failed: 2))
      #expect(run.report?.failed.map(\.id) == [ids[41], ids[77]])
      #expect(run.report?.failed.map(\.place.line) == [43, 79])
      #expect(run.notes.contains("new.csv:43") && run.notes.contains("the portal does not want BAD"))
      let states = try rig.journalled("SELECT outcome, count(*) AS n FROM record GROUP BY outcome ORDER BY outcome")
      #expect(states.map { "\($0["outcome"] as String? ?? "") \($0["n"] as Int)" } == ["applied 98", "failed 2"])
    }
  }

  /// Carries out a batch update but for records with the value BAD, and answers as HubSpot does for partial results.
  static func withoutBad(_ body: String, _ rig: Rig) async -> String {
    var results: [String] = []
    var traces: [String] = []
    for input in body.split(separator: "{\"id\":\"").dropFirst() {
      let id = String(input.prefix { $0 != "\"" })
      let trace = String(input.split(separator: "objectWriteTraceId\":\"").last?.prefix { $0 != "\"" } ?? "")
      if input.contains("BAD") {
        traces.append(trace)
      } else {
        results.append("{\"id\":\"\(id)\",\"properties\":{}}")
        try? await rig.set(id, "hs_sku", "B")
      }
    }
    let errors = traces.map {
      """
      {"status":"error","category":"VALIDATION_ERROR","message":"the portal does not want BAD",
       "context":{"objectWriteTraceId":["\($0)"]}}
      """
    }
    return """
      {"status":"COMPLETE","results":[\(results.reversed().joined(separator: ","))],"numErrors":2,
       "errors":[\(errors.joined(separator: ","))]}
      """
  }

  @Test func thePortalsOwnRefusals() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      // Digits are an id to lis; the portal wants a number it can hold.
      try rig.file("new.csv", "id,n\n\(ids[0]),1\n\(ids[1]),99999999999999999999999999999999999999\n\(ids[2]),3\n")
      let run = try await rig.run("csv(\"new.csv\") | update { hs_product_id: .n } on error continue")
      #expect(run.report?.counts.isBalanced == true)
      #expect(run.counts?.applied == 2)
      #expect(run.counts?.failed == 1)
    }
  }

  @Test func aFailingBatchIsTheLastOne() async throws {
    try await withRig { rig in
      let ids = try await rig.items(250)
      rig.transport.follow { request, number in
        request.kind == "batch/update" && number == 2
          ? .change { FaultTests.withError($0, "\"ids\":[\"\(ids[120])\"]", dropping: ids[120]) } : .pass
      }
      let run = try await rig.run(Self.update, Rig.Options(run: "stop"))
      #expect(run.outcome == .someFailed)
      #expect(run.counts == ReportCounts(planned: 250, applied: 199, failed: 1, skipped: 50))
      #expect(run.report?.notSent == 50)
      #expect(run.kinds["batch/update"] == 2)
    }
  }

  @Test func onErrorContinueSendsTheRest() async throws {
    try await withRig { rig in
      let ids = try await rig.items(250)
      rig.transport.follow { request, number in
        request.kind == "batch/update" && number == 2
          ? .change { FaultTests.withError($0, "\"ids\":[\"\(ids[120])\"]", dropping: ids[120]) } : .pass
      }
      let run = try await rig.run("let r = \(Self.update) on error continue\nprint(r.applied, count(r.failed))")
      #expect(run.outcome == .someFailed)
      #expect(run.out == "249 1\n")
      #expect(run.counts == ReportCounts(planned: 250, applied: 249, failed: 1))
    }
  }

  /// Takes one result out of an envelope and adds an error.
  static func withError(_ body: String, _ context: String, dropping id: String) -> String {
    var body = body
    if let start = body.range(of: "{\"id\":\"\(id)\"")?.lowerBound {
      var depth = 0
      var end = start
      while end < body.endIndex {
        if body[end] == "{" { depth += 1 }
        if body[end] == "}" { depth -= 1 }
        end = body.index(after: end)
        if depth == 0 { break }
      }
      if end < body.endIndex, body[end] == "," { end = body.index(after: end) }
      body.removeSubrange(start..<end)
      body = body.replacing("},]", with: "}]")
    }
    let error = """
      "numErrors":1,"errors":[{"status":"error","category":"VALIDATION_ERROR","message":"refused","context":{\(context)}}],
      """
    guard let brace = body.firstIndex(of: "{") else { return body }
    body.insert(contentsOf: error, at: body.index(after: brace))
    return body
  }

  // MARK: Replies that do not add up

  @Test func resultsLeftOutAreLookedUp() async throws {
    try await withRig { rig in
      let ids = try await rig.items(5)
      rig.transport.follow { request, number in
        guard request.kind == "batch/update" else { return .pass }
        return .replace(
          200, "{\"status\":\"COMPLETE\",\"results\":[{\"id\":\"\(ids[4])\"},{\"id\":\"\(ids[0])\"}]}")
      }
      let run = try await rig.run(Self.update)
      // The server did them all; reading proves it.
      #expect(run.outcome == .done)
      #expect(run.counts == ReportCounts(planned: 5, applied: 5))
      #expect(run.kinds["batch/read"] == 2)
    }
  }

  @Test func resultsLeftOutAndNotDoneAreFailures() async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      rig.transport.follow { request, _ in
        request.kind == "batch/update" ? .answer(200, "{\"status\":\"COMPLETE\",\"results\":[]}") : .pass
      }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .someFailed)
      #expect(run.counts == ReportCounts(planned: 3, failed: 3))
      #expect(run.report?.failed.first?.reason.contains("does not mention") == true)
    }
  }

  @Test func anErrorThatNamesNoRecord() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      rig.transport.follow { request, _ in
        guard request.kind == "batch/update" else { return .pass }
        return .change { FaultTests.withError($0, "", dropping: ids[1]) }
      }
      let run = try await rig.run(Self.update)
      #expect(run.counts == ReportCounts(planned: 3, applied: 3))
    }
  }

  @Test func creationsThatTheReplyLeavesOutAreUnknown() async throws {
    try await withRig { rig in
      let program = try Self.creating(rig, 3)
      rig.transport.follow { request, _ in
        guard request.kind == "batch/create" else { return .pass }
        return .change { body in
          guard let first = body.range(of: "{\"id\":\"") else { return body }
          let id = String(body[first.upperBound...].prefix { $0 != "\"" })
          return FaultTests.withError(body, "", dropping: id)
        }
      }
      let run = try await rig.run(program)
      #expect(run.outcome == .someUnknown)
      #expect(run.outcome.exitCode == 4)
      #expect(run.counts == ReportCounts(planned: 3, applied: 2, unknown: 1))
      #expect(try rig.journalled("SELECT * FROM record WHERE outcome = 'unknown'").count == 1)
      #expect(try rig.journalled("SELECT * FROM record WHERE result_id IS NOT NULL").count == 2)
    }
  }

  // MARK: Whole batches refused

  @Test(arguments: [400, 409]) func aBatchRefusedWholeIsHalved(_ status: Int) async throws {
    try await withRig { rig in
      let ids = try await rig.items(100)
      rig.transport.follow { request, _ in
        guard request.kind == "batch/update" else { return .pass }
        let bad = [ids[3], ids[60]].contains { request.body.contains("\"\($0)\"") }
        return bad
          ? .answer(
            status,
            "{\"status\":\"error\",\"message\":\"no\",\"category\":\"VALIDATION_ERROR\",\"correlationId\":\"c-1\"}")
          : .pass
      }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .someFailed)
      #expect(run.counts == ReportCounts(planned: 100, applied: 98, failed: 2))
      #expect(run.report?.failed.map(\.id) == [ids[3], ids[60]])
      #expect(run.report?.failed.first?.correlationID == "c-1")
      #expect(rig.transport.log.count { $0.kind == "batch/update" } <= 28)
      #expect(try rig.journalled("SELECT * FROM batch").count == 1)
    }
  }

  @Test func halvingHasABudget() async throws {
    try await withRig { rig in
      _ = try await rig.items(100)
      rig.transport.follow { request, _ in
        request.kind == "batch/update" ? .answer(400, "{\"message\":\"never\"}") : .pass
      }
      let run = try await rig.run(Self.update)
      #expect(run.counts == ReportCounts(planned: 100, failed: 100))
      #expect(rig.transport.log.count { $0.kind == "batch/update" } <= 1 + 64)
    }
  }

  // MARK: Lost replies

  @Test(arguments: [true, false]) func aLostReplyOfAnUpdateIsSettledByReading(_ wasDone: Bool) async throws {
    try await withRig { rig in
      let ids = try await rig.items(120)
      rig.transport.follow { request, number in
        guard request.kind == "batch/update", number == 1 else { return .pass }
        return wasDone ? .loseReply : .loseRequest
      }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 120, applied: 120))
      #expect(run.kinds["batch/update"] == 2)
      #expect(rig.transport.log.count { $0.kind == "batch/update" } == (wasDone ? 2 : 3))
      #expect(try await rig.value(ids[0], "price") == "20")
    }
  }

  @Test(arguments: [500, 502, 503, 504, 524]) func serverFailuresOfAnUpdate(_ status: Int) async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      rig.transport.follow { request, number in
        guard request.kind == "batch/update" else { return .pass }
        return number == 1 ? .answer(status, "<html>") : .pass
      }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .done)
      #expect(run.counts == ReportCounts(planned: 3, applied: 3))
    }
  }

  @Test(arguments: ["<html></html>", "{\"status\":\"COMPLETE\",\"resu", "", "{}"])
  func aReplyThatCannotBeReadIsALostReply(_ body: String) async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      rig.transport.follow { request, _ in request.kind == "batch/update" ? .replace(200, body) : .pass }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 3, applied: 3))
      #expect(run.kinds["batch/update"] == 1)
    }
  }

  @Test func anUpdateThatNeverGetsThroughIsUnknown() async throws {
    try await withRig { rig in
      let ids = try await rig.items(250)
      rig.transport.follow { request, _ in request.kind == "batch/update" ? .loseRequest : .pass }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .someUnknown)
      #expect(run.counts == ReportCounts(planned: 250, skipped: 150, unknown: 100))
      #expect(rig.transport.log.count { $0.kind == "batch/update" } == 3)
      #expect(try await rig.value(ids[0], "price") == "10.00")
    }
  }

  @Test func somebodyElsesLaterEditIsNotOverwritten() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      rig.transport.follow { request, number in
        if request.kind == "batch/update", number == 1 { return .loseReply }
        if request.kind == "batch/read", number == 2 { try? await rig.set(ids[0], "price", "33") }
        return .pass
      }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .someUnknown)
      #expect(run.counts == ReportCounts(planned: 2, applied: 1, unknown: 1))
      #expect(run.report?.unknown.first?.reason.contains("price is now 33") == true)
      #expect(try await rig.value(ids[0], "price") == "33")
    }
  }

  @Test func aLostReplyThatCannotBeReadUpIsUnknown() async throws {
    try await withRig { rig in
      _ = try await rig.items(2)
      rig.transport.follow { request, number in
        if request.kind == "batch/update" { return .loseReply }
        return request.kind == "batch/read" && number > 1 ? .answer(500, "") : .pass
      }
      let run = try await rig.run(Self.update)
      #expect(run.counts == ReportCounts(planned: 2, unknown: 2))
    }
  }

  @Test(arguments: [true, false]) func aLostReplyOfAnArchive(_ wasDone: Bool) async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      rig.transport.follow { request, number in
        guard request.kind == "batch/archive", number == 1 else { return .pass }
        return wasDone ? .loseReply : .loseRequest
      }
      let run = try await rig.run("find where .hs_sku == \"A\" | archive")
      #expect(run.outcome == .done)
      #expect(run.counts == ReportCounts(planned: 3, applied: 3))
    }
  }

  @Test func anArchiveThatDidNothingIsAFailure() async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      rig.transport.follow { request, _ in request.kind == "batch/archive" ? .answer(204, "") : .pass }
      let run = try await rig.run("find where .hs_sku == \"A\" | archive")
      #expect(run.outcome == .someFailed)
      #expect(run.counts == ReportCounts(planned: 3, failed: 3))
    }
  }

  @Test func aReadThatPassesOverARecordDoesNotCountAsArchived() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      rig.transport.follow { request, number in
        request.kind == "batch/read"
          ? .answer(
            200, "{\"status\":\"COMPLETE\",\"results\":[{\"id\":\"\(ids[0])\",\"properties\":{\"hs_sku\":\"A\"}}]}")
          : .pass
      }
      let run = try await rig.run("find where .hs_sku == \"A\" | archive")
      #expect(run.counts == ReportCounts(planned: 2, failed: 2))
    }
  }

  @Test func anArchiveThatCannotBeConfirmedIsUnknown() async throws {
    try await withRig { rig in
      _ = try await rig.items(2)
      rig.transport.follow { request, number in
        request.kind == "batch/read" && number > 1 ? .answer(500, "") : .pass
      }
      let run = try await rig.run("find where .hs_sku == \"A\" | archive")
      #expect(run.outcome == .someUnknown)
      #expect(run.counts == ReportCounts(planned: 2, unknown: 2))
      #expect(rig.transport.log.count { $0.kind == "batch/archive" } == 1)
    }
  }

  @Test func aLostCreateIsUnknownAndNeverSentAgain() async throws {
    for fault in [FaultTransport.Fault.loseReply, .loseRequest, .answer(500, ""), .replace(201, "<html>")] {
      try await withRig { rig in
        let program = try Self.creating(rig, 150)
        rig.transport.follow { request, number in
          request.kind == "batch/create" && number == 1 ? fault : .pass
        }
        let run = try await rig.run(program)
        #expect(run.outcome == .someUnknown, "\(fault)")
        #expect(run.counts == ReportCounts(planned: 150, skipped: 50, unknown: 100))
        #expect(rig.transport.log.count { $0.kind == "batch/create" } == 1)
        let goes = try await rig.run(program + " on error continue", Rig.Options(run: "goes on"))
        #expect(goes.counts == ReportCounts(planned: 150, applied: 150), "\(goes.notes)")
      }
    }
  }

  @Test func anOutageEndsCreationsEvenWithOnErrorContinue() async throws {
    try await withRig { rig in
      let program = try Self.creating(rig, 500)
      rig.transport.follow { request, _ in request.kind == "batch/create" ? .answer(502, "") : .pass }
      let run = try await rig.run(program + " on error continue")
      #expect(run.outcome == .someUnknown)
      #expect(run.counts == ReportCounts(planned: 500, skipped: 300, unknown: 200))
    }
  }

  @Test(arguments: ["batch/update", "batch/read"]) func quotasAreWaitedFor(_ kind: String) async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      rig.transport.follow { request, number in
        guard request.kind == kind, number < 3 else { return .pass }
        return number == 1
          ? .answer(429, "{\"message\":\"You have reached your ten_secondly_rolling limit.\"}") : .refuse
      }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .done)
      #expect(run.counts == ReportCounts(planned: 3, applied: 3))
    }
  }

  // MARK: Nothing gets through

  @Test(arguments: [(401, RunOutcome.noAccess), (403, .noAccess), (429, .transport)])
  func refusedAccessStopsWithTheReport(_ status: Int, _ outcome: RunOutcome) async throws {
    try await withRig { rig in
      _ = try await rig.items(250)
      let body = """
        {"status":"error","message":"You have reached your daily limit.","category":"MISSING_SCOPES"}
        """
      rig.transport.follow { request, number in
        request.kind == "batch/update" && number > 1 ? .answer(status, body) : .pass
      }
      let run = try await rig.run(Self.update + " on error continue")
      #expect(run.outcome == outcome)
      #expect(run.counts == ReportCounts(planned: 250, applied: 100, skipped: 150))
      #expect(run.report?.failed.isEmpty == true)
      #expect(run.notes.contains("250 planned, 100 applied"))
      let states = try rig.journalled("SELECT outcome, count(*) AS n FROM record GROUP BY outcome ORDER BY outcome")
      #expect(states.map { "\($0["outcome"] as String? ?? "") \($0["n"] as Int)" } == ["applied 100", "unsent 100"])
    }
  }

  @Test(arguments: ["batch/update", "batch/read"]) func noConnectionStopsWithTheReport(_ kind: String) async throws {
    try await withRig { rig in
      _ = try await rig.items(250)
      rig.transport.follow { request, number in request.kind == kind && number > 1 ? .refuse : .pass }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .transport)
      #expect(run.counts == ReportCounts(planned: 250, applied: 100, skipped: 150))
    }
  }

  @Test func associationTypesAreLearntBeforeAnythingIsWritten() async throws {
    try await withRig { rig in
      try rig.file("new.csv", "name\na\n")
      rig.transport.follow { request, _ in request.kind == "associations" ? .answer(500, "") : .pass }
      let run = try await rig.run("csv(\"new.csv\") | create products { name: .name } to deal \"5\"")
      #expect(run.outcome == .transport, "\(run.notes)")
      #expect(run.report == nil)
      #expect(run.kinds["batch/create"] == nil)
    }
  }
}
