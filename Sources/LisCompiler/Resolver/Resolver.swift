import LisSchema
import LisSyntax

/// Turns names into variables, functions and builtins, binds `.x` to the row it belongs to, and refuses what scope,
/// arity and the rules of effects forbid.
///
/// ```
/// find where .price > floor | update { price: .price * 2 }
///            └ row of find                    └ row of update      floor → a variable
/// ```
struct Resolver {
  let source: SourceText
  let environment: Environment
  /// Top-level names stay known to later entries.
  let keepsNames: Bool
  let role: Compiler.Role
  /// Modules of the `use` items, by the offset of the name.
  private let modules: [Int: ModuleSymbol]
  var resolution: Resolution
  var diagnostics: [Diagnostic] = []
  var scopes: [Scope] = []
  var function: FunctionScope
  /// The row that `.` means, innermost last; nil where a function hides the rows around it.
  var rows: [Variable?] = []
  /// Inside an expression on rows: nothing may be assigned, written or printed.
  var rowDepth = 0
  var loopDepth = 0
  /// Records of `group by` around the current place, innermost last.
  var groups: [GroupScope] = []
  /// Statements and stages around the current place, to be marked when something in them writes.
  var writers: [NodeID] = []
  /// Writes found so far in the pipeline that `plan` stands in front of; nil outside of one.
  var plannedWrites: Int?
  /// The function declared with `fn` whose body is being resolved.
  private var symbol: FunctionSymbol?
  /// What the code that runs when a module is loaded does; nil elsewhere.
  private var loadingDeeds: Deeds?
  /// Functions called or handed on where not everything may be done.
  private var calls: [(symbol: FunctionSymbol, span: Span, place: Place)] = []
  private var isInTest = false
  /// Conditions of `find` in which calls may be inlined.
  var findConditions: [Expression] = []

  private enum Place {
    /// An expression on rows.
    case row
    /// The constants of a module.
    case loading
    /// A loop, whose writes are one statement.
    case loop
  }

  struct Scope {
    var variables: [String: Variable] = [:]
    var functions: [String: FunctionSymbol] = [:]
    var modules: [String: ModuleSymbol] = [:]
    let function: FunctionScope
    var isTop = false
  }

  init(
    source: SourceText, environment: Environment, keepsNames: Bool, role: Compiler.Role,
    modules: [Int: ModuleSymbol], nodeCount: Int, stop: CompilationStop
  ) {
    self.source = source
    self.environment = environment
    self.keepsNames = keepsNames
    self.role = role
    self.modules = modules
    resolution = Resolution(nodeCount: nodeCount, stop: stop)
    function = FunctionScope(parent: nil, name: "the program", mayWrite: true, isNamed: true)
  }

  mutating func report(_ problem: CheckProblem, _ span: Span) {
    diagnostics.append(problem.diagnostic(span, in: source))
  }

  // MARK: Program

  mutating func resolve(_ program: Program) {
    scopes = [Scope(function: function, isTop: true)]
    declareFunctions(program.items.compactMap { if case .function(let function) = $0.kind { function } else { nil } })
    for item in program.items { resolve(item) }
    // A function may use any name of its block, also one that is declared further down: it runs later.
    for item in program.items { resolveFunctions(item) }
    checkCalls()
    inlineConditions()
  }

  private mutating func resolve(_ item: Item) {
    switch item.kind {
    case .use(let use): declare(use)
    case .test(_, let body): if role != .module { resolveTest(item, body) }
    case .param(let parameter):
      if role == .module { report(.onlyDeclares("`param`", isTest: false), item.span) }
      resolveParameter(parameter)
    case .function: break
    case .step(_, let body):
      if role != .program { report(.onlyDeclares("`step`", isTest: role == .tests), item.span) }
      // Names bound in a step are visible to the steps after it, so its statements belong to the top level.
      declareFunctions(
        body.statements.compactMap { if case .function(let function) = $0.kind { function } else { nil } })
      for statement in body.statements { resolve(statement) }
    case .statement(let statement):
      if role == .program { resolve(statement) } else { resolveDeclaration(statement) }
    }
  }

