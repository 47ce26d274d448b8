import HubSpot
import LisCore
import LisSchema

extension Engine {
  /// The values a property had, newest first, as records `{ value, at, source, source_id }`: `at` is when the value was
  /// set, `source` HubSpot's word for what set it, such as `INTEGRATION`. One request; changes that this run only plans
  /// are not in it.
  public func history(_ object: String, id: String, property name: String) throws -> Value {
    let schema = try loadSchema(object)
    guard let property = schema.properties[name] else {
      throw EngineError.unknownProperty(object: object, property: name)
    }
    // A record that only would be made has none.
    if overlay.isPlanned(id) { return machine.makeList([]) }
    let request = GetRequest(type: try objectType(object), id: id, properties: [name], history: [name])
    let client = self.client
    let record = try waiter.wait { () throws(HubSpotError) in try await client.get(request) }
    let reader = PropertyReader(machine: machine)
    // The order of the answer is not documented.
    let versions = (record.history[name] ?? []).enumerated().map { index, version in
      (index: index, version: version, at: (try? Instant(parsing: version.timestamp))?.milliseconds ?? 0)
    }.sorted { ($0.at, -$0.index) > ($1.at, -$1.index) }
    return machine.makeList(
      versions.map { entry in
        machine.makeRecord([
          ("value", reader.value(machine.makeText(entry.version.value), property)),
          ("at", reader.datetime(entry.version.timestamp)),
          ("source", entry.version.sourceType.map { machine.makeText($0) } ?? .null),
          ("source_id", entry.version.sourceID.map { machine.makeText($0) } ?? .null),
        ])
      })
  }

  /// The object type that a row was read as; nil for rows that are not from this portal.
  public func object(of row: Value) -> String? { portalObject(of: row) }
}
