import GRDB

/// The associations of one record (v4 and dated paths).
struct AssociationEndpoints {
  let store: PortalStore
  let call: Call

  /// Writes `{toObjectId, associationTypes}`. The id is a JSON number here, as on HubSpot's wire.
  static func write(_ id: Int64, typeId: Int, into list: inout JSONWriter) {
    list.object { entry in
      entry.key("toObjectId")
      entry.value(id)
      entry.memberArray("associationTypes") { types in
        types.object {
          $0.member("category", "HUBSPOT_DEFINED")
          $0.member("typeId", typeId)
          $0.member("label", String?.none)
        }
      }
    }
  }

  func list(_ from: ObjectType, _ id: String, _ to: ObjectType) async throws -> Answer {
    let typeId = try Self.typeId(from, to)
    let limit = try call.query.integer("limit", default: 500, in: 1...500)
    let after = Int64(try call.query.integer("after", default: 0, in: 0...Int.max))
    let record = try Self.number(id)
    let targets = try await store.read { db in
      try Self.requireRecord(db, from, record)
      return try AssociationTable(db: db).targets(of: from, record, to: to, from: after, limit: limit + 1)
    }
    return .ok(
      JSONWriter.object { body in
        body.memberArray("results") { list in
          for target in targets.prefix(limit) { Self.write(target, typeId: typeId, into: &list) }
        }
        if targets.count > limit {
          let next = String(targets[limit])
          let link = "\(call.baseURL)\(call.path)?\(call.query.replacing("after", with: next))"
          body.memberObject("paging") { paging in
            paging.memberObject("next") {
              $0.member("after", next)
              $0.member("link", link)
            }
          }
        }
      })
  }

  /// Idempotent; the answer lists both directions.
  func associateDefault(_ from: ObjectType, _ id: String, _ to: ObjectType, _ toId: String) async throws -> Answer {
    _ = try Self.typeId(from, to)
    let (first, second) = (try Self.number(id), try Self.number(toId))
    let envelope = BatchEnvelope(store.clock)
    try await store.write { try Self.link($0.db, from, first, to, second) }
    return try envelope.answer(success: 200, inputs: 1) {
      try Self.writeBothDirections(from, first, to, second, into: &$0)
    }
  }

  func associate(_ from: ObjectType, _ id: String, _ to: ObjectType, _ toId: String) async throws -> Answer {
    _ = try Self.typeId(from, to)
    let (first, second) = (try Self.number(id), try Self.number(toId))
    guard let items = try call.json().items else { throw Refusal.wrongShape(path: "body", expected: "a list") }
    if items.isEmpty { throw Refusal.requiredFieldsMissing(["associationTypeId"]) }
    for item in items {
      let target = try LinkRequests.target(of: BodyShape(item, path: "body"), from: from)
      if target != to { throw Refusal.association(.notAssociable(from: from, to: to)) }
    }
    try await store.write { try Self.link($0.db, from, first, to, second) }
    let body = JSONWriter.object { body in
      body.member("fromObjectTypeId", from.typeId)
      body.key("fromObjectId")
      body.value(first)
      body.member("toObjectTypeId", to.typeId)
      body.key("toObjectId")
      body.value(second)
      body.member("labels", [])
    }
    return Answer(status: 201, body: body)
  }

  func dissociate(_ from: ObjectType, _ id: String, _ to: ObjectType, _ toId: String) async throws -> Answer {
    let (first, second) = (try Self.number(id), try Self.number(toId))
    try await store.write { try AssociationTable(db: $0.db).unlink(from, first, to, second) }
    return .noContent
  }

  // MARK: Shared with the batches

  static func typeId(_ from: ObjectType, _ to: ObjectType) throws(Refusal) -> Int {
    guard let id = AssociationTypes.defaultId(from: from, to: to) else {
      throw .association(.notAssociable(from: from, to: to))
    }
    return id
  }

  static func number(_ id: String) throws(Refusal) -> Int64 {
    guard let number = Int64(id) else { throw .nonNumericId(id) }
    return number
  }

  static func exists(_ db: Database, _ type: ObjectType, _ id: Int64) throws -> Bool {
    let statement = try db.cachedStatement(sql: "SELECT 1 FROM \(type.table) WHERE id = ? AND archived_at IS NULL")
    return try Int.fetchOne(statement, arguments: [id]) != nil
  }

  static func requireRecord(_ db: Database, _ type: ObjectType, _ id: Int64) throws {
    if try !exists(db, type, id) { throw Refusal.resourceNotFound }
  }

  static func link(_ db: Database, _ from: ObjectType, _ id: Int64, _ to: ObjectType, _ toId: Int64) throws {
    for (type, record) in [(from, id), (to, toId)] where try !exists(db, type, record) {
      throw Refusal.association(.invalidTargets(ids: [String(record)], type: type))
    }
    try AssociationTable(db: db).link(from, id, to, toId)
  }

  static func writeBothDirections(
    _ from: ObjectType, _ id: Int64, _ to: ObjectType, _ toId: Int64, into list: inout JSONWriter
  ) throws(Refusal) {
    for (left, leftId, right, rightId) in [(from, id, to, toId), (to, toId, from, id)] {
      let typeId = try typeId(left, right)
      list.object { entry in
        entry.memberObject("from") { $0.member("id", String(leftId)) }
        entry.memberObject("to") { $0.member("id", String(rightId)) }
        entry.memberObject("associationSpec") {
          $0.member("associationCategory", "HUBSPOT_DEFINED")
          $0.member("associationTypeId", typeId)
        }
      }
    }
  }
}
