/// How the parser says what is wrong. These functions are kept out of those that recurse, whose stack frames would
/// otherwise hold room for every complaint they could ever make.
extension Parser {
  /// Notes a problem unless there is one about this token already, or the lexer has complained about it.
  func report(_ problem: SyntaxProblem, canContinue: Bool = false) {
    guard !gaveUp, index > lastReportAt else { return }
    lastReportAt = index
    if tokens[index].kind == .invalid { return }
    let endHides = lineEndsCount && tokens[index].startsLine && index != crossedLineAt
    reports.append(Report(problem: problem, isAtEnd: tokens[index].kind == .end && (canContinue || !endHides)))
  }

  /// Where something missing would stand: behind the last token when that ends its line, else at the current token.
  var missingPlace: Span {
    guard kind == .end || (token.isFirstOnLine && index != statementStart) else { return token.span }
    let end = previousEnd
    let blank = end < source.bytes.count && source.bytes[end] == UInt8(ascii: " ") && index > 0 ? 1 : 0
    return Span(end + blank, end + blank)
  }

  var found: SyntaxProblem.Found {
    var found = SyntaxProblem.Found(description: "", text: "")
    switch kind {
    case .end, .lineEnd, .invalid: found.description = kind.rawValue
    case .string, .stringHead: found.description = "a text"
    case .stringMiddle, .stringTail: found.description = "the `}` of an interpolation"
    default:
      found.text = text(token)
      found.description = quoted(found.text)
    }
    if index > 0, kind != .end {
      let before = tokens[index - 1]
      let isText = before.kind == .string || before.kind == .stringTail
      if isText, source.isOverLines(before.span) { found.textBefore = before.span }
    }
    return found
  }

  /// What the missing thing should have followed, in quotes; nil at the beginning of a statement.
  var lastText: String? {
    guard index > 0, index != statementStart, !tokens[index - 1].startsText else { return nil }
    return text(tokens[index - 1])
  }

  func missing() -> Expression {
    Expression(id: makeID(), span: missingPlace, kind: .missing)
  }

  func expectedExpression() -> Expression {
    report(.expectedExpression(after: lastText, found: found, missingPlace))
    return missing()
  }

  func missed(_ expectation: SyntaxProblem.Expectation, canContinue: Bool = false) {
    report(.expected(expectation, found: found, missingPlace), canContinue: canContinue)
  }

  func missedName(_ role: SyntaxProblem.NameRole) {
    report(.expectedName(role, found: found, missingPlace))
  }

  /// The closer of a bracket is not where it should be.
  func missedCloser(of opener: Token) {
    guard unclosedOpener != opener.span.lower else { return }
    report(
      .unclosed(
        opener: opener.span, mark: opener.kind.rawValue, closer: opener.kind.closer.rawValue, found: found,
        missingPlace),
      canContinue: true)
    unclosedOpener = opener.span.lower
  }

  func missedComma(in opener: Token) {
    report(.missingComma(inside: opener.kind.rawValue, opener: opener.span, Span(previousEnd, previousEnd)))
  }

  func leftover(after start: Int?) {
    report(.leftover(found: found, beginning: start.map { text(tokens[$0]) }, token.span))
  }

  func needsBrackets(_ token: Token) {
    report(.needsBrackets(text(token), token.span))
  }

  func foreignWord(_ token: Token) {
    report(.foreignWord(text(token), token.span))
  }

  func stray(_ token: Token) {
    report(.strayCloser(token.kind.rawValue, token.span))
  }

  /// A complaint about the token just taken.
  func reportLast(_ problem: SyntaxProblem) {
    index -= 1
    report(problem)
    index += 1
  }
}

extension Token {
  var startsText: Bool { kind == .stringHead || kind == .stringMiddle || kind == .string || kind == .stringTail }
}

extension SourceText {
  /// Whether a span holds a line end.
  func isOverLines(_ span: Span) -> Bool {
    bytes[min(span.lower, bytes.count)..<min(span.upper, bytes.count)].contains(UInt8(ascii: "\n"))
  }
}
