/// The tokens of a source with what stands between them: comments, line ends, blank lines. The marks that the printer
/// writes or leaves out by itself, `;` and a comma in front of a closing bracket, are not among the tokens.
struct SourceTokens {
  /// What stands in front of a token.
  struct Gap {
    /// Comments on lines of their own.
    var comments: [(text: String, blankBefore: Bool)] = []
    /// Between the token and what stands last in front of it.
    var blankBefore = false
    var hasLineEnd = false
    /// Behind the token before, on its line.
    var trailing: String?
  }

  let tokens: [Token]
  /// One for each token, and none behind the last.
  let gaps: [Gap]

  init(_ source: SourceText) {
    let list = tokenize(source)
    tokens = SourceTokens.meaningful(list.tokens)
    var gaps: [Gap] = []
    var comments = list.comments[...]
    var end = 0
    for token in tokens {
      var gap = Gap()
      var place = end
      while let comment = comments.first, comment.span.lower < token.span.lower {
        comments.removeFirst()
        let lineEnds = SourceTokens.lineEnds(source, place, comment.span.lower)
        let text = SourceTokens.trimmed(source.text(comment.span))
        if lineEnds == 0, !gaps.isEmpty, gap.comments.isEmpty, gap.trailing == nil {
          gap.trailing = text
        } else {
          gap.comments.append((text, lineEnds > 1))
        }
        gap.hasLineEnd = true
        place = comment.span.upper
      }
      let lineEnds = SourceTokens.lineEnds(source, place, token.span.lower)
      gap.hasLineEnd = gap.hasLineEnd || lineEnds > 0
      gap.blankBefore = lineEnds > 1
      gaps.append(gap)
      end = token.span.upper
    }
    self.gaps = gaps
  }

  private static func meaningful(_ all: [Token]) -> [Token] {
    all.enumerated().filter { index, token in
      switch token.kind {
      case .semicolon: return false
      case .comma: return ![.rightParen, .rightBracket, .rightBrace].contains(all[index + 1].kind)
      default: return true
      }
    }.map(\.element)
  }

  private static func lineEnds(_ source: SourceText, _ lower: Int, _ upper: Int) -> Int {
    source.bytes[lower..<max(lower, upper)].count { $0 == UInt8(ascii: "\n") }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }

  /// What a reader of the tokens gets: kinds and texts, and the comments apart from them.
  func reading(in source: SourceText) -> (words: [String], comments: [String]) {
    var comments: [String] = []
    for gap in gaps { comments += (gap.trailing.map { [$0] } ?? []) + gap.comments.map(\.text) }
    return (tokens.map { $0.kind.rawValue + " " + source.text($0.span) }, comments)
  }
}
