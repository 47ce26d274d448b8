extension Parser {
  func statement() -> Statement {
    let lower = token.span.lower
    let id = makeID()
    statementStart = index
    let kind = statementKind()
    return Statement(id: id, span: span(from: lower), kind: kind)
  }

  private func statementKind() -> Statement.Kind {
    switch token.word {
    case .let, .var: return declaration()
    case .for: return loop()
    case .return:
      advance()
      return .return(isAtStatementEnd ? nil : pipeline())
    case .break:
      advance()
      return .break
    case .continue:
      advance()
      return .continue
    case .try: return tryCatch()
    case .expect:
      advance()
      return .expect(pipeline())
    case .given:
      advance()
      return .given(pipeline())
    case .fn: return .function(function())
    default: return nameOrPipeline()
    }
  }

  private var isAtStatementEnd: Bool {
    switch kind {
    case .end, .lineEnd, .semicolon, .rightBrace: return true
    default: return false
    }
  }

  /// Statements that begin with no word of the language: an assignment, a pipeline, or a habit from elsewhere.
  private func nameOrPipeline() -> Statement.Kind {
    if let habit = assignmentOrHabit() { return habit }
    let start = index
    let value = pipeline()
    if kind == .assign, index > start { return assignmentToNoName(start) }
    return .pipeline(value)
  }

  /// What follows `=` is read for what is wrong inside it.
  private func assignmentToNoName(_ start: Int) -> Statement.Kind {
    report(.notAssignable(token.span, target: span(from: tokens[start].span.lower)))
    advance()
    return .pipeline(pipeline())
  }

  private func assignmentOrHabit() -> Statement.Kind? {
    guard token.kind == .name, let following else { return nil }
    if following.kind == .assign, !(word?.isReserved ?? false) {
      let target = advance()
      advance()
      return .assign(name: Name(text(target), target.span), value: pipeline())
    }
    if following.kind == .name, word == nil, let foreign = foreignStatement(following) { return foreign }
    if let clause = clauseWord(following) {
      report(.clauseOnOwnLine(clause, token.span))
      skipStatement()
      return .pipeline(missingPipeline())
    }
    return nil
  }

  /// `function f(…)` and `const x = …` are read as what was meant.
  private func foreignStatement(_ following: Token) -> Statement.Kind? {
    let text = text(token)
    if ForeignWord.functionWords.contains(text) {
      foreignWord(token)
      return .function(function())
    }
    if text == "const" {
      foreignWord(token)
      return declaration()
    }
    if ForeignWord.statements[text] != nil, following.word == nil || ForeignWord.elseIfWords.contains(text) {
      foreignWord(token)
      skipStatement()
      return .pipeline(missingPipeline())
    }
    return nil
  }

  /// A clause that a line end has cut off its stage.
  private func clauseWord(_ following: Token) -> String? {
    switch (token.word, following.word, following.kind) {
    case (.at, .most, _): return "at most"
    case (.on, .error, _): return "on error"
    case (.where, _, .field): return "where"
    case (.to, nil, .name), (.by, nil, .name): return text(token)
    default: return nil
    }
  }

  func missingPipeline() -> Pipeline {
    let missing = missing()
    return Pipeline(plan: nil, source: .expression(missing), stages: [], span: missing.span)
  }

  private func declaration() -> Statement.Kind {
    let mutable = advance().word == .var
    let name = name(.variable)
    // A type is written on parameters only; it is read here so that there is one complaint.
    if kind == .colon {
      missed(.mark("=", after: quoted(name.text)))
      advance()
      if kind == .name { advance() }
    }
    if kind != .assign {
      missed(.mark("=", after: name.text.isEmpty ? "the name" : quoted(name.text)))
      return .declare(name: name, mutable: mutable, value: missingPipeline())
    }
    advance()
    return .declare(name: name, mutable: mutable, value: pipeline())
  }

  private func loop() -> Statement.Kind {
    advance()
    let name = name(.loopVariable)
    let source: Pipeline
    if accept(.in) {
      inLoopHead = true
      source = pipeline()
      inLoopHead = false
    } else {
      missed(.word("in", after: "the loop variable"))
      source = missingPipeline()
      skipToBlock()
    }
    return .forEach(name: name, source: source, body: block(after: "the head of the loop"))
  }

  /// Passes over the head of a loop that was not understood.
  private func skipToBlock() {
    while true {
      switch kind {
      case .leftBrace, .lineEnd, .end, .semicolon, .rightBrace: return
      default: skipOne()
      }
    }
  }

  private func tryCatch() -> Statement.Kind {
    advance()
    let body = block(after: "`try`")
    guard kind == .name, word == .catch else {
      missed(.catchClause, canContinue: true)
      return .tryCatch(body: body, name: Name("", missingPlace), handler: Block(statements: [], span: missingPlace))
    }
    advance()
    let bracket = accept(.leftParen)
    if bracket {
      index -= 1
      missedName(.error)
      index += 1
    }
    let name = name(.error)
    if bracket { _ = accept(.rightParen) }
    return .tryCatch(body: body, name: name, handler: block(after: "the name of the error"))
  }
}
