/// How tightly an operator binds, the loosest first.
enum Precedence: Int, Comparable {
  case lowest, or, and, not, compare, coalesce, range, sum, product, unary

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}

extension BinaryOperator {
  var precedence: Precedence {
    switch self {
    case .or: return .or
    case .and: return .and
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .equalIgnoringCase, .isIn, .isNotIn,
      .contains, .has, .startswith, .endswith, .matches:
      return .compare
    case .coalesce: return .coalesce
    case .range: return .range
    case .add, .subtract: return .sum
    case .multiply, .divide, .remainder: return .product
    }
  }
}

/// Operators waiting for their right operand, and the operands so far. An explicit stack: long and deep operator
/// expressions cost no stack of the thread.
struct OperatorStack {
  enum Pending {
    case not(Span)
    case negate(Span)
    case binary(BinaryOperator, Span)

    var precedence: Precedence {
      switch self {
      case .not: return .not
      case .negate: return .unary
      case .binary(let binary, _): return binary.precedence
      }
    }
  }

  var pending: [Pending] = []
  var operands: [Expression] = []
  var heights: [Int] = []
}

extension Parser {
  /// An expression whose operators bind at least as tightly as `minimum`. Lambdas, `if` and `match` stand only where
  /// the whole of the grammar's `expr` may.
  func expression(_ minimum: Precedence = .lowest) -> Expression {
    guard descend(1) else {
      depth -= 1
      return missing()
    }
    let outer = height
    height = 0
    let result = minimum == .lowest ? wholeExpression() : operators(minimum)
    height = max(outer, height)
    depth -= 1
    return result
  }

  private func wholeExpression() -> Expression {
    if isWord(.if) { return conditional() }
    if isWord(.match) { return match() }
    return isLambda ? lambda() : operators(.lowest)
  }

  /// `x =>` or `(a, b) =>`; looks ahead over names and commas only.
  private var isLambda: Bool {
    if kind == .name { return following?.kind == .arrow }
    guard kind == .leftParen else { return false }
    var place = index + 1
    if tokens[place].kind == .name {
      place += 1
      while tokens[place].kind == .comma, tokens[place + 1].kind == .name { place += 2 }
    }
    return tokens[place].kind == .rightParen && tokens[place + 1].kind == .arrow
  }

  private func lambda() -> Expression {
    let id = makeID()
    let lower = token.span.lower
    var parameters: [Name] = []
    if accept(.leftParen) {
      while tokens[index].kind == .name {
        crossLine()
        parameters.append(lambdaParameter())
        _ = accept(.comma)
      }
      crossLine()
      advance()
    } else {
      parameters.append(lambdaParameter())
    }
    advance()
    let body = expression()
    height += 1
    return Expression(
      id: id, span: span(from: lower), kind: .lambda(Lambda(parameters: parameters, body: body)))
  }

  /// `in` is left standing where a name is wanted, since what follows may belong to it; here nothing does.
  private func lambdaParameter() -> Name {
    let place = index
    let found = name(.parameter)
    if index == place { advance() }
    return found
  }

  private func operators(_ minimum: Precedence) -> Expression {
    var stack = OperatorStack()
    let start = index
    while true {
      takePrefixes(&stack, minimum)
      if gaveUp { return missing() }
      height = 0
      stack.operands.append(postfix())
      stack.heights.append(height)
      if gaveUp || !takeInfix(&stack, minimum, start) { break }
    }
    return finish(&stack)
  }

  private func finish(_ stack: inout OperatorStack) -> Expression {
    reduce(&stack, downTo: .lowest)
    height = stack.heights.last ?? 0
    return stack.operands.last ?? missing()
  }

  /// The operator behind an operand; false when there is none that binds tightly enough.
  private func takeInfix(_ stack: inout OperatorStack, _ minimum: Precedence, _ start: Int) -> Bool {
    guard let (binary, length) = infix(stack, start), binary.precedence >= minimum else { return false }
    let lower = token.span.lower
    for _ in 0..<length { advance() }
    push(binary, Span(lower, previousEnd), on: &stack)
    return true
  }

  /// `not` and `-` in front of an operand.
  private func takePrefixes(_ stack: inout OperatorStack, _ minimum: Precedence) {
    while true {
      if kind == .minus {
        stack.pending.append(.negate(advance().span))
      } else if isWord(.not) {
        let tightest = stack.pending.last?.precedence ?? minimum
        if tightest > .not { needsBrackets(token) }
        stack.pending.append(.not(advance().span))
      } else {
        return
      }
      if stack.pending.count > Parser.heightLimit {
        giveUp(.nestedTooLong(limit: Parser.heightLimit, token.span))
        return
      }
    }
  }

