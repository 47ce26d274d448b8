import HubSpot
import LisEngine
import LisRuntime
import PracticePortal
import Testing

/// Reading: complete, in order, with no more requests than needed.
@Suite struct ReadTests {
  @Test func aConditionIsPushedAndCheckedAgain() async throws {
    try await withRig { rig in
      let ids = try await rig.items([
        ["name": "a", "hs_sku": "X1", "price": "5"], ["name": "b", "hs_sku": "x1", "price": "5"],
        ["name": "c", "hs_sku": "X1", "price": "50"],
      ])
      let run = try await rig.run("find where .hs_sku == \"X1\" and .price < 10 | select .id, .name, .price")
      #expect(run.outcome == .done)
      #expect(run.out == "{\"id\":\"\(ids[0])\",\"name\":\"a\",\"price\":5}\n")
      #expect(run.kinds == ["schema": 1, "search": 1])
    }
  }

  @Test func nothingMatchesWithoutARequest() async throws {
    try await withRig { rig in
      let run = try await rig.run("print(count(find where .hs_sku in []))")
      #expect(run.out == "0\n")
      #expect(run.kinds == ["schema": 1])
    }
  }

  @Test func aConditionThatCannotBePushedNeedsAll() async throws {
    try await withRig { rig in
      let form = try await rig.run("find where lower(.name) contains \"x\" | select .id")
      #expect(form.outcome == .checkFailed)
      #expect(form.notes.contains("LIS0192"))
      #expect(form.requests.isEmpty)
      // Of the right form, but HubSpot's own rules of case would leave rows out.
      let run = try await rig.run("find where .hs_sku != \"x\" | select .id")
      #expect(run.outcome == .fault)
      #expect(run.notes.contains("LIS0303"))
      #expect(run.requests.allSatisfy { $0.path.contains("properties") })
    }
  }

  @Test func aDateBesideAMomentIsToldOf() async throws {
    try await withRig { rig in
      let run = try await rig.run("find where .hs_recurring_billing_start_date < now() | select .id")
      #expect(run.outcome == .fault)
      #expect(run.notes.contains("LIS0303") && run.notes.contains("`today()`"), "\(run.notes)")
      let right = try await rig.run("find where .hs_recurring_billing_start_date < today() | select .id")
      #expect(right.outcome == .done)
    }
  }

  @Test func allRecordsComeByTheListEndpoint() async throws {
    try await withRig { rig in
      let ids = try await rig.items(250)
      let run = try await rig.run("find all | select .id")
      #expect(run.lines == ids.map { "{\"id\":\"\($0)\"}" })
      #expect(run.kinds == ["schema": 1, "list": 3])
    }
  }

