/// A mark that means something in another language and nothing here. Every one was chosen so that it stands in no
/// correct program: `a -= 1` is listed, `a--b` is not, since that is a subtraction.
struct ForeignMark: Sendable {
  let text: String
  let bytes: [UInt8]
  let hint: String
  let meaning: Meaning

  /// What the parser is given instead, so that the rest of the line can be checked.
  enum Meaning: Sendable {
    case kind(Token.Kind)
    case word(Word)
    case lineComment
    case blockComment
    case nothing
  }

  init(_ text: String, _ meaning: Meaning, _ hint: String) {
    self.text = text
    self.bytes = Array(text.utf8)
    self.hint = hint
    self.meaning = meaning
  }

  func stands(at place: Int, in source: [UInt8]) -> Bool {
    guard place + bytes.count <= source.count else { return false }
    for (step, byte) in bytes.enumerated() where source[place + step] != byte { return false }
    return true
  }

  /// Longer marks come before those they begin with.
  static let all: [ForeignMark] = [
    ForeignMark("===", .kind(.equal), "`==` is already exact: it never converts a value"),
    ForeignMark("!==", .kind(.notEqual), "`!=` is already exact: it never converts a value"),
    ForeignMark("&&", .word(.and), "write `and`"),
    ForeignMark("||", .word(.or), "write `or`; for a fallback in place of null write `??`"),
    ForeignMark("<=>", .nothing, "compare with `<`, `==` or `>`, or use the `sort` stage"),
    ForeignMark("<>", .kind(.notEqual), "write `!=`"),
    ForeignMark("=<", .kind(.lessOrEqual), "write `<=`"),
    ForeignMark("|>", .kind(.pipe), "stages are joined with `|`"),
    ForeignMark("->", .kind(.arrow), "a lambda is `x => …`, a result type is `fn f(x): number`"),
    ForeignMark("..<", .kind(.range), "`a..b` includes both ends; write `a..(b - 1)`"),
    ForeignMark("..=", .kind(.range), "`a..b` already includes both ends"),
    ForeignMark("+=", .kind(.assign), "write `x = x + …`"),
    ForeignMark("-=", .kind(.assign), "write `x = x - …`"),
    ForeignMark("*=", .kind(.assign), "write `x = x * …`"),
    ForeignMark("/=", .kind(.assign), "write `x = x / …`"),
    ForeignMark("%=", .kind(.assign), "write `x = x % …`"),
    ForeignMark("??=", .kind(.assign), "write `x = x ?? …`"),
    ForeignMark("++", .nothing, "write `x = x + 1`; lists and texts are joined with one `+`"),
    ForeignMark("**", .kind(.star), "there is no power operator; multiply"),
    ForeignMark(":=", .kind(.assign), "write `let x = …` to declare, `x = …` to assign to a `var`"),
    ForeignMark("::", .kind(.colon), "a member of a module is `module.name`"),
    ForeignMark("?.", .kind(.dot), "write `.`, and give a fallback for null with `??`"),
    ForeignMark("//", .lineComment, "a comment begins with `#`"),
    ForeignMark("/*", .blockComment, "a comment begins with `#` and ends with its line"),
    ForeignMark("!~", .kind(.notEqual), "write `not (a =~ b)`"),
    ForeignMark("~=", .kind(.equalIgnoringCase), "write `=~`"),
    ForeignMark("~", .nothing, "`=~` compares without regard to case, `matches` tests a pattern"),
    ForeignMark("&", .word(.and), "write `and`"),
    ForeignMark("$", .nothing, "names have no mark in front; `${…}` belongs inside a text in double quotes"),
    ForeignMark("^", .nothing, "there is no power operator; multiply"),
    ForeignMark("\\", .nothing, "a line goes on by itself after an operator, a comma or an open bracket"),
  ]

  static let byFirstByte: [UInt8: [ForeignMark]] = Dictionary(grouping: all, by: { $0.bytes.first ?? 0 })

  /// `!` and `?` alone are looked at by hand, since `!=` and `??` begin with them.
  static let loneExclamation = "write `not` in front of a condition; a name may end in one `!`"
  static let loneQuestion = "write `if a { b } else { c }`; a fallback for null is `a ?? b`"

  static func hint(for text: String) -> String {
    if text == "!" { return loneExclamation }
    if text == "?" { return loneQuestion }
    return all.first { $0.text == text }?.hint ?? ""
  }

  /// Characters beyond ASCII that word processors and web pages put in place of a mark.
  static let lookalikes: [Unicode.Scalar: Token.Kind] = [
    "\u{2212}": .minus, "\u{2013}": .minus, "\u{2014}": .minus, "\u{2010}": .minus, "\u{2011}": .minus,
    "\u{D7}": .star, "\u{F7}": .slash, "\u{2044}": .slash, "\u{2264}": .lessOrEqual, "\u{2265}": .greaterOrEqual,
    "\u{2260}": .notEqual, "\u{2026}": .range, "\u{2192}": .arrow, "\u{21D2}": .arrow, "\u{FF0C}": .comma,
    "\u{FF1A}": .colon, "\u{FF1B}": .semicolon, "\u{FF08}": .leftParen, "\u{FF09}": .rightParen, "\u{A6}": .pipe,
    "\u{FF5C}": .pipe, "\u{FF1D}": .assign,
  ]
}
