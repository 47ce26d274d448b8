import HubSpot
import LisCore
import LisSchema

/// What a read by a unique property found.
enum KeyedState {
  case present(id: String, CurrentRecord)
  case absent
  /// HubSpot answers with a record whose key is almost the one that was asked for: how it compares them is not
  /// established, so which record is meant cannot be said.
  case spelled(id: String, as: String)
  case unreadable(String)

  static let unmentioned = "the reply does not mention it"
}

extension Engine {
  /// Records by the values of a unique property, straight from the records and not from the index. Under `plan` with
  /// what earlier statements planned.
  /// - Parameter finishes: part of a batch under way, which being told to stop does not break off.
  func read(
    _ object: String, keys: [String], of property: String, properties: [String], finishes: Bool = false
  ) throws -> [String: KeyedState] {
    guard !keys.isEmpty else { return [:] }
    let request = BatchReadRequest(
      type: try objectType(object), ids: keys, idProperty: property, properties: properties)
    let client = self.client
    let result = try waiter.wait(finishes: finishes) { () throws(HubSpotError) in try await client.batchRead(request) }
    let schema = try loadSchema(object)
    var states: [String: KeyedState] = [:]
    for (key, outcome) in zip(keys, result.outcomes) {
      switch outcome {
      case .succeeded(let found): states[key] = keyed(found, properties, schema)
      case .failed, .unaccounted:
        states[key] =
          stray(result.unmatched, key, property, properties, schema) ?? keyed(outcome, !result.unmatched.isEmpty)
      }
    }
    return try laidOver(states, object, of: property, properties: properties)
  }

  private func keyed(_ found: CRMObject, _ properties: [String], _ schema: ObjectSchema) -> KeyedState {
    found.archived ? .absent : .present(id: found.id, current(found, properties, schema))
  }

  /// - Parameter hasStrays: there are records that answer to nobody, so that an error that names nobody may not be
  ///   about this key.
  private func keyed(_ outcome: BatchOutcome, _ hasStrays: Bool) -> KeyedState {
    switch outcome {
    case .failed(let failure) where failure.isNotFound && (failure.isAttributed || !hasStrays): .absent
    case .failed(let failure): .unreadable(failure.message)
    case .succeeded, .unaccounted: .unreadable(KeyedState.unmentioned)
    }
  }

  /// The record of an answer that has a key in another spelling.
  private func stray(
    _ strays: [CRMObject], _ key: String, _ property: String, _ properties: [String], _ schema: ObjectSchema
  ) -> KeyedState? {
    let known = schema.properties[property]
    let same = strays.first { comparable($0.text(property), known) == comparable(key, known) }
    if let same { return keyed(same, properties, schema) }
    let like = strays.first { KeyedRows.folded($0.text(property)) == KeyedRows.folded(key) }
    return like.map { .spelled(id: $0.id, as: $0.text(property)) }
  }

  /// As `PropertyChange.afterKey`. Text is compared as it is; numbers and times by what they mean.
  func comparable(_ text: String, _ property: PropertySchema?) -> String {
    switch property?.type {
    case .number, .date, .datetime, .bool:
      Snapshot(PropertyReader(machine: machine).value(machine.makeText(text), property), machine).key
    default: "s\(text.utf8.count):\(text)"
    }
  }
}
