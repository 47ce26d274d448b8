/// Programs, items and blocks: what is separated by line ends and `;`.
extension Parser {
  func program() -> [Item] {
    var items: [Item] = []
    while beginStatement() {
      let start = index
      items.append(item())
      endStatement(from: start)
    }
    return items
  }

  /// Goes to the next statement of the program or block; false when there is none.
  private func beginStatement(in opener: Int? = nil) -> Bool {
    while true {
      crossLine()
      statementStart = index
      if let opener, partners[opener] < 0, beginsItemOnNewLine { return false }
      switch tokens[index].kind {
      case .end: return false
      case .semicolon: advance()
      case .rightBrace where openBraces > 0: return false
      case .rightParen where openParens > 0, .rightBracket where openBrackets > 0: return false
      case .stringMiddle, .stringTail: return false
      case .rightBrace, .rightParen, .rightBracket:
        stray(token)
        advance()
      default: return true
      }
    }
  }

  /// An item inside a block that nothing closes stands behind the place where the block should have ended.
  private var beginsItemOnNewLine: Bool {
    guard token.isFirstOnLine, let word = token.word else { return false }
    return [.use, .param, .test, .step].contains(word)
  }

  /// After a statement comes a line end, `;`, the `}` of its block or the end of the input. Anything else is named once
  /// and passed over.
  private func endStatement(from start: Int) {
    switch kind {
    case .end, .lineEnd, .semicolon: break
    case .name where beginsStatementOnNewLine && index > start: break
    case .rightBrace where openBraces > 0: break
    case .rightParen where openParens > 0, .rightBracket where openBrackets > 0: break
    case .stringMiddle, .stringTail: break
    case .rightParen, .rightBracket, .rightBrace:
      stray(token)
      advance()
      skipStatement()
    default:
      leftover(after: start)
      skipStatement()
    }
    // Whatever happened, the next statement begins further on.
    if index == start { advance() }
  }

  func item() -> Item {
    let lower = token.span.lower
    let documentation = documentation()
    let kind: Item.Kind
    switch token.word {
    case .use: kind = .use(use())
    case .param:
      advance()
      kind = .param(parameter())
    case .fn: kind = .function(function())
    case .test: kind = test()
    case .step: kind = step()
    default: kind = .statement(statement())
    }
    return Item(span: span(from: lower), documentation: documentation, kind: kind)
  }

  /// From an offset to the end of the last token taken.
  func span(from lower: Int) -> Span { Span(lower, max(lower, previousEnd)) }

  /// The `##` lines right in front of the current token, without a blank line between, joined by newlines.
  func documentation() -> String? {
    var upper = tokens[index].span.lower
    var low = 0
    var high = list.comments.count
    while low < high {
      let middle = (low + high) / 2
      if list.comments[middle].span.lower < upper { low = middle + 1 } else { high = middle }
    }
    let earliest = index > 0 ? tokens[index - 1].span.upper : 0
    var lines: [String] = []
    while low > 0 {
      let comment = list.comments[low - 1]
      let between = source.bytes[comment.span.upper..<upper]
      guard comment.isDocumentation, comment.span.lower >= earliest,
        between.count(where: { $0 == UInt8(ascii: "\n") }) == 1
      else { break }
      var text = source.text(Span(comment.span.lower + 2, comment.span.upper))
      if text.hasPrefix(" ") { text.removeFirst() }
      lines.append(text)
      upper = comment.span.lower
      low -= 1
    }
    return lines.isEmpty ? nil : lines.reversed().joined(separator: "\n")
  }

  private func use() -> Use {
    advance()
    let module: Name
    let isPath = kind == .string || kind == .stringHead
    if isPath {
      module = plainText("use")
    } else if kind == .name {
      module = name(.module)
    } else {
      missed(.moduleName)
      module = Name("", missingPlace)
    }
    let alias = accept(.as) ? name(.module) : nil
    return Use(module: module, isPath: isPath, alias: alias)
  }

  private func test() -> Item.Kind {
    advance()
    let title = title("test")
    return .test(title: title, body: block(after: "the title of the test"))
  }

  private func step() -> Item.Kind {
    advance()
    let title = title("step")
    return .step(title: title, body: block(after: "the title of the step"))
  }

