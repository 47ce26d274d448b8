/// A record at the other end of an association.
public struct AssociatedRecord: Sendable, Hashable {
  /// Sent as a JSON number, kept as text.
  public let id: String
  /// Every type by which the two are associated; a pair may have several.
  public let types: [AssociationLabel]
}

extension AssociatedRecord {
  /// Nil for an entry without an id or with a type that cannot be read.
  init?(_ tree: JSONValue) {
    let entries = tree["associationTypes"]?.elements ?? []
    let types = entries.compactMap(AssociationLabel.init)
    guard let id = tree["toObjectId"]?.asText, types.count == entries.count else { return nil }
    self.init(id: id, types: types)
  }
}

/// A page of the records associated with one record.
public struct AssociationPage: Sendable, Hashable {
  /// The most records a page may have.
  public static let pageLimit = 500

  /// The records of this page.
  public let results: [AssociatedRecord]
  /// The cursor of the next page; nil on the last.
  public let nextAfter: String?
}

extension AssociationPage: JSONReadable {
  init(_ reader: inout JSONReader) throws(JSONProblem) {
    let tree = try reader.tree()
    guard case .array(let entries)? = tree["results"] else { throw reader.problem }
    let results = entries.compactMap(AssociatedRecord.init)
    guard results.count == entries.count else { throw reader.problem }
    self.init(results: results, nextAfter: tree.nextAfter)
  }
}

/// What a batch read of associations says about one record.
public enum AssociationReadOutcome: Sendable, Hashable {
  /// The associated records, and the cursor of the rest when there are more. Empty when there are none, which HubSpot
  /// reports among the errors and which is none.
  case found([AssociatedRecord], nextAfter: String?)
  case failed(RecordFailure)
  /// The reply says nothing about this record.
  case unaccounted
}

/// A link to be made between two records.
public struct AssociationInput: Sendable, Hashable {
  /// The id of the record that the link starts from.
  public let fromID: String
  /// The id of the record that it leads to.
  public let toID: String
  /// The types to link by; not sent when linking by the default type.
  public let types: [AssociationKind]

  public init(fromID: String, toID: String, types: [AssociationKind]) {
    self.fromID = fromID
    self.toID = toID
    self.types = types
  }
}

/// What became of one link.
public enum AssociationOutcome: Sendable, Hashable {
  case associated
  case failed(RecordFailure)
  case unaccounted
}

/// What became of one link that was to be undone, or of its labels.
public enum DissociationOutcome: Sendable, Hashable {
  /// It is gone, or never was.
  case dissociated
  case failed(RecordFailure)
}
