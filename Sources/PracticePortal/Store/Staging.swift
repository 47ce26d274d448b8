import GRDB

/// A record as somebody who rehearses wants it to be: with the id, the read-only values and the links it should have.
public struct StagedRecord: Sendable {
  /// Plural name: `line_items`.
  public var object: String
  /// Decimal; nil takes the next free one.
  public var id: String?
  /// Texts on the wire.
  public var properties: [String: String]
  /// Records it is associated with, by plural name and id.
  public var links: [(object: String, id: String)]

  public init(object: String, id: String?, properties: [String: String], links: [(object: String, id: String)]) {
    self.object = object
    self.id = id
    self.properties = properties
    self.links = links
  }
}

/// A property that somebody who rehearses wants the portal to have.
public struct DefinedProperty: Sendable {
  public var name: String
  /// A property type of HubSpot's, such as `number`; one that the practice portal does not know is kept as text.
  public var type: String
  /// Values of an enumeration.
  public var options: [String]
  public var isMultiple: Bool
  public var isUnique: Bool

  public init(name: String, type: String, options: [String] = [], isMultiple: Bool = false, isUnique: Bool = false) {
    self.name = name
    self.type = type
    self.options = options
    self.isMultiple = isMultiple
    self.isUnique = isUnique
  }
}

/// Why records cannot be put into a practice portal.
public enum StagingProblem: Error, Sendable, Equatable {
  case unknownObject(String)
  case badID(String)
  case idTaken(String)
  case unknownProperty(String, object: String)
  case badValue(property: String, value: String, reason: String)
  case notSettable(property: String)
  case noSuchTarget(object: String, id: String)
  case notAssociable(from: String, to: String)

  public var message: String {
    switch self {
    case .unknownObject(let name): "the practice portal has no `\(name)`"
    case .badID(let id): "`\(id)` is no id: ids are whole numbers above zero"
    case .idTaken(let id): "two records have the id \(id)"
    case .unknownProperty(let name, let object): "`\(object)` have no property `\(name)` here"
    case .badValue(let property, let value, let reason): "\(property) cannot be `\(value)`: \(reason)"
    case .notSettable(let property): "\(property) cannot be chosen: the portal gives it itself"
    case .noSuchTarget(let object, let id): "there is no record \(id) among the \(object) to be associated with"
    case .notAssociable(let from, let to): "`\(from)` cannot be associated with `\(to)`"
    }
  }
}

extension PracticePortalServer {
  /// Puts records into the portal beside HTTP, where read-only values can be chosen too. All or nothing.
  /// - Throws: `StagingProblem`.
  public func stage(_ records: [StagedRecord]) async throws {
    try await store.write { transaction in
      let staging = Staging(transaction: transaction)
      var places: [(type: ObjectType, id: Int64)] = []
      for record in records { places.append(try staging.insert(record)) }
      // Links come last, since a record may name one that follows it.
      for (record, place) in zip(records, places) { try staging.link(record, from: place) }
    }
  }

  /// Adds properties; those whose names there are already stay as they are.
  /// - Throws: `StagingProblem`.
  public func define(_ properties: [DefinedProperty], of object: String) async throws {
    let type = try Staging.type(object)
    _ = try await store.changeProperties(of: type) { _, schema in
      properties.filter { schema.all[$0.name] == nil }.map { Staging.definition($0, of: type) }
    }
  }

  /// Removes all records, links and histories; properties stay.
  public func clear() async throws {
    try await store.write { transaction in
      for type in ObjectType.allCases { try transaction.db.execute(sql: "DELETE FROM \(type.table)") }
      try transaction.db.execute(
        sql: """
          DELETE FROM associations; DELETE FROM replaced_values; DELETE FROM merged_ids;
          UPDATE meta SET value = ? WHERE name = 'last_id'
          """,
        arguments: [RecordIdentifiers.beforeFirst])
    }
  }
}

/// One transaction of staging.
private struct Staging {
  let transaction: WriteTransaction

  static func type(_ name: String) throws -> ObjectType {
    guard let type = ObjectType(spelling: name) else { throw StagingProblem.unknownObject(name) }
    return type
  }

  static func id(_ text: String) throws -> Int64 {
    guard let id = Int64(text), id > 0 else { throw StagingProblem.badID(text) }
    return id
  }

  static func definition(_ property: DefinedProperty, of type: ObjectType) -> PropertyDefinition {
    let kind = PropertyType(rawValue: property.type) ?? .string
    let field = kind == .enumeration ? (property.isMultiple ? "checkbox" : "select") : kind.fieldTypes.first ?? "text"
    var definition = PropertyDefinition(
      name: property.name, label: property.name, type: kind, fieldType: field, groupName: type.groupName)
    let values = kind == .bool ? ["true", "false"] : property.options
    definition.options = values.enumerated().map {
      PropertyOption(label: $0.element, value: $0.element, displayOrder: $0.offset)
    }
    definition.hasUniqueValue = property.isUnique
    return definition
  }

  func insert(_ record: StagedRecord) throws -> (type: ObjectType, id: Int64) {
    let type = try Self.type(record.object)
    let schema = transaction.store.schema(of: type)
    let table = RecordTable(db: transaction.db, schema: schema)
    let id = try record.id.map { try Self.id($0) } ?? RecordIdentifiers.next(transaction.db)
    if try table.count("id = ?", [id]) > 0 { throw StagingProblem.idTaken(String(id)) }
    try transaction.db.execute(
      sql: "UPDATE meta SET value = max(value, ?) WHERE name = 'last_id'", arguments: [id])
    var stored = StoredRecord(
      id: id, created: transaction.time, updated: transaction.time, archivedAt: nil, values: [:])
    for (name, text) in record.properties.sorted(by: { $0.key < $1.key }) where !text.isEmpty {
      try set(name, text, schema, &stored)
    }
    if schema.property("createdate") != nil, stored.values["createdate"] == nil {
      stored.values["createdate"] = Timestamp.canonicalText(stored.created)
    }
    if type == .lineItems {
      let values = stored.values
      stored.values.merge(CalculatedAmounts.compute { values[$0] }) { chosen, _ in chosen }
    }
    try table.insert(stored)
    return (type, id)
  }

  private func set(_ name: String, _ text: String, _ schema: TypeSchema, _ record: inout StoredRecord) throws {
    guard let property = schema.property(name) else {
      throw StagingProblem.unknownProperty(name, object: schema.type.plural)
    }
    let accepted: String
    switch ValueRules.accept(text, for: property, existing: nil, normalizesDates: true) {
    case .success(let value): accepted = value.stored
    case .failure(let invalid):
      throw StagingProblem.badValue(property: name, value: text, reason: invalid.message)
    }
    switch property.storage {
    case .column: record.values[name] = accepted
    case .created: record.created = Timestamp.parseDateTime(text) ?? record.created
    case .updated: record.updated = Timestamp.parseDateTime(text) ?? record.updated
    case .identifier, .constant: throw StagingProblem.notSettable(property: name)
    }
  }

  func link(_ record: StagedRecord, from place: (type: ObjectType, id: Int64)) throws {
    for link in record.links {
      let target = try Self.type(link.object)
      let id = try Self.id(link.id)
      let schema = transaction.store.schema(of: target)
      guard try RecordTable(db: transaction.db, schema: schema).count("id = ?", [id]) > 0 else {
        throw StagingProblem.noSuchTarget(object: link.object, id: link.id)
      }
      do { try AssociationTable(db: transaction.db).link(place.type, place.id, target, id) } catch is Refusal {
        throw StagingProblem.notAssociable(from: record.object, to: link.object)
      }
    }
  }
}
