import LisSchema
import LisSyntax

extension Resolver {
  mutating func resolve(_ pipeline: Pipeline) {
    if let plan = pipeline.plan { report(.notYet("`plan` in front of a pipeline"), plan) }
    switch pipeline.source {
    case .find(let find): resolve(find)
    case .create(let create):
      noteWrite(verb: "create", create.span)
      resolve(create, onRow: nil)
    case .upsert(let upsert): report(.notYet("`upsert`"), upsert.span)
    case .expression(let expression): resolve(expression)
    }
    for stage in pipeline.stages { resolve(stage) }
  }

  private mutating func resolve(_ find: Find) {
    let object = objectName(find.object)
    resolution.objects.insert(object)
    noteRead("find")
    if let condition = find.condition {
      resolveOnRow(condition, id: find.id)
    } else if find.all == nil {
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
      inRow(stage.id, stage.span) { resolver in for column in columns { resolver.resolve(column.value) } }
    case .sort(let orders):
      inRow(stage.id, stage.span) { resolver in for order in orders { resolver.resolve(order.value) } }
    case .groupBy(let columns, let record): resolveGroups(stage, columns, record)
    case .each(let name, let block): resolveEach(stage, name, block)
    case .create(let create):
      noteWrite(verb: "create", stage.head)
      resolve(create, onRow: stage.id)
    case .upsert: report(.notYet("`upsert`"), stage.head)
    case .update(let update):
      noteWrite(verb: "update", stage.head)
      inRow(stage.id, stage.span) { $0.resolve(update.record) }
      resolve(update.guards)
    case .archive(let guards):
      noteWrite(verb: "archive", stage.head)
      inRow(stage.id, stage.span) { _ in }
      resolve(guards)
    case .associate: report(.notYet("`associate`"), stage.head)
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
    let object = objectName(create.object)
    resolution.objects.insert(object)
    if let stage {
      inRow(stage, create.span) { resolver in
        resolver.resolve(create.record)
        if let target = create.target { resolver.resolve(target.id) }
      }
    } else {
      resolve(create.record)
      if let target = create.target { resolve(target.id) }
    }
    if let target = create.target { _ = objectName(target.object) }
    resolve(create.guards)
  }

  private mutating func resolve(_ guards: [Guard]) {
    for case .atMost(let limit, _) in guards { resolve(limit) }
  }

  private mutating func resolveStageCall(_ stage: Stage, _ path: [Name], _ arguments: [Argument]) {
    guard let name = path.first else { return }
    if path.count > 1 { return resolveModuleStage(stage, path, arguments) }
    guard let binding = lookUp(name.text) else {
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
