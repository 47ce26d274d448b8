import HubSpot
import LisCore
import LisSchema

/// Sends a change set, the one place where writes leave the engine.
///
/// For each batch of at most 100: read the records again and leave out what moved since the plan; write the intent, with
/// the values before, to the journal; send; write the outcomes down. Whatever happens, every record ends up in exactly
/// one place of the report.
final class Sender {
  /// Records of one batch request (object API guide).
  static let batchSize = 100
  /// Batches in a row of which nothing could be proved before the run stops: an outage would otherwise leave every
  /// record unknown.
  static let lostInARow = 2

  let engine: Engine
  private let changes: ChangeSet
  private let statement: Int
  /// Somebody had the plan in hand before it was sent.
  private let isHeld: Bool
  /// Records that were found to have keys which were to be new, by object type and property, once they are read again.
  private var holders: [String: [UpsertKey: String]] = [:]
  private var batchNumber = 0
  private var done = 0
  private var lost = 0
  /// Keys of the values that this statement has written itself, by record and property.
  private var written: [String: [String: String]] = [:]

  init(engine: Engine, changes: ChangeSet, statement: Int, isHeld: Bool) {
    self.engine = engine
    self.changes = changes
    self.statement = statement
    self.isHeld = isHeld
  }

  /// Why no more is sent.
  enum Ending {
    case allSent
    /// A record failed and the statement does not go on after errors.
    case failed
    case interrupted
    /// Access, transport or the journal fails, so that nothing further can be sent.
    case stopped(any Error)
  }

  func send(into report: inout Report) -> Ending {
    do { try note { try engine.journal.begin(statement: statement, run: engine.run.id, changes: changes) } } catch {
      report.doNotSend(changes.records)
      return .stopped(error)
    }
    var rest = Sender.batches(of: changes)[...]
    while let batch = rest.popFirst() {
      let ending = engine.machine.stop.isStopped ? leave(batch, &report) : send(batch, into: &report)
      done += batch.count
      if case .allSent = ending {
        engine.observer.sent(SendProgress(done: done, total: changes.records.count, failed: report.failed.count))
        continue
      }
      for batch in rest { report.doNotSend(batch) }
      return ending
    }
    return .allSent
  }

  private func leave(_ batch: [RecordChange], _ report: inout Report) -> Ending {
    report.doNotSend(batch)
    return .interrupted
  }

  /// A journal that cannot be written stops everything before it is sent.
  private func note(_ write: () throws -> Void) throws {
    do { try write() } catch let problem as JournalProblem { throw EngineError.journal(problem) }
  }

  /// Records of one verb and type, in their order, 100 at a time. Two creates that say the same never share a batch:
  /// HubSpot silently merges them into one record (line-item guide, 2026-09). Whether their associations would tell them
  /// apart is not established, so only their properties count.
  static func batches(of changes: ChangeSet) -> [[RecordChange]] {
    var open: [(key: String, records: [RecordChange], contents: Set<String>)] = []
    var finished: [[RecordChange]] = []
    for record in changes.records {
      let unique = record.key.map { $0.isUnique ? $0.property : "" } ?? ""
      let target = record.sending == .associate ? record.target?.object ?? "" : ""
      let key = "\(record.sending) \(record.object) \(unique)\(target)"
      let content = record.sending == .create ? Sender.content(record) : ""
      if let index = open.firstIndex(where: { $0.key == key && (content.isEmpty || !$0.contents.contains(content)) }) {
        open[index].records.append(record)
        if !content.isEmpty { open[index].contents.insert(content) }
        if open[index].records.count == batchSize { finished.append(open.remove(at: index).records) }
      } else {
        open.append((key, [record], content.isEmpty ? [] : [content]))
      }
    }
    return finished + open.map(\.records)
  }

  /// Each id once: a record may be linked to several others in one batch.
  private static func ids(_ batch: [RecordChange]) -> [String] {
    var seen: Set<String> = []
    return batch.compactMap(\.id).filter { seen.insert($0).inserted }
  }

  private static func content(_ record: RecordChange) -> String {
    "create|"
      + record.properties.map { "\($0.name.utf8.count):\($0.name)=\($0.afterKey)" }.sorted().joined(separator: "|")
  }

  // MARK: One batch

  private func send(_ batch: [RecordChange], into report: inout Report) -> Ending {
    guard let first = batch.first else { return .allSent }
    var wanted = batch
    var current: [String: CurrentState] = [:]
    do {
      var obstacles: [UpsertKey: KeyObstacle] = [:]
      var links = Links.Found()
      try engine.aside {
        current = try engine.read(first.object, ids: Sender.ids(batch), properties: watched(batch))
        obstacles = try self.obstacles(batch)
        links = try Links(engine: engine).read(batch)
      }
      wanted = batch.filter {
        isStillRight($0, current, &report) && isStillNew($0, obstacles, &report) && isStillUnlinked($0, links, &report)
      }
    } catch {
      report.doNotSend(batch)
      return Sender.ending(error)
    }
    guard !wanted.isEmpty else { return report.mustStop ? .failed : .allSent }
    return send(wanted, first, current, into: &report)
  }

