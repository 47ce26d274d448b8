import HubSpot
import LisCore
import LisSchema

/// Getting a batch across: halving what is refused whole, and deciding what a lost reply means.
extension Sender {
  /// One outcome for each record, in order.
  func deliver(_ records: [RecordChange], object: String, verb: WriteVerb) throws -> [Outcome] {
    do {
      return try attempt(records, object: object, verb: verb)
    } catch let error as HubSpotError {
      switch error {
      case .api(let failure) where failure.status == 400 || failure.status == 409:
        return try halve(records, object, verb, failure)
      case .transport(let failure) where failure.mayHaveBeenSent:
        return try reconcile(records, object, verb, error)
      case .unexpectedBody, .cancelled(maybeSent: true): return try reconcile(records, object, verb, error)
      case .api(let failure) where failure.status >= 500: return try reconcile(records, object, verb, error)
      default: return Sender.refused(records, error)
      }
    }
  }

  /// A batch refused whole hides its good rows behind its bad ones; halves find the bad ones in few requests.
  private func halve(
    _ records: [RecordChange], _ object: String, _ verb: WriteVerb, _ failure: APIFailure
  ) throws -> [Outcome] {
    guard records.count > 1 else { return Sender.refused(records, .api(failure)) }
    let middle = records.count / 2
    return try deliver(Array(records[..<middle]), object: object, verb: verb)
      + deliver(Array(records[middle...]), object: object, verb: verb)
  }

  private static func refused(_ records: [RecordChange], _ error: HubSpotError) -> [Outcome] {
    var category: String?
    var correlation: String?
    if case .api(let failure) = error {
      category = failure.category
      correlation = failure.correlationID
    }
    return records.map { _ in .failed(reason: "\(error)", category: category, correlation: correlation) }
  }

  // MARK: Sending

  private func attempt(_ records: [RecordChange], object: String, verb: WriteVerb) throws -> [Outcome] {
    let type = try engine.objectType(object)
    let client = engine.client
    switch verb {
    case .update:
      let inputs = records.map {
        ObjectInput(id: $0.id, properties: Sender.assignments($0), traceID: trace($0))
      }
      let result = try engine.waiter.wait(finishes: true) { () throws(HubSpotError) in
        try await client.batchUpdate(type, inputs)
      }
      return Sender.outcomes(result, verb)
    case .create:
      let inputs = try records.map { record in
        ObjectInput(
          properties: Sender.assignments(record), associations: try associations(record), traceID: trace(record))
      }
      let result = try engine.waiter.wait(finishes: true) { () throws(HubSpotError) in
        try await client.batchCreate(type, inputs)
      }
      return Sender.outcomes(result, verb)
    case .archive:
      let ids = records.compactMap(\.id)
      _ = try engine.waiter.wait(finishes: true) { () throws(HubSpotError) in
        try await client.batchArchive(type, ids: ids)
      }
      // The reply has no body, so the records are asked whether they are gone.
      return try confirmArchived(records, object)
    }
  }

  private static func assignments(_ record: RecordChange) -> [PropertyAssignment] {
    record.properties.map { PropertyAssignment($0.name, $0.after) }
  }

  private func associations(_ record: RecordChange) throws -> [ObjectAssociation] {
    guard let target = record.target else { return [] }
    return [
      ObjectAssociation(
        toID: target.id, types: try engine.associationKinds(from: record.object, to: target.object))
    ]
  }

  private static func outcomes(_ result: BatchResult, _ verb: WriteVerb) -> [Outcome] {
    result.outcomes.map { outcome in
      switch outcome {
      case .succeeded(let object): .applied(id: object.id)
      case .failed(let failure):
        .failed(reason: reason(failure), category: failure.category, correlation: nil)
      case .unaccounted:
        verb == .create
          ? .unknown(reason: "the reply does not mention this record: merged with an identical one, or lost")
          : .failed(reason: "the reply does not mention this record", category: nil, correlation: nil)
      }
    }
  }

  /// HubSpot's own words, detail by detail where it gives details.
  private static func reason(_ failure: RecordFailure) -> String {
    let details = failure.details.map(\.message).filter { !$0.isEmpty }
    return details.isEmpty ? failure.message : details.joined(separator: "; ")
  }

  private func confirmArchived(_ records: [RecordChange], _ object: String) throws -> [Outcome] {
    let left = try engine.read(object, ids: records.compactMap(\.id), properties: [])
    return records.map { record in
      guard let id = record.id, left[id] != nil else { return .applied(id: record.id) }
      return .failed(
        reason: "HubSpot accepted the archive, but the record is still there", category: nil, correlation: nil)
    }
  }

  // MARK: Lost replies

  /// The reply was lost, so the batch may have been carried out. Updates and archives are absolute: the records are read
  /// and tell. A create cannot be told apart from another and stays unknown.
  private func reconcile(
    _ records: [RecordChange], _ object: String, _ verb: WriteVerb, _ error: HubSpotError
  ) throws -> [Outcome] {
    guard verb != .create else {
      return records.map { _ in .unknown(reason: "the reply was lost (\(error)); it may or may not have been created") }
    }
    let properties = Set(records.flatMap { $0.properties.map(\.name) }).sorted()
    guard let current = try? engine.read(object, ids: records.compactMap(\.id), properties: properties) else {
      return records.map { _ in
        .unknown(reason: "the reply was lost (\(error)), and the record could not be read again")
      }
    }
    var outcomes: [Int: Outcome] = [:]
    var again: [Int] = []
    for (index, record) in records.enumerated() {
      if isDone(record, current) { outcomes[index] = .applied(id: record.id) } else { again.append(index) }
    }
    if !again.isEmpty {
      let rest = again.map { records[$0] }
      let results: [Outcome]
      do { results = try attempt(rest, object: object, verb: verb) } catch let error as HubSpotError {
        results = rest.map { _ in .unknown(reason: "sent twice without a reply (\(error))") }
      }
      for (index, outcome) in zip(again, results) { outcomes[index] = outcome }
    }
    return records.indices.map { outcomes[$0] ?? .unknown(reason: "the reply was lost") }
  }

  private func isDone(_ record: RecordChange, _ current: [String: CurrentRecord]) -> Bool {
    guard let id = record.id else { return false }
    guard let now = current[id] else { return record.verb == .archive }
    guard record.verb == .update else { return false }
    return record.properties.allSatisfy { now.snapshot[$0.name]?.key == $0.afterKey }
  }
}
