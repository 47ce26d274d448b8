import GRDB

/// List, get, create, update, archive and search of records.
struct ObjectEndpoints {
  let store: PortalStore
  let type: ObjectType
  let call: Call

  static let pageLimit = 100
  /// Reported for lists with history; the schema only says that the page is smaller.
  static let historyPageLimit = 50

  // MARK: Reading

  func list() async throws -> Answer {
    let wanted = try Wanted(call, schema: store.schema(of: type))
    let most = wanted.history.isEmpty ? Self.pageLimit : Self.historyPageLimit
    let limit = try call.query.integer("limit", default: 10, in: 1...most)
    var after: Int64 = 0
    if let text = call.query["after"] {
      guard let id = Int64(text) else {
        throw Refusal.invalidParameter(name: "after", value: text, expected: "the after value of a page")
      }
      after = id
    }
    let from = after
    return try await store.read { db in
      let table = RecordTable(db: db, schema: wanted.json.schema)
      let found = try table.fetch(
        "WHERE id >= ? AND \(RecordTable.state(wanted.archived)) ORDER BY id LIMIT ?", [from, limit + 1],
        names: wanted.columns)
      let body = try JSONWriter.object(reserving: limit * 600) { body in
        try body.memberArray("results") { list in
          for record in found.prefix(limit) { try wanted.write(record, db, into: &list) }
        }
        if found.count > limit {
          let next = String(found[limit].id)
          let link = "\(call.baseURL)\(call.path)?\(call.query.replacing("after", with: next))"
          body.memberObject("paging") { paging in
            paging.memberObject("next") {
              $0.member("after", next)
              $0.member("link", link)
            }
          }
        }
      }
      return .ok(body)
    }
  }

  func get(_ id: String) async throws -> Answer {
    let wanted = try Wanted(call, schema: store.schema(of: type))
    let idProperty = call.query["idProperty"]
    return try await store.read { db in
      let locator = RecordLocator(table: RecordTable(db: db, schema: wanted.json.schema))
      guard let record = try locator.record(id, idProperty: idProperty, archived: wanted.archived) else {
        throw locator.notFound(id, idProperty: idProperty)
      }
      var writer = JSONWriter()
      try wanted.write(record, db, into: &writer)
      return .ok(writer.bytes)
    }
  }

  func search() async throws -> Answer {
    // Practice-portal rule: characters are Unicode scalars of the body as it was sent.
    let characters = String(decoding: call.body, as: UTF8.self).unicodeScalars.count
    if characters > SearchLimits.bodyCharacters { throw Refusal.search(.bodyTooLong(characters: characters)) }
    let request = try SearchRequest(try call.json())
    let schema = store.schema(of: type)
    let statement = try SearchStatement(request, schema: schema)
    let json = RecordJSON(schema, names: request.properties)
    let (total, records) = try await store.read { db in
      let table = RecordTable(db: db, schema: schema)
      let total = try table.count(statement.condition, statement.arguments)
      let records = try table.fetch(
        "WHERE \(statement.condition) ORDER BY \(statement.order) LIMIT ? OFFSET ?",
        statement.arguments + [request.limit.databaseValue, request.after.databaseValue], names: json.names)
      return (total, records)
    }
    return .ok(
      JSONWriter.object(reserving: 256 + records.count * 400) { body in
        body.member("total", total)
        body.memberArray("results") { list in
          for record in records { json.write(record, into: &list) }
        }
        let next = request.after + records.count
        if !records.isEmpty, next < total {
          body.memberObject("paging") { $0.memberObject("next") { $0.member("after", String(next)) } }
        }
      })
  }

  // MARK: Writing

  func create() async throws -> Answer {
    let shape = BodyShape(try call.json())
    try shape.requireObject()
    guard let properties = try shape.members("properties") else { throw Refusal.requiredFieldsMissing(["properties"]) }
    let links = try LinkRequests.read(shape, from: type)
    return try await store.write { transaction in
      let written = try writer(transaction).create(properties, links: links)
      return answer(written, status: 201, json: RecordJSON(everyPropertyOf: transaction.store.schema(of: type)))
    }
  }

  func update(_ id: String) async throws -> Answer {
    let shape = BodyShape(try call.json())
    try shape.requireObject()
    guard let properties = try shape.members("properties") else { throw Refusal.requiredFieldsMissing(["properties"]) }
    let idProperty = call.query["idProperty"]
    return try await store.write { transaction in
      let writer = writer(transaction)
      let locator = RecordLocator(table: RecordTable(db: transaction.db, schema: writer.schema))
      guard let record = try locator.record(id, idProperty: idProperty) else {
        throw locator.notFound(id, idProperty: idProperty)
      }
      let written = try writer.update(record, properties)
      return answer(written, status: 200, json: Self.shown(after: properties, schema: writer.schema))
    }
  }

  /// Practice-portal rule: archiving what is not there answers 204 like the first time; nobody has recorded it.
  func archive(_ id: String) async throws -> Answer {
    guard let number = Int64(id) else { throw Refusal.nonNumericId(id) }
    try await store.write { try writer($0).archive(id: number) }
    return .noContent
  }