  @Test func idsAreReadAsRecordsAndNotSearched() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      let wanted = "[\"\(ids[2])\", \"\(ids[0])\", \"999999999999\", \"abc\", \"\", \"007\"]"
      let run = try await rig.run("find where .id in \(wanted) | select .id")
      #expect(run.lines == [ids[0], ids[2]].map { "{\"id\":\"\($0)\"}" })
      #expect(run.kinds == ["schema": 1, "batch/read": 1])
    }
  }

  @Test func nineteenDigitsStayAsTheyAre() async throws {
    try await withRig { rig in
      let ids = try await rig.items([["name": "a", "hs_product_id": "9007199254740993001"]])
      let run = try await rig.run(
        """
        find where .hs_product_id == "9007199254740993001" | select .hs_product_id
        find where .id == "\(ids[0])" | update { name: "b" }
        """)
      #expect(run.outcome == .done)
      #expect(run.out == "{\"hs_product_id\":\"9007199254740993001\"}\n")
      #expect(try await rig.value(ids[0], "hs_product_id") == "9007199254740993001")
    }
  }

  @Test func aLongListIsSpreadOverSeveralSearches() async throws {
    try await withRig { rig in
      let records = (0..<600).map { ["name": "Item \($0)", "hs_sku": "SKU-NUMBER-\($0)"] }
      let ids = try await rig.items(records)
      let list = (0..<600).reversed().map { "\"sku-number-\($0)\", \"SKU-NUMBER-\($0)\"" }.joined(separator: ", ")
      let run = try await rig.run("find where .hs_sku in [\(list)] | select .id")
      #expect(run.outcome == .done)
      #expect(run.lines == ids.map { "{\"id\":\"\($0)\"}" })
      #expect((run.kinds["search"] ?? 0) > 3)
      #expect(run.requests.allSatisfy { $0.status == 200 })
    }
  }

  @Test func moreMatchesThanASearchCanReachComeExactlyOnce() async throws {
    try await withRig(PortalConfiguration(seed: .lineItems(25_000))) { rig in
      var unlimited = Rig.Options()
      unlimited.readLimit = nil
      let limited = try await rig.run("find where .quantity >= 0 | select .id")
      #expect(limited.outcome == .fault && limited.notes.contains("LIS0360"), "\(limited.notes)")
      #expect(limited.lines.isEmpty && limited.kinds["search"] == 1)
      let few = try await rig.run("find where .quantity >= 0 | take 3 | select .id")
      #expect(few.outcome == .done && few.lines.count == 3, "\(few.notes)")
      let run = try await rig.run("find where .quantity >= 0 | select .id", unlimited)
      let all = try await rig.run("find all where .quantity >= 0 | select .id")
      let listed = try await rig.run("find all where .quantity + 0 >= 0 | select .id")
      #expect(run.lines.count > 20_000)
      #expect(Set(run.lines).count == run.lines.count)
      #expect(run.lines == all.lines)
      #expect(run.lines == listed.lines)
      #expect(run.kinds["search"] == (run.lines.count + 199) / 200)
      #expect(listed.kinds["list"] == 250)
    }
  }

  @Test func recordsThatStopMatchingMeanwhileHideNoOthers() async throws {
    try await withRig { rig in
      let ids = try await rig.items(500)
      rig.transport.follow { request, number in
        if request.kind == "search", number == 2 { try? await rig.set(ids[0], "hs_sku", "B") }
        return .pass
      }
      let run = try await rig.run("find where .hs_sku == \"A\" | select .id")
      #expect(run.lines == ids.map { "{\"id\":\"\($0)\"}" })
    }
  }

  @Test func aServerThatRepeatsItselfIsALoop() async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      let page = """
        {"total":5,"results":[{"id":"7","properties":{}},{"id":"8","properties":{}}],"paging":{"next":{"after":"2"}}}
        """
      rig.transport.follow { request, _ in request.kind == "search" ? .answer(200, page) : .pass }
      let run = try await rig.run("find where .hs_sku == \"A\" | select .id")
      #expect(run.outcome == .transport)
      #expect(run.notes.contains("LIS0306"))
    }
  }

  @Test func idsOutOfOrderAreALoop() async throws {
    try await withRig { rig in
      let page = "{\"total\":2,\"results\":[{\"id\":\"8\",\"properties\":{}},{\"id\":\"7\",\"properties\":{}}]}"
      rig.transport.follow { request, _ in request.kind == "search" ? .answer(200, page) : .pass }
      let run = try await rig.run("find where .hs_sku == \"A\" | select .id")
      #expect(run.outcome == .transport)
    }
  }

  @Test func aListThatRepeatsItsCursorIsALoop() async throws {
    try await withRig { rig in
      let page = "{\"results\":[{\"id\":\"8\",\"properties\":{}}],\"paging\":{\"next\":{\"after\":\"8\"}}}"
      rig.transport.follow { request, _ in request.kind == "list" ? .answer(200, page) : .pass }
      let run = try await rig.run("find all | select .id")
      #expect(run.notes.contains("LIS0306"))
    }
  }

  @Test(arguments: [
    "{}", "{\"results\":null}", "{\"results\":[{\"properties\":{}}]}", "<html></html>", "{\"results\":[", "",
    "{\"results\":[{\"id\":\"7\",\"properties\":{},}]}",
  ])
  func anAnswerThatIsNoneIsNotTakenAsEmpty(_ body: String) async throws {
    try await withRig { rig in
      rig.transport.follow { request, _ in request.kind == "schema" ? .pass : .answer(200, body) }
      for program in ["find where .hs_sku == \"A\"", "find all", "find where .id == \"5\""] {
        let run = try await rig.run(program + " | select .id")
        #expect(run.outcome == .fault || run.outcome == .transport, "\(program): \(run.notes)")
        #expect(run.out.isEmpty)
      }
    }
  }

  @Test func aReadThatFailsForAWhileIsRepeated() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      rig.transport.follow { request, number in
        guard request.kind == "search" else { return .pass }
        switch number {
        case 1: return .answer(503, "oops")
        case 2: return .change { String($0.dropLast(20)) }
        case 3: return .loseReply
        default: return .pass
        }
      }
      let run = try await rig.run("find where .hs_sku == \"A\" | select .id")
      #expect(run.lines.count == ids.count)
    }
  }

  @Test func someRecordsThatCannotBeReadAreAnError() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      let partial = """
        {"status":"COMPLETE","results":[],"numErrors":1,"errors":[{"status":"error","category":"INTERNAL","message":"no"}]}
        """
      rig.transport.follow { request, _ in request.kind == "batch/read" ? .answer(207, partial) : .pass }
      let run = try await rig.run("find where .id in [\"\(ids[0])\", \"\(ids[1])\"] | select .id")
      #expect(run.outcome == .transport)
      #expect(run.notes.contains("LIS0307"))
      let silent = "{\"status\":\"COMPLETE\",\"results\":[]}"
      rig.transport.follow { request, _ in request.kind == "batch/read" ? .answer(200, silent) : .pass }
      let second = try await rig.run("find where .id in [\"\(ids[0])\", \"\(ids[1])\"] | select .id")
      #expect(second.notes.contains("LIS0307"))
    }
  }

  @Test func anEmptyPageInTheMiddleIsNotTheEnd() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      let empty = "{\"total\":2,\"results\":[],\"paging\":{\"next\":{\"after\":\"0\"}}}"
      rig.transport.follow { request, number in
        request.kind == "search" && number == 1
          ? .answer(200, empty.replacing("\"0\"", with: "\"1\"")) : .pass
      }
      let run = try await rig.run("find where .hs_sku == \"A\" | select .id")
      #expect(run.lines == ["{\"id\":\"\(ids[1])\"}"])
      rig.transport.follow { request, _ in request.kind == "search" ? .answer(200, empty) : .pass }
      #expect(try await rig.run("find where .hs_sku == \"A\" | select .id").notes.contains("LIS0306"))
    }
  }

  @Test(arguments: [401, 403]) func accessRefused(_ status: Int) async throws {
    try await withRig { rig in
      let body = """
        {"status":"error","message":"no","category":"MISSING_SCOPES",
         "errors":[{"message":"x","context":{"requiredGranularScopes":["crm.objects.line_items.read"]}}]}
        """
      rig.transport.follow { request, _ in request.kind == "search" ? .answer(status, body) : .pass }
      let run = try await rig.run("find where .hs_sku == \"A\" | select .id")
      #expect(run.outcome == .noAccess)
    }
  }

  @Test func noConnectionIsExitSeven() async throws {
    try await withRig { rig in
      rig.transport.follow { request, _ in request.kind == "search" ? .refuse : .pass }
      let run = try await rig.run("find where .hs_sku == \"A\" | select .id")
      #expect(run.outcome == .transport)
    }
  }

  @Test func otherObjectTypesAreReadTheSameWay() async throws {
    try await withRig { rig in
      let id = try await rig.deal("Renewal")
      let run = try await rig.run("find deals where .dealname == \"Renewal\" | select .id, .dealname")
      #expect(run.out == "{\"id\":\"\(id)\",\"dealname\":\"Renewal\"}\n")
    }
  }

  @Test func itemsOfADeal() async throws {
    try await withRig { rig in
      let deal = try await rig.deal()
      let run = try await rig.run("create { name: \"a\", price: 1 } to deal \"\(deal)\"")
      #expect(run.outcome == .done)
      let items = try await rig.run("find where .deal == \"\(deal)\" | select .name")
      #expect(items.out == "{\"name\":\"a\"}\n")
      #expect(try await rig.run("find where .deal in [] | select .name").out == "")
    }
  }

  /// What a record is linked to is decided by HubSpot alone, so the condition must never be the one that is left out.
  @Test func aConditionOnADealIsNeverLost() async throws {
    try await withRig { rig in
      let mine = try await rig.deal("mine")
      let other = try await rig.deal("other")
      try rig.file(
        "new.csv",
        "name,price,deal\n" + (1...6).map { "m\($0),\($0),\(mine)\no\($0),\($0),\(other)\n" }.joined())
      let made = try await rig.run(
        "csv(\"new.csv\") | create { name: .name, price: .price, quantity: 1 } to deal .deal")
      let ids = (made.report?.created ?? []).map { "\"\($0)\"" }.joined(separator: ", ")
      let deals = "[\"\(mine)\", \"1\", \"2\"]"
      for condition in [
        ".deal in \(deals) and .price in [1, 2, 3]", ".price in [1, 2, 3] and .deal in \(deals)",
        ".price != 1 and .quantity != 7 and .hs_sku != \"x\" and .hs_discount_percentage != 3 and .deal == \"\(mine)\"",
        ".price > 0 and .price > 0.1 and .price > 0.2 and .price > 0.3 and .quantity > 0 and .quantity > 0.5 "
          + "and .deal == \"\(mine)\"",
        ".id in [\(ids)] and .deal == \"\(mine)\"", ".deal == \"\(mine)\" and .id in [\(ids)]",
        ".deal == \"\(mine)\" and lower(.name) startswith \"m\"", ".deal == \"\(mine)\" and true",
      ] {
        let run = try await rig.run("find where \(condition) | select .name")
        #expect(run.outcome == .done, "\(condition): \(run.notes)")
        #expect(!run.lines.isEmpty && run.lines.allSatisfy { $0.contains("\"m") }, "\(condition): \(run.out)")
      }
      let quotes = "find where .deal in [\"\(mine)\", \"1\", \"2\"] and .quote in [\"3\", \"4\"] | select .name"
      let both = try await rig.run(quotes)
      #expect(both.outcome == .done && both.lines.isEmpty, "\(both.notes)")
      #expect(try await rig.run("find where .deal == null | select .id").outcome != .done)
    }
  }

  @Test func theReadLimitCountsEachRecordOnce() async throws {
    try await withRig { rig in
      _ = try await rig.items(30, ["price": "10", "quantity": "1"])
      _ = try await rig.items(15, ["price": "11", "quantity": "9"])
      // Nine alternatives are two searches, and both find the thirty.
      let twice = "find where .price in [10, 1, 2, 3, 4] or .quantity in [1, 5, 6, 7] | select .id"
      let enough = try await rig.run(twice, Rig.Options(readLimit: 40))
      #expect(enough.outcome == .done && enough.lines.count == 30, "\(enough.notes)")
      #expect(enough.kinds["search"] == 2)
      // Each search finds no more than the limit, and both together do.
      let both = "find where .price in [10, 1, 2, 3, 4] or .quantity in [9, 5, 6, 7] | select .id"
      let over = try await rig.run(both, Rig.Options(readLimit: 40))
      #expect(over.outcome == .fault && over.notes.contains("LIS0360"), "\(over.notes)")
      #expect(try await rig.run(both, Rig.Options(readLimit: 45)).lines.count == 45)
    }
  }

  @Test func theReadLimitHoldsForLinkedRecordsWithATakeBehindThem() async throws {
    try await withRig { rig in
      let deal = try await rig.deal()
      let ids = try await rig.items(250)
      for start in stride(from: 0, to: ids.count, by: 50) {
        let inputs = ids[start..<start + 50].map {
          AssociationInput(fromID: $0, toID: deal, types: [.lineItemToDeal])
        }
        _ = try await rig.client.batchAssociate(from: .lineItems, to: .deals, inputs)
      }
      let deals = "[\"\(deal)\", \"1\", \"2\", \"3\", \"4\", \"5\"]"
      let limited = Rig.Options(readLimit: 120)
      // Two hundred and fifty records would be read to find that none of them is wanted.
      let none = try await rig.run("find where .deal in \(deals) and .price == 7 | take 5 | select .id", limited)
      #expect(none.outcome == .fault && none.notes.contains("LIS0360"), "\(none.notes)")
      #expect(none.kinds["batch/read"] == 2)
      let some = try await rig.run("find where .deal in \(deals) | take 5 | select .id", limited)
      #expect(some.outcome == .done && some.lines.count == 5, "\(some.notes)")
      let all = try await rig.run("find where .deal in \(deals) | select .id", limited)
      #expect(all.outcome == .fault && all.kinds["batch/read"] == nil, "\(all.notes)")
    }
  }

  @Test func rowsOfSeveralSearchesSurviveCollections() async throws {
    try await withRig { rig in
      let ids = try await rig.items((0..<40).map { ["name": "Item number \($0)", "hs_sku": "SKU-NUMBER-\($0 % 20)"] })
      // Long enough for two searches, each of which finds half of the records.
      let list = (Array(0..<10) + Array(100..<250) + Array(10..<20)).map { "\"SKU-NUMBER-\($0)\"" }.joined(
        separator: ", ")
      let run = try await rig.run(
        """
        find where .hs_sku in [\(list)] | map { id: .id, name: "${.name} of ${.hs_sku}" } | select .id, .name
        find where .hs_sku in [\(list)] | each r { r | update { name: "${r.name} again" } }
        """, Rig.Options(collectsAlways: true))
      #expect(run.outcome == .done, "\(run.notes)")
      #expect((run.kinds["search"] ?? 0) > 3)
      #expect(
        run.lines
          == ids.enumerated().map {
            "{\"id\":\"\($0.element)\",\"name\":\"Item number \($0.offset) of SKU-NUMBER-\($0.offset % 20)\"}"
          })
      #expect(run.counts == ReportCounts(planned: 40, applied: 40))
      #expect(try await rig.value(ids[39], "name") == "Item number 39 again")
    }
  }
}
