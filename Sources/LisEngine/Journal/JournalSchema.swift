import GRDB

/// The tables of the journal, version by version. A journal of an older version is brought up to the newest when it is
/// opened; what its rows never said stays NULL.
enum JournalSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { try $0.execute(sql: first) }
    migrator.registerMigration("2") { try $0.execute(sql: second) }
    return migrator
  }

  private static let first = """
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
    """

  /// What became of each record can be told from its own row: the records of one batch of an `upsert` differ in what
  /// happens to them. Version 1 gave a batch the verb of its first record, and only records of an `upsert`, which are
  /// made or changed, could differ from it.
  private static let second = """
    ALTER TABLE batch ADD COLUMN sending TEXT;
    ALTER TABLE record ADD COLUMN verb TEXT NOT NULL DEFAULT '';
    ALTER TABLE record ADD COLUMN key_property TEXT;
    ALTER TABLE record ADD COLUMN key_value TEXT;
    ALTER TABLE record ADD COLUMN link_types TEXT;
    ALTER TABLE record ADD COLUMN was_linked INTEGER;
    ALTER TABLE record ADD COLUMN is_new INTEGER;
    ALTER TABLE record RENAME COLUMN created_id TO result_id;
    UPDATE record SET verb = (
      SELECT CASE
        WHEN batch.verb NOT IN ('create', 'update', 'upsert') THEN batch.verb
        WHEN record.id IS NULL THEN 'create' ELSE 'update' END
      FROM batch WHERE batch.run = record.run AND batch.statement = record.statement AND batch.number = record.batch);
    ALTER TABLE batch DROP COLUMN verb;
    """
}
