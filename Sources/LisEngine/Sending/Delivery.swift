import HubSpot
import LisCore
import LisSchema

/// Gets one batch across: halves what is refused whole, and decides what a lost reply means. One outcome for each
/// record, in order, whatever happens.
struct Delivery {
  /// Requests that may be spent on finding the bad records of one batch that is refused whole.
  static let halvingBudget = 64
  /// How often a batch without a reply is sent, the first time included.
  static let sendings = 3

  let engine: Engine
  let type: ObjectType
  let records: [RecordChange]
  let traces: [String]
  /// What records are linked to, where that is what is sent.
  let target: ObjectType?
  /// The records as they were read just before.
  let before: [String: CurrentRecord]
  private var settled: [Outcome?]
  private var budget = Delivery.halvingBudget
  /// Access is refused or nothing gets through, so that sending more has no sense.
  private(set) var halt: HubSpotError?

  init(
    engine: Engine, type: ObjectType, records: [RecordChange], traces: [String], target: ObjectType?,
    before: [String: CurrentRecord]
  ) {
    self.engine = engine
    self.type = type
    self.records = records
    self.traces = traces
    self.target = target
    self.before = before
    settled = Array(repeating: nil, count: records.count)
  }

  private var sending: Sending { records.first?.sending ?? .update }

  var outcomes: [Outcome] {
    let reason = halt.map { "not sent: \($0)" } ?? "not sent"
    return settled.map { $0 ?? .unsent(reason: reason) }
  }

  /// Nothing at all is known of the batch.
  var isLost: Bool { settled.allSatisfy { if case .unknown? = $0 { true } else { false } } }

  /// Sends the whole batch without waiting for the reply, which ``land(_:)`` is then given.
  func depart() -> Pending<Reply, HubSpotError> { engine.waiter.start(finishes: true, request(Array(records.indices))) }

  /// Settles what became of the whole batch, with further requests where its reply leaves something open.
  mutating func land(_ result: Result<Reply, HubSpotError>) {
    let indices = Array(records.indices)
    switch result {
    case .success(let reply): settle(indices, reply)
    case .failure(let error): handle(error, indices)
    }
  }

  private mutating func deliver(_ indices: [Int]) {
    guard halt == nil else { return }
    do throws(HubSpotError) { try send(indices) } catch { handle(error, indices) }
  }

  private mutating func handle(_ error: HubSpotError, _ indices: [Int]) {
    switch error {
    case .api(let failure) where Delivery.refusesWhole(failure): halve(indices, error)
    case .invalidRequest: halve(indices, error)
    case _ where error.mayHaveBeenDone: reconcile(indices, error)
    default: halt = error
    }
  }

  /// Statuses by which HubSpot refuses a batch for what is in it, and has written nothing of it.
  private static func refusesWhole(_ failure: APIFailure) -> Bool {
    [400, 404, 409, 413, 422].contains(failure.status)
  }

  /// A batch refused whole hides its good rows behind its bad ones; halves find the bad ones in few requests.
  private mutating func halve(_ indices: [Int], _ error: HubSpotError) {
    guard indices.count > 1 else { return refuse(indices, error, "\(error)") }
    let middle = indices.count / 2
    for part in [Array(indices[..<middle]), Array(indices[middle...])] {
      if case .invalidRequest = error {} else { budget -= 1 }
      if budget >= 0 {
        deliver(part)
      } else {
        let others = part.count == 1 ? "" : " and \(part.count - 1) others in its part of the batch"
        refuse(
          part, error, "refused with its batch, and the search for the cause ended at this record\(others): \(error)")
      }
    }
  }

  private mutating func refuse(_ indices: [Int], _ error: HubSpotError, _ reason: String) {
    var category: String?
    var correlation: String?
    if case .api(let failure) = error {
      category = failure.category
      correlation = failure.correlationID
    }
    for index in indices { settled[index] = .failed(reason: reason, category: category, correlation: correlation) }
  }

