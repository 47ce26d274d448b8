import Glibc
import HubSpot
import LisCompiler
import LisCore
import LisEngine
import LisFormats
import LisSchema
import LisSyntax

/// One session: one machine, one compiler, one connection to a portal. The file runner and the REPL are two front ends of
/// it. A session belongs to one thread; only `interrupter` may be used from others.
public final class Session {
  public struct Options {
    /// How rows are printed; nil chooses a table for a terminal and NDJSON for everything else.
    public var format: RowFormat?
    public var rules = ApprovalRules()
    public var files: FileAccess
    /// The zone for dates; nil takes UTC and says so when it matters.
    public var zone: TimeZoneRules?
    public var diagnosticsAsJSON = false
    /// Whether warnings of the check are shown before a program runs.
    public var showsWarnings = true
    /// Where schemas are kept between runs; nil for nowhere.
    public var schemas: SchemaCache?
    public var limits = MachineLimits()
    /// Schemas that stand in for the portal's where a script is only checked or tested.
    public var knownSchema: PortalSchema?
    /// Rows that a `find` without `all` may read; nil for any number.
    public var readLimit: Int? = Engine.standardReadLimit
    /// Tells of every `find` what it would ask, and does nothing else: no row is read, printed, saved or written.
    public var explainsOnly = false
    /// For tests: false sends nothing of a condition.
    var pushesDown = true
    /// What `use name` finds.
    public var library = ModuleLibrary.none
    /// Who waits for the requests: a person at a prompt, or nobody.
    public var priority = RequestPriority.bulk
    /// The portal of `lis test`; with one, the program is a test and its writes need nobody's approval.
    public var testPortal: (any TestPortal)?

    public init(files: FileAccess) { self.files = files }
  }

  public let machine: Machine
  let compiler: Compiler
  let console: any Console
  let options: Options
  var files: FileAccess { options.files }
  private let connect: Connect
  /// Asks a person; nil where there is nobody.
  let ask: ((String) -> Answer)?
  let startedAt: Instant
  private(set) var engine: Engine?
  private var gate: ApprovalGate?
  /// Tells the scopes of the token, once there is a connection.
  private var scopes: ScopePreflight.Scopes?
  /// The program that runs has one statement that writes, and no more than one plan.
  private var writesOnce = false
  var testPortal: (any TestPortal)? { options.testPortal }
  private var hasNotedZone = false
  private var timeLimit: TimeLimit?
  let describer: FaultDescriber
  /// Values of the script's parameters, by position.
  var parameterValues: [Machine.Keeper?] = []
  var rows: RowWriter?
  /// Numbers of the calls of `find` that an explaining run has come to.
  var explainedFinds: Set<Int> = []
  /// Files that `save` is writing, innermost last: a row may come from a function that saves something itself.
  var saved: [SavedFile] = []
  private var identity: RunIdentity
  let narrator: Narrator
  public let builtins: [Builtin]

  /// Makes the connection to the portal when something first needs it.
  public typealias Connect = () throws -> PortalConnection

  public init(
    console: any Console, options: Options, identity: RunIdentity, clock: any EngineClock = SystemClock(),
    ask: ((String) -> Answer)? = nil, connect: @escaping Connect
  ) {
    self.console = console
    self.options = options
    self.connect = connect
    self.ask = ask
    self.identity = identity
    machine = Machine(limits: options.limits)
    if let zone = options.zone { machine.zone = zone }
    startedAt = Instant(milliseconds: clock.now) ?? .epoch
    narrator = Narrator(console: console, isSilent: options.explainsOnly)
    let holder = SessionHolder()
    let table = Session.table(machine, holder)
    builtins = table.builtins
    compiler = Compiler(machine: machine, builtins: table.builtins, intrinsics: table.intrinsics)
    compiler.explainsOnly = options.explainsOnly
    describer = FaultDescriber(compiler: compiler)
    holder.session = self
    // The machine belongs to the compiler and must not hold it.
    machine.describeFault = { [weak compiler] fault in
      guard let compiler else { return FaultWords(message: "\(fault.kind)", hint: nil, code: "") }
      return FaultDescriber(compiler: compiler).words(fault)
    }
    let finder = ModuleFinder(files: options.files, library: options.library)
    compiler.findModule = { finder.find($0) }
  }

