import TestSupport

/// Programs made from the grammar by chance, in a layout by chance, with comments wherever a line may end.
struct RandomSource {
  private var random: SeededGenerator
  private var text = ""
  private var commentCount = 0
  /// For each open bracket whether a line end inside ends a statement.
  private var lineEndsCount = [true]
  private var last = ""
  private var depth = 0

  init(random: SeededGenerator) { self.random = random }

  mutating func make() -> String {
    for number in 0..<Int.random(in: 1...6, using: &random) {
      if number > 0 { separate() }
      item()
    }
    if chance(3) { text += "\n" }
    return text
  }

  private mutating func chance(_ outOf: Int) -> Bool { Int.random(in: 0..<outOf, using: &random) == 0 }

  private mutating func pick(_ words: [String]) -> String { words[Int.random(in: 0..<words.count, using: &random)] }

  // MARK: Layout

  /// A token. One that touches follows without a space.
  private mutating func put(_ token: String, touches: Bool = false) {
    let continues = ["|", "and", "or", "else", "catch"].contains(token) || RandomSource.continuing.contains(last)
    if touches || text.isEmpty {
    } else if lineEndsCount.last == false || continues || last == "{" {
      gap(mayEndLine: true)
    } else {
      gap(mayEndLine: false)
    }
    text += token
    last = token
  }

  private static let continuing: Set<String> = [
    ",", "=", "=>", "|", "(", "[", "+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "=~", "??", "..", "...",
    "and", "or", "not", "in", "contains", "has", "startswith", "endswith", "matches",
  ]

  private mutating func gap(mayEndLine: Bool) {
    text += String(repeating: " ", count: Int.random(in: 1...2, using: &random))
    guard mayEndLine else { return }
    switch Int.random(in: 0..<20, using: &random) {
    case 0: comment()
    case 1:
      text += "\n"
      comment()
    case 2:
      text += "\n\n\n"
      comment()
      comment()
      text += "\n\n"
    case 3...5: text += "\n"
    case 6: text += "\n \n"
    default: break
    }
  }

  private mutating func comment() {
    commentCount += 1
    text += (chance(4) ? "##" : "#") + " comment \(commentCount)" + (chance(3) ? " \t" : "") + "\n"
  }