  private mutating func doubt(_ indices: [Int], _ reason: String) {
    for index in indices { settled[index] = .unknown(reason: reason) }
  }

  // MARK: Sending

  /// What a batch is answered with.
  enum Reply: Sendable {
    case records(BatchResult)
    case links([AssociationOutcome])
  }

  private mutating func send(_ indices: [Int]) throws(HubSpotError) {
    settle(indices, try engine.waiter.wait(finishes: true, request(indices)))
  }

  private func request(_ indices: [Int]) -> @Sendable () async throws(HubSpotError) -> Reply {
    let client = engine.client
    let type = self.type
    switch sending {
    case .associate:
      let inputs = indices.map { Delivery.link(records[$0]) }
      guard let target else { return { () throws(HubSpotError) in .links([]) } }
      return { () throws(HubSpotError) in .links(try await client.batchAssociate(from: type, to: target, inputs)) }
    case .upsert:
      let inputs = indices.map {
        ObjectInput(
          id: records[$0].key?.text, idProperty: records[$0].key?.property,
          properties: Delivery.assignments(records[$0]), traceID: traces[$0])
      }
      return { () throws(HubSpotError) in .records(try await client.batchUpsert(type, inputs)) }
    case .update:
      let inputs = indices.map {
        ObjectInput(id: records[$0].id, properties: Delivery.assignments(records[$0]), traceID: traces[$0])
      }
      return { () throws(HubSpotError) in .records(try await client.batchUpdate(type, inputs)) }
    case .create:
      let inputs = indices.map {
        ObjectInput(
          properties: Delivery.assignments(records[$0]), associations: records[$0].associations,
          traceID: traces[$0])
      }
      return { () throws(HubSpotError) in .records(try await client.batchCreate(type, inputs)) }
    case .archive:
      let ids = indices.compactMap { records[$0].id }
      return { () throws(HubSpotError) in .records(try await client.batchArchive(type, ids: ids)) }
    }
  }

  private mutating func settle(_ indices: [Int], _ reply: Reply) {
    switch reply {
    case .links(let outcomes): settle(indices, outcomes)
    case .records(let result) where sending == .archive: confirmArchived(indices, result)
    case .records(let result): settle(indices, result)
    }
  }

  private static func link(_ record: RecordChange) -> AssociationInput {
    AssociationInput(
      fromID: record.id ?? "", toID: record.target?.id ?? "", types: record.associations.first?.types ?? [])
  }

  private mutating func settle(_ indices: [Int], _ outcomes: [AssociationOutcome]) {
    var open: [(index: Int, reason: String)] = []
    for (index, outcome) in zip(indices, outcomes) {
      switch outcome {
      case .associated: settled[index] = .applied(id: records[index].id)
      case .failed(let failure) where failure.isAttributed:
        settled[index] = .failed(reason: Delivery.reason(failure), category: failure.category, correlation: nil)
      case .failed(let failure):
        open.append((index, "the reply has an error that names no record: \(Delivery.reason(failure))"))
      case .unaccounted: open.append((index, "the reply does not mention this record"))
      }
    }
    if !open.isEmpty { lookUp(open) }
  }

  private static func assignments(_ record: RecordChange) -> [PropertyAssignment] {
    record.properties.map { PropertyAssignment($0.name, $0.after) }
  }

  /// Takes over what the reply says for certain; the rest is looked up, or unknown where that is impossible.
  private mutating func settle(_ indices: [Int], _ result: BatchResult) {
    var open: [(index: Int, reason: String)] = []
    for (index, outcome) in zip(indices, result.outcomes) {
      switch outcome {
      case .succeeded(let object):
        settled[index] = .applied(id: object.id, isNew: sending == .create ? true : object.isNew)
      case .failed(let failure) where failure.isAttributed:
        settled[index] = .failed(reason: Delivery.reason(failure), category: failure.category, correlation: nil)
      case .failed(let failure):
        open.append((index, "the reply has an error that names no record: \(Delivery.reason(failure))"))
      case .unaccounted: open.append((index, "the reply does not mention this record"))
      }
    }
    if open.isEmpty { return }
    if !isProvable {
      let strays = result.unmatched.map(\.id)
      let named =
        strays.isEmpty ? "" : "; it lists records that cannot be told apart: \(strays.joined(separator: ", "))"
      for item in open {
        settled[item.index] = .unknown(reason: item.reason + "; merged with an identical one, or lost" + named)
      }
      return
    }
    lookUp(open)
  }

