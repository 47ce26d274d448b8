import FoundationEssentials
import GRDB
import HubSpot
import LisEngine
import LisRuntime
import PracticePortal
import Testing

/// What was done, told from the journal alone: for each record the verb, the request, the key, and what came of it.
@Suite struct JournalEntryTests {
  private func entries(_ rig: Rig, run: String = "run") throws -> [JournalEntry] {
    try SQLiteJournal(path: rig.journal).entries(of: run)
  }

  @Test func recordsOfAnUpsertSayWhatHappenedToThem() async throws {
    try await withRig { rig in
      try await UpsertTests.makeKey(rig)
      let ids = try await rig.items([["name": "a", "erp_key": "A", "price": "1"]])
      try UpsertTests.list(rig, ["A,a,2", "B,b,3", "C,c,4"])
      rig.transport.follow { request, _ in
        // Somebody makes C after the last look.
        if request.kind == "batch/upsert" { _ = try? await rig.items([["name": "theirs", "erp_key": "C"]]) }
        return .pass
      }
      let run = try await rig.run(UpsertTests.keyed)
      #expect(run.outcome == .done, "\(run.notes)")
      let entries = try entries(rig).sorted { $0.row < $1.row }
      #expect(entries.map(\.verb) == [.update, .create, .create])
      #expect(entries.map(\.sending) == [.update, .upsert, .upsert])
      #expect(entries.map(\.keyProperty) == ["erp_key", "erp_key", "erp_key"])
      #expect(entries.map(\.keyValue) == ["A", "B", "C"])
      #expect(entries.map(\.id) == [ids[0], nil, nil])
      #expect(entries.map(\.isNew) == [false, true, false])
      #expect(entries[0].before.contains("\"price\":\"1\""), "\(entries[0].before)")
      let keys = try await rig.values("erp_key")
      #expect(entries.map { keys[$0.resultID ?? ""] } == ["A", "B", "C"])
      #expect(run.report?.created == [entries[1].resultID ?? ""])
    }
  }

  @Test func oneBatchOfCreatesHoldsKeysAndNone() async throws {
    try await withRig { rig in
      try UpsertTests.list(rig, ["A,a,2", "B,b,3"])
      let run = try await rig.run(
        """
        csv("list.csv") | each row {
          if row.sku == "A" { create { name: row.name } } else { row | upsert by hs_sku { hs_sku: .sku, name: .name } }
        }
        """)
      #expect(run.outcome == .done, "\(run.notes)")
      let entries = try entries(rig)
      #expect(entries.map(\.batch) == [1, 1])
      #expect(entries.map(\.verb) == [.create, .create])
      #expect(entries.map(\.keyValue) == [nil, "B"])
      #expect(entries.map(\.isNew) == [true, true])
    }
  }

  @Test func anArchivedRecordCanBeMadeAnew() async throws {
    try await withRig { rig in
      let ids = try await rig.items([["name": "a", "hs_sku": "A", "price": "1.50", "description": "long\ntext"]])
      let run = try await rig.run("find where .hs_sku == \"A\" | archive")
      #expect(run.outcome == .done, "\(run.notes)")
      let entry = try #require(try entries(rig).first)
      #expect(entry.verb == .archive && entry.id == ids[0] && entry.isNew == false)
      let before = try JSONDecoder().decode([String: String].self, from: Data(entry.before.utf8))
      #expect(before.filter { !$0.key.hasPrefix("hs_") || $0.key == "hs_sku" }["description"] == "long\ntext")
      #expect(before["name"] == "a" && before["hs_sku"] == "A" && before["price"] == "1.50")
      // What HubSpot calculates cannot be written again.
      #expect(before["amount"] == nil && before["hs_object_id"] == nil)
    }
  }

  @Test func aNewRecordSaysHowItIsLinked() async throws {
    try await withRig { rig in
      let deal = try await rig.deal()
      _ = try await rig.run("create { name: \"a\" } to deal \"\(deal)\"")
      let entry = try #require(try entries(rig).first)
      #expect(entry.target == "deals/\(deal)" && entry.linkTypes == "[[\"HUBSPOT_DEFINED\",20]]")
      #expect(entry.wasLinked == nil && entry.isNew == true && entry.key == nil)
    }
  }

