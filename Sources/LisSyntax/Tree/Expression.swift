/// Identifies a node within one parsed program; dense from 0, so later passes keep their findings in arrays.
public struct NodeID: Hashable, Sendable {
  public var index: Int

  public init(_ index: Int) { self.index = index }
}

/// A word of the program with its place: a name, a key, a member.
public struct Name: Hashable, Sendable {
  public var text: String
  public var span: Span

  public init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// An expression. `id` is unique within the program.
public struct Expression: Sendable {
  public var id: NodeID
  public var span: Span
  public var kind: Kind

  public init(id: NodeID, span: Span, kind: Kind) {
    self.id = id
    self.span = span
    self.kind = kind
  }

  public indirect enum Kind: Sendable {
    /// Digits with at most one point and no underscores; the sign is a `unary`.
    case number(String)
    /// `90d`: the digits (with at most one point) and the unit.
    case duration(amount: String, unit: DurationUnit)
    /// The text behind `@`, checked to be an RFC 3339 date (`2026-01-31`).
    case date(String)
    /// The text behind `@`, checked to be an RFC 3339 date-time.
    case datetime(String)
    /// Text and interpolations in their order; a string without interpolation has at most one part.
    case string([StringPart])
    case bool(Bool)
    case null
    /// `.name`: a field of the current row.
    case field(Name)
    /// A lone `.`: the current row.
    case row
    /// A bare name; may end in `!`.
    case name(String)
    case list([Element])
    case record(RecordLiteral)
    /// A pipeline in brackets, or where the grammar allows one inside an expression.
    case pipeline(Pipeline)
    case member(Expression, Name)
    case index(Expression, Expression)
    case call(Expression, [Argument])
    case negate(Expression)
    case not(Expression)
    case binary(BinaryOperator, Expression, Expression, operatorSpan: Span)
    case lambda(Lambda)
    case conditional(Conditional)
    case match(Match)
    /// Stands where the text could not be understood; a diagnostic has been made for it.
    case missing
  }
}

public enum DurationUnit: String, Sendable, CaseIterable {
  case second = "s"
  case minute = "m"
  case hour = "h"
  case day = "d"
  case week = "w"
  case month = "mo"
  case year = "y"
}

public enum StringPart: Sendable {
  /// Text with its escapes already replaced.
  case text(String)
  case interpolation(Pipeline)
}

public enum Element: Sendable {
  case value(Pipeline)
  case spread(Expression)
}

/// `{ key: value, short, ...other }`.
public struct RecordLiteral: Sendable {
  public var entries: [RecordEntry]
  public var span: Span

  public init(entries: [RecordEntry], span: Span) {
    self.entries = entries
    self.span = span
  }
}

extension RecordEntry {
  /// `...other`
  public var isSpread: Bool { if case .spread = self { true } else { false } }
}

public enum RecordEntry: Sendable {
  /// `value` is nil in the short form `{ name }`, which stands for `{ name: name }`.
  case keyed(key: Name, value: Pipeline?)
  case spread(Expression)
}

public struct Argument: Sendable {
  public var id: NodeID
  /// Given in `name: value`.
  public var label: Name?
  public var value: Pipeline

  /// The value as one expression. A pipeline with stages reads as if it stood in brackets.
  public var expression: Expression {
    value.expression ?? Expression(id: id, span: value.span, kind: .pipeline(value))
  }

  public init(id: NodeID, label: Name?, value: Pipeline) {
    self.id = id
    self.label = label
    self.value = value
  }
}

public struct Lambda: Sendable {
  public var parameters: [Name]
  public var body: Expression

  public init(parameters: [Name], body: Expression) {
    self.parameters = parameters
    self.body = body
  }
}

public struct Conditional: Sendable {
  public var condition: Expression
  public var then: Block
  /// `else if` is a block holding that one conditional.
  public var otherwise: Block?

  public init(condition: Expression, then: Block, otherwise: Block?) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
  }
}

public struct Match: Sendable {
  public var subject: Expression
  public var arms: [MatchArm]

  public init(subject: Expression, arms: [MatchArm]) {
    self.subject = subject
    self.arms = arms
  }
}

public struct MatchArm: Sendable {
  /// Empty for `_`.
  public var patterns: [Expression]
  public var body: Expression
  public var span: Span

  public init(patterns: [Expression], body: Expression, span: Span) {
    self.patterns = patterns
    self.body = body
    self.span = span
  }
}

public enum BinaryOperator: String, Sendable, CaseIterable {
  case or, and
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equalIgnoringCase = "=~"
  case isIn = "in"
  case isNotIn = "not in"
  case contains, has, startswith, endswith, matches
  case coalesce = "??"
  case range = ".."
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
}
