/// A regular expression that takes time linear in the text, whatever the pattern: all alternatives are followed at once
/// and none is tried again (Thompson's construction, as in RE2).
///
/// Understood: literals, `.`, `[a-z]`, `[^…]`, `\d \w \s` and their capitals, `\b`, `^`, `$`, `( )`, `(?: )`, `|`, `*`,
/// `+`, `?`, `{m}`, `{m,}`, `{m,n}`, and a leading `(?i)`. Nothing is captured; the question is only whether it matches,
/// so that the lazy forms `*?`, `+?`, `??`, `{m,n}?` mean the same as the greedy ones.
public struct Pattern: Sendable {
  public enum Problem: Error, Sendable, Hashable {
    case unbalanced(offset: Int)
    case nothingToRepeat(offset: Int)
    case badRange(offset: Int)
    case unknownEscape(Character, offset: Int)
    case tooLarge(limit: Int)
  }

  indirect enum Node {
    case empty
    case scalars([ClosedRange<UInt32>], negated: Bool)
    case start, end, wordBoundary
    case sequence([Node])
    case either([Node])
    case repeated(Node, least: Int, most: Int?)
  }

  enum Step: Sendable {
    case scalars([ClosedRange<UInt32>], negated: Bool)
    case start, end, wordBoundary
    case split(Int, Int)
    case jump(Int)
    case match
  }

  static let stepLimit = 10_000
  private var steps: [Step] = []
  private let ignoresCase: Bool
  /// Parts visited so far: repetitions of nothing make no steps but take time all the same.
  private var visited = 0

  public init(_ text: String) throws(Problem) {
    var scalars = Array(text.unicodeScalars)
    ignoresCase = scalars.starts(with: Array("(?i)".unicodeScalars))
    if ignoresCase { scalars.removeFirst(4) }
    var parser = PatternParser(scalars: scalars)
    let node = try parser.whole()
    try add(node)
    steps.append(.match)
  }

  private mutating func add(_ node: Node) throws(Problem) {
    visited += 1
    if steps.count > Pattern.stepLimit || visited > 10 * Pattern.stepLimit { throw .tooLarge(limit: Pattern.stepLimit) }
    switch node {
    case .empty: break
    case .scalars(let ranges, let negated): steps.append(.scalars(ranges, negated: negated))
    case .start: steps.append(.start)
    case .end: steps.append(.end)
    case .wordBoundary: steps.append(.wordBoundary)
    case .sequence(let nodes): for node in nodes { try add(node) }
    case .either(let nodes): try addEither(nodes)
    case .repeated(let node, let least, let most):
      for _ in 0..<least { try add(node) }
      if let most {
        for _ in least..<max(least, most) { try addOptional(node) }
      } else {
        let split = steps.count
        steps.append(.match)
        try add(node)
        steps.append(.jump(split))
        steps[split] = .split(split + 1, steps.count)
      }
    }
  }

  private mutating func addOptional(_ node: Node) throws(Problem) {
    let split = steps.count
    steps.append(.match)
    try add(node)
    steps[split] = .split(split + 1, steps.count)
  }

  private mutating func addEither(_ nodes: [Node]) throws(Problem) {
    var leaves: [Int] = []
    for (index, node) in nodes.enumerated() {
      let split = steps.count
      let last = index == nodes.count - 1
      if !last { steps.append(.match) }
      try add(node)
      if !last {
        leaves.append(steps.count)
        steps.append(.match)
        steps[split] = .split(split + 1, steps.count)
      }
    }
    for leave in leaves { steps[leave] = .jump(steps.count) }
  }

  // MARK: Matching

  /// Whether the pattern matches anywhere in the text.
  public func matches(_ text: String) -> Bool { matches(text) { _ in true } }

  /// - Parameter goesOn: is told of work that was done, and says whether to go on; false ends the search with false.
  func matches(_ text: String, goesOn: (Int) -> Bool) -> Bool {
    var current = StepSet(count: steps.count)
    var next = StepSet(count: steps.count)
    var scalars = text.unicodeScalars.makeIterator()
    var place = Place(before: nil, after: scalars.next().map(folded))
    while true {
      if follow(0, at: place, &current) { return true }
      guard let scalar = place.after else { return false }
      place = Place(before: scalar, after: scalars.next().map(folded))
      next.removeAll()
      for index in current.members {
        if case .scalars(let ranges, let negated) = steps[index], accepts(ranges, scalar) != negated {
          if follow(index + 1, at: place, &next) { return true }
        }
      }
      if !goesOn(2 + 2 * current.members.count) { return false }
      swap(&current, &next)
    }
  }