  /// Whether reading can tell what became of a record: it has an id, or a key that no other record can have.
  private var isProvable: Bool { sending != .create || records.allSatisfy { $0.key?.isUnique == true } }

  private mutating func lookUp(_ open: [(index: Int, reason: String)]) {
    guard let standings = standings(open.map(\.index)) else {
      for item in open { settled[item.index] = .unknown(reason: item.reason + "; it could not be read again") }
      return
    }
    for item in open {
      switch standings[item.index] {
      case .done(let id): settled[item.index] = .applied(id: id)
      case .untouched, .gone: settled[item.index] = .failed(reason: item.reason, category: nil, correlation: nil)
      case .moved(let reason): settled[item.index] = .unknown(reason: item.reason + "; " + reason)
      case nil: settled[item.index] = .unknown(reason: item.reason + "; it could not be read again")
      }
    }
  }

  /// HubSpot's own words, detail by detail where it gives details.
  private static func reason(_ failure: RecordFailure) -> String {
    let details = failure.details.map(\.message).filter { !$0.isEmpty }
    return details.isEmpty ? failure.message : details.joined(separator: "; ")
  }

  /// The reply of an archive has no body, so the records are asked whether they are gone.
  private mutating func confirmArchived(_ indices: [Int], _ result: BatchResult) {
    guard let standings = standings(indices) else {
      return doubt(indices, "HubSpot accepted the archive, but whether the record is gone could not be read")
    }
    for (index, outcome) in zip(indices, result.outcomes) {
      switch (standings[index], outcome) {
      case (.done(let id), _): settled[index] = .applied(id: id)
      case (nil, _): settled[index] = .unknown(reason: "whether the record is gone could not be read")
      case (_, .failed(let failure)):
        settled[index] = .failed(reason: Delivery.reason(failure), category: failure.category, correlation: nil)
      default:
        settled[index] = .failed(
          reason: "HubSpot accepted the archive, but the record is still there", category: nil, correlation: nil)
      }
    }
  }

  // MARK: Lost replies

  /// The reply was lost, so the batch may have been carried out. Updates and archives are absolute, and a unique key is
  /// taken once: the records are read and tell, and what was not done is sent again. Any other create cannot be told
  /// apart from another and stays unknown.
  private mutating func reconcile(_ indices: [Int], _ error: HubSpotError) {
    guard isProvable else {
      return doubt(indices, "the reply was lost (\(error)); it may or may not have been created")
    }
    var waiting = indices
    var last = error
    for round in 1...Delivery.sendings {
      guard let standings = standings(waiting) else {
        return doubt(waiting, "the reply was lost (\(last)), and the record could not be read again")
      }
      waiting = waiting.filter { isUndecided($0, standings[$0], last) }
      if waiting.isEmpty { return }
      if round == Delivery.sendings || engine.machine.stop.isStopped {
        return doubt(waiting, "sent \(round) times without a reply (\(last)), and not written when read again")
      }
      engine.pause(round)
      do throws(HubSpotError) { return try send(waiting) } catch {
        if case .api(let failure) = error, Delivery.refusesWhole(failure) { return halve(waiting, error) }
        guard error.mayHaveBeenDone else {
          halt = error
          return doubt(waiting, "the reply was lost (\(last)), and sending again failed (\(error))")
        }
        last = error
      }
    }
  }

