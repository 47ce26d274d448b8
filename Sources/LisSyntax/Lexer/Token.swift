/// The smallest piece of source text that has a meaning of its own.
public struct Token: Sendable {
  public var kind: Kind
  /// The word of the language a `name` token is, if it is one.
  public var word: Word?
  public var span: Span
  /// A line end in front of this token ends a statement, unless the innermost open bracket says otherwise.
  public var startsLine: Bool
  /// A line end stands in front, whether it counts or not.
  public var isFirstOnLine: Bool
  /// Index into the texts of the lexer, for the kinds that carry one; -1 for the others.
  var payload: Int32

  public enum Kind: String, Sendable {
    case end = "the end of the input"
    /// Never in the token list: what the parser sees where a line end counts.
    case lineEnd = "the end of the line"
    /// Already complained about.
    case invalid = "an unknown character"
    case name, number, duration, date, datetime
    /// A whole text without interpolation.
    case string
    /// `"…${`, `}…${` and `}…"` of a text with interpolation.
    case stringHead, stringMiddle, stringTail
    /// `.name`, touching; whether it is a field or a member is seen from what stands in front.
    case field
    case dot = "."
    case leftParen = "("
    case rightParen = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
    case comma = ","
    case colon = ":"
    case semicolon = ";"
    case pipe = "|"
    case assign = "="
    case arrow = "=>"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equalIgnoringCase = "=~"
    case coalesce = "??"
    case range = ".."
    case spread = "..."
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case percent = "%"
  }

  /// A statement goes on after a line that ends with this token.
  var continuesToNextLine: Bool {
    switch kind {
    case .comma, .assign, .arrow, .pipe, .leftParen, .leftBracket, .leftBrace, .stringHead, .stringMiddle,
      .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .equalIgnoringCase, .coalesce, .range,
      .spread, .plus, .minus, .star, .slash, .percent:
      return true
    case .name: return word?.isOperator ?? false
    default: return false
    }
  }

  /// A statement goes on when the next line begins with this token.
  var continuesFromLastLine: Bool {
    kind == .pipe || (word?.continuesLine ?? false)
  }
}

/// A comment with its mark and without its line end.
public struct Comment: Sendable, Hashable {
  public var span: Span
  /// `##`: it describes what follows.
  public var isDocumentation: Bool

  public init(span: Span, isDocumentation: Bool) {
    self.span = span
    self.isDocumentation = isDocumentation
  }
}

/// Everything the lexer finds in one source.
public struct TokenList: Sendable {
  /// In source order; the last is always the only `end`.
  public var tokens: [Token]
  public var comments: [Comment]
  public var problems: [SyntaxProblem]
  /// Cleaned digits, date texts and unescaped strings, by `Token.payload`.
  var texts: [String]

  /// The value of a literal token: digits without underscores, a string without quotes and escapes, a date without `@`.
  public func text(of token: Token) -> String? {
    let index = Int(token.payload)
    return texts.indices.contains(index) ? texts[index] : nil
  }
}