  func merge() async throws -> Answer {
    let shape = BodyShape(try call.json())
    try shape.requireObject()
    let primary = try shape.identifier("primaryObjectId")
    let other = try shape.identifier("objectIdToMerge")
    return try await store.write { transaction in
      let schema = transaction.store.schema(of: type)
      let merge = RecordMerge(writer: writer(transaction), schema: schema)
      let record = try merge.run(primary: primary, other: other)
      return answer(.init(record: record, isNew: true), status: 200, json: RecordJSON(everyPropertyOf: schema))
    }
  }

  private func writer(_ transaction: WriteTransaction) -> RecordWriter {
    RecordWriter(
      transaction: transaction, schema: transaction.store.schema(of: type),
      normalizesDates: call.version.normalizesDates)
  }

  /// An update answers the properties sent, the system ones, and for line items the derived ones.
  static func shown(after properties: [String: JSON], schema: TypeSchema) -> RecordJSON {
    let derived = schema.type == .lineItems ? CalculatedAmounts.names : []
    return RecordJSON(schema, names: properties.keys + derived + schema.type.systemProperties)
  }

  private func answer(_ written: RecordWriter.Written, status: Int, json: RecordJSON) -> Answer {
    var writer = JSONWriter(reserving: 2048)
    let extras = RecordJSON.Extras(warnings: written.warnings, onlyValues: true)
    json.write(written.record, extras: extras, into: &writer)
    return Answer(status: status, body: writer.bytes)
  }
}

/// What a list or get asked to see: `properties`, `propertiesWithHistory`, `associations` and `archived`.
struct Wanted: Sendable {
  let json: RecordJSON
  let history: [PropertyDefinition]
  let associations: [ObjectType]
  let archived: Bool

  init(_ call: Call, schema: TypeSchema) throws(Refusal) {
    // Unknown object types are ignored, as the schema says.
    self.init(
      schema: schema, properties: call.query.list("properties"), history: call.query.list("propertiesWithHistory"),
      associations: call.query.list("associations").compactMap { ObjectType(spelling: $0) },
      archived: try call.query.flag("archived"))
  }

  init(schema: TypeSchema, properties: [String], history: [String], associations: [ObjectType], archived: Bool) {
    json = RecordJSON(schema, names: properties + history)
    self.history = Set(history).sorted().compactMap { schema.property($0) }
    self.associations = associations
    self.archived = archived
  }

  var columns: [String] { json.names }

  func write(_ record: StoredRecord, _ db: Database, into writer: inout JSONWriter) throws {
    var extras = RecordJSON.Extras()
    let reader = PropertyHistory(db: db)
    extras.history = try history.map { ($0, try reader.entries(record, $0)) }
    let links = AssociationTable(db: db)
    extras.associations = try associations.map {
      try AssociationListing.load(links, from: json.schema.type, id: record.id, to: $0)
    }
    json.write(record, extras: extras, into: &writer)
  }
}

/// Finds a record by id or by a unique property.
struct RecordLocator {
  let table: RecordTable

  /// - Throws: `Refusal.nonUniqueProperty` when `idProperty` names no unique property.
  func record(_ id: String, idProperty: String?, archived: Bool = false) throws -> StoredRecord? {
    guard let property = try uniqueProperty(idProperty) else {
      guard let number = Int64(id) else { return nil }
      if let found = try table.records(ids: [number], archived: archived).first { return found }
      return try archived ? nil : MergedIds(db: table.db).current(number).flatMap { try table.record(id: $0) }
    }
    return try table.record(property: property, value: id, archived: archived)
  }

  /// Many records in one go, by the text that was asked for; what is missing is not in the answer.
  /// - Parameter followsMerges: finds a merged record under the ids that went into it, too.
  func records(
    _ keys: [String], idProperty: String?, archived: Bool = false, names: [String]? = nil, followsMerges: Bool = false
  ) throws -> [String: StoredRecord] {
    var found: [String: StoredRecord] = [:]
    guard let property = try uniqueProperty(idProperty) else {
      let numbers = keys.compactMap { key in Int64(key).map { (key, $0) } }
      let records = try table.records(ids: numbers.map(\.1), archived: archived, names: names)
      let byId = Dictionary(records.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      for (key, number) in numbers {
        found[key] = byId[number]
        if followsMerges, found[key] == nil, let current = try MergedIds(db: table.db).current(number) {
          found[key] = try table.records(ids: [current], archived: archived, names: names).first
        }
      }
      return found
    }
    let marks = keys.map { _ in "?" }.joined(separator: ",")
    let records = try table.fetch(
      "WHERE \(property.column) IN (\(marks)) AND \(property.column) <> '' AND \(RecordTable.state(archived))", keys,
      names: names.map { $0 + [property.name] })
    for record in records {
      if let value = record.values[property.name] { found[value] = record }
    }
    return found
  }

  /// `nil` for the record id itself.
  func uniqueProperty(_ name: String?) throws(Refusal) -> PropertyDefinition? {
    guard let name, !name.isEmpty, name != "hs_object_id" else { return nil }
    guard let property = table.schema.property(name), property.hasUniqueValue else {
      throw .nonUniqueProperty(name: name, type: table.schema.type)
    }
    return property
  }

  func notFound(_ id: String, idProperty: String?) -> Refusal {
    idProperty == nil && Int64(id) == nil ? .nonNumericId(id) : .resourceNotFound
  }
}