  private mutating func isUndecided(_ index: Int, _ standing: Standing?, _ error: HubSpotError) -> Bool {
    switch standing {
    case .untouched: return true
    case .done(let id): settled[index] = .applied(id: id)
    case .gone:
      settled[index] = .failed(
        reason: "the record does not exist any more, or is archived", category: "OBJECT_NOT_FOUND", correlation: nil)
    case .moved(let reason): settled[index] = .unknown(reason: "the reply was lost (\(error)); \(reason)")
    case nil:
      settled[index] = .unknown(reason: "the reply was lost (\(error)), and the record could not be read again")
    }
    return false
  }

  /// Where a record stands after a reply that proves nothing.
  private enum Standing {
    case done(id: String?)
    case untouched
    case gone
    /// Neither as before nor as written: somebody else wrote, and sending again would overwrite it.
    case moved(String)
  }

  /// By index; missing for records of which the answer says nothing, nil when there is no answer.
  private func standings(_ indices: [Int]) -> [Int: Standing]? {
    if sending == .associate { return linkStandings(indices) }
    let properties = Set(indices.flatMap { records[$0].properties.map(\.name) }).sorted()
    let object = records.first?.object ?? type.name
    let keys = indices.compactMap { records[$0].id == nil ? records[$0].key : nil }
    guard
      let current = try? engine.read(
        object, ids: indices.compactMap { records[$0].id }, properties: properties, finishes: true),
      let keyed = try? engine.read(
        object, keys: keys.map(\.text), of: keys.first?.property ?? "", properties: properties, finishes: true)
    else { return nil }
    var standings: [Int: Standing] = [:]
    for index in indices {
      if let id = records[index].id {
        if let state = current[id] { standings[index] = standing(records[index], id, state) }
      } else if let key = records[index].key, let state = keyed[key.text] {
        standings[index] = standing(records[index], state)
      }
    }
    return standings
  }

  private func linkStandings(_ indices: [Int]) -> [Int: Standing]? {
    guard let links = try? Links(engine: engine).read(indices.map { records[$0] }, finishes: true) else { return nil }
    var standings: [Int: Standing] = [:]
    for index in indices {
      switch links.state(of: records[index]) {
      case .linked: standings[index] = .done(id: records[index].id)
      case .unlinked: standings[index] = .untouched
      case .unreadable: break
      }
    }
    return standings
  }

  /// A new record under its unique key. It was not there just before, so one with all the values sent is the one.
  private func standing(_ record: RecordChange, _ state: KeyedState) -> Standing? {
    switch state {
    case .unreadable: return nil
    case .absent: return .untouched
    case .spelled(let id, let other): return .moved("record \(id) has its key as \"\(other)\"")
    case .present(let id, let now):
      let other = record.properties.first { now.snapshot[$0.name]?.key != $0.afterKey }
      guard let other else { return .done(id: id) }
      return .moved("record \(id) has its key, and its \(other.name) is not what was sent")
    }
  }

  private func standing(_ record: RecordChange, _ id: String, _ state: CurrentState) -> Standing? {
    switch state {
    case .unreadable: return nil
    case .absent: return record.verb == .archive ? .done(id: id) : .gone
    case .present(let now):
      if record.verb == .archive { return .untouched }
      var isDone = true
      for property in record.properties {
        guard let found = now.snapshot[property.name] else { return nil }
        if found.key == property.afterKey { continue }
        isDone = false
        if found.key == before[id]?.snapshot[property.name]?.key { continue }
        return .moved("\(property.name) is now \(found.shown), which is neither what it was nor what was sent")
      }
      return isDone ? .done(id: id) : .untouched
    }
  }
}

extension Engine {
  /// Waits a little longer each time before a batch is sent again; being told to stop ends the wait.
  func pause(_ round: Int) {
    let policy = client.configuration.retry
    let delay = min(policy.maximumDelay, policy.baseDelay * (1 << min(round - 1, 10)))
    let clock = client.configuration.clock
    waiter.wait { () async throws(Never) in try? await clock.sleep(for: delay) }
  }
}
