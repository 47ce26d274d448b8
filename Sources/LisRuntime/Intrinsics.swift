import LisCompiler
import LisCore
import LisEngine
import LisFormats

/// The natives that only the compiler can name.
struct Intrinsics {
  private let machine: Machine
  private let holder: SessionHolder
  private(set) var numbers = IntrinsicNumbers()

  init(machine: Machine, session: SessionHolder) {
    self.machine = machine
    holder = session
    addReading()
    addGrouping()
    addShowing()
    addSaving()
    addWriting()
    addCourse()
    addTesting()
  }

  fileprivate mutating func add(_ intrinsic: Intrinsic, _ body: @escaping (Session, Arguments) throws -> Value) {
    let holder = self.holder
    numbers[intrinsic] = machine.addNative("intrinsic \(intrinsic.rawValue)") { _, arguments in
      guard let session = holder.session else { throw SessionProblem.closed }
      return try body(session, arguments)
    }
  }

  // MARK: Reading

  private mutating func addReading() {
    add(.find) { session, arguments in
      let description = session.compiler.descriptions.finds[arguments[0].int ?? 0]
      let operands = (1..<max(arguments.count, 1)).map { arguments[$0] }
      if session.options.explainsOnly {
        let place = "\(description.place.file):\(description.place.line)"
        session.explainedFinds.insert(arguments[0].int ?? 0)
        session.console.out("\(place)\n\(try session.explanation(description, operands))\n\n")
        return session.machine.makeList([])
      }
      return try session.connected().find(
        description, operands: operands, extraFields: session.mentionedFields(description.object))
    }
    add(.explain) { session, arguments in
      let description = session.compiler.descriptions.finds[arguments[0].int ?? 0]
      let operands = (1..<max(arguments.count, 1)).map { arguments[$0] }
      return session.machine.makeText(try session.explanation(description, operands))
    }
    add(.isFunction) { _, arguments in Value(arguments[0].type == .function) }
    add(.typed) { _, arguments in
      guard let wanted = arguments[1].string, !Intrinsics.fits(arguments[0].type, wanted) else { return .null }
      throw badArgument(arguments[2].string ?? "", arguments[3].string ?? "", "a \(wanted)", arguments[0])
    }
    add(.wholeCount) { _, arguments in
      let stage = arguments[1].bool == true ? "take" : "skip"
      guard let count = arguments[0].int else {
        throw badArgument(stage, "count", "a whole number", arguments[0])
      }
      if count < 0 {
        throw FaultKind.raised(message: "`\(stage)` needs a whole number from 0 on, and this is \(count)")
      }
      return arguments[0]
    }
    add(.sort) { session, arguments in
      try session.machine.sorted(
        arguments[0], keys: arguments[1], descending: (arguments[2].items ?? []).map { $0.bool == true })
    }
  }

  /// As the check before the run has it: null fits everywhere, and whatever can be read row by row is a list.
  private static func fits(_ found: ValueType, _ wanted: String) -> Bool {
    switch (wanted, found) {
    case (_, .null), ("stream", _), ("list", .stream), ("list", .range): true
    // Plans, reports and caught errors are records with certain fields.
    case ("plan", .record), ("report", .record), ("error", .record): true
    default: found.rawValue == wanted
    }
  }

  // MARK: Grouping

  private mutating func addGrouping() {
    add(.groupKeys) { session, _ in session.machine.makeOpaque(GroupKeys()) }
    add(.groupOf) { session, arguments in
      let machine = session.machine
      guard let keys = machine.object(arguments[0]) as? GroupKeys, let width = arguments[4].int else { return .null }
      let (number, isNew) = keys.number(of: arguments[1], in: machine)
      let place = machine.makeNumber(number * width)
      if isNew {
        machine.push(place, to: arguments[3])
        machine.push(arguments[1], to: arguments[2])
        let holdsRows = arguments[5].bool == true
        for slot in 1..<max(width, 1) {
          machine.push(holdsRows && slot == width - 1 ? machine.makeList([]) : machine.absent, to: arguments[2])
        }
      }
      return place
    }
    add(.groupState) { session, arguments in
      session.machine.replaceItem(
        arguments[1].int ?? -1, of: arguments[0],
        by: arguments.has(2) ? arguments[2] : session.machine.absent)
      return .null
    }
  }

  // MARK: Showing

  private mutating func addShowing() {
    add(.show) { session, arguments in
      let value = arguments[0]
      switch value.type {
      case .null: return Value(true)
      case .stream: return Value(false)
      case .list:
        let items = value.items ?? []
        guard items.contains(where: { $0.type == .record }) else { break }
        for item in items { try session.showRow(item) }
        session.endRows()
        return Value(true)
      case .record where session.engine?.plan(value) != nil && ![.json, .ndjson].contains(session.rowFormat): break
      case .record:
        try session.showRow(value)
        session.endRows()
        return Value(true)
      default: break
      }
      try session.showValue(value)
      return Value(true)
    }
    add(.showRow) { session, arguments in
      try session.showRow(arguments[0])
      return .null
    }
    add(.showEnd) { session, _ in
      session.endRows()
      return .null
    }
  }

  // MARK: Saving

