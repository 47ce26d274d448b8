import LisCore
import LisSchema
import LisSyntax

/// Compiles the pieces of one session: a script, or one entry after another.
///
/// ```
/// text ─ parse ─ resolve ─▶ Analysis ─ check against the schema ─ lower ─▶ CompiledUnit
/// ```
///
/// The two halves are apart because the schema may have to be asked for in between, and only if names, arity and effects
/// are right.
public final class Compiler {
  public let machine: Machine
  public let environment: Environment
  public let descriptions = Descriptions()
  private let intrinsics: IntrinsicNumbers
  /// Source texts by the numbers that fault traces use.
  public private(set) var sources: [SourceText] = []

  public init(machine: Machine, builtins: [Builtin], intrinsics: IntrinsicNumbers) {
    self.machine = machine
    self.intrinsics = intrinsics
    environment = Environment(builtins: builtins)
  }

  /// Finds the modules that programs use.
  public var findModule: FindModule = { .failure(.unreadable($0.name, reason: "there are no modules here", hint: nil)) }
  private var compiled: [String: CompiledModule] = [:]
  /// Programs are only told about, as by `lis explain`: no `find` in them is made, so none needs to say `all`.
  public var explainsOnly = false

  /// Told of every look at the machine's stop flag, with the number of looks so far; for tests.
  public var onLook: ((Int) -> Void)?
  private var looks = 0

  private func mayGoOn() -> Bool {
    looks += 1
    onLook?(looks)
    return !machine.stop.isStopped
  }

  /// What a program is compiled for.
  public enum Role: Sendable {
    /// To be run; its tests are checked and left out.
    case program
    /// To be used by others: it only declares.
    case module
    /// For its tests: it only declares, and each test becomes a function of its own.
    case tests
  }

  /// A text whose names are understood.
  struct Piece {
    var source: SourceText
    var program: Program
    var resolution: Resolution
    /// What others see of it; nil for the program itself.
    var module: ModuleSymbol?
  }

  /// A program whose names are understood, with the modules it uses.
  public struct Analysis {
    public let source: SourceText
    let program: Program
    var resolver: Resolver
    let role: Role
    /// Modules that have to be compiled for it, those that others use first.
    var pieces: [Piece] = []
    /// All modules it uses, in the order in which their constants are computed.
    var modules: [ModuleSymbol] = []
    /// Errors of form and of names, those of the modules it uses included. With any, the program is not compiled.
    public var diagnostics: [Diagnostic] {
      moduleProblems + (syntaxProblems + resolver.diagnostics).inSourceOrder
    }
    /// Its form and its modules are sound, so that types can be looked at whatever is wrong with names.
    var isReadable: Bool { syntaxProblems.isEmpty && moduleProblems.isEmpty }
    let syntaxProblems: [Diagnostic]
    var moduleProblems: [Diagnostic] = []
    /// Its compilation was told to end, by the machine's stop flag: nothing that is said of it holds.
    public var isStopped: Bool { resolver.resolution.stop.isStopped }
    /// More input at the end would complete it.
    public let needsMoreInput: Bool
    /// Plural names of the object types it reads or writes.
    public var objects: Set<String> {
      pieces.reduce(into: resolver.resolution.objects) { $0.formUnion($1.resolution.objects) }
    }
    /// Those of the code that can run: the program's own and that of the functions it calls or hands on.
    public var reachedObjects: Set<String> {
      let resolutions = pieces.map(\.resolution) + [resolver.resolution]
      // What a prompt declares may be called by any later entry.
      let start = resolver.keepsNames ? resolver.resolution.objects : []
      let own = resolutions.reduce(into: start) { $0.formUnion($1.ownObjects) }
      return own.union(FunctionSymbol.objects(of: resolutions.flatMap(\.ownCalls)))
    }
    /// Functions that its own code calls or hands on, and those that these do.
    var reachedFunctions: [FunctionSymbol] {
      FunctionSymbol.all(of: (pieces.map(\.resolution) + [resolver.resolution]).flatMap(\.ownCalls))
    }
    /// Whether it writes anywhere, functions included.
    public var writes: Bool {
      !resolver.resolution.writing.isEmpty || pieces.contains { !$0.resolution.writing.isEmpty }
    }
    /// Titles of its tests, in order.
    public var tests: [String] {
      program.items.compactMap { if case .test(let title, _) = $0.kind { title } else { nil } }
    }
  }

