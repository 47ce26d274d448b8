import LisCore
import LisSyntax

/// A name with a value: declared by `let`, `var`, a parameter, a loop, `catch` or a stage.
public final class Variable {
  public enum Kind: Sendable {
    case constant, mutable, parameter, loop, caught
    /// The row of a stage, which programs call `.`.
    case row
    /// A parameter declared `: row`: a function of one row.
    case rowFunction
  }

  public let name: String
  public let span: Span
  public let kind: Kind
  /// The function whose frame it lives in, by depth and identity.
  let owner: FunctionScope
  /// Read or set by a function inside the owner.
  var isCaptured = false
  /// Declared at the top level of the program and not in a block.
  var isTop = false
  /// Lives in a cell of its own, since functions share it while it changes.
  var isBoxed = false
  /// Some statement puts an item behind its list: `xs = [...xs, x]`.
  var isLengthened = false
  /// Number of the global, for names of the top level that functions use or that later entries see.
  public internal(set) var global: Int?
  /// Register in the owner's frame.
  var register = -1
  public internal(set) var type: StaticType = .unknown
  var isUsed = false

  init(_ name: String, _ span: Span, _ kind: Kind, owner: FunctionScope) {
    self.name = name
    self.span = span
    self.kind = kind
    self.owner = owner
  }

  /// A register of the owner's frame is its only home.
  var isPlainLocal: Bool { global == nil && !isBoxed }
  var isAssignable: Bool { kind == .mutable }
}

/// The code that shares one frame: the main program, a function, or later a closure made of one.
final class FunctionScope {
  let parent: FunctionScope?
  /// Name for messages.
  let name: String
  /// The name ends in `!`, or it is the main program.
  let mayWrite: Bool
  /// A function with a name, and not a lambda.
  let isNamed: Bool

  /// The body of a `test`.
  var isTest = false

  /// Whether it is a scope, or the code of a function somewhere in it.
  func isInside(_ scope: FunctionScope) -> Bool {
    var current: FunctionScope? = self
    while let inner = current {
      if inner === scope { return true }
      current = inner.parent
    }
    return false
  }

  /// Declared with `fn`: neither the main program nor a lambda.
  var isFunction: Bool { isNamed && parent != nil && !isTest }

  init(parent: FunctionScope?, name: String, mayWrite: Bool, isNamed: Bool) {
    self.parent = parent
    self.name = name
    self.mayWrite = mayWrite
    self.isNamed = isNamed
  }
}

/// A function declared with `fn`.
public final class FunctionSymbol {
  public let name: String
  public let span: Span
  public let parameters: [FunctionParameter]
  public let documentation: String?
  /// Assigned when its code is reserved.
  var id: FunctionID?
  /// The variable that holds a function declared inside a block; nil at the top level, where calls are direct.
  var holder: Variable?
  let scope: FunctionScope
  public internal(set) var result: StaticType = .unknown
  /// The result was found out by the checker and not declared.
  var isResultInferred = false
  /// What its own code does beyond computing a value.
  var deeds = Deeds()
  /// Functions with a name that it calls or hands on.
  var calls: [FunctionSymbol] = []
  /// Plural names of the object types that its own code reads or writes.
  var objects: Set<String> = []
  /// What its calls in the conditions of `find` stand for; nil when it is more than one expression.
  var inline: InlineFunction?
  /// What in its own code keeps it from being inlined, if that can be named.
  var obstacle: InlineObstacle?

  init(
    name: String, span: Span, parameters: [FunctionParameter], documentation: String?, scope: FunctionScope
  ) {
    self.name = name
    self.span = span
    self.parameters = parameters
    self.documentation = documentation
    self.scope = scope
  }

  var requiredCount: Int { parameters.filter { !$0.hasDefault }.count }
}

public struct FunctionParameter: Sendable {
  public var name: String
  public var isRow: Bool
  public var hasDefault: Bool
  public var type: StaticType
}

/// What code does beyond computing a value, by the first word that does it.
struct Deeds {
  /// Prints, saves, or stops the run.
  var acts: String?
  /// Reads a file or a portal.
  var reads: String?
  /// Variables that it assigns and that are not its own.
  var assigned: [Variable] = []
  /// Carries out a plan.
  var applies = false
}

extension FunctionSymbol {
  /// Plural names of the object types that functions and everything they call read or write.
  static func objects(of called: [FunctionSymbol]) -> Set<String> {
    all(of: called).reduce(into: []) { $0.formUnion($1.objects) }
  }

  /// Functions and everything they call.
  static func all(of called: [FunctionSymbol]) -> [FunctionSymbol] {
    var found: [FunctionSymbol] = []
    var seen: Set<ObjectIdentifier> = []
    var waiting = called
    while let next = waiting.popLast() {
      guard seen.insert(ObjectIdentifier(next)).inserted else { continue }
      found.append(next)
      waiting += next.calls
    }
    return found
  }
}