  @Test func whatHubSpotDoesNotSayStaysOpen() async throws {
    try await withRig { rig in
      try await UpsertTests.makeKey(rig)
      try UpsertTests.list(rig, ["A,a,2"])
      rig.transport.follow { request, _ in
        request.kind == "batch/upsert"
          ? .change { $0.replacing("\"new\":true,", with: "").replacing("\"new\":true", with: "\"x\":1") } : .pass
      }
      let run = try await rig.run(UpsertTests.keyed)
      #expect(run.outcome == .done, "\(run.notes)")
      let entry = try #require(try entries(rig).first)
      #expect(entry.isNew == nil && entry.outcome == "applied" && entry.resultID != nil)
    }
  }

  // MARK: Journals of version 1

  /// The tables as version 1 made them, with a batch of each kind.
  private static let first = """
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    INSERT INTO grdb_migrations VALUES ('1');
    CREATE TABLE run (
      id TEXT PRIMARY KEY, portal TEXT NOT NULL, script TEXT NOT NULL, source_hash TEXT NOT NULL,
      arguments TEXT NOT NULL, began_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT);
    CREATE TABLE statement (
      run TEXT NOT NULL REFERENCES run(id), number INTEGER NOT NULL, planned INTEGER NOT NULL,
      records INTEGER NOT NULL, place TEXT NOT NULL, applied INTEGER, unchanged INTEGER, failed INTEGER,
      skipped INTEGER, unknown INTEGER, PRIMARY KEY (run, number));
    CREATE TABLE batch (
      run TEXT NOT NULL, statement INTEGER NOT NULL, number INTEGER NOT NULL, verb TEXT NOT NULL,
      object TEXT NOT NULL, intended_at INTEGER NOT NULL, settled_at INTEGER,
      PRIMARY KEY (run, statement, number), FOREIGN KEY (run, statement) REFERENCES statement(run, number));
    CREATE TABLE record (
      run TEXT NOT NULL, statement INTEGER NOT NULL, batch INTEGER NOT NULL, row INTEGER NOT NULL, id TEXT,
      trace TEXT NOT NULL, place TEXT NOT NULL, target TEXT, before TEXT NOT NULL, after TEXT NOT NULL,
      outcome TEXT, created_id TEXT, reason TEXT,
      PRIMARY KEY (run, statement, batch, row),
      FOREIGN KEY (run, statement, batch) REFERENCES batch(run, statement, number));
    INSERT INTO run VALUES ('old', 'test', 'a.lis', '', '[]', 1, 2, 'done');
    INSERT INTO statement VALUES ('old', 1, 4, 4, 'a.lis:1', 4, 0, 0, 0, 0);
    INSERT INTO batch VALUES ('old', 1, 1, 'update', 'line_items', 1, 2), ('old', 1, 2, 'archive', 'line_items', 1, 2);
    INSERT INTO record VALUES
      ('old', 1, 1, 1, '11', 't1', 'a.lis:1', NULL, '{"price":"1"}', '{"price":"2"}', 'applied', NULL, NULL),
      ('old', 1, 1, 2, NULL, 't2', 'a.lis:1', 'deals/5', '{}', '{"price":"3"}', 'applied', '12', NULL),
      ('old', 1, 2, 3, '13', 't3', 'a.lis:1', NULL, '{"price":"4"}', '{}', 'unknown', NULL, 'lost');
    """

  @Test func anOldJournalIsReadAndWritten() async throws {
    try await withRig { rig in
      let old = try DatabaseQueue(path: rig.journal)
      try await old.write { try $0.execute(sql: Self.first) }
      try old.close()
      _ = try await rig.items(1)
      let run = try await rig.run(JournalTests.update)
      #expect(run.outcome == .done, "\(run.notes)")
      #expect(try SQLiteJournal(path: rig.journal).runs() == ["old", "run"])
      let entries = try entries(rig, run: "old")
      #expect(entries.map(\.verb) == [.update, .create, .archive])
      #expect(entries.map(\.resultID) == [nil, "12", nil])
      #expect(entries.map(\.target) == [nil, "deals/5", nil])
      #expect(entries.map(\.outcome) == ["applied", "applied", "unknown"])
      #expect(entries.allSatisfy { $0.isNew == nil && $0.sending == nil && $0.key == nil })
      #expect(entries[0].before == "{\"price\":\"1\"}" && entries[2].reason == "lost")
    }
  }
}
