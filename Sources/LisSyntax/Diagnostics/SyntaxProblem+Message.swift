/// What the diagnostics of this room say.
extension SyntaxProblem {
  /// The headline, and the remark at the primary label.
  var sentence: (message: String, label: String) {
    switch self {
    case .expectedExpression(let after, let found, _):
      let place = after.map { " after \(quoted($0))" } ?? ""
      return (
        "expected an expression\(place)\(found.isEnd ? "" : found.butFound)", "an expression belongs here"
      )
    case .expected(let expectation, let found, _):
      let (what, label) = expectation.words
      return ("expected \(what)\(found.butFound)", label)
    case .expectedName(let role, let found, _):
      return ("expected the name of \(role.rawValue)\(found.butFound)", "a name belongs here")
    case .reservedName(let word, let role, _):
      return ("\(quoted(word)) is a word of the language and cannot name \(role.rawValue)", "reserved word")
    case .unclosed(_, let mark, let closer, let found, _):
      return (
        "\(quoted(mark)) is not closed: expected \(quoted(closer))\(found.butFound)", "\(quoted(closer)) belongs here"
      )
    case .strayCloser(let mark, _): return ("nothing is open that \(quoted(mark)) could close", "closes nothing")
    case .missingComma: return ("expected a comma between two elements", "a comma belongs here")
    case .leftover(let found, _, _):
      return (
        "expected the end of the statement, found \(found.description)", "does not belong to what stands before it"
      )
    case .unknownStage(let name, _, _): return ("\(quoted(name)) is no stage", "not a stage of the language")
    case .repeatedClause(let clause, _, _): return ("\(quoted(clause)) is given twice", "given again here")
    case .clauseOnOwnLine(let clause, _):
      return ("\(quoted(clause)) is cut off from its stage by the line end", "belongs to the stage above")
    case .itemInBlock(let word, _, _):
      return ("\(quoted(word)) stands only at the top level of a file", "not inside a block")
    case .blockAsRecord: return ("this brace begins a record, not a block", "a record `{ key: value }` belongs here")
    case .needsBrackets(let text, _):
      return ("\(quoted(text)) inside an expression needs brackets around it", "put this part in brackets")
    default: return detail
    }
  }

