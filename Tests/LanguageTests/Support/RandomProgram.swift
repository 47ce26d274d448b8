import TestSupport

/// A random program in lis and in Python, which print the same.
struct RandomProgram {
  var random: SeededGenerator
  private var lis = ""
  private var python = ""
  private var indent = 0
  private var names = 0
  /// Names that can be read, and those that can be assigned, innermost last.
  private var readable: [[String]] = [[]]
  private var assignable: [[String]] = [[]]
  private var functions: [[(name: String, isLambda: Bool)]] = [[]]
  private var loops = 0
  private var isPure = 0
  private let isFunction: Bool

  init(random: SeededGenerator) {
    self.random = random
    isFunction = self.random.next() % 2 == 0
  }

  mutating func make() -> (lis: String, python: String) {
    if isFunction {
      line("fn main() {", "def main():")
      indent += 1
    }
    for _ in 0..<2 { declare() }
    for _ in 0..<number(4...9) { statement(3) }
    show()
    if isFunction {
      indent -= 1
      line("}", "")
      line("main()", "main()")
    }
    return (lis, python)
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  private mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

  private mutating func fresh(_ letter: String) -> String {
    names += 1
    return "\(letter)\(names)"
  }

  private mutating func line(_ lis: String, _ python: String) {
    let space = String(repeating: "  ", count: indent)
    self.lis += space + lis + "\n"
    if !python.isEmpty { self.python += space + python + "\n" }
  }

  private mutating func any(_ names: [[String]]) -> String? { names.flatMap { $0 }.randomElement(using: &random) }

  // MARK: Statements

  private mutating func declare() {
    let name = fresh("v")
    let value = whole(2)
    line("var \(name) = \(value.lis)", "\(name) = \(value.python)")
    readable[readable.count - 1].append(name)
    assignable[assignable.count - 1].append(name)
  }

  private mutating func show() {
    let parts = readable.flatMap { $0 }
    line("print(\(parts.joined(separator: ", ")))", "print(\(parts.joined(separator: ", ")))")
  }

  private mutating func statement(_ depth: Int) {
    switch number(0...11) {
    case 0, 1: declare()
    case 2, 3:
      guard let name = any(assignable) else { return declare() }
      let value = whole(3)
      line("\(name) = \(value.lis)", "\(name) = \(value.python)")
    case 4:
      let value = whole(3)
      line("print(\(value.lis))", "print(\(value.python))")
    case 5 where depth > 0: branch(depth)
    case 6 where depth > 0: loop(depth)
    case 7 where depth > 0: attempt(depth)
    case 8 where depth > 0: nested(depth)
    case 9: lambda()
    case 10 where loops > 0:
      let test = condition(1)
      let word = chance(50) ? "break" : "continue"
      line("if \(test.lis) { \(word) }", "if \(test.python): \(word)")
    default: show()
    }
  }

  private mutating func block(_ depth: Int, names: [String] = []) {
    readable.append(names)
    assignable.append([])
    functions.append([])
    indent += 1
    line("", "pass")
    for _ in 0..<number(1...3) { statement(depth - 1) }
    indent -= 1
    readable.removeLast()
    assignable.removeLast()
    functions.removeLast()
  }

  private mutating func branch(_ depth: Int) {
    let test = condition(2)
    line("if \(test.lis) {", "if \(test.python):")
    block(depth)
    line("} else {", "else:")
    block(depth)
    line("}", "")
  }

  private mutating func loop(_ depth: Int) {
    let name = fresh("i")
    let end = number(0...3)
    loops += 1
    switch number(0...2) {
    case 0: line("for \(name) in 1..\(end) {", "for \(name) in range(1, \(end + 1)):")
    case 1: line("for \(name) in [3, 1, 2] | sort . | take \(end) {", "for \(name) in [1, 2, 3][:\(end)]:")
    default:
      line("(1..\(end)) | where . != 2 | each \(name) {", "for \(name) in [q for q in range(1, \(end + 1)) if q != 2]:")
    }
    block(depth, names: [name])
    line("}", "")
    loops -= 1
  }

  private mutating func attempt(_ depth: Int) {
    line("try {", "try:")
    block(depth)
    if chance(50) {
      let test = condition(1)
      indent += 1
      line("if \(test.lis) { fail_with(\"x\") }", "if \(test.python): raise ValueError()")
      indent -= 1
    }
    line("} catch e {", "except ValueError:")
    block(depth)
    line("}", "")
  }

  private mutating func nested(_ depth: Int) {
    let name = fresh("f")
    let parameter = fresh("p")
    let outer = assignable.flatMap { $0 }
    line("fn \(name)(\(parameter)) {", "def \(name)(\(parameter)):")
    indent += 1
    if !outer.isEmpty { line("", "\(isFunction ? "nonlocal" : "global") \(outer.joined(separator: ", "))") }
    indent -= 1
    let around = (loops, isFunction)
    loops = 0
    // In Python a name of a block inside of a function is the function's: only plain statements go in.
    readable.append([parameter])
    assignable.append([])
    indent += 1
    if let target = outer.randomElement(using: &random) {
      let value = whole(2)
      line("\(target) = \(value.lis)", "\(target) = \(value.python)")
    }
    let test = condition(1)
    let early = whole(1)
    line("if \(test.lis) { return \(early.lis) }", "if \(test.python): return \(early.python)")
    let value = whole(2)
    line(value.lis, "return \(value.python)")
    indent -= 1
    readable.removeLast()
    assignable.removeLast()
    (loops, _) = around
    line("}", "")
    functions[functions.count - 1].append((name, false))
  }

  private mutating func lambda() {
    let name = fresh("g")
    let parameter = fresh("p")
    isPure += 1
    readable.append([parameter])
    let value = whole(2)
    readable.removeLast()
    isPure -= 1
    line("let \(name) = \(parameter) => \(value.lis)", "\(name) = lambda \(parameter): \(value.python)")
    functions[functions.count - 1].append((name, true))
  }

  // MARK: Expressions

  typealias Pair = (lis: String, python: String)

  private mutating func whole(_ depth: Int) -> Pair {
    guard depth > 0 else { return leaf() }
    switch number(0...9) {
    case 0, 1: return leaf()
    case 2, 3: return both(depth, chance(50) ? "+" : "-")
    case 4:
      let left = whole(depth - 1)
      let factor = number(-3...3)
      return ("(\(left.lis) * \(factor) % 1009)", "remainder(\(left.python) * \(factor), 1009)")
    case 5: return choice(depth)
    case 6:
      guard let call = functions.flatMap({ $0 }).randomElement(using: &random), isPure == 0 || call.isLambda else {
        return both(depth, "+")
      }
      let argument = whole(depth - 1)
      return ("\(call.name)(\(argument.lis))", "\(call.name)(\(argument.python))")
    case 7: return matching(depth)
    case 8:
      let end = number(0...3)
      let item = fresh("q")
      isPure += 1
      readable.append([item])
      let inner = whole(depth - 1)
      readable.removeLast()
      isPure -= 1
      let isRow = chance(50)
      if isRow {
        return (
          "sum((1..\(end)) | map (\(item) => \(inner.lis)))", "sum(\(inner.python) for \(item) in range(1, \(end + 1)))"
        )
      }
      return ("sum(1..\(end), \(item) => \(inner.lis))", "sum(\(inner.python) for \(item) in range(1, \(end + 1)))")
    default:
      let items = (0..<3).map { _ in whole(depth - 1) }
      let index = number(0...2)
      return (
        "[\(items.map(\.lis).joined(separator: ", "))][\(index)]",
        "[\(items.map(\.python).joined(separator: ", "))][\(index)]"
      )
    }
  }

  private mutating func leaf() -> Pair {
    if chance(60), let name = any(readable) { return (name, name) }
    let value = number(0...9)
    return ("\(value)", "\(value)")
  }

  private mutating func both(_ depth: Int, _ op: String) -> Pair {
    let left = whole(depth - 1)
    let right = whole(depth - 1)
    return ("(\(left.lis) \(op) \(right.lis))", "(\(left.python) \(op) \(right.python))")
  }

  private mutating func choice(_ depth: Int) -> Pair {
    let test = condition(depth - 1)
    let then = whole(depth - 1)
    let otherwise = whole(depth - 1)
    if isPure == 0, chance(60), let name = any(assignable) {
      let value = whole(depth - 1)
      return (
        "(if \(test.lis) { \(name) = \(value.lis); \(then.lis) } else { \(otherwise.lis) })",
        "(((\(name) := \(value.python)), \(then.python))[1] if \(test.python) else \(otherwise.python))"
      )
    }
    return (
      "(if \(test.lis) { \(then.lis) } else { \(otherwise.lis) })",
      "(\(then.python) if \(test.python) else \(otherwise.python))"
    )
  }

  private mutating func matching(_ depth: Int) -> Pair {
    guard isPure == 0 else { return leaf() }
    let subject = whole(depth - 1)
    let arms = (0..<3).map { _ in whole(depth - 1) }
    let name = fresh("t")
    return (
      "(match \(subject.lis) {\n0, 5 => \(arms[0].lis)\n1..3 => \(arms[1].lis)\n_ => \(arms[2].lis)\n})",
      "(\(arms[0].python) if (\(name) := \(subject.python)) in (0, 5) else \(arms[1].python) if 1 <= \(name) <= 3 else \(arms[2].python))"
    )
  }

  private mutating func condition(_ depth: Int) -> Pair {
    if depth > 0, chance(40) {
      let left = condition(depth - 1)
      let right = condition(depth - 1)
      switch number(0...2) {
      case 0: return ("(\(left.lis) and \(right.lis))", "(\(left.python) and \(right.python))")
      case 1: return ("(\(left.lis) or \(right.lis))", "(\(left.python) or \(right.python))")
      default: return ("(not \(left.lis))", "(not \(left.python))")
      }
    }
    let op = ["<", "<=", ">", ">=", "==", "!="][number(0...5)]
    let left = whole(min(depth, 1))
    let right = whole(min(depth, 1))
    return ("(\(left.lis) \(op) \(right.lis))", "(\(left.python) \(op) \(right.python))")
  }
}
