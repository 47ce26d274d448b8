import LisCore
import LisSchema
import LisSyntax

/// Makes register code of a resolved tree.
///
/// A pipeline that is consumed where it stands becomes one loop with its stages inside; one that is kept becomes a
/// stream value whose stages are functions.
final class Lowering {
  let source: SourceText
  /// Number of the source text in fault traces.
  let sourceNumber: Int
  let machine: Machine
  let intrinsics: IntrinsicNumbers
  let resolution: Resolution
  let environment: Environment
  let descriptions: Descriptions
  let mentions: Mentions
  /// Values are shown as at a prompt.
  let isInteractive: Bool
  var state: FunctionState
  /// Values computed once, by the expression they stand for.
  var folded: [NodeID: Variable] = [:]
  /// Stages that stand behind each `find`.
  var stagesBehind: [NodeID: ArraySlice<Stage>] = [:]
  /// Calls of `find` of which only the first row is wanted.
  var firstOnly: Set<NodeID> = []
  /// The rows of the group whose record is being made, by the stage.
  var groupRows: [NodeID: Variable] = [:]
  /// The rows of the conditions of `find`, by `.` or by the parameter of a lambda.
  var findRows: Set<ObjectIdentifier> = []
  /// Names that may change, by what holds their values for the stream that is being made.
  private var aliases: [ObjectIdentifier: Variable] = [:]
  /// Right sides of `in` in the condition of a `find`.
  var lists: Set<NodeID> = []
  var diagnostics: [Diagnostic] = []
  /// Assemblers of functions whose code is still to be made.
  private var reserved: [ObjectIdentifier: Assembler] = [:]
  /// The program as a whole, and the functions that a run may come to.
  private let program: Program
  private let reached: Set<ObjectIdentifier>
  private(set) lazy var repeatedFinds = RepeatedFinds(program, source, resolution)
  /// The function with a name whose code is being made.
  private var symbol: FunctionSymbol?
  var isReached: Bool { symbol.map { reached.contains(ObjectIdentifier($0)) } ?? true }

  init(
    source: SourceText, sourceNumber: Int, machine: Machine, intrinsics: IntrinsicNumbers, resolution: Resolution,
    environment: Environment, descriptions: Descriptions, mentions: Mentions, isInteractive: Bool, program: Program,
    reached: Set<ObjectIdentifier>
  ) {
    self.program = program
    self.reached = reached
    self.source = source
    self.sourceNumber = sourceNumber
    self.machine = machine
    self.intrinsics = intrinsics
    self.resolution = resolution
    self.environment = environment
    self.descriptions = descriptions
    self.mentions = mentions
    self.isInteractive = isInteractive
    let code = Assembler(machine: machine, name: "main", source: sourceNumber)
    state = FunctionState(code: code, parent: nil, isMain: true)
  }

  var code: Assembler { state.code }

  func native(_ intrinsic: Intrinsic) -> Int { intrinsics[intrinsic] }

  func place(_ span: Span) -> SourcePlace {
    SourcePlace(file: source.name, line: source.position(of: span.lower).line)
  }

  func mark(_ span: Span) { code.at(span.lower, span.upper) }

  // MARK: Program

  /// - Parameter starts: functions that compute the constants of modules, in the order in which they have to run.
  func lower(_ program: Program, starts: [FunctionID]) -> FunctionID {
    for start in starts { code.call(start, window: state.top, into: state.top) }
    lowerItems(program)
    code.emit(.loadNull, state.top)
    code.emit(.halt, state.top)
    return finish(state, parameters: 0, required: 0, at: Span(0, 0))
  }

  /// A module as a function that computes its constants.
  func lowerModule(_ program: Program) -> FunctionID {
    lowerItems(program)
    code.emit(.loadNull, state.top)
    code.emit(.return, state.top)
    return finish(state, parameters: 0, required: 0, at: Span(0, 0))
  }

  private func lowerItems(_ program: Program) {
    reserve(program.items.flatMap { Lowering.functions(of: $0) })
    for item in program.items {
      for function in Lowering.functions(of: item) { lower(function) }
    }
    var parameters = 0
    for item in program.items {
      switch item.kind {
      case .param(let parameter):
        lowerParameter(resolution.parameters[parameters], parameters, parameter)
        parameters += 1
      case .statement(let statement): lower(statement, result: nil)
      case .step(let title, let body):
        mark(item.span)
        let window = state.top
        code.loadText(title, into: window)
        code.callNative(native(.step), window: window, count: 1, into: window)
        for statement in body.statements { lower(statement, result: nil) }
      default: break
      }
    }
  }

