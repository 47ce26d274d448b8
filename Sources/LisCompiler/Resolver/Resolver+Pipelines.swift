import LisSchema
import LisSyntax

extension Resolver {
  mutating func resolve(_ pipeline: Pipeline) {
    if let plan = pipeline.plan { return resolvePlan(pipeline, plan) }
    resolve(pipeline.source)
    for stage in pipeline.stages { resolve(stage) }
  }

  /// A plan sends nothing, so it needs no `!` and writes nothing around it. Its last stage writes and no other: there
  /// are no reports to go on with.
  private mutating func resolvePlan(_ pipeline: Pipeline, _ span: Span) {
    // What is inside would only repeat it.
    if rowDepth > 0 { return report(.actsInRow(name: "plan"), span) }
    let outer = (plannedWrites, writers)
    plannedWrites = 0
    writers = []
    resolve(pipeline.source)
    for stage in pipeline.stages {
      if plannedWrites ?? 0 > 0 { report(.planGoesOn, stage.head) }
      resolve(stage)
    }
    if plannedWrites == 0 { report(.planWritesNothing, span) }
    (plannedWrites, writers) = outer
  }

  private mutating func resolve(_ source: PipelineSource) {
    switch source {
    case .find(let find): resolve(find)
    case .create(let create):
      noteWrite(verb: "create", create.span)
      resolve(create, onRow: nil)
    case .upsert(let upsert):
      noteWrite(verb: "upsert", upsert.span)
      resolve(upsert, onRow: nil)
    case .expression(let expression): resolve(expression)
    }
  }

  private mutating func resolve(_ find: Find) {
    let object = objectName(find.object)
    noteObject(object)
    noteRead("find")
    if let condition = find.condition {
      resolveOnRow(condition, id: find.id)
      findConditions.append(condition)
    } else if find.all == nil, !resolution.isExplained(find) {
      report(.needsAll, find.span)
    }
  }

  /// The plural name; a name that no HubSpot object has may still be a custom object, so only near misses are refused.
  mutating func objectName(_ name: Name?) -> String {
    guard let name else { return ObjectNames.lineItems }
    let plural = ObjectNames.plural(name.text)
    if !ObjectNames.known.contains(plural), let near = suggestion(name.text, ObjectNames.known) {
      report(.unknownObject(name.text, suggestion: near), name.span)
    }
    return plural
  }

  private mutating func resolve(_ stage: Stage) {
    writers.append(stage.id)
    defer { writers.removeLast() }
    switch stage.kind {
    case .where(let condition): resolveOnRow(condition, id: stage.id)
    case .map(let value): resolveOnRow(value, id: stage.id)
    case .take(let count), .skip(let count): resolve(count)
    case .save(let path):
      noteAct("save")
      if rowDepth > 0 { report(.actsInRow(name: "save"), stage.head) }
      resolve(path)
    case .distinct(let key): if let key { resolveOnRow(key, id: stage.id) }
    case .select(let columns):
      refuseRepeated(columns)
      inRow(stage.id, stage.span) { resolver in for column in columns { resolver.resolve(column.value) } }
    case .sort(let orders):
      inRow(stage.id, stage.span) { resolver in for order in orders { resolver.resolve(order.value) } }
    case .groupBy(let columns, let record): resolveGroups(stage, columns, record)
    case .each(let name, let block): resolveEach(stage, name, block)
    case .create(let create):
      noteWrite(verb: "create", stage.head)
      resolve(create, onRow: stage.id)
    case .upsert(let upsert):
      noteWrite(verb: "upsert", stage.head)
      resolve(upsert, onRow: stage.id)
    case .update(let update):
      noteWrite(verb: "update", stage.head)
      inRow(stage.id, stage.span) { $0.resolve(update.record) }
      resolve(update.guards)
    case .archive(let guards):
      noteWrite(verb: "archive", stage.head)
      inRow(stage.id, stage.span) { _ in }
      resolve(guards)
    case .associate(let target, let guards):
      noteWrite(verb: "associate", stage.head)
      inRow(stage.id, stage.span) { $0.resolve(target.id) }
      _ = objectName(target.object)
      resolve(guards)
    case .call(let path, let arguments): resolveStageCall(stage, path, arguments ?? [])
    }
  }

