import LisCore
import LisSchema
import LisSyntax

/// Finds conditions that no row can meet, as far as that is certain from the text: `.p == null and .p > 3`,
/// `.price > 10 and .price < 5`, `9..3`, an empty list, an order with null.
struct ImpossibleConditions {
  let source: SourceText
  private let stop: CompilationStop
  private(set) var found: [(notice: CheckNotice, span: Span)] = []

  init(_ source: SourceText, _ stop: CompilationStop) {
    self.source = source
    self.stop = stop
  }

  mutating func visit(_ node: SyntaxNode) {
    guard stop.goesOn() else { return }
    if case .expression(let expression) = node, case .binary(.and, _, _, _) = expression.kind {
      let parts = ImpossibleConditions.conjuncts(expression)
      look(at: parts)
      for part in parts { visit(.expression(part)) }
      return
    }
    if case .expression(let expression) = node { look(at: expression) }
    for child in node.children { visit(child) }
  }

  private static func conjuncts(_ expression: Expression) -> [Expression] {
    var parts: [Expression] = []
    var waiting = [expression.bare]
    while let next = waiting.popLast() {
      if case .binary(.and, let left, let right, _) = next.kind {
        waiting += [right.bare, left.bare]
      } else {
        parts.append(next)
      }
    }
    return parts
  }

  /// One comparison alone.
  private mutating func look(at expression: Expression) {
    guard case .binary(let op, let left, let right, _) = expression.kind else { return }
    switch op {
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      for side in [left, right] {
        if case .null = side.bare.kind { found.append((.neverTrue(.orderWithNull, other: nil), side.span)) }
      }
    case .isIn:
      switch right.bare.kind {
      case .list(let elements) where elements.isEmpty:
        found.append((.neverTrue(.emptyList, other: nil), right.span))
      case .binary(.range, let low, let high, _):
        if let low = Literal(low), let high = Literal(high), low.isAfter(high) == true {
          found.append((.neverTrue(.emptyRange, other: nil), right.span))
        }
      default: break
      }
    default: break
    }
  }

  /// What one part of a conjunction says of a place that a row has a value in.
  private struct Claim {
    enum Kind {
      case isNull
      /// True only of values that are there.
      case hasValue
      case equals(Literal)
      case above(Literal, included: Bool)
      case below(Literal, included: Bool)
    }
    var kind: Kind
    var span: Span
  }

  private mutating func look(at parts: [Expression]) {
    var claims: [String: [Claim]] = [:]
    for part in parts {
      guard let (place, claim) = claim(part) else { continue }
      for other in claims[place] ?? [] {
        if let reason = ImpossibleConditions.conflict(other.kind, claim.kind, place) {
          found.append((.neverTrue(reason, other: other.span), part.span))
          return
        }
      }
      claims[place, default: []].append(claim)
    }
  }

  private func claim(_ part: Expression) -> (String, Claim)? {
    guard case .binary(let op, let left, let right, _) = part.kind else { return nil }
    guard let place = place(left.bare) else {
      // `3 < .price` is `.price > 3`.
      guard let place = place(right.bare), let turned = ImpossibleConditions.turned(op) else { return nil }
      return kind(turned, left.bare).map { (place, Claim(kind: $0, span: part.span)) }
    }
    return kind(op, right.bare).map { (place, Claim(kind: $0, span: part.span)) }
  }

  private func kind(_ op: BinaryOperator, _ value: Expression) -> Claim.Kind? {
    if case .null = value.kind { return op == .equal ? .isNull : op == .notEqual ? .hasValue : nil }
    switch op {
    case .equal: return Literal(value).map { .equals($0) }
    case .less: return Literal(value).map { .below($0, included: false) } ?? .hasValue
    case .lessOrEqual: return Literal(value).map { .below($0, included: true) } ?? .hasValue
    case .greater: return Literal(value).map { .above($0, included: false) } ?? .hasValue
    case .greaterOrEqual: return Literal(value).map { .above($0, included: true) } ?? .hasValue
    case .contains, .has, .startswith, .endswith, .matches: return .hasValue
    default: return nil
    }
  }