  private static func functions(of item: Item) -> [Function] {
    switch item.kind {
    case .function(let function): [function]
    case .step(_, let body):
      body.statements.compactMap { if case .function(let function) = $0.kind { function } else { nil } }
    default: []
    }
  }

  private func lowerParameter(_ variable: Variable, _ index: Int, _ parameter: Parameter) {
    mark(variable.span)
    let value = state.take()
    let window = state.top
    code.emit(.loadWhole, window, immediate: index)
    code.callNative(native(.parameter), window: window, count: 1, into: value)
    if let fallback = parameter.fallback {
      let given = code.label()
      code.jump(.jumpIfGiven, value, to: given)
      expression(fallback, into: value)
      code.place(given)
    }
    declare(variable, holding: value)
  }

  func finish(_ state: FunctionState, parameters: Int, required: Int, at span: Span) -> FunctionID {
    let id = state.code.finish(parameters: parameters, required: required)
    switch state.code.problem {
    case nil: break
    case .tooManyRegisters:
      diagnostics.append(CheckProblem.functionTooLarge(what: "names and values").diagnostic(span, in: source))
    case .jumpTooLong:
      diagnostics.append(CheckProblem.functionTooLarge(what: "statements").diagnostic(span, in: source))
    case .tooManyConstants:
      diagnostics.append(CheckProblem.functionTooLarge(what: "constants").diagnostic(span, in: source))
    }
    return id
  }

  // MARK: Variables

  /// Gives a declared name its place and its first value, which stands in `register`. A plain local takes the register
  /// over, so the register must be the caller's own.
  func declare(_ variable: Variable, holding register: Int) {
    if variable.global != nil {
      code.emit(.setGlobal, register, wide: globalNumber(variable))
    } else if state.prepared.contains(ObjectIdentifier(variable)) {
      assign(variable, from: register)
    } else if variable.isBoxed {
      code.emit(.newVariable, register, register)
      state.place(variable, in: register)
    } else {
      state.place(variable, in: register)
    }
  }

  func globalNumber(_ variable: Variable) -> Int {
    if let number = variable.global, number >= 0 { return number }
    let number = machine.declareGlobal(variable.name)
    variable.global = number
    return number
  }

  /// The variable that a node names, if it may get another value.
  func changingName(_ node: Expression) -> Variable? {
    guard case .name = node.kind, case .variable(let variable)? = resolution.binding(at: node) else { return nil }
    return variable.isAssignable ? variable : nil
  }

  /// A stream that is kept takes the values of names when it is made, as the condition of a `find` does, so that it is
  /// the same rows whenever it is read. This holds the values in registers while `body` makes the functions of stages.
  func holdingNames(_ find: (TreeSearch) -> Bool, _ body: () -> Void) {
    var found: [Variable] = []
    _ = find(
      TreeSearch(expression: { node in
        if let variable = self.changingName(node), !found.contains(where: { $0 === variable }),
          self.state.locates(variable)
        {
          found.append(variable)
        }
        return false
      }))
    let outer = aliases
    for variable in found {
      let register = state.take()
      load(variable, into: register)
      let alias = Variable(variable.name, variable.span, .constant, owner: variable.owner)
      state.place(alias, in: register)
      aliases[ObjectIdentifier(variable)] = alias
    }
    body()
    aliases = outer
  }

  /// The register a variable can be used in directly, without a copy.
  /// - Parameter isSeen: false when what is done with the value keeps no reference to it.
  func directRegister(_ named: Variable, isSeen: Bool = true) -> Int? {
    let variable = aliases[ObjectIdentifier(named)] ?? named
    guard variable.isPlainLocal, case .register(let register)? = state.locate(variable) else { return nil }
    if isSeen { share(variable, register) }
    return register
  }

  func load(_ named: Variable, into target: Int) {
    let variable = aliases[ObjectIdentifier(named)] ?? named
    if variable.global != nil {
      code.emit(.getGlobal, target, wide: globalNumber(variable))
      return
    }
    switch state.locate(variable) {
    case .register(let register):
      if variable.isBoxed {
        code.emit(.getVariable, target, register)
      } else if register != target {
        share(variable, register)
        code.emit(.move, target, register)
      }
    case .capture(let number):
      code.emit(.getCapture, target, immediate: number)
      if variable.isBoxed { code.emit(.getVariable, target, target) }
    case nil:
      // Only a program with reported errors gets here; its code never runs.
      code.emit(.loadNull, target)
    }
  }

