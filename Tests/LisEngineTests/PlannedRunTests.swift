import HubSpot
import LisEngine
import LisRuntime
import PracticePortal
import Testing

/// `lis plan` of several statements says what the run would do: each statement sees what the ones before it would have
/// done, also to records that do not exist yet.
@Suite struct PlannedRunTests {
  /// What is printed and planned, without notes and ids.
  private static func story(_ run: Run) -> [String] {
    let plans = run.notes.split(separator: "\n").filter { $0.hasPrefix("plan  ") || $0.hasPrefix("      ") }
    return run.lines
      + plans.map { line in
        line.split(separator: " ", omittingEmptySubsequences: false)
          .map { $0.count > 9 && $0.allSatisfy(\.isNumber) ? "ID" : String($0) }.joined(separator: " ")
      }
  }

  /// Plans a program, then runs it: both must tell the same.
  private static func isForetold(
    _ rig: Rig, _ program: String, plans: Int, lines: [String] = []
  ) async throws -> Run {
    let planned = try await rig.run(program, Rig.Options(planOnly: true, run: "planned"))
    #expect(planned.outcome == .planHasChanges, "\(program)\n\(planned.notes)")
    let writes = ["batch/create", "batch/update", "batch/upsert", "batch/archive", "POST", "PATCH"]
    #expect(writes.allSatisfy { planned.kinds[$0] == nil }, "\(planned.kinds)")
    #expect(planned.requests.allSatisfy { $0.status < 300 }, "\(planned.requests)")
    let done = try await rig.run(program, Rig.Options(run: "done"))
    #expect(done.outcome == .done, "\(program)\n\(done.notes)")
    #expect(story(planned) == story(done), "\(program)")
    #expect(story(planned).count { $0.hasPrefix("plan  ") } == plans, "\(planned.notes)")
    #expect(planned.lines == lines, "\(program)\n\(planned.notes)")
    return planned
  }

  @Test func valuesOfBeforeAreThoseOfTheEarlierPlan() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      try rig.file("a.csv", "id,price\n" + ids.map { "\($0),20\n" }.joined())
      let planned = try await Self.isForetold(
        rig,
        """
        csv("a.csv") | update { price: .price }
        csv("a.csv") | update { price: .price }
        csv("a.csv") | update { price: .price, name: "b" }
        csv("a.csv") | map { id: .id } | update { price: 30 }
        """, plans: 4)
      #expect(planned.notes.contains("20 → 30"), "\(planned.notes)")
      #expect(planned.notes.contains("nothing to change: 2 records are as wanted"), "\(planned.notes)")
    }
  }

  @Test func keysThatWouldBeMadeAreFound() async throws {
    for (key, endpoint) in [("hs_sku", "list"), ("erp_key", "batch/read")] {
      try await withRig { rig in
        try await UpsertTests.makeKey(rig)
        _ = try await rig.items([["name": "old", key: "OLD", "price": "1"], ["name": "gone", key: "GONE"]])
        try UpsertTests.list(rig, ["A,a,1", "OLD,old,2", "MOVED,m,3", "GONE,g,4"])
        let upsert = "csv(\"list.csv\") | upsert by \(key) { \(key): .sku, name: .name, price: .price }"
        let planned = try await Self.isForetold(
          rig,
          """
          create { name: "a", \(key): "A", price: 1 }
          find where .name == "gone" | archive
          \(upsert)
          \(upsert)
          find where .\(key) == "OLD" | update { \(key): "NEW" }
          [{ sku: "NEW" }] | upsert by \(key) { \(key): .sku, price: 7 }
          [{ sku: "OLD" }] | upsert by \(key) { \(key): .sku, price: 8 }
          print(count(find where .\(key) in ["A", "OLD", "NEW", "MOVED", "GONE"]), count(find all))
          """, plans: 7, lines: ["5 5"])
        #expect(planned.notes.contains("plan  update 1 line_item, create 2 line_items"), "\(planned.notes)")
        #expect(planned.kinds[endpoint] != nil)
      }
    }
  }

  @Test func recordsThatWouldBeMadeAreReadInEveryWay() async throws {
    try await withRig { rig in
      let deal = try await rig.deal()
      _ = try await rig.items(2)
      let planned = try await Self.isForetold(
        rig,
        """
        create { name: "x", hs_sku: "X", price: 5 } to deal "\(deal)"
        create { name: "y", hs_sku: "Y", price: 6 }
        print(count(find all), count(find all where lower(.name) == "x"), count(find where .price in [5, 6]))
        print(count(find where .deal == "\(deal)"), count(find where .deal == "\(deal)" and .price > 5))
        print(count(find where .deal in ["\(deal)", "1", "2", "3", "4", "5"]), count(find where .deal == "77"))
        let made = one(find where .hs_sku == "Y")
        print(made.price, made.hs_sku, count(find where .id == made.id), count(find where .id in [made.id, "1"]))
        find where .hs_sku == "Y" | associate to deal "\(deal)"
        find where .hs_sku == "Y" | associate to deal "\(deal)"
        find where .deal == "\(deal)" | update { price: .price + 1 }
        find where .deal == "\(deal)" | sort .price desc | take 1 | map .price | each { print(.) }
        find where .hs_sku == "X" | archive
        print(count(find where .deal == "\(deal)"), count(find all))
        """, plans: 6, lines: ["4 1 2", "1 0", "1 0", "6 Y 1 1", "7", "1 3"])
      #expect(
        planned.notes.contains("note  2 line_items of this plan do not exist before it is carried out"),
        "\(planned.notes)")
    }
  }

  @Test func parentsThatWouldBeMadeHaveChildren() async throws {
    try await withRig { rig in
      _ = try await rig.items(1)
      _ = try await Self.isForetold(
        rig,
        """
        create deals { dealname: "New" }
        let deal = one(find deals where .dealname == "New").id
        create { name: "x", price: 5 } to deal deal
        find where .hs_sku == "A" | associate to deal deal
        print(count(find where .deal == deal), count(find where .deal == deal and .price == 5))
        print(count(find where .deal in [deal, "1", "2", "3", "4", "5"]))
        """, plans: 3, lines: ["2 1", "2"])
    }
  }

  @Test func linksThatWouldBeMadeCountAsParents() async throws {
    try await withRig { rig in
      let (one, two) = (try await rig.deal(), try await rig.deal("two"))
      let ids = try await rig.items(2)
      let planned = try await Self.isForetold(
        rig,
        """
        find where .hs_sku == "A" | associate to deal "\(one)"
        find where .hs_sku == "A" | associate to deal "\(one)"
        find where .hs_sku == "A" | associate to deal "\(two)"
        """, plans: 3)
      #expect(
        planned.notes.contains("2 line_items already have another deal (\(ids[0]) has \(one))"), "\(planned.notes)")
    }
  }

  @Test func whatHubSpotCalculatesIsNotForetold() async throws {
    try await withRig { rig in
      _ = try await rig.items(2, ["price": "10", "quantity": "2", "hs_sku": "A"])
      let run = try await rig.run(
        """
        find where .hs_sku == "A" | update { price: 20 }
        find where .hs_sku == "A" and .amount != null | update { name: "costs ${.amount}" }
        """, Rig.Options(planOnly: true))
      #expect(run.outcome == .planHasChanges)
      #expect(
        run.notes.contains("amount of 2 line_items is calculated by HubSpot from what this plan changes"),
        "\(run.notes)")
    }
  }
}
