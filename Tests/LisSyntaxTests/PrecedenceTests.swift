import Testing

@testable import LisSyntax

@Suite("How tightly operators bind")
struct PrecedenceTests {
  /// From the loosest to the tightest; one line a level.
  static let levels: [[BinaryOperator]] = [
    [.or], [.and],
    [
      .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .equalIgnoringCase, .isIn, .isNotIn, .contains,
      .has, .startswith, .endswith, .matches,
    ],
    [.coalesce], [.range], [.add, .subtract], [.multiply, .divide, .remainder],
  ]

  /// Every two operators, on both sides of each other.
  static let pairs: [(BinaryOperator, BinaryOperator)] = levels.flatMap { $0 }.flatMap { left in
    levels.flatMap { $0 }.map { (left, $0) }
  }

  private static func level(_ binary: BinaryOperator) -> Int { levels.firstIndex { $0.contains(binary) } ?? -1 }

  @Test(arguments: pairs)
  func everyPair(_ left: BinaryOperator, _ right: BinaryOperator) {
    let text = "a \(left.rawValue) b \(right.rawValue) c"
    let leftLevel = Self.level(left)
    let rightLevel = Self.level(right)
    if leftLevel == rightLevel, leftLevel == 2 || leftLevel == 4 {
      #expect(complaints(text).map { String($0.prefix(7)) } == ["LIS0022"])
    } else if leftLevel >= rightLevel {
      #expect(tree(text) == "(\(right.rawValue) (\(left.rawValue) a b) c)")
    } else {
      #expect(tree(text) == "(\(left.rawValue) a (\(right.rawValue) b c))")
    }
  }

  static let prefixes = [
    Parse("not a == b", "(not (== a b))"),
    Parse("not a and b", "(and (not a) b)"),
    Parse("a and not b or c", "(or (and a (not b)) c)"),
    Parse("not not a", "(not (not a))"),
    Parse("not a in b", "(not (in a b))"),
    Parse("a not in b", "(not in a b)"),
    Parse("not a not in b", "(not (not in a b))"),
    Parse("-a * b", "(* (- a) b)"),
    Parse("a * -b", "(* a (- b))"),
    Parse("a - -b", "(- a (- b))"),
    Parse("a--b", "(- a (- b))"),
    Parse("-a.b[0](1)", "(- (call (index (member a b) 0) 1))"),
    Parse("not -a < b", "(not (< (- a) b))"),
    Parse("a..b + 1", "(.. a (+ b 1))"),
    Parse("a in b..c", "(in a (.. b c))"),
    Parse("a ?? b == c", "(== (?? a b) c)"),
    Parse("(a or b) and c", "(and (or a b) c)"),
    Parse("x => a or b", "(lambda (x) (or a b))"),
    Parse("a!=b", "(!= a b)"),
    Parse("a != b", "(!= a b)"),
    Parse("a!= b", "(!= a b)"),
    Parse("a! != b", "(!= a! b)"),
    Parse("a<-b", "(< a (- b))"),
    Parse("1..2", "(.. 1 2)"),
    Parse("1.5..2.5", "(.. 1.5 2.5)"),
    Parse("a=~b", "(=~ a b)"),
  ]

  @Test(arguments: prefixes)
  func prefixesAndSpacing(_ parse: Parse) { #expect(tree(parse.text) == parse.tree) }
}