  /// The natives of a machine: those with names, and those only the compiler knows.
  private static func table(_ machine: Machine, _ holder: SessionHolder) -> (
    builtins: [Builtin], intrinsics: IntrinsicNumbers
  ) {
    (BuiltinTable(machine: machine, session: holder).builtins, Intrinsics(machine: machine, session: holder).numbers)
  }

  /// Stops whatever the session is doing, from another thread.
  public var stop: StopFlag { machine.stop }

  public func interrupt() {
    if let engine { engine.interrupt() } else { machine.stop.stop() }
  }

  // MARK: Connection

  /// The engine, connected when it is first asked for.
  func connected() throws -> Engine {
    if let engine { return engine }
    let connection = try connect()
    scopes = connection.scopes
    let gate = ApprovalGate(rules: options.rules, console: console, ask: ask)
    gate.isOnlyPlan = writesOnce
    self.gate = gate
    // A test says what it expects; plans and progress of its own portal would only be in the way.
    let observer: any RunObserver = testPortal == nil ? narrator : SilentObserver()
    let parts = Engine.Parts(
      client: connection.client, portal: connection.name, journal: connection.journal, clock: connection.clock,
      gate: gate, observer: observer, priority: options.priority)
    let engine = Engine(machine: machine, parts: parts, run: identity)
    engine.readLimit = options.readLimit
    engine.pushesDown = options.pushesDown
    self.engine = engine
    timeLimit?.reach(engine.interrupter)
    if let confirm = connection.confirmAccount {
      gate.confirmAccount = { [unowned engine] in try engine.wait { try await confirm() } }
    }
    onConnect?(engine.interrupter)
    return engine
  }

  /// Forgets the engine with everything it knows of records; the next that needs one makes another.
  func startAfresh() { engine = nil }

  /// Told the figures of a run once it is over.
  public var onClose: ((RunFigures) -> Void)?

  /// Called when the engine exists, so that a signal's thread can reach it.
  public var onConnect: ((Interrupter) -> Void)?

  // MARK: Programs

  /// Runs a whole script.
  public func run(_ source: SourceText, arguments: [String: String] = [:]) -> RunOutcome {
    beginTimeLimit()
    defer { endTimeLimit() }
    let analysis = compiler.analyze(source, keepsNames: false)
    writesOnce = analysis.writesOnce
    let outcome = checkExpected(run(analysis, arguments))
    engine?.finish(outcome.name)
    return outcome
  }

  /// A run that makes fewer changes than it was said to make has not done what was wanted of it.
  private func checkExpected(_ outcome: RunOutcome) -> RunOutcome {
    let gate = self.gate ?? ApprovalGate(rules: options.rules, console: console, ask: nil)
    guard outcome == .done || outcome == .planHasChanges, let missing = gate.missing else { return outcome }
    let isPlan = options.rules.planOnly
    let made = missing.made == 0 ? "none" : "\(missing.made)"
    console.note(
      "lis: --expect-changes says \(missing.expected), and this run \(isPlan ? "would make" : "has made") \(made); "
        + (isPlan || missing.made == 0 ? "nothing was sent" : "they were sent"))
    return .notApproved
  }

  private func run(_ analysis: Compiler.Analysis, _ arguments: [String: String]) -> RunOutcome {
    if analysis.isStopped { return reportStoppedCompilation() }
    do {
      // What is known of the parameters without a schema is enough to refuse a wrong value before any request.
      if analysis.diagnostics.isEmpty { try setParameters(compiler.parameters(of: analysis), arguments) }
      switch prepare(analysis) {
      case .ended(let outcome): return outcome
      case .unit(let unit):
        try setParameters(unit.parameters, arguments)
        return execute(unit)
      }
    } catch {
      console.note("lis: \(error.message); nothing was sent")
      return .usage(error.message)
    }
  }

