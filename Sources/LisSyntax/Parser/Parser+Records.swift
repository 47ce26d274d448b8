/// Braces that hold no statements: records, the branches of `if`, the arms of `match`.
extension Parser {
  /// `what` is what the record has to follow, for the complaint when it is not there.
  func recordLiteral(after what: String) -> RecordLiteral {
    guard descend(1), !isNoRecord(what) else {
      depth -= 1
      return emptyRecord()
    }
    let opener = openBracket()
    let saved = enterBracket(lineEndsCount: false)
    var entries: [RecordEntry] = []
    if kind != .rightBrace && kind != .end {
      var start = index
      repeat {
        start = index
        if let entry = entry() { entries.append(entry) }
      } while anotherElement(in: opener, from: start)
    }
    close(opener)
    leaveBracket(saved)
    depth -= 1
    return RecordLiteral(entries: entries, span: span(from: opener.span.lower))
  }

  /// No brace is there, or one whose first word begins a statement: that was meant as a block.
  private func isNoRecord(_ what: String) -> Bool {
    guard kind == .leftBrace else {
      missed(.record(after: what))
      return true
    }
    guard let inside = statementInRecord else { return false }
    report(.blockAsRecord(token.span, inside: inside))
    skipOne()
    return true
  }

  private func emptyRecord() -> RecordLiteral { RecordLiteral(entries: [], span: missingPlace) }

  private var statementInRecord: Span? {
    guard Int(partners[index]) > index + 1 else { return nil }
    let first = tokens[index + 1]
    let second = tokens[index + 2].kind
    guard first.kind == .name, ![.colon, .comma, .rightBrace, .assign].contains(second) else { return nil }
    let begins = first.word.map { Word.statementStarts.contains($0) || [.if, .match, .find, .plan].contains($0) }
    return begins ?? false || second == .pipe || second == .leftParen ? first.span : nil
  }

  private func entry() -> RecordEntry? {
    if accept(.spread) { return .spread(expression()) }
    guard let key = entryKey() else { return nil }
    return .keyed(key: key, value: hasEntryValue(key) ? pipeline() : nil)
  }

  private func entryKey() -> Name? {
    let first = token
    switch kind {
    case .name:
      advance()
      return Name(text(first), first.span)
    case .string, .stringHead: return plainText("key")
    case .field:
      // `{ .price }` says what is meant, only not in this language.
      report(.fieldAsKey(text(first), first.span))
      if following?.kind == .colon { advance() }
      return Name(String(text(first).dropFirst()), first.span)
    default:
      missed(.key)
      return nil
    }
  }

  /// Takes the colon behind a key. The short form `{ name }` is only for plain names.
  private func hasEntryValue(_ key: Name) -> Bool {
    if kind == .assign { report(.equalsInsteadOfColon(key.text, token.span)) }
    if kind == .colon || kind == .assign {
      advance()
      return true
    }
    // A field taken for a key is its own value.
    if kind == .field, token.span == key.span { return true }
    if !key.text.isPlainName {
      let isWord = source.text(key.span) == key.text
      reportLast(
        isWord ? .reservedName(key.text, .variable, key.span) : .plainKeyWithoutValue(key.text, key.span))
    }
    return false
  }

  // MARK: if

  /// `if … else if … else …` as one loop, so that a long one costs no stack.
  func conditional() -> Expression {
    var clauses: [(lower: Int, condition: Expression, then: Block)] = []
    var otherwise: Block?
    repeat {
      let lower = advance().span.lower
      // A brace begins the block: no record is true or false.
      let condition = kind == .leftBrace ? expectedExpression() : expression()
      let then = block(after: "the condition of `if`")
      clauses.append((lower, condition, then))
      guard grow() else { return missing() }
      guard takeElse() else { break }
      if isWord(.if) || isElseIfWord { continue }
      otherwise = block(after: "`else`")
      break
    } while !gaveUp
    return chain(clauses, otherwise)
  }

  private var isElseIfWord: Bool { kind == .name && word == nil && ForeignWord.elseIfWords.contains(text(token)) }

