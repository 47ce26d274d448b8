import HubSpot
import LisCore
import LisSchema

/// Reads that a test makes to see what became of a record; they are not among the requests that it counts.
extension Engine {
  /// One record with all properties that have a value, straight from the portal; null when there is none, or it is
  /// archived.
  public func record(_ id: String, of object: String) throws -> Value {
    let schema = try loadSchema(object)
    let type = try objectType(object)
    let names = schema.properties.keys.sorted()
    let request = BatchReadRequest(type: type, ids: [id], properties: names)
    let client = self.client
    let result = try aside {
      try waiter.wait { () throws(HubSpotError) in try await client.batchRead(request) }
    }
    switch result.outcomes.first {
    case .succeeded(let found) where !found.archived: return row(found, names, schema)
    case .succeeded: return .null
    case .failed(let failure) where failure.isNotFound: return .null
    case .failed(let failure): throw EngineError.unreadableAnswer("record \(id): \(failure.message)")
    case .unaccounted, nil: throw EngineError.unreadableAnswer("the reply does not mention record \(id)")
    }
  }

  private func row(_ found: CRMObject, _ names: [String], _ schema: ObjectSchema) -> Value {
    let reader = PropertyReader(machine: machine)
    var form = ["id"]
    var values = [machine.makeText(found.id)]
    for name in names where RecordField(rawValue: name) == nil {
      let text = found.text(name)
      if text.isEmpty { continue }
      form.append(name)
      values.append(reader.value(machine.makeText(text), schema.properties[name]))
    }
    return machine.makeRecord(machine.form(form), values, source: origin(for: schema.object))
  }

  /// Runs something whose requests are not those of the program: the write protocol reads records again before it
  /// sends and after it archived them, whatever a program is like.
  func aside<Result>(_ body: () throws -> Result) rethrows -> Result {
    let outer = waiter.tally
    defer { waiter.tally = outer }
    waiter.tally = requestsAside
    return try body()
  }

  /// Requests since the engine was made, by kind and in the order of the kinds. Without the protocol's own there are
  /// only those that a program asks for: properties, association types and the account are the session's business.
  public func requestCounts(withProtocol: Bool) -> [(kind: String, count: Int)] {
    let now = client.statistics
    return OperationKind.allCases.compactMap { kind in
      guard let name = Engine.requestNames[kind] else { return nil }
      let count = now[kind] - statisticsAtStart[kind] - (withProtocol ? 0 : requestsAside.statistics[kind])
      return count > 0 ? (name, count) : nil
    }
  }

  /// The words for requests in programs.
  private static let requestNames: [OperationKind: String] = [
    .list: "list", .get: "read", .create: "create", .update: "update", .archive: "archive", .search: "search",
    .batchRead: "batch_read", .batchCreate: "batch_create", .batchUpdate: "batch_update",
    .batchUpsert: "batch_upsert", .batchArchive: "batch_archive", .associationList: "associations",
    .associationBatchRead: "batch_associations", .associationCreate: "associate",
    .associationBatchCreate: "batch_associate", .propertyCreate: "create_property",
  ]
}
