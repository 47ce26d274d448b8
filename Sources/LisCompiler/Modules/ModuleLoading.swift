import LisCore
import LisSyntax

/// Reads and resolves the modules of a program, those they use first.
///
/// ```
/// program ─ use "./pricing.lis" ─▶ pricing ─ use money ─▶ money
///                                  order of the result:   money, pricing
/// ```
struct ModuleLoading {
  let find: FindModule
  let environment: Environment
  /// Modules that earlier pieces of the session have compiled, by identity.
  let compiled: [String: CompiledModule]
  private let stop: CompilationStop
  private(set) var pieces: [Compiler.Piece] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// Modules that are being read, from the program inwards.
  private var path: [String] = []
  private var ready: [String: ModuleSymbol] = [:]
  /// Starts of all modules in the order in which they have to run.
  private(set) var modules: [ModuleSymbol] = []
  /// Identities of the modules that were not compiled before.
  private var isNew: Set<String> = []

  /// Modules inside modules; deeper ones are refused, since each takes a piece of the stack.
  static let depthLimit = 64

  init(
    find: @escaping FindModule, environment: Environment, compiled: [String: CompiledModule], stop: CompilationStop
  ) {
    self.stop = stop
    self.find = find
    self.environment = environment
    self.compiled = compiled
  }

  /// The modules that the `use` items of a program name, by the offset of the name.
  mutating func load(_ program: Program, of source: SourceText, from: String? = nil) -> [Int: ModuleSymbol] {
    var found: [Int: ModuleSymbol] = [:]
    for item in program.items {
      guard case .use(let use) = item.kind, !use.module.text.isEmpty else { continue }
      found[use.module.span.lower] = load(use, of: source, from: from)
    }
    return found
  }

  private mutating func load(_ use: Use, of source: SourceText, from: String?) -> ModuleSymbol? {
    let request = ModuleRequest(name: use.module.text, isPath: use.isPath, from: from)
    let module: FoundModule
    switch find(request) {
    case .failure(let problem):
      report(.module(problem), use.module.span, source)
      return nil
    case .success(let found): module = found
    }
    if let known = ready[module.identity] { return known }
    if let first = path.firstIndex(of: module.identity) {
      let names = (path[first...] + [module.identity]).map { ModuleLoading.shortName($0) }
      report(.moduleCycle(Array(names)), use.module.span, source)
      return nil
    }
    guard path.count < ModuleLoading.depthLimit else {
      report(.modulesTooDeep(limit: ModuleLoading.depthLimit), use.module.span, source)
      return nil
    }
    path.append(module.identity)
    defer { path.removeLast() }
    return resolve(module)
  }

  private mutating func resolve(_ module: FoundModule) -> ModuleSymbol? {
    let parsed = parse(module.source, stop: stop)
    let used = load(parsed.program, of: module.source, from: module.identity)
    if let known = compiled[module.identity], known.symbol.source.bytes == module.source.bytes,
      used.values.allSatisfy({ !isNew.contains($0.identity) })
    {
      ready[module.identity] = known.symbol
      modules.append(known.symbol)
      return known.symbol
    }
    let symbol = ModuleSymbol(module)
    var resolver = Resolver(
      source: module.source, environment: environment.forModules, keepsNames: false, role: .module,
      modules: used, nodeCount: parsed.program.nodeCount, stop: stop)
    diagnostics += parsed.diagnostics
    if parsed.diagnostics.isEmpty { resolver.resolve(parsed.program) }
    diagnostics += resolver.diagnostics
    if let top = resolver.scopes.first {
      symbol.variables = top.variables
      symbol.functions = top.functions
    }
    pieces.append(
      Compiler.Piece(source: module.source, program: parsed.program, resolution: resolver.resolution, module: symbol))
    isNew.insert(module.identity)
    ready[module.identity] = symbol
    modules.append(symbol)
    return symbol
  }

  private mutating func report(_ problem: CheckProblem, _ span: Span, _ source: SourceText) {
    diagnostics.append(problem.diagnostic(span, in: source))
  }

  private static func shortName(_ identity: String) -> String {
    identity.split(separator: "/").last.map { String($0) } ?? identity
  }
}

/// A module whose code is made.
struct CompiledModule {
  var symbol: ModuleSymbol
}
