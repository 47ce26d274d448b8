/// A source and the stages its rows pass through. An expression alone is a pipeline without stages.
public struct Pipeline: Sendable {
  /// The word `plan` in front, if there.
  public var plan: Span?
  public var source: PipelineSource
  public var stages: [Stage]
  public var span: Span

  public init(plan: Span?, source: PipelineSource, stages: [Stage], span: Span) {
    self.plan = plan
    self.source = source
    self.stages = stages
    self.span = span
  }

  /// The expression, when the pipeline is nothing else.
  public var expression: Expression? {
    if plan == nil, stages.isEmpty, case .expression(let expression) = source { return expression }
    return nil
  }
}

public indirect enum PipelineSource: Sendable {
  case find(Find)
  case create(Create)
  case upsert(Upsert)
  case expression(Expression)
}

/// `find [all] [object] [where condition]`.
public struct Find: Sendable {
  public var id: NodeID
  public var span: Span
  public var all: Span?
  /// nil means line items.
  public var object: Name?
  public var condition: Expression?

  public init(id: NodeID, span: Span, all: Span?, object: Name?, condition: Expression?) {
    self.id = id
    self.span = span
    self.all = all
    self.object = object
    self.condition = condition
  }
}

public struct Stage: Sendable {
  public var id: NodeID
  /// From the head word to the end of the last clause.
  public var span: Span
  /// The head word alone.
  public var head: Span
  public var kind: Kind

  public init(id: NodeID, span: Span, head: Span, kind: Kind) {
    self.id = id
    self.span = span
    self.head = head
    self.kind = kind
  }

  public indirect enum Kind: Sendable {
    case `where`(Expression)
    case take(Expression)
    case skip(Expression)
    case map(Expression)
    case save(Expression)
    case distinct(Expression?)
    case select([Column])
    case sort([Order])
    case groupBy([Column], RecordLiteral)
    case each(Name?, Block)
    case create(Create)
    case upsert(Upsert)
    case update(Update)
    case archive([Guard])
    case associate(Target, [Guard])
    /// A function joins the pipeline; the rows become its first argument. `path` has more than one name for a
    /// function of a module. `arguments` is nil when no brackets were written.
    case call(path: [Name], arguments: [Argument]?)
  }
}

/// `name: expression`, or an expression whose name is its own text (`.price` is `price`).
public struct Column: Sendable {
  public var name: Name?
  public var value: Expression

  public init(name: Name?, value: Expression) {
    self.name = name
    self.value = value
  }
}

public struct Order: Sendable {
  public var value: Expression
  public var descending: Bool

  public init(value: Expression, descending: Bool) {
    self.value = value
    self.descending = descending
  }
}

public struct Create: Sendable {
  public var id: NodeID
  public var span: Span
  /// nil means line items.
  public var object: Name?
  public var record: RecordLiteral
  public var target: Target?
  public var guards: [Guard]

  public init(id: NodeID, span: Span, object: Name?, record: RecordLiteral, target: Target?, guards: [Guard]) {
    self.id = id
    self.span = span
    self.object = object
    self.record = record
    self.target = target
    self.guards = guards
  }
}

public struct Upsert: Sendable {
  public var id: NodeID
  public var span: Span
  public var object: Name?
  /// The property that identifies a record; also a key of `record`.
  public var key: Name
  public var record: RecordLiteral
  public var target: Target?
  public var guards: [Guard]

  public init(
    id: NodeID, span: Span, object: Name?, key: Name, record: RecordLiteral, target: Target?, guards: [Guard]
  ) {
    self.id = id
    self.span = span
    self.object = object
    self.key = key
    self.record = record
    self.target = target
    self.guards = guards
  }
}

public struct Update: Sendable {
  public var record: RecordLiteral
  public var guards: [Guard]

  public init(record: RecordLiteral, guards: [Guard]) {
    self.record = record
    self.guards = guards
  }
}

/// `to deal .DealId`: the object type and the id of the record to associate with.
public struct Target: Sendable {
  public var object: Name
  public var id: Expression

  public init(object: Name, id: Expression) {
    self.object = object
    self.id = id
  }
}

public enum Guard: Sendable {
  case atMost(Expression, span: Span)
  case onErrorContinue(span: Span)
}
