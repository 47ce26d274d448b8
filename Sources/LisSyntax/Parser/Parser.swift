/// Recursive descent over the token list, with operators on an explicit stack. This file holds the state every part of
/// the grammar shares: the cursor, where a line end counts, the limits and the complaints.
final class Parser {
  let source: SourceText
  let tokens: [Token]
  let list: TokenList
  private let stop: CompilationStop
  /// For every opening bracket the index of the one that closes it; -1 for none.
  var partners: [Int32]
  /// The brackets that are open, the innermost last.
  var openers: [Int] = []

  var index = 0
  var nextNode: Int
  /// The innermost open bracket is that of a block, or there is none: a line end ends a statement.
  var lineEndsCount = true
  /// The token at which a line end has already been taken into account.
  var crossedLineAt = 0
  /// The token a statement begins with; an `=` behind its expression is an assignment and not a comparison.
  var statementStart = 0
  /// Inside the head of a `for`, where a brace begins the loop's block.
  var inLoopHead = false
  /// How many brackets of each kind are open, so that a wrong one can be told from the one of an outer construct.
  var openParens = 0
  var openBrackets = 0
  var openBraces = 0

  var depth = 0
  /// The tallest expression finished since the enclosing one began.
  var height = 0
  /// The limit was passed; the rest of the input is not looked at.
  var gaveUp = false

  var reports: [Report] = []
  /// The token the last complaint was about.
  var lastReportAt = -1
  /// The opener that was last said to be unclosed, so that it is said once.
  var unclosedOpener = -1

  struct Report {
    var problem: SyntaxProblem
    /// More input at the end would put it right.
    var isAtEnd: Bool
  }

  /// How deep constructs may stand inside each other: some 170 brackets, or 60 blocks. A unit costs up to 2 kB of stack
  /// in a build without optimisation, and threads may have no more than 512 kB.
  static let depthLimit = 170
  /// How many operators, members, calls and `else if` may follow each other: later passes recurse over them.
  static let heightLimit = 250
  /// A file of another language would give thousands of complaints; nobody reads past these.
  static let problemLimit = 50

  init(_ source: SourceText, firstNode: Int, _ stop: CompilationStop) {
    self.source = source
    self.stop = stop
    list = tokenize(source, stop: stop)
    tokens = list.tokens
    partners = Parser.pairs(tokens, stop)
    nextNode = firstNode
  }

  func run() -> ParseResult {
    let items = program()
    let (all, needsMoreInput) = weighed()
    let problems = Parser.inOrder(all.map(\.problem))
    return ParseResult(
      program: Program(items: items, nodeCount: nextNode), diagnostics: problems.map { $0.diagnostic(in: source) },
      problems: problems, needsMoreInput: needsMoreInput, comments: list.comments)
  }

  /// By place, one for each: what the lexer says about a character counts more than what the parser makes of it.
  private static func inOrder(_ problems: [SyntaxProblem]) -> [SyntaxProblem] {
    var places: Set<Int> = []
    let sorted = problems.enumerated().sorted {
      ($0.element.span.lower, $0.offset) < ($1.element.span.lower, $1.offset)
    }
    return Array(sorted.map(\.element).filter { places.insert($0.span.lower).inserted }.prefix(problemLimit))
  }

  /// The complaints of the lexer and the parser without those that follow from others, and whether all of them are
  /// that the input ends too early.
  private func weighed() -> ([Report], Bool) {
    var all = list.problems.map { Report(problem: $0, isAtEnd: $0.isUnfinishedText) }
    guard let unfinished = list.problems.first(where: { $0.isUnfinishedText }) else {
      all += reports
      if gaveUp, let limit = reports.last?.problem.span.lower {
        all.removeAll { $0.problem.span.lower > limit }
      }
      return (all, !gaveUp && !all.isEmpty && all.allSatisfy { $0.isAtEnd })
    }
    if gaveUp { return (reports, false) }
    let others = reports.filter { !$0.isAtEnd }
    let needsMoreInput = list.problems.count == 1 && others.isEmpty
    // What stands behind an interpolation that never ends, or behind the text whose quote is likely to be the missing
    // one, was read in the wrong light.
    if case .unterminatedInterpolation(let mark) = unfinished {
      return (all + others.filter { $0.problem.span.lower < mark.lower }, needsMoreInput)
    }
    if case .unterminatedText(_, let earlier?) = unfinished {
      return (all + others.filter { $0.problem.span.lower < earlier.lower }, needsMoreInput)
    }
    return (all + others, needsMoreInput)
  }

  // MARK: The cursor

  var token: Token { tokens[index] }
  var word: Word? { atLineEnd ? nil : tokens[index].word }
  /// The end of the token before, where something that is missing would have stood.
  var previousEnd: Int { index > 0 ? tokens[index - 1].span.upper : 0 }

  /// A line end that counts stands in front of the current token.
  var atLineEnd: Bool {
    lineEndsCount && tokens[index].startsLine && index != crossedLineAt && tokens[index].kind != .end
  }

  /// The kind of the current token as the grammar sees it: what stands on the next line is hidden behind the line end.
  var kind: Token.Kind { atLineEnd ? .lineEnd : tokens[index].kind }

  func isWord(_ word: Word) -> Bool { tokens[index].word == word && !atLineEnd }

  /// The token after the current one, unless a line end hides it.
  var following: Token? {
    guard index + 1 < tokens.count, !(lineEndsCount && tokens[index + 1].startsLine) else { return nil }
    return tokens[index + 1]
  }

  @discardableResult
  func advance() -> Token {
    let taken = tokens[index]
    if !stop.goesOn() { abandon() }
    if index < tokens.count - 1 { index += 1 }
    return taken
  }

  func accept(_ expected: Token.Kind) -> Bool {
    guard kind == expected else { return false }
    advance()
    return true
  }

  func accept(_ expected: Word) -> Bool {
    guard isWord(expected) else { return false }
    advance()
    return true
  }

  /// Whatever line the next token is on, it may stand here.
  func crossLine() { crossedLineAt = index }

  func makeID() -> NodeID {
    nextNode += 1
    return NodeID(nextNode - 1)
  }

  func text(_ token: Token) -> String { source.text(token.span) }

  // MARK: Limits

  /// Enters a construct that can stand inside itself. False at the limit: then everything up to the end is passed over.
  /// The cost is in units of stack, of which a bracket takes one.
  func descend(_ cost: Int) -> Bool {
    depth += cost
    guard depth > Parser.depthLimit else { return true }
    giveUp(.nestedTooDeep(token.span))
    return false
  }

  func giveUp(_ problem: SyntaxProblem) {
    report(problem)
    abandon()
  }
  /// Goes to the end of the input, where every construct ends.
  private func abandon() {
    gaveUp = true
    index = tokens.count - 1
  }
}