  /// `else`, or the `elif` of other languages, which then stands for the `if` behind it.
  private func takeElse() -> Bool {
    if isElseIfWord {
      foreignWord(token)
      return true
    }
    return accept(.else)
  }

  private func chain(
    _ clauses: [(lower: Int, condition: Expression, then: Block)], _ otherwise: Block?
  ) -> Expression {
    var otherwise = otherwise
    var result: Expression?
    for clause in clauses.reversed() {
      if let later = result {
        let pipeline = Pipeline(plan: nil, source: .expression(later), stages: [], span: later.span)
        let statement = Statement(id: makeID(), span: later.span, kind: .pipeline(pipeline))
        otherwise = Block(statements: [statement], span: later.span)
      }
      let conditional = Conditional(condition: clause.condition, then: clause.then, otherwise: otherwise)
      result = Expression(id: makeID(), span: span(from: clause.lower), kind: .conditional(conditional))
    }
    return result ?? missing()
  }

  // MARK: match

  func match() -> Expression {
    let id = makeID()
    let lower = advance().span.lower
    let subject = expression()
    guard kind == .leftBrace else {
      missed(.mark("{", after: "the value of `match`"))
      return Expression(id: id, span: span(from: lower), kind: .match(Match(subject: subject, arms: [])))
    }
    let opener = openBracket()
    let saved = enterBracket(lineEndsCount: true)
    var arms: [MatchArm] = []
    while beginArm() {
      let start = index
      arms.append(arm())
      endArm(from: start)
    }
    close(opener)
    leaveBracket(saved)
    height += 1
    return Expression(
      id: id, span: span(from: lower), kind: .match(Match(subject: subject, arms: arms)))
  }

  private func beginArm() -> Bool {
    while true {
      crossLine()
      switch tokens[index].kind {
      case .semicolon: advance()
      case .end, .rightBrace, .stringMiddle, .stringTail: return false
      case .rightParen where openParens > 0, .rightBracket where openBrackets > 0: return false
      default: return true
      }
    }
  }

  private func endArm(from start: Int) {
    switch kind {
    case .end, .lineEnd, .semicolon, .rightBrace, .stringMiddle, .stringTail: break
    case .rightParen where openParens > 0, .rightBracket where openBrackets > 0: break
    case .name where isWord(.else) && token.isFirstOnLine: break
    case .comma:
      report(.commaAfterArm(token.span))
      advance()
    default:
      leftover(after: nil)
      skipStatement()
    }
    if index == start { advance() }
  }

  private func arm() -> MatchArm {
    let lower = token.span.lower
    // `case` in front of a pattern is a habit from elsewhere.
    if kind == .name, text(token) == "case", let next = following, next.kind != .arrow, next.kind != .comma {
      foreignWord(token)
      advance()
    }
    let patterns = patterns()
    let body = takeArrow() ? expression() : missing()
    return MatchArm(patterns: patterns, body: body, span: span(from: lower))
  }

  /// The `=>` of an arm; a `:` is read as one. False when the rest of the arm was passed over.
  private func takeArrow() -> Bool {
    if accept(.arrow) { return true }
    missed(.arrow)
    if accept(.colon) { return true }
    skipStatement()
    return false
  }

  /// Empty for `_`.
  private func patterns() -> [Expression] {
    let isOtherwise = isWord(.else) || (kind == .name && text(token) == "default")
    if isOtherwise, following.map({ $0.kind == .arrow || $0.kind == .colon }) ?? false {
      foreignWord(token)
      advance()
      return []
    }
    if isWildcard, following?.kind != .comma {
      advance()
      return []
    }
    var patterns: [Expression] = []
    repeat {
      if isWildcard { report(.wildcardAmongPatterns(token.span)) }
      patterns.append(expression(.range))
    } while accept(.comma)
    return patterns
  }

  private var isWildcard: Bool { kind == .name && text(token) == "_" }
}

extension String {
  /// Whether the text could be written as a bare name.
  var isPlainName: Bool {
    guard let first = utf8.first, isNameStart(first) else { return false }
    return utf8.allSatisfy(isNamePart) && Word.table[self]?.isReserved != true
  }
}