  private func send(
    _ wanted: [RecordChange], _ first: RecordChange, _ current: [String: CurrentState], into report: inout Report
  ) -> Ending {
    let before = current.compactMapValues(\.record)
    var delivery: Delivery
    let intent = self.intent(wanted, first, before)
    do {
      delivery = Delivery(
        engine: engine, type: try engine.objectType(first.object), records: wanted, traces: intent.records.map(\.trace),
        target: try first.target.map { try engine.objectType($0.object) }, before: before)
      try note { try engine.journal.intend(intent, at: engine.clock.now) }
    } catch {
      report.doNotSend(wanted)
      return .stopped(error)
    }
    delivery.deliver()
    let outcomes = delivery.outcomes
    for (record, outcome) in zip(wanted, outcomes) { settle(record, outcome, into: &report) }
    let settled = zip(wanted, outcomes).map { $1.journalled($0) }
    do {
      try note { try engine.journal.settle(intent, outcomes: settled, at: engine.clock.now) }
    } catch { return .stopped(error) }
    if let halt = delivery.halt { return Sender.ending(halt) }
    lost = delivery.isLost ? lost + 1 : 0
    return report.mustStop || lost >= Sender.lostInARow ? .failed : .allSent
  }

  private static func ending(_ error: any Error) -> Ending {
    if let error = error as? HubSpotError, case .cancelled = error { .interrupted } else { .stopped(error) }
  }

  private func intent(
    _ wanted: [RecordChange], _ first: RecordChange, _ before: [String: CurrentRecord]
  ) -> BatchIntent {
    batchNumber += 1
    let run = engine.run.id
    return BatchIntent(
      run: run, statement: statement, batch: batchNumber, sending: first.sending, object: first.object,
      records: wanted.map { record in
        IntentRecord(
          record, trace: "\(run)-\(statement)-\(record.row)", current: record.id.flatMap { before[$0] },
          // What was linked already has been left out.
          wasLinked: record.sending == .associate ? false : nil)
      })
  }

  /// Properties whose movement since the plan matters: those that are written and those the plan rests on. An archived
  /// record cannot be brought back by the API, so that the journal keeps all it takes to make it anew.
  private func watched(_ batch: [RecordChange]) -> [String] {
    var names: Set<String> = []
    if let first = batch.first, first.sending == .archive {
      let schema = engine.schema.objects[first.object]?.properties ?? [:]
      names.formUnion(schema.values.filter { !$0.isCalculated && !$0.isReadOnly }.map(\.name))
    }
    for record in batch {
      names.formUnion(record.snapshot.keys)
      for property in record.properties { names.insert(property.name) }
    }
    return names.sorted()
  }

  /// Whether a record still is as the plan found it. One that is gone was archived by somebody else: for `archive` there
  /// is nothing left to do, for `update` it is a failure.
  private func isStillRight(_ record: RecordChange, _ current: [String: CurrentState], _ report: inout Report) -> Bool {
    guard let id = record.id else { return true }
    switch current[id] {
    case .present(let now):
      guard let moved = moved(record, id, now) else { return true }
      report.skip(record, moved)
    case .absent where record.verb == .archive:
      report.leave(record)
      engine.overlay.archive(record.object, id)
    case .absent:
      report.fail(record, "the record does not exist or is archived", category: "OBJECT_NOT_FOUND")
    case .unreadable(let reason):
      report.fail(record, "the record could not be read just before sending: \(reason)", category: "not sent")
    case nil: report.fail(record, "the record could not be read just before sending", category: "not sent")
    }
    return false
  }

  /// Why a record that was to be new cannot be made.
  private enum KeyObstacle {
    case taken(id: String, as: String)
    case unreadable(String)
  }

  /// What stands in the way of keys that were to be new: records that somebody has made since the plan.
  private func obstacles(_ batch: [RecordChange]) throws -> [UpsertKey: KeyObstacle] {
    let keys = batch.compactMap { $0.id == nil ? $0.key : nil }
    guard let first = keys.first, let object = batch.first?.object else { return [:] }
    var obstacles: [UpsertKey: KeyObstacle] = [:]
    let rows = KeyedRows(engine: engine)
    for key in Set(keys) where !key.isUnique {
      let holder = try reread(key.property, object)[key] ?? rows.ownHolder(of: key, object: object)
      obstacles[key] = holder.map { .taken(id: $0, as: key.text) }
    }
    let unique = keys.filter { $0.isUnique && $0.property == first.property }
    let found = try engine.read(object, keys: unique.map(\.text), of: first.property, properties: [])
    for key in unique {
      switch found[key.text] {
      case .present(let id, _): obstacles[key] = .taken(id: id, as: key.text)
      case .spelled(let id, let other): obstacles[key] = .taken(id: id, as: other)
      case .absent: break
      case .unreadable(let reason): obstacles[key] = .unreadable(reason)
      case nil: obstacles[key] = .unreadable(KeyedState.unmentioned)
      }
    }
    return obstacles
  }