/// What a name in the program stands for.
enum Binding {
  case variable(Variable)
  case function(FunctionSymbol)
  case builtin(Builtin)
  case module(ModuleSymbol)
}

/// Names that outlive one piece of program text: what the entries of a session share.
public final class Environment {
  public internal(set) var variables: [String: Variable] = [:]
  public internal(set) var functions: [String: FunctionSymbol] = [:]
  var modules: [String: ModuleSymbol] = [:]
  public let builtins: [String: Builtin]
  /// By object type: fields that programs read from rows held in names, so that every `find` has to bring them along.
  public internal(set) var mentionedFields: [String: Set<String>] = [:]

  public init(builtins: [Builtin]) {
    self.builtins = Dictionary(builtins.map { ($0.name, $0) }) { first, _ in first }
  }

  private init(builtins: [String: Builtin]) { self.builtins = builtins }

  /// What modules see of the session: the builtins, and no name of a prompt.
  var forModules: Environment { Environment(builtins: builtins) }

  /// The key in `mentionedFields` for fields of what may be a row of any type.
  public static let anyObject = "*"

  /// All names in scope at the top level, for completion and suggestions.
  public var names: [String] {
    Array(variables.keys) + Array(functions.keys) + Array(modules.keys) + Array(builtins.keys)
  }
}

/// Where arguments go: for each parameter the number of its argument, or nil when it was not given.
struct CallPlan {
  var arguments: [Int?]
  /// Arguments beyond the parameters, for a builtin that takes any number.
  var rest: [Int] = []

  /// The argument for a parameter, if one was given.
  func argument(_ slot: Int) -> Int? { slot < arguments.count ? arguments[slot] : nil }
}

/// What the resolver found, by node.
struct Resolution {
  /// Every pass that goes through the program asks it whether to go on.
  let stop: CompilationStop
  var bindings: [Binding?]
  /// Names declared by a statement, stage, lambda or function, in order.
  var declared: [NodeID: [Variable]] = [:]
  var functions: [NodeID: FunctionSymbol] = [:]
  /// Scopes of lambdas.
  var scopes: [NodeID: FunctionScope] = [:]
  /// The row of a stage, `find` or row argument.
  var rows: [NodeID: Variable] = [:]
  var plans: [NodeID: CallPlan] = [:]
  /// The row that `.` means in the record of a `group by`: the columns of the group.
  var groupRows: [NodeID: Variable] = [:]
  /// Calls that get the rows of a group as their first argument, with the stage whose groups these are.
  var aggregates: [NodeID: NodeID] = [:]
  /// Names in the short form of a record entry, by the offset of the name.
  var shortEntries: [Int: Binding] = [:]
  /// Parameters of the script, in order.
  var parameters: [Variable] = []
  /// Plural names of all object types the program reads or writes.
  var objects: Set<String> = []
  /// Those of the code that runs when the program does, beside its functions.
  var ownObjects: Set<String> = []
  /// Functions that this code calls or hands on.
  var ownCalls: [FunctionSymbol] = []
  /// Calls of `find` that are explained and not made.
  var explained: Set<NodeID> = []
  /// Nothing is read at all: `lis explain`.
  var explainsAll = false
  /// What conditions of `find` that call functions of the row come to, for what is asked of the portal.
  var inlined: [NodeID: Expression] = [:]
  /// Statements and stages in which something is written.
  var writing: Set<NodeID> = []

  /// What a node stands for. A name in the short form of a record entry is no node of its own and known by its place.
  func binding(at node: Expression) -> Binding? {
    node.id.index < 0 ? shortEntries[node.span.lower] : bindings[node.id.index]
  }

  /// What a name, or a name of a module such as `money.cents`, stands for.
  func binding(of expression: Expression) -> Binding? {
    switch expression.kind {
    case .name, .member: binding(at: expression)
    default: nil
    }
  }

  /// Whether a `find` is only told about, so that it need not say `all`.
  func isExplained(_ find: Find) -> Bool { explainsAll || explained.contains(find.id) }

  /// Whether a node is the row that `field` belongs to, or another field of it.
  func isRow(_ node: Expression, of field: Expression) -> Bool {
    guard node.id.index >= 0 else { return false }
    switch (node.kind, field.kind) {
    case (.field, .field), (.row, .field):
      guard case .variable(let one)? = bindings[node.id.index], case .variable(let other)? = bindings[field.id.index]
      else { return false }
      return one === other
    default: return false
    }
  }

  /// Whether a node is the name of a variable.
  func isVariable(_ variable: Variable, _ node: Expression) -> Bool {
    guard case .name = node.kind, case .variable(let found)? = binding(at: node) else { return false }
    return found === variable
  }

  init(nodeCount: Int, stop: CompilationStop) {
    bindings = Array(repeating: nil, count: nodeCount)
    self.stop = stop
  }
}
