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
  let changes: ChangeSet
  private let statement: Int
  /// Somebody had the plan in hand before it was sent.
  let isHeld: Bool
  /// Records that were found to have keys which were to be new, by object type and property; empty where reading them
  /// again was not called for.
  var holders: [String: [UpsertKey: String]] = [:]
  private var batchNumber = 0
  private var done = 0
  private var lost = 0
  /// Batches in a row of which everything was applied.
  private var landed = 0
  /// Batches that have not begun.
  private var queue: ArraySlice<[RecordChange]> = []
  /// Batches under way, in their order.
  private var flights: [Flight] = []
  /// Why nothing further begins; what was sent is settled all the same.
  private var ending: Ending?
  /// Keys of the values that this statement has written itself, by record and property.
  private(set) var written: [String: [String: String]] = [:]

  init(engine: Engine, changes: ChangeSet, statement: Int, isHeld: Bool) {
    self.engine = engine
    self.changes = changes
    self.statement = statement
    self.isHeld = isHeld
  }

  /// A batch under way.
  private struct Flight {
    var batch: [RecordChange]
    var stage: Stage

    enum Stage {
      /// Its records are being read again; nil when there are none to read.
      case reading(Pending<BatchResult, HubSpotError>?, ids: [String], properties: [String])
      case sent(Departure)
    }

    var isSent: Bool { if case .sent = stage { true } else { false } }
  }

  /// A batch that was sent.
  private struct Departure {
    var wanted: [RecordChange]
    var intent: BatchIntent
    var delivery: Delivery
    var reply: Pending<Delivery.Reply, HubSpotError>
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
    let priority = engine.waiter.priority
    defer { engine.waiter.priority = priority }
    if changes.records.count > Sender.batchSize { engine.waiter.priority = .bulk }
    queue = Sender.batches(of: changes)[...]
    while !flights.isEmpty || !queue.isEmpty {
      if ending == nil, engine.machine.stop.isStopped, !queue.isEmpty || flights.contains(where: { !$0.isSent }) {
        ending = .interrupted
      }
      if ending != nil { leaveTheRest(&report) }
      while ending == nil, let batch = queue.first, mayBegin(batch) {
        queue.removeFirst()
        begin(batch, &report)
      }
      if !proceed(&report), !flights.isEmpty { engine.waiter.waitForAny() }
    }
    return ending ?? .allSent
  }

  // MARK: Batches under way

  /// Whether another batch may begin. The first one goes alone, since what is wrong with it is likely wrong with all, and
  /// so does one after a failure; then more and more, as many as the latency and the quota ask for. Batches of another kind wait until the others are through:
  /// the same record may be changed and linked in one statement.
  private func mayBegin(_ batch: [RecordChange]) -> Bool {
    guard let latest = flights.last else { return true }
    let width = min(engine.client.usefulConcurrency(.burst), 2 * landed)
    return flights.count < width && Sender.kind(latest.batch) == Sender.kind(batch)
  }

  private static func kind(_ batch: [RecordChange]) -> String {
    batch.first.map { "\($0.sending) \($0.object)" } ?? ""
  }

  /// What has not been sent stays as it is.
  private func leaveTheRest(_ report: inout Report) {
    // What is still being read is of no more use; what was sent is not broken off by this.
    if flights.contains(where: { !$0.isSent }) { engine.waiter.cancel() }
    for flight in flights where !flight.isSent { report.doNotSend(flight.batch) }
    flights.removeAll { !$0.isSent }
    for batch in queue { report.doNotSend(batch) }
    queue = []
  }

  /// Starts reading a batch's records again.
  private func begin(_ batch: [RecordChange], _ report: inout Report) {
    let (ids, names) = (Sender.ids(batch), watched(batch))
    do {
      let reading =
        ids.isEmpty ? nil : try engine.startRead(batch.first?.object ?? "", ids: ids, properties: names)
      flights.append(Flight(batch: batch, stage: .reading(reading, ids: ids, properties: names)))
    } catch {
      report.doNotSend(batch)
      ending = Sender.ending(error)
    }
  }

  /// Takes one step with a batch that is ready for one, in the order of the batches, so that a run says the same however
  /// replies overtake each other. False when all wait for replies.
  private func proceed(_ report: inout Report) -> Bool {
    if let first = flights.first, case .sent(let departure) = first.stage, let result = departure.reply.result {
      flights.removeFirst()
      land(departure, result, &report)
      count(first.batch, report)
      return true
    }
    guard let index = flights.firstIndex(where: { !$0.isSent }),
      case .reading(let reading, let ids, let properties) = flights[index].stage, reading?.isDone ?? true
    else { return false }
    let batch = flights[index].batch
    do {
      var current: [String: CurrentState] = [:]
      if let reading, let object = batch.first?.object {
        current = try engine.states(object, ids: ids, properties: properties, try engine.waiter.wait(for: reading))
      }
      if let departure = try depart(batch, current, &report) {
        flights[index].stage = .sent(departure)
      } else {
        flights.remove(at: index)
        count(batch, report)
        if report.mustStop { ending = ending ?? .failed }
      }
    } catch {
      flights.remove(at: index)
      report.doNotSend(batch)
      ending = ending ?? Sender.ending(error)
    }
    return true
  }

  private func count(_ batch: [RecordChange], _ report: Report) {
    done += batch.count
    engine.observer.sent(SendProgress(done: done, total: changes.records.count, failed: report.failed.count))
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

  /// Writes the intent down and sends what is still right of a batch. Nil when nothing of it is.
  private func depart(
    _ batch: [RecordChange], _ current: [String: CurrentState], _ report: inout Report
  ) throws -> Departure? {
    guard let first = batch.first else { return nil }
    var obstacles: [UpsertKey: KeyObstacle] = [:]
    var links = Links.Found()
    try engine.aside {
      obstacles = try self.obstacles(batch)
      links = try Links(engine: engine).read(batch)
    }
    let wanted = batch.filter {
      isStillRight($0, current, &report) && isStillNew($0, obstacles, &report) && isStillUnlinked($0, links, &report)
    }
    guard !wanted.isEmpty else { return nil }
    do {
      let before = current.compactMapValues(\.record)
      let intent = self.intent(wanted, first, before)
      let delivery = Delivery(
        engine: engine, type: try engine.objectType(first.object), records: wanted, traces: intent.records.map(\.trace),
        target: try first.target.map { try engine.objectType($0.object) }, before: before)
      try note { try engine.journal.intend(intent, at: engine.clock.now) }
      return Departure(wanted: wanted, intent: intent, delivery: delivery, reply: delivery.depart())
    } catch {
      report.doNotSend(wanted)
      ending = ending ?? .stopped(error)
      return nil
    }
  }

  /// Settles a batch whose reply is there, and writes the outcomes down.
  private func land(
    _ departure: Departure, _ result: Result<Delivery.Reply, HubSpotError>, _ report: inout Report
  ) {
    var delivery = departure.delivery
    delivery.land(result)
    let outcomes = delivery.outcomes
    for (record, outcome) in zip(departure.wanted, outcomes) { settle(record, outcome, into: &report) }
    let settled = zip(departure.wanted, outcomes).map { $1.journalled($0) }
    do {
      try note { try engine.journal.settle(departure.intent, outcomes: settled, at: engine.clock.now) }
    } catch { ending = ending ?? .stopped(error) }
    if let halt = delivery.halt { ending = ending ?? Sender.ending(halt) }
    lost = delivery.isLost ? lost + 1 : 0
    // After a failure the next batch goes alone again.
    let isWhole = outcomes.allSatisfy { if case .applied = $0 { true } else { false } }
    landed = isWhole ? landed + 1 : 0
    if report.mustStop || lost >= Sender.lostInARow { ending = ending ?? .failed }
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
