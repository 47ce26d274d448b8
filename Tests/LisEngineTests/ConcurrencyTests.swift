import HubSpot
import LisEngine
import PracticePortal
import Synchronization
import Testing

@testable import LisRuntime

/// Several batches under way at once: the same outcome as one after the other, faster.
@Suite struct ConcurrencyTests {
  private static let update = "find all line_items | update { price: 20 } at most 10000"

  @Test func batchesOverlapAndEveryRecordIsAccountedFor() async throws {
    try await withRig(PortalConfiguration(latencyMilliseconds: 30)) { rig in
      _ = try await rig.items(1_900)
      let run = try await rig.run(Self.update, Rig.Options(concurrency: 8))
      #expect(run.outcome == .done)
      #expect(run.counts == ReportCounts(planned: 1_900, applied: 1_900))
      #expect(run.kinds["batch/update"] == 19)
      #expect(run.kinds["batch/read"] == 19)
      #expect(try await rig.values("price").values.allSatisfy { $0 == "20" })
      #expect(try rig.journalled("SELECT * FROM record WHERE outcome = 'applied'").count == 1_900)
      #expect(try rig.journalled("SELECT * FROM batch WHERE settled_at IS NULL").isEmpty)
      #expect(Self.overlap(run) >= 3)
    }
  }

  /// The most requests that were under way at one moment, as the portal saw them.
  private static func overlap(_ run: Run) -> Int {
    let spans = run.requests.compactMap { request in
      milliseconds(request.time).map { ($0, $0 + request.milliseconds) }
    }
    return spans.map { span in spans.count { $0.0 <= span.0 && span.0 < $0.1 } }.max() ?? 0
  }

  /// Of the day, from `2026-11-23T12:34:56.789Z` or the same without a fraction.
  private static func milliseconds(_ time: String) -> Double? {
    let parts = time.drop { $0 != "T" }.dropFirst().dropLast().split(separator: ":").compactMap { Double($0) }
    return parts.count == 3 ? ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1_000 : nil
  }

  @Test func afterAFailureNothingMoreBeginsAndWhatWasSentIsSettled() async throws {
    try await withRig(PortalConfiguration(latencyMilliseconds: 20)) { rig in
      let ids = try await rig.items(2_000)
      rig.transport.follow { request, number in
        request.kind == "batch/update" && number == 4
          ? .change { FaultTests.withError($0, "\"ids\":[\"\(ids[320])\"]", dropping: ids[320]) } : .pass
      }
      let run = try await rig.run(Self.update, Rig.Options(concurrency: 8))
      #expect(run.outcome == .someFailed)
      let counts = try #require(run.counts)
      #expect(counts.isBalanced)
      #expect(counts.failed == 1)
      // What was on its way was finished, and nothing else was begun.
      #expect(counts.applied < 2_000 - 1)
      #expect(counts.applied + 1 == 100 * (run.kinds["batch/update"] ?? 0))
      #expect(try await rig.values("price").values.count { $0 == "20" } == counts.applied + 1)
      #expect(try rig.journalled("SELECT * FROM batch WHERE settled_at IS NULL").isEmpty)
    }
  }

  @Test func anInterruptionFinishesWhatWasSent() async throws {
    try await withRig(PortalConfiguration(latencyMilliseconds: 20)) { rig in
      _ = try await rig.items(2_000)
      let hand = Mutex<Interrupter?>(nil)
      rig.transport.follow { request, number in
        if request.kind == "batch/update", number == 5 { hand.withLock { $0?.interrupt() } }
        return .pass
      }
      let options = Rig.Options(
        concurrency: 8, onConnect: { interrupter in hand.withLock { $0 = interrupter } })
      let run = try await rig.run(Self.update, options)
      #expect(run.outcome == .interrupted)
      let counts = try #require(run.counts)
      #expect(counts.isBalanced)
      #expect(counts.unknown == 0)
      #expect(counts.applied == 100 * (run.kinds["batch/update"] ?? 0))
      #expect(try await rig.values("price").values.count { $0 == "20" } == counts.applied)
      let again = try await rig.run(Self.update, Rig.Options(run: "again", concurrency: 8))
      #expect(again.counts == ReportCounts(planned: 2_000, applied: 2_000 - counts.applied, unchanged: counts.applied))
    }
  }

  /// The real limit is 190 in ten seconds; a tenth of it in time shows the same.
  @Test func theQuotaIsNeverExceeded() async throws {
    let limit = RateLimit(requests: 38, intervalMilliseconds: 2_000, searchesPerSecond: 100)
    try await withRig(PortalConfiguration(rateLimit: limit, latencyMilliseconds: 20)) { rig in
      let waiting = HubSpotClient(
        ClientConfiguration(baseURL: try BaseURL(rig.server.url), token: try BearerToken("test-token")))
      for start in stride(from: 0, to: 4_000, by: 100) {
        let inputs = (start..<(start + 100)).map {
          ObjectInput(values: ["name": "Item \($0)", "price": "10"], traceID: "t\($0)")
        }
        _ = try await waiting.batchCreate(.lineItems, inputs)
      }
      let run = try await rig.run(
        "find all line_items | update { price: 20 } at most 10000", Rig.Options(concurrency: 32, waits: true))
      #expect(run.counts?.applied == 4_000)
      #expect(run.requests.allSatisfy { $0.status != 429 })
      // The portal refuses what is over its limit in any window, and had nothing to refuse. How much of the quota is
      // used is measured by scripts/bench.
      let moments = run.requests.compactMap { Self.milliseconds($0.time) }.sorted()
      for index in moments.indices.dropFirst(limit.requests) {
        #expect(moments[index] - moments[index - limit.requests] >= Double(limit.intervalMilliseconds) - 1)
      }
    }
  }
}
