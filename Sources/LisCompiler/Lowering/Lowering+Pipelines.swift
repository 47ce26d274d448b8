import LisCore
import LisSchema
import LisSyntax

/// What becomes of the rows of a pipeline.
enum Consumer {
  /// The value goes to a register; a pipeline without effects becomes a stream that is read when it is used.
  case value(Int)
  /// All rows now, as a list.
  case list(Int)
  /// Code for each row: its register, the label that leaves the loop, the label of the next row.
  case each((Int, Assembler.Label, Assembler.Label) -> Void)
  /// Run for its effects.
  case discard
  /// At the top level: printed.
  case show
}

/// Where rows come from.
enum Flow {
  case find(Find)
  case create(Create)
  case upsert(Upsert)
  case expression(Expression)
  /// A value that has been computed, under a name of its own so that functions can capture it.
  case held(Variable)
}

extension Lowering {
  func value(of pipeline: Pipeline, into target: Int) {
    if let expression = pipeline.expression {
      self.expression(expression, into: target)
    } else {
      let top = state.top
      lower(pipeline, .value(target))
      state.top = top
    }
  }

  func run(_ pipeline: Pipeline) { lower(pipeline, .discard) }

  func show(_ pipeline: Pipeline) {
    // What a function that writes gives back is a report, which the run itself tells about.
    if let expression = pipeline.expression, case .call(let callee, _) = expression.kind,
      case .name(let name) = callee.kind, name.hasSuffix("!")
    {
      return run(pipeline)
    }
    if isExplanation(pipeline) { return printText(pipeline) }
    lower(pipeline, .show)
  }

  func lower(_ pipeline: Pipeline, _ consumer: Consumer) {
    if let span = pipeline.plan {
      let top = state.top
      let plan = state.take()
      planned(pipeline, span, into: plan)
      consume(plan, consumer, isReport: false)
      state.top = top
      return
    }
    let flow: Flow
    switch pipeline.source {
    case .find(let find):
      flow = .find(find)
      stagesBehind[find.id] = pipeline.stages[...]
    case .create(let create): flow = .create(create)
    case .upsert(let upsert): flow = .upsert(upsert)
    case .expression(let expression): flow = .expression(expression)
    }
    lowerRows(flow, pipeline.stages[...], consumer, pipeline.span)
  }

  func lowerRows(_ flow: Flow, _ stages: ArraySlice<Stage>, _ consumer: Consumer, _ span: Span) {
    let top = state.top
    defer { state.top = top }
    if let written = WrittenRecord(flow) {
      let report = state.take()
      single(written, into: report)
      return stages.isEmpty
        ? consume(report, consumer, isReport: true) : lowerRows(.held(hold(report, span)), stages, consumer, span)
    }
    // The first, so that every stage that acts gets the rows of the one before it.
    if let first = stages.firstIndex(where: isEager) {
      let result = state.take()
      let isReport = eager(flow, stages[..<first], stages[first], into: result)
      let rest = stages[(first + 1)...]
      if rest.isEmpty {
        consume(result, consumer, isReport: isReport)
      } else {
        lowerRows(.held(hold(result, span)), rest, consumer, span)
      }
      return
    }
    if let gathering = stages.lastIndex(where: isGathering) {
      if case .value(let target) = consumer {
        // Sorting has to read everything; a name for the result keeps the plan and not the rows.
        holdingNames({ search in stages.contains { search.finds(in: $0) } || self.finds(flow, search) }) {
          self.function(named: "rows", parameters: [], span: span, into: target) { result in
            self.lowerRows(flow, stages, .list(result), span)
          }
        }
        let none = state.take()
        code.newList(from: none, count: 0, into: none)
        code.emit(.newStream, target, target, none)
        return
      }
      let list = state.take()
      var isShown = false
      if case .show = consumer { isShown = showsWholeRows(stages) }
      gather(flow, stages[..<gathering], stages[gathering], isShown: isShown, into: list)
      if case .show = consumer, gathering == stages.indices.last {
        // Sorted rows are rows as any others, and not one value.
        loop(over: list) { row, _, _ in self.showRow(row) }
        return showEnd()
      }
      lowerRows(.held(hold(list, span)), stages[(gathering + 1)...], consumer, span)
      return
    }
    stream(flow, stages, consumer, span)
  }

  /// Stages that need all rows before they give the first.
  func isGathering(_ stage: Stage) -> Bool {
    switch stage.kind {
    case .sort, .groupBy: true
    default: false
    }
  }

