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
  private let intrinsics: [Intrinsic: Int]
  /// Source texts by the numbers that fault traces use.
  public private(set) var sources: [SourceText] = []

  public init(machine: Machine, builtins: [Builtin], intrinsics: [Intrinsic: Int]) {
    self.machine = machine
    self.intrinsics = intrinsics
    environment = Environment(builtins: builtins)
  }

  /// A program whose names are understood.
  public struct Analysis {
    public let source: SourceText
    let program: Program
    var resolver: Resolver
    /// Errors of form and of names. With any, the program is not compiled.
    public var diagnostics: [Diagnostic] { (syntaxProblems + resolver.diagnostics).inSourceOrder }
    let syntaxProblems: [Diagnostic]
    /// More input at the end would complete it.
    public let needsMoreInput: Bool
    /// Plural names of the object types it reads or writes.
    public var objects: Set<String> { resolver.resolution.objects }
    /// Whether it writes anywhere, functions included.
    public var writes: Bool { !resolver.resolution.writing.isEmpty }
  }

  /// - Parameter keepsNames: top-level names stay known to what is compiled later, as at a prompt.
  public func analyze(_ source: SourceText, keepsNames: Bool) -> Analysis {
    let parsed = parse(source)
    var resolver = Resolver(
      source: source, environment: environment, keepsNames: keepsNames, nodeCount: parsed.program.nodeCount)
    // A tree with holes would only repeat the errors that made them.
    if parsed.diagnostics.isEmpty { resolver.resolve(parsed.program) }
    return Analysis(
      source: source, program: parsed.program, resolver: resolver, syntaxProblems: parsed.diagnostics,
      needsMoreInput: parsed.needsMoreInput)
  }

  /// Checks types and properties. `schemaAge` says when the schema was read, if it comes from a cache.
  /// - Returns: errors; or, of a program without one, warnings.
  public func check(_ analysis: Analysis, schema: PortalSchema, schemaAge: String? = nil) -> [Diagnostic] {
    var checker = Checker(
      source: analysis.source, schema: schema, resolution: analysis.resolver.resolution, schemaAge: schemaAge)
    checker.isInteractive = analysis.resolver.keepsNames
    checker.check(analysis.program)
    return (checker.diagnostics + checker.warnings).inSourceOrder
  }

  /// Checks and lowers. Names become known to later entries only when there is no error.
  public func compile(
    _ analysis: Analysis, schema: PortalSchema, schemaAge: String? = nil
  ) -> Result<CompiledUnit, CompileFailure> {
    guard analysis.diagnostics.isEmpty else { return .failure(CompileFailure(diagnostics: analysis.diagnostics)) }
    let resolution = analysis.resolver.resolution
    var checker = Checker(source: analysis.source, schema: schema, resolution: resolution, schemaAge: schemaAge)
    checker.isInteractive = analysis.resolver.keepsNames
    checker.check(analysis.program)
    guard checker.diagnostics.isEmpty else {
      return .failure(CompileFailure(diagnostics: checker.diagnostics.inSourceOrder))
    }
    for (object, fields) in checker.mentions.byObject {
      environment.mentionedFields[object, default: []].formUnion(fields)
    }
    sources.append(analysis.source)
    let lowering = Lowering(
      source: analysis.source, sourceNumber: sources.count - 1, machine: machine, intrinsics: intrinsics,
      resolution: resolution, environment: environment, descriptions: descriptions, mentions: checker.mentions,
      isInteractive: analysis.resolver.keepsNames)
    let main = lowering.lower(analysis.program)
    guard lowering.diagnostics.isEmpty else { return .failure(CompileFailure(diagnostics: lowering.diagnostics)) }
    if analysis.resolver.keepsNames { environment.adopt(analysis.resolver) }
    return .success(
      CompiledUnit(
        main: main, parameters: parameters(of: analysis), writes: analysis.writes, objects: analysis.objects,
        warnings: checker.warnings.inSourceOrder)
    )
  }

  /// The parameters of a script, with the types that are known so far.
  public func parameters(of analysis: Analysis) -> [UnitParameter] {
    var result: [UnitParameter] = []
    for item in analysis.program.items {
      guard case .param(let parameter) = item.kind else { continue }
      let variable = analysis.resolver.resolution.parameters.first { $0.name == parameter.name.text }
      result.append(
        UnitParameter(
          name: parameter.name.text, type: variable?.type ?? .unknown,
          fallback: parameter.fallback.map { analysis.source.text($0.span) }, documentation: item.documentation))
    }
    return result
  }

  /// Parameters without checking the rest, for `--help`.
  public func parameters(of source: SourceText) -> [UnitParameter] {
    parameters(of: analyze(source, keepsNames: false))
  }
}

public struct CompileFailure: Error, Sendable {
  public var diagnostics: [Diagnostic]

  public init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

public struct CompiledUnit {
  public let main: FunctionID
  public let parameters: [UnitParameter]
  public let writes: Bool
  public let objects: Set<String>
  /// What the check found that may be meant and probably is not.
  public let warnings: [Diagnostic]
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
      variables[name] = variable
    }
    for (name, function) in top.functions {
      variables[name] = nil
      functions[name] = function
    }
  }
}