  private static func turned(_ op: BinaryOperator) -> BinaryOperator? {
    switch op {
    case .equal, .notEqual: op
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: nil
    }
  }

  /// A field, a name, or a member of one: what has the same value wherever it stands in one condition.
  private func place(_ expression: Expression) -> String? {
    switch expression.kind {
    // A record may have several associated ones, of which a condition can be true one by one.
    case .field(let name) where ObjectNames.isAssociation(name.text): return nil
    case .member(_, let name) where ObjectNames.isAssociation(name.text): return nil
    case .field(let name): return "." + name.text
    case .row: return "."
    case .name(let name): return name
    case .member(let base, let name): return place(base).map { $0 == "." ? ".\(name.text)" : "\($0).\(name.text)" }
    default: return nil
    }
  }

  private static func conflict(_ one: Claim.Kind, _ other: Claim.Kind, _ place: String) -> CheckNotice.NeverReason? {
    switch (one, other) {
    case (.isNull, .isNull), (.hasValue, .hasValue): return nil
    case (.isNull, _), (_, .isNull): return .nullAndValue(place)
    case (.equals(let a), .equals(let b)): return a.isOther(than: b) ? .twoValues(place) : nil
    case (.equals(let value), let bound), (let bound, .equals(let value)):
      switch bound {
      case .above(let low, let included): return isEmpty(low, value, included) ? .noNumberBetween(place) : nil
      case .below(let high, let included): return isEmpty(value, high, included) ? .noNumberBetween(place) : nil
      default: return nil
      }
    case (.above(let low, let a), .below(let high, let b)), (.below(let high, let b), .above(let low, let a)):
      return isEmpty(low, high, a && b) ? .noNumberBetween(place) : nil
    default: return nil
    }
  }

  private static func isEmpty(_ low: Literal, _ high: Literal, _ included: Bool) -> Bool {
    low.isAfter(high) == true || !included && low.isEqual(high)
  }
}

/// A value that stands in the text and can be compared before the program runs.
enum Literal {
  case number(Decimal)
  case date(CivilDate)
  case text(String)
  case bool(Bool)

  init?(_ expression: Expression) {
    let expression = expression.bare
    switch expression.kind {
    case .number(let digits):
      guard let number = try? Decimal(parsing: digits) else { return nil }
      self = .number(number)
    case .negate(let inner):
      guard case .number(let number)? = Literal(inner) else { return nil }
      self = .number(number.negated)
    case .date(let text):
      guard let date = try? CivilDate(parsing: text) else { return nil }
      self = .date(date)
    case .bool(let value): self = .bool(value)
    case .string:
      guard let text = Checker.literalText(expression) else { return nil }
      self = .text(text)
    default: return nil
    }
  }

  /// The same for literals that are equal, and for no others: texts are, byte for byte.
  enum Key: Hashable {
    case number(Decimal)
    case date(CivilDate)
    case text([UInt8])
    case bool(Bool)
    case null
  }

  var key: Key {
    switch self {
    case .number(let number): .number(number)
    case .date(let date): .date(date)
    case .text(let text): .text(Array(text.utf8))
    case .bool(let value): .bool(value)
    }
  }

  /// Nil for kinds that have no order among themselves.
  func isAfter(_ other: Literal) -> Bool? {
    switch (self, other) {
    case (.number(let a), .number(let b)): a > b
    case (.date(let a), .date(let b)): a > b
    default: nil
    }
  }

  func isEqual(_ other: Literal) -> Bool { key == other.key }

  /// Of the same kind and another value.
  func isOther(than other: Literal) -> Bool {
    switch (self, other) {
    case (.number, .number), (.date, .date), (.text, .text), (.bool, .bool): !isEqual(other)
    default: false
    }
  }
}