  private var detail: (message: String, label: String) {
    switch self {
    case .nestedTooDeep: return ("nested too deep", "the limit is reached here")
    case .nestedTooLong(let limit, _):
      return ("more than \(limit) operators, members or calls in one expression", "the limit is reached here")
    case .chainedOperator(let text, _, _):
      let what = text == ".." ? "ranges" : "comparisons"
      return ("\(what) cannot be chained", "a second \(quoted(text)) in a row")
    case .assignmentInExpression: return ("`=` does not compare", "`==` belongs here")
    case .notAssignable: return ("only a name can be assigned", "nothing can be assigned to what stands before")
    case .equalsInsteadOfColon: return ("expected `:`, found `=`", "`:` belongs here")
    case .foreignWord("else", _): return ("an arm of `match` cannot begin with `else`", "not a pattern")
    case .foreignWord(let word, _): return ("\(quoted(word)) is not a word of this language", "from another language")
    case .foreignMark(let mark, _): return ("\(quoted(mark)) is not a mark of this language", "from another language")
    case .foreignQuote(let mark, _):
      return ("texts are not quoted with \(mark == "`" ? "backticks" : quoted(mark))", "not a quote here")
    case .fieldAsKey(let field, _): return ("\(quoted(field)) cannot be a key", "a key is a bare name or a text")
    case .textNotPlain(let what, _): return ("the text of \(quoted(what)) must be plain", "has an interpolation")
    case .wildcardAmongPatterns: return ("`_` stands alone for everything else", "makes the other patterns idle")
    case .plainKeyWithoutValue(let key, _):
      return ("the key \(quoted(key)) needs a value", "only a plain name may stand without one")
    case .commaAfterArm: return ("arms of `match` are not separated by commas", "a line end or `;` belongs here")
    default: return literalDetail
    }
  }

  private var literalDetail: (message: String, label: String) {
    switch self {
    case .strangeCharacter(let scalar, _):
      let name =
        scalar.isMisleading || scalar.properties.isWhitespace ? scalar.codePoint : quoted(String(Character(scalar)))
      let kind = scalar.isMisleading ? "invisible or control character" : "character"
      return ("\(kind) \(name) outside a text", "not allowed here")
    case .lookalike(let scalar, let mark, _):
      return ("\(quoted(String(Character(scalar)))) (\(scalar.codePoint)) is not \(quoted(mark))", "only looks like it")
    case .nameBeyondASCII(let name, _):
      return ("the name \(quoted(name)) has letters other than a-z, A-Z, 0-9 and _", "not a plain name")
    case .unterminatedText: return ("the text is not closed", "begins here")
    case .unterminatedInterpolation: return ("the interpolation is not closed", "this `${` waits for its `}`")
    case .unknownEscape(let text, _): return ("unknown escape \(quoted(text))", "not an escape")
    case .malformedUnicodeEscape(let text, _):
      return ("\(quoted(text)) names no character", "expected `\\u{HEX}` with one to six digits")
    case .malformedNumber(let fault, let text, _): return ("\(quoted(text)) is not a number", fault.label)
    case .malformedDate(let fault, let text, _): return ("\(quoted(text)) is not a date", fault.label)
    default: return ("syntax error", "")
    }
  }
}

extension SyntaxProblem.Found {
  fileprivate var isEnd: Bool { description == Token.Kind.end.rawValue }

  /// ", found …"; nothing where the thing simply ends, which the excerpt shows.
  fileprivate var butFound: String {
    text.isEmpty && description == Token.Kind.lineEnd.rawValue ? "" : ", found \(description)"
  }
}

extension SyntaxProblem.Expectation {
  /// What was expected, and the remark at the place.
  fileprivate var words: (what: String, label: String) {
    switch self {
    case .mark(let mark, let after): return ("\(quoted(mark)) after \(after)", "\(quoted(mark)) belongs here")
    case .block(let after): return ("a block `{ … }` after \(after)", "`{` belongs here")
    case .record(let after):
      return (after.isEmpty ? "a record `{ … }`" : "a record `{ … }` after \(after)", "`{` belongs here")
    case .stage: return ("a stage after `|`", "a stage belongs here")
    case .type: return ("a type after `:`", "a type belongs here")
    case .title(let word): return ("a title in quotes after \(quoted(word))", "a text belongs here")
    case .moduleName: return ("the name or the path of a module after `use`", "a name or a text belongs here")
    case .catchClause: return ("`catch` after the block of `try`", "`catch e { … }` belongs here")
    case .key: return ("a key of the record", "a name, a text or `...` belongs here")
    case .member: return ("a name after `.`", "a name belongs here")
    case .word(let word, let after): return ("\(quoted(word)) after \(after)", "\(quoted(word)) belongs here")
    case .arrow: return ("`=>` after the pattern", "`=>` belongs here")
    }
  }
}

extension NumberFault {
  fileprivate var label: String {
    switch self {
    case .leadingPoint: return "a digit belongs in front of the point"
    case .noDigitAfterPoint: return "a digit belongs behind the point"
    case .severalPoints: return "a number has one point at most"
    case .badGrouping: return "`_` stands only between two digits"
    case .exponent: return "numbers have no exponent"
    case .otherBase: return "numbers are decimal"
    case .unknownUnit(let unit): return "\(quoted(unit)) is no unit of time"
    }
  }
}

extension DateFault {
  fileprivate var label: String {
    switch self {
    case .shape: return "expected `@2026-01-31` or `@2026-01-31T12:00:00Z`"
    case .month(let month): return "there is no month \(month)"
    case .day(let day, let month, let year): return "month \(month) of \(year) has no day \(day)"
    case .time: return "expected a time from `00:00:00` to `23:59:59`"
    case .offset: return "expected an offset like `+02:00`"
    case .noZone: return "a date-time needs its zone: `Z` or an offset like `+02:00`"
    case .finerThanMilliseconds: return "the finest unit is a millisecond: three digits at most"
    }
  }
}
