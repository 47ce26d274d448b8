/// Operands: literals, names, brackets, and the members, calls and indexes behind them.
extension Parser {
  func postfix() -> Expression {
    var base = primary()
    while !gaveUp {
      switch kind {
      case .field where touchesPrimary: base = member(of: base)
      case .dot where touchesPrimary: base = missingMember(of: base)
      case .leftParen: base = called(base)
      case .leftBracket: base = subscripted(base)
      default: return base
      }
      if !grow() { return missing() }
    }
    return base
  }

  /// `.name` belongs to what it touches when that is a name, a text, a field or a closing bracket.
  private var touchesPrimary: Bool {
    guard index > 0 else { return false }
    let before = tokens[index - 1]
    guard before.span.upper == tokens[index].span.lower else { return false }
    switch before.kind {
    case .name: return before.word?.isReserved != true
    case .string, .stringTail, .field, .rightParen, .rightBracket, .rightBrace: return true
    default: return false
    }
  }

  private func memberName(_ token: Token) -> Name {
    Name(String(text(token).dropFirst()), Span(token.span.lower + 1, token.span.upper))
  }

  private func member(of base: Expression) -> Expression {
    let taken = advance()
    return Expression(id: makeID(), span: base.span.joined(taken.span), kind: .member(base, memberName(taken)))
  }

  /// `item.` with nothing behind: a member without a name, so that an editor can offer the names there are.
  private func missingMember(of base: Expression) -> Expression {
    let mark = advance()
    missed(.member)
    let name = Name("", Span(mark.span.upper, mark.span.upper))
    return Expression(id: makeID(), span: base.span.joined(mark.span), kind: .member(base, name))
  }

  private func called(_ base: Expression) -> Expression {
    let arguments = arguments()
    return Expression(id: makeID(), span: span(from: base.span.lower), kind: .call(base, arguments))
  }

  private func subscripted(_ base: Expression) -> Expression {
    let opener = openBracket()
    let saved = enterBracket(lineEndsCount: false)
    let place = expression()
    closeSingle(opener)
    leaveBracket(saved)
    return Expression(id: makeID(), span: span(from: base.span.lower), kind: .index(base, place))
  }

  func primary() -> Expression {
    switch kind {
    case .number, .duration, .date, .datetime, .string: return literal()
    case .stringHead: return interpolatedText()
    case .field, .dot: return rowField()
    case .name: return nameOrWord()
    case .leftBracket: return listLiteral()
    case .leftBrace: return recordExpression()
    case .leftParen: return parenthesized()
    case .invalid: return invalid()
    default: return expectedExpression()
    }
  }

  private func rowField() -> Expression {
    let taken = advance()
    let kind: Expression.Kind = taken.kind == .dot ? .row : .field(memberName(taken))
    return Expression(id: makeID(), span: taken.span, kind: kind)
  }

  private func recordExpression() -> Expression {
    let record = recordLiteral(after: "")
    height += 1
    return Expression(id: makeID(), span: record.span, kind: .record(record))
  }

  /// The lexer has complained; a name right behind, as in `$name`, is what was meant.
  private func invalid() -> Expression {
    while kind == .invalid {
      lastReportAt = max(lastReportAt, index)
      advance()
    }
    guard kind == .name, token.span.lower == previousEnd, word?.isReserved != true else { return missing() }
    let taken = advance()
    return Expression(id: makeID(), span: taken.span, kind: .name(text(taken)))
  }

  private func literal() -> Expression {
    let taken = advance()
    let text = list.text(of: taken) ?? ""
    let kind: Expression.Kind
    switch taken.kind {
    case .number: kind = .number(text)
    case .duration: kind = Parser.duration(text)
    case .date: kind = .date(text)
    case .datetime: kind = .datetime(text)
    default: kind = .string(text.isEmpty ? [] : [.text(text)])
    }
    return Expression(id: makeID(), span: taken.span, kind: kind)
  }

  private static func duration(_ text: String) -> Expression.Kind {
    let amount = text.prefix { $0.isNumber || $0 == "." }
    guard let unit = DurationUnit(rawValue: String(text.dropFirst(amount.count))) else { return .missing }
    return .duration(amount: String(amount), unit: unit)
  }

  private func nameOrWord() -> Expression {
    let taken = token
    switch taken.word {
    case .true, .false:
      advance()
      return Expression(id: makeID(), span: taken.span, kind: .bool(taken.word == .true))
    case .null:
      advance()
      return Expression(id: makeID(), span: taken.span, kind: .null)
    case .if, .match:
      needsBrackets(taken)
      return expression()
    case .plan: return pipelineWithoutBrackets(taken)
    case .find where following.map { $0.kind == .name && !($0.word?.isReserved ?? false) } ?? false:
      return pipelineWithoutBrackets(taken)
    case .some(let word) where word.isReserved: return expectedExpression()
    default: return plainName(taken)
    }
  }

