import HubSpot
import LisCore
import LisSchema

/// Sends a change set, the one place where writes leave the engine.
///
/// For each batch of at most 100: read the records again and leave out what moved since the plan; write the intent, with
/// the values before, to the journal; send; write the outcomes down. Results are matched by trace id or id.
final class Sender {
  /// Records of one batch request (object API guide).
  static let batchSize = 100

  let engine: Engine
  private let changes: ChangeSet
  private let statement: Int
  private var batchNumber = 0
  private var done = 0

  init(engine: Engine, changes: ChangeSet, statement: Int) {
    self.engine = engine
    self.changes = changes
    self.statement = statement
  }

  /// - Returns: whether the run was told to stop before everything was sent.
  func send(into report: inout Report) throws -> Bool {
    try note { try engine.journal.begin(statement: statement, run: engine.run.id, changes: changes) }
    var rest = Sender.batches(of: changes)[...]
    while let batch = rest.popFirst() {
      if engine.machine.stop.isStopped {
        report.notSent += batch.count + rest.reduce(0) { $0 + $1.count }
        return true
      }
      try send(batch, into: &report)
      done += batch.count
      engine.observer.sent(SendProgress(done: done, total: changes.records.count, failed: report.failed.count))
      // Without `on error continue` a failing batch is the last one.
      if !changes.continuesOnError, !report.failed.isEmpty || !report.unknown.isEmpty {
        report.notSent += rest.reduce(0) { $0 + $1.count }
        break
      }
    }
    return false
  }

  /// A journal that cannot be written stops everything before it is sent.
  private func note(_ write: () throws -> Void) throws {
    do { try write() } catch let problem as JournalProblem { throw EngineError.journal(problem) }
  }

  /// Records of one verb and type, in their order, 100 at a time. Two creates that say the same never share a batch:
  /// HubSpot silently merges them into one record (line-item guide, 2026-09).
  static func batches(of changes: ChangeSet) -> [[RecordChange]] {
    var open: [(key: String, records: [RecordChange], contents: Set<String>)] = []
    var finished: [[RecordChange]] = []
    for record in changes.records {
      let key = "\(record.verb) \(record.object)"
      let content = record.verb == .create ? Sender.content(record) : ""
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

  private static func content(_ record: RecordChange) -> String {
    let properties = record.properties.map { "\($0.name.utf8.count):\($0.name)=\($0.after)" }.sorted()
    return "\(record.target?.id ?? "")|" + properties.joined(separator: "|")
  }

  // MARK: One batch

  private func send(_ batch: [RecordChange], into report: inout Report) throws {
    guard let first = batch.first else { return }
    var wanted = batch
    var current: [String: CurrentRecord] = [:]
    if first.verb != .create {
      current = try engine.read(first.object, ids: batch.compactMap(\.id), properties: Sender.watched(batch))
      wanted = batch.filter { isStillRight($0, current, &report) }
    }
    guard !wanted.isEmpty else { return }
    batchNumber += 1
    let intent = BatchIntent(
      run: engine.run.id, statement: statement, batch: batchNumber, verb: first.verb, object: first.object,
      records: wanted.map { IntentRecord($0, trace: trace($0), current: $0.id.flatMap { current[$0] }) })
    try note { try engine.journal.intend(intent, at: engine.clock.now) }
    let outcomes = try deliver(wanted, object: first.object, verb: first.verb)
    try note { try engine.journal.settle(intent, outcomes: outcomes.map(\.journalled), at: engine.clock.now) }
    for (record, outcome) in zip(wanted, outcomes) { settle(record, outcome, into: &report) }
  }

  func trace(_ record: RecordChange) -> String { "\(engine.run.id)-\(statement)-\(record.row)" }

  /// Properties whose movement since the plan matters: those that are written and those the plan rests on.
  private static func watched(_ batch: [RecordChange]) -> [String] {
    var names: Set<String> = []
    for record in batch {
      names.formUnion(record.snapshot.keys)
      for property in record.properties { names.insert(property.name) }
    }
    return names.sorted()
  }

  /// Whether a record still is as the plan found it. One that is gone was archived by somebody else: for `archive` that
  /// is the goal reached, for `update` a failure.
  private func isStillRight(_ record: RecordChange, _ current: [String: CurrentRecord], _ report: inout Report) -> Bool
  {
    guard let id = record.id else { return true }
    guard let now = current[id] else {
      if record.verb == .archive {
        report.applied += 1
        engine.overlay.archive(record.object, id)
      } else {
        report.failed.append(
          RecordFailureReport(record, reason: "the record does not exist or is archived", category: "OBJECT_NOT_FOUND"))
      }
      return false
    }
    let own = engine.overlay.change(record.object, id)
    let schema = engine.schema.objects[record.object]
    for (name, planned) in record.snapshot.sorted(by: { $0.key < $1.key }) {
      guard let found = now.snapshot[name], found.key != planned.key else { continue }
      // What HubSpot derives moves with this run's own earlier writes.
      let isDerived = schema?.properties[name].map { $0.isCalculated || $0.isReadOnly } ?? false
      if own != nil, isDerived { continue }
      report.skipped.append(
        RecordFailureReport(
          record, reason: "changed since plan: \(name) was \(planned.shown) and is now \(found.shown)",
          category: "changed since plan"))
      return false
    }
    return true
  }

  private func settle(_ record: RecordChange, _ outcome: Outcome, into report: inout Report) {
    switch outcome {
    case .applied(let id):
      report.applied += 1
      switch record.verb {
      case .create: if let id { report.created.append(id) }
      case .update: if let id = record.id { engine.overlay.update(record.object, id, record.properties) }
      case .archive: if let id = record.id { engine.overlay.archive(record.object, id) }
      }
    case .failed(let reason, let category, let correlation):
      report.failed.append(
        RecordFailureReport(record, reason: reason, category: category, correlationID: correlation))
    case .unknown(let reason):
      report.unknown.append(RecordFailureReport(record, reason: reason, category: "unknown"))
    }
  }
}

/// What became of one record.
enum Outcome: Sendable {
  case applied(id: String?)
  case failed(reason: String, category: String?, correlation: String?)
  case unknown(reason: String)

  var journalled: JournalOutcome {
    switch self {
    case .applied(let id): JournalOutcome(state: "applied", id: id, reason: nil)
    case .failed(let reason, _, _): JournalOutcome(state: "failed", id: nil, reason: reason)
    case .unknown(let reason): JournalOutcome(state: "unknown", id: nil, reason: reason)
    }
  }
}