  private func title(_ what: String) -> String {
    guard kind == .string || kind == .stringHead else {
      missed(.title(what))
      return ""
    }
    return plainText(what).text
  }

  /// A text without interpolation.
  func plainText(_ what: String) -> Name {
    if kind == .stringHead {
      let lower = token.span.lower
      report(.textNotPlain(what, token.span))
      skipOne()
      return Name("", span(from: lower))
    }
    let taken = advance()
    return Name(list.text(of: taken) ?? "", taken.span)
  }

  /// A parameter of a function, or a `param` behind its word.
  func parameter() -> Parameter {
    let name = name(.parameter)
    let type = accept(.colon) ? type() : nil
    let fallback = accept(.assign) ? expression() : nil
    return Parameter(name: name, type: type, fallback: fallback)
  }

  private func type() -> Name? {
    guard kind == .name else {
      missed(.type)
      return nil
    }
    let taken = advance()
    return Name(text(taken), taken.span)
  }

  func function() -> Function {
    let documentation = documentation()
    let id = makeID()
    advance()
    let name = name(.function)
    let parameters = parameters(of: name)
    var result: Name?
    if kind == .colon, following == nil {
      // Python's block: what is missing is said once.
      missed(.block(after: "the parameters of the function"))
    } else if kind == .colon || (kind == .arrow && text(token) != "=>") {
      advance()
      result = type()
    }
    return Function(
      id: id, name: name, parameters: parameters, result: result, body: functionBody(), documentation: documentation)
  }

  private func parameters(of function: Name) -> [Parameter] {
    guard kind == .leftParen else {
      missed(.mark("(", after: "the name of the function"))
      return []
    }
    let opener = openBracket()
    let saved = enterBracket(lineEndsCount: false)
    var parameters: [Parameter] = []
    var start = index
    if kind != .rightParen && kind != .end {
      repeat {
        start = index
        parameters.append(parameter())
      } while anotherElement(in: opener, from: start)
    }
    close(opener)
    leaveBracket(saved)
    return parameters
  }

  private func functionBody() -> FunctionBody {
    if accept(.assign) { return .pipeline(pipeline()) }
    if kind == .arrow {
      missed(.mark("=", after: "the parameters"))
      advance()
      return .pipeline(pipeline())
    }
    return .block(block(after: "the parameters of the function"))
  }

  /// `{ … }` of statements. Line ends count inside, whatever brackets are open outside.
  func block(after what: String) -> Block {
    guard kind == .leftBrace || missedBlock(what) else { return Block(statements: [], span: missingPlace) }
    guard descend(2) else {
      depth -= 2
      return Block(statements: [], span: token.span)
    }
    let place = index
    let opener = openBracket()
    let saved = enterBracket(lineEndsCount: true)
    var statements: [Statement] = []
    while beginStatement(in: place) {
      let start = index
      if let statement = statementInBlock(opener) { statements.append(statement) }
      endStatement(from: start)
    }
    close(opener)
    leaveBracket(saved)
    depth -= 2
    return Block(statements: statements, span: span(from: opener.span.lower))
  }

  /// No block is there. True when its brace follows all the same: on the next line, or behind a `:` or `then`.
  private func missedBlock(_ what: String) -> Bool {
    missed(.block(after: what))
    if kind == .lineEnd {
      if token.kind == .leftBrace { crossLine() }
      return token.kind == .leftBrace
    }
    guard following?.kind == .leftBrace, kind == .colon || kind == .name || kind == .arrow else { return false }
    advance()
    return true
  }

  /// Items that only a program may hold are read, for what is wrong inside them, and left out.
  private func statementInBlock(_ opener: Token) -> Statement? {
    switch token.word {
    case .use, .param, .test, .step:
      report(.itemInBlock(text(token), opener: opener.span, token.span))
      _ = item()
      return nil
    default: return statement()
    }
  }

  /// A name that is being given to something, or that names a module or an object type.
  func name(_ role: SyntaxProblem.NameRole) -> Name {
    guard kind == .name else {
      missedName(role)
      return Name("", missingPlace)
    }
    if let word, word.isReserved {
      report(.reservedName(word.rawValue, role, token.span))
      // In `for in rows` the name was forgotten.
      if word == .in { return Name("", token.span) }
    }
    let taken = advance()
    return Name(text(taken), taken.span)
  }
}