  /// Between two code points of a text, or at an end of it.
  private struct Place {
    var before: UInt32?
    var after: UInt32?
  }

  private func folded(_ scalar: Unicode.Scalar) -> UInt32 { ignoresCase ? Pattern.folded(scalar.value) : scalar.value }

  private func accepts(_ ranges: [ClosedRange<UInt32>], _ scalar: UInt32) -> Bool {
    ranges.contains { range in
      if range.contains(scalar) { return true }
      guard ignoresCase, range.count < 0x300 else { return false }
      return range.contains { Pattern.folded($0) == scalar }
    }
  }

  private static func folded(_ scalar: UInt32) -> UInt32 {
    Unicode.Scalar(scalar).map { CaseFolding.single($0).value } ?? scalar
  }

  /// Adds what can be reached from a step without reading; true when that is a match.
  private func follow(_ first: Int, at place: Place, _ set: inout StepSet) -> Bool {
    // Nearly always the step reads something, and there is nothing to follow.
    if case .scalars = steps[first] {
      _ = set.insert(first)
      return false
    }
    var work = [first]
    while let index = work.popLast() {
      guard set.insert(index) else { continue }
      switch steps[index] {
      case .match: return true
      case .jump(let target): work.append(target)
      case .split(let one, let other):
        work.append(other)
        work.append(one)
      case .start: if place.before == nil { work.append(index + 1) }
      case .end: if place.after == nil { work.append(index + 1) }
      case .wordBoundary:
        let before = place.before.map(Pattern.isWord) ?? false
        let after = place.after.map(Pattern.isWord) ?? false
        if before != after { work.append(index + 1) }
      case .scalars: break
      }
    }
    return false
  }

  private static func isWord(_ scalar: UInt32) -> Bool { PatternParser.word.contains { $0.contains(scalar) } }
}

/// Step numbers without repetition, in order of arrival.
private struct StepSet {
  var members: [Int] = []
  private var present: [Bool]

  init(count: Int) { present = Array(repeating: false, count: count + 1) }

  mutating func insert(_ index: Int) -> Bool {
    if present[index] { return false }
    present[index] = true
    members.append(index)
    return true
  }

  mutating func removeAll() {
    for index in members { present[index] = false }
    members.removeAll(keepingCapacity: true)
  }
}

private struct PatternParser {
  let scalars: [Unicode.Scalar]
  var at = 0
  private var depth = 0

  static let digit: [ClosedRange<UInt32>] = [48...57]
  static let word: [ClosedRange<UInt32>] = [48...57, 65...90, 95...95, 97...122]
  static let space: [ClosedRange<UInt32>] = [9...13, 32...32, 0xA0...0xA0]

  init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  mutating func whole() throws(Pattern.Problem) -> Pattern.Node {
    let node = try either()
    if at < scalars.count { throw .unbalanced(offset: at) }
    return node
  }

  private var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