  private mutating func resolveFunctions(_ item: Item) {
    switch item.kind {
    case .function(let function): resolve(function)
    case .step(_, let body): resolveFunctions(body.statements)
    default: break
    }
  }

  private mutating func resolveFunctions(_ statements: [Statement]) {
    for case .function(let function) in statements.map(\.kind) { resolve(function) }
  }

  // MARK: Modules and tests

  private mutating func declare(_ use: Use) {
    guard let module = modules[use.module.span.lower] else { return }
    let request = ModuleRequest(name: use.module.text, isPath: use.isPath, from: nil)
    let name = use.alias ?? Name(request.defaultName, use.module.span)
    if use.alias == nil, !Resolver.isName(name.text) {
      report(.moduleNeedsName(name.text), name.span)
      return
    }
    let top = scopes[0]
    if top.modules[name.text] != nil || top.functions[name.text] != nil || top.variables[name.text] != nil {
      let first = top.functions[name.text]?.span ?? top.variables[name.text]?.span ?? name.span
      report(.duplicateName(name.text, first: first), name.span)
    }
    scopes[0].modules[name.text] = module
  }

  /// Whether a word can be written as a name.
  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first == 95 || (first | 32) >= 97 && (first | 32) <= 122 else { return false }
    return text.utf8.allSatisfy { $0 == 95 || ($0 >= 48 && $0 <= 57) || (($0 | 32) >= 97 && ($0 | 32) <= 122) }
  }

  /// A statement at the top level of a module: only names for values that do nothing when they are computed.
  private mutating func resolveDeclaration(_ statement: Statement) {
    guard case .declare(_, false, _) = statement.kind else {
      let what = if case .declare = statement.kind { "`var`" } else { "this statement" }
      report(.onlyDeclares(what, isTest: role == .tests), statement.span)
      return
    }
    loadingDeeds = Deeds()
    resolve(statement)
    if let word = loadingDeeds?.acts ?? loadingDeeds?.reads {
      report(.actsWhenLoaded(word, isTest: role == .tests), statement.span)
    } else if resolution.writing.contains(statement.id) {
      report(.onlyDeclares("a write", isTest: role == .tests), statement.span)
    }
    loadingDeeds = nil
  }

  /// A test is a function without parameters that may write: only its own portal sees it.
  private mutating func resolveTest(_ item: Item, _ body: Block) {
    let scope = FunctionScope(parent: function, name: "the test", mayWrite: true, isNamed: true)
    scope.isTest = true
    let outer = function
    function = scope
    isInTest = true
    resolve(body)
    isInTest = false
    function = outer
  }

  // MARK: Deeds

  /// Notes that code prints, saves or stops the run.
  mutating func noteAct(_ word: String) {
    if let symbol, symbol.deeds.acts == nil { symbol.deeds.acts = word }
    if symbol == nil, loadingDeeds?.acts == nil { loadingDeeds?.acts = word }
  }

  /// Notes that code reads a file or a portal.
  mutating func noteRead(_ word: String) {
    if let symbol, symbol.deeds.reads == nil { symbol.deeds.reads = word }
    if symbol == nil, loadingDeeds?.reads == nil { loadingDeeds?.reads = word }
  }

  /// Notes that a function with a name is called or handed on.
  mutating func noteCall(_ callee: FunctionSymbol, _ span: Span) {
    if let symbol {
      symbol.calls.append(callee)
    } else if !isInTest || role == .tests {
      resolution.ownCalls.append(callee)
    }
    if rowDepth > 0 { calls.append((callee, span, .row)) }
    if symbol == nil, loadingDeeds != nil { calls.append((callee, span, .loading)) }
    if loopDepth > 0, callee.name.hasSuffix("!") { calls.append((callee, span, .loop)) }
  }

  /// Notes that code reads or writes records of a type, by its plural name.
  mutating func noteObject(_ object: String) {
    resolution.objects.insert(object)
    if let symbol {
      symbol.objects.insert(object)
    } else if !isInTest || role == .tests {
      resolution.ownObjects.insert(object)
    }
  }

  /// Notes that code carries out a plan.
  mutating func noteApply(_ span: Span) {
    symbol?.deeds.applies = true
    if loopDepth > 0 { report(.applyInLoop(callee: "apply!"), span) }
  }

  /// What a function does is known only when all of them are resolved.
  private mutating func checkCalls() {
    let called = CalledDeeds(of: calls.map(\.symbol))
    for call in calls {
      let deeds = called[call.symbol]
      switch call.place {
      case .loading:
        guard let word = deeds.acts ?? deeds.reads else { continue }
        report(.actsWhenLoaded(word, isTest: role == .tests), call.span)
      case .row:
        if let word = deeds.acts {
          report(.callActsInRow(name: call.symbol.name, word: word), call.span)
        } else if let variable = deeds.assigned.first {
          report(.callAssignsInRow(name: call.symbol.name, variable: variable.name), call.span)
        }
      case .loop: if deeds.applies { report(.applyInLoop(callee: call.symbol.name), call.span) }
      }
    }
  }

  private mutating func resolveParameter(_ parameter: Parameter) {
    if let fallback = parameter.fallback { resolve(fallback) }
    let variable = declare(parameter.name, .constant)
    variable.type = type(parameter.type)
    resolution.parameters.append(variable)
  }

  // MARK: Functions

  /// Functions are known in their whole block, so they are declared before its statements are looked at.
  mutating func declareFunctions(_ functions: [Function]) {
    for declaration in functions {
      guard resolution.stop.goesOn() else { return }
      let name = declaration.name
      if let first = scopes[scopes.count - 1].functions[name.text] {
        report(.duplicateName(name.text, first: first.span), name.span)
      }
      let scope = FunctionScope(
        parent: function, name: name.text, mayWrite: name.text.hasSuffix("!"), isNamed: true)
      let symbol = FunctionSymbol(
        name: name.text, span: name.span,
        parameters: declaration.parameters.map {
          FunctionParameter(
            name: $0.name.text, isRow: $0.type?.text == "row", hasDefault: $0.fallback != nil, type: type($0.type))
        }, documentation: declaration.documentation, scope: scope)
      if !scopes[scopes.count - 1].isTop {
        // Made where its block begins, before the names it uses have values: it and they share cells.
        let holder = Variable(name.text, name.span, .constant, owner: function)
        holder.isBoxed = true
        symbol.holder = holder
      }
      symbol.result = declaration.result.flatMap { StaticType.named($0.text) } ?? .unknown
      scopes[scopes.count - 1].functions[name.text] = symbol
      resolution.functions[declaration.id] = symbol
    }
  }

  mutating func resolve(_ declaration: Function) {
    guard resolution.stop.goesOn(), let symbol = resolution.functions[declaration.id] else { return }
    let outer = (function, rows, rowDepth, loopDepth, writers, self.symbol, plannedWrites)
    self.symbol = symbol
    function = symbol.scope
    rows = []
    rowDepth = 0
    loopDepth = 0
    writers = []
    plannedWrites = nil
    scopes.append(Scope(function: function))
    var variables: [Variable] = []
    for parameter in declaration.parameters {
      if let fallback = parameter.fallback {
        if parameter.type?.text == "row" { resolveOnRow(fallback, id: fallback.id) } else { resolve(fallback) }
      }
      let variable = declare(parameter.name, parameter.type?.text == "row" ? .rowFunction : .parameter)
      variable.type = parameter.type.flatMap { StaticType.named($0.text) } ?? .unknown
      variables.append(variable)
    }
    resolution.declared[declaration.id] = variables
    switch declaration.body {
    case .pipeline(let pipeline): resolve(pipeline)
    case .block(let block): resolve(block)
    }
    noteInlineBody(declaration, symbol, variables)
    scopes.removeLast()
    (function, rows, rowDepth, loopDepth, writers, self.symbol, plannedWrites) = outer
  }

  /// A type annotation; unknown words are reported.
  mutating func type(_ name: Name?) -> StaticType {
    guard let name else { return .unknown }
    if let type = StaticType.named(name.text) { return type }
    // Words of other languages for the same.
    let meant = ["text": "string", "str": "string", "int": "number", "float": "number", "boolean": "bool"][name.text]
    report(.unknownType(name.text, suggestion: meant ?? suggestion(name.text, StaticType.names)), name.span)
    return .unknown
  }

  // MARK: Scopes

  @discardableResult
  mutating func declare(_ name: Name, _ kind: Variable.Kind) -> Variable {
    let variable = Variable(name.text, name.span, kind, owner: function)
    // The scope is not copied on the way: its table would then be copied for each name.
    let top = scopes.count - 1
    if let first = scopes[top].variables[name.text]?.span ?? scopes[top].functions[name.text]?.span {
      report(.duplicateName(name.text, first: first), name.span)
    } else if scopes[top].modules[name.text] != nil {
      report(.namedLikeModule(name.text), name.span)
    }
    scopes[top].variables[name.text] = variable
    variable.isTop = scopes[top].isTop
    // Names that outlive this code: those of a prompt, and those of a module.
    if variable.isTop, keepsNames || role != .program { variable.global = -1 }
    return variable
  }

  func lookUp(_ name: String) -> Binding? {
    for scope in scopes.reversed() {
      if let variable = scope.variables[name] { return .variable(variable) }
      if let function = scope.functions[name] { return .function(function) }
      if let module = scope.modules[name] { return .module(module) }
    }
    if let variable = environment.variables[name] { return .variable(variable) }
    if let function = environment.functions[name] { return .function(function) }
    if let module = environment.modules[name] { return .module(module) }
    return environment.builtins[name].map { .builtin($0) }
  }

  /// What a name means where it is called. A module cannot be, so one that is named as a builtin is does not hide it:
  /// after `use text`, `text(1)` and `text.slug("a")` both mean what they say.
  func lookUpCallee(_ name: String) -> Binding? {
    guard let binding = lookUp(name) else { return nil }
    if case .module = binding, let builtin = environment.builtins[name] { return .builtin(builtin) }
    return binding
  }

  /// Notes that the running function uses a variable, which may live in one further out.
  mutating func use(_ variable: Variable) {
    variable.isUsed = true
    guard variable.global == nil, variable.owner !== function else { return }
    variable.isCaptured = true
    var scope: FunctionScope? = function
    var crossesNamed = false
    while let current = scope, current !== variable.owner {
      if current.isNamed { crossesNamed = true }
      scope = current.parent
    }
    // The main program's names that functions use are globals; elsewhere a function with a name is made before the
    // names it uses have their values, and a `var` may change after the capture: both share a cell.
    if crossesNamed, variable.isTop {
      variable.global = -1
    } else if variable.isAssignable || crossesNamed {
      variable.isBoxed = true
    }
  }

  /// Nothing is suggested behind as many errors as nobody reads: names are compared with all others.
  func suggestion<Names: Sequence<String>>(_ name: String, _ candidates: @autoclosure () -> Names) -> String? {
    guard diagnostics.count < Resolver.suggestionLimit else { return nil }
    return Spelling.suggestion(for: name, among: Array(candidates()), aliases: Resolver.aliases)
  }

  private static let suggestionLimit = 100

  var visibleNames: [String] {
    scopes.flatMap { Array($0.variables.keys) + Array($0.functions.keys) + Array($0.modules.keys) } + environment.names
  }

  /// Names that people bring from other tools.
  static let aliases = [
    "len": "length", "size": "length", "avg": "average", "mean": "average", "toupper": "upper", "tolower": "lower",
    "uppercase": "upper", "lowercase": "lower", "str": "text", "string": "text", "int": "number", "float": "number",
    "decimal": "number", "puts": "print", "echo": "print", "println": "print", "fail": "fail_with",
    "raise": "fail_with", "throw": "fail_with", "error": "fail_with", "ceiling": "ceil", "delete": "archive",
    "remove": "archive", "patch": "update", "insert": "create", "add": "create", "where": "filter",
    "substring": "slice", "substr": "slice", "typeof": "type_of", "ord": "code_points", "to_json": "json_text",
    "stringify": "json_text", "chunk": "chunks", "batched": "chunks", "to_entries": "entries", "ask": "confirm",
  ]

  // MARK: Blocks and statements

  mutating func resolve(_ block: Block) {
    scopes.append(Scope(function: function))
    declareFunctions(
      block.statements.compactMap { if case .function(let function) = $0.kind { function } else { nil } })
    for statement in block.statements { resolve(statement) }
    resolveFunctions(block.statements)
    scopes.removeLast()
  }

  mutating func resolve(_ statement: Statement) {
    guard resolution.stop.goesOn() else { return }
    writers.append(statement.id)
    defer { writers.removeLast() }
    switch statement.kind {
    case .declare(let name, let mutable, let value):
      resolve(value)
      resolution.declared[statement.id] = [declare(name, mutable ? .mutable : .constant)]
    case .assign(let name, let value):
      resolve(value)
      resolveAssignment(statement.id, name)
      if case .variable(let variable)? = resolution.bindings[statement.id.index],
        let lengthened = value.expression?.lengthenedName, lengthened == name.text
      {
        variable.isLengthened = true
      }
    case .forEach(let name, let source, let body):
      resolve(source)
      scopes.append(Scope(function: function))
      resolution.declared[statement.id] = [declare(name, .loop)]
      loopDepth += 1
      resolve(body)
      loopDepth -= 1
      scopes.removeLast()
    case .return(let value):
      // An expression on rows and a lambda may run inside of the function that they stand in, and cannot end it.
      if !function.isFunction || rowDepth > 0 { report(.outsideFunction, statement.span) }
      if let value { resolve(value) }
    case .break: if loopDepth == 0 { report(.outsideLoop("break"), statement.span) }
    case .continue: if loopDepth == 0 { report(.outsideLoop("continue"), statement.span) }
    case .tryCatch(let body, let name, let handler):
      resolve(body)
      scopes.append(Scope(function: function))
      resolution.declared[statement.id] = [declare(name, .caught)]
      resolve(handler)
      scopes.removeLast()
    case .expect(let value):
      if !function.isTest || rowDepth > 0 { report(.outsideTest("expect"), statement.span) }
      resolve(value)
    case .given(let value):
      if !function.isTest || rowDepth > 0 { report(.outsideTest("given"), statement.span) }
      resolve(value)
    case .function: break
    case .pipeline(let pipeline): resolve(pipeline)
    }
  }

  private mutating func resolveAssignment(_ id: NodeID, _ name: Name) {
    guard let binding = lookUp(name.text) else {
      report(.unknownName(name.text, suggestion: suggestion(name.text, visibleNames)), name.span)
      return
    }
    guard case .variable(let variable) = binding, variable.isAssignable else {
      let (kind, span) = fixedKind(binding)
      report(.assignToFixed(name.text, kind: kind, declared: span), name.span)
      return
    }
    if rowDepth > 0 { report(.assignInRow(name.text), name.span) }
    if let symbol, !variable.owner.isInside(symbol.scope) { symbol.deeds.assigned.append(variable) }
    use(variable)
    resolution.bindings[id.index] = .variable(variable)
  }

  private func fixedKind(_ binding: Binding) -> (String, Span?) {
    switch binding {
    case .function(let symbol): return ("a function", symbol.span)
    case .builtin: return ("a function of lis itself", nil)
    case .module: return ("a module", nil)
    case .variable(let variable):
      switch variable.kind {
      case .parameter, .rowFunction: return ("a parameter", variable.span)
      case .loop: return ("a loop variable", variable.span)
      case .caught: return ("a caught error", variable.span)
      default: return ("a constant", variable.span)
      }
    }
  }
}
