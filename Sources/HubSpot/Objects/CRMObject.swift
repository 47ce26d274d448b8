/// A record as HubSpot answers it. Every field but the id is optional on the wire, and unknown ones are ignored.
public struct CRMObject: Sendable, Hashable {
  /// The record's id: decimal digits, kept as text because it may be longer than a number should be trusted with.
  public var id: String
  /// Values by property name. A property that was asked for and has no value is nil; one that was cleared may be "".
  public var properties: [String: String?]
  /// Earlier values by property name, when they were asked for. Their order is not stated; sort by `timestamp`.
  public var history: [String: [PropertyVersion]]
  /// ISO 8601 in UTC, as sent.
  public var createdAt: String?
  /// ISO 8601 in UTC, as sent.
  public var updatedAt: String?
  /// Whether the record is in the recycling bin.
  public var archived: Bool
  /// When it was moved there; ISO 8601 in UTC.
  public var archivedAt: String?
  /// Associated records by the key of the answer, when they were asked for; see `associated(_:)`.
  public var associations: [String: AssociatedPage]
  /// The trace id of the batch input that wrote this record, when the server echoes it.
  public var traceID: String?
  /// Batch upsert: whether the record was made by this request.
  public var isNew: Bool?
  /// A link to the record in HubSpot's interface.
  public var url: String?
  /// What the server changed about the values written, from version 2026-09 on.
  public var warnings: [ObjectWarning]

  public init(
    id: String, properties: [String: String?] = [:], createdAt: String? = nil, updatedAt: String? = nil,
    archived: Bool = false, archivedAt: String? = nil, traceID: String? = nil
  ) {
    self.id = id
    self.properties = properties
    self.history = [:]
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.archived = archived
    self.archivedAt = archivedAt
    self.associations = [:]
    self.traceID = traceID
    self.isNew = nil
    self.url = nil
    self.warnings = []
  }

  /// A property's value, "" for one that is absent, nil or cleared.
  public func text(_ property: String) -> String { (properties[property] ?? nil) ?? "" }

  /// The associated records of a type. The key for line items is said to come with a space, so both spellings are
  /// looked up.
  public func associated(_ type: ObjectType) -> AssociatedPage? {
    let spaced = String(type.name.map { $0 == "_" ? " " : $0 })
    return associations[type.name] ?? associations[spaced]
  }
}

/// One earlier value of a property.
public struct PropertyVersion: Sendable, Hashable {
  /// The value of that time; "" when it was empty.
  public let value: String
  /// ISO 8601 in UTC.
  public let timestamp: String
  /// What wrote it, for example `INTEGRATION`.
  public let sourceType: String?
  /// Which one of that kind wrote it.
  public let sourceID: String?
}

/// The records associated with a record, as far as they came with it.
public struct AssociatedPage: Sendable, Hashable {
  /// One associated record.
  public struct Entry: Sendable, Hashable {
    /// The id of the associated record.
    public let id: String
    /// The association's type as text, for example `line_item_to_deal`.
    public let type: String?
  }

  /// The associated records of this page.
  public let entries: [Entry]
  /// The cursor of the next page when there are more.
  public let nextAfter: String?
}

/// A value that the server normalised while writing it.
public struct ObjectWarning: Sendable, Hashable {
  /// For example `PROPERTY_VALUE_NORMALIZED`.
  public let category: String?
  /// The server's text.
  public let message: String?
  /// For example `propertyName`, `rawValue` and `normalizedValue`.
  public let context: [String: [String]]
}

/// A page of records.
public struct ObjectPage: Sendable, Hashable {
  /// The records of this page.
  public let results: [CRMObject]
  /// The cursor of the next page, to be handed back as it is; nil on the last page.
  public let nextAfter: String?
  /// Searches only: how many records match. Not to be taken as exact when it is 10,000.
  public let total: Int?
}
