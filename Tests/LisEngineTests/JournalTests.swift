import GRDB
import HubSpot
import LisEngine
import LisRuntime
import PracticePortal
import Synchronization
import Testing

/// The journal: intents before a byte leaves, outcomes after, and no sending without it.
@Suite struct JournalTests {
  static let update = "find where .hs_sku == \"A\" | update { price: 20, name: \"say \\\"hi\\\"\" }"

  @Test func intentsAreDurableBeforeARequestLeaves() async throws {
    try await withRig { rig in
      let ids = try await rig.items(150)
      let seen = Mutex<[String]>([])
      rig.transport.follow { request, number in
        guard request.kind == "batch/update" else { return .pass }
        // A connection of its own sees only what has been committed.
        let rows = try? rig.journalled("SELECT * FROM record WHERE batch = \(number) ORDER BY row")
        let settled = try? rig.journalled("SELECT * FROM record WHERE outcome IS NOT NULL")
        let open = try? rig.journalled("SELECT * FROM batch WHERE settled_at IS NULL")
        let first = rows?.first
        seen.withLock {
          $0.append("\(rows?.count ?? -1) intents, \(settled?.count ?? -1) settled, \(open?.count ?? -1) open")
          $0.append("\(first?["id"] as String? ?? "") \(first?["before"] as String? ?? "")")
          $0.append("\(first?["after"] as String? ?? "") \(first?["outcome"] as String? ?? "none")")
          $0.append(request.body.contains("\"\(first?["trace"] as String? ?? "?")\"") ? "traced" : "not traced")
        }
        return .pass
      }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .done, "\(run.notes)")
      let after = "{\"name\":\"say \\\"hi\\\"\",\"price\":\"20\"}"
      #expect(
        seen.withLock { $0 } == [
          "100 intents, 0 settled, 1 open",
          "\(ids[0]) {\"hs_sku\":\"A\",\"name\":\"Item 0\",\"price\":\"10.00\"}", "\(after) none", "traced",
          "50 intents, 100 settled, 1 open",
          "\(ids[100]) {\"hs_sku\":\"A\",\"name\":\"Item 100\",\"price\":\"10.00\"}", "\(after) none", "traced",
        ])
      let rows = try rig.journalled("SELECT * FROM record WHERE outcome = 'applied'")
      #expect(rows.count == 150)
      let statement = try #require(try rig.journalled("SELECT * FROM statement").first)
      #expect(["planned", "applied", "failed"].map { statement[$0] as Int? } == [150, 150, 0])
      let entry = try #require(try rig.journalled("SELECT * FROM run").first)
      #expect(["outcome", "portal"].map { entry[$0] as String? } == ["done", "test"])
      #expect(entry["began_at"] as Int? == Rig.noon)
    }
  }

  @Test func whileAReplyIsOutstandingTheIntentHasNoOutcome() async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      let open = Mutex(-1)
      rig.transport.follow { request, number in
        // The read that settles a lost reply: the batch may have been done, and the journal says that it is in doubt.
        if request.kind == "batch/read", number == 2 {
          let rows = try? rig.journalled("SELECT * FROM record WHERE outcome IS NULL")
          open.withLock { $0 = rows?.count ?? -2 }
        }
        return request.kind == "batch/update" && number == 1 ? .loseReply : .pass
      }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .done)
      #expect(open.withLock { $0 } == 3)
    }
  }

  @Test func refusedPlansLeaveNoTrace() async throws {
    try await withRig { rig in
      _ = try await rig.items(3)
      _ = try await rig.run(Self.update, Rig.Options(apply: false))
      #expect(try rig.journalled("SELECT * FROM run").isEmpty)
    }
  }

  @Test func createdIdsAndParentsAreWrittenDown() async throws {
    try await withRig { rig in
      let deal = try await rig.deal()
      let run = try await rig.run("create { name: \"a\", price: 1.10 } to deal \"\(deal)\"")
      let row = try #require(try rig.journalled("SELECT * FROM record").first)
      #expect(row["result_id"] as String? == run.report?.created.first)
      #expect(row["target"] as String? == "deals/\(deal)")
      #expect(row["before"] as String? == "{}")
      #expect(row["after"] as String? == "{\"name\":\"a\",\"price\":\"1.10\"}")
      #expect(row["place"] as String? == "test.lis:1")
    }
  }

  /// A journal that fails at one of its calls.
  private final class FailingJournal: JournalStore {
    let inner: SQLiteJournal
    let call: String
    let number: Int
    private var count = 0

    init(_ inner: SQLiteJournal, _ call: String, _ number: Int) {
      self.inner = inner
      self.call = call
      self.number = number
    }

    private func check(_ name: String) throws {
      guard name == call else { return }
      count += 1
      if count == number { throw JournalProblem.cannotWrite(path: "journal.db", reason: "disk full") }
    }

    func begin(run: RunIdentity, portal: String, at time: Int) throws {
      try check("run")
      try inner.begin(run: run, portal: portal, at: time)
    }
    func end(run: String, outcome: String, at time: Int) throws { try inner.end(run: run, outcome: outcome, at: time) }
    func begin(statement: Int, run: String, changes: ChangeSet) throws {
      try check("statement")
      try inner.begin(statement: statement, run: run, changes: changes)
    }
    func finish(statement: Int, run: String, counts: ReportCounts) throws {
      try check("finish")
      try inner.finish(statement: statement, run: run, counts: counts)
    }
    func intend(_ intent: BatchIntent, at time: Int) throws {
      try check("intend")
      try inner.intend(intent, at: time)
    }
    func settle(_ intent: BatchIntent, outcomes: [JournalOutcome], at time: Int) throws {
      try check("settle")
      try inner.settle(intent, outcomes: outcomes, at: time)
    }
  }

  @Test(arguments: [
    ("run", 1, 0), ("statement", 1, 0), ("intend", 1, 0), ("intend", 2, 100), ("settle", 1, 100), ("settle", 2, 200),
    ("finish", 1, 250),
  ])
  func withoutAJournalNothingIsSent(_ call: String, _ number: Int, _ applied: Int) async throws {
    try await withRig { rig in
      _ = try await rig.items(250)
      let run = try await rig.run(
        Self.update, Rig.Options(journal: { FailingJournal($0, call, number) }))
      #expect(run.outcome == .fault, "\(run.notes)")
      #expect(run.notes.contains("LIS0330") && run.notes.contains("disk full"))
      #expect(run.kinds["batch/update"] ?? 0 == (applied + 99) / 100)
      #expect(try await rig.values("price").values.count { $0 == "20" } == applied)
      if call != "run" {
        #expect(run.counts?.applied == applied)
        #expect(run.counts?.isBalanced == true)
        #expect(run.counts?.skipped == 250 - applied)
      }
    }
  }

  @Test func aJournalThatBecomesReadOnly() async throws {
    try await withRig { rig in
      let ids = try await rig.items(1)
      // Somebody else holds the file for longer than anybody waits: simulated by dropping its tables.
      rig.transport.follow { request, _ in
        if request.kind == "batch/read" {
          try? await DatabaseQueue(path: rig.journal).write { try $0.execute(sql: "DROP TABLE record") }
        }
        return .pass
      }
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .fault)
      #expect(run.notes.contains("LIS0330"), "\(run.notes)")
      #expect(try await rig.value(ids[0], "price") == "10.00")
    }
  }

  @Test func aJournalThatIsNoDatabase() async throws {
    try await withRig { rig in
      try rig.file("journal.db", String(repeating: "not a database ", count: 100))
      let run = try await rig.run(Self.update)
      #expect(run.outcome == .fault)
      #expect(run.notes.contains("cannot be opened"), "\(run.notes)")
      #expect(run.requests.isEmpty)
    }
  }

  @Test func aJournalOfANewerVersion() async throws {
    try await withRig { rig in
      _ = try SQLiteJournal(path: rig.journal)
      try await DatabaseQueue(path: rig.journal).write {
        try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99')")
      }
      #expect(throws: JournalProblem.self) { try SQLiteJournal(path: rig.journal) }
    }
  }

  @Test func aRunThatIsInterruptedFinishesItsBatch() async throws {
    try await withRig { rig in
      _ = try await rig.items(350)
      let hand = Mutex<Interrupter?>(nil)
      rig.transport.follow { request, number in
        if request.kind == "batch/update", number == 2 { hand.withLock { $0?.interrupt() } }
        return .pass
      }
      let run = try await rig.run(
        Self.update, Rig.Options(onConnect: { interrupter in hand.withLock { $0 = interrupter } }))
      #expect(run.outcome == .interrupted)
      #expect(run.outcome.exitCode == 130)
      #expect(run.counts == ReportCounts(planned: 350, applied: 200, skipped: 150))
      #expect(try rig.journalled("SELECT * FROM record WHERE outcome = 'applied'").count == 200)
      #expect(try rig.journalled("SELECT * FROM record").count == 200)
      #expect(try rig.journalled("SELECT outcome FROM run").first?["outcome"] as String? == "interrupted")
      // Running it again does the rest.
      rig.transport.follow { _, _ in .pass }
      let again = try await rig.run(Self.update, Rig.Options(run: "again"))
      #expect(again.counts == ReportCounts(planned: 350, applied: 150, unchanged: 200))
    }
  }

  @Test func anInterruptedReadWritesNothing() async throws {
    try await withRig { rig in
      _ = try await rig.items(350)
      let hand = Mutex<Interrupter?>(nil)
      rig.transport.follow { request, number in
        if request.kind == "search", number == 2 { hand.withLock { $0?.interrupt() } }
        return .pass
      }
      let run = try await rig.run(
        Self.update, Rig.Options(onConnect: { interrupter in hand.withLock { $0 = interrupter } }))
      #expect(run.outcome == .interrupted)
      #expect(run.kinds["batch/update"] == nil)
    }
  }

  @Test func interruptedBeforeTheFirstBatchNothingIsSent() async throws {
    try await withRig { rig in
      _ = try await rig.items(150)
      let hand = Mutex<Interrupter?>(nil)
      rig.transport.follow { request, _ in
        if request.kind == "batch/read" { hand.withLock { $0?.interrupt() } }
        return .pass
      }
      let run = try await rig.run(
        Self.update, Rig.Options(onConnect: { interrupter in hand.withLock { $0 = interrupter } }))
      #expect(run.outcome == .interrupted)
      #expect(run.counts == ReportCounts(planned: 150, skipped: 150))
      #expect(run.kinds["batch/update"] == nil)
    }
  }
}
