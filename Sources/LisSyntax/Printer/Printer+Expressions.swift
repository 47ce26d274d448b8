extension Printer {
  /// - Parameter chainIndent: how far the lines of a long condition or sum are indented.
  func expression(_ expression: Expression, chainIndent: Int = 2) -> Layout {
    if isParenthesized(expression) { return parenthesized(expression) }
    switch expression.kind {
    case .number, .duration, .date, .datetime, .bool, .null, .field, .row, .name, .missing: return take()
    case .string: return takeText()
    case .list(let elements): return list(elements)
    case .record(let record): return self.record(record)
    case .pipeline(let pipeline): return self.pipeline(pipeline)
    case .member(let base, _): return .sequence([self.expression(base), take()])
    case .index(let base, let place):
      return .sequence([self.expression(base), brackets(1) { _ in self.expression(place) }])
    case .call(let callee, let arguments): return .sequence([self.expression(callee), self.arguments(arguments)])
    case .negate(let operand):
      let mark = take()
      return .sequence(
        token.kind == .minus ? [mark, .space, self.expression(operand)] : [mark, self.expression(operand)])
    case .not(let operand): return spaced([take(), self.expression(operand, chainIndent: chainIndent)])
    case .binary: return chain(expression, chainIndent)
    case .lambda(let lambda): return self.lambda(lambda)
    case .conditional(let conditional): return self.conditional(conditional)
    case .match(let match): return self.match(match)
    }
  }

  // MARK: Parentheses

  /// The next token opens brackets around the whole expression: the tree has them only in the span.
  private func isParenthesized(_ expression: Expression) -> Bool {
    guard token.kind == .leftParen else { return false }
    switch expression.kind {
    case .binary(_, let first, _, _), .member(let first, _), .index(let first, _), .call(let first, _):
      return first.span.lower > token.span.lower
    case .pipeline(let pipeline): return pipeline.span.lower > token.span.lower
    case .lambda: return !isLambdaHead
    default: return true
    }
  }

  /// `(a, b) =>`.
  private var isLambdaHead: Bool {
    var place = index + 1
    while tokens[place].kind == .name || tokens[place].kind == .comma { place += 1 }
    return tokens[place].kind == .rightParen && tokens[place + 1].kind == .arrow
  }

  private func parenthesized(_ expression: Expression) -> Layout { brackets(1) { _ in self.expression(expression) } }

  // MARK: Operators

  /// The operator of an expression that is not in brackets.
  func chainOperator(_ expression: Expression) -> BinaryOperator? {
    guard case .binary(let binary, let left, _, _) = expression.kind, left.span.lower == expression.span.lower else {
      return nil
    }
    return binary
  }

  /// Operands joined by operators that bind alike, in one layout however many there are.
  private func chain(_ expression: Expression, _ indent: Int) -> Layout {
    var operands: [Expression] = []
    var first = expression
    var precedence: Precedence?
    while case .binary(let binary, let left, let right, _) = first.kind,
      precedence ?? binary.precedence == binary.precedence,
      operands.isEmpty || left.span.lower == first.span.lower
    {
      precedence = binary.precedence
      operands.append(right)
      first = left
    }
    // An operand whose own operator binds alike is one only with brackets around it.
    var parts = [self.expression(first)]
    if precedence == .range, let right = operands.first { return range(parts[0], expression, right) }
    for (number, operand) in operands.reversed().enumerated() {
      // A list or record at the end begins on the line of its operator.
      let isLast = number == operands.count - 1 && precedence != .and && precedence != .or
      let separator = separator(precedence, staysOnLine: isLast && opensBracket(operand))
      let isNested = separator.mustBreak || !(isLast && opensBracket(operand))
      parts += [.nest(indent, [separator]), .nest(isNested ? indent : 0, [self.expression(operand)])]
    }
    return .fill(parts)
  }

  /// The operator between two operands. Lines end before `and` and `or`, and behind every other one.
  private func separator(_ precedence: Precedence?, staysOnLine: Bool) -> Layout {
    let words = token.word == .not ? 2 : 1
    let isBroken = gap.hasLineEnd || gap(index + words).hasLineEnd
    let line: Layout = isBroken ? .hardLine() : .line()
    if precedence == .and || precedence == .or { return .sequence([line, take(), .space]) }
    return .sequence([.space, take(words), staysOnLine ? .space : line])
  }

  /// `1..9` without spaces, unless an operand has operators or a dot next to the mark.
  private func range(_ left: Layout, _ expression: Expression, _ right: Expression) -> Layout {
    guard case .binary(_, let first, _, _) = expression.kind else { return left }
    let afterDot = tokens[index - 1].kind == .dot
    let mark = take()
    let beforeDot = [.field, .dot].contains(token.kind)
    let isLoose = afterDot || beforeDot || chainOperator(first) != nil || chainOperator(right) != nil
    let value = self.expression(right)
    return isLoose ? spaced([left, mark, value]) : .sequence([left, mark, value])
  }

  // MARK: Constructs

  private func lambda(_ lambda: Lambda) -> Layout {
    let parameters = token.kind == .leftParen ? brackets(lambda.parameters.count) { _ in take() } : take()
    return .sequence([
      parameters, .space, take(), assigned(staysOnLine: breaksInside(lambda.body)) { expression(lambda.body) },
    ])
  }

  /// `if … else if … else …` with its blocks on one line or all broken.
  private func conditional(_ conditional: Conditional) -> Layout {
    var blocks: [BlockParts] = []
    var next: Conditional? = conditional
    var prefix = Layout.empty
    while let current = next {
      let head = Layout.sequence([prefix, take(), .space, expression(current.condition, chainIndent: 4), .space])
      blocks.append(block(current.then, after: head))
      next = nil
      guard let otherwise = current.otherwise else { break }
      prefix = .sequence([.space, take(), .space])
      if token.kind == .leftBrace {
        blocks.append(block(otherwise, after: prefix))
      } else if case .pipeline(let only)? = otherwise.statements.first?.kind,
        case .conditional(let inner)? = only.expression?.kind
      {
        next = inner
      }
    }
    return joinedBlocks(blocks)
  }

  private func match(_ match: Match) -> Layout {
    let head = spaced([take(), expression(match.subject), take()])
    var parts: [Layout] = []
    for arm in match.arms {
      parts += [.hardLine(blank: !parts.isEmpty && blankBefore), takeComments(), self.arm(arm)]
    }
    let (comments, closer) = takeCloser()
    if parts.isEmpty, !comments.hasText { return .sequence([head, closer]) }
    return .sequence([head, .nest(2, parts + [comments]), .hardLine(), closer])
  }

  private func arm(_ arm: MatchArm) -> Layout {
    var patterns: [Layout] = arm.patterns.isEmpty ? [take()] : []
    for (number, pattern) in arm.patterns.enumerated() {
      if number > 0 { patterns.append(.nest(4, [gap.hasLineEnd ? .hardLine() : .line()])) }
      let content = expression(pattern)
      patterns.append(.nest(number > 0 ? 4 : 0, number < arm.patterns.count - 1 ? [content, take()] : [content]))
    }
    return .sequence([
      .fill(patterns), .space, take(), assigned(staysOnLine: breaksInside(arm.body)) { expression(arm.body) },
    ])
  }

  // MARK: Lists, records, arguments

  private func list(_ elements: [Element]) -> Layout {
    let isPlain = elements.allSatisfy { element in
      guard case .value(let value) = element, let kind = value.expression?.kind else { return false }
      switch kind {
      case .number, .duration, .date, .datetime, .bool, .null, .name, .field: return true
      case .negate(let operand):
        if case .number = operand.kind { return true }
        return false
      case .string(let parts): return parts.count <= 1
      default: return false
      }
    }
    var canHug = false
    if case .value(let only)? = elements.last, elements.count == 1 {
      canHug = only.expression.map(opensBracket) ?? false
    }
    return brackets(elements.count, isFilled: isPlain, canHug: canHug) { number in
      switch elements[number] {
      case .value(let value): pipeline(value)
      case .spread(let value): spread(value)
      }
    }
  }

  func record(_ record: RecordLiteral) -> Layout {
    brackets(record.entries.count, padding: " ") { number in
      switch record.entries[number] {
      case .keyed(_, let value?): .sequence([take(), take(), .space, pipeline(value)])
      case .keyed(_, nil): take()
      case .spread(let value): spread(value)
      }
    }
  }

  private func spread(_ value: Expression) -> Layout {
    let mark = take()
    return [.field, .dot].contains(token.kind)
      ? spaced([mark, expression(value)]) : .sequence([mark, expression(value)])
  }

  func arguments(_ arguments: [Argument]) -> Layout {
    let canHug = arguments.last?.value.expression.map(opensBracket) ?? false
    return brackets(arguments.count, canHug: canHug) { number in
      let label = arguments[number].label == nil ? [] : [take(), take(), .space]
      return .sequence(label + [pipeline(arguments[number].value)])
    }
  }

  /// Whether the lines of an expression begin inside brackets of its own that end where it ends.
  private func opensBracket(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .list, .record, .match, .conditional, .string: true
    case .lambda(let lambda): opensBracket(lambda.body)
    default: false
    }
  }

  /// Whether a long expression is better broken inside than put on a line of its own.
  func breaksInside(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .binary, .not, .negate, .member: false
    default: true
    }
  }

  func breaksInside(_ pipeline: Pipeline) -> Bool { pipeline.expression.map(breaksInside) ?? true }
}
