/// What to do about a problem. Words and marks of other languages are looked at first, then misspellings.
extension SyntaxProblem {
  func hints(in source: SourceText) -> [String] {
    switch self {
    case .foreignMark(let mark, _): return [ForeignMark.hint(for: mark)]
    case .foreignWord(let word, _): return ForeignWord.hint(for: word).map { [$0] } ?? []
    case .foreignQuote: return ["write \"text with ${values}\" or 'raw text'"]
    case .lookalike(_, let mark, _): return ["type \(quoted(mark)); the other may come from a word processor"]
    case .strangeCharacter(let scalar, _): return scalar.hint
    case .nameBeyondASCII: return ["texts and keys in quotes may hold any letter"]
    case .unknownEscape:
      return ["known are \\n \\t \\r \\\" \\\\ \\$ \\u{HEX}; a backslash itself is \\\\, or use 'raw text'"]
    case .malformedNumber(let fault, let text, _): return fault.hints(text)
    case .malformedDate(.noZone, let text, _): return ["write \(quoted(text + "Z")) for UTC"]
    case .expectedExpression(let after, let found, _): return SyntaxProblem.expressionHints(after, found)
    case .expected(let expectation, let found, _): return SyntaxProblem.hints(expectation, found)
    case .leftover(let found, let beginning, _): return SyntaxProblem.leftoverHints(found, beginning)
    case .reservedName(let word, _, _):
      return ["another name, such as \(quoted(word + "_")), is free; keys and fields may use the word"]
    case .chainedOperator(let text, _, _):
      return text == ".." ? [] : ["write `a < b and b < c`, or `b in a..c` with both ends included"]
    case .assignmentInExpression: return ["write `==` to compare; `=` only declares and assigns"]
    case .notAssignable: return ["values do not change: make a new record, or assign to a `var`; `==` compares"]
    case .equalsInsteadOfColon(let name, _): return ["write \(quoted(name + ": …"))"]
    default: return structureHints
    }
  }

  private var structureHints: [String] {
    switch self {
    case .needsBrackets(let text, _):
      return text == "not"
        ? ["write `not (a … b)` for the whole, or `(not a)` for the part"] : ["write \(quoted("(" + text + " …)"))"]
    case .unknownStage(_, let suggestion?, _): return ["did you mean \(quoted(suggestion))?"]
    case .unknownStage(let name, nil, _):
      return ["a function takes its arguments in brackets: \(quoted("| " + name + "(…)"))"]
    case .clauseOnOwnLine:
      return ["write it on the line of its stage; only `|`, `and`, `or`, `else` and `catch` may begin the next line"]
    case .itemInBlock(let word, _, _): return ["if \(quoted(word)) is at the top level, a `}` is missing above it"]
    case .blockAsRecord: return ["a lambda and an arm of `match` are one expression; move the statements into a `fn`"]
    case .fieldAsKey(let field, _):
      let name = String(field.dropFirst())
      return ["write \(quoted(name + ": " + field))"]
    case .expectedName(.function, let found, _) where found.text == "(":
      return ["a function without a name is a lambda: `x => …` or `(a, b) => …`"]
    case .expectedName(.loopVariable, let found, _) where found.text == "(":
      return ["write `for x in list { … }` without brackets"]
    case .expectedName(.error, let found, _) where found.text == "(": return ["write `catch e { … }` without brackets"]
    case .unclosed(_, "(", _, let found, _) where found.text == ",": return ["a list stands in `[ … ]`"]
    case .nestedTooDeep: return ["give the inner parts names with `let`"]
    case .nestedTooLong:
      return ["give parts of it names with `let`; for many values of one field write `.p in [a, b, …]`"]
    case .wildcardAmongPatterns: return ["write an arm `_ => …` of its own"]
    case .missingComma(let inside, _, _):
      return inside == "{" ? ["entries of a record are separated by commas, also at line ends"] : []
    case .unclosed(_, _, _, let found, _): return ForeignWord.hint(for: found.text).map { [$0] } ?? []
    default: return []
    }
  }

