import HubSpot
import LisCore
import LisSchema

/// LisEngine: reads and writes. Descriptions of reads and writes, values and a client enter; rows, plans, reports and
/// journal rows leave. Time, identity, transport, store and the decision to go on come in as values. Writes leave the
/// room in one place, the sender, and only after the journal holds the intent.
///
/// An engine belongs to the thread of its machine. Requests block that thread; `interrupt` may come from any other.
public final class Engine {
  public let machine: Machine
  public let client: HubSpotClient
  public let portal: String
  let journal: any JournalStore
  let clock: any EngineClock
  let gate: any Gate
  let observer: any RunObserver
  let waiter: Waiter
  /// What is known of the portal's properties.
  public private(set) var schema = PortalSchema()
  let run: RunIdentity
  var overlay = Overlay()
  /// Collections of writes that are being made, innermost last.
  private var open: [WriteCollection] = []
  private var statements = 0
  /// Plans that were made as values, by the origin of those.
  private var plans: [Int: HeldPlan] = [:]
  /// Counts for the whole run.
  public private(set) var totals = RunTotals()
  /// What the latest statement that was approved did, also when it ended in an error.
  public private(set) var lastReport: Report?
  /// Rows that a `find` without `all` may read; nil for any number.
  public var readLimit: Int? = Engine.standardReadLimit
  public static let standardReadLimit = 10_000
  /// False sends nothing of a condition, so that every record is read and tested here: for tests that compare.
  public var pushesDown = true
  private var hasBegun = false
  private var associationKinds: [String: [AssociationKind]] = [:]
  /// What the client had sent before this engine was made.
  let statisticsAtStart: RequestStatistics
  /// Requests of the write protocol and of tests, which programs do not ask for.
  let requestsAside = RequestTally()

  public struct Parts {
    public var client: HubSpotClient
    /// Name of the profile: `practice`.
    public var portal: String
    public var journal: any JournalStore
    public var clock: any EngineClock
    public var gate: any Gate
    public var observer: any RunObserver
    /// Who waits for the requests, in the quotas that several processes share: a person at a prompt, or nobody.
    public var priority: RequestPriority

    public init(
      client: HubSpotClient, portal: String, journal: any JournalStore, clock: any EngineClock, gate: any Gate,
      observer: any RunObserver, priority: RequestPriority = .interactive
    ) {
      self.client = client
      self.portal = portal
      self.journal = journal
      self.clock = clock
      self.gate = gate
      self.observer = observer
      self.priority = priority
    }
  }

  public init(machine: Machine, parts: Parts, run: RunIdentity) {
    self.machine = machine
    waiter = Waiter(stop: machine.stop)
    client = parts.client
    portal = parts.portal
    journal = parts.journal
    clock = parts.clock
    gate = parts.gate
    observer = parts.observer
    statisticsAtStart = parts.client.statistics
    self.run = run
    waiter.onWait = { [observer] in observer.waiting($0) }
    waiter.priority = parts.priority
  }

  /// Asks the engine to stop: a read is broken off, a batch that is being sent is finished and written down first.
  public func interrupt() {
    machine.stop.stop()
    waiter.cancel()
  }

