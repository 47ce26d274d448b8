/// Somebody else's change to a record, between two requests of a client.
struct ForeignEdit {
  let store: PortalStore
  let property: String
  let value: String?

  /// Changes the first record that a request names and that exists.
  /// - Returns: false when there is none, or the value is refused; then nothing was changed.
  func apply(_ endpoint: Endpoint, _ call: Call) async throws -> Bool {
    guard let (type, keys) = Self.records(endpoint, call) else { return false }
    do {
      return try await store.write { transaction in
        let schema = transaction.store.schema(of: type)
        let locator = RecordLocator(table: RecordTable(db: transaction.db, schema: schema))
        let writer = RecordWriter(transaction: transaction, schema: schema, normalizesDates: true)
        for key in keys {
          guard let record = try locator.record(key.id, idProperty: key.property) else { continue }
          _ = try writer.update(record, [property: .string(value ?? made(schema.property(property), record))])
          return true
        }
        return false
      }
    } catch is Refusal {
      return false
    }
  }

  /// Another value than the one that is there.
  private func made(_ property: PropertyDefinition?, _ record: StoredRecord) -> String {
    let now = record.values[self.property] ?? ""
    switch property?.type {
    case .number: return now == "1" ? "2" : "1"
    case .bool: return now == "true" ? "false" : "true"
    case .enumeration: return property?.options.first { $0.value != now }?.value ?? ""
    case .date: return now == "2024-02-29" ? "2024-03-01" : "2024-02-29"
    case .datetime: return "2024-02-29T12:00:00Z"
    default: return now == "changed elsewhere" ? "changed elsewhere again" : "changed elsewhere"
    }
  }

  private struct Key: Sendable {
    var id: String
    var property: String?
  }

  private static func records(_ endpoint: Endpoint, _ call: Call) -> (ObjectType, [Key])? {
    switch endpoint {
    case .getObject(let type, let id), .updateObject(let type, let id), .archiveObject(let type, let id):
      return (type, [Key(id: id, property: call.query["idProperty"])])
    case .batch(let type, let operation) where operation != .create:
      guard let body = try? call.json() else { return nil }
      let shared = body["idProperty"]?.text
      let keys = (body["inputs"]?.items ?? []).compactMap { input in
        input["id"]?.scalarText.map { Key(id: $0, property: input["idProperty"]?.text ?? shared) }
      }
      return (type, keys)
    case .listAssociations(let type, let id, _), .associate(let type, let id, _, _),
      .associateDefault(let type, let id, _, _), .dissociate(let type, let id, _, _):
      return (type, [Key(id: id)])
    default: return nil
    }
  }
}