  private func plainName(_ taken: Token) -> Expression {
    let text = text(taken)
    if taken.word == nil, let foreign = ForeignWord.values[text] {
      foreignWord(taken)
      advance()
      let kind: Expression.Kind = foreign.word == .null ? .null : .bool(foreign.word == .true)
      return Expression(id: makeID(), span: taken.span, kind: kind)
    }
    advance()
    return Expression(id: makeID(), span: taken.span, kind: .name(text))
  }

  /// A source where only an expression may stand: understood, with the advice to put it in brackets.
  private func pipelineWithoutBrackets(_ head: Token) -> Expression {
    needsBrackets(head)
    guard descend(1) else {
      depth -= 1
      return missing()
    }
    let pipeline = pipeline()
    depth -= 1
    return Expression(id: makeID(), span: pipeline.span, kind: .pipeline(pipeline))
  }

  /// `(pipeline)`. Around a mere expression the brackets leave no trace but the span.
  private func parenthesized() -> Expression {
    let opener = openBracket()
    let saved = enterBracket(lineEndsCount: false)
    var inner: Expression
    switch word {
    case .find, .create, .upsert, .plan: inner = nested(pipeline())
    default:
      inner = expression()
      if kind == .pipe { inner = staged(inner) }
    }
    closeSingle(opener)
    leaveBracket(saved)
    inner.span = span(from: opener.span.lower)
    return inner
  }

  private func nested(_ pipeline: Pipeline) -> Expression {
    height += 1
    return Expression(id: makeID(), span: pipeline.span, kind: .pipeline(pipeline))
  }

  private func staged(_ source: Expression) -> Expression {
    var pipeline = Pipeline(plan: nil, source: .expression(source), stages: [], span: source.span)
    takeStages(&pipeline)
    return nested(pipeline)
  }

  /// The closer of a bracket that holds one thing; more things in it are named once.
  private func closeSingle(_ opener: Token) {
    if tokens[index].kind != opener.kind.closer, kind != .end {
      let closer = opener.kind.closer
      missedCloser(of: opener)
      if !leaveCloserToOuter() {
        skipInside(closer)
        while kind == .comma {
          advance()
          skipInside(closer)
        }
      }
    }
    close(opener)
  }

  private func interpolatedText() -> Expression {
    let head = advance()
    let saved = enterBracket(lineEndsCount: false)
    var parts: [StringPart] = []
    var piece = head
    while !gaveUp {
      if let text = list.text(of: piece), !text.isEmpty { parts.append(.text(text)) }
      if piece.kind == .stringTail { break }
      parts.append(.interpolation(pipeline()))
      guard let next = endOfInterpolation() else { break }
      piece = next
    }
    leaveBracket(saved)
    height += 1
    return Expression(id: makeID(), span: span(from: head.span.lower), kind: .string(parts))
  }

  /// The `}` of an interpolation with the text behind it; nil when the input ends before.
  private func endOfInterpolation() -> Token? {
    if kind != .stringMiddle, kind != .stringTail {
      missed(.mark("}", after: "the value of the interpolation"))
      while kind != .stringMiddle, kind != .stringTail {
        if kind == .end { return nil }
        skipOne()
      }
    }
    return advance()
  }

  private func listLiteral() -> Expression {
    let opener = openBracket()
    let saved = enterBracket(lineEndsCount: false)
    var elements: [Element] = []
    if kind != .rightBracket && kind != .end {
      var start = index
      repeat {
        start = index
        elements.append(accept(.spread) ? .spread(expression()) : .value(pipeline()))
      } while anotherElement(in: opener, from: start)
    }
    close(opener)
    leaveBracket(saved)
    height += 1
    return Expression(id: makeID(), span: span(from: opener.span.lower), kind: .list(elements))
  }

  func arguments() -> [Argument] {
    let opener = openBracket()
    let saved = enterBracket(lineEndsCount: false)
    var arguments: [Argument] = []
    if kind != .rightParen && kind != .end {
      var start = index
      repeat {
        start = index
        let label = argumentLabel()
        arguments.append(Argument(id: makeID(), label: label, value: pipeline()))
      } while anotherElement(in: opener, from: start)
    }
    close(opener)
    leaveBracket(saved)
    return arguments
  }

  private func argumentLabel() -> Name? {
    guard kind == .name, let following, following.kind == .colon || following.kind == .assign else { return nil }
    let taken = advance()
    if kind == .assign { report(.equalsInsteadOfColon(text(taken), token.span)) }
    advance()
    return Name(text(taken), taken.span)
  }
}
