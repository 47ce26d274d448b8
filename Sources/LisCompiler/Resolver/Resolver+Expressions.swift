import LisSchema
import LisSyntax

extension Resolver {
  mutating func resolve(_ expression: Expression) {
    guard resolution.stop.goesOn() else { return }
    switch expression.kind {
    case .number, .duration: resolveLiteral(expression)
    case .date, .datetime, .bool, .null, .missing: break
    case .string(let parts): for case .interpolation(let pipeline) in parts { resolve(pipeline) }
    case .field(let name):
      if let row = currentRow {
        use(row)
        resolution.bindings[expression.id.index] = .variable(row)
        refuseUngrouped(name, of: row, expression.span)
      } else {
        report(.fieldWithoutRow(name.text), expression.span)
      }
    case .row:
      if let row = currentRow {
        use(row)
        resolution.bindings[expression.id.index] = .variable(row)
      } else {
        report(.rowWithoutRow, expression.span)
      }
    case .name(let name): resolveName(name, expression)
    case .list(let elements):
      for element in elements {
        switch element {
        case .value(let pipeline): resolve(pipeline)
        case .spread(let spread): resolve(spread)
        }
      }
    case .record(let record): resolve(record)
    case .pipeline(let pipeline): resolve(pipeline)
    case .member(let base, let name): resolveMember(expression, base, name)
    case .index(let base, let index):
      resolve(base)
      resolve(index)
    case .call(let callee, let arguments): resolveCall(expression, callee, arguments)
    case .negate(let inner), .not(let inner): resolve(inner)
    case .binary(_, let left, let right, _):
      resolve(left)
      resolve(right)
    case .lambda(let lambda): resolve(lambda, expression.id)
    case .conditional(let conditional): resolve(conditional)
    case .match(let match): resolve(match)
    }
  }

  var currentRow: Variable? { rows.last ?? nil }

  private mutating func resolve(_ conditional: Conditional) {
    resolve(conditional.condition)
    resolve(conditional.then)
    if let otherwise = conditional.otherwise { resolve(otherwise) }
  }

  private mutating func resolve(_ match: Match) {
    resolve(match.subject)
    for arm in match.arms {
      for pattern in arm.patterns { resolve(pattern) }
      resolve(arm.body)
    }
  }

  mutating func resolve(_ record: RecordLiteral) {
    var seen: [String: Span] = [:]
    for entry in record.entries {
      switch entry {
      case .keyed(let key, let value):
        if let first = seen[key.text] { report(.duplicateKey(key.text, first: first), key.span) }
        seen[key.text] = key.span
        if let value {
          resolve(value)
        } else {
          resolveShort(key)
        }
      case .spread(let expression): resolve(expression)
      }
    }
  }

  private mutating func resolveShort(_ key: Name) {
    guard let binding = lookUp(key.text) else {
      report(.unknownName(key.text, suggestion: suggestion(key.text, visibleNames)), key.span)
      return
    }
    useValue(binding, key.text, key.span)
    resolution.shortEntries[key.span.lower] = binding
  }

  mutating func resolve(_ lambda: Lambda, _ id: NodeID) {
    let scope = FunctionScope(
      parent: function, name: "function", mayWrite: false, isNamed: false)
    let outer = (function, loopDepth, plannedWrites)
    function = scope
    loopDepth = 0
    plannedWrites = nil
    scopes.append(Scope(function: scope))
    resolution.scopes[id] = scope
    resolution.declared[id] = lambda.parameters.map { declare($0, .parameter) }
    resolve(lambda.body)
    scopes.removeLast()
    (function, loopDepth, plannedWrites) = outer
  }

  private mutating func resolveName(_ name: String, _ expression: Expression) {
    guard let binding = lookUp(name) else {
      report(.unknownName(name, suggestion: suggestion(name, visibleNames)), expression.span)
      return
    }
    useValue(binding, name, expression.span)
    resolution.bindings[expression.id.index] = binding
  }

  /// A name where a value is wanted.
  private mutating func useValue(_ binding: Binding, _ name: String, _ span: Span) {
    refuseWritingValue(binding, span)
    switch binding {
    case .builtin: report(.functionAsValue(name), span)
    case .module: report(.moduleAsValue(name), span)
    case .variable(let variable): use(variable)
    case .function(let symbol):
      noteUse(binding)
      noteCall(symbol, span)
    }
  }

  // MARK: Names of modules

  /// The module that an expression names, in front of the dot of one of its names.
  private func module(_ expression: Expression) -> (name: String, symbol: ModuleSymbol)? {
    guard case .name(let name) = expression.kind, case .module(let module)? = lookUp(name) else { return nil }
    return (name, module)
  }

  private mutating func resolveMember(_ expression: Expression, _ base: Expression, _ name: Name) {
    guard let module = module(base) else {
      resolve(base)
      return
    }
    guard let binding = member(name, of: module.symbol, module.name) else { return }
    useValue(binding, "\(module.name).\(name.text)", expression.span)
    resolution.bindings[expression.id.index] = binding
  }

