import LisCore
import LisSchema
import LisSyntax

/// Stages that act: writes, `each`, `save`, and calls.
extension Lowering {
  /// - Returns: whether the result is the report of a write.
  func eager(_ flow: Flow, _ stages: ArraySlice<Stage>, _ stage: Stage, into target: Int) -> Bool {
    mark(stage.span)
    switch stage.kind {
    case .update(let update):
      write(WrittenRecord(.update, stage, update.record, update.guards), flow, stages, stage, into: target)
      return true
    case .archive(let guards):
      write(WrittenRecord(.archive, stage, nil, guards), flow, stages, stage, into: target)
      return true
    case .create(let create):
      write(WrittenRecord(create, stage.head), flow, stages, stage, into: target)
      return true
    case .associate(let parent, let guards):
      write(WrittenRecord(.associate, stage, nil, target: parent, guards), flow, stages, stage, into: target)
      return true
    case .upsert(let upsert):
      write(WrittenRecord(upsert, stage.head), flow, stages, stage, into: target)
      return true
    case .each(_, let block):
      each(flow, stages, stage, block, into: target)
      return true
    case .save(let path):
      save(flow, stages, path, stage.span, into: target)
      return true
    case .call(_, let arguments):
      call(flow, stages, stage, arguments ?? [], into: target)
      return false
    default:
      code.emit(.loadNull, target)
      return false
    }
  }

  private func each(_ flow: Flow, _ stages: ArraySlice<Stage>, _ stage: Stage, _ block: Block, into target: Int) {
    let writes = resolution.writing.contains(stage.id)
    if writes { beginWrites() }
    loop(flow, stages, isShown: false) { row, leave, next in
      let top = self.state.top
      if let variable = self.resolution.rows[stage.id] { self.bindRow(variable, row) }
      if let variable = self.resolution.declared[stage.id]?.first {
        let register = self.state.take()
        self.code.emit(.move, register, row)
        self.declare(variable, holding: register)
      }
      self.state.loops.append((leave, next))
      self.lower(block, result: nil)
      self.state.loops.removeLast()
      self.state.top = top
    }
    if writes { commitWrites(into: target) } else { code.emit(.loadNull, target) }
  }

  private func save(
    _ flow: Flow, _ stages: ArraySlice<Stage>, _ path: Expression, _ span: Span, into target: Int
  ) {
    let window = state.take()
    expression(path, into: window)
    let columns = selectedColumns(stages)
    for column in columns { code.loadText(column, into: state.take()) }
    mark(span)
    code.callNative(native(.saveBegin), window: window, count: 1 + columns.count, into: window)
    // What a person sees of a row where nothing else is said, the file has too.
    loop(flow, stages, isShown: showsWholeRows(stages)) { row, _, _ in
      let argument = self.state.top
      self.code.emit(.move, argument, row)
      self.mark(span)
      self.code.callNative(self.native(.saveRow), window: argument, count: 1, into: argument)
    }
    mark(span)
    code.callNative(native(.saveEnd), window: window, count: 0, into: target)
  }

  /// The columns that a `select` names, where only what keeps rows comes behind it.
  private func selectedColumns(_ stages: ArraySlice<Stage>) -> [String] {
    guard let last = stages.last(where: { !keepsRows($0) }), case .select(let columns) = last.kind else { return [] }
    return ColumnName.all(columns, in: source)
  }

  private func call(
    _ flow: Flow, _ stages: ArraySlice<Stage>, _ stage: Stage, _ arguments: [Argument], into target: Int
  ) {
    guard let binding = resolution.bindings[stage.id.index] else { return code.emit(.loadNull, target) }
    let rows = RowsArgument(
      value: { self.lowerRows(flow, stages, .value($0), stage.span) },
      list: { self.lowerRows(flow, stages, .list($0), stage.span) },
      each: { self.lowerRows(flow, stages, .each($0), stage.span) })
    call(binding, stage.id, stage.span, arguments, rows: rows, into: target)
  }

  // MARK: Writes

  func beginWrites() {
    code.callNative(native(.writeBegin), window: state.top, count: 0, into: state.top)
    state.openWrites += 1
  }

  func commitWrites(into target: Int) {
    state.openWrites -= 1
    code.callNative(native(.writeCommit), window: state.top, count: 0, into: target)
  }

  /// The pipeline runs as far as its writes are known; what it would send becomes a value.
  func planned(_ pipeline: Pipeline, _ span: Span, into target: Int) {
    mark(span)
    code.callNative(native(.planBegin), window: state.top, count: 0, into: state.top)
    state.openWrites += 1
    var inner = pipeline
    inner.plan = nil
    run(inner)
    state.openWrites -= 1
    mark(span)
    code.callNative(native(.planCommit), window: state.top, count: 0, into: target)
  }