  private mutating func separate() {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: text += ";"
    case 1: text += " ; "
    case 2:
      text += " "
      comment()
    case 3:
      text += "\n\n\n"
      comment()
    default: text += "\n"
    }
    last = ";"
  }

  private mutating func bracket(_ open: String, _ close: String, touches: Bool = false, _ body: (inout Self) -> Void) {
    put(open, touches: touches)
    lineEndsCount.append(false)
    body(&self)
    put(close)
    lineEndsCount.removeLast()
  }

  private mutating func commas(_ count: ClosedRange<Int>, trailing: Bool = true, _ element: (inout Self) -> Void) {
    let number = Int.random(in: count, using: &random)
    for place in 0..<number {
      if place > 0 { put(",") }
      element(&self)
    }
    if trailing, number > 0, chance(6) { put(",") }
  }

  // MARK: Items and statements

  private mutating func item() {
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      put("use")
      put(pick(["\"./a.lis\"", "money"]))
      if chance(2) {
        put("as")
        put("other")
      }
    case 1:
      put("param")
      parameter()
    case 2:
      put(pick(["test", "step"]))
      put("\"a title\"")
      block()
    default: statement()
    }
  }

  private mutating func parameter() {
    put(pick(["a", "b", "rate"]))
    if chance(3) {
      put(":")
      put(pick(["number", "row"]))
    }
    if chance(3) {
      put("=")
      expression()
    }
  }

  private mutating func function() {
    put("fn")
    put(pick(["f", "g!", "long_name"]))
    bracket("(", ")") { $0.commas(0...3) { $0.parameter() } }
    if chance(4) {
      put(":")
      put("number")
    }
    if chance(2) {
      put("=")
      pipeline()
    } else {
      block()
    }
  }

  private mutating func statement() {
    depth += 1
    defer { depth -= 1 }
    switch Int.random(in: 0..<(depth > 4 ? 3 : 9), using: &random) {
    case 0:
      put(pick(["let", "var"]))
      put(pick(["x", "total"]))
      put("=")
      pipeline()
    case 1:
      put("total")
      put("=")
      pipeline()
    case 3:
      put("for")
      put("row")
      put("in")
      put("rows")
      block()
    case 4:
      put("try")
      block()
      put("catch")
      put("e")
      block()
    case 5: function()
    case 6:
      put(pick(["return", "expect", "given"]))
      pipeline()
    default: pipeline()
    }
  }

  private mutating func block() {
    put("{")
    lineEndsCount.append(true)
    let count = Int.random(in: 0...2, using: &random)
    for number in 0..<count {
      if number > 0 { separate() }
      statement()
    }
    if chance(4) { separate() }
    last = "{"
    put("}")
    lineEndsCount.removeLast()
  }

  // MARK: Pipelines

  private mutating func pipeline() {
    depth += 1
    defer { depth -= 1 }
    if chance(12) { put("plan") }
    if depth < 5, chance(3) {
      find()
    } else {
      expression()
    }
    guard depth < 5 else { return }
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      put("|")
      stage()
    }
  }

  private mutating func find() {
    put("find")
    if chance(3) { put("all") }
    if chance(3) { put("deals") }
    if chance(2) {
      put("where")
      operators()
    }
  }

  private mutating func stage() {
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1:
      put(pick(["where", "take", "map"]))
      operators()
    case 2:
      put("select")
      commas(lineEndsCount.count > 1 ? 1...1 : 1...4, trailing: false) { generator in
        if generator.chance(3) {
          generator.put("name")
          generator.put(":")
        }
        generator.operators()
      }
    case 3:
      put("sort")
      commas(lineEndsCount.count > 1 ? 1...1 : 1...2, trailing: false) { generator in
        generator.put(".price")
        if generator.chance(2) { generator.put(generator.pick(["asc", "desc"])) }
      }
    case 4:
      put("each")
      if chance(2) { put("item") }
      block()
    case 5:
      put("update")
      record()
      guards()
    case 6:
      for word in ["upsert", "by", "hs_sku"] { put(word) }
      record()
      guards()
    case 7:
      for word in ["group", "by", ".a"] { put(word) }
      record()
    case 8:
      for word in ["associate", "to", "deal", ".deal_id"] { put(word) }
      guards()
    default:
      put("money")
      put(".rounded", touches: true)
      arguments()
    }
  }

  private mutating func guards() {
    if chance(3) { for word in ["at", "most", "200"] { put(word) } }
    if chance(4) { for word in ["on", "error", "continue"] { put(word) } }
  }

  // MARK: Expressions

  private mutating func expression() {
    depth += 1
    defer { depth -= 1 }
    guard depth < 6 else { return primary() }
    switch Int.random(in: 0..<12, using: &random) {
    case 0:
      if chance(2) {
        put("x")
      } else {
        bracket("(", ")") { $0.commas(0...2, trailing: false) { $0.put("y") } }
      }
      put("=>")
      expression()
    case 1: conditional()
    case 2: match()
    default: operators()
    }
  }

  private mutating func conditional() {
    put("if")
    put("x")
    put(pick(["and", "==", "or"]))
    primary()
    block()
    if chance(2) {
      put("else")
      if chance(3) { conditional() } else { block() }
    }
  }

  private mutating func match() {
    put("match")
    put("x")
    put("{")
    lineEndsCount.append(true)
    for number in 0..<Int.random(in: 1...3, using: &random) {
      if number > 0 { separate() }
      commas(1...2, trailing: false) { $0.put($0.pick(["1", "\"a\"", "2", "null", "@2026-01-01"])) }
      put("=>")
      expression()
    }
    separate()
    put("_")
    put("=>")
    primary()
    last = "{"
    put("}")
    lineEndsCount.removeLast()
  }

  private mutating func operators() {
    operand()
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      put(pick(["and", "or", "+", "-", "*", "/", "??"]))
      operand()
    }
    if chance(4) {
      put(pick(["and", "or"]))
      primary()
      put(pick(["==", "<", "in", "contains", "=~"]))
      primary()
    }
    if chance(8) {
      put("or")
      put("a")
      put("not")
      put("in", touches: false)
      primary()
    }
    if chance(8) {
      put("and")
      put("x")
      put("in")
      put("1")
      put("..")
      put(pick(["9", ".b", "-3", "a"]))
    }
  }

  private mutating func operand() {
    if chance(8) { put("-") }
    primary()
    guard depth < 6 else { return }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: arguments()
    case 1: bracket("[", "]") { $0.expression() }
    default: break
    }
  }

  private mutating func arguments() {
    bracket("(", ")", touches: chance(2)) { generator in
      generator.commas(0...3) { generator in
        if generator.depth < 6 { generator.pipeline() } else { generator.primary() }
      }
    }
  }

  private mutating func record() {
    bracket("{", "}") { generator in
      generator.commas(0...4) { generator in
        generator.put(generator.pick(["name", "price", "\"a key\""]))
        generator.put(":")
        if generator.depth < 6 { generator.pipeline() } else { generator.primary() }
      }
    }
  }

  private mutating func primary() {
    depth += 1
    defer { depth -= 1 }
    switch Int.random(in: 0..<(depth > 6 ? 9 : 13), using: &random) {
    case 0: put(pick(["1", "1_000.50", "0"]))
    case 1: put(pick(["90d", "12mo"]))
    case 2: put(pick(["@2026-01-31", "@2026-01-31T10:00:00Z"]))
    case 3: put(pick(["\"text\"", "'it''s'", "\"a ${ x+1 } b\"", "\"two\nlines \"", "\"${ [1,\n 2] }\""]))
    case 4: put(pick(["true", "false", "null"]))
    case 5, 6: put(pick([".price", ".hs_recurring_billing_start_date", "."]))
    case 7: put(pick(["x", "a_name_that_is_rather_long", "total"]))
    case 8:
      put("item")
      put(".name", touches: true)
    case 9: bracket("[", "]") { $0.commas(0...4) { $0.depth < 6 ? $0.pipeline() : $0.primary() } }
    case 10: record()
    case 11: bracket("(", ")") { $0.pipeline() }
    default:
      bracket("[", "]") { generator in
        generator.commas(1...2) { generator in
          generator.put("...")
          generator.primary()
        }
      }
    }
  }
}
