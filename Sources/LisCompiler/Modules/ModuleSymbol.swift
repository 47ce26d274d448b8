import LisCore
import LisSyntax

/// What a module declares, as programs that `use` it see it. Names that begin with `_` are for the module alone.
final class ModuleSymbol {
  /// What makes it one module however it was named: the path of its file, or the name of a library module.
  let identity: String
  let source: SourceText
  /// Part of lis and not the user's.
  let isLibrary: Bool
  var variables: [String: Variable] = [:]
  var functions: [String: FunctionSymbol] = [:]
  /// Computes the module's constants; assigned when it is lowered.
  var start: FunctionID?

  init(_ module: FoundModule) {
    identity = module.identity
    source = module.source
    isLibrary = module.isLibrary
  }

  static func isPrivate(_ name: String) -> Bool { name.hasPrefix("_") }

  func member(_ name: String) -> Binding? {
    if let function = functions[name] { return .function(function) }
    return variables[name].map { .variable($0) }
  }

  /// The names that others may use.
  var names: [String] {
    (Array(variables.keys) + Array(functions.keys)).filter { !ModuleSymbol.isPrivate($0) }.sorted()
  }
}

/// A module that a program asks for by `use`.
public struct ModuleRequest: Sendable {
  /// As written: a path, or the name of a library module.
  public var name: String
  /// Written as a text, and so the path of a file.
  public var isPath: Bool
  /// Identity of the module that asks; nil for the program itself.
  public var from: String?

  /// The name it has where nothing follows `as`: the stem of its file.
  var defaultName: String {
    guard isPath else { return name }
    let file = name.split(separator: "/").last.map { String($0) } ?? name
    return file.hasSuffix(".lis") ? String(file.dropLast(4)) : file
  }
}

/// The text of a module, and what tells it from all others.
public struct FoundModule: Sendable {
  public var identity: String
  public var source: SourceText
  /// Part of lis and not the user's.
  public var isLibrary: Bool

  public init(identity: String, source: SourceText, isLibrary: Bool = false) {
    self.identity = identity
    self.source = source
    self.isLibrary = isLibrary
  }
}

/// Why a module cannot be had.
public enum ModuleProblem: Error, Sendable, Hashable {
  /// No library module has the name; `known` are those that exist.
  case unknownLibrary(String, known: [String])
  /// The file cannot be read; the reason is a sentence of its own.
  case unreadable(String, reason: String, hint: String?)
}

/// Finds the texts of modules: files and libraries are somebody else's business.
public typealias FindModule = (ModuleRequest) -> Result<FoundModule, ModuleProblem>
