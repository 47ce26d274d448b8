/// Faults in what an answer says: its results, errors and cursors. The answer stays JSON of the right shape.
struct AnswerFaults {
  let struck: [StruckFault]
  let call: Call
  let endpoint: Endpoint

  /// The faults of the body; what is not JSON, or has nothing that a fault concerns, stays as it is.
  func applied(to answer: Answer) -> Answer {
    var changed = answer
    for one in struck {
      guard let edit = edit(one), let body = changed.body, answer.contentType == Answer.json,
        case .object(var members)? = try? JSONParser.parse(body)
      else { continue }
      edit(&members)
      var writer = JSONWriter(reserving: body.count)
      writer.value(.object(members))
      changed.body = writer.bytes
    }
    return changed
  }

  private func edit(_ one: StruckFault) -> ((inout [String: JSON]) -> Void)? {
    switch one.fault {
    case .shuffle: { Self.results(&$0) { Self.shuffle(&$0, seed: one.seed) } }
    case .fewer: { Self.results(&$0) { list in list.remove(at: Int(one.seed % UInt64(list.count))) } }
    case .repeated: { Self.results(&$0) { list in list.append(list[Int(one.seed % UInt64(list.count))]) } }
    case .untraced: Self.removeTraces
    case .loop: { setCursor(thisPage($0), in: &$0, adds: false) }
    case .endlessCursor: { setCursor(nextPage($0), in: &$0, adds: true) }
    default: nil
    }
  }

  private static func results(_ members: inout [String: JSON], _ edit: (inout [JSON]) -> Void) {
    guard case .array(var list)? = members["results"], !list.isEmpty else { return }
    edit(&list)
    members["results"] = .array(list)
  }

  private static func shuffle(_ list: inout [JSON], seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let before = list
    list.shuffle(using: &generator)
    // The order that would have come anyway is no fault.
    if list == before, list.count > 1 { list.append(list.removeFirst()) }
  }

  private static func removeTraces(_ members: inout [String: JSON]) {
    guard case .array(let errors)? = members["errors"] else { return }
    members["errors"] = .array(
      errors.map { error in
        guard case .object(var entry) = error, case .object(var context)? = entry["context"] else { return error }
        context["objectWriteTraceId"] = nil
        entry["context"] = .object(context)
        return .object(entry)
      })
  }

  // MARK: Cursors

  /// What the request itself asked for: the offset of a search, the id of a list.
  private var asked: String? {
    if endpoint.isSearch { return (try? call.json())?["after"]?.scalarText }
    return call.query["after"]
  }

  private func thisPage(_ members: [String: JSON]) -> String {
    if let asked { return asked }
    if endpoint.isSearch { return "0" }
    let first = members["results"]?.items?.first
    return first?["id"]?.scalarText ?? first?["toObjectId"]?.scalarText ?? "0"
  }

  /// A cursor that the endpoint takes, whether anything is there or not.
  private func nextPage(_ members: [String: JSON]) -> String {
    let items = members["results"]?.items ?? []
    if endpoint.isSearch { return String((Int(asked ?? "") ?? 0) + max(items.count, 1)) }
    let last = items.last?["id"]?.integer ?? items.last?["toObjectId"]?.integer
    return String((last ?? Int(asked ?? "") ?? 0) + 1)
  }

  private func setCursor(_ cursor: String, in members: inout [String: JSON], adds: Bool) {
    guard members["results"] != nil, adds ? members["paging"] == nil : true else { return }
    members["paging"] = .object(["next": .object(["after": .string(cursor)])])
  }
}
