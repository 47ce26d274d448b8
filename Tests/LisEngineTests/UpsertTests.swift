import HubSpot
import LisEngine
import LisRuntime
import PracticePortal
import Testing

/// `upsert`: which records the keys mean, what is sent for them, and what is known after a fault.
@Suite struct UpsertTests {
  static let program = "csv(\"list.csv\") | upsert by hs_sku { hs_sku: .sku, name: .name, price: .price } at most 2000"
  static let keyed = "csv(\"list.csv\") | upsert by erp_key { erp_key: .sku, name: .name, price: .price } at most 2000"

  static func list(_ rig: Rig, _ rows: [String]) throws {
    try rig.file("list.csv", "sku,name,price\n" + rows.map { $0 + "\n" }.joined())
  }

  /// A property that the portal keeps unique.
  static func makeKey(_ rig: Rig) async throws {
    _ = try await rig.client.createProperty(
      PropertyInput(
        name: "erp_key", label: "ERP key", groupName: "lineiteminformation", type: "string", fieldType: "text",
        hasUniqueValue: true), of: .lineItems)
  }

  // MARK: Keys that are not unique

  @Test func oneMatchUpdatesAndNoneCreates() async throws {
    try await withRig { rig in
      let ids = try await rig.items([
        ["name": "a", "hs_sku": "A", "price": "1"], ["name": "b", "hs_sku": "B", "price": "2"],
        ["name": "none", "price": "3"],
      ])
      try Self.list(rig, ["A,a,1.00", "B,b,2.50", "C,c,4", "D,d,5"])
      let run = try await rig.run(Self.program, Rig.Options(planOnly: true))
      #expect(run.outcome == .planHasChanges, "\(run.notes)")
      let done = try await rig.run("let r = \(Self.program)\nprint(r.applied, r.unchanged, count(r.created))")
      #expect(done.outcome == .done, "\(done.notes)")
      #expect(done.lines == ["3 1 2"])
      #expect(done.counts == ReportCounts(planned: 4, applied: 3, unchanged: 1))
      #expect(done.notes.contains("plan  update 1 line_item, create 2 line_items in 2 batches"), "\(done.notes)")
      #expect(done.notes.contains("all 3 line_items were read to find the keys (1 request)"), "\(done.notes)")
      #expect(
        done.kinds == ["schema": 1, "list": 1, "batch/read": 1, "batch/update": 1, "batch/create": 1], "\(done.kinds)")
      #expect(try await rig.value(ids[1], "price") == "2.50")
      let skus = try await rig.values("hs_sku")
      #expect(Set(done.report?.created.map { skus[$0] ?? "" } ?? []) == ["C", "D"])
      // A second run finds everything as wanted, whatever the index says by now.
      let again = try await rig.run(Self.program, Rig.Options(run: "again"))
      #expect(again.counts == ReportCounts(planned: 4, applied: 0, unchanged: 4) || again.report == nil)
      #expect(again.notes.contains("nothing to change"), "\(again.notes)")
      #expect(try await rig.values("name").count == 5)
    }
  }

  @Test func everyPageOfTheListIsRead() async throws {
    try await withRig { rig in
      _ = try await rig.items((0..<250).map { ["name": "n\($0)", "hs_sku": "S\($0)"] })
      try Self.list(rig, ["S3,n3,1", "S249,n249,2", "NEW,x,3"])
      let run = try await rig.run(Self.program)
      #expect(run.counts == ReportCounts(planned: 3, applied: 3))
      #expect(run.report?.created.count == 1)
      #expect(run.notes.contains("all 250 line_items were read to find the keys (3 requests)"), "\(run.notes)")
      #expect(run.kinds["list"] == 3)
      #expect(run.kinds["search"] == nil)
    }
  }

  @Test func severalMatchesAreARowFailure() async throws {
    try await withRig { rig in
      let ids = try await rig.items([
        ["name": "one", "hs_sku": "A"], ["name": "two", "hs_sku": "A"], ["name": "b", "hs_sku": "B"],
      ])
      try Self.list(rig, ["A,x,1", "B,b,2"])
      let strict = try await rig.run(Self.program)
      #expect(strict.outcome == .fault)
      #expect(strict.notes.contains("LIS0310") && strict.notes.contains("ambiguous key"), "\(strict.notes)")
      #expect(strict.notes.contains("list.csv:2") && strict.notes.contains(ids[0]) && strict.notes.contains(ids[1]))
      #expect(strict.kinds["batch/update"] == nil)
      let lenient = try await rig.run(
        "let r = \(Self.program) on error continue\nprint(r.failed[0].category, r.failed[0].source.line)",
        Rig.Options(run: "lenient"))
      #expect(lenient.outcome == .someFailed)
      #expect(lenient.lines == ["ambiguous key 2"])
      #expect(lenient.counts == ReportCounts(planned: 2, applied: 1, failed: 1))
    }
  }

  @Test func rowsThatCannotBeMeantStopEverything() async throws {
    try await withRig { rig in
      try Self.list(rig, ["A,x,1", "B,b,2", "A,y,3"])
      let twice = try await rig.run(Self.program)
      #expect(twice.outcome == .fault)
      #expect(twice.notes.contains("LIS0315"), "\(twice.notes)")
      #expect(twice.notes.contains("list.csv:2 and list.csv:4"), "\(twice.notes)")
      // Not even the portal's records were read.
      #expect(twice.kinds == ["schema": 1], "\(twice.kinds)")
      try Self.list(rig, ["A,x,1", ",b,2"])
      let empty = try await rig.run(Self.program, Rig.Options(run: "empty"))
      #expect(empty.outcome == .fault)
      #expect(empty.notes.contains("list.csv:3") && empty.notes.contains("the key is missing"), "\(empty.notes)")
      try Self.list(rig, ["A ,x,1"])
      let spaced = try await rig.run(Self.program, Rig.Options(run: "spaced"))
      #expect(spaced.notes.contains("white space"), "\(spaced.notes)")
      #expect(try await rig.values("name").isEmpty)
    }
  }

  @Test func keysInOtherLettersArePointedOut() async throws {
    try await withRig { rig in
      _ = try await rig.items([["name": "a", "hs_sku": "Srv-1"]])
      try Self.list(rig, ["SRV-1,a,1"])
      let run = try await rig.run(Self.program, Rig.Options(planOnly: true))
      #expect(run.notes.contains("create 1 line_item"), "\(run.notes)")
      #expect(run.notes.contains("\"SRV-1\" and \"Srv-1\""), "\(run.notes)")
    }
  }

  @Test func ownWritesOfTheRunCount() async throws {
    try await withRig { rig in
      let run = try await rig.run(
        """
        let a = upsert by hs_sku { hs_sku: "A", price: 1 }
        let b = upsert by hs_sku { hs_sku: "A", price: 2 }
        print(count(a.created), count(b.created), b.applied)
        find where .hs_sku == "A" | archive
        let c = upsert by hs_sku { hs_sku: "A", price: 3 }
        print(count(c.created))
        """)
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.lines == ["1 0 1", "1"])
    }
  }

  @Test func newRecordsAreLinkedAndOthersKeepTheirs() async throws {
    try await withRig { rig in
      let deal = try await rig.deal()
      _ = try await rig.items([["name": "a", "hs_sku": "A", "price": "1"]])
      try Self.list(rig, ["A,a,2", "B,b,3"])
      let run = try await rig.run(
        "csv(\"list.csv\") | upsert by hs_sku { hs_sku: .sku, price: .price } to deal \"\(deal)\"")
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.notes.contains("1 line_item that exist keep their associations"), "\(run.notes)")
      let linked = try await rig.client.associations(of: .deals, id: deal, to: .lineItems)
      #expect(linked.results.map(\.id) == run.report?.created)
    }
  }

  @Test func aLostCreateStaysUnknown() async throws {
    try await withRig { rig in
      _ = try await rig.items([["name": "a", "hs_sku": "A", "price": "1"]])
      try Self.list(rig, ["A,a,2", "B,b,3"])
      rig.transport.follow { request, _ in request.kind == "batch/create" ? .loseReply : .pass }
      let run = try await rig.run(Self.program)
      #expect(run.outcome == .someUnknown, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 2, applied: 1, unknown: 1))
      #expect(run.kinds["batch/create"] == 1)
    }
  }

  @Test func aKeyThatMovedSincePlanIsSkipped() async throws {
    try await withRig { rig in
      let ids = try await rig.items([["name": "a", "hs_sku": "A", "price": "1"]])
      try Self.list(rig, ["A,a,2"])
      rig.transport.follow { request, _ in
        if request.kind == "batch/read" { try? await rig.set(ids[0], "hs_sku", "Z") }
        return .pass
      }
      let run = try await rig.run(Self.program)
      #expect(run.outcome == .someSkipped, "\(run.notes)")
      #expect(run.notes.contains("hs_sku was A and is now Z"), "\(run.notes)")
      #expect(try await rig.value(ids[0], "price") == "1")
    }
  }

  @Test func aListThatLoopsIsNotedAndEndsIt() async throws {
    try await withRig { rig in
      _ = try await rig.items((0..<150).map { ["name": "n\($0)", "hs_sku": "S\($0)"] })
      try Self.list(rig, ["S3,n3,1"])
      rig.transport.follow { request, _ in
        guard request.kind == "list" else { return .pass }
        return .change {
          $0.split(separator: "\"paging\"")[0]
            + "\"paging\":{\"next\":{\"after\":\"7\"}}}"
        }
      }
      let run = try await rig.run(Self.program)
      #expect(run.outcome == .transport, "\(run.notes)")
      #expect(run.notes.contains("LIS0306"), "\(run.notes)")
      #expect(run.kinds["batch/update"] == nil && run.kinds["batch/create"] == nil)
    }
  }

  // MARK: Keys that are not unique, and time passes

  /// Makes a record with the key B once the plan is there, in each of the ways in which time passes.
  private static func whileAPlanIsHeld(
    _ program: String, _ options: Rig.Options = Rig.Options(), on kind: String? = nil, minutes: Int = 0,
    _ check: (Rig, Run) async throws -> Void
  ) async throws {
    try await withRig { rig in
      _ = try await rig.items([["name": "a", "hs_sku": "A", "price": "1"]])
      try Self.list(rig, ["A,a,2", "B,b,3", "C,c,4"])
      var options = options
      let clock = options.clock
      let intrude: @Sendable () async -> Void = {
        _ = try? await rig.items([["name": "theirs", "hs_sku": "B"]])
        clock.advance(minutes * 60_000)
      }
      if let kind {
        rig.transport.follow { request, number in
          if request.kind == kind, number == 1 { await intrude() }
          return .pass
        }
      } else {
        options.whileAsking = intrude
      }
      let run = try await rig.run(program, options)
      try await check(rig, run)
    }
  }

  private static func isSkipped(_ rig: Rig, _ run: Run) async throws {
    #expect(run.outcome == .someSkipped, "\(run.notes)")
    #expect(run.counts == ReportCounts(planned: 3, applied: 2, skipped: 1))
    #expect(run.notes.contains("has the hs_sku \"B\" now"), "\(run.notes)")
    #expect(try await rig.values("name").values.sorted() == ["a", "c", "theirs"])
    #expect(run.kinds["list"] == 2)
  }

  @Test func keysOfAHeldPlanAreReadAgain() async throws {
    // The search in between is where the other one makes the record.
    let program = "let p = plan \(Self.program)\nprint(count(find where .hs_sku == \"A\"))\napply!(p)"
    try await Self.whileAPlanIsHeld(program, on: "search", Self.isSkipped)
  }

  @Test func keysAreReadAgainAfterAQuestion() async throws {
    try await Self.whileAPlanIsHeld(Self.program, Rig.Options(apply: false, answer: .text("y")), Self.isSkipped)
  }

  @Test func keysAreReadAgainWhenSendingTookLong() async throws {
    try await Self.whileAPlanIsHeld(Self.program, on: "batch/update", minutes: 1, Self.isSkipped)
    // A moment later is as good as at once, and costs no second reading of everything.
    try await Self.whileAPlanIsHeld(Self.program, on: "batch/update") { _, run in
      #expect(run.counts == ReportCounts(planned: 3, applied: 3), "\(run.notes)")
      #expect(run.kinds["list"] == 1)
    }
  }

  @Test func keysThatCannotBeReadAgainAreNotCreated() async throws {
    try await withRig { rig in
      try Self.list(rig, ["B,b,3"])
      rig.transport.follow { request, number in
        request.kind == "list" && number > 1 ? .answer(403, "{\"status\":\"error\",\"message\":\"no\"}") : .pass
      }
      let run = try await rig.run("let p = plan \(Self.program)\napply!(p)")
      #expect(run.outcome != .done && run.counts == ReportCounts(planned: 1, skipped: 1), "\(run.notes)")
      #expect(try await rig.values("name").isEmpty)
    }
  }

  @Test func aKeyThatTheStatementItselfGivesAwayIsNotCreated() async throws {
    try await withRig { rig in
      let ids = try await rig.items([["name": "a", "price": "1"]])
      let run = try await rig.run(
        """
        [{ id: "\(ids[0])" }] | each row {
          row | update { hs_sku: "B" }
          [{ sku: "B" }] | upsert by hs_sku { hs_sku: .sku, price: 2 }
        }
        """)
      #expect(run.outcome == .someSkipped, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 2, applied: 1, skipped: 1))
      #expect(try await rig.values("hs_sku") == [ids[0]: "B"])
    }
  }

  // MARK: Unique keys

  @Test func aUniqueKeyGoesThroughTheUpsertEndpoint() async throws {
    try await withRig { rig in
      try await Self.makeKey(rig)
      let ids = try await rig.items([
        ["name": "a", "erp_key": "A", "price": "1"], ["name": "b", "erp_key": "B", "price": "2"],
      ])
      try Self.list(rig, ["A,a,1", "B,b,2.50", "C,c,4"])
      let run = try await rig.run(Self.keyed)
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 3, applied: 2, unchanged: 1))
      #expect(run.notes.contains("plan  update 1 line_item, create 1 line_item in 2 batches"), "\(run.notes)")
      #expect(run.notes.contains("found 2 records by the unique property erp_key in 1 request"), "\(run.notes)")
      #expect(run.report?.created.count == 1)
      // What exists is changed by its id; the key alone would make a record again that was archived a moment ago.
      #expect(run.kinds["batch/upsert"] == 1 && run.kinds["batch/update"] == 1)
      #expect(run.kinds["list"] == nil && run.kinds["batch/create"] == nil)
      #expect(try await rig.value(ids[1], "price") == "2.50")
      // The journal knows the new record.
      let rows = try rig.journalled("SELECT id, result_id, outcome FROM record ORDER BY row")
      #expect(rows.map { $0["outcome"] as String? } == ["applied", "applied"])
      #expect(rows.last?["result_id"] as String? == run.report?.created.first)
    }
  }

  @Test func aRecordArchivedUnderItsUpdateIsNotMadeAgain() async throws {
    try await withRig { rig in
      try await Self.makeKey(rig)
      let ids = try await rig.items([["name": "a", "erp_key": "A", "price": "1"]])
      try Self.list(rig, ["A,a,2", "B,b,3"])
      rig.transport.follow { request, _ in
        // After the last look at the record, just before the change of it arrives.
        if request.kind == "batch/upsert" || request.kind == "batch/update" {
          _ = try? await rig.client.batchArchive(.lineItems, ids: ids)
        }
        return .pass
      }
      let run = try await rig.run(Self.keyed + " on error continue")
      #expect(run.outcome == .someFailed, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 2, applied: 1, failed: 1))
      #expect(try await rig.values("erp_key").values.sorted() == ["B"])
    }
  }

  @Test func requestsOfEachKindAreAsFewAsCanBe() async throws {
    try await withRig { rig in
      try await Self.makeKey(rig)
      _ = try await rig.items((0..<150).map { ["name": "n\($0)", "erp_key": "K\($0)", "price": "1"] })
      try Self.list(rig, (0..<270).map { "K\($0),n\($0),2" })
      let run = try await rig.run(Self.keyed)
      #expect(run.counts == ReportCounts(planned: 270, applied: 270), "\(run.notes)")
      #expect(run.report?.created.count == 120)
      #expect(run.kinds["batch/update"] == 2 && run.kinds["batch/upsert"] == 2, "\(run.kinds)")
    }
  }

  @Test func lostRepliesOfAUniqueKeyAreSettledByReading() async throws {
    for (fault, sendings) in [(FaultTransport.Fault.loseReply, 1), (.loseRequest, 2)] {
      try await withRig { rig in
        try await Self.makeKey(rig)
        _ = try await rig.items([["name": "a", "erp_key": "A", "price": "1"]])
        try Self.list(rig, ["A,a,2", "B,b,3"])
        rig.transport.follow { request, number in request.kind == "batch/upsert" && number == 1 ? fault : .pass }
        let run = try await rig.run(Self.keyed)
        #expect(run.outcome == .done, "\(run.notes)")
        #expect(run.counts == ReportCounts(planned: 2, applied: 2))
        #expect(run.report?.created.count == 1)
        #expect(rig.transport.log.count { $0.kind == "batch/upsert" } == sendings)
        #expect(try await rig.values("erp_key").values.sorted() == ["A", "B"])
      }
    }
  }

  @Test func aKeyTakenSinceThePlanIsSkipped() async throws {
    try await withRig { rig in
      try await Self.makeKey(rig)
      try Self.list(rig, ["A,mine,2", "B,b,3"])
      rig.transport.follow { request, number in
        // Between the read for the plan and the one just before sending.
        if request.kind == "batch/read", number == 2 {
          _ = try? await rig.items([["name": "theirs", "erp_key": "A"]])
        }
        return .pass
      }
      let run = try await rig.run(Self.keyed)
      #expect(run.outcome == .someSkipped, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 2, applied: 1, skipped: 1))
      #expect(run.notes.contains("has the erp_key \"A\" now"), "\(run.notes)")
      #expect(try await rig.values("name").values.sorted() == ["b", "theirs"])
    }
  }

  @Test func mixedRepliesAreAccountedFor() async throws {
    try await withRig { rig in
      try await Self.makeKey(rig)
      try Self.list(rig, ["A,a,1", "B,b,2", "C,c,3"])
      rig.transport.follow { request, _ in
        guard request.kind == "batch/upsert" else { return .pass }
        // The first result is left out of the reply although it was written.
        return .change { FaultLawTests.shortened($0) }
      }
      let run = try await rig.run(Self.keyed)
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 3, applied: 3))
      #expect(run.report?.created.count == 3)
    }
  }

  @Test func aNewRecordWithUniqueKeyAndTargetIsCreatedOnce() async throws {
    try await withRig { rig in
      try await Self.makeKey(rig)
      let deal = try await rig.deal()
      try Self.list(rig, ["A,a,1"])
      rig.transport.follow { request, number in request.kind == "batch/create" && number == 1 ? .loseRequest : .pass }
      let run = try await rig.run(
        "csv(\"list.csv\") | upsert by erp_key { erp_key: .sku, price: .price } to deal \"\(deal)\"")
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.kinds["batch/upsert"] == nil)
      #expect(rig.transport.log.count { $0.kind == "batch/create" } == 2)
      let linked = try await rig.client.associations(of: .deals, id: deal, to: .lineItems)
      #expect(linked.results.map(\.id) == run.report?.created)
    }
  }

  /// An answer to a read by key as a server might give it that compares keys in its own way.
  private static func found(_ id: String, _ property: String, _ key: String, missing: [String]) -> String {
    """
    {"status":"COMPLETE","results":[{"id":"\(id)","properties":{"\(property)":"\(key)","price":"1","name":"a"}}],
     "numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND","message":"not there",
     "context":{"ids":[\(missing.map { "\"\($0)\"" }.joined(separator: ","))]}}]}
    """
  }

  @Test func aKeyThatHubSpotSpellsOtherwiseRefusesItsRowAlone() async throws {
    for (given, kept) in [("ab", "AB"), ("ab", " ab")] {
      try await withRig { rig in
        try await Self.makeKey(rig)
        let ids = try await rig.items([["name": "a", "erp_key": kept, "price": "1"]])
        try Self.list(rig, ["\(given),a,2", "B,b,3"])
        rig.transport.follow { request, number in
          request.kind == "batch/read" && number == 1
            ? .answer(207, Self.found(ids[0], "erp_key", kept, missing: ["B"])) : .pass
        }
        let strict = try await rig.run(Self.keyed, Rig.Options(run: "strict"))
        #expect(strict.outcome == .fault && strict.kinds["batch/upsert"] == nil)
        #expect(strict.notes.contains("LIS0310") && strict.notes.contains("list.csv:2"), "\(strict.notes)")
        #expect(strict.notes.contains("record \(ids[0])") && strict.notes.contains("\"\(kept)\""), "\(strict.notes)")
        rig.transport.follow { request, number in
          request.kind == "batch/read" && number == 1
            ? .answer(207, Self.found(ids[0], "erp_key", kept, missing: ["B"])) : .pass
        }
        let run = try await rig.run(Self.keyed + " on error continue", Rig.Options(run: "lenient"))
        #expect(run.outcome == .someFailed, "\(run.notes)")
        #expect(run.counts == ReportCounts(planned: 2, applied: 1, failed: 1))
        #expect(run.report?.failed.first?.place.line == 2)
        #expect(try await rig.values("erp_key").values.sorted() == [kept, "B"].sorted())
      }
    }
  }

  @Test func aKeyOfWhichTheAnswerSaysNothingRefusesItsRowAlone() async throws {
    try await withRig { rig in
      try await Self.makeKey(rig)
      let ids = try await rig.items([["name": "a", "erp_key": "A", "price": "1"]])
      try Self.list(rig, ["A,a,2", "B,b,3"])
      // The answer passes over B, which is not to say that it is free.
      rig.transport.follow { request, number in
        request.kind == "batch/read" && number == 1
          ? .answer(
            200, Self.found(ids[0], "erp_key", "A", missing: ["Q"]).replacing("OBJECT_NOT_FOUND", with: "OTHER"))
          : .pass
      }
      let run = try await rig.run(Self.keyed + " on error continue")
      #expect(run.counts == ReportCounts(planned: 2, applied: 1, failed: 1), "\(run.notes)")
      #expect(try await rig.values("price") == [ids[0]: "2"])
    }
  }

  @Test func aNumberAsKeyIsTheSameHoweverItIsWritten() async throws {
    try await withRig { rig in
      _ = try await rig.client.createProperty(
        PropertyInput(
          name: "erp_number", label: "ERP number", groupName: "lineiteminformation", type: "number",
          fieldType: "number", hasUniqueValue: true), of: .lineItems)
      let ids = try await rig.items([["name": "a", "erp_number": "7", "price": "1"]])
      try Self.list(rig, ["7.0,a,2", "8,b,3"])
      rig.transport.follow { request, number in
        request.kind == "batch/read" && number == 1
          ? .answer(207, Self.found(ids[0], "erp_number", "7", missing: ["8"])) : .pass
      }
      let run = try await rig.run(
        "csv(\"list.csv\") | upsert by erp_number { erp_number: .sku, name: .name, price: .price }")
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 2, applied: 2))
      #expect(try await rig.value(ids[0], "price") == "2")
      #expect(try await rig.values("name").values.sorted() == ["a", "b"])
    }
  }

  @Test func aKeyThatIsSpelledOtherwiseJustBeforeSendingIsSkipped() async throws {
    try await withRig { rig in
      try await Self.makeKey(rig)
      try Self.list(rig, ["ab,a,2", "B,b,3", "C,c,4"])
      rig.transport.follow { request, number in
        request.kind == "batch/read" && number == 2
          ? .answer(207, Self.found("77", "erp_key", "AB", missing: ["B"]).replacing("\"numErrors\":1,", with: ""))
          : .pass
      }
      let run = try await rig.run(Self.keyed + " on error continue")
      #expect(run.notes.contains("record 77 has the erp_key \"AB\""), "\(run.notes)")
      // Of C the answer says nothing.
      #expect(run.counts == ReportCounts(planned: 3, applied: 1, failed: 1, skipped: 1), "\(run.notes)")
      #expect(try await rig.values("name").values.sorted() == ["b"])
    }
  }

  @Test func uniqueKeysThatDifferInCaseOnlyAreOne() async throws {
    try await withRig { rig in
      try await Self.makeKey(rig)
      try Self.list(rig, ["ab,a,1", "AB,b,2"])
      let run = try await rig.run(Self.keyed)
      #expect(run.notes.contains("LIS0315"), "\(run.notes)")
      // A key that is not unique in HubSpot is compared as it is.
      let other = try await rig.run(Self.program, Rig.Options(run: "other"))
      #expect(other.counts == ReportCounts(planned: 2, applied: 2), "\(other.notes)")
    }
  }
}
