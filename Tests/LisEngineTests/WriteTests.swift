import LisEngine
import LisRuntime
import PracticePortal
import Testing

/// Writing without faults: what is planned, what is sent, what is left alone.
@Suite struct WriteTests {
  static let reprice = """
    let prices = { "SRV-1": 45.00, "SRV-2": 139.00, "SRV-3": 30.50, "SRV-4": 102.00, "SRV-5": 175.00, "SRV-6": 8.50 }
    find where .hs_sku in keys(prices) and .price != null | update { price: prices[.hs_sku] } at most 5000
    """

  @Test func theRunbookSendsTheFewestRequests() async throws {
    try await withRig(PortalConfiguration(seed: .demo)) { rig in
      let refused = try await rig.run(Self.reprice, Rig.Options(apply: false, run: "first"))
      #expect(refused.outcome == .notApproved)
      #expect(refused.outcome.exitCode == 9)
      #expect(refused.requests.allSatisfy { $0.path.hasSuffix("/search") || $0.path.contains("/properties/") })
      #expect(refused.notes.contains("plan  update 4,060 line_items in 41 batches"))

      let run = try await rig.run(Self.reprice, Rig.Options(run: "second"))
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 4060, applied: 4060))
      #expect(run.notes.contains("4,060 planned, all applied"))
      #expect(run.kinds == ["schema": 1, "search": 21, "batch/read": 41, "batch/update": 41])