  /// The machine's stop flag ends it, and so it does `check` and `compile`; then `Analysis.isStopped` is true.
  /// - Parameter keepsNames: top-level names stay known to what is compiled later, as at a prompt.
  public func analyze(_ source: SourceText, keepsNames: Bool, role: Role = .program) -> Analysis {
    let stop = CompilationStop { self.mayGoOn() }
    let parsed = parse(source, stop: stop)
    var loading = ModuleLoading(
      find: findModule, environment: environment, compiled: compiled, stop: stop)
    // A tree with holes would only repeat the errors that made them.
    let isSound = parsed.diagnostics.isEmpty && !stop.isStopped
    let used = isSound ? loading.load(parsed.program, of: source) : [:]
    var resolver = Resolver(
      source: source, environment: environment, keepsNames: keepsNames, role: role, modules: used,
      nodeCount: parsed.program.nodeCount, stop: stop)
    resolver.resolution.explainsAll = explainsOnly
    if isSound { resolver.resolve(parsed.program) }
    var analysis = Analysis(
      source: source, program: parsed.program, resolver: resolver, role: role, syntaxProblems: parsed.diagnostics,
      needsMoreInput: parsed.needsMoreInput)
    analysis.pieces = loading.pieces
    analysis.modules = loading.modules
    analysis.moduleProblems = loading.diagnostics
    return analysis
  }

  /// Checks types and properties. `schemaAge` says when the schema was read, if it comes from a cache.
  /// - Returns: errors, those of names included, and behind them the warnings of what is free of errors; modules of the
  ///   library have none.
  public func check(_ analysis: Analysis, schema: PortalSchema, schemaAge: String? = nil) -> [Diagnostic] {
    guard analysis.isReadable else { return analysis.diagnostics }
    let checkers = checkers(analysis, schema, schemaAge)
    let isOwn = analysis.pieces.map { $0.module?.isLibrary != true } + [true]
    let warnings = zip(checkers, isOwn).flatMap { $1 ? $0.warnings.inSourceOrder : [] }
    let modules = checkers.dropLast().flatMap(\.diagnostics.inSourceOrder)
    let own = analysis.diagnostics + (checkers.last?.diagnostics ?? [])
    return modules + own.inSourceOrder + warnings
  }

  /// Those of the modules first, the program's own last.
  private func checkers(_ analysis: Analysis, _ schema: PortalSchema, _ schemaAge: String?) -> [Checker] {
    let own = Piece(source: analysis.source, program: analysis.program, resolution: analysis.resolver.resolution)
    return (analysis.pieces + [own]).map { piece in
      var checker = Checker(
        source: piece.source, schema: schema, resolution: piece.resolution, schemaAge: schemaAge)
      checker.checksTests = piece.module == nil
      checker.isInteractive = piece.module == nil && analysis.resolver.keepsNames
      if piece.module == nil { checker.known = analysis.resolver.diagnostics }
      checker.check(piece.program)
      return checker
    }
  }

