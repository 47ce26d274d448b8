import LisCore
import LisSyntax

/// `group by`: one pass over the rows. Aggregates that fold keep one state for each group; only if another one asks for
/// the rows themselves are those of each group collected.
///
/// ```
/// states:  [key, state of count(), state of sum(.amount), rows?,  key, …]      width words for each group
/// places:  [0, width, 2 * width, …]                                            in order of first appearance
/// ```
extension Lowering {
  /// An aggregate whose state is kept while the rows pass.
  private struct Fold {
    var call: Expression
    var step: Int
    var finish: Int
    var argument: Expression?
    /// Counting rows works for all of them.
    var cannotFail: Bool
  }

  private struct GroupRegisters {
    var keys: Int
    var states: Int
    var places: Int
    var width: Int
    /// The last word of each group is the list of its rows.
    var holdsRows: Bool
  }

  func group(
    _ flow: Flow, _ stages: ArraySlice<Stage>, _ stage: Stage, _ columns: [Column], _ record: RecordLiteral,
    into target: Int
  ) {
    let (folds, needsRows) = aggregates(of: stage.id, in: record)
    let registers = GroupRegisters(
      keys: state.take(), states: state.take(), places: state.take(), width: 1 + folds.count + (needsRows ? 1 : 0),
      holdsRows: needsRows)
    code.callNative(native(.groupKeys), window: state.top, count: 0, into: registers.keys)
    code.newList(from: state.top, count: 0, into: registers.states)
    code.newList(from: state.top, count: 0, into: registers.places)
    loop(flow, stages, isShown: false) { row, _, _ in
      let top = self.state.top
      let place = self.findGroup(stage, columns, row, registers)
      for (index, fold) in folds.enumerated() { self.step(fold, index + 1, row, place, registers) }
      if needsRows {
        let rows = self.stateOfGroup(folds.count + 1, place, registers)
        self.code.emit(.push, rows, row)
      }
      self.state.top = top
    }
    let result = state.take()
    code.newList(from: state.top, count: 0, into: result)
    loop(over: registers.places) { place, _, _ in
      let top = self.state.top
      self.finish(folds, place, registers)
      if needsRows {
        let rows = self.stateOfGroup(folds.count + 1, place, registers)
        self.groupRows[stage.id] = self.hold(rows, stage.span)
      }
      let row = self.groupRow(stage, columns, record, place, registers)
      self.code.emit(.push, result, row)
      self.groupRows[stage.id] = nil
      for fold in folds { self.folded[fold.call.id] = nil }
      self.state.top = top
    }
    code.emit(.move, target, result)
  }

  /// The rows of a group in front of a call, as those of a stage.
  func rowsArgument(_ rows: Variable, _ span: Span) -> RowsArgument {
    RowsArgument(
      value: { self.load(rows, into: $0) }, list: { self.load(rows, into: $0) },
      each: { body in
        let list = self.state.take()
        self.load(rows, into: list)
        self.loop(over: list, body)
      })
  }

  // MARK: Parts

  /// The aggregates in a record: those that can be folded while the rows pass, and whether any other one is there.
  private func aggregates(of stage: NodeID, in record: RecordLiteral) -> (folds: [Fold], needsRows: Bool) {
    var folds: [Fold] = []
    var needsRows = false
    let later = perhapsComputed(record)
    let search = TreeSearch(expression: { node in
      guard node.id.index >= 0, self.resolution.aggregates[node.id] == stage else { return false }
      if let fold = self.fold(node, inside: record.span), !later.contains(node.id) || fold.cannotFail {
        folds.append(fold)
      } else {
        needsRows = true
      }
      return false
    })
    _ = search.finds(in: record)
    return (folds, needsRows)
  }

  /// Calls in branches: they may not be wanted, and what is not wanted must not fail. The right side of `and`, `or` and
  /// `??` is such a branch, and so is the body of a function.
  private func perhapsComputed(_ record: RecordLiteral) -> Set<NodeID> {
    var found: Set<NodeID> = []
    func note(_ body: (TreeSearch) -> Bool) {
      _ = body(
        TreeSearch(expression: { node in
          found.insert(node.id)
          return false
        }))
    }
    let search = TreeSearch(expression: { node in
      switch node.kind {
      case .conditional(let choice):
        note { $0.finds(in: choice.then) || choice.otherwise.map($0.finds) ?? false }
      case .match(let match):
        for arm in match.arms {
          note { search in arm.patterns.contains { search.finds(in: $0) } || search.finds(in: arm.body) }
        }
      case .binary(let op, _, let right, _) where op == .and || op == .or || op == .coalesce:
        note { $0.finds(in: right) }
      case .lambda(let lambda): note { $0.finds(in: lambda.body) }
      default: break
      }
      return false
    })
    _ = search.finds(in: record)
    return found
  }