  private mutating func resolveEach(_ stage: Stage, _ name: Name?, _ block: Block) {
    noteAct("each")
    if rowDepth > 0 { report(.actsInRow(name: "each"), stage.head) }
    let row = Variable(".", stage.span, .row, owner: function)
    resolution.rows[stage.id] = row
    rows.append(row)
    scopes.append(Scope(function: function))
    var declared: [Variable] = []
    if let name { declared = [declare(name, .loop)] }
    resolution.declared[stage.id] = declared
    loopDepth += 1
    resolve(block)
    loopDepth -= 1
    scopes.removeLast()
    rows.removeLast()
  }

  mutating func resolve(_ create: Create, onRow stage: NodeID?) {
    noteObject(objectName(create.object))
    resolveWritten(create.record, create.target, create.span, onRow: stage)
    resolve(create.guards)
  }

  mutating func resolve(_ upsert: Upsert, onRow stage: NodeID?) {
    noteObject(objectName(upsert.object))
    resolveWritten(upsert.record, upsert.target, upsert.span, onRow: stage)
    refuseOtherKey(upsert)
    resolve(upsert.guards)
  }

  private mutating func resolveWritten(
    _ record: RecordLiteral, _ target: Target?, _ span: Span, onRow stage: NodeID?
  ) {
    if let stage {
      inRow(stage, span) { resolver in
        resolver.resolve(record)
        if let target { resolver.resolve(target.id) }
      }
    } else {
      resolve(record)
      if let target { resolve(target.id) }
    }
    if let target { _ = objectName(target.object) }
  }

  /// The key has to be written as well, or a record that is made would not have it. A spread may bring it along.
  private mutating func refuseOtherKey(_ upsert: Upsert) {
    for entry in upsert.record.entries {
      switch entry {
      case .spread: return
      case .keyed(let name, _): if name.text == upsert.key.text { return }
      }
    }
    report(.keyNotInRecord(upsert.key.text), upsert.key.span)
  }

  private mutating func resolve(_ guards: [Guard]) {
    for case .atMost(let limit, _) in guards { resolve(limit) }
  }

  private mutating func resolveStageCall(_ stage: Stage, _ path: [Name], _ arguments: [Argument]) {
    guard let name = path.first else { return }
    if path.count > 1 { return resolveModuleStage(stage, path, arguments) }
    guard let binding = lookUpCallee(name.text) else {
      let functions =
        Array(environment.builtins.keys) + Array(environment.functions.keys)
        + scopes.flatMap { Array($0.functions.keys) } + Resolver.stageWords
      report(.unknownFunction(name.text, suggestion: suggestion(name.text, functions)), name.span)
      for argument in arguments { resolve(argument.value) }
      return
    }
    resolution.bindings[stage.id.index] = binding
    resolveCall(binding, name.text, at: name.span, stage.id, arguments, piped: true)
  }

  /// `| money.cents(…)`
  private mutating func resolveModuleStage(_ stage: Stage, _ path: [Name], _ arguments: [Argument]) {
    guard case .module(let module)? = lookUp(path[0].text), path.count == 2 else {
      report(.notAModule(path[0].text), path[0].span)
      for argument in arguments { resolve(argument.value) }
      return
    }
    guard let binding = member(path[1], of: module, path[0].text) else {
      for argument in arguments { resolve(argument.value) }
      return
    }
    resolution.bindings[stage.id.index] = binding
    resolveCall(
      binding, "\(path[0].text).\(path[1].text)", at: path[0].span.joined(path[1].span), stage.id, arguments,
      piped: true)
  }

  static let stageWords = [
    "where", "take", "skip", "map", "save", "distinct", "select", "sort", "group", "each", "create", "upsert", "update",
    "archive", "associate",
  ]
}