  /// A name of a module; one that it keeps for itself, or does not have, is reported.
  mutating func member(_ name: Name, of module: ModuleSymbol, _ moduleName: String) -> Binding? {
    guard !ModuleSymbol.isPrivate(name.text) else {
      report(.privateName(name.text, module: moduleName), name.span)
      return nil
    }
    guard let binding = module.member(name.text) else {
      report(
        .notInModule(
          name.text, module: moduleName, suggestion: suggestion(name.text, module.names), names: module.names),
        name.span)
      return nil
    }
    return binding
  }

  /// A call through a value does not show that it writes, so functions that do are called by their names.
  private mutating func refuseWritingValue(_ binding: Binding, _ span: Span) {
    if case .function(let symbol) = binding, symbol.name.hasSuffix("!") {
      report(.writingFunctionAsValue(symbol.name), span)
    }
  }

  /// A function declared inside a block is a value in a name of its own, and using it uses that name.
  mutating func noteUse(_ binding: Binding) {
    if case .function(let symbol) = binding, let holder = symbol.holder { use(holder) }
  }

  // MARK: Calls

  private mutating func resolveCall(_ expression: Expression, _ callee: Expression, _ arguments: [Argument]) {
    if case .member(let base, let member) = callee.kind, let module = module(base) {
      guard let binding = self.member(member, of: module.symbol, module.name) else {
        return resolvePlainArguments(arguments, of: nil)
      }
      resolution.bindings[callee.id.index] = binding
      let name = "\(module.name).\(member.text)"
      let group = groupOfAggregate(binding, arguments)
      resolution.aggregates[expression.id] = group
      return resolveCall(binding, name, at: callee.span, expression.id, arguments, piped: group != nil)
    }
    guard case .name(let name) = callee.kind else {
      resolve(callee)
      resolvePlainArguments(arguments, of: "function")
      return
    }
    guard let binding = lookUpCallee(name) else {
      let functions =
        Array(environment.builtins.keys) + Array(environment.functions.keys)
        + scopes.flatMap { Array($0.functions.keys) + Array($0.variables.keys) }
      report(.unknownFunction(name, suggestion: suggestion(name, functions)), callee.span)
      resolvePlainArguments(arguments, of: nil)
      return
    }
    resolution.bindings[callee.id.index] = binding
    let group = groupOfAggregate(binding, arguments)
    resolution.aggregates[expression.id] = group
    resolveCall(binding, name, at: callee.span, expression.id, arguments, piped: group != nil)
  }

  /// - Parameter function: what a value that is called is named by; nil where the call is wrong anyway.
  private mutating func resolvePlainArguments(_ arguments: [Argument], of function: String?) {
    if let function, let label = arguments.lazy.compactMap(\.label).first {
      report(.namedThroughValue(function), label.span)
    }
    for argument in arguments { resolve(argument.value) }
  }

  /// - Parameter piped: the first parameter is the rows in front of the stage.
  mutating func resolveCall(
    _ binding: Binding, _ name: String, at span: Span, _ id: NodeID, _ arguments: [Argument], piped: Bool
  ) {
    switch binding {
    case .variable(let variable):
      use(variable)
      resolvePlainArguments(arguments, of: name)
    case .module:
      report(.moduleAsValue(name), span)
      resolvePlainArguments(arguments, of: nil)
    case .function(let symbol):
      noteUse(binding)
      noteCall(symbol, span)
      if symbol.name.hasSuffix("!") { noteWrite(calling: symbol.name, span) }
      let parameters = symbol.parameters.map {
        Callee.Parameter(name: $0.name, isRow: $0.isRow, isOptional: $0.hasDefault, isRest: false)
      }
      plan(Callee(name: name, parameters: parameters), at: span, id, arguments, piped: piped)
    case .builtin(let builtin):
      if case .acts = builtin.effect {
        noteAct(name)
        if rowDepth > 0 { report(.actsInRow(name: name), span) }
      }
      if case .reads = builtin.effect { noteRead(name) }
      if case .writes = builtin.effect {
        noteWrite(calling: name, span)
        if name == "apply!" { noteApply(span) }
      }
      if case .property = builtin.implementation, !piped, arguments.count == 1 { bindRow(id, span) }
      if case .explain = builtin.implementation, let argument = arguments.first { noteExplained(argument.value) }
      let parameters = builtin.parameters.map {
        Callee.Parameter(name: $0.name, isRow: $0.kind == .row, isOptional: $0.isOptional, isRest: $0.isRest)
      }
      plan(Callee(name: name, parameters: parameters), at: span, id, arguments, piped: piped)
    }
  }

  /// `explain(find …)`, also in brackets of its own.
  private mutating func noteExplained(_ pipeline: Pipeline) {
    if let inner = pipeline.expression, case .pipeline(let bracketed) = inner.kind { return noteExplained(bracketed) }
    if case .find(let find) = pipeline.source { resolution.explained.insert(find.id) }
  }