  /// How old what was read may be when the first record is made by a key that HubSpot does not keep unique.
  private static let freshMilliseconds = 10_000

  /// A key that is not unique is nobody's guard: when time has passed since it was found to be free, everything is read
  /// once more before the first record of the statement is made with it. What others make after that only the next run
  /// sees.
  private func reread(_ property: String, _ object: String) throws -> [UpsertKey: String] {
    let name = "\(object) \(property)"
    if let known = holders[name] { return known }
    // A clock that was set back says nothing of how much time has passed.
    let isFresh = (0...Sender.freshMilliseconds).contains(engine.clock.now - changes.readAt)
    guard isHeld || !isFresh else { return [:] }
    let keys = changes.records.compactMap { $0.id == nil && $0.object == object ? $0.key : nil }
    let found = try KeyedRows(engine: engine).holders(
      of: Set(keys.filter { $0.property == property }), property: property, object: object)
    holders[name] = found
    return found
  }

  private func isStillNew(
    _ record: RecordChange, _ obstacles: [UpsertKey: KeyObstacle], _ report: inout Report
  ) -> Bool {
    guard record.id == nil, let key = record.key, let obstacle = obstacles[key] else { return true }
    switch obstacle {
    case .taken(let id, let text):
      report.skip(record, "changed since plan: record \(id) has the \(key.property) \"\(text)\" now")
    case .unreadable(let reason):
      report.fail(
        record, "who has its \(key.property) could not be read just before sending: \(reason)", category: "not sent")
    }
    return false
  }

  private func isStillUnlinked(_ record: RecordChange, _ links: Links.Found, _ report: inout Report) -> Bool {
    guard record.sending == .associate else { return true }
    switch links.state(of: record) {
    case .unlinked: return true
    case .linked: report.leave(record)
    case .unreadable(let reason):
      report.fail(record, "its associations could not be read just before sending: \(reason)", category: "not sent")
    }
    return false
  }

  private func moved(_ record: RecordChange, _ id: String, _ now: CurrentRecord) -> String? {
    let own = engine.overlay.change(record.object, id)
    let schema = engine.schema.objects[record.object]
    for (name, planned) in record.snapshot.sorted(by: { $0.key < $1.key }) {
      guard let found = now.snapshot[name], found.key != planned.key else { continue }
      // A record may be changed and linked in one statement.
      if written["\(record.object) \(id)"]?[name] == found.key { continue }
      // What HubSpot derives moves with this run's own earlier writes.
      let isDerived = schema?.properties[name].map { $0.isCalculated || $0.isReadOnly } ?? false
      if own != nil, isDerived { continue }
      return "changed since plan: \(name) was \(planned.shown) and is now \(found.shown)"
    }
    return nil
  }

  private func settle(_ record: RecordChange, _ outcome: Outcome, into report: inout Report) {
    switch outcome {
    case .applied(let id, let isNew):
      report.apply(record, id: id, isNew: isNew)
      switch record.verb {
      case .create, .upsert: if let id { engine.overlay.create(record, id: id) }
      case .associate:
        if let id = record.id, let target = record.target { engine.overlay.associate(record.object, id, target) }
      case .update:
        guard let id = record.id else { return }
        engine.overlay.update(record.object, id, record.properties)
        for property in record.properties {
          written["\(record.object) \(id)", default: [:]][property.name] = property.afterKey
        }
      case .archive: if let id = record.id { engine.overlay.archive(record.object, id) }
      }
    case .failed(let reason, let category, let correlation):
      report.fail(record, reason, category: category, correlation: correlation)
    case .unknown(let reason): report.doubt(record, reason)
    case .unsent: report.doNotSend([record])
    }
  }
}

/// What became of one record.
enum Outcome: Sendable {
  /// `isNew` where it is known whether the record was made.
  case applied(id: String?, isNew: Bool? = nil)
  case failed(reason: String, category: String?, correlation: String?)
  case unknown(reason: String)
  /// Certainly not written: the batch was stopped before its turn.
  case unsent(reason: String)

  func journalled(_ record: RecordChange) -> JournalOutcome {
    switch self {
    case .applied(let id, let isNew):
      JournalOutcome(state: "applied", id: id, isNew: isNew ?? (record.id == nil ? nil : false), reason: nil)
    case .failed(let reason, _, _): JournalOutcome(state: "failed", reason: reason)
    case .unknown(let reason): JournalOutcome(state: "unknown", reason: reason)
    case .unsent(let reason): JournalOutcome(state: "unsent", reason: reason)
    }
  }
}
