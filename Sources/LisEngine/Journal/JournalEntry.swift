import GRDB
import LisSchema

/// One record of a batch as the journal holds it: with the values that were sent and those of before, everything that is
/// needed to finish or to take back what was done to it.
public struct JournalEntry: Sendable, Hashable {
  public var statement: Int
  public var batch: Int
  public var row: Int
  /// The type of the record, as in paths: `line_items`.
  public var object: String
  /// What the plan said: `create` or `update` also where an `upsert` said it, which is then told by the key.
  public var verb: WriteVerb?
  /// The request that carried it; nil in journals of version 1.
  public var sending: Sending?
  /// nil for a record that did not exist when the plan was made.
  public var id: String?
  public var trace: String
  /// Property and value by which an `upsert` looked for the record.
  public var key: (property: String, value: String)? {
    guard let keyProperty, let keyValue else { return nil }
    return (keyProperty, keyValue)
  }
  public var keyProperty: String?
  public var keyValue: String?
  /// JSON objects of property and text on the wire. For an archive `before` has every property that can be written and
  /// was not empty.
  public var before: String
  public var after: String
  /// `deals/31232284502`: what the record is linked to.
  public var target: String?
  /// JSON list of `[category, type id]`, by which it is linked.
  public var linkTypes: String?
  /// Whether the link was there before; nil for records that are linked as they are made.
  public var wasLinked: Bool?
  /// `applied`, `failed`, `unknown` or `unsent`; nil while the request may be under way.
  public var outcome: String?
  /// The id that came back.
  public var resultID: String?
  /// Whether the record was made, where that is known.
  public var isNew: Bool?
  public var reason: String?

  init(_ row: Row) {
    statement = row["statement"]
    batch = row["batch"]
    self.row = row["row"]
    object = row["object"]
    verb = WriteVerb(rawValue: row["verb"])
    sending = (row["sending"] as String?).flatMap { Sending(rawValue: $0) }
    id = row["id"]
    trace = row["trace"]
    keyProperty = row["key_property"]
    keyValue = row["key_value"]
    before = row["before"]
    after = row["after"]
    target = row["target"]
    linkTypes = row["link_types"]
    wasLinked = row["was_linked"]
    outcome = row["outcome"]
    resultID = row["result_id"]
    isNew = row["is_new"]
    reason = row["reason"]
  }
}

extension SQLiteJournal {
  /// Everything a run wrote or was about to, in order.
  public func entries(of run: String) throws -> [JournalEntry] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT record.*, batch.object, batch.sending FROM record
          JOIN batch ON batch.run = record.run AND batch.statement = record.statement AND batch.number = record.batch
          WHERE record.run = ? ORDER BY record.statement, record.batch, record.row
          """, arguments: [run]
      ).map { JournalEntry($0) }
    }
  }

  /// Ids of all runs, oldest first.
  public func runs() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT id FROM run ORDER BY began_at, id") }
  }
}
