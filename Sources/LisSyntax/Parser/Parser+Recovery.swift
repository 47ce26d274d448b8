/// How parsing goes on after an error: at the next comma, closing bracket, stage or statement.
extension Parser {
  /// For every opener the index of its closer. An opener that nothing closes does not take away the closer of an outer one.
  static func pairs(_ tokens: [Token], _ stop: CompilationStop) -> [Int32] {
    var partners = [Int32](repeating: -1, count: tokens.count)
    var open: [(kind: Token.Kind, index: Int)] = []
    var counts: [Token.Kind: Int] = [:]
    for (index, token) in tokens.enumerated() {
      guard stop.goesOn() else { break }
      switch token.kind {
      case .leftParen, .leftBracket, .leftBrace, .stringHead:
        open.append((token.kind, index))
        counts[token.kind, default: 0] += 1
      case .rightParen, .rightBracket, .rightBrace, .stringTail:
        let opener = token.kind.opener
        guard counts[opener, default: 0] > 0 else { continue }
        while let last = open.popLast() {
          counts[last.kind, default: 0] -= 1
          if last.kind == opener {
            partners[last.index] = Int32(index)
            break
          }
        }
      default: continue
      }
    }
    return partners
  }

  /// Passes over one token, or over a whole bracket with what it holds.
  func skipOne() {
    let partner = Int(partners[index])
    index = partner > index ? min(partner + 1, tokens.count - 1) : min(index + 1, tokens.count - 1)
  }

  /// The rest of a statement, up to the line end that counts, `;`, or the `}` of the block it stands in.
  func skipStatement() {
    while true {
      switch kind {
      case .end, .lineEnd, .semicolon: return
      case .rightBrace where openBraces > 0: return
      case .rightParen where openParens > 0: return
      case .rightBracket where openBrackets > 0: return
      default: skipOne()
      }
    }
  }

  /// The rest of a stage: also stops at the next `|`.
  func skipStage() {
    while true {
      switch kind {
      case .end, .lineEnd, .semicolon, .pipe, .comma, .rightBrace, .rightParen, .rightBracket, .stringMiddle,
        .stringTail:
        // Commas belong to a stage, except where they end an element of a bracket.
        if kind != .comma || !lineEndsCount { return }
        skipOne()
      default: skipOne()
      }
    }
  }

  /// What does not belong inside a bracket: up to a comma, to a closer that something open waits for, or to a line that
  /// begins a statement, which shows that the bracket was not closed.
  func skipInside(_ closer: Token.Kind) {
    while true {
      switch kind {
      case .end, .comma, .lineEnd, .stringMiddle, .stringTail, closer: return
      case .rightParen where openParens > 0: return
      case .rightBracket where openBrackets > 0: return
      case .rightBrace where openBraces > 0: return
      default:
        if beginsStatementOnNewLine { return }
        skipOne()
      }
    }
  }

  /// A word that only begins statements, first on its line.
  var beginsStatementOnNewLine: Bool {
    guard tokens[index].isFirstOnLine, let word = tokens[index].word, Word.statementStarts.contains(word) else {
      return false
    }
    return index + 1 >= tokens.count || tokens[index + 1].kind != .colon
  }

  /// What a bracket changes for what stands inside.
  struct Surroundings {
    var lineEndsCount: Bool
    var inLoopHead: Bool
    var statementStart: Int
  }

  func enterBracket(lineEndsCount inside: Bool) -> Surroundings {
    let surroundings = Surroundings(
      lineEndsCount: lineEndsCount, inLoopHead: inLoopHead, statementStart: statementStart)
    lineEndsCount = inside
    inLoopHead = false
    return surroundings
  }

  func leaveBracket(_ surroundings: Surroundings) {
    lineEndsCount = surroundings.lineEndsCount
    inLoopHead = surroundings.inLoopHead
    statementStart = surroundings.statementStart
  }

  /// Takes an opening bracket.
  func openBracket() -> Token {
    openers.append(index)
    let opener = advance()
    switch opener.kind {
    case .leftParen: openParens += 1
    case .leftBracket: openBrackets += 1
    default: openBraces += 1
    }
    return opener
  }

  /// Takes the closer of `opener`, or says that it is missing and points at both places.
  func close(_ opener: Token) {
    switch opener.kind {
    case .leftParen: openParens -= 1
    case .leftBracket: openBrackets -= 1
    default: openBraces -= 1
    }
    openers.removeLast()
    if tokens[index].kind == opener.kind.closer {
      advance()
      return
    }
    missedCloser(of: opener)
    // A closer of another kind that nothing waits for was meant as this one.
    switch tokens[index].kind {
    case .rightParen where openParens == 0, .rightBracket where openBrackets == 0: advance()
    case .rightBrace where openBraces == 0: advance()
    default: break
    }
  }

  /// Between the elements of a bracket: takes the comma and says whether another element follows. A last comma in front
  /// of the closer is allowed. `start` is where the element before began.
  func anotherElement(in opener: Token, from start: Int) -> Bool {
    let closer = opener.kind.closer
    if kind == .comma {
      advance()
      return kind != closer && kind != .end
    }
    if kind == closer || kind == .end { return false }
    if isInnermostUnclosed, !beginsEntryOnNewLine {
      missedCloser(of: opener)
      return false
    }
    if index > start, canBeginElement(of: opener), !beginsStatementOnNewLine {
      missedComma(in: opener)
      return true
    }
    missedCloser(of: opener)
    if leaveCloserToOuter() { return false }
    skipInside(closer)
    guard kind == .comma else { return false }
    advance()
    return kind != closer && kind != .end
  }

  /// Nothing closes the innermost open bracket: it ends where something does not belong into it.
  private var isInnermostUnclosed: Bool { openers.last.map { partners[$0] < 0 } ?? false }

  /// Whether a bracket that has to end here can do so although a closer follows later: that one then belongs to an
  /// outer bracket, which would otherwise have none. So `f((a, b)` is one complaint and not two.
  func leaveCloserToOuter() -> Bool {
    guard let outer = openers.last(where: { partners[$0] < 0 }) else { return false }
    partners[outer] = Int32(outer)
    return true
  }

  private var beginsEntryOnNewLine: Bool {
    token.isFirstOnLine && following?.kind == .colon && (kind == .name || kind == .string)
  }

  /// Something that is no operator and could begin a value, so that a comma is likely to be missing in front of it.
  private func canBeginElement(of opener: Token) -> Bool {
    if opener.kind == .leftBrace {
      switch following?.kind {
      case .colon, .comma, .rightBrace: return kind == .name || kind == .string
      default: return kind == .spread
      }
    }
    switch kind {
    case .number, .duration, .date, .datetime, .string, .stringHead, .field, .spread: return true
    case .name: return word.map { !$0.isReserved || $0 == .null || $0 == .true || $0 == .false } ?? true
    case .leftBrace: return token.isFirstOnLine
    default: return false
    }
  }
}

extension Token.Kind {
  var closer: Token.Kind {
    switch self {
    case .leftParen: return .rightParen
    case .leftBracket: return .rightBracket
    case .stringHead: return .stringTail
    default: return .rightBrace
    }
  }

  var opener: Token.Kind {
    switch self {
    case .rightParen: return .leftParen
    case .rightBracket: return .leftBracket
    case .stringTail: return .stringHead
    default: return .leftBrace
    }
  }
}