  /// The time of `MachineLimits.seconds` begins, if there is such a limit.
  func beginTimeLimit() {
    if let seconds = options.limits.seconds { timeLimit = TimeLimit(seconds: seconds, stop: machine.stop) }
  }

  func endTimeLimit() {
    timeLimit?.end()
    timeLimit = nil
  }

  func setParameters(_ parameters: [UnitParameter], _ arguments: [String: String]) throws(ParameterProblem) {
    parameterValues = try ParameterReader(machine: machine).values(parameters, arguments).map { value in
      value.map { machine.keep($0) }
    }
  }

  /// Checks a script without running it. A schema is used if one is cached; nothing is asked of the portal.
  public func check(_ source: SourceText) -> RunOutcome {
    let analysis = compiler.analyze(source, keepsNames: false)
    let cached = options.knownSchema ?? options.schemas?.schema(analysis.objects) ?? PortalSchema()
    let problems = compiler.check(analysis, schema: cached, schemaAge: age(cached))
    if analysis.isStopped { return reportStoppedCompilation() }
    let unknown = analysis.objects.filter { cached.objects[$0] == nil }.sorted()
    if !problems.hasErrors, !unknown.isEmpty {
      console.note(
        "note  the properties of \(unknown.joined(separator: ", ").escapedForDisplay) are not known here and were not "
          + "checked; `lis schema pull` reads them")
    }
    show(problems)
    return problems.hasErrors ? .checkFailed : .done
  }

  /// Runs one entry of a prompt. Names stay known, and an error leaves everything before it as it was.
  @discardableResult
  public func evaluate(_ text: String, name: String) -> RunOutcome {
    machine.stop.reset()
    let analysis = compiler.analyze(SourceText(name: name, text: text), keepsNames: true)
    switch prepare(analysis) {
    case .ended(let outcome): return outcome
    case .unit(let unit):
      engine?.forgetOwnChanges()
      let before = engine?.totals.counts ?? ReportCounts()
      let requests = engine.map { RequestSummary($0.client.statistics) } ?? RequestSummary()
      let outcome = execute(unit)
      if let engine, engine.totals.counts.planned > before.planned {
        let counts = engine.totals.counts.since(before)
        let sent = RequestSummary(engine.client.statistics).since(requests)
        console.note(PlanText.summary(counts, sent, isDone: outcome == .done))
      }
      return outcome
    }
  }

  /// Ends a session at a prompt.
  public func close() {
    engine?.finish(RunOutcome.done.name)
    onClose?(RunFigures(.done, totals: engine?.totals, requests: engine?.client.statistics))
  }

  /// Reads the properties of object types from the portal and keeps them for later checks.
  public func pullSchemas(_ objects: [String]) -> RunOutcome {
    do {
      for object in objects.map({ ObjectNames.plural($0) }) {
        let schema = try connected().loadSchema(object)
        options.schemas?.store(schema)
        console.note("\(object.escapedForDisplay): \(schema.properties.count) properties")
      }
      return .done
    } catch {
      return report(Fault(.host(error)))
    }
  }

  /// What is known of object types by now.
  public func schemas(_ objects: [String]) -> [ObjectSchema] {
    objects.map { ObjectNames.plural($0) }.sorted().compactMap { engine?.schema.objects[$0] }
  }

  /// Whether more text could complete an entry.
  public func needsMoreInput(_ text: String) -> Bool {
    parse(SourceText(name: "<repl>", text: text)).needsMoreInput
  }

  /// The parameters a script declares.
  public func parameters(of source: SourceText) -> [UnitParameter] { compiler.parameters(of: source) }

  // MARK: Preparing

