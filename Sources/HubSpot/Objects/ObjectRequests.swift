/// What to list.
public struct ListRequest: Sendable, Hashable {
  /// The most records a page may have.
  public static let pageLimit = 100

  /// The type of the records.
  public var type: ObjectType
  /// The properties to read; the id alone when empty.
  public var properties: [String]
  /// Records per page, 1 to 100.
  public var limit: Int
  /// The cursor of an earlier page, or nil for the first.
  public var after: String?
  /// Only archived records, instead of only those that are not.
  public var archived: Bool
  /// Types whose associated records shall come along.
  public var associations: [ObjectType]
  /// Properties whose earlier values shall come along. The server may make pages smaller for them.
  public var history: [String]

  public init(
    type: ObjectType, properties: [String], limit: Int = ListRequest.pageLimit, after: String? = nil,
    archived: Bool = false, associations: [ObjectType] = [], history: [String] = []
  ) {
    self.type = type
    self.properties = properties
    self.limit = limit
    self.after = after
    self.archived = archived
    self.associations = associations
    self.history = history
  }

  func call(_ paths: PathBuilder) throws(HubSpotError) -> Call {
    guard (1...ListRequest.pageLimit).contains(limit) else {
      throw .invalidRequest(.invalidPageSize(limit, limit: ListRequest.pageLimit))
    }
    var query = [(name: "limit", parts: [String(limit)])]
    if let after { query.append((name: "after", parts: [after])) }
    query += readQuery(properties: properties, history: history, associations: associations, archived: archived)
    return try Call(.list, .get, paths.objects(type), query: query)
  }
}

/// Which record to read.
public struct GetRequest: Sendable, Hashable {
  /// The type of the records.
  public var type: ObjectType
  /// The record's id, or its value of `idProperty`.
  public var id: String
  /// The unique property that `id` is a value of; nil when `id` is a record id.
  public var idProperty: String?
  /// The properties to read; the id alone when empty.
  public var properties: [String]
  /// An archived record, instead of one that is not.
  public var archived: Bool
  /// Types whose associated records shall come along.
  public var associations: [ObjectType]
  /// Properties whose earlier values shall come along.
  public var history: [String]

  public init(
    type: ObjectType, id: String, idProperty: String? = nil, properties: [String], archived: Bool = false,
    associations: [ObjectType] = [], history: [String] = []
  ) {
    self.type = type
    self.id = id
    self.idProperty = idProperty
    self.properties = properties
    self.archived = archived
    self.associations = associations
    self.history = history
  }

  var query: [(name: String, parts: [String])] {
    readQuery(properties: properties, history: history, associations: associations, archived: archived)
      + (idProperty.map { [(name: "idProperty", parts: [$0])] } ?? [])
  }
}

/// The query that list and get have in common.
private func readQuery(
  properties: [String], history: [String], associations: [ObjectType], archived: Bool
) -> [(name: String, parts: [String])] {
  var query = [(name: "properties", parts: requestedProperties(properties))]
  if !history.isEmpty { query.append((name: "propertiesWithHistory", parts: history)) }
  if !associations.isEmpty { query.append((name: "associations", parts: associations.map(\.name))) }
  if archived { query.append((name: "archived", parts: ["true"])) }
  return query
}
