/// A whole script, module or REPL entry.
public struct Program: Sendable {
  public var items: [Item]
  /// How many node ids were given out; later passes size their tables by it.
  public var nodeCount: Int

  public init(items: [Item], nodeCount: Int) {
    self.items = items
    self.nodeCount = nodeCount
  }
}

public struct Item: Sendable {
  public var span: Span
  /// The `##` lines in front, joined by newlines, without their marks.
  public var documentation: String?
  public var kind: Kind

  public init(span: Span, documentation: String?, kind: Kind) {
    self.span = span
    self.documentation = documentation
    self.kind = kind
  }

  public indirect enum Kind: Sendable {
    case use(Use)
    case param(Parameter)
    case function(Function)
    case test(title: String, body: Block)
    case step(title: String, body: Block)
    case statement(Statement)
  }
}

/// `use "./pricing.lis" as pricing`, or `use money`.
public struct Use: Sendable {
  public var module: Name
  public var isPath: Bool
  public var alias: Name?

  public init(module: Name, isPath: Bool, alias: Name?) {
    self.module = module
    self.isPath = isPath
    self.alias = alias
  }
}

/// A parameter of a function or a `param` of a script.
public struct Parameter: Sendable {
  public var name: Name
  public var type: Name?
  public var fallback: Expression?

  public init(name: Name, type: Name?, fallback: Expression?) {
    self.name = name
    self.type = type
    self.fallback = fallback
  }
}

public struct Function: Sendable {
  public var id: NodeID
  /// Ends in `!` for a function that may write.
  public var name: Name
  public var parameters: [Parameter]
  public var result: Name?
  public var body: FunctionBody
  public var documentation: String?

  public init(
    id: NodeID, name: Name, parameters: [Parameter], result: Name?, body: FunctionBody, documentation: String?
  ) {
    self.id = id
    self.name = name
    self.parameters = parameters
    self.result = result
    self.body = body
    self.documentation = documentation
  }
}

public enum FunctionBody: Sendable {
  case pipeline(Pipeline)
  case block(Block)
}

public struct Block: Sendable {
  public var statements: [Statement]
  /// With its braces.
  public var span: Span

  public init(statements: [Statement], span: Span) {
    self.statements = statements
    self.span = span
  }
}

public struct Statement: Sendable {
  public var id: NodeID
  public var span: Span
  public var kind: Kind

  public init(id: NodeID, span: Span, kind: Kind) {
    self.id = id
    self.span = span
    self.kind = kind
  }

  public indirect enum Kind: Sendable {
    /// `let` or, with `mutable`, `var`.
    case declare(name: Name, mutable: Bool, value: Pipeline)
    case assign(name: Name, value: Pipeline)
    case forEach(name: Name, source: Pipeline, body: Block)
    case `return`(Pipeline?)
    case `break`
    case `continue`
    case tryCatch(body: Block, name: Name, handler: Block)
    case expect(Pipeline)
    case given(Pipeline)
    /// A function declared inside a block.
    case function(Function)
    case pipeline(Pipeline)
  }
}