  /// What the call rules need of a callee.
  struct Callee {
    struct Parameter {
      var name: String
      var isRow: Bool
      var isOptional: Bool
      var isRest: Bool
    }
    var name: String
    var parameters: [Parameter]

    var signature: String {
      "\(name)(\(parameters.map { $0.isOptional ? "[\($0.name)]" : $0.isRest ? "...\($0.name)" : $0.name }.joined(separator: ", ")))"
    }
  }

  private mutating func plan(
    _ callee: Callee, at span: Span, _ id: NodeID, _ arguments: [Argument], piped: Bool
  ) {
    var plan = CallPlan(arguments: Array(repeating: nil, count: callee.parameters.count))
    let first = piped ? 1 : 0
    let known = diagnostics.count
    var position = first
    var named = false
    for (index, argument) in arguments.enumerated() {
      var slot = position
      if let label = argument.label {
        named = true
        guard let found = callee.parameters.firstIndex(where: { $0.name == label.text && !$0.isRest }) else {
          let names = callee.parameters.map(\.name)
          report(
            .unknownArgument(function: callee.name, name: label.text, suggestion: suggestion(label.text, names)),
            label.span)
          resolve(argument.value)
          continue
        }
        slot = found
        if plan.arguments[found] != nil || found < first {
          report(.argumentTwice(function: callee.name, name: label.text), label.span)
        }
      } else {
        if named { report(.positionalAfterNamed(function: callee.name), argument.value.span) }
        position += 1
      }
      if slot < callee.parameters.count, !callee.parameters[slot].isRest {
        plan.arguments[slot] = index
        resolveArgument(argument, isRow: callee.parameters[slot].isRow)
      } else if callee.parameters.last?.isRest == true {
        plan.rest.append(index)
        resolve(argument.value)
      } else {
        if slot == callee.parameters.count {
          report(
            .tooManyArguments(
              function: callee.name, most: callee.parameters.count - first, given: arguments.count,
              signature: callee.signature, isStage: piped), argument.value.span)
        }
        resolve(argument.value)
      }
    }
    if piped, callee.parameters.isEmpty { report(.takesNoRows(function: callee.name), span) }
    // Arguments that are not where they belong would only be missed a second time.
    let isClear = diagnostics.count == known
    for (slot, parameter) in callee.parameters.enumerated()
    where isClear && slot >= first && plan.arguments[slot] == nil && !parameter.isOptional && !parameter.isRest {
      report(
        .missingArgument(
          function: callee.name, parameter: parameter.name, signature: callee.signature,
          taken: arguments.last.flatMap { Resolver.listAtEnd($0.value) }), span)
    }
    resolution.plans[id] = plan
  }

  /// The stage that a pipeline ends with, if it takes several expressions and so everything behind a comma.
  private static func listAtEnd(_ pipeline: Pipeline) -> String? {
    switch pipeline.stages.last?.kind {
    case .sort(let orders): orders.count > 1 ? "sort" : nil
    case .select(let columns): columns.count > 1 ? "select" : nil
    default: nil
    }
  }

  /// A row argument is an expression on rows, or a function of one.
  private mutating func resolveArgument(_ argument: Argument, isRow: Bool) {
    guard isRow else {
      resolve(argument.value)
      return
    }
    resolveOnRow(argument.expression, id: argument.expression.id)
  }

  /// An expression in which `.` is a row.
  mutating func resolveOnRow(_ expression: Expression, id: NodeID) {
    inRow(id, expression.span) { $0.resolve(expression) }
  }

  mutating func inRow(_ id: NodeID, _ span: Span, _ body: (inout Resolver) -> Void) {
    let row = resolution.rows[id] ?? Variable(".", span, .row, owner: function)
    resolution.rows[id] = row
    rows.append(row)
    rowDepth += 1
    // A loop around the expression cannot be left from inside of it.
    let loops = loopDepth
    loopDepth = 0
    body(&self)
    loopDepth = loops
    rowDepth -= 1
    rows.removeLast()
  }

  // MARK: Effects

  mutating func noteWrite(calling callee: String, _ span: Span) {
    if rowDepth > 0 {
      report(.writeInRow(verb: callee), span)
    } else if plannedWrites != nil {
      if callee == "apply!" { report(.applyInPlan, span) }
      plannedWrites? += 1
    } else if !function.isNamed {
      report(.writeInLambda(verb: callee), span)
    } else if !function.mayWrite {
      report(.callWritesInPureFunction(callee: callee, function: function.name), span)
    }
    resolution.writing.formUnion(writers)
  }

  mutating func noteWrite(verb: String, _ span: Span) {
    if rowDepth > 0 {
      report(.writeInRow(verb: verb), span)
    } else if plannedWrites != nil {
      plannedWrites? += 1
    } else if !function.isNamed {
      report(.writeInLambda(verb: verb), span)
    } else if !function.mayWrite {
      report(.writeInPureFunction(verb: verb, function: function.name), span)
    }
    resolution.writing.formUnion(writers)
  }
}
