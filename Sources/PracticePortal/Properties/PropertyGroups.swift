import GRDB
import Synchronization

/// Collects failures inside a transaction's closure.
final class FailureList: Sendable {
  private let failures = Mutex<[BatchEnvelope.Failure]>([])

  func append(_ refusal: Refusal, context: [String: [String]]) {
    failures.withLock { $0.append(BatchEnvelope.Failure(refusal: refusal, context: context)) }
  }

  var all: [BatchEnvelope.Failure] { failures.withLock { $0 } }
}

struct PropertyGroup: Equatable, Sendable {
  var name: String
  var label: String
  var displayOrder: Int
}

/// The property groups of one object type: the standard one, which is not stored, and custom ones.
struct PropertyGroups {
  let db: Database
  let type: ObjectType

  private var standard: PropertyGroup {
    PropertyGroup(name: type.groupName, label: "\(type.spokenName.capitalizedFirst) information", displayOrder: 0)
  }

  func all() throws -> [PropertyGroup] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT name, label, display_order FROM property_groups WHERE type = ? ORDER BY name",
      arguments: [type.rawValue])
    return [standard] + rows.map { PropertyGroup(name: $0[0], label: $0[1], displayOrder: $0[2]) }
  }

  func find(_ name: String) throws -> PropertyGroup? { try all().first { $0.name == name } }

  func isStandard(_ name: String) -> Bool { name == standard.name }

  func save(_ group: PropertyGroup) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO property_groups (type, name, label, display_order) VALUES (?, ?, ?, ?)",
      arguments: [type.rawValue, group.name, group.label, group.displayOrder])
  }

  func remove(_ name: String) throws {
    try db.execute(
      sql: "DELETE FROM property_groups WHERE type = ? AND name = ?", arguments: [type.rawValue, name])
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// The group routes of the properties API.
struct GroupEndpoints {
  let store: PortalStore
  let type: ObjectType
  let call: Call

  private static func write(_ group: PropertyGroup, into writer: inout JSONWriter) {
    writer.object {
      $0.member("name", group.name)
      $0.member("label", group.label)
      $0.member("displayOrder", group.displayOrder)
      $0.member("archived", false)
    }
  }

  private func answer(_ group: PropertyGroup, status: Int) -> Answer {
    var writer = JSONWriter()
    Self.write(group, into: &writer)
    return Answer(status: status, body: writer.bytes)
  }

  func list() async throws -> Answer {
    let groups = try await store.read { try PropertyGroups(db: $0, type: type).all() }
    return .ok(
      JSONWriter.object { body in
        body.memberArray("results") { list in
          for group in groups { Self.write(group, into: &list) }
        }
      })
  }

  func read(_ name: String) async throws -> Answer {
    guard let group = try await store.read({ try PropertyGroups(db: $0, type: type).find(name) }) else {
      throw Refusal.property(.groupNotFound(name: name, type: type))
    }
    return answer(group, status: 200)
  }

  func create() async throws -> Answer {
    let shape = BodyShape(try call.json())
    try shape.requireObject()
    let name = try shape.text("name")
    try PropertyDraft.checkName(name)
    let group = PropertyGroup(
      name: name, label: try shape.text("label"), displayOrder: shape.member("displayOrder")?.integer ?? -1)
    try await store.write { transaction in
      let groups = PropertyGroups(db: transaction.db, type: type)
      if try groups.find(name) != nil { throw Refusal.property(.groupExists(name: name)) }
      try groups.save(group)
    }
    return answer(group, status: 201)
  }

  func update(_ name: String) async throws -> Answer {
    let shape = BodyShape(try call.json())
    try shape.requireObject()
    let label = try shape.optionalText("label")
    let group = try await store.write { transaction in
      let groups = PropertyGroups(db: transaction.db, type: type)
      guard var group = try groups.find(name) else { throw Refusal.property(.groupNotFound(name: name, type: type)) }
      if groups.isStandard(name) { throw Refusal.property(.standardProperty(name: name)) }
      group.label = label ?? group.label
      group.displayOrder = shape.member("displayOrder")?.integer ?? group.displayOrder
      try groups.save(group)
      return group
    }
    return answer(group, status: 200)
  }

  func archive(_ name: String) async throws -> Answer {
    try await store.write { transaction in
      let groups = PropertyGroups(db: transaction.db, type: type)
      if try groups.find(name) == nil { throw Refusal.property(.groupNotFound(name: name, type: type)) }
      if groups.isStandard(name) { throw Refusal.property(.standardProperty(name: name)) }
      try groups.remove(name)
    }
    return .noContent
  }
}