      let again = try await rig.run(Self.reprice, Rig.Options(run: "third"))
      #expect(again.outcome == .done)
      #expect(again.kinds == ["schema": 1, "search": 21])
      #expect(again.notes.contains("nothing to change"))
    }
  }

  @Test func planOnlySendsNothingAndSaysThatThereAreChanges() async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      let run = try await rig.run(
        """
        let r = find where .hs_sku == "A" | update { price: 20 }
        print(r.planned, r.applied, r.not_sent)
        print(count(find where .price == 10))
        """, Rig.Options(planOnly: true))
      #expect(run.outcome == .planHasChanges)
      #expect(run.lines.first == "3 0 3")
      // Reads after a planned change see it.
      #expect(run.lines.last == "0")
      #expect(run.kinds["batch/update"] == nil)
      #expect(run.kinds["batch/read"] == nil)
    }
  }

  @Test func aPersonDecides() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      let program = "find where .hs_sku == \"A\" | update { price: 20 }"
      let no = try await rig.run(program, Rig.Options(apply: false, answer: .text(""), run: "no"))
      #expect(no.outcome == .notApproved)
      let yes = try await rig.run(program, Rig.Options(apply: false, answer: .text("y"), run: "yes"))
      #expect(yes.outcome == .done)
      #expect(try await rig.value(ids[0], "price") == "20")
      // An archive wants the count.
      let archive = "find where .hs_sku == \"A\" | archive"
      #expect(
        try await rig.run(archive, Rig.Options(apply: false, answer: .text("y"), run: "a")).outcome == .notApproved)
      #expect(try await rig.run(archive, Rig.Options(apply: false, answer: .text("2"), run: "b")).outcome == .done)
    }
  }

  @Test func readOnlyAndWrongCountsRefuse() async throws {
    try await withRig { rig in
      _ = try await rig.items(2)
      let program = "find where .hs_sku == \"A\" | update { price: 20 }"
      #expect(try await rig.run(program, Rig.Options(readOnly: true)).outcome == .notApproved)
      #expect(try await rig.run(program, Rig.Options(expectedChanges: 3)).outcome == .notApproved)
      #expect(try await rig.run(program, Rig.Options(expectedChanges: 2)).outcome == .done)
    }
  }

  @Test func writtenDigitsStay() async throws {
    try await withRig { rig in
      let ids = try await rig.items([["name": "a", "price": "1.10"], ["name": "b", "price": "2.5"]])
      let run = try await rig.run(
        """
        find where .price in 1..3 | update { price: .price, name: "x" }
        """)
      #expect(run.outcome == .done)
      #expect(try await rig.value(ids[0], "price") == "1.10")
      #expect(try await rig.value(ids[1], "price") == "2.5")
    }
  }

  @Test func equalValuesAreNoChange() async throws {
    try await withRig { rig in
      _ = try await rig.items([["name": "a", "price": "1.10"], ["name": "b", "price": "1.2"]])
      let run = try await rig.run("find where .price > 0 | update { price: 1.1 }")
      #expect(run.counts == ReportCounts(planned: 2, applied: 1, unchanged: 1))
    }
  }

  @Test func theStandardLimitIsAThousandRows() async throws {
    try await withRig { rig in
      _ = try await rig.items(1001)
      let over = try await rig.run("find where .hs_sku == \"A\" | update { price: 20 }")
      #expect(over.outcome == .fault)
      #expect(over.notes.contains("LIS0312"))
      #expect(over.kinds["batch/read"] == nil)
      let more = try await rig.run("find where .hs_sku == \"A\" | update { price: 20 } at most 1001")
      #expect(more.counts?.applied == 1001)
    }
  }

  @Test func atMostStops() async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      for program in [
        "find where .hs_sku == \"A\" | update { price: 20 } at most 2",
        "find where .hs_sku == \"A\" | archive at most 2",
        "[1, 2, 3] | create { name: \"n${.}\" } at most 2",
        "find where .hs_sku == \"A\" | each r { r | update { price: 20 } at most 2 }",
      ] {
        let run = try await rig.run(program)
        #expect(run.notes.contains("LIS0312"), "\(program): \(run.notes)")
        #expect(run.kinds["batch/update"] == nil && run.kinds["batch/create"] == nil)
      }
      #expect(try await rig.run("find where .hs_sku == \"A\" | update { price: 20 } at most 3").outcome == .done)
    }
  }

  @Test func writesInsideEachAreOneChangeSet() async throws {
    try await withRig { rig in
      let ids = try await rig.items([
        ["name": "a", "quantity": "0", "hs_sku": "OLD-1"], ["name": "b", "quantity": "2", "hs_sku": "OLD-2"],
        ["name": "c", "quantity": "3", "hs_sku": "OLD-3"],
      ])
      let run = try await rig.run(
        """
        find where .hs_sku in ["OLD-1", "OLD-2", "OLD-3"] | each item {
          if item.quantity == 0 {
            item | archive
          } else {
            item | update { name: "${item.name} (legacy)" }
          }
        }
        """)
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 3, applied: 3))
      #expect(run.kinds == ["schema": 1, "search": 1, "batch/read": 3, "batch/update": 1, "batch/archive": 1])
      #expect(try await rig.value(ids[1], "name") == "b (legacy)")
      #expect(try rig.journalled("SELECT DISTINCT statement FROM batch").count == 1)
    }
  }

  @Test func changesOfDifferentPropertiesMerge() async throws {
    try await withRig { rig in
      let ids = try await rig.items(1)
      let run = try await rig.run(
        """
        find where .hs_sku == "A" | each item {
          item | update { price: 20 }
          item | update { quantity: 3 }
          item | update { quantity: 3.0 }
        }
        """)
      #expect(run.counts == ReportCounts(planned: 3, applied: 1, unchanged: 2))
      #expect(run.kinds["batch/update"] == 1)
      #expect(try await rig.value(ids[0], "price") == "20")
      #expect(try await rig.value(ids[0], "quantity") == "3")
    }
  }

  @Test(arguments: [
    ("item | update { price: 20 }\n item | update { price: 21 }", "LIS0313"),
    ("item | update { price: 20 }\n item | archive", "LIS0314"),
    ("item | update { discount: 1 }\n item | update { hs_discount_percentage: 5 }", "LIS0310"),
    ("item | update { discount: 1, hs_discount_percentage: 5 }", "LIS0310"),
  ])
  func conflictingChangesAreRefused(_ body: String, _ code: String) async throws {
    try await withRig { rig in
      _ = try await rig.items(1)
      let run = try await rig.run("find where .hs_sku == \"A\" | each item {\n \(body)\n}")
      #expect(run.notes.contains(code), "\(run.notes)")
      #expect(run.kinds["batch/update"] == nil && run.kinds["batch/archive"] == nil)
    }
  }

  @Test func aBrokenOffInnerStatementWritesNothing() async throws {
    try await withRig { rig in
      let ids = try await rig.items(1)
      try rig.file("rows.csv", "id,price\n\(ids[0]),5\n\(ids[0]),abc\n")
      let run = try await rig.run(
        """
        find where .hs_sku == "A" | each item {
          try {
            csv("rows.csv") | update { price: number(.price) }
          } catch e {
            print("caught")
          }
          item | update { quantity: 7 }
        }
        """)
      #expect(run.out == "caught\n")
      #expect(run.counts == ReportCounts(planned: 1, applied: 1))
      #expect(try await rig.value(ids[0], "price") == "10.00")
      #expect(try await rig.value(ids[0], "quantity") == "7")
    }
  }

  @Test func rowsOfAFileAreComparedWithTheRecords() async throws {
    try await withRig { rig in
      let ids = try await rig.items([
        ["name": "a", "price": "1.10"], ["name": "b", "price": "2"], ["name": "c", "price": "3"],
      ])
      try rig.file("new.csv", "id,price\n\(ids[0]),1.1\n\(ids[1]),2.50\n424242,9\n")
      let run = try await rig.run("csv(\"new.csv\") | update { price: .price }")
      #expect(run.outcome == .someFailed)
      #expect(run.counts == ReportCounts(planned: 3, applied: 1, unchanged: 1, failed: 1))
      #expect(run.report?.failed.first?.id == "424242")
      #expect(run.report?.failed.first?.place.line == 4)
      #expect(run.notes.contains("→ 2.50"))
      #expect(try await rig.value(ids[1], "price") == "2.50")
    }
  }

  @Test func rowsThatCannotBeWrittenStopTheStatement() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      try rig.file("new.csv", "id,price\n\(ids[0]),5\n\(ids[1]),\"1,5\"\n,7\nabc,7\n")
      let program = "csv(\"new.csv\") | update { price: .price }"
      let stopped = try await rig.run(program, Rig.Options(run: "one"))
      #expect(stopped.outcome == .fault)
      #expect(stopped.kinds["batch/update"] == nil)
      let run = try await rig.run(program + " on error continue", Rig.Options(run: "two"))
      #expect(run.outcome == .someFailed)
      #expect(run.counts == ReportCounts(planned: 4, applied: 1, failed: 3))
      #expect(run.report?.failed.map(\.place.line) == [3, 4, 5])
      #expect(try await rig.value(ids[0], "price") == "5")
    }
  }

  @Test func createOnADeal() async throws {
    try await withRig { rig in
      let deal = try await rig.deal()
      try rig.file("new.csv", "name,price,deal\nA,1.50,\(deal)\nB,2,\(deal)\nC,3,none\n")
      let run = try await rig.run(
        """
        let r = csv("new.csv") | create { name: .name, price: .price } to deal .deal on error continue
        print(r.applied, count(r.created), count(r.failed))
        """)
      #expect(run.outcome == .someFailed, "\(run.notes)")
      #expect(run.out == "2 2 1\n")
      let found = try await rig.client.searchPage(
        .init(
          type: .lineItems, filterGroups: [.init([.init("associations.deal", .equal(deal))])], properties: ["price"]))
      #expect(found.results.map { $0.text("price") }.sorted() == ["1.50", "2"])
    }
  }

  @Test func identicalCreatesNeverShareABatch() async throws {
    try await withRig { rig in
      let one = try await rig.deal("one")
      let two = try await rig.deal("two")
      let run = try await rig.run(
        """
        [{ d: "\(one)", p: 5 }, { d: "\(two)", p: 5.0 }, { d: "\(one)", p: 5 }, { d: "\(one)", p: 6 }]
          | create { name: "Seat", price: .p } to deal .d
        """)
      #expect(run.counts == ReportCounts(planned: 4, applied: 4))
      #expect(Set(run.report?.created ?? []).count == 4)
      #expect(run.notes.contains("in 3 batches"))
      #expect(run.kinds["batch/create"] == 3)
    }
  }

  @Test func archiveIsConfirmed() async throws {
    try await withRig { rig in
      let ids = try await rig.items(150)
      let run = try await rig.run("find where .hs_sku == \"A\" | archive")
      #expect(run.counts == ReportCounts(planned: 150, applied: 150))
      #expect(run.kinds == ["schema": 1, "search": 1, "batch/read": 4, "batch/archive": 2])
      #expect(try await rig.client.listPage(.init(type: .lineItems, properties: [])).results.isEmpty)
      // What is gone already needs no request that writes, and is not claimed as done.
      try rig.file("gone.csv", "id\n\(ids[0])\n")
      let again = try await rig.run("csv(\"gone.csv\") | archive", Rig.Options(run: "again"))
      #expect(again.counts == ReportCounts(planned: 1, unchanged: 1))
      #expect(again.kinds["batch/archive"] == nil)
    }
  }

  @Test func whatMovedSinceThePlanIsSkipped() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      rig.transport.follow { request, number in
        // Just before the read that comes before sending.
        if request.kind == "batch/read", number == 1 {
          try? await rig.set(ids[1], "price", "11")
          _ = try? await rig.client.archive(.lineItems, id: ids[2])
        }
        return .pass
      }
      let run = try await rig.run("find where .hs_sku == \"A\" | update { price: 20 }")
      #expect(run.outcome == .someFailed)
      #expect(run.counts == ReportCounts(planned: 3, applied: 1, failed: 1, skipped: 1))
      #expect(run.report?.skipped.first?.reason == "changed since plan: price was 10.00 and is now 11")
      #expect(run.report?.skipped.first?.id == ids[1])
      #expect(run.report?.failed.first?.id == ids[2])
      #expect(try await rig.value(ids[1], "price") == "11")
    }
  }

  @Test func aValueThePlanRestsOnCountsAsWell() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      rig.transport.follow { request, number in
        if request.kind == "batch/read", number == 1 { try? await rig.set(ids[0], "hs_sku", "B") }
        return .pass
      }
      let run = try await rig.run("find where .hs_sku == \"A\" | update { price: 20 }")
      #expect(run.counts == ReportCounts(planned: 2, applied: 1, skipped: 1))
    }
  }

  @Test func laterStatementsSeeEarlierOnes() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2, ["price": "10.00", "hs_sku": "A", "quantity": "1"])
      let stale = """
        {"total":2,"results":[\(ids.map { "{\"id\":\"\($0)\",\"properties\":{\"hs_sku\":\"A\",\"price\":\"10.00\",\"amount\":\"10.00\"}}" }.joined(separator: ","))]}
        """
      rig.transport.follow { request, number in
        // The index still has the old values, as HubSpot's may for seconds.
        request.kind == "search" && number > 1 ? .answer(200, stale) : .pass
      }
      let run = try await rig.run(
        """
        find where .hs_sku == "A" | update { price: 20 }
        find where .hs_sku == "A" and .amount != null | update { price: .price + 1 }
        find where .hs_sku == "A" | select .price
        find where .hs_sku == "A" | take 1 | archive
        print(count(find where .hs_sku == "A"))
        """)
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.lines == ["{\"price\":21}", "{\"price\":21}", "1"])
      #expect(try await rig.value(ids[1], "price") == "21")
    }
  }

  @Test func clearingAValue() async throws {
    try await withRig { rig in
      let ids = try await rig.items(1)
      let run = try await rig.run("find where .hs_sku == \"A\" | update { hs_sku: null, price: 10 }")
      #expect(run.counts?.applied == 1)
      #expect(try await rig.value(ids[0], "hs_sku") == "")
      let again = try await rig.run("find where .price == 10 | update { hs_sku: \"\" }", Rig.Options(run: "again"))
      #expect(again.counts == nil)
      #expect(again.notes.contains("nothing to change"))
    }
  }

  @Test(arguments: [
    "{ amount: 5 }", "{ hs_term_in_months: 5 }", "{ nothing_like_it: 1 }", "{ price: -1 }", "{ price: 1.1234567 }",
    "{ recurringbillingfrequency: \"sometimes\" }", "{ hs_recurring_billing_period: \"soon\" }", "{ quantity: \"x\" }",
  ])
  func valuesThePortalWouldRefuse(_ record: String) async throws {
    try await withRig { rig in
      _ = try await rig.items(1)
      let run = try await rig.run("find where .hs_sku == \"A\" | update \(record)")
      #expect(run.outcome == .fault || run.outcome == .checkFailed)
      #expect(run.kinds["batch/update"] == nil)
    }
  }

  // MARK: An index that lags

  static let nothingFound = "{\"total\":0,\"results\":[]}"

  @Test func whatWasWrittenIsFoundBeforeTheIndexKnowsIt() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      let deal = try await rig.deal()
      rig.transport.follow { request, number in
        request.kind == "search" && number > 1 ? .answer(200, WriteTests.nothingFound) : .pass
      }
      let run = try await rig.run(
        """
        find where .hs_sku == "A" | update { price: 20, hs_recurring_billing_start_date: @2027-01-01 }
        print(count(find where .price == 20), count(find where .price > 15 and .hs_sku == "A"))
        create { name: "new", price: 5, hs_sku: "N" } to deal "\(deal)"
        find where .hs_sku == "n" or .hs_sku == "N" | select .name
        print(count(find where .deal == "\(deal)"), count(find where .deal == "77"))
        print(count(find where .amount == 20))
        """)
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.lines == ["3 3", "{\"name\":\"new\"}", "1 0", "0"])
      #expect(ids.count == 3)
    }
  }

  @Test func aConditionOnADealSeesOwnChangesOfOtherProperties() async throws {
    try await withRig { rig in
      let ids = try await rig.items(4, ["price": "10.00", "hs_sku": "A", "quantity": "2"])
      let (deal, other) = (try await rig.deal(), try await rig.deal("other"))
      for id in ids.prefix(3) { _ = try await rig.client.associate(.lineItems, id: id, with: .deals, otherID: deal) }
      _ = try await rig.client.associate(.lineItems, id: ids[3], with: .deals, otherID: other)
      let stale = """
        {"total":1,"results":[{"id":"\(ids[0])","properties":{"hs_sku":"A","price":"10.00","amount":"20.00"}}]}
        """
      rig.transport.follow { request, number in
        guard request.kind == "search", number > 1 else { return .pass }
        return .answer(200, request.body.contains("\"price\"") && number < 5 ? WriteTests.nothingFound : stale)
      }
      let run = try await rig.run(
        """
        find where .hs_sku == "A" | update { price: 20 }
        print(count(find where .deal == "\(deal)" and .price == 20))
        print(count(find where .price == 20 and .deal in ["\(other)", "77"]))
        print(count(find where .deal == "77" and .price == 20), count(find where .deal == "\(deal)" and .price == 10))
        find where .deal == "\(deal)" | select .id, .amount
        """)
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.lines == ["3", "1", "0 0"] + ids.prefix(3).map { "{\"id\":\"\($0)\",\"amount\":40.00}" })
    }
  }

  @Test func linksOfWhatTheRunMadeAreKnown() async throws {
    try await withRig { rig in
      let (deal, other) = (try await rig.deal(), try await rig.deal("other"))
      let run = try await rig.run(
        """
        create { name: "a", price: 1 } to deal "\(deal)"
        print(count(find where .deal == "\(other)" and .price == 1), count(find where .deal == "\(deal)"))
        """)
      #expect(run.outcome == .done && run.lines == ["0 1"], "\(run.notes)")
      #expect(run.kinds["associations"] == nil, "\(run.kinds)")
    }
  }

  @Test func aCheckOfWhatWasDoneCostsOneSearch() async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      let run = try await rig.run(
        """
        find where .hs_sku == "A" | update { price: 20, hs_recurring_billing_start_date: @2027-01-01 }
        print(count(find where .price != 20 and .hs_sku == "A"))
        print(count(find where .price < 20.00), count(find where .price == null), count(find where .price in [1, 2]))
        print(count(find where .hs_recurring_billing_start_date != @2027-01-01 and .hs_sku == "A"))
        print(count(find where .hs_recurring_billing_start_date < @2027-01-01))
        """)
      #expect(run.lines == ["0", "0 0 0", "0", "0"])
      #expect(run.kinds == ["schema": 1, "search": 7, "batch/read": 1, "batch/update": 1])
    }
  }

  @Test func aPlanIsSeenByLaterReads() async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      let run = try await rig.run(
        """
        find where .hs_sku == "A" | take 2 | update { price: 20 }
        print(count(find where .price == 20), count(find where .price == 10))
        find where .price == 20 | update { quantity: 4 }
        """, Rig.Options(planOnly: true))
      #expect(run.outcome == .planHasChanges)
      #expect(run.out == "2 1\n")
      #expect(run.notes.contains("plan  update 2 line_items in 1 batch"))
      #expect(run.kinds["batch/update"] == nil)
    }
  }
}
