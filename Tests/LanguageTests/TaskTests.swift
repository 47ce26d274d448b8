import FoundationEssentials
import LisRuntime
import PracticePortal
import Testing

/// The tasks of the language's description, as they are written there, over HTTP against a practice portal.
@Suite struct TaskTests {
  static func records(_ count: Int, _ body: (Int) -> [String: String]) -> [[String: String]] {
    (0..<count).map { index in
      var record = body(index)
      if record["name"] == nil { record["name"] = "Item \(index)" }
      return record
    }
  }

  static func write(_ files: [String: String]) throws -> TrialOptions {
    let folder = try freshFolder()
    for (name, text) in files { try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
    var options = TrialOptions()
    options.folder = folder
    options.workingFolder = folder
    options.apply = true
    return options
  }

  /// 1. Three conditions go to HubSpot, the fourth is checked here.
  @Test func find() async throws {
    let portal = try await Portal.start()
    // `createdate` is when the practice portal made the record, so the window is wide.
    try await portal.create(
      TaskTests.records(20) { index in
        [
          "name": index % 2 == 0 ? "Keyboard \(index)" : "Mouse \(index)", "price": "\(95 + index)",
          "hs_sku": index % 5 == 0 ? "" : "K-\(index)",
        ]
      })
    let mark = try await portal.mark()
    let trial = try await portal.run(
      """
      # 1. Find: three conditions go to HubSpot, the fourth is checked here.
      let floor = 100
      find where .price > floor and .hs_sku != null
           and .createdate >= today() - 90d and lower(.name) contains "keyboard"
        | select .id, .name, .price, .hs_sku
        | sort .price desc
      """)
    #expect(trial.outcome == .done, "\(trial.notes)")
    let names = trial.lines.compactMap { $0.after("\"name\":\"")?.split(separator: "\"").first.map(String.init) }
    #expect(names == ["Keyboard 18", "Keyboard 16", "Keyboard 14", "Keyboard 12", "Keyboard 8", "Keyboard 6"])
    #expect(trial.lines.first?.contains("\"price\":113,\"hs_sku\":\"K-18\"") == true, "\(trial.output)")
    #expect(try await portal.requests(since: mark).filter { $0.hasSuffix("search") }.count == 1)
    try await portal.server.stop()
  }

  /// 2. One plan, full batches, and nothing on a second run with prices that are what they should be.
  @Test func bulkPriceChange() async throws {
    let portal = try await Portal.start()
    try await portal.create(
      TaskTests.records(150) { index in
        ["hs_sku": "SRV-\(1 + index % 3)", "price": index < 140 ? "9.99" : ""].filter { !$0.value.isEmpty }
      })
    let program = """
      # 2. Bulk price change. Batched by 100, rounded on purpose, capped in the source.
      param pct: number = 5

      fn raised(amount, pct) = round(amount * (1 + pct / 100), 2)

      find where .hs_sku in ["SRV-1", "SRV-2"] and .price != null
        | update { price: raised(.price, pct) } at most 200
      """
    var options = TrialOptions()
    options.planOnly = true
    let plan = try await portal.run(program, options)
    #expect(plan.outcome == .planHasChanges, "\(plan.notes)")
    #expect(plan.notes.contains("9.99 → 10.49"), "\(plan.notes)")
    var mark = try await portal.mark()
    let refused = try await portal.run(program, TrialOptions())
    #expect(refused.outcome == .notApproved)
    #expect(try await portal.requests(since: mark).allSatisfy { !$0.contains("update") })
    options = TrialOptions()
    options.apply = true
    mark = try await portal.mark()
    let trial = try await portal.run(program, options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(trial.output.isEmpty)
    let sizes = try await portal.requests(since: mark).filter { $0.contains("batch/update") }
    #expect(sizes.count == 1 && sizes[0].hasSuffix(" x94"), "\(sizes)")
    let prices = try await portal.run("find where .hs_sku != null | map .price | distinct | sort . | list")
    #expect(prices.lines.joined() == "9.9910.49null" || prices.lines == ["[9.99,10.49,null]"], "\(prices.output)")
    // The limit of the source is kept.
    let capped = try await portal.run(program.replacing("200", with: "10"), options)
    #expect(capped.outcome == .fault)
    #expect(capped.complaint?.hasPrefix("LIS0312") == true, "\(capped.notes)")
    try await portal.server.stop()
  }

  /// 3. Create from CSV, each new item on its deal.
  @Test func createFromCSV() async throws {
    let portal = try await Portal.start()
    let deals = try await portal.create([["dealname": "One"], ["dealname": "Two"]], of: "deals")
    let options = try TaskTests.write([
      "new_items.csv": """
      SKU,Product,Price,Qty,DealId
      A-1,"Seat, large",9.50,3,\(deals[0])
      ,Nothing,1,1,\(deals[0])
      A-2,Größe,10.00,1,\(deals[1])

      """
    ])
    let mark = try await portal.mark()
    let trial = try await portal.run(
      """
      # 3. Create from CSV, each new item on its deal. Text cells must be canonical for the property's type.
      csv("new_items.csv")
        | where .SKU != ""
        | create { name: .Product, hs_sku: .SKU, price: .Price, quantity: .Qty } to deal .DealId
      """, options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    let creates = try await portal.requests(since: mark).filter { $0.contains("create") }
    #expect(creates == ["POST line_items/batch/create x2"], "\(creates)")
    let found = try await portal.run(
      "find where .deal == \"\(deals[1])\" | each { print(.name, .hs_sku, .price, .quantity) }")
    #expect(found.lines == ["Größe A-2 10.00 1"], "\(found.output)\(found.notes)")
    // A cell that is no number is refused before anything is sent.
    let bad = try TaskTests.write([
      "new_items.csv": "SKU,Product,Price,Qty,DealId\nA-3,X,\"9,50\",1,\(deals[0])\n"
    ])
    let before = try await portal.mark()
    let refused = try await portal.run(
      """
      csv("new_items.csv") | where .SKU != ""
        | create { name: .Product, hs_sku: .SKU, price: .Price, quantity: .Qty } to deal .DealId
      """, bad)
    #expect(refused.outcome == .fault)
    #expect(refused.notes.contains("new_items.csv:2"), "\(refused.notes)")
    #expect(try await portal.requests(since: before).allSatisfy { !$0.contains("create") })
    try await portal.server.stop()
  }

  /// 4. Sync a price list: what is there is updated where it differs, what is not is created.
  @Test func upsert() async throws {
    let portal = try await Portal.start()
    try await portal.create(
      TaskTests.records(150) { ["name": "Item \($0)", "hs_sku": "SKU-\($0)", "price": "1.00"] })
    let options = try TaskTests.write([
      "catalog.csv": "sku,name,list_price\n"
        + (100..<260).map { "SKU-\($0),Item \($0),\($0 < 120 ? "1.00" : "2.50")\n" }.joined()
        + "SKU-100,Item 100,9.00\n"
    ])
    let program = """
      # 4. Sync a price list: upsert by SKU.
      let catalog = csv("catalog.csv") | distinct .sku
      catalog | upsert by hs_sku { hs_sku: .sku, name: .name, price: .list_price } at most 2000
      """
    let mark = try await portal.mark()
    let trial = try await portal.run(program, options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(trial.output.isEmpty)
    #expect(trial.notes.contains("plan  update 30 line_items, create 110 line_items in 3 batches"), "\(trial.notes)")
    #expect(trial.notes.contains("20 records already have these values"), "\(trial.notes)")
    let requests = try await portal.requests(since: mark)
    #expect(requests.filter { $0.hasSuffix("search") }.isEmpty, "\(requests)")
    #expect(requests.filter { $0 == "GET line_items" }.count == 2, "\(requests)")
    #expect(requests.contains("POST line_items/batch/update x30"), "\(requests)")
    #expect(requests.filter { $0.contains("batch/create") }.count == 2, "\(requests)")
    let again = try await portal.run(program, options)
    #expect(again.outcome == .done, "\(again.notes)")
    #expect(again.notes.contains("nothing to change: 160 records are as wanted"), "\(again.notes)")
    let left = try await portal.run("print(count(find all), count(find where .price == 2.5))")
    #expect(left.lines == ["260 140"], "\(left.notes)")
    try await portal.server.stop()
  }

  /// 5. Clean-up. With nothing that old nothing is archived; with a wider window everything is.
  @Test func archive() async throws {
    let portal = try await Portal.start()
    try await portal.create(TaskTests.records(30) { ["quantity": $0 < 12 ? "0" : "2"] })
    var options = TrialOptions()
    options.apply = true
    let program = """
      # 5. Clean-up. Archive always asks for the number of records to be typed back.
      find where .quantity == 0 and .hs_lastmodifieddate < today() - 1y
        | archive at most 50
      """
    let none = try await portal.run(program, options)
    #expect(none.outcome == .done, "\(none.notes)")
    let mark = try await portal.mark()
    // The clock of the test stands at its date, the portal's does not.
    let trial = try await portal.run(program.replacing("today() - 1y", with: "@2999-01-01T00:00:00Z"), options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(try await portal.requests(since: mark).contains("POST line_items/batch/archive x12"))
    let left = try await portal.run("print(count(find all))")
    #expect(left.lines == ["18"], "\(left.notes)")
    try await portal.server.stop()
  }

  /// 7. Different actions per row: one plan, full batches.
  @Test func differentActions() async throws {
    let portal = try await Portal.start()
    try await portal.create(
      TaskTests.records(160) { ["hs_sku": $0 < 130 ? "OLD-\($0)" : "NEW-\($0)", "quantity": $0 % 10 == 0 ? "0" : "1"] })
    var options = TrialOptions()
    options.apply = true
    let mark = try await portal.mark()
    let trial = try await portal.run(
      """
      # 7. Different actions per row: still one plan and full batches.
      find where .hs_sku startswith "OLD-" | each item {
        if item.quantity == 0 {
          item | archive
        } else {
          item | update { name: "${item.name} (legacy)" }
        }
      }
      """, options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(trial.output.isEmpty, "\(trial.output)")
    let requests = try await portal.requests(since: mark)
    #expect(
      requests.filter { $0.contains("batch/update") } == [
        "POST line_items/batch/update x100", "POST line_items/batch/update x17",
      ])
    #expect(requests.filter { $0.contains("batch/archive") } == ["POST line_items/batch/archive x13"])
    #expect(trial.notes.components(separatedBy: "plan  ").count == 2, "\(trial.notes)")
    let named = try await portal.run(
      "print(count(find where .hs_sku != null | where .name endswith \"(legacy)\"), count(find all))")
    #expect(named.lines == ["117 147"], "\(named.notes)")
    try await portal.server.stop()
  }

  /// 10. A module with an effect; its parameter comes by name.
  @Test func moduleWithEffect() async throws {
    let portal = try await Portal.start()
    // `hs_status` is no standard property of line items: portals that use it have defined it.
    try await portal.server.define([DefinedProperty(name: "hs_status", type: "string")], of: "line_items")
    // The end of a recurring item is calculated, so it is put there beside HTTP.
    try await portal.server.stage(
      (0..<6).map { index in
        StagedRecord(
          object: "line_items", id: nil,
          properties: [
            "hs_sku": "SRV-\(index)", "price": "10",
            "hs_recurring_billing_end_date": index % 2 == 0 ? "2020-01-01" : "2999-01-01",
          ], links: [])
      })
    let options = try TaskTests.write([
      "pricing.lis": """
      fn raised(amount, pct) = round(amount * (1 + pct / 100), 2)
      fn reprice!(pct) {
        find where .hs_sku startswith "SRV" and .price != null | update { price: raised(.price, pct) } at most 500
      }
      """
    ])
    let mark = try await portal.mark()
    let trial = try await portal.run(
      """
      # 10. A module with an effect. The ! is required, here and wherever it is called.
      use "./pricing.lis" as pricing

      fn expire!(days) {
        find where .hs_recurring_billing_end_date < today() - days
          | update { hs_status: "expired" } at most 500
      }
      pricing.reprice!(pct: 5)
      expire!(30d)
      """, options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(
      try await portal.requests(since: mark).filter { $0.contains("batch/update") } == [
        "POST line_items/batch/update x6", "POST line_items/batch/update x3",
      ])
    let after = try await portal.run("find all | select .price, .hs_status")
    #expect(after.lines.filter { $0.contains("\"price\":10.50") || $0.contains("\"price\":10.5,") }.count == 6)
    #expect(after.lines.filter { $0.contains("\"hs_status\":\"expired\"") }.count == 3)
    try await portal.server.stop()
  }

  /// 8. Partial failures are rows that remember where they came from.
  @Test func partialFailure() async throws {
    let portal = try await Portal.start()
    let ids = try await portal.create(TaskTests.records(3) { _ in ["price": "1.00"] })
    let options = try TaskTests.write([
      "fixes.csv": "id,new_price\n\(ids[0]),2.50\n999999999,3.00\n\(ids[2]),-4\n\(ids[1]),1.00\n"
    ])
    let trial = try await portal.run(
      """
      # 8. Partial failures are rows.
      let report = csv("fixes.csv") | update { price: .new_price } on error continue
      print("${report.applied} changed, ${count(report.failed)} refused")
      report.failed | select line: .source.line, .id, .reason | save "retry.csv"
      if count(report.unknown) > 0 { fail_with("run 'lis resume' before trying again") }
      """, options)
    #expect(trial.outcome == .someFailed, "\(trial.notes)")
    #expect(trial.lines == ["1 changed, 2 refused"], "\(trial.output)\(trial.notes)")
    let saved = try readText((options.folder ?? "") + "/retry.csv")
    let lines = saved.split(whereSeparator: \.isNewline)
    #expect(lines.count == 3 && lines[0] == "line,id,reason", "\(saved)")
    #expect(
      Set(lines.dropFirst().map { $0.split(separator: ",").prefix(2).joined(separator: ",") }) == [
        "3,999999999", "4,\(ids[2])",
      ])
    try await portal.server.stop()
  }

  /// 9. Read through one association, add another.
  @Test func associate() async throws {
    let portal = try await Portal.start()
    let deals = try await portal.create([["dealname": "One"], ["dealname": "Two"]], of: "deals")
    let options = try TaskTests.write([
      "items.csv": "name,product\n" + (0..<15).map { "Item \($0),\($0 % 5 == 0 ? "77" : "")\n" }.joined()
    ])
    let made = try await portal.run(
      "csv(\"items.csv\") | create { name: .name, hs_product_id: .product } to deal \"\(deals[0])\"", options)
    #expect(made.outcome == .done, "\(made.notes)")
    let program = """
      # 9. Associations: read through one, add another.
      let deal = "31232284502"
      find where .deal == deal and .hs_product_id == null
        | associate to deal "31232284777" at most 20
      """.replacing("31232284502", with: deals[0]).replacing("31232284777", with: deals[1])
    let mark = try await portal.mark()
    let trial = try await portal.run(program, options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(trial.notes.contains("plan  associate 12 line_items to deal \(deals[1]) in 1 batch"), "\(trial.notes)")
    #expect(trial.notes.contains("12 line_items already have another deal"), "\(trial.notes)")
    #expect(try await portal.requests(since: mark).contains { $0.hasSuffix("line_items/deals/batch/create x12") })
    let again = try await portal.run(program, options)
    #expect(again.notes.contains("nothing to change: 12 records are as wanted"), "\(again.notes)")
    let linked = try await portal.client.associations(of: .deals, id: deals[1], to: .lineItems)
    #expect(linked.results.count == 12)
    try await portal.server.stop()
  }

  /// 12, second part. A plan held as a value, shown, and carried out.
  @Test func planAsValue() async throws {
    let portal = try await Portal.start()
    try await portal.create(TaskTests.records(6) { ["price": $0 < 4 ? "0.0\($0 + 1)" : "3"] })
    let program = """
      let p = plan find where .price < 0.05 | update { price: 0.05 }
      print(p.summary)
      try {
        apply!(p)
      } catch e {
        print(e.message, e.hint)
      }
      """
    var options = TrialOptions()
    options.apply = true
    let mark = try await portal.mark()
    let trial = try await portal.run(program, options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(trial.lines.first == "plan  update 4 line_items in 1 batch · portal test", "\(trial.output)")
    #expect(trial.lines.contains { $0.hasSuffix("price  0.01 → 0.05   (1 record)") }, "\(trial.output)")
    let writes = try await portal.requests(since: mark).filter { $0.contains("update") }
    #expect(writes == ["POST line_items/batch/update x4"], "\(writes)")
    options.apply = false
    options.planOnly = true
    let planned = try await portal.run(program.replacing("0.05", with: "0.06"), options)
    #expect(planned.outcome == .planHasChanges, "\(planned.notes)")
    #expect(try await portal.requests(since: mark).filter { $0.contains("update") }.count == 1)
    try await portal.server.stop()
  }

  /// 6. Dates, calendar durations, match on an enumeration.
  @Test func datesAndMatch() async throws {
    let portal = try await Portal.start()
    let starts = ["2025-12-31", "2026-01-01", "2026-01-31", "2026-03-31", "2026-04-01", ""]
    let frequencies = ["monthly", "quarterly", "annually", "", "monthly", "monthly"]
    try await portal.create(
      zip(starts, frequencies).enumerated().map { index, pair in
        [
          "name": "Item \(index)", "price": "\(10 * (index + 1))", "hs_recurring_billing_start_date": pair.0,
          "recurringbillingfrequency": pair.1,
        ].filter { !$0.value.isEmpty }
      })
    let program = """
      # 6. Dates, calendar durations, match on an enumeration.
      fn months(freq) = match freq {
        "monthly" => 1
        "quarterly" => 3
        "annually" => 12
        null => 0
        _ => fail_with("unknown billing frequency ${freq}")
      }
      find where .hs_recurring_billing_start_date in @2026-01-01..@2026-03-31
        | select .name, until: .hs_recurring_billing_start_date + 12mo, per_year: .price * months(.recurringbillingfrequency)
      """
    let mark = try await portal.mark()
    let trial = try await portal.run(program)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(
      trial.lines == [
        "{\"name\":\"Item 1\",\"until\":\"2027-01-01\",\"per_year\":60}",
        "{\"name\":\"Item 2\",\"until\":\"2027-01-31\",\"per_year\":360}",
        "{\"name\":\"Item 3\",\"until\":\"2027-03-31\",\"per_year\":0}",
      ], "\(trial.output)")
    #expect(try await portal.requests(since: mark).filter { $0.hasSuffix("search") }.count == 1)
    try await portal.create([
      ["name": "Odd", "recurringbillingfrequency": "weekly", "hs_recurring_billing_start_date": "2026-02-01"]
    ])
    let odd = try await portal.run(program)
    #expect(odd.outcome == .fault)
    #expect(odd.notes.contains("unknown billing frequency weekly"), "\(odd.notes)")
    #expect(odd.notes.contains("at the row id "), "\(odd.notes)")
    try await portal.server.stop()
  }

  /// 12, the report without writing: one row for each currency.
  @Test func reportByGroup() async throws {
    let portal = try await Portal.start()
    try await portal.create(
      TaskTests.records(9) { index in
        [
          "price": "\(index + 1).50", "quantity": "2",
          "hs_line_item_currency_code": index % 3 == 0 ? "EUR" : index % 3 == 1 ? "USD" : "",
        ].filter { !$0.value.isEmpty }
      })
    let options = try TaskTests.write([:])
    let trial = try await portal.run(
      """
      # 12. Report without writing; errors caught; a plan held as a value.
      find where .createdate >= @2020-01-01
        | group by .hs_line_item_currency_code { items: count(), total: sum(.amount) }
        | save "by_currency.csv"
      """, options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    let saved = try readText((options.folder ?? "") + "/by_currency.csv")
    let lines = saved.split(whereSeparator: \.isNewline).map(String.init)
    #expect(
      lines == ["hs_line_item_currency_code,items,total", "EUR,3,27.00", "USD,3,33.00", ",3,39.00"], "\(saved)")
    try await portal.server.stop()
  }

  /// 13. A runbook: titled steps with conditions, and another object type read alongside; more deals than one search
  /// can ask for.
  @Test func runbook() async throws {
    let portal = try await Portal.start()
    let deals = try await portal.create(
      (0..<8).map { index in
        [
          "dealname": "Deal \(index)", "pipeline": "default",
          "dealstage": index == 7 ? "closedlost" : "appointmentscheduled",
          "closedate": index == 6 ? "2027-02-01T00:00:00Z" : "2026-11-0\(index + 1)T00:00:00Z",
        ]
      }, of: "deals")
    var options = TrialOptions()
    options.apply = true
    for deal in deals {
      let made = try await portal.run(
        "[1, 2] | create { name: \"Item ${.} of \(deal)\", quantity: . } to deal \"\(deal)\"", options)
      #expect(made.outcome == .done, "\(made.notes)")
    }
    let mark = try await portal.mark()
    let trial = try await portal.run(
      """
      # 13. A runbook: titled steps with conditions, and another object type read alongside.
      param quarter: range = @2026-10-01..@2026-12-31

      step "Deals that close this quarter" {
        let deals = find deals where .closedate in quarter and .dealstage != "closedlost"
        require(count(deals) > 0, "no open deals in ${quarter}")
      }
      step "Give every line item on them the new billing start" {
        find where .deal in map(deals, d => d.id)
          | update { hs_recurring_billing_start_date: @2027-01-01 } at most 5000
      }
      step "Check" {
        let left = find where .deal in map(deals, d => d.id) and .hs_recurring_billing_start_date != @2027-01-01
        require(count(left) == 0, "${count(left)} items were not changed")
      }
      """, options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    let requests = try await portal.requests(since: mark)
    #expect(requests.contains("POST line_items/batch/update x12"), "\(requests)")
    #expect(requests.contains { $0.contains("deals/line_items/batch/read") }, "\(requests)")
    let dated = try await portal.run("print(count(find where .hs_recurring_billing_start_date == @2027-01-01))")
    #expect(dated.lines == ["12"], "\(dated.notes)")
    try await portal.server.stop()
  }
}

extension String {
  func components(separatedBy mark: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let found = rest.range(of: mark) {
      parts.append(String(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return parts + [String(rest)]
  }

  func replacing(_ old: String, with new: String) -> String { components(separatedBy: old).joined(separator: new) }
}