  /// The rows that leave a gathering stage, as a list.
  private func gather(
    _ flow: Flow, _ stages: ArraySlice<Stage>, _ stage: Stage, isShown: Bool, into target: Int
  ) {
    if case .groupBy(let columns, let record) = stage.kind {
      group(flow, stages, stage, columns, record, into: target)
    } else {
      sort(flow, stages, stage, isShown: isShown, into: target)
    }
  }

  func hold(_ register: Int, _ span: Span) -> Variable {
    let variable = Variable(
      "rows", span, .constant, owner: FunctionScope(parent: nil, name: "", mayWrite: true, isNamed: false))
    state.place(variable, in: register)
    return variable
  }

  /// Stages that act, or whose result is no stream: they run where they stand.
  func isEager(_ stage: Stage) -> Bool {
    switch stage.kind {
    case .where, .take, .skip, .map, .distinct, .select, .sort, .groupBy: return false
    case .call:
      guard case .builtin(let builtin)? = resolution.bindings[stage.id.index] else { return true }
      switch builtin.implementation {
      case .stage, .trace: return false
      default: return true
      }
    default: return true
    }
  }

  // MARK: Consumers of a finished value

  private func consume(_ value: Int, _ consumer: Consumer, isReport: Bool) {
    switch consumer {
    case .value(let target): code.emit(.move, target, value)
    case .list(let target):
      code.emit(.move, target, value)
      asList(target)
    case .each(let body): loop(over: value, body)
    case .discard: break
    case .show: if !isReport { showValue(value) }
    }
  }

  /// A list of whatever can be read.
  private func asList(_ register: Int) {
    let top = state.top
    let list = state.take()
    code.newList(from: list, count: 0, into: list)
    loop(over: register) { row, _, _ in self.code.emit(.push, list, row) }
    code.emit(.move, register, list)
    state.top = top
  }

  private func showValue(_ value: Int) {
    let top = state.top
    let window = state.take()
    let done = code.label()
    code.emit(.move, window, value)
    code.callNative(native(.show), window: window, count: 1, into: window)
    code.jump(.jumpIfTrue, window, to: done)
    loop(over: value) { row, _, _ in self.showRow(row) }
    showEnd()
    code.place(done)
    state.top = top
  }

  private func showRow(_ row: Int) {
    let window = state.top
    code.emit(.move, window, row)
    code.callNative(native(.showRow), window: window, count: 1, into: window)
  }

  private func showEnd() { code.callNative(native(.showEnd), window: state.top, count: 0, into: state.top) }

  // MARK: Streams

  private func stream(_ flow: Flow, _ stages: ArraySlice<Stage>, _ consumer: Consumer, _ span: Span) {
    var isKept = false
    if case .value = consumer { isKept = true }
    if stages.isEmpty, !isFind(flow), isKept || stageCall(flow) == nil {
      switch consumer {
      case .value(let target): return source(flow, isShown: false, into: target)
      case .list(let target):
        source(flow, isShown: false, into: target)
        return asList(target)
      case .show:
        let value = state.take()
        source(flow, isShown: true, into: value)
        return consume(value, .show, isReport: false)
      case .discard: return source(flow, isShown: false, into: state.take())
      case .each: break
      }
    }
    switch consumer {
    case .value(let target): streamValue(flow, stages, into: target)
    case .list(let target):
      let list = state.take()
      code.newList(from: list, count: 0, into: list)
      loop(flow, stages, isShown: false) { row, _, _ in self.code.emit(.push, list, row) }
      code.emit(.move, target, list)
    case .each(let body): loop(flow, stages, isShown: false, body)
    case .discard: loop(flow, stages, isShown: false) { _, _, _ in }
    case .show:
      loop(flow, stages, isShown: showsWholeRows(stages)) { row, _, _ in self.showRow(row) }
      showEnd()
    }
  }

  private func isFind(_ flow: Flow) -> Bool { if case .find = flow { true } else { false } }

  private func source(_ flow: Flow, isShown: Bool, into target: Int) {
    switch flow {
    case .find(let find): self.find(find, isShown: isShown, into: target)
    case .expression(let expression): self.expression(expression, into: target)
    case .held(let variable): load(variable, into: target)
    case .create, .upsert: break
    }
  }

  /// A stream value: the source, and a function for each stage.
  private func streamValue(_ flow: Flow, _ stages: ArraySlice<Stage>, into target: Int) {
    let input = state.take()
    source(flow, isShown: isInteractive && showsWholeRows(stages), into: input)
    holdingNames({ search in stages.contains { search.finds(in: $0) } || self.finds(flow, search) }) {
      let window = state.top
      if case .find(let find) = flow, let condition = find.condition {
        code.emit(.loadWhole, state.take(), immediate: StageKind.filter.rawValue)
        stageFunction(condition, find.id, into: state.take())
      }
      for stage in stages { streamStage(stage) }
      code.newList(from: window, count: state.top - window, into: window)
      code.emit(.newStream, target, input, window)
    }
    state.top = input
  }