  func assign(_ variable: Variable, from register: Int) {
    if variable.global != nil {
      code.emit(.setGlobal, register, wide: globalNumber(variable))
      return
    }
    switch state.locate(variable) {
    case .register(let place):
      if variable.isBoxed {
        code.emit(.setVariable, place, register)
      } else if place != register {
        code.emit(.move, place, register)
      }
    case .capture(let number):
      let cell = state.take()
      code.emit(.getCapture, cell, immediate: number)
      code.emit(.setVariable, cell, register)
      state.top = cell
    case nil: break
    }
  }

  // MARK: Functions

  func reserve(_ functions: [Function]) {
    for declaration in functions where resolution.stop.goesOn() {
      guard let symbol = resolution.functions[declaration.id], symbol.holder == nil else { continue }
      let assembler = Assembler(machine: machine, name: symbol.name, source: sourceNumber)
      reserved[ObjectIdentifier(symbol)] = assembler
      symbol.id = assembler.id
    }
  }

  /// A function of the top level; its calls name its number.
  private func lower(_ declaration: Function) {
    guard resolution.stop.goesOn(), let symbol = resolution.functions[declaration.id],
      let code = reserved[ObjectIdentifier(symbol)]
    else {
      return
    }
    let outer = state
    state = FunctionState(code: code, parent: nil)
    lowerBody(declaration, symbol)
    state = outer
  }

  /// Functions of a block are values in cells, made where the block begins.
  func lowerNested(_ functions: [Function]) {
    for declaration in functions {
      guard let symbol = resolution.functions[declaration.id], let holder = symbol.holder else { continue }
      let register = state.take()
      code.emit(.loadAbsent, register)
      declare(holder, holding: register)
    }
    for declaration in functions {
      guard let symbol = resolution.functions[declaration.id], let holder = symbol.holder else { continue }
      let inner = FunctionState(
        code: Assembler(machine: machine, name: symbol.name, source: sourceNumber), parent: state)
      let outer = state
      state = inner
      lowerBody(declaration, symbol)
      state = outer
      let value = state.take()
      mark(declaration.name.span)
      code.closure(of: inner.code.id, captures: inner.captures, into: value)
      assign(holder, from: value)
      state.top = value
    }
  }

  private func lowerBody(_ declaration: Function, _ symbol: FunctionSymbol) {
    let outer = self.symbol
    self.symbol = symbol
    defer { self.symbol = outer }
    let variables = resolution.declared[declaration.id] ?? []
    _ = state.take(variables.count)
    for (register, parameter) in declaration.parameters.enumerated() {
      if let fallback = parameter.fallback {
        let given = code.label()
        code.jump(.jumpIfGiven, register, to: given)
        if parameter.type?.text == "row" {
          rowFunction(fallback, into: register)
        } else {
          expression(fallback, into: register)
        }
        code.place(given)
      }
      checkType(of: parameter, in: register, symbol)
      if register < variables.count { declare(variables[register], holding: register) }
    }
    let result = state.take()
    switch declaration.body {
    case .pipeline(let pipeline): value(of: pipeline, into: result)
    case .block(let block): lower(block, result: result)
    }
    code.emit(.return, result)
    _ = finish(state, parameters: variables.count, required: symbol.requiredCount, at: declaration.name.span)
  }

  /// An argument whose type was not known before the run is held against the parameter's here.
  private func checkType(of parameter: Parameter, in register: Int, _ symbol: FunctionSymbol) {
    guard let word = parameter.type?.text, let type = StaticType.named(word), type != .unknown else { return }
    let window = state.take(4)
    code.emit(.move, window, register)
    code.loadText(word, into: window + 1)
    code.loadText(symbol.name, into: window + 2)
    code.loadText(parameter.name.text, into: window + 3)
    mark(parameter.name.span)
    code.callNative(native(.typed), window: window, count: 4, into: window)
    state.top = window
  }

  /// A function without a name, made of an expression with the given parameters.
  func function(
    named name: String = "function", parameters: [Variable], span: Span, into target: Int, _ body: (Int) -> Void
  ) {
    let inner = FunctionState(
      code: Assembler(machine: machine, name: name, source: sourceNumber), parent: state)
    let outer = state
    state = inner
    if parameters.first?.kind == .row { code.row = 0 }
    mark(span)
    _ = state.take(parameters.count)
    for (register, parameter) in parameters.enumerated() {
      declare(parameter, holding: register)
    }
    let result = state.take()
    body(result)
    code.emit(.return, result)
    _ = finish(state, parameters: parameters.count, required: parameters.count, at: span)
    state = outer
    mark(span)
    code.closure(of: inner.code.id, captures: inner.captures, into: target)
  }
}
