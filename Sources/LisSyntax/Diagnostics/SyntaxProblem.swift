/// Everything this room complains about, as data. Messages and hints are made from it in `SyntaxProblem+Diagnostic.swift`.
public indirect enum SyntaxProblem: Hashable, Sendable {
  // Characters and literals.
  case strangeCharacter(Unicode.Scalar, Span)
  case nameBeyondASCII(String, Span)
  /// The opening quote, and the first text before it that goes over a line end, which may be the one that lacks its quote.
  case unterminatedText(Span, earlier: Span?)
  /// The `${`.
  case unterminatedInterpolation(Span)
  case unknownEscape(String, Span)
  case malformedUnicodeEscape(String, Span)
  case malformedNumber(NumberFault, String, Span)
  case malformedDate(DateFault, String, Span)
  case foreignMark(String, Span)
  case foreignQuote(String, Span)
  /// A character beyond ASCII that looks like the mark that was meant.
  case lookalike(Unicode.Scalar, String, Span)

  // Structure.
  /// Where an expression should stand: what it should follow, what is there, and the text before that went over lines.
  case expectedExpression(after: String?, found: Found, Span)
  case expected(Expectation, found: Found, Span)
  case expectedName(NameRole, found: Found, Span)
  case reservedName(String, NameRole, Span)
  /// The opener and its mark, the mark that would close it, and what stands there instead.
  case unclosed(opener: Span, mark: String, closer: String, found: Found, Span)
  case strayCloser(String, Span)
  case missingComma(inside: String, opener: Span, Span)
  case leftover(found: Found, beginning: String?, Span)
  case nestedTooDeep(Span)
  case nestedTooLong(limit: Int, Span)
  case chainedOperator(String, first: Span, Span)
  case assignmentInExpression(Span)
  case notAssignable(Span, target: Span)
  case equalsInsteadOfColon(String, Span)
  case foreignWord(String, Span)
  case needsBrackets(String, Span)
  case unknownStage(String, suggestion: String?, Span)
  case repeatedClause(String, first: Span, Span)
  case clauseOnOwnLine(String, Span)
  case itemInBlock(String, opener: Span, Span)
  case blockAsRecord(Span, inside: Span)
  case fieldAsKey(String, Span)
  case textNotPlain(String, Span)
  case wildcardAmongPatterns(Span)
  case plainKeyWithoutValue(String, Span)
  case commaAfterArm(Span)

  /// What the parser found, told in the words of the program.
  public struct Found: Hashable, Sendable {
    /// As it is put into a sentence: "`)`", "the end of the line".
    public var description: String
    /// The source text, for hints; empty at the end of a line.
    public var text: String
    /// A text in front of it that went over a line end and may lack its quote.
    public var textBefore: Span?

    public init(description: String, text: String, textBefore: Span? = nil) {
      self.description = description
      self.text = text
      self.textBefore = textBefore
    }
  }

  /// What had to come and did not.
  public indirect enum Expectation: Hashable, Sendable {
    case mark(String, after: String)
    case block(after: String)
    case record(after: String)
    case stage
    case type
    case title(String)
    case moduleName
    case catchClause
    case key
    case member
    case word(String, after: String)
    case arrow
  }

  /// What a name would have been for.
  public enum NameRole: String, Hashable, Sendable {
    case variable = "a variable"
    case function = "a function"
    case parameter = "a parameter"
    case loopVariable = "a loop variable"
    case module = "a module"
    case object = "an object type"
    case key = "a property"
    case error = "the caught error"
  }
}