  /// The search in what a source computes for each row.
  private func finds(_ flow: Flow, _ search: TreeSearch) -> Bool {
    if case .find(let find) = flow, let condition = find.condition { return search.finds(in: condition) }
    if case .expression(let expression) = flow { return search.finds(in: expression) }
    return false
  }

  private func streamStage(_ stage: Stage) {
    let kind = state.take()
    let argument = state.take()
    func emit(_ stageKind: StageKind) { code.emit(.loadWhole, kind, immediate: stageKind.rawValue) }
    switch stage.kind {
    case .where(let condition):
      emit(.filter)
      stageFunction(condition, stage.id, into: argument)
    case .map(let value):
      emit(.map)
      if mappingFunction(value, resolution.rows[stage.id], into: argument) { return }
      stageFunction(value, stage.id, into: argument)
    case .select(let columns):
      emit(.map)
      guard let row = resolution.rows[stage.id] else { return }
      function(named: "select", parameters: [row], span: stage.span, into: argument) {
        self.select(columns, of: 0, stage.span, into: $0)
      }
    case .take(let count), .skip(let count):
      var isTake = false
      if case .take = stage.kind { isTake = true }
      emit(isTake ? .take : .skip)
      wholeCount(count, isTake: isTake, into: argument)
    case .distinct(let key):
      emit(.distinct)
      guard let key else { return code.emit(.loadNull, argument) }
      if mappingFunction(key, resolution.rows[stage.id], into: argument) { return }
      stageFunction(key, stage.id, into: argument)
    case .call(_, let arguments):
      if let native = traceNative(stage) {
        emit(.map)
        let row = Variable(
          ".", stage.span, .row, owner: FunctionScope(parent: nil, name: "", mayWrite: false, isNamed: false))
        function(named: "trace", parameters: [row], span: stage.span, into: argument) { result in
          self.trace(native, stage, 0)
          self.code.emit(.move, result, 0)
        }
        return
      }
      guard case .builtin(let builtin)? = resolution.bindings[stage.id.index],
        case .stage(let stageKind) = builtin.implementation
      else { return }
      emit(stageKind)
      if let index = resolution.plans[stage.id]?.arguments.dropFirst().first.flatMap({ $0 }),
        let expression = arguments?[index].expression
      {
        if stageKind == .map, mappingFunction(expression, resolution.rows[expression.id], into: argument) { return }
        rowFunction(expression, into: argument)
      } else {
        code.emit(.loadNull, argument)
      }
    default: break
    }
  }

  private func stageFunction(_ expression: Expression, _ id: NodeID, into target: Int) {
    if case .lambda = expression.kind { return self.expression(expression, into: target) }
    if holdsFunction(expression) { return self.expression(expression, into: target) }
    guard let row = resolution.rows[id] else { return }
    function(named: "row expression", parameters: [row], span: expression.span, into: target) { result in
      // Conditions answered by the portal alone have to pass here, which `condition` knows about.
      if self.mayHoldFunction(expression) { return self.applyIfFunction(expression, toRow: 0, into: result) }
      let no = self.code.label()
      let end = self.code.label()
      if Lowering.isComparison(expression) {
        self.condition(expression, lenient: true, otherwise: no)
        self.code.emit(.loadTrue, result)
        self.code.jump(.jump, 0, to: end)
        self.code.place(no)
        self.code.emit(.loadFalse, result)
        self.code.place(end)
      } else {
        self.expression(expression, into: result)
      }
    }
  }

  private static func isComparison(_ expression: Expression) -> Bool {
    if let inner = unwrapped(expression) { return isComparison(inner) }
    guard case .binary(let op, _, _, _) = expression.kind else { return false }
    switch op {
    case .and, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn: return true
    default: return false
    }
  }

  // MARK: Loops

