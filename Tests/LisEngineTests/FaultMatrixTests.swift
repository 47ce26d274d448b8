import HubSpot
import LisEngine
import LisRuntime
import PracticePortal
import Testing

/// The columns of the fault matrix that write, as a run settles them: the practice portal does each fault once to a
/// statement's request, over real HTTP, and every record ends up in one place of the report that the portal bears out.
@Suite("Fault matrix of a run", .timeLimit(.minutes(2))) struct FaultMatrixTests {
  /// The kinds of statements, by what can be known of a request without a reply.
  enum Statement: String, CaseIterable, Sendable {
    case update = "batch-update"
    case archive = "batch-archive"
    case upsert = "batch-upsert"
    case create = "batch-create"

    /// Three records, so that some of a batch can fare otherwise than the rest.
    func arrange(_ rig: Rig) async throws -> String {
      switch self {
      case .update:
        _ = try await rig.items(3)
        return FaultTests.update
      case .archive:
        _ = try await rig.items(3)
        return "find where .hs_sku == \"A\" | archive"
      case .upsert:
        try await UpsertTests.makeKey(rig)
        try UpsertTests.list(rig, ["A,a,2", "B,b,3", "C,c,4"])
        return UpsertTests.keyed
      case .create: return try FaultTests.creating(rig, 3)
      }
    }

    /// How many records the portal has written, by what it holds.
    func written(_ rig: Rig) async throws -> Int {
      switch self {
      case .update: try await rig.values("price").values.count { $0 == "20" }
      case .archive: 3 - (try await rig.values("price").count)
      case .upsert, .create: try await rig.values("name").count
      }
    }
  }

  struct Cell: Sendable {
    var outcome: RunOutcome
    var counts: ReportCounts
    /// Requests of the statement's kind that reached the portal.
    var sent: Int

    static func applied(sent: Int) -> Cell {
      Cell(outcome: .done, counts: ReportCounts(planned: 3, applied: 3), sent: sent)
    }
    static func unknown(_ count: Int = 3) -> Cell {
      Cell(outcome: .someUnknown, counts: ReportCounts(planned: 3, applied: 3 - count, unknown: count), sent: 1)
    }
    static func stopped(_ outcome: RunOutcome) -> Cell {
      Cell(outcome: outcome, counts: ReportCounts(planned: 3, skipped: 3), sent: 1)
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    /// What goes wrong, in the words of the practice portal.
    let fault: String
    let keyed: Cell
    let create: Cell
    var testDescription: String { fault }

    init(_ fault: String, keyed: Cell, create: Cell) { (self.fault, self.keyed, self.create) = (fault, keyed, create) }
    init(_ fault: String, all cell: Cell) { self.init(fault, keyed: cell, create: cell) }
    /// Whether it was done is read, and it is sent again where it was not; a create can only be told to be unknown.
    init(lostBefore fault: String) { self.init(fault, keyed: .applied(sent: 2), create: .unknown()) }
    init(lostAfter fault: String) { self.init(fault, keyed: .applied(sent: 1), create: .unknown()) }
  }

  static let rows: [Row] =
    [
      "429", "429 retry-after=3", "429 retry-after=0", "429-secondly", "423", "423 retry-after=1",
      "477 retry-after=300",
    ]
    .map { Row($0, all: .applied(sent: 2)) }
    + [
      Row("429-daily", all: .stopped(.transport)), Row("429-daily retry-after=7200", all: .stopped(.transport)),
      Row("477 retry-after=86400", all: .stopped(.transport)),
    ]
    + [500, 502, 503, 504, 520, 521, 522, 523, 524].flatMap { status in
      [Row(lostBefore: "\(status) stage=before"), Row(lostAfter: "\(status) stage=after")]
    }
    + ["reset-before", "html stage=before"].map { Row(lostBefore: $0) }
    + [
      "reset-after", "html stage=after", "cut", "truncate", "endless", "big bytes=1073741824", "deep levels=100000",
      "huge-header bytes=1048576",
    ].map { Row(lostAfter: $0) }
    + [
      Row("shuffle", all: .applied(sent: 1)), Row("repeat", all: .applied(sent: 1)),
      Row("fewer", keyed: .applied(sent: 1), create: .unknown(1)),
      // Refused whole: one request for the batch, and one for each half until they pass.
      Row("400", all: .applied(sent: 3)), Row("409", all: .applied(sent: 3)),
      Row("expire-token", all: .stopped(.noAccess)), Row("revoke-token", all: .stopped(.noAccess)),
      Row("redirect to=http://127.0.0.1:9/elsewhere", all: .stopped(.transport)),
      Row("redirect to=http://localhost/elsewhere status=307", all: .stopped(.transport)),
    ]

  @Test(arguments: rows, Statement.allCases) func settled(_ row: Row, _ statement: Statement) async throws {
    // The reply of an archive has no results that anything could happen to.
    if statement == .archive, ["shuffle", "repeat", "fewer", "truncate", "cut"].contains(row.fault) { return }
    let cell = statement == .create ? row.create : row.keyed
    try await withRig { rig in
      let program = try await statement.arrange(rig)
      rig.server.addFaults(try FaultRule.list("\(row.fault) on=\(statement.rawValue) at=1"))
      let run = try await rig.run(program)
      rig.server.removeFaults()
      #expect(run.outcome == cell.outcome, "\(run.notes)")
      #expect(run.counts == cell.counts, "\(run.notes)")
      #expect(run.requests.count { $0.kind == statement.rawValue } == cell.sent)
      let states = try rig.journalled("SELECT outcome FROM record").map { $0["outcome"] as String? ?? "in doubt" }
      #expect(states.count == 3 && !states.contains("in doubt"))
      #expect(states.count { $0 == "applied" } == cell.counts.applied)
      #expect(states.count { $0 == "unknown" } == cell.counts.unknown)
      if row.fault.contains("token") { return }
      let written = try await statement.written(rig)
      #expect(written >= cell.counts.applied && written <= cell.counts.applied + cell.counts.unknown)
    }
  }

  @Test(arguments: Statement.allCases) func aConnectionThatIsRefusedIsMadeAgain(_ statement: Statement) async throws {
    let kind = statement.rawValue.replacing("-", with: "/")
    for fails in [1, 99] {
      try await withRig { rig in
        let program = try await statement.arrange(rig)
        rig.transport.follow { request, number in request.kind == kind && number <= fails ? .refuse : .pass }
        let run = try await rig.run(program)
        let cell = fails == 1 ? Cell.applied(sent: 1) : Cell.stopped(.transport)
        #expect(run.outcome == cell.outcome && run.counts == cell.counts, "\(run.notes)")
        #expect(run.kinds[kind] ?? 0 == (fails == 1 ? 1 : 0))
      }
    }
  }

  @Test(arguments: [Statement.update, .upsert, .create])
  func errorsWithoutTraceIdsAreLookedUpOrUnknown(_ statement: Statement) async throws {
    try await withRig { rig in
      var program = try await statement.arrange(rig)
      // One value that the portal refuses, and a reply that does not say for whom.
      switch statement {
      case .update:
        let ids = try await rig.values("name").keys.sorted()
        try rig.file("n.csv", "id,n\n\(ids[0]),1\n\(ids[1]),\(String(repeating: "9", count: 38))\n\(ids[2]),3\n")
        program = "csv(\"n.csv\") | update { hs_product_id: .n }"
      default:
        try rig.file("n.csv", "k,n\nA,1\nB,\(String(repeating: "9", count: 38))\nC,3\n")
        program =
          statement == .create
          ? "csv(\"n.csv\") | create { name: .k, hs_product_id: .n }"
          : "csv(\"n.csv\") | upsert by erp_key { erp_key: .k, name: .k, hs_product_id: .n }"
      }
      rig.server.addFaults(try FaultRule.list("untraced on=\(statement.rawValue)"))
      let run = try await rig.run(program)
      #expect(run.outcome == (statement == .create ? .someUnknown : .someFailed), "\(run.notes)")
      #expect(
        run.counts
          == (statement == .create
            ? ReportCounts(planned: 3, applied: 2, unknown: 1) : ReportCounts(planned: 3, applied: 2, failed: 1)))
      #expect(run.requests.count { $0.kind == statement.rawValue } == 1)
    }
  }

  @Test(arguments: Statement.allCases) func aMissingScopeIsNamed(_ statement: Statement) async throws {
    let kind = statement.rawValue.replacing("-", with: "/")
    let body = """
      {"category":"MISSING_SCOPES","errors":[{"context":{"requiredGranularScopes":["crm.objects.line_items.write"]}}]}
      """
    try await withRig { rig in
      let program = try await statement.arrange(rig)
      rig.transport.follow { request, _ in request.kind == kind ? .answer(403, body) : .pass }
      let run = try await rig.run(program)
      #expect(run.outcome == .noAccess && run.counts == ReportCounts(planned: 3, skipped: 3))
      #expect(run.notes.contains("crm.objects.line_items.write"), "\(run.notes)")
      #expect(rig.transport.log.count { $0.kind == kind } == 1)
    }
  }

  @Test func aUsedUpDaySaysWhenTheNextOneBegins() async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      rig.server.addFaults(try FaultRule.list("429-daily retry-after=7200"))
      for program in ["find where .hs_sku == \"A\" | select .id", FaultTests.update] {
        let run = try await rig.run(program)
        #expect(run.outcome == .transport)
        #expect(run.notes.contains("midnight in the account's time zone"), "\(run.notes)")
      }
    }
  }

  // MARK: Reading

  @Test(arguments: ["loop", "endless-cursor"]) func pagesThatNeverEndAreTold(_ fault: String) async throws {
    try await withRig { rig in
      _ = try await rig.items(150)
      try UpsertTests.list(rig, ["A,a,1"])
      rig.server.addFaults(try FaultRule.list("\(fault) on=pages"))
      for program in ["find all | select .id", "find where .hs_sku == \"A\" | select .id", UpsertTests.program] {
        let run = try await rig.run(program)
        #expect(run.outcome == .transport, "\(program): \(run.notes)")
        #expect(run.notes.contains("LIS0306"), "\(program): \(run.notes)")
        #expect(run.requests.count < 60 && run.kinds["batch/create"] == nil)
      }
    }
  }
}
