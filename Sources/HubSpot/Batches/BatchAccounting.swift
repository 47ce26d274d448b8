/// Gives every input of a batch exactly one outcome.
///
/// Results come back in any order, some may be missing, and one error may speak of several inputs; so nothing is
/// matched by position. The trace id is the best evidence, then the identity that the operation works by. For creates
/// without an echoed trace id, the values themselves serve, but only where they leave one possibility.
struct BatchAccounting {
  /// An input as far as it can be recognised in a reply.
  struct Claim: Sendable {
    var traceID: String?
    /// A record id, or a value of `idProperty`.
    var id: String?
    var idProperty: String?
    /// The values sent, for recognising what was created.
    var properties: [PropertyAssignment] = []
  }

  private let claims: [Claim]
  private var outcomes: [BatchOutcome?]
  private var unmatched: [CRMObject] = []
  private var unattributed: [RecordFailure] = []
  private let byTrace: [String: Int]
  private let byID: [String: [Int]]

  private init(_ claims: [Claim]) {
    self.claims = claims
    outcomes = Array(repeating: nil, count: claims.count)
    let indexed = claims.enumerated()
    byTrace = Dictionary(
      indexed.compactMap { item in item.element.traceID.map { ($0, item.offset) } },
      uniquingKeysWith: { first, _ in first })
    byID = Dictionary(grouping: indexed.filter { $0.element.id != nil }, by: { $0.element.id ?? "" })
      .mapValues { $0.map(\.offset) }
  }

  static func settle(_ claims: [Claim], _ reply: BatchReply<CRMObject>) -> BatchResult {
    var accounting = BatchAccounting(claims)
    let rest = reply.results.filter { !accounting.takeByIdentity($0) }
    for failure in reply.errors { accounting.take(failure) }
    accounting.takeByProperties(rest)
    return accounting.result
  }

  /// An archive answers with nothing when all went well, and names what did not otherwise.
  static func settleArchive(_ ids: [String], _ reply: BatchReply<CRMObject>?) -> BatchResult {
    var accounting = BatchAccounting(ids.map { Claim(id: $0) })
    for failure in reply?.errors ?? [] { accounting.take(failure) }
    if accounting.unattributed.isEmpty {
      for index in ids.indices where accounting.outcomes[index] == nil {
        accounting.outcomes[index] = .succeeded(CRMObject(id: ids[index], archived: true))
      }
    }
    return accounting.result
  }

  // MARK: Results

  /// Takes a result that says itself which inputs it answers. False when it does not.
  private mutating func takeByIdentity(_ object: CRMObject) -> Bool {
    let inputs = inputs(of: object)
    for index in inputs {
      // Two records that both claim to answer one input contradict each other; the first stands and the other is
      // reported.
      if outcomes[index] == nil { outcomes[index] = .succeeded(object) } else { unmatched.append(object) }
    }
    return !inputs.isEmpty
  }

  private func inputs(of object: CRMObject) -> [Int] {
    if let trace = object.traceID, let index = byTrace[trace] { return [index] }
    let direct = (byID[object.id] ?? []).filter {
      claims[$0].idProperty == nil || claims[$0].idProperty == "hs_object_id"
    }
    if !direct.isEmpty { return direct }
    let keyed = claims.indices.filter { index in
      guard let property = claims[index].idProperty, let id = claims[index].id else { return false }
      return object.properties[property] == .some(id)
    }
    return keyed.isEmpty ? merged(object) : keyed
  }

  /// A record that others were merged into answers for their ids, and lists them.
  private func merged(_ object: CRMObject) -> [Int] {
    object.text("hs_merged_object_ids").split(separator: ";").flatMap { id in
      (byID[String(id)] ?? []).filter { claims[$0].idProperty == nil }
    }
  }

  /// Matches created records by their values, where a record fits one remaining input only and the input that record
  /// only.
  private mutating func takeByProperties(_ objects: [CRMObject]) {
    let open = claims.indices.filter { outcomes[$0] == nil && claims[$0].id == nil }
    let fits = objects.map { object in open.filter { claims[$0].fits(object) } }
    for (object, inputs) in zip(objects, fits) {
      if let only = inputs.first, inputs.count == 1, fits.count(where: { $0.contains(only) }) == 1 {
        outcomes[only] = .succeeded(object)
      } else {
        unmatched.append(object)
      }
    }
  }

  // MARK: Errors

  private mutating func take(_ failure: RecordFailure) {
    let traced = failure.named(["objectWriteTraceId"]).compactMap { byTrace[$0] }
    let inputs = traced.isEmpty ? failure.named(["ids", "id"]).flatMap { byID[$0] ?? [] } : traced
    if inputs.isEmpty { unattributed.append(failure) }
    for index in Set(inputs) {
      switch outcomes[index] {
      case nil: outcomes[index] = .failed(failure)
      // A record and an error for one input: the reply contradicts itself and proves nothing.
      case .succeeded: outcomes[index] = .unaccounted
      case .failed, .unaccounted: break
      }
    }
  }

  /// Inputs that nothing was said about take the reason of errors that named nobody, if there are such.
  private var result: BatchResult {
    var reason = unattributed.first
    reason?.isAttributed = false
    let rest: BatchOutcome = reason.map { .failed($0) } ?? .unaccounted
    return BatchResult(outcomes: outcomes.map { $0 ?? rest }, unmatched: unmatched, unattributed: unattributed)
  }
}

extension BatchAccounting.Claim {
  /// Whether a record has all the values that were sent. One that was sent empty may come back empty, as nothing or not
  /// at all.
  fileprivate func fits(_ object: CRMObject) -> Bool {
    properties.allSatisfy { object.text($0.name) == $0.value }
  }
}
