/// The one place where a problem becomes words.
extension SyntaxProblem {
  /// The diagnostic of a problem found in `source`.
  public func diagnostic(in source: SourceText) -> Diagnostic {
    let sentence = sentence
    var labels = [
      Diagnostic.Label(span: span, text: sentence.label, isPrimary: true, source: source)
    ]
    for (span, text) in otherLabels {
      labels.append(Diagnostic.Label(span: span, text: text, isPrimary: false, source: source))
    }
    return Diagnostic(
      severity: .error, code: code, message: sentence.message, labels: labels, hints: hints(in: source))
  }

  /// Where the trouble is.
  public var span: Span {
    switch self {
    case .strangeCharacter(_, let span), .nameBeyondASCII(_, let span), .unterminatedText(let span, _),
      .unterminatedInterpolation(let span), .unknownEscape(_, let span), .malformedUnicodeEscape(_, let span),
      .malformedNumber(_, _, let span), .malformedDate(_, _, let span), .foreignMark(_, let span),
      .foreignQuote(_, let span), .lookalike(_, _, let span), .expectedExpression(_, _, let span),
      .expected(_, _, let span), .expectedName(_, _, let span), .reservedName(_, _, let span),
      .unclosed(_, _, _, _, let span), .strayCloser(_, let span), .missingComma(_, _, let span),
      .leftover(_, _, let span), .nestedTooDeep(let span), .nestedTooLong(_, let span),
      .chainedOperator(_, _, let span), .assignmentInExpression(let span), .notAssignable(let span, _),
      .equalsInsteadOfColon(_, let span), .foreignWord(_, let span), .needsBrackets(_, let span),
      .unknownStage(_, _, let span), .repeatedClause(_, _, let span), .clauseOnOwnLine(_, let span),
      .itemInBlock(_, _, let span), .blockAsRecord(let span, _), .fieldAsKey(_, let span),
      .textNotPlain(_, let span), .wildcardAmongPatterns(let span), .plainKeyWithoutValue(_, let span),
      .commaAfterArm(let span):
      return span
    }
  }

  /// Stable; a code is never given to another problem.
  public var code: String {
    let number: Int
    switch self {
    case .strangeCharacter: number = 1
    case .nameBeyondASCII: number = 2
    case .unterminatedText: number = 3
    case .unterminatedInterpolation: number = 4
    case .unknownEscape: number = 5
    case .malformedUnicodeEscape: number = 6
    case .expectedExpression: number = 7
    case .malformedNumber: number = 8
    case .malformedDate: number = 9
    case .foreignMark: number = 10
    case .foreignQuote: number = 11
    case .lookalike: number = 12
    case .expected: number = 13
    case .expectedName: number = 14
    case .reservedName: number = 15
    case .unclosed: number = 16
    case .strayCloser: number = 17
    case .missingComma: number = 18
    case .leftover: number = 19
    case .nestedTooDeep: number = 20
    case .nestedTooLong: number = 21
    case .chainedOperator: number = 22
    case .assignmentInExpression: number = 23
    case .notAssignable: number = 24
    case .equalsInsteadOfColon: number = 25
    case .foreignWord: number = 26
    case .needsBrackets: number = 27
    case .unknownStage: number = 28
    case .repeatedClause: number = 29
    case .clauseOnOwnLine: number = 30
    case .itemInBlock: number = 31
    case .blockAsRecord: number = 32
    case .fieldAsKey: number = 33
    case .textNotPlain: number = 34
    case .wildcardAmongPatterns: number = 35
    case .plainKeyWithoutValue: number = 36
    case .commaAfterArm: number = 37
    }
    return number < 10 ? "LIS000\(number)" : "LIS00\(number)"
  }

  /// The input ends inside a text: more input could complete it.
  var isUnfinishedText: Bool {
    switch self {
    case .unterminatedText, .unterminatedInterpolation: return true
    default: return false
    }
  }

  /// Places the trouble has to do with.
  private var otherLabels: [(Span, String)] {
    switch self {
    case .unterminatedText(_, let earlier?):
      return [(earlier, "this text goes over a line end; perhaps its closing quote is missing")]
    case .unclosed(let opener, let mark, _, let found, _):
      return [(opener, "to close this \(quoted(mark))")] + found.labels
    case .missingComma(let inside, let opener, _): return [(opener, "inside this \(quoted(inside))")]
    case .chainedOperator(let text, let first, _): return [(first, "\(quoted(text)) would apply to the result of this")]
    case .notAssignable(_, let target): return [(target, "this is no name")]
    case .repeatedClause(_, let first, _): return [(first, "already given here")]
    case .itemInBlock(_, let opener, _): return [(opener, "inside this block")]
    case .blockAsRecord(_, let inside): return [(inside, "a statement begins here")]
    case .expectedExpression(_, let found, _), .expected(_, let found, _), .expectedName(_, let found, _),
      .leftover(let found, _, _):
      return found.labels
    default: return []
    }
  }
}

extension SyntaxProblem.Found {
  fileprivate var labels: [(Span, String)] {
    guard let textBefore else { return [] }
    return [
      (Span(textBefore.lower, textBefore.lower + 1), "the text before goes over lines from here; is a quote missing?")
    ]
  }
}

/// Source text as it is put into a sentence: in backticks, with invisible characters shown, and not too long.
func quoted(_ text: String) -> String {
  var shown = ""
  for (count, scalar) in text.unicodeScalars.enumerated() {
    if count == 40 {
      shown += "…"
      break
    }
    shown += CellText.visible(scalar)
  }
  return "`\(shown)`"
}
