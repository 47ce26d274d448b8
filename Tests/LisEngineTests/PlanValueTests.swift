import LisEngine
import LisRuntime
import PracticePortal
import Testing

/// Plans as values, and the rules that count the changes of a whole run.
@Suite struct PlanValueTests {
  @Test func aPlanSendsNothingAndApplyGoesThroughTheGate() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      let make = "let p = plan find where .hs_sku == \"A\" | update { price: 20 }\n"
      let held = try await rig.run(make + "print(p.count)\nprint(p)", Rig.Options(apply: false, run: "held"))
      #expect(held.outcome == .done, "\(held.notes)")
      #expect(held.lines.first == "3" && held.lines.dropFirst().first?.hasPrefix("plan  update 3 line_items") == true)
      // The plan is told where it is printed and nowhere else.
      #expect(!held.notes.contains("plan  "), "\(held.notes)")
      #expect(held.kinds == ["schema": 1, "search": 1])
      let refused = try await rig.run(make + "try { apply!(p) } catch e { }", Rig.Options(apply: false, run: "refused"))
      #expect(refused.outcome == .notApproved)
      #expect(refused.notes.contains("plan  update 3 line_items"), "\(refused.notes)")
      let asked = try await rig.run(
        make + "let r = apply!(p)\nprint(r.applied)", Rig.Options(apply: false, answer: .text("y"), run: "asked"))
      #expect(asked.lines == ["3"], "\(asked.notes)")
      #expect(try await rig.value(ids[0], "price") == "20")
      #expect(asked.kinds == ["schema": 1, "search": 1, "batch/read": 1, "batch/update": 1])
    }
  }

  @Test func whatMovedSinceIsSkipped() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      let id = ids[0]
      rig.transport.follow { request, _ in
        if request.kind == "batch/read" { try? await rig.set(id, "price", "33") }
        return .pass
      }
      let run = try await rig.run(
        "let p = plan find where .hs_sku == \"A\" | update { price: 20 }\nlet r = apply!(p)\nprint(r.skipped[0].reason)"
      )
      #expect(run.outcome == .someSkipped, "\(run.notes)")
      #expect(run.lines == ["changed since plan: price was 10.00 and is now 33"])
      #expect(run.counts == ReportCounts(planned: 2, applied: 1, skipped: 1))
    }
  }

  @Test func aPlanThatFailedIsNotAppliedAgain() async throws {
    try await withRig { rig in
      _ = try await rig.items(2)
      rig.transport.follow { request, _ in
        request.kind == "batch/update" ? .answer(400, "{\"status\":\"error\",\"message\":\"no\"}") : .pass
      }
      let run = try await rig.run(
        """
        let p = plan find where .hs_sku == "A" | update { price: 20 }
        try { apply!(p) } catch e { print(e.code) }
        try { apply!(p) } catch e { print(e.code) }
        """)
      #expect(run.lines == ["LIS0321", "LIS0316"], "\(run.notes)")
    }
  }

  // MARK: Counting a run

  static let two = """
    find where .hs_sku == "A" | update { price: 20 }
    find where .hs_sku == "A" | update { price: 30 }
    """

  @Test func theMaximumIsOfTheRun() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      let over = try await rig.run(Self.two, Rig.Options(maximumChanges: 5, run: "over"))
      #expect(over.outcome == .notApproved)
      #expect(over.notes.contains("3 changes are planned after 3 of this run"), "\(over.notes)")
      #expect(over.notes.contains("--max-changes allows 5 in all; nothing more was sent"), "\(over.notes)")
      #expect(try await rig.value(ids[0], "price") == "20")
      let within = try await rig.run(Self.two.replacing("20", with: "21"), Rig.Options(maximumChanges: 6, run: "in"))
      #expect(within.outcome == .done, "\(within.notes)")
    }
  }

  @Test func theExpectedNumberIsOfTheRun() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      let exact = try await rig.run(Self.two, Rig.Options(expectedChanges: 6, run: "exact"))
      #expect(exact.outcome == .done, "\(exact.notes)")
      let fewer = try await rig.run(
        Self.two.replacing("20", with: "21").replacing("30", with: "31"), Rig.Options(expectedChanges: 7, run: "fewer"))
      #expect(fewer.outcome == .notApproved)
      #expect(
        fewer.notes.contains("--expect-changes says 7, and this run has made 6; they were sent"), "\(fewer.notes)")
      // One statement: refused before anything is sent, whichever way the number is wrong.
      let one = "find where .hs_sku == \"A\" | update { price: 50 }"
      for expected in [2, 4] {
        let run = try await rig.run(one, Rig.Options(expectedChanges: expected, run: "one\(expected)"))
        #expect(run.outcome == .notApproved)
        #expect(run.notes.contains("3 changes are planned, and --expect-changes says \(expected); nothing was sent"))
      }
      #expect(try await rig.value(ids[0], "price") == "31")
      // No change at all is not what was expected either.
      let none = try await rig.run(
        "find where .hs_sku == \"Z\" | update { price: 50 }", Rig.Options(expectedChanges: 3, run: "none"))
      #expect(none.outcome == .notApproved)
      #expect(none.notes.contains("has made none; nothing was sent"), "\(none.notes)")
    }
  }

  @Test func aPlanIsCountedAsTheRunWouldBe() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      func plan(_ program: String, expected: Int? = nil, maximum: Int? = nil) async throws -> Run {
        let run = try await rig.run(
          program, Rig.Options(planOnly: true, expectedChanges: expected, maximumChanges: maximum))
        #expect(run.kinds["batch/update"] == nil && !run.notes.contains("were sent"), "\(run.notes)")
        return run
      }
      let over = try await plan(Self.two, maximum: 5)
      #expect(over.outcome == .notApproved)
      #expect(
        over.notes.contains(
          "3 changes are planned after 3 of this run, and --max-changes allows 5 in all; nothing was sent"),
        "\(over.notes)")
      #expect(try await plan(Self.two, maximum: 6).outcome == .planHasChanges)
      #expect(try await plan(Self.two, expected: 6).outcome == .planHasChanges)
      #expect(try await plan(Self.two, expected: 5).outcome == .notApproved)
      let fewer = try await plan(Self.two, expected: 7)
      #expect(fewer.outcome == .notApproved)
      #expect(
        fewer.notes.contains("--expect-changes says 7, and this run would make 6; nothing was sent"), "\(fewer.notes)")
      let none = try await plan("find where .hs_sku == \"Z\" | update { price: 50 }", expected: 1)
      #expect(none.outcome == .notApproved && none.notes.contains("would make none; nothing was sent"))
      #expect(try await rig.value(ids[0], "price") == "10.00")
    }
  }

  // MARK: Questions

  @Test func confirmIsAnsweredBeforehandOrByAPerson() async throws {
    try await withRig { rig in
      let program = "print(confirm(\"Go on\\u{1b}?\"))"
      for (answer, expected) in [("y", "true"), (" YES ", "true"), ("", "false"), ("n", "false")] {
        let run = try await rig.run(program, Rig.Options(apply: false, answer: .text(answer)))
        #expect(run.lines == [expected])
      }
      let alone = try await rig.run(program, Rig.Options(apply: false))
      #expect(alone.outcome == .notApproved)
      #expect(alone.out.isEmpty)
      #expect(alone.notes.contains("LIS0207") && alone.notes.contains("--yes"), "\(alone.notes)")
      #expect(!alone.notes.contains("\u{1b}"))
      let yes = try await rig.run(program, Rig.Options(apply: false, yes: true))
      #expect(yes.lines == ["true"])
      // It approves no plan.
      _ = try await rig.items(1)
      let write = try await rig.run(
        "find where .hs_sku == \"A\" | update { price: 50 }", Rig.Options(apply: false, yes: true))
      #expect(write.outcome == .notApproved)
    }
  }
}