  private static func expressionHints(_ after: String?, _ found: Found) -> [String] {
    switch found.text {
    case "*": return after == nil ? [] : ["there is no `select *`: name the columns"]
    case "=": return ["write `==` to compare"]
    case "try", "for":
      return [
        "`\(found.text)` is a statement: declare a `var` before it and assign to it inside, or put it into a function"
      ]
    case "fn": return ["a function without a name is a lambda: `x => …` or `(a, b) => …`"]
    default: break
    }
    if found.text != "else", let hint = ForeignWord.hint(for: found.text) { return [hint] }
    if found.description == Token.Kind.lineEnd.rawValue {
      return ["a statement goes on after a line that ends with an operator, a comma or an open bracket"]
    }
    if let word = Word.table[found.text], word.isReserved, !Word.statementStarts.contains(word) {
      return ["\(quoted(found.text)) is a word of the language"]
    }
    return []
  }

  private static func hints(_ expectation: Expectation, _ found: Found) -> [String] {
    if let hint = ForeignWord.statements[found.text] { return [hint] }
    switch expectation {
    case .block where found.text == ":": return ["blocks stand in `{ … }`, not behind `:`"]
    case .block where found.description == Token.Kind.lineEnd.rawValue,
      .record where found.description == Token.Kind.lineEnd.rawValue:
      return ["the `{` stands on the same line"]
    case .mark("=", _) where found.text == ":": return ["only parameters have a type; leave it out"]
    case .mark("=", _) where found.text == "=>": return ["write `fn name(…) = …`"]
    case .stage:
      return ["stages are \(Word.stages.map(\.rawValue).joined(separator: ", ")), or a function"]
    case .catchClause: return ["write `try { … } catch e { … }`"]
    case .key where found.text == "[": return ["keys cannot be computed"]
    default: return []
    }
  }

  private static func leftoverHints(_ found: Found, _ beginning: String?) -> [String] {
    if let hint = ForeignWord.statements[found.text] { return [hint] }
    if let beginning, let hint = ForeignWord.statements[beginning] { return [hint] }
    switch found.text {
    case "=>": return ["a lambda inside an expression stands in brackets: `(x => …)`"]
    case "{":
      return ["a block stands after `if`, `for`, `each` and the like; statements are separated by line ends or `;`"]
    case ":": return ["blocks stand in `{ … }`, not behind `:`"]
    case ",": return ["a list stands in `[ … ]`"]
    case "else": return ["`else` follows the `}` of an `if`"]
    case "catch": return ["`catch` follows the `}` of a `try`"]
    default: break
    }
    if beginning == "find" { return ["conditions follow `where`: `find where .price > 3`"] }
    let starts = [
      "let", "var", "for", "return", "find", "create", "upsert", "param", "step", "test", "expect", "given", "use",
    ]
    if let beginning, !starts.contains(beginning),
      let suggestion = Spelling.suggestion(for: beginning, among: starts)
    {
      return ["did you mean \(quoted(suggestion)) for \(quoted(beginning))?"]
    }
    return ["one statement a line; several are separated by `;`"]
  }
}

extension ForeignWord {
  static func hint(for word: String) -> String? {
    if word == "else" { return statements["default"] }
    return values[word]?.hint ?? operators[word]?.hint ?? statements[word]
  }
}

extension NumberFault {
  fileprivate func hints(_ text: String) -> [String] {
    switch self {
    case .leadingPoint: return ["write \(quoted("0" + text))"]
    case .exponent: return ["write all digits; `_` may group them: `1_000_000`"]
    case .unknownUnit(let unit):
      let digits = String(text.dropLast(unit.utf8.count))
      if let meant = NumberFault.units[unit.lowercasedASCII] { return ["write \(quoted(digits + meant))"] }
      return ["units are s m h d w mo y: `90d`, `12mo`; several are added: `1h + 30m`"]
    default: return []
    }
  }

  private static let units: [String: String] = [
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "wk": "w", "week": "w", "weeks": "w",
    "mon": "mo", "mos": "mo", "mth": "mo", "month": "mo", "months": "mo", "yr": "y", "yrs": "y", "year": "y",
    "years": "y",
  ]
}

extension Unicode.Scalar {
  fileprivate var hint: [String] {
    if properties.isWhitespace, value >= 0x80 { return ["type an ordinary space"] }
    if value == 0x0D { return ["lines end with LF or CRLF"] }
    if isMisleading {
      return ["remove it; inside a text in double quotes write \\u{\(String(value, radix: 16, uppercase: true))}"]
    }
    return []
  }
}
