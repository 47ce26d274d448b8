import HubSpot
import LisEngine
import LisRuntime
import PracticePortal
import Synchronization
import TestSupport
import Testing

/// Whatever the network does: the report accounts for every row, and what it claims of a record is what the portal has.
@Suite struct FaultLawTests {
  /// Faults in the order of a generator, which is as good as any network.
  private final class Chaos: Sendable {
    private let random: Mutex<SeededGenerator>
    private let share: Int

    init(_ seed: UInt64, share: Int) {
      random = Mutex(SeededGenerator(seed: seed))
      self.share = share
    }

    private func number(below limit: Int) -> Int { random.withLock { Int.random(in: 0..<limit, using: &$0) } }

    func fault(_ request: FaultTransport.Sent) -> FaultTransport.Fault {
      let isRead = ["search", "schema", "list"].contains(request.kind)
      guard !isRead, number(below: 100) < share else { return .pass }
      switch number(below: 13) {
      case 0, 1: return .loseReply
      case 2: return .loseRequest
      case 3: return .refuse
      case 4: return .answer(400, "{\"status\":\"error\",\"message\":\"no\"}")
      case 5: return .answer(409, "")
      case 6: return .answer(503, "<html>")
      case 7: return .replace(500, "")
      case 8: return .replace(200, "{\"status\":\"COMPLETE\",\"results\":[")
      case 9: return .replace(200, "{\"status\":\"COMPLETE\",\"results\":[]}")
      case 10: return .answer(207, "{\"results\":[],\"errors\":[{\"category\":\"X\",\"message\":\"of nobody\"}]}")
      case 11: return .answer(429, "{\"message\":\"You have reached your secondly limit.\"}")
      default: return number(below: 10) == 0 ? .answer(401, "{}") : .change { FaultLawTests.shortened($0) }
      }
    }
  }

  /// The first result is left out.
  static func shortened(_ body: String) -> String {
    guard let start = body.range(of: "\"results\":[")?.upperBound else { return body }
    var depth = 0
    var end = start
    while end < body.endIndex {
      if body[end] == "{" { depth += 1 }
      if body[end] == "}" { depth -= 1 }
      if depth == 0 { break }
      end = body.index(after: end)
    }
    guard end < body.endIndex else { return body }
    end = body.index(after: end)
    if end < body.endIndex, body[end] == "," { end = body.index(after: end) }
    return String(body[..<start]) + body[end...]
  }

  /// What the journal says of each record, by the column that names it.
  private func outcomes(_ rig: Rig, _ column: String) throws -> [String: String] {
    var outcomes: [String: String] = [:]
    for row in try rig.journalled("SELECT \(column) AS name, outcome FROM record") {
      if let name = row["name"] as String? { outcomes[name] = row["outcome"] as String? ?? "in doubt" }
    }
    return outcomes
  }

  private func check(_ run: Run, planned: Int) throws {
    let counts = try #require(run.counts)
    #expect(counts.isBalanced && counts.planned == planned)
    let wanted: RunOutcome? =
      counts.unknown > 0 ? .someUnknown : counts.failed > 0 ? .someFailed : counts.applied == planned ? .done : nil
    // Access, transport or a read that is refused end a run before its failures do, but never hide what is unknown.
    switch run.outcome {
    case .noAccess, .transport, .fault: #expect(counts.unknown == 0)
    default: if let wanted { #expect(run.outcome == wanted) }
    }
    if counts.applied < planned { #expect(run.outcome != .done) }
  }

  @Test(arguments: [10, 30, 60]) func updates(_ share: Int) async throws {
    var random = SeededGenerator.announced("FaultLawTests.updates(\(share))")
    for round in 0..<6 {
      let chaos = Chaos(random.next(), share: share)
      try await withRig { rig in
        let ids = try await rig.items(230)
        rig.transport.follow { request, _ in chaos.fault(request) }
        let run = try await rig.run(FaultTests.update + (round % 2 == 0 ? " on error continue" : ""))
        try check(run, planned: 230)
        let values = try await rig.values("price")
        let outcomes = try outcomes(rig, "id")
        for id in ids {
          switch outcomes[id] {
          case "applied": #expect(values[id] == "20", "applied: \(id)")
          case "unknown": break
          case "in doubt": Issue.record("\(id) has no outcome although the run ended")
          case let state: #expect(values[id] == "10.00", "\(state ?? "not sent"): \(id)")
          }
        }
        #expect(outcomes.values.count { $0 == "applied" } == run.counts?.applied)
        #expect(outcomes.values.count { $0 == "unknown" } == run.counts?.unknown)
      }
    }
  }

  @Test(arguments: [10, 30, 60]) func archives(_ share: Int) async throws {
    var random = SeededGenerator.announced("FaultLawTests.archives(\(share))")
    for round in 0..<6 {
      let chaos = Chaos(random.next(), share: share)
      try await withRig { rig in
        let ids = try await rig.items(230)
        rig.transport.follow { request, _ in chaos.fault(request) }
        let program = "find where .hs_sku == \"A\" | archive" + (round % 2 == 0 ? " on error continue" : "")
        let run = try await rig.run(program)
        try check(run, planned: 230)
        let left = try await rig.values("price")
        let outcomes = try outcomes(rig, "id")
        for id in ids {
          switch outcomes[id] {
          case "applied": #expect(left[id] == nil, "applied: \(id)")
          case "unknown": break
          case let state: #expect(left[id] != nil, "\(state ?? "not sent"): \(id)")
          }
        }
      }
    }
  }

  @Test(arguments: [10, 30, 60]) func creations(_ share: Int) async throws {
    var random = SeededGenerator.announced("FaultLawTests.creations(\(share))")
    for round in 0..<6 {
      let chaos = Chaos(random.next(), share: share)
      try await withRig { rig in
        let program = try FaultTests.creating(rig, 230)
        rig.transport.follow { request, _ in chaos.fault(request) }
        let run = try await rig.run(program + (round % 2 == 0 ? " on error continue" : ""))
        try check(run, planned: 230)
        let names = try await rig.values("name")
        // Nothing is ever made twice.
        #expect(Set(names.values).count == names.count)
        let outcomes = try outcomes(rig, "after")
        for (after, state) in outcomes {
          let name = after.split(separator: "\"").dropFirst(3).first.map(String.init) ?? ""
          let exists = names.values.contains(name)
          switch state {
          case "applied": #expect(exists, "applied: \(name)")
          case "unknown": break
          default: #expect(!exists, "\(state): \(name)")
          }
        }
        let created = Set(run.report?.created ?? [])
        #expect(created.count == run.counts?.applied)
        #expect(created.isSubset(of: Set(names.keys)))
      }
    }
  }
}