  /// One loop with the stages inside.
  func loop(
    _ flow: Flow, _ stages: ArraySlice<Stage>, isShown: Bool, _ body: (Int, Assembler.Label, Assembler.Label) -> Void
  ) {
    let top = state.top
    defer { state.top = top }
    if let call = stageCall(flow), stages.allSatisfy(isPlain) { return loop(over: call, stages, body) }
    if let gathering = stages.lastIndex(where: isGathering) {
      let list = state.take()
      gather(flow, stages[..<gathering], stages[gathering], isShown: isShown, into: list)
      return loop(.held(hold(list, stages[gathering].span)), stages[(gathering + 1)...], isShown: isShown, body)
    }
    // Stages that remember rows work on stream values only; the rest follows inline.
    let inlined = stages.lastIndex { !isInline($0) }.map { $0 + 1 } ?? stages.startIndex
    let before = stages[..<inlined]
    let after = stages[inlined...]
    let input = state.take()
    if before.isEmpty {
      source(flow, isShown: isShown, into: input)
    } else {
      streamValue(flow, before, into: input)
    }
    var counters: [NodeID: (count: Int, limit: Int)] = [:]
    let leave = code.label()
    for stage in after { prepareCounter(stage, &counters, leave) }
    loop(over: input) { row, exit, next in
      var current = row
      let limits = counters.values.filter { $0.limit >= 0 }
      let done = limits.isEmpty ? next : code.label()
      if before.isEmpty, case .find(let find) = flow, let condition = find.condition {
        filter(condition, find.id, row, done)
      }
      for stage in after { inline(stage, &current, counters, exit, done) }
      body(current, exit, done)
      guard !limits.isEmpty else { return }
      code.place(done)
      for (count, limit) in limits.sorted(by: { $0.count < $1.count }) {
        // The last row that is wanted ends the loop, whatever became of it, so that no further page is asked for.
        code.jump(.jumpUnlessLess, count, limit, lenient: true, to: exit)
      }
    }
    code.place(leave)
  }

  /// `map(rows, …)` or `filter(rows, …)`, a stage in the form of a function.
  private struct StageCall {
    var kind: StageKind
    var rows: Pipeline
    var argument: Expression
  }

  private func stageCall(_ flow: Flow) -> StageCall? {
    guard case .expression(let expression) = flow, folded[expression.id] == nil else { return nil }
    if let inner = Lowering.unwrapped(expression) { return stageCall(.expression(inner)) }
    guard case .call(let callee, let arguments) = expression.kind,
      case .builtin(let builtin)? = resolution.binding(of: callee),
      case .stage(let kind) = builtin.implementation, kind == .map || kind == .filter,
      let plan = resolution.plans[expression.id], let rows = plan.argument(0), let second = plan.argument(1),
      let argument = arguments[second].value.expression,
      // Rows that are a value are taken as they are; those of stages would be computed with the names' later values.
      !mentionsVariables(arguments[rows].value.expression == nil ? expression : argument)
    else { return nil }
    return StageCall(kind: kind, rows: arguments[rows].value, argument: argument)
  }

  /// Whether a name that may change stands in it: a stream takes such values when it is made, and a loop would not.
  private func mentionsVariables(_ expression: Expression) -> Bool {
    TreeSearch(expression: { self.changingName($0) != nil }).finds(in: expression)
  }

  /// Stages that need nothing beside the row.
  private func isPlain(_ stage: Stage) -> Bool {
    switch stage.kind {
    case .where, .map, .select: true
    default: false
    }
  }

  /// A stage in the form of a function is part of the loop where its rows are consumed, as the stage itself is.
  private func loop(
    over call: StageCall, _ stages: ArraySlice<Stage>, _ body: (Int, Assembler.Label, Assembler.Label) -> Void
  ) {
    withoutActuallyEscaping(body) { body in
      lower(
        call.rows,
        .each { row, leave, next in
          let top = self.state.top
          var current = row
          if call.kind == .filter {
            self.filter(call.argument, call.argument.id, row, next)
          } else {
            current = self.state.take()
            self.apply(call.argument, toRow: row, into: current)
            if self.mayGiveStream(call.argument) { self.readStream(current, call.argument.span) }
          }
          for stage in stages { self.inline(stage, &current, [:], leave, next) }
          body(current, leave, next)
          self.state.top = top
        })
    }
  }

  private func isInline(_ stage: Stage) -> Bool {
    switch stage.kind {
    case .where, .map, .select, .take, .skip: true
    default: traceNative(stage) != nil
    }
  }

  private func wholeCount(_ limit: Expression, isTake: Bool, into target: Int) {
    let window = state.take(2)
    expression(limit, into: window)
    code.emit(isTake ? .loadTrue : .loadFalse, window + 1)
    mark(limit.span)
    code.callNative(native(.wholeCount), window: window, count: 2, into: target)
    state.top = window
  }