  /// `return` inside of loops that write: what they have collected is carried out as if they had come to their ends.
  func commitOpenWrites() {
    for _ in 0..<state.openWrites {
      code.callNative(native(.writeCommit), window: state.top, count: 0, into: state.top)
    }
  }

  private func describe(_ written: WrittenRecord, object: String?) -> Int {
    var fields: [String] = []
    for case .keyed(let key, _) in written.record?.entries ?? [] { fields.append(key.text) }
    var continues = false
    for case .onErrorContinue in written.guards { continues = true }
    descriptions.writes.append(
      WriteDescription(
        verb: written.verb, object: object, fields: fields,
        target: written.target.map { ObjectNames.plural($0.object.text) }, key: written.key?.text,
        continuesOnError: continues, place: place(written.span)))
    return descriptions.writes.count - 1
  }

  private func write(
    _ written: WrittenRecord, _ flow: Flow, _ stages: ArraySlice<Stage>, _ stage: Stage, into result: Int
  ) {
    let description = describe(written, object: writtenObject(written, flow))
    beginWrites()
    limit(description, written.guards)
    loop(flow, stages, isShown: false) { row, _, _ in
      if let variable = self.resolution.rows[stage.id] { self.bindRow(variable, row) }
      self.add(description, row: row, record: written.record, target: written.target, stage.span)
    }
    mark(stage.span)
    commitWrites(into: result)
  }

  /// Rows made from those of a `find` by `select` or `map` no longer know their type, but the statement does: without it
  /// the id of a deal would be taken for that of a line item.
  private func writtenObject(_ written: WrittenRecord, _ flow: Flow) -> String? {
    if written.makesRecords { return ObjectNames.plural(written.object?.text ?? ObjectNames.lineItems) }
    guard case .find(let find) = flow else { return nil }
    return ObjectNames.plural(find.object?.text ?? ObjectNames.lineItems)
  }

  /// `create { … }` or `upsert … { … }` without rows in front.
  func single(_ written: WrittenRecord, into result: Int) {
    let description = describe(written, object: ObjectNames.plural(written.object?.text ?? ObjectNames.lineItems))
    mark(written.span)
    beginWrites()
    limit(description, written.guards)
    add(description, row: nil, record: written.record, target: written.target, written.span)
    mark(written.span)
    commitWrites(into: result)
  }

  private func limit(_ description: Int, _ guards: [Guard]) {
    for case .atMost(let limit, let span) in guards {
      let window = state.top
      code.loadNumber(Decimal(description), into: state.take())
      expression(limit, into: state.take())
      mark(span)
      code.callNative(native(.writeLimit), window: window, count: 2, into: window)
      state.top = window
    }
  }

  private func add(_ description: Int, row: Int?, record: RecordLiteral?, target: Target?, _ span: Span) {
    let top = state.top
    let window = state.take(4)
    code.loadNumber(Decimal(description), into: window)
    if let row { code.emit(.move, window + 1, row) } else { code.emit(.loadNull, window + 1) }
    if let record { self.record(record, into: window + 2) } else { code.emit(.loadNull, window + 2) }
    if let target { expression(target.id, into: window + 3) } else { code.emit(.loadNull, window + 3) }
    mark(span)
    code.callNative(native(.writeAdd), window: window, count: 4, into: window)
    state.top = top
  }
}

/// A write verb with its clauses, whatever form it has in the tree.
struct WrittenRecord {
  var verb: WriteVerb
  /// Where messages point.
  var span: Span
  var object: Name?
  var key: Name?
  var record: RecordLiteral?
  var target: Target?
  var guards: [Guard]

  /// A verb that makes records says itself what they are.
  var makesRecords: Bool { verb == .create || verb == .upsert }

  init(_ verb: WriteVerb, _ stage: Stage, _ record: RecordLiteral?, target: Target? = nil, _ guards: [Guard]) {
    self.verb = verb
    span = stage.head
    self.record = record
    self.target = target
    self.guards = guards
  }

  init(_ create: Create, _ span: Span) {
    verb = .create
    self.span = span
    object = create.object
    record = create.record
    target = create.target
    guards = create.guards
  }

  init(_ upsert: Upsert, _ span: Span) {
    verb = .upsert
    self.span = span
    object = upsert.object
    key = upsert.key
    record = upsert.record
    target = upsert.target
    guards = upsert.guards
  }

  /// A source that makes one record.
  init?(_ flow: Flow) {
    switch flow {
    case .create(let create): self.init(create, create.span)
    case .upsert(let upsert): self.init(upsert, upsert.span)
    default: return nil
    }
  }
}
