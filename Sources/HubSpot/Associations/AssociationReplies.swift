/// One result of a batch read: a record and what it is associated with.
struct AssociationReadResult: Decodable, Sendable {
  struct Reference: Decodable, Sendable { let id: LenientText }
  let from: Reference
  let to: [AssociatedRecord]
  let paging: Paging?
}

/// One result of a link that was made. The two ends come nested, or as numbers side by side from the labelled route.
struct AssociationWriteResult: Decodable, Sendable {
  let fromID: String
  let toID: String

  private enum Key: String, CodingKey { case from, to, fromObjectId, toObjectId }

  init(from decoder: any Decoder) throws {
    typealias Reference = AssociationReadResult.Reference
    let container = try decoder.container(keyedBy: Key.self)
    if let from = try container.decodeIfPresent(Reference.self, forKey: .from) {
      fromID = from.id.text
      toID = try container.decode(Reference.self, forKey: .to).id.text
    } else {
      fromID = try container.lenientText(.fromObjectId)
      toID = try container.lenientText(.toObjectId)
    }
  }
}

/// Gives every input of an association batch exactly one outcome, by the ids that the reply names.
enum AssociationAccounting {
  /// A record without associations is named in an error of its own kind, which means an empty list.
  static let nothingFound = "crm.associations.NO_ASSOCIATIONS_FOUND"

  static func settle(_ ids: [String], _ reply: BatchReply<AssociationReadResult>) -> [AssociationReadOutcome] {
    var outcomes: [String: AssociationReadOutcome] = [:]
    for result in reply.results {
      outcomes[result.from.id.text] = .found(result.to, nextAfter: result.paging?.next?.after.text)
    }
    var unattributed: RecordFailure?
    for failure in reply.errors {
      let named = failure.named(["fromObjectId", "ids", "id"])
      if named.isEmpty, unattributed == nil { unattributed = failure }
      for id in named where outcomes[id] == nil {
        outcomes[id] = failure.subCategory == nothingFound ? .found([], nextAfter: nil) : .failed(failure)
      }
    }
    unattributed?.isAttributed = false
    let rest: AssociationReadOutcome = unattributed.map { .failed($0) } ?? .unaccounted
    return ids.map { outcomes[$0] ?? rest }
  }

  static func settle(_ inputs: [AssociationInput], _ reply: BatchReply<AssociationWriteResult>) -> [AssociationOutcome]
  {
    // The answer may list both directions of a link.
    let made = Set(reply.results.map { [$0.fromID, $0.toID] })
    var unattributed = reply.errors.first { !isAttributed($0, inputs) }
    unattributed?.isAttributed = false
    return inputs.map { input in
      let failure = reply.errors.first { names($0, input) }
      switch (made.contains([input.fromID, input.toID]), failure) {
      case (true, nil): return .associated
      case (true, _?): return .unaccounted
      case (false, let failure?): return .failed(failure)
      case (false, nil): return unattributed.map { .failed($0) } ?? .unaccounted
      }
    }
  }

  /// Of what was undone nothing is said: a pair is settled unless an error names it, or one names nobody.
  static func settleUndone(_ inputs: [AssociationInput], _ errors: [RecordFailure]) -> [DissociationOutcome] {
    var unattributed = errors.first { !isAttributed($0, inputs) }
    unattributed?.isAttributed = false
    return inputs.map { input in
      if let failure = errors.first(where: { names($0, input) }) { return .failed(failure) }
      return unattributed.map { .failed($0) } ?? .dissociated
    }
  }

  private static func isAttributed(_ failure: RecordFailure, _ inputs: [AssociationInput]) -> Bool {
    inputs.contains { names(failure, $0) }
  }

  /// An error names a link when every end that it gives an id for is an end of the link.
  private static func names(_ failure: RecordFailure, _ input: AssociationInput) -> Bool {
    let from = failure.named(["fromObjectId"])
    let to = failure.named(["toObjectId"])
    if from.isEmpty && to.isEmpty { return false }
    return (from.isEmpty || from.contains(input.fromID)) && (to.isEmpty || to.contains(input.toID))
  }
}