  private mutating func either() throws(Pattern.Problem) -> Pattern.Node {
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw .tooLarge(limit: 100) }
    var branches = [try sequence()]
    while next == "|" {
      at += 1
      branches.append(try sequence())
    }
    return branches.count == 1 ? branches[0] : .either(branches)
  }

  private mutating func sequence() throws(Pattern.Problem) -> Pattern.Node {
    var nodes: [Pattern.Node] = []
    while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try repeated()) }
    return .sequence(nodes)
  }

  private mutating func repeated() throws(Pattern.Problem) -> Pattern.Node {
    let node = try atom()
    guard let bounds = try repetition() else { return node }
    if next == "?" { at += 1 }
    let start = at
    if try repetition() != nil { throw .nothingToRepeat(offset: start) }
    return .repeated(node, least: bounds.least, most: bounds.most)
  }

  private mutating func repetition() throws(Pattern.Problem) -> (least: Int, most: Int?)? {
    switch next {
    case "*": at += 1; return (0, nil)
    case "+": at += 1; return (1, nil)
    case "?": at += 1; return (0, 1)
    case "{": return try counts()
    default: return nil
    }
  }

  /// `{2}`, `{2,}`, `{2,5}`; anything else is an ordinary brace.
  private mutating func counts() throws(Pattern.Problem) -> (least: Int, most: Int?)? {
    let start = at
    at += 1
    guard let least = number() else {
      at = start
      return nil
    }
    var most: Int? = least
    if next == "," {
      at += 1
      most = number()
    }
    guard next == "}" else {
      at = start
      return nil
    }
    at += 1
    if let most, most < least { throw .badRange(offset: start) }
    if least > 1000 || (most ?? 0) > 1000 { throw .tooLarge(limit: 1000) }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let scalar = next, ("0"..."9").contains(scalar) {
      value = min((value ?? 0) * 10 + Int(scalar.value - 48), 100_000)
      at += 1
    }
    return value
  }

  private mutating func atom() throws(Pattern.Problem) -> Pattern.Node {
    guard let scalar = next else { return .empty }
    let start = at
    at += 1
    switch scalar {
    case "(":
      if next == "?", at + 1 < scalars.count, scalars[at + 1] == ":" { at += 2 }
      let node = try either()
      guard next == ")" else { throw .unbalanced(offset: start) }
      at += 1
      return node
    case "[": return try set(start)
    case ".": return .scalars([10...10], negated: true)
    case "^": return .start
    case "$": return .end
    case "*", "+", "?": throw .nothingToRepeat(offset: start)
    case "\\": return try escape(start)
    default:
      // `{` that begins no count stands for itself, and so that `counts` is not asked again it ends the atom here.
      return .scalars([scalar.value...scalar.value], negated: false)
    }
  }

  private mutating func escape(_ start: Int) throws(Pattern.Problem) -> Pattern.Node {
    guard let scalar = next else { throw .unbalanced(offset: start) }
    at += 1
    if scalar == "b" { return .wordBoundary }
    if let (ranges, negated) = classEscape(scalar) { return .scalars(ranges, negated: negated) }
    return .scalars([try literal(scalar, start)...literal(scalar, start)], negated: false)
  }

  private func classEscape(_ scalar: Unicode.Scalar) -> ([ClosedRange<UInt32>], Bool)? {
    switch scalar {
    case "d": (Self.digit, false)
    case "D": (Self.digit, true)
    case "w": (Self.word, false)
    case "W": (Self.word, true)
    case "s": (Self.space, false)
    case "S": (Self.space, true)
    default: nil
    }
  }

  private func literal(_ scalar: Unicode.Scalar, _ start: Int) throws(Pattern.Problem) -> UInt32 {
    switch scalar {
    case "n": return 10
    case "t": return 9
    case "r": return 13
    default:
      if scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
        throw .unknownEscape(Character(scalar), offset: start)
      }
      return scalar.value
    }
  }

  private mutating func set(_ start: Int) throws(Pattern.Problem) -> Pattern.Node {
    var negated = false
    if next == "^" {
      negated = true
      at += 1
    }
    var ranges: [ClosedRange<UInt32>] = []
    var first = true
    while let scalar = next, scalar != "]" || first {
      first = false
      at += 1
      var low = scalar.value
      if scalar == "\\", let escaped = next {
        at += 1
        if let (more, inverse) = classEscape(escaped) {
          ranges += inverse ? Self.inverted(more) : more
          continue
        }
        low = try literal(escaped, at - 2)
      }
      guard next == "-", at + 1 < scalars.count, scalars[at + 1] != "]" else {
        ranges.append(low...low)
        continue
      }
      at += 1
      var high = scalars[at].value
      at += 1
      if high == 92, let escaped = next {
        at += 1
        high = try literal(escaped, at - 2)
      }
      if high < low { throw .badRange(offset: start) }
      ranges.append(low...high)
    }
    guard next == "]" else { throw .unbalanced(offset: start) }
    at += 1
    return .scalars(ranges, negated: negated)
  }

  private static func inverted(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    var low: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > low { result.append(low...(range.lowerBound - 1)) }
      low = range.upperBound + 1
    }
    return result + [low...0x10FFFF]
  }
}

extension Machine {
  @inline(never) func matches(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    let text = y.string ?? ""
    do {
      let pattern: Pattern
      if let known = patterns[ExactText(text)] {
        pattern = known
      } else {
        pattern = try Pattern(text)
        // Patterns are nearly always constants; a program that makes thousands should not fill memory with them.
        if patterns.count > 256 { patterns.removeAll() }
        patterns[ExactText(text)] = pattern
      }
      target.pointee = Value(pattern.matches(x.string ?? "") { goesOn(after: $0) })
      return true
    } catch {
      pending = .badPattern(text, error)
      return false
    }
  }
}