  /// What does not need the schema is checked first; then against a fresh cached schema, which costs no request; and
  /// only then is the portal asked for its properties.
  private func prepare(_ analysis: Compiler.Analysis) -> Prepared {
    if analysis.isStopped { return .ended(reportStoppedCompilation()) }
    guard analysis.diagnostics.isEmpty else {
      show(analysis.diagnostics)
      return .ended(.checkFailed)
    }
    do {
      // Without a schema at hand, what is wrong whatever the properties are is found all the same.
      let now = startedAt.milliseconds
      let wanted = analysis.reachedObjects
      let cached =
        options.schemas?.fresh(analysis.objects, now: now) ?? options.schemas?.fresh(wanted, now: now)
        ?? PortalSchema()
      let problems = compiler.check(analysis, schema: cached, schemaAge: age(cached))
      if analysis.isStopped { return .ended(reportStoppedCompilation()) }
      if problems.hasErrors {
        show(options.showsWarnings ? problems : problems.filter { $0.severity == .error })
        return .ended(.checkFailed)
      }
      // What is never reached asks for nothing, so that a program without a portal needs no token.
      if !wanted.isEmpty {
        let lacking = try lackingScopes(analysis)
        if !lacking.isEmpty {
          show(lacking)
          return .ended(.noAccess)
        }
      }
      var schema = PortalSchema()
      for object in wanted.sorted() {
        let engine = try connected()
        let isKnown = engine.schema.objects[object] != nil
        let loaded = try engine.loadSchema(object)
        schema.objects[object] = loaded
        if !isKnown { options.schemas?.store(loaded) }
      }
      switch compiler.compile(analysis, schema: engine?.schema ?? schema) {
      case .unit(let unit):
        if options.showsWarnings { show(unit.warnings) }
        return .unit(unit)
      case .refused where analysis.isStopped: return .ended(reportStoppedCompilation())
      case .refused(let diagnostics):
        show(diagnostics)
        return .ended(.checkFailed)
      }
    } catch {
      return .ended(report(Fault(.host(error))))
    }
  }

  /// A program that can be executed, or the end of a run that cannot be.
  private enum Prepared {
    case unit(CompiledUnit)
    case ended(RunOutcome)
  }

  /// What the token may not do and the program does.
  private func lackingScopes(_ analysis: Compiler.Analysis) throws -> [Diagnostic] {
    let engine = try connected()
    guard let scopes else { return [] }
    let preflight = ScopePreflight(analysis: analysis, rules: options.rules, isExplaining: options.explainsOnly)
    return try preflight.missing { fresh in try engine.wait { await scopes(fresh) } }
  }

  private func age(_ schema: PortalSchema) -> String? {
    guard let oldest = schema.objects.values.map(\.readAt).min() else { return nil }
    let minutes = max(0, (startedAt.milliseconds - oldest) / 60_000)
    if minutes < 1 { return "less than a minute ago" }
    if minutes < 120 { return "\(minutes) minute\(minutes == 1 ? "" : "s") ago" }
    return "\(minutes / 60) hours ago"
  }

  // MARK: Running

  private func execute(_ unit: CompiledUnit) -> RunOutcome {
    rows = nil
    // A progress line must not stay in front of what comes next.
    defer { console.status(nil) }
    do throws(Fault) {
      _ = try machine.run(unit.main)
      if options.explainsOnly { explainTheRest() }
      return outcome()
    } catch {
      rows = nil
      saved = []
      engine?.resetWrites(to: 0)
      return report(error)
    }
  }

  private func outcome() -> RunOutcome {
    if let reason = console.outProblem {
      console.note("lis: results could not be written to standard output: \(reason)")
      return .fault
    }
    guard let engine else { return .done }
    let counts = engine.totals.counts
    if options.rules.planOnly { return engine.totals.wouldChange > 0 ? .planHasChanges : .done }
    if counts.unknown > 0 { return .someUnknown }
    if counts.failed > 0 { return .someFailed }
    if counts.skipped > 0 { return .someSkipped }
    return .done
  }

  /// Says what went wrong and which exit code it is.
  private func report(_ fault: Fault) -> RunOutcome {
    let fault = timed(fault)
    show([describer.diagnostic(fault)])
    return RunOutcome(fault)
  }