  private func push(_ binary: BinaryOperator, _ span: Span, on stack: inout OperatorStack) {
    reduce(&stack, downTo: binary.precedence.tighter)
    if binary.precedence == .compare || binary.precedence == .range,
      case .binary(let before, let first)? = stack.pending.last, before.precedence == binary.precedence
    {
      index -= 1
      report(.chainedOperator(source.text(span), first: first, span))
      index += 1
    }
    reduce(&stack, downTo: binary.precedence)
    stack.pending.append(.binary(binary, span))
  }

  /// Joins operands while the operator waiting on top binds at least as tightly as `precedence`.
  private func reduce(_ stack: inout OperatorStack, downTo precedence: Precedence) {
    while let top = stack.pending.last, top.precedence >= precedence, let right = stack.operands.popLast() {
      stack.pending.removeLast()
      let rightHeight = stack.heights.popLast() ?? 0
      switch top {
      case .not(let span):
        let joined = Expression(id: makeID(), span: span.joined(right.span), kind: .not(right))
        stack.operands.append(joined)
        stack.heights.append(rightHeight + 1)
      case .negate(let span):
        let joined = Expression(id: makeID(), span: span.joined(right.span), kind: .negate(right))
        stack.operands.append(joined)
        stack.heights.append(rightHeight + 1)
      case .binary(let binary, let span):
        guard let left = stack.operands.popLast() else { return }
        let leftHeight = stack.heights.popLast() ?? 0
        stack.operands.append(
          Expression(
            id: makeID(), span: left.span.joined(right.span),
            kind: .binary(binary, left, right, operatorSpan: span)))
        stack.heights.append(max(leftHeight, rightHeight) + 1)
      }
      if let tallest = stack.heights.last, tallest > Parser.heightLimit {
        giveUp(.nestedTooLong(limit: Parser.heightLimit, token.span))
        return
      }
    }
  }

  /// The operator at the cursor and how many tokens it has. `=` and words of other languages are read as what was meant.
  private func infix(_ stack: OperatorStack, _ start: Int) -> (BinaryOperator, Int)? {
    switch kind {
    case .equal: return (.equal, 1)
    case .notEqual: return (.notEqual, 1)
    case .less: return (.less, 1)
    case .lessOrEqual: return (.lessOrEqual, 1)
    case .greater: return (.greater, 1)
    case .greaterOrEqual: return (.greaterOrEqual, 1)
    case .equalIgnoringCase: return (.equalIgnoringCase, 1)
    case .coalesce: return (.coalesce, 1)
    case .range: return (.range, 1)
    case .plus: return (.add, 1)
    case .minus: return (.subtract, 1)
    case .star: return (.multiply, 1)
    case .slash: return (.divide, 1)
    case .percent: return (.remainder, 1)
    case .name: return wordInfix()
    case .assign where start != statementStart || !stack.pending.isEmpty:
      report(.assignmentInExpression(token.span))
      return (.equal, 1)
    default: return nil
    }
  }

  private func wordInfix() -> (BinaryOperator, Int)? {
    switch word {
    case .or: return (.or, 1)
    case .and: return (.and, 1)
    case .in: return (.isIn, 1)
    case .contains: return (.contains, 1)
    case .has: return (.has, 1)
    case .startswith: return (.startswith, 1)
    case .endswith: return (.endswith, 1)
    case .matches: return (.matches, 1)
    case .not:
      if following?.word == .in { return (.isNotIn, 2) }
      guard let next = following?.word, next.isOperator, ![.not, .and, .or].contains(next) else { return nil }
      needsBrackets(token)
      advance()
      return wordInfix()
    case nil: return foreignInfix()
    default: return nil
    }
  }

  /// `AND`, `is not` and the like.
  private func foreignInfix() -> (BinaryOperator, Int)? {
    let text = text(token)
    guard let foreign = ForeignWord.operators[text], let following else { return nil }
    let isNegated = foreign.operator == .equal && following.word == .not
    let span = isNegated ? token.span.joined(following.span) : token.span
    report(.foreignWord(isNegated ? "is not" : text, span))
    return isNegated ? (.notEqual, 2) : (foreign.operator, 1)
  }

  /// One more link in a chain of members, calls or `else if`; false, with a complaint, when there are too many.
  func grow() -> Bool {
    height += 1
    guard height > Parser.heightLimit else { return true }
    giveUp(.nestedTooLong(limit: Parser.heightLimit, token.span))
    return false
  }
}

extension Precedence {
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .unary }
}