  private func prepareCounter(
    _ stage: Stage, _ counters: inout [NodeID: (count: Int, limit: Int)], _ leave: Assembler.Label
  ) {
    switch stage.kind {
    case .take(let limit):
      let count = state.take()
      let most = state.take()
      code.emit(.loadWhole, count, immediate: 0)
      wholeCount(limit, isTake: true, into: most)
      code.jump(.jumpUnlessLess, count, most, lenient: false, to: leave)
      counters[stage.id] = (count, most)
    case .skip(let limit):
      let count = state.take()
      wholeCount(limit, isTake: false, into: count)
      counters[stage.id] = (count, -1)
    default: break
    }
  }

  private func inline(
    _ stage: Stage, _ row: inout Int, _ counters: [NodeID: (count: Int, limit: Int)], _ exit: Assembler.Label,
    _ next: Assembler.Label
  ) {
    switch stage.kind {
    case .where(let condition): filter(condition, stage.id, row, next)
    case .map(let value):
      let mapped = state.take()
      apply(value, toRow: row, id: stage.id, into: mapped)
      if mayGiveStream(value) { readStream(mapped, value.span) }
      row = mapped
    case .select(let columns):
      if let variable = resolution.rows[stage.id] { bindRow(variable, row) }
      let selected = state.take()
      select(columns, of: row, stage.span, into: selected)
      row = selected
    case .take:
      guard let (count, limit) = counters[stage.id] else { return }
      code.jump(.jumpUnlessLess, count, limit, lenient: true, to: exit)
      code.emit(.addWhole, count, count, immediate: 1)
    case .skip:
      guard let (count, _) = counters[stage.id] else { return }
      let passed = code.label()
      mark(stage.span)
      code.jump(.jumpUnlessGreaterWhole, count, whole: 0, lenient: false, to: passed)
      code.emit(.addWhole, count, count, immediate: -1)
      code.jump(.jump, 0, to: next)
      code.place(passed)
    case .call: if let native = traceNative(stage) { trace(native, stage, row) }
    default: break
    }
  }

  private func filter(_ condition: Expression, _ id: NodeID, _ row: Int, _ next: Assembler.Label) {
    let top = state.top
    defer { state.top = top }
    if case .lambda(let lambda) = condition.kind, let parameter = resolution.declared[condition.id]?.first,
      !parameter.isBoxed
    {
      bindRow(parameter, row)
      return self.condition(lambda.body, lenient: true, otherwise: next)
    }
    if holdsFunction(condition) || mayHoldFunction(condition) {
      let verdict = state.take()
      apply(condition, toRow: row, id: id, into: verdict)
      return code.jump(.jumpUnlessTrue, verdict, to: next)
    }
    if let variable = resolution.rows[id] { bindRow(variable, row) }
    self.condition(condition, lenient: true, otherwise: next)
  }

  /// The new row remembers where the one in a register came from, so that a failure names its line, and a write its type.
  private func select(_ columns: [Column], of row: Int, _ span: Span, into target: Int) {
    let window = state.top
    for column in columns { datum(of: column.value, into: state.take()) }
    mark(span)
    let id = columns.first { ColumnName.of($0, in: source) == "id" }
    code.newRecord(ColumnName.all(columns, in: source), from: window, into: window)
    code.emit(.copyOrigin, x: id.map { idOwner($0.value) != nil } ?? true ? 0 : 1, window, row)
    code.emit(.move, target, window)
    state.top = window
  }

  private func sort(
    _ flow: Flow, _ stages: ArraySlice<Stage>, _ stage: Stage, isShown: Bool, into target: Int
  ) {
    guard case .sort(let orders) = stage.kind else { return }
    let window = state.take(3)
    code.newList(from: window, count: 0, into: window)
    code.newList(from: window, count: 0, into: window + 1)
    loop(flow, stages, isShown: isShown) { row, _, _ in
      self.code.emit(.push, window, row)
      let top = self.state.top
      if let variable = self.resolution.rows[stage.id] { self.bindRow(variable, row) }
      let keys = self.state.take(orders.count)
      if orders.isEmpty { self.code.emit(.move, self.state.take(), row) }
      for (index, order) in orders.enumerated() {
        self.apply(order.value, toRow: row, id: stage.id, into: keys + index)
      }
      self.code.newList(from: keys, count: max(orders.count, 1), into: keys)
      self.code.emit(.push, window + 1, keys)
      self.state.top = top
    }
    let flags = state.top
    for order in orders { code.emit(order.descending ? .loadTrue : .loadFalse, state.take()) }
    code.newList(from: flags, count: orders.count, into: window + 2)
    state.top = window + 3
    mark(stage.span)
    code.callNative(native(.sort), window: window, count: 3, into: target)
  }
}