  /// nil for an aggregate that is no fold, or whose expression depends on a name that the record itself declares.
  private func fold(_ node: Expression, inside record: Span) -> Fold? {
    guard case .call(let callee, let arguments) = node.kind,
      case .builtin(let builtin)? = resolution.bindings[callee.id.index],
      case .fold(let step, let finish, _) = builtin.implementation
    else { return nil }
    let index = resolution.plans[node.id]?.argument(1)
    let argument = index.flatMap { arguments[$0].value.expression }
    if index != nil, argument == nil { return nil }
    let isLocal = TreeSearch(expression: { inner in
      guard case .name = inner.kind, case .variable(let variable)? = self.resolution.binding(at: inner) else {
        return false
      }
      return variable.span.lower >= record.lower && variable.span.upper <= record.upper
        && !(variable.span.lower >= node.span.lower && variable.span.upper <= node.span.upper)
    })
    if let argument, isLocal.finds(in: argument) { return nil }
    return Fold(
      call: node, step: step, finish: finish, argument: argument,
      cannotFail: argument == nil && builtin.name == "count")
  }

  /// The place of the states of a row's group.
  private func findGroup(_ stage: Stage, _ columns: [Column], _ row: Int, _ registers: GroupRegisters) -> Int {
    let place = state.take()
    let top = state.top
    if let variable = resolution.rows[stage.id] { bindRow(variable, row) }
    let window = state.take(6)
    let keys = state.take(columns.count)
    for (index, column) in columns.enumerated() {
      apply(column.value, toRow: row, id: stage.id, into: keys + index)
      if mayGiveStream(column.value) { readStream(keys + index, column.value.span) }
    }
    code.newList(from: keys, count: columns.count, into: window + 1)
    code.emit(.move, window, registers.keys)
    code.emit(.move, window + 2, registers.states)
    code.emit(.move, window + 3, registers.places)
    code.emit(.loadWhole, window + 4, immediate: registers.width)
    code.emit(registers.holdsRows ? .loadTrue : .loadFalse, window + 5)
    mark(stage.head)
    code.callNative(native(.groupOf), window: window, count: 6, into: place)
    state.top = top
    return place
  }

  /// A register with the state number `index` of the group at a place.
  private func stateOfGroup(_ index: Int, _ place: Int, _ registers: GroupRegisters) -> Int {
    let state = self.state.take(2)
    code.emit(.addWhole, state + 1, place, immediate: index)
    code.emit(.index, state, registers.states, state + 1)
    return state
  }

  private func step(_ fold: Fold, _ index: Int, _ row: Int, _ place: Int, _ registers: GroupRegisters) {
    let top = state.top
    let window = state.take(3)
    let argument = state.take(2)
    if let expression = fold.argument {
      apply(expression, toRow: row, into: argument + 1)
    } else {
      code.emit(.move, argument + 1, row)
    }
    code.emit(.addWhole, window + 1, place, immediate: index)
    code.emit(.index, argument, registers.states, window + 1)
    mark(fold.call.span)
    code.callNative(fold.step, window: argument, count: 2, into: window + 2)
    code.emit(.move, window, registers.states)
    code.callNative(native(.groupState), window: window, count: 3, into: argument)
    state.top = top
  }

  /// Gives each fold its result, under which its call is known while the record is made.
  private func finish(_ folds: [Fold], _ place: Int, _ registers: GroupRegisters) {
    for (index, fold) in folds.enumerated() {
      let result = state.take()
      let window = stateOfGroup(index + 1, place, registers)
      mark(fold.call.span)
      code.callNative(fold.finish, window: window, count: 1, into: result)
      folded[fold.call.id] = hold(result, fold.call.span)
    }
  }

  /// The columns by their names, then the entries of the record.
  private func groupRow(
    _ stage: Stage, _ columns: [Column], _ record: RecordLiteral, _ place: Int, _ registers: GroupRegisters
  ) -> Int {
    let row = state.take()
    let key = stateOfGroup(0, place, registers)
    let window = state.top
    for index in columns.indices {
      let register = state.take()
      code.emit(.loadWhole, register, immediate: index)
      code.emit(.index, register, key, register)
    }
    mark(stage.head)
    code.newRecord(ColumnName.all(columns, in: source), from: window, into: row)
    state.top = window
    if let variable = resolution.groupRows[stage.id] { bindRow(variable, row) }
    let entries = state.take()
    self.record(record, into: entries)
    let result = state.take()
    code.emit(.merge, result, row, entries)
    return result
  }
}