  private func reportStoppedCompilation() -> RunOutcome {
    let (diagnostic, outcome) = stoppedCompilation()
    show([diagnostic])
    return outcome
  }

  /// What is said of a program that was not yet compiled when it was told to stop.
  func stoppedCompilation() -> (Diagnostic, RunOutcome) {
    let fault = timed(Fault(.interrupted))
    var diagnostic = describer.diagnostic(fault)
    diagnostic.hints = ["the program was still being compiled: nothing of it has run, and nothing was sent"]
    return (diagnostic, RunOutcome(fault))
  }

  /// Whatever was interrupted because the time was over says so.
  private func timed(_ fault: Fault) -> Fault {
    var fault = fault
    if machine.stop.reason == .timeLimit, RunOutcome(fault) == .interrupted {
      fault.kind = .outOfTime(seconds: options.limits.seconds ?? 0)
    }
    return fault
  }

  /// As many problems as people read at once; tools that ask for JSON get all.
  private static let shownProblems = 50

  func show(_ diagnostics: [Diagnostic]) {
    guard !diagnostics.isEmpty else { return }
    console.status(nil)
    if options.diagnosticsAsJSON {
      for diagnostic in diagnostics { console.diagnostic(json: renderJSON(diagnostic)) }
    } else {
      let text = render(Array(diagnostics.prefix(Session.shownProblems)), color: console.usesColor)
      console.note(text.hasSuffix("\n") ? String(text.dropLast()) : text)
      let more = diagnostics.count - Session.shownProblems
      if more > 0 { console.note("and \(more) more problem\(more == 1 ? "" : "s") of this program") }
    }
  }

  /// The closing line of a run that wrote or wanted to.
  public func closeRun(_ outcome: RunOutcome) {
    defer { onClose?(RunFigures(outcome, totals: engine?.totals, requests: engine?.client.statistics)) }
    guard let engine, engine.totals.statements > 0, !options.rules.planOnly, !options.explainsOnly else { return }
    let requests = RequestSummary(engine.client.statistics)
    console.note(PlanText.summary(engine.totals.counts, requests, isDone: outcome == .done))
  }

  // MARK: Output

  func printLine(_ text: String) {
    if options.explainsOnly { return }
    // Text that came from a server may hold sequences that a terminal would obey.
    let shown = console.outIsTerminal ? text.escapedLines : text
    console.out(shown + "\n")
  }

  var rowFormat: RowFormat { options.format ?? (console.outIsTerminal ? .table : .ndjson) }

  func noteZone() {
    guard options.zone == nil, !hasNotedZone else { return }
    hasNotedZone = true
    console.note("note  today() is taken in UTC; --tz ZONE sets another zone")
  }
}

/// Lets natives reach the session, which is made after them and which owns the machine that holds them.
final class SessionHolder {
  weak var session: Session?
}

/// What a session needs of a portal.
public struct PortalConnection {
  public var name: String
  public var client: HubSpotClient
  public var journal: any JournalStore
  public var clock: any EngineClock
  /// Throws when the account is not the one that is meant. Asked once, before the first write.
  public var confirmAccount: (@Sendable () async throws -> Void)?
  /// The scopes of the token; nil when nobody says. True as its argument asks the server whatever is remembered.
  public var scopes: (@Sendable (Bool) async -> [String]?)?

  public init(name: String, client: HubSpotClient, journal: any JournalStore, clock: any EngineClock = SystemClock()) {
    self.name = name
    self.client = client
    self.journal = journal
    self.clock = clock
  }
}

/// The system's wall clock.
public struct SystemClock: EngineClock, Sendable {
  public init() {}

  public var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}

extension String {
  /// Escaped for a terminal, with its line ends left as they are.
  var escapedLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).escapedForDisplay }
      .joined(separator: "\n")
  }
}

extension SessionHolder {
  func files() throws -> FileAccess {
    guard let session else { throw SessionProblem.closed }
    return session.files
  }
}
