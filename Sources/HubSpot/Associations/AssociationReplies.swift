/// One result of a batch read: a record and what it is associated with.
struct AssociationReadResult: JSONReadable {
  let fromID: String
  let to: [AssociatedRecord]
  let nextAfter: String?

  init(_ reader: inout JSONReader) throws(JSONProblem) {
    let tree = try reader.tree()
    let entries = tree["to"]?.elements
    let records = entries?.compactMap(AssociatedRecord.init)
    guard let fromID = tree["from"]?["id"]?.asText, let entries, let records, records.count == entries.count else {
      throw reader.problem
    }
    self.fromID = fromID
    to = records
    nextAfter = tree.nextAfter
  }
}

/// One result of a link that was made. The two ends come nested, or as numbers side by side from the labelled route.
struct AssociationWriteResult: JSONReadable {
  let fromID: String
  let toID: String

  init(_ reader: inout JSONReader) throws(JSONProblem) {
    let tree = try reader.tree()
    guard let fromID = (tree["from"]?["id"] ?? tree["fromObjectId"])?.asText,
      let toID = (tree["to"]?["id"] ?? tree["toObjectId"])?.asText
    else { throw reader.problem }
    self.fromID = fromID
    self.toID = toID
  }
}

/// Gives every input of an association batch exactly one outcome, by the ids that the reply names.
enum AssociationAccounting {
  /// A record without associations is named in an error of its own kind, which means an empty list.
  static let nothingFound = "crm.associations.NO_ASSOCIATIONS_FOUND"

  static func settle(_ ids: [String], _ reply: BatchReply<AssociationReadResult>) -> [AssociationReadOutcome] {
    var outcomes: [String: AssociationReadOutcome] = [:]
    for result in reply.results {
      outcomes[result.fromID] = .found(result.to, nextAfter: result.nextAfter)
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
