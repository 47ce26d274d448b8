/// Printer: a source enters, the same program in the one layout of lis leaves. Tokens, comments and the tree stay what
/// they are; only white space changes, `;` between statements becomes a line end, and a comma in front of a closing
/// bracket goes.

/// Why a source has no formatted form.
public enum FormatProblem: Error {
  case syntax([Diagnostic])
  /// The result would be another program. This is a fault of the printer, found by comparing the two.
  case meaningWouldChange
}

/// The source in the layout of lis: two spaces of indentation, 100 columns, at most one blank line. Where something may
/// stand on one line or several, the author's first line end decides: behind an opening bracket, before the first `|`,
/// behind `=` and `=>`, before `and` and `or`. Applied to its own result it changes nothing.
public func format(_ source: SourceText) throws(FormatProblem) -> String {
  let parsed = parse(source)
  guard !parsed.hasErrors else { throw .syntax(parsed.diagnostics) }
  let tokens = SourceTokens(source)
  let text = LayoutWriter.write(Printer(source, tokens).program(parsed.program))
  let result = SourceText(name: source.name, text: text)
  let before = tokens.reading(in: source)
  let after = SourceTokens(result).reading(in: result)
  guard before == after, dump(parse(result).program) == dump(parsed.program) else { throw .meaningWouldChange }
  return text
}

/// Walks over the tree and the tokens together: the tree says what comes, the tokens say how it is written.
final class Printer {
  let source: SourceText
  let tokens: [Token]
  let gaps: [SourceTokens.Gap]
  var index = 0
  /// The token whose comments in front have been written.
  private var commented = -1

  init(_ source: SourceText, _ tokens: SourceTokens) {
    self.source = source
    self.tokens = tokens.tokens
    gaps = tokens.gaps
  }

  var token: Token { tokens[min(index, tokens.count - 1)] }
  /// What stands in front of the next token.
  var gap: SourceTokens.Gap { gap(index) }

  func gap(_ index: Int) -> SourceTokens.Gap { gaps.indices.contains(index) ? gaps[index] : SourceTokens.Gap() }

  /// A blank line stands in front of the next token or of its comments.
  var blankBefore: Bool { gap.comments.first?.blankBefore ?? gap.blankBefore }

  // MARK: Tokens

  /// The next token with the comments in front of it and the one behind it on its line.
  func take() -> Layout { .sequence([takeComments(), bareToken()]) }

  /// So many tokens with a space between them.
  func take(_ count: Int) -> Layout { spaced((0..<count).map { _ in take() }) }

  func spaced(_ parts: [Layout]) -> Layout {
    .sequence(Array(parts.map { [$0] }.joined(separator: [Layout.space])))
  }

  /// The comments on lines of their own in front of the next token. Asked for before a construct begins, they do not
  /// count as its own lines.
  func takeComments() -> Layout {
    let gap = gap
    guard commented != index, !gap.comments.isEmpty else { return .empty }
    commented = index
    return .sequence([comments(gap), .hardLine(blank: gap.blankBefore)])
  }

  /// A closing bracket; the comments in front of it belong to what is inside.
  func takeCloser() -> (comments: Layout, closer: Layout) {
    let blank = blankBefore
    let comments = comments(gap)
    guard comments.hasText else { return (.empty, bareToken()) }
    return (.sequence([.hardLine(blank: blank), comments]), bareToken())
  }

  /// A text with everything that is interpolated in it, as it was written.
  func takeText() -> Layout {
    let comments = takeComments()
    let lower = token.span.lower
    var depth = 0
    var upper = lower
    repeat {
      if token.kind == .stringHead { depth += 1 }
      if token.kind == .stringTail { depth -= 1 }
      upper = token.span.upper
      index += 1
    } while depth > 0 && index < tokens.count
    return .sequence([comments, withTrailing(.text(source.text(Span(lower, upper))))])
  }

  private func bareToken() -> Layout {
    let text = source.text(token.span)
    index += 1
    return withTrailing(.text(text))
  }

  private func withTrailing(_ layout: Layout) -> Layout {
    guard let comment = gap.trailing else { return layout }
    return .sequence([layout, .comment(comment, isTrailing: true)])
  }

  /// The blank line in front of the first comment is written by whoever ended the line before.
  private func comments(_ gap: SourceTokens.Gap) -> Layout {
    .sequence(
      gap.comments.enumerated().map { number, comment in
        .comment(comment.text, isTrailing: false, blank: comment.blankBefore && number > 0)
      })
  }

  // MARK: Brackets

  /// `( … )`, `[ … ]`, `{ … }` around elements with commas between. `padding` stands inside the brackets on one line.
  func brackets(
    _ count: Int, padding: String = "", isFilled: Bool = false, canHug: Bool = false, _ element: (Int) -> Layout
  ) -> Layout {
    let isBroken = gap(index + 1).hasLineEnd
    let opener = take()
    var elements: [Layout] = []
    var separators: [Layout] = []
    for number in 0..<count {
      if number > 0 {
        separators.append(isFilled && gap.hasLineEnd ? .hardLine(blank: blankBefore) : .line(blank: blankBefore))
      }
      let content = Layout.sequence([takeComments(), element(number)])
      elements.append(number < count - 1 ? .sequence([content, take()]) : content)
    }
    let (comments, closer) = takeCloser()
    if count == 0, !comments.hasText { return .sequence([opener, closer]) }
    var parts: [Layout] = []
    for (number, element) in elements.enumerated() {
      parts += number > 0 ? [separators[number - 1], element] : [element]
    }
    let inner: [Layout] = [.line(padding), isFilled ? .fill(parts) : .sequence(parts), comments]
    let whole = Layout.group([opener, .nest(2, inner), .line(padding), closer], isBroken: isBroken)
    guard canHug, !isBroken, !comments.hasText, !opener.endsWithComment, let last = elements.last,
      !last.endsWithComment, !elements.dropLast().contains(where: { $0.mustBreak || $0.endsWithComment })
    else { return whole }
    return hugging(opener, elements, closer, whole)
  }

  /// The last element opens on the line of the bracket, when only its own lines have to end.
  private func hugging(_ opener: Layout, _ elements: [Layout], _ closer: Layout, _ whole: Layout) -> Layout {
    func joined(_ elements: [Layout]) -> Layout { .sequence([opener, spaced(elements), closer]) }
    let flat = joined(elements)
    guard let last = elements.last, !last.mustBreak, let broken = last.withLastGroupBroken else {
      return .choice([flat, whole])
    }
    return .choice([flat, joined(elements.dropLast() + [broken]), whole])
  }

  /// What stands behind `=` or `=>`. `staysOnLine` is for what has brackets or stages of its own to break.
  func assigned(staysOnLine: Bool, _ value: () -> Layout) -> Layout {
    let isBroken = gap.hasLineEnd
    let isConditional = token.word == .if
    let value = value()
    if isBroken { return .nest(2, [.hardLine(), value]) }
    // A short `if` on one line had better keep it than be broken for the sake of what stands in front.
    let isShortChoice = isConditional && value.flatWidth <= LayoutWriter.width - 10
    if (staysOnLine && !isShortChoice) || value.mustBreak { return .sequence([.space, value]) }
    return .group([.nest(2, [.line(), value])])
  }
}
