import HubSpot
import LisEngine
import LisRuntime
import PracticePortal
import Synchronization
import Testing

/// `associate`: what is linked already, what is sent for the rest, and what is known after a fault.
@Suite struct AssociateTests {
  private func linked(_ rig: Rig, _ deal: String) async throws -> [String] {
    try await rig.client.associations(of: .deals, id: deal, to: .lineItems).results.map(\.id).sorted()
  }

  private func program(_ deal: String) -> String {
    "find where .hs_sku == \"A\" | associate to deal \"\(deal)\" at most 500"
  }

  @Test func onlyWhatIsMissingIsSent() async throws {
    try await withRig { rig in
      let ids = try await rig.items(130)
      let deal = try await rig.deal()
      _ = try await rig.client.associate(.lineItems, id: ids[5], with: .deals, otherID: deal)
      let run = try await rig.run(program(deal))
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 130, applied: 129, unchanged: 1))
      #expect(run.notes.contains("plan  associate 129 line_items to deal \(deal) in 2 batches"), "\(run.notes)")
      #expect(try await linked(rig, deal) == ids.sorted())
      // One read of the links for the plan, and for each of two batches one more and the write.
      #expect(run.kinds == ["schema": 1, "search": 1, "batch/read": 2, "associations": 5], "\(run.kinds)")
      let entries = try SQLiteJournal(path: rig.journal).entries(of: "run")
      #expect(entries.count == 129 && entries.allSatisfy { $0.verb == .associate && $0.sending == .associate })
      #expect(Set(entries.map(\.target)) == ["deals/\(deal)"])
      #expect(Set(entries.map(\.linkTypes)) == ["[[\"HUBSPOT_DEFINED\",20]]"])
      #expect(entries.allSatisfy { $0.wasLinked == false && $0.outcome == "applied" && $0.id != ids[5] })
      let again = try await rig.run(program(deal), Rig.Options(run: "again"))
      #expect(again.notes.contains("nothing to change"), "\(again.notes)")
      #expect(again.kinds["batch/read"] == nil)
    }
  }

  @Test func asSecondParentIsPointedOut() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      let (one, two) = (try await rig.deal(), try await rig.deal("Other"))
      _ = try await rig.client.associate(.lineItems, id: ids[1], with: .deals, otherID: one)
      let run = try await rig.run(program(two), Rig.Options(planOnly: true))
      #expect(
        run.notes.contains(
          "note  1 line_item already has another deal (\(ids[1]) has \(one)); a line_item should have one parent, and "
            + "what is shared by two is lost with either"), "\(run.notes)")
      #expect(run.outcome == .planHasChanges)
      #expect(try await linked(rig, two).isEmpty)
    }
  }

  @Test func lostRepliesAreSettledByReading() async throws {
    for (fault, sendings) in [(FaultTransport.Fault.loseReply, 1), (.loseRequest, 2)] {
      try await withRig { rig in
        let ids = try await rig.items(4)
        let deal = try await rig.deal()
        let lost = Once()
        rig.transport.follow { request, _ in
          request.path.hasSuffix("/associations/2026-09/line_items/deals/batch/create") && lost.take() ? fault : .pass
        }
        let run = try await rig.run(program(deal))
        #expect(run.outcome == .done, "\(run.notes)")
        #expect(run.counts == ReportCounts(planned: 4, applied: 4))
        let creates = rig.transport.log.filter {
          $0.path.contains("/associations/") && $0.path.hasSuffix("batch/create")
        }
        #expect(creates.count == sendings)
        #expect(try await linked(rig, deal) == ids.sorted())
      }
    }
  }

  @Test func eachRecordIsAccountedFor() async throws {
    try await withRig { rig in
      let ids = try await rig.items(3)
      let deal = try await rig.deal()
      try rig.file("rows.csv", "id,deal\n\(ids[0]),\(deal)\n\(ids[1]),9999999\n777777,\(deal)\n\(ids[0]),\(deal)\n")
      let run = try await rig.run("csv(\"rows.csv\") | associate to deal .deal on error continue")
      #expect(run.outcome == .someFailed, "\(run.notes)")
      #expect(run.counts == ReportCounts(planned: 4, applied: 1, unchanged: 1, failed: 2))
      #expect(run.report?.failed.map(\.place.line) == [4, 3] || run.report?.failed.map(\.place.line) == [3, 4])
      #expect(try await linked(rig, deal) == [ids[0]])
    }
  }

  @Test func aReplyThatNamesNobodyIsLookedUp() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      let deal = try await rig.deal()
      rig.transport.follow { request, _ in
        guard request.path.contains("/associations/"), request.path.hasSuffix("batch/create") else { return .pass }
        return .replace(207, "{\"status\":\"COMPLETE\",\"results\":[],\"errors\":[{\"message\":\"of nobody\"}]}")
      }
      let run = try await rig.run(program(deal))
      // It was done all the same, which the records prove.
      #expect(run.counts == ReportCounts(planned: 2, applied: 2), "\(run.notes)")
      #expect(try await linked(rig, deal) == ids.sorted())
    }
  }

  @Test func linksMadeSinceThePlanNeedNothing() async throws {
    try await withRig { rig in
      let ids = try await rig.items(2)
      let deal = try await rig.deal()
      rig.transport.follow { request, _ in
        if request.kind == "batch/read" {
          _ = try? await rig.client.associate(.lineItems, id: ids[0], with: .deals, otherID: deal)
        }
        return .pass
      }
      let run = try await rig.run(program(deal))
      #expect(run.counts == ReportCounts(planned: 2, applied: 1, unchanged: 1), "\(run.notes)")
    }
  }
}

/// True the first time only.
private final class Once: Sendable {
  private let state = Mutex(true)
  func take() -> Bool {
    state.withLock { isFirst in
      defer { isFirst = false }
      return isFirst
    }
  }
}
