import LisSchema
import LisSyntax

extension Checker {
  mutating func matchType(_ match: Match) -> StaticType {
    let subject = type(match.subject).asDatum
    var result: StaticType?
    for arm in match.arms {
      for pattern in arm.patterns {
        _ = type(pattern)
        compareLiteral(subject, pattern, Checker.fieldName(match.subject))
      }
      let found = type(arm.body)
      result = result.map { $0.merged(found) } ?? found
    }
    checkCoverage(match, subject)
    checkReach(match)
    return result ?? .unknown
  }

  /// A `match` over the options of a property has an arm for each of them, or one for everything else.
  private mutating func checkCoverage(_ match: Match, _ subject: StaticType) {
    guard case .option(let options) = subject, !match.arms.contains(where: \.patterns.isEmpty) else { return }
    let patterns = match.arms.flatMap(\.patterns).map(\.bare)
    let texts = patterns.compactMap { Checker.literalText($0) }
    let hasNull = patterns.contains { if case .null = $0.kind { true } else { false } }
    // A pattern that is computed may be any option.
    guard texts.count + (hasNull ? 1 : 0) >= patterns.count else { return }
    let missing = options.filter { !texts.contains($0) }
    let property = Checker.fieldName(match.subject.bare)
    if !missing.isEmpty {
      report(.optionsNotMatched(missing, property: property), match.subject.span)
    } else if !hasNull, !isPresent(match.subject.bare) {
      note(.nullNotMatched(property), match.subject.span)
    }
  }

  /// Whether an earlier condition of the pipeline dropped rows without this field.
  private func isPresent(_ subject: Expression) -> Bool {
    switch subject.kind {
    case .field(let name): rows.last?.present.contains(name.text) ?? false
    // The name of `each` is the row.
    case .member(_, let name): rows.contains { $0.present.contains(name.text) }
    default: false
    }
  }

  /// Arms behind one that takes everything they could take.
  private mutating func checkReach(_ match: Match) {
    var everything: Span?
    var seen: [Literal.Key: Span] = [:]
    var ranges: [(low: Literal, high: Literal, span: Span)] = []
    for arm in match.arms {
      if let everything {
        note(.armNeverReached(.afterEverything, first: everything), arm.span)
        continue
      }
      if arm.patterns.isEmpty { everything = arm.span }
      for pattern in arm.patterns.map(\.bare) {
        if case .binary(.range, let low, let high, _) = pattern.kind, let low = Literal(low), let high = Literal(high) {
          ranges.append((low, high, pattern.span))
          continue
        }
        let value = Literal(pattern)
        guard let key = if case .null = pattern.kind { Literal.Key.null } else { value?.key } else { continue }
        if let first = seen[key] {
          note(.armNeverReached(.repeated, first: first), pattern.span)
        } else if let value,
          let range = ranges.first(where: { $0.low.isAfter(value) == false && value.isAfter($0.high) == false })
        {
          note(.armNeverReached(.insideRange, first: range.span), pattern.span)
        }
        if seen[key] == nil { seen[key] = pattern.span }
      }
    }
  }

  /// Fields that have a value in every row that a condition keeps.
  static func fieldsPresent(_ condition: Expression) -> Set<String> {
    let condition = condition.bare
    guard case .binary(let op, let left, let right, _) = condition.kind else { return [] }
    func isNull(_ expression: Expression) -> Bool { if case .null = expression.bare.kind { true } else { false } }
    func field(_ expression: Expression) -> Set<String> {
      if case .field(let name) = expression.bare.kind { [name.text] } else { [] }
    }
    switch op {
    case .and: return fieldsPresent(left).union(fieldsPresent(right))
    case .or: return fieldsPresent(left).intersection(fieldsPresent(right))
    case .notEqual: return isNull(right) ? field(left) : []
    case .equal: return Literal(right) != nil ? field(left) : []
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return field(left).union(field(right))
    case .contains, .has, .startswith, .endswith, .matches, .equalIgnoringCase: return field(left)
    case .isIn:
      switch right.bare.kind {
      case .list(let elements):
        let areValues = elements.allSatisfy { element in
          if case .value(let pipeline) = element, let value = pipeline.expression {
            Literal(value) != nil
          } else {
            false
          }
        }
        return areValues ? field(left) : []
      case .binary(.range, _, _, _): return field(left)
      default: return []
      }
    default: return []
    }
  }
}