  private mutating func addSaving() {
    add(.saveBegin) { session, arguments in
      guard let name = arguments[0].string else { throw badArgument("save", "path", "a text", arguments[0]) }
      if session.options.explainsOnly { return .null }
      guard let format = RowFormat(fileName: name) else { throw FileAccess.Problem.unknownFormat(path: name) }
      let columns = (1..<arguments.count).compactMap { arguments[$0].string }
      session.saved.append(
        try SavedFile(
          path: session.files.writing(name), name: name, format: format, columns: columns, machine: session.machine))
      return .null
    }
    add(.saveRow) { session, arguments in
      try session.saved.last?.append(arguments[0])
      return .null
    }
    add(.saveEnd) { session, _ in
      _ = try session.saved.popLast()?.finish()
      return .null
    }
  }

  // MARK: Writing

  private mutating func addWriting() {
    add(.writeBegin) { session, _ in
      try session.connected().beginWrites()
      return .null
    }
    add(.writeLimit) { session, arguments in
      try session.connected().limitWrites(arguments[0].int ?? 0, to: arguments[1])
      return .null
    }
    add(.writeAdd) { session, arguments in
      if session.options.explainsOnly { return .null }
      let number = arguments[0].int ?? 0
      try session.connected().addWrite(
        session.compiler.descriptions.writes[number], number: number, row: arguments[1], record: arguments[2],
        target: arguments[3])
      return .null
    }
    add(.writeCommit) { session, _ in try session.connected().commitWrites() }
    add(.planBegin) { session, _ in
      try session.connected().beginPlan()
      return .null
    }
    add(.planCommit) { session, _ in
      let engine = try session.connected()
      guard let (plan, number) = try engine.commitPlan() else { return .null }
      return engine.value(of: plan, number: number, summary: PlanText.summary(plan))
    }
    add(.writeDepth) { session, _ in
      let machine = session.machine
      return machine.makeList([
        machine.makeNumber(session.engine?.writeDepth ?? 0), machine.makeNumber(session.saved.count),
      ])
    }
    add(.writeReset) { session, arguments in
      session.engine?.resetWrites(to: arguments[0].item(0)?.int ?? 0)
      session.saved.removeLast(max(0, session.saved.count - (arguments[0].item(1)?.int ?? 0)))
      return .null
    }
  }

  // MARK: Course

  private mutating func addCourse() {
    add(.parameter) { session, arguments in
      let index = arguments[0].int ?? 0
      guard index < session.parameterValues.count, let kept = session.parameterValues[index] else {
        return session.machine.absent
      }
      return kept.value
    }
    add(.step) { session, arguments in
      session.console.note("step  \(session.machine.text(of: arguments[0]).escapedForDisplay)")
      return .null
    }
  }
}

extension Intrinsics {
  // MARK: Testing

  private mutating func addTesting() {
    add(.given) { session, arguments in
      guard let portal = session.testPortal else { throw TestProblem.outsideTest("given") }
      let records = try GivenRecords(machine: session.machine).records(arguments[0].items ?? [])
      do { try portal.fill(records) } catch let refusal as TestPortalRefusal {
        throw TestProblem.refused(refusal.reason)
      }
      return .null
    }
    add(.expect) { session, arguments in
      let verdict = arguments[0]
      if verdict.bool == true { return .null }
      let machine = session.machine
      let isOpen = verdict.bool == false || verdict.type == .null
      var expectation = Expectation(verdict: isOpen ? machine.text(of: verdict) : verdict.type.article)
      if arguments[3].int == 2 {
        expectation.sides = (
          machine.written(arguments[1]).truncated(toWidth: Expectation.shownWidth),
          machine.written(arguments[2]).truncated(toWidth: Expectation.shownWidth)
        )
      }
      throw TestProblem.failed(expectation)
    }
  }
}

extension Session {
  /// Nothing of a row is shown when the run ends while it is written.
  func showRow(_ row: Value) throws(FaultKind) {
    if options.explainsOnly { return }
    if rows == nil {
      rows = RowWriter(rowFormat, machine: machine, width: console.outIsTerminal ? console.width : nil)
    }
    var bytes: [UInt8] = []
    rows?.append(row, to: &bytes)
    try machine.work(16)
    if !bytes.isEmpty { console.out(bytes) }
  }

  func endRows() {
    if options.explainsOnly { return }
    if rows == nil, rowFormat == .json { rows = RowWriter(.json, machine: machine) }
    var bytes: [UInt8] = []
    rows?.finish(to: &bytes)
    rows = nil
    if !bytes.isEmpty { console.out(bytes) }
  }

  /// A value that is no row: as text for a person, as JSON where rows are JSON.
  func showValue(_ value: Value) throws(FaultKind) {
    if options.explainsOnly { return }
    if let plan = engine?.plan(value) { return printLine(PlanText.summary(plan)) }
    switch rowFormat {
    case .ndjson, .json:
      var bytes: [UInt8] = []
      ValueJSON(machine: machine).append(value, to: &bytes)
      try machine.work(0)
      console.out(bytes + [UInt8(ascii: "\n")])
    case .table, .csv, .tsv, .md:
      let text = machine.written(value)
      try machine.work(0)
      printLine(text)
    }
  }
}