  /// Waits for work that belongs to the run, so that stopping the engine stops it as well.
  public func wait<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
    try waiter.wait(work)
  }

  /// The hand on the engine that another thread, such as the one that receives signals, may hold.
  public var interrupter: Interrupter { Interrupter(stop: machine.stop, waiter: waiter) }

  // MARK: Schema

  /// Reads the properties of an object type from the portal, once for each engine.
  @discardableResult
  public func loadSchema(_ object: String) throws -> ObjectSchema {
    if let known = schema.objects[object] { return known }
    let type = try objectType(object)
    let client = self.client
    let definitions = try waiter.wait { () throws(HubSpotError) in try await client.properties(of: type) }
    let loaded = ObjectSchema(
      object: object, properties: definitions.map { PropertySchema($0) }, readAt: clock.now)
    schema.objects[object] = loaded
    return loaded
  }

  /// A schema that is already known, from a cache or a test.
  public func adopt(_ object: ObjectSchema) { schema.objects[object.object] = object }

  func objectType(_ name: String) throws -> ObjectType {
    do { return try ObjectType(name) } catch { throw EngineError.unknownObject(name) }
  }

  // MARK: Reads

  /// A source of rows for a `find`. Nothing is asked of the portal before the rows are.
  public func find(_ description: FindDescription, operands: [Value], extraFields: Set<String>) throws -> Value {
    let schema = try loadSchema(description.object)
    let plan = try ReadPlan(
      description, operands: operands, schema: schema, machine: machine, pushes: pushesDown)
    let fields = rowFields(description, extraFields, schema)
    let budget = readLimit.flatMap { limit in
      description.all ? nil : ReadBudget(limit: limit, description: description)
    }
    let top = TopRows(description, operands, plan, schema)
    return machine.makeSource(
      FindSource(engine: self, plan: plan, schema: schema, fields: fields, budget: budget, top: top) {
        try self.explain(description, operands: operands, extraFields: extraFields)
      })
  }

  /// What a `find` asks of the portal, without asking it.
  public func explain(
    _ description: FindDescription, operands: [Value], extraFields: Set<String>
  ) throws -> Explanation {
    let schema = try loadSchema(description.object)
    let fields = rowFields(description, extraFields, schema)
    return try Explanation(
      description, operands: operands, schema: schema, machine: machine, fields: fields,
      readLimit: description.all ? nil : readLimit)
  }

  private func rowFields(
    _ description: FindDescription, _ extra: Set<String>, _ schema: ObjectSchema
  ) -> [String] {
    var fields = ["id"]
    func add(_ field: String) {
      guard !fields.contains(field) else { return }
      let property = FieldName.property(of: field)
      if property.map({ schema.properties[$0] != nil }) ?? true { fields.append(field) }
    }
    let displayed = ObjectNames.displayed(description.object)
    // Rows that are shown elsewhere in the program have the same order.
    if description.isShown || displayed.allSatisfy({ description.fields.contains($0) || extra.contains($0) }) {
      for field in displayed { add(field) }
    }
    for field in description.fields { add(field) }
    for field in extra.sorted() { add(field) }
    return fields
  }

  /// Tells of so many requests, should they be more than the account may send today.
  func warnOfToday(_ requests: Int) {
    let forecast = client.forecast(requests)
    guard forecast.exceedsToday, let left = forecast.leftToday else { return }
    observer.notice(
      "this cannot be read to its end today: it needs \(Counts.grouped(requests)) requests, and \(Counts.grouped(left)) of "
        + "the account's day are left, which ends at midnight in the account's time zone")
  }

  // MARK: Writes

  /// Begins a statement that writes; inside of one it only counts the nesting, since all writes of one statement form
  /// one change set.
  public func beginWrites() {
    if let current = open.last {
      current.beginInner()
    } else {
      open.append(WriteCollection())
    }
  }

  /// Forgets what this run did to records: from here on, reads show the portal alone. At a prompt each entry begins so,
  /// since minutes may lie between two of them and others write too.
  public func forgetOwnChanges() { overlay = Overlay() }

  public var writeDepth: Int { open.reduce(0) { $0 + $1.nesting + 1 } }

  /// Forgets what was collected since a depth: a fault was caught there, and the statements it broke off never happen.
  public func resetWrites(to depth: Int) {
    while let current = open.last, writeDepth > max(depth, 0) {
      let below = writeDepth - current.nesting - 1
      if depth <= below { open.removeLast() } else { current.breakOff(to: depth - below - 1) }
    }
  }

  public func addWrite(_ description: WriteDescription, number: Int, row: Value, record: Value, target: Value) throws {
    guard let current = open.last else { return }
    let object = description.object ?? portalObject(of: row) ?? ObjectNames.lineItems
    let schema = try loadSchema(object)
    try current.add(
      WriteRequest(
        description: description, number: number, object: object, row: row, record: record, target: target),
      schema: schema, machine: machine)
  }

  public func limitWrites(_ number: Int, to limit: Value) throws {
    guard let most = limit.int, most >= 0 else {
      throw FaultKind.badArgument(
        function: "at most", parameter: "limit", expected: "a whole number of records", found: limit.type)
    }
    open.last?.limits[number] = most
  }

  /// The object type of a row that was read from this portal.
  func portalObject(of row: Value) -> String? {
    machine.portalSource(of: row).flatMap { portalObjects[$0] }
  }

  /// Object types by their number as an origin of rows.
  var portalObjects: [Int: String] = [:]

  func origin(for object: String) -> Int {
    let number = machine.registerSource("portal:" + object)
    portalObjects[number] = object
    return number
  }

  /// Plans, asks, writes down and sends what the statement collected. Inside of another statement it gives null.
  public func commitWrites() throws -> Value {
    guard let current = open.last else { return .null }
    if current.nesting > 0 {
      current.endInner()
      return .null
    }
    open.removeLast()
    // Left by `return`: nobody has the plan, and a plan sends nothing.
    if current.isPlan { return .null }
    statements += 1
    let before = client.statistics
    let changes = try ChangeSetBuilder(engine: self).build(current)
    let plan = forecastPlan(changes)
    return try carryOut(plan, statement: statements, before: before).value(on: machine)
  }

  // MARK: Plans as values

  /// Begins a pipeline whose writes are planned and not sent. Inside of a statement that writes it stands apart: what it
  /// collects is no part of that.
  public func beginPlan() { open.append(WriteCollection(isPlan: true)) }

  /// Computes what the pipeline would write. The number tells the plan from others, and its value carries it as origin.
  public func commitPlan() throws -> (plan: Plan, number: Int)? {
    guard let current = open.popLast() else { return nil }
    let changes = try ChangeSetBuilder(engine: self).build(current)
    let plan = forecastPlan(changes)
    let number = machine.registerSource("plan:\(plans.count + 1)")
    plans[number] = HeldPlan(plan: plan)
    return (plan, number)
  }

  private func forecastPlan(_ changes: ChangeSet) -> Plan {
    var plan = Plan(changes, portal: portal, schema: schema)
    plan.forecast = client.forecast(plan.requests)
    return plan
  }

  /// The plan that a value of the language stands for; nil for any other value.
  public func plan(_ value: Value) -> Plan? { planNumber(value).flatMap { plans[$0]?.plan } }

  /// A copy of a plan, altered or not, is none: it may say something else than what would be done.
  private func planNumber(_ value: Value) -> Int? { machine.isAsRead(value) ? machine.portalSource(of: value) : nil }

  /// Carries out exactly what a plan says, once: what has moved since is skipped, as in any other statement.
  public func apply(_ value: Value) throws -> Value {
    guard let number = planNumber(value), let held = plans[number] else { throw EngineError.notAPlan }
    guard open.isEmpty else { throw EngineError.appliedInside }
    if held.isApplied { throw EngineError.planApplied }
    plans[number]?.isApplied = true
    statements += 1
    do {
      let report = try carryOut(held.plan, statement: statements, before: client.statistics, isHeld: true)
      return report.value(on: machine)
    } catch {
      // Somebody who said no at a prompt may say yes later: nothing of it was sent.
      if case EngineError.notApproved = error { plans[number]?.isApplied = false }
      throw error
    }
  }

  /// - Parameter isHeld: somebody had the plan in hand before it is carried out.
  private func carryOut(
    _ plan: Plan, statement: Int, before: RequestStatistics, isHeld: Bool = false
  ) throws -> Report {
    var isHeld = isHeld
    let changes = plan.changes
    observer.planned(plan)
    var report = Report(changes)
    report.journal = run.id
    if changes.records.isEmpty {
      observer.finished(report, plan: plan)
      totals.add(report)
      return report
    }
    switch try gate.decide(plan) {
    case .apply: break
    case .agreed: isHeld = true
    case .planOnly:
      overlay.plan(changes)
      report.isPlanOnly = true
      report.doNotSend(changes.records)
      totals.add(report)
      return report
    case .refuse(let reason): throw EngineError.notApproved(reason, changes: changes.records.count)
    }
    try beginRun()
    let ending = Sender(engine: self, changes: changes, statement: statement, isHeld: isHeld).send(into: &report)
    report.requests = RequestSummary(since: before, until: client.statistics)
    let closing = close(statement, report)
    lastReport = report
    totals.add(report)
    observer.finished(report, plan: plan)
    try conclude(ending, closing, report)
    return report
  }

  /// A statement whose last line cannot be written still has all its outcomes in the journal, but the next one could
  /// not begin.
  private func close(_ statement: Int, _ report: Report) -> EngineError? {
    do { try journal.finish(statement: statement, run: run.id, counts: report.counts) } catch {
      return EngineError(journal: error)
    }
    return nil
  }

  private func conclude(_ ending: Sender.Ending, _ closing: EngineError?, _ report: Report) throws {
    guard report.counts.isBalanced else { throw EngineError.unaccounted(report.counts) }
    switch ending {
    case .interrupted: throw EngineError.interrupted(report.counts)
    case .stopped(let error):
      observer.notice(EngineError.stoppedNotice(report.counts))
      guard error is HubSpotError, !report.unknown.isEmpty else { throw error }
      // Records of which nothing is known matter more to whoever runs this again than why it stopped.
      observer.notice("the reason: \(error)")
      throw EngineError.writeFailed(report)
    // Two batches without any reply end a statement even if it goes on after errors.
    case .failed: throw EngineError.writeFailed(report)
    case .allSent: break
    }
    if let closing { throw closing }
  }

  private func beginRun() throws {
    guard !hasBegun else { return }
    do { try journal.begin(run: run, portal: portal, at: clock.now) } catch { throw EngineError(journal: error) }
    hasBegun = true
  }

  /// Notes how the run ended, if it wrote anything.
  public func finish(_ outcome: String) {
    guard hasBegun else { return }
    // The run is over either way; a journal that cannot take this last line still holds every outcome.
    try? journal.end(run: run.id, outcome: outcome, at: clock.now)
  }

  /// What associates a new record of one type with a record of another.
  func associationKinds(from object: String, to target: String) throws -> [AssociationKind] {
    if object == ObjectNames.lineItems, let known = Engine.lineItemAssociations[target] {
      return [.hubSpotDefined(known)]
    }
    let key = object + ">" + target
    if let known = associationKinds[key] { return known }
    let client = self.client
    let from = try objectType(object)
    let to = try objectType(target)
    let labels = try waiter.wait { () throws(HubSpotError) in try await client.associationLabels(from: from, to: to) }
    guard let plain = labels.first(where: { $0.label == nil }) ?? labels.first else {
      throw EngineError.noAssociation(from: object, to: target)
    }
    let kinds = [AssociationKind(category: plain.category, typeID: plain.typeID)]
    associationKinds[key] = kinds
    return kinds
  }

  /// HubSpot's own association types from a line item; the direction matters.
  private static let lineItemAssociations = [
    "deals": 20, "quotes": 68, "invoices": 410, "orders": 514, "subscriptions": 302, "carts": 591,
  ]
}

/// A plan that a program holds.
private struct HeldPlan {
  var plan: Plan
  var isApplied = false
}

/// Which run this is; frozen when it begins.
public struct RunIdentity: Sendable {
  /// Short, unique, fit for file names and trace ids.
  public var id: String
  /// Script as the user named it, or `-e`, or `<repl>`.
  public var script: String
  /// SHA-256 of the source text, or empty at a prompt.
  public var sourceHash: String
  public var arguments: [String]

  public init(id: String, script: String, sourceHash: String, arguments: [String]) {
    self.id = id
    self.script = script
    self.sourceHash = sourceHash
    self.arguments = arguments
  }
}

/// Milliseconds since 1970 UTC.
public protocol EngineClock {
  var now: Int { get }
}

extension PropertySchema {
  init(_ definition: PropertyDefinition) {
    self.init(
      name: definition.name, label: definition.label, type: PropertyType(rawValue: definition.type) ?? .other,
      options: definition.options.map { PropertyOption(value: $0.value, label: $0.label) },
      isReadOnly: definition.readOnlyValue, isCalculated: definition.calculated,
      hasUniqueValue: definition.hasUniqueValue,
      isMoney: definition.showCurrencySymbol, isMultiple: definition.fieldType == "checkbox")
  }
}
