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
      write(.update, flow, stages, stage, record: update.record, target: nil, guards: update.guards, into: target)
      return true
    case .archive(let guards):
      write(.archive, flow, stages, stage, record: nil, target: nil, guards: guards, into: target)
      return true
    case .create(let create):
      write(
        .create, flow, stages, stage, record: create.record, target: create.target, guards: create.guards,
        object: create.object, into: target)
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
    mark(span)
    code.callNative(native(.saveBegin), window: window, count: 1, into: window)
    loop(flow, stages, isShown: false) { row, _, _ in
      let argument = self.state.top
      self.code.emit(.move, argument, row)
      self.mark(span)
      self.code.callNative(self.native(.saveRow), window: argument, count: 1, into: argument)
    }
    mark(span)
    code.callNative(native(.saveEnd), window: window, count: 0, into: target)
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

  /// `return` inside of loops that write: what they have collected is carried out as if they had come to their ends.
  func commitOpenWrites() {
    for _ in 0..<state.openWrites {
      code.callNative(native(.writeCommit), window: state.top, count: 0, into: state.top)
    }
  }

  private func describe(
    _ verb: WriteVerb, _ span: Span, object: String?, record: RecordLiteral?, target: Target?, guards: [Guard]
  ) -> Int {
    var fields: [String] = []
    for case .keyed(let key, _) in record?.entries ?? [] { fields.append(key.text) }
    var continues = false
    for case .onErrorContinue in guards { continues = true }
    descriptions.writes.append(
      WriteDescription(
        verb: verb, object: object, fields: fields, target: target.map { ObjectNames.plural($0.object.text) },
        continuesOnError: continues, place: place(span)))
    return descriptions.writes.count - 1
  }

  private func write(
    _ verb: WriteVerb, _ flow: Flow, _ stages: ArraySlice<Stage>, _ stage: Stage, record: RecordLiteral?,
    target: Target?, guards: [Guard], object: Name? = nil, into result: Int
  ) {
    let name = object.map { ObjectNames.plural($0.text) } ?? writtenObject(verb, flow)
    let description = describe(verb, stage.head, object: name, record: record, target: target, guards: guards)
    beginWrites()
    limit(description, guards)
    loop(flow, stages, isShown: false) { row, _, _ in
      if let variable = self.resolution.rows[stage.id] { self.bindRow(variable, row) }
      self.add(description, row: row, record: record, target: target, stage.span)
    }
    mark(stage.span)
    commitWrites(into: result)
  }

  /// Rows made from those of a `find` by `select` or `map` no longer know their type, but the statement does: without it
  /// the id of a deal would be taken for that of a line item.
  private func writtenObject(_ verb: WriteVerb, _ flow: Flow) -> String? {
    if verb == .create { return ObjectNames.lineItems }
    guard case .find(let find) = flow else { return nil }
    return ObjectNames.plural(find.object?.text ?? ObjectNames.lineItems)
  }

  /// `create { … }` without rows in front.
  func single(_ create: Create, into result: Int) {
    let object = create.object.map { ObjectNames.plural($0.text) } ?? ObjectNames.lineItems
    let description = describe(
      .create, create.span, object: object, record: create.record, target: create.target, guards: create.guards)
    mark(create.span)
    beginWrites()
    limit(description, create.guards)
    add(description, row: nil, record: create.record, target: create.target, create.span)
    mark(create.span)
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
