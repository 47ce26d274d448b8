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

  struct Scope {
    var variables: [String: Variable] = [:]
    var functions: [String: FunctionSymbol] = [:]
    let function: FunctionScope
    var isTop = false
  }

  init(source: SourceText, environment: Environment, keepsNames: Bool, nodeCount: Int) {
    self.source = source
    self.environment = environment
    self.keepsNames = keepsNames
    resolution = Resolution(nodeCount: nodeCount)
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
  }

  private mutating func resolve(_ item: Item) {
    switch item.kind {
    case .use(let use): report(.notYet("`use`"), use.module.span)
    case .test: report(.notYet("`test`"), item.span)
    case .param(let parameter): resolveParameter(parameter)
    case .function(let function): resolve(function)
    case .step(_, let body):
      // Names bound in a step are visible to the steps after it, so its statements belong to the top level.
      declareFunctions(
        body.statements.compactMap { if case .function(let function) = $0.kind { function } else { nil } })
      for statement in body.statements { resolve(statement) }
    case .statement(let statement): resolve(statement)
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
    guard let symbol = resolution.functions[declaration.id] else { return }
    let outer = (function, rows, rowDepth, loopDepth, writers)
    function = symbol.scope
    rows = []
    rowDepth = 0
    loopDepth = 0
    writers = []
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
    scopes.removeLast()
    (function, rows, rowDepth, loopDepth, writers) = outer
  }

  /// A type annotation; unknown words are reported.
  mutating func type(_ name: Name?) -> StaticType {
    guard let name else { return .unknown }
    if let type = StaticType.named(name.text) { return type }
    report(.unknownType(name.text, suggestion: suggestion(name.text, StaticType.names)), name.span)
    return .unknown
  }

  // MARK: Scopes

  @discardableResult
  mutating func declare(_ name: Name, _ kind: Variable.Kind) -> Variable {
    let variable = Variable(name.text, name.span, kind, owner: function)
    if let first = scopes[scopes.count - 1].variables[name.text] {
      report(.duplicateName(name.text, first: first.span), name.span)
    }
    scopes[scopes.count - 1].variables[name.text] = variable
    variable.isTop = scopes[scopes.count - 1].isTop
    if variable.isTop, keepsNames { variable.global = -1 }
    return variable
  }

  func lookUp(_ name: String) -> Binding? {
    for scope in scopes.reversed() {
      if let variable = scope.variables[name] { return .variable(variable) }
      if let function = scope.functions[name] { return .function(function) }
    }
    if let variable = environment.variables[name] { return .variable(variable) }
    if let function = environment.functions[name] { return .function(function) }
    return environment.builtins[name].map { .builtin($0) }
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

  func suggestion(_ name: String, _ candidates: some Sequence<String>) -> String? {
    Spelling.suggestion(for: name, among: Array(candidates), aliases: Resolver.aliases)
  }

  var visibleNames: [String] {
    scopes.flatMap { Array($0.variables.keys) + Array($0.functions.keys) } + environment.names
  }

  /// Names that people bring from other tools.
  static let aliases = [
    "len": "length", "size": "length", "avg": "average", "mean": "average", "toupper": "upper", "tolower": "lower",
    "uppercase": "upper", "lowercase": "lower", "str": "text", "string": "text", "int": "number", "float": "number",
    "decimal": "number", "puts": "print", "echo": "print", "println": "print", "fail": "fail_with",
    "raise": "fail_with", "throw": "fail_with", "error": "fail_with", "ceiling": "ceil", "delete": "archive",
    "remove": "archive", "patch": "update", "insert": "create", "add": "create", "where": "filter",
  ]

  // MARK: Blocks and statements

  mutating func resolve(_ block: Block) {
    scopes.append(Scope(function: function))
    declareFunctions(
      block.statements.compactMap { if case .function(let function) = $0.kind { function } else { nil } })
    for statement in block.statements { resolve(statement) }
    scopes.removeLast()
  }

  mutating func resolve(_ statement: Statement) {
    writers.append(statement.id)
    defer { writers.removeLast() }
    switch statement.kind {
    case .declare(let name, let mutable, let value):
      resolve(value)
      resolution.declared[statement.id] = [declare(name, mutable ? .mutable : .constant)]
    case .assign(let name, let value):
      resolve(value)
      resolveAssignment(statement.id, name)
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
      report(.outsideTest("expect"), statement.span)
      resolve(value)
    case .given(let value):
      report(.outsideTest("given"), statement.span)
      resolve(value)
    case .function(let function): resolve(function)
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
    use(variable)
    resolution.bindings[id.index] = .variable(variable)
  }

  private func fixedKind(_ binding: Binding) -> (String, Span?) {
    switch binding {
    case .function(let symbol): return ("a function", symbol.span)
    case .builtin: return ("a function of lis itself", nil)
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