  /// Checks and lowers. Names become known to later entries only when there is no error. Fails without a diagnostic
  /// when it was stopped.
  public func compile(
    _ analysis: Analysis, schema: PortalSchema, schemaAge: String? = nil
  ) -> Compilation {
    guard analysis.diagnostics.isEmpty else { return .refused(analysis.diagnostics) }
    let checkers = checkers(analysis, schema, schemaAge)
    let problems = checkers.flatMap(\.diagnostics.inSourceOrder)
    guard problems.isEmpty, !analysis.isStopped else { return .refused(problems) }
    for checker in checkers {
      for (object, fields) in checker.mentions.byObject {
        environment.mentionedFields[object, default: []].formUnion(fields)
      }
    }
    let reached = Set(analysis.reachedFunctions.map { ObjectIdentifier($0) })
    var modules: [CompiledModule] = []
    for (piece, checker) in zip(analysis.pieces, checkers) {
      guard let module = piece.module else { continue }
      let lowering = lowering(piece, checker, isInteractive: false, reached)
      module.start = lowering.lowerModule(piece.program)
      guard lowering.diagnostics.isEmpty else { return .refused(lowering.diagnostics) }
      modules.append(CompiledModule(symbol: module))
    }
    guard let checker = checkers.last else { return .refused([]) }
    let own = Piece(source: analysis.source, program: analysis.program, resolution: analysis.resolver.resolution)
    let lowering = lowering(own, checker, isInteractive: analysis.resolver.keepsNames, reached)
    let starts = analysis.modules.compactMap(\.start)
    let main = lowering.lower(analysis.program, starts: starts)
    let tests = analysis.role == .tests ? lowering.lowerTests(analysis.program) : []
    guard lowering.diagnostics.isEmpty, !analysis.isStopped else {
      return .refused(lowering.diagnostics)
    }
    for module in modules { compiled[module.symbol.identity] = module }
    if analysis.resolver.keepsNames { environment.adopt(analysis.resolver) }
    return .unit(
      CompiledUnit(
        main: main, parameters: parameters(of: analysis), tests: tests, writes: analysis.writes,
        objects: analysis.objects, warnings: checker.warnings.inSourceOrder))
  }

  private func lowering(
    _ piece: Piece, _ checker: Checker, isInteractive: Bool, _ reached: Set<ObjectIdentifier>
  ) -> Lowering {
    sources.append(piece.source)
    return Lowering(
      source: piece.source, sourceNumber: sources.count - 1, machine: machine, intrinsics: intrinsics,
      resolution: piece.resolution, environment: environment, descriptions: descriptions, mentions: checker.mentions,
      isInteractive: isInteractive, program: piece.program, reached: reached)
  }

  /// The parameters of a script, with the types that are known so far.
  public func parameters(of analysis: Analysis) -> [UnitParameter] {
    var result: [UnitParameter] = []
    let variables = Dictionary(
      analysis.resolver.resolution.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for item in analysis.program.items {
      guard case .param(let parameter) = item.kind else { continue }
      result.append(
        UnitParameter(
          name: parameter.name.text, type: variables[parameter.name.text]?.type ?? .unknown,
          fallback: parameter.fallback.map { analysis.source.text($0.span) }, documentation: item.documentation))
    }
    return result
  }

  /// Parameters without checking the rest, for `--help`.
  public func parameters(of source: SourceText) -> [UnitParameter] {
    parameters(of: analyze(source, keepsNames: false))
  }
}

/// What became of a program.
public enum Compilation {
  case unit(CompiledUnit)
  case refused([Diagnostic])
}

public struct CompiledUnit {
  public let main: FunctionID
  public let parameters: [UnitParameter]
  public let tests: [CompiledTest]
  public let writes: Bool
  public let objects: Set<String>
  /// What the check found that may be meant and probably is not.
  public let warnings: [Diagnostic]
}

/// A test of a program, to be run after the program's own code has computed its constants.
public struct CompiledTest: Sendable {
  public let title: String
  public let function: FunctionID
  /// Line of the word `test`, from 1.
  public let line: Int
}

/// A `param` of a script.
public struct UnitParameter: Sendable {
  public var name: String
  public var type: StaticType
  /// The default as it is written.
  public var fallback: String?
  public var documentation: String?

  /// `price_floor` is given as `--price-floor`.
  public var flag: String { "--" + name.map { $0 == "_" ? "-" : String($0) }.joined() }
}

extension [Diagnostic] {
  /// By place, as people read a program; those of one place stay in the order in which they were found.
  var inSourceOrder: [Diagnostic] {
    enumerated().sorted { one, other in
      let left = one.element.primaryLabel?.span.lower ?? 0
      let right = other.element.primaryLabel?.span.lower ?? 0
      return (left, one.offset) < (right, other.offset)
    }.map(\.element)
  }
}

extension Environment {
  func adopt(_ resolver: Resolver) {
    guard let top = resolver.scopes.first else { return }
    for (name, variable) in top.variables {
      functions[name] = nil
      modules[name] = nil
      variables[name] = variable
    }
    for (name, function) in top.functions {
      variables[name] = nil
      modules[name] = nil
      functions[name] = function
    }
    for (name, module) in top.modules {
      variables[name] = nil
      functions[name] = nil
      modules[name] = module
    }
  }
}
