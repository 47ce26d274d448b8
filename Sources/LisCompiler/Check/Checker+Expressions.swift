import LisSchema
import LisSyntax

extension Checker {
  @discardableResult
  mutating func type(_ expression: Expression) -> StaticType {
    guard resolution.stop.goesOn() else { return .unknown }
    switch expression.kind {
    case .number: return .number
    case .duration: return .duration
    case .date: return .date
    case .datetime: return .datetime
    case .bool: return .bool
    case .null: return .null
    case .missing: return .unknown
    case .string(let parts):
      for case .interpolation(let pipeline) in parts { noteWholeRows(type(pipeline), of: pipeline.expression) }
      return .string
    case .field(let name):
      refuseAssociation(name, of: rows.last?.type ?? .unknown, expression)
      return field(name, of: rows.last?.type ?? .unknown, find: rows.last?.find, expression.span)
    case .row: return rows.last?.type ?? .unknown
    case .name: return nameType(expression)
    case .member where resolution.binding(of: expression) != nil: return nameType(expression)
    case .list(let elements): return listType(elements)
    case .record(let record): return recordType(record)
    case .pipeline(let pipeline): return type(pipeline)
    case .member(let base, let name):
      let found = type(base)
      refuseAssociation(name, of: found, expression)
      if case .row = base.kind { return field(name, of: found, find: rows.last?.find, name.span) }
      return field(name, of: found, find: nil, name.span)
    case .index(let base, let index):
      let found = type(base)
      checkIndex(type(index), of: found, index.span)
      if let name = Checker.literalText(index) {
        return field(Name(name, index.span), of: found, find: nil, index.span)
      }
      if case .list(let element) = found { return element }
      return .unknown
    case .call(let callee, let arguments): return callType(expression, callee, arguments)
    case .negate(let inner): return negated(inner, expression.span)
    case .not(let inner):
      condition(inner)
      return .bool
    case .binary(let op, let left, let right, let span): return binaryType(op, left, right, span)
    case .lambda(let lambda):
      let outer = rows
      let result = type(lambda.body)
      rows = outer
      inference.lambdaResults[expression.id] = result
      return .function
    case .conditional(let conditional):
      condition(conditional.condition)
      let then = type(conditional.then)
      return then.merged(conditional.otherwise.map { type($0) } ?? .null)
    case .match(let match): return matchType(match)
    }
  }

  /// Associated records are not part of a row: only the condition of a `find` can ask for them.
  private mutating func refuseAssociation(_ name: Name, of base: StaticType, _ expression: Expression) {
    guard case .row = base, ObjectNames.isAssociation(name.text), !allowedAssociations.contains(expression.id) else {
      return
    }
    report(.associationOnlyInWhere(name.text), expression.span)
  }

  mutating func field(_ name: Name, of base: StaticType, find: NodeID?, _ span: Span) -> StaticType {
    switch base {
    case .row(let object):
      if !ObjectNames.isAssociation(name.text) { mentions.add(name.text, find: find, object: object) }
      return property(name, of: object, span)
    case .record(let fields):
      if let known = fields[name.text] { return known }
      mentions.addAnywhere(name.text)
      noteMissing(name, among: fields, span)
      return .unknown
    case .report, .plan, .error: return member(name, of: base, span)
    default:
      // What is not known may be a row, here or where a function is used: every `find` brings the field along.
      mentions.addAnywhere(name.text)
      return .unknown
    }
  }

  private func nameType(_ expression: Expression) -> StaticType {
    switch resolution.bindings[expression.id.index] {
    case .variable(let variable): variable.kind == .rowFunction ? .function : variable.type
    case .function: .function
    default: .unknown
    }
  }

  private mutating func listType(_ elements: [Element]) -> StaticType {
    var common: StaticType?
    for element in elements {
      let found: StaticType
      switch element {
      case .value(let pipeline): found = type(pipeline).asDatum
      case .spread(let expression): found = type(expression).element
      }
      common = common.map { $0.merged(found) } ?? found
    }
    return .list(common ?? .unknown)
  }

  mutating func recordType(_ record: RecordLiteral) -> StaticType {
    var fields: [String: StaticType] = [:]
    var isWhole = true
    for entry in record.entries {
      switch entry {
      case .keyed(let key, let value):
        if let value {
          fields[key.text] = type(value).asDatum
        } else if case .variable(let variable)? = resolution.shortEntries[key.span.lower] {
          fields[key.text] = variable.type.asDatum
        } else {
          fields[key.text] = .unknown
        }
      case .spread(let expression):
        let found = type(expression)
        noteWholeRows(found, of: expression)
        if case .record(let more) = found, !more.isEmpty {
          fields.merge(more) { _, new in new }
        } else {
          isWhole = false
        }
      }
    }
    return .record(isWhole ? fields : [:])
  }

  private mutating func negated(_ inner: Expression, _ span: Span) -> StaticType {
    let found = type(inner)
    switch found {
    case .number, .duration, .unknown, .null: return found
    default:
      report(.cannotCalculate(verb: "negate", found.name, nil), span)
      return .unknown
    }
  }

  // MARK: Operators

  private mutating func binaryType(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ span: Span
  ) -> StaticType {
    let l = type(left)
    let r = type(right)
    switch op {
    case .and, .or:
      for (found, side) in [(l, left), (r, right)] where !fits(found, .bool) {
        report(.conditionNotBool(found.name), side.span)
      }
      return .bool
    case .equal, .notEqual:
      checkComparable(l, r, left, right, span)
      noteStartOfDay(op, l, r, isNow: isFieldBesideNow(left, right), span)
      return .bool
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      checkComparable(l, r, left, right, span)
      noteStartOfDay(op, l, r, isNow: isFieldBesideNow(left, right), span)
      for (found, side) in [(l, left), (r, right)] where found != .unknown && found != .null && found.orderKind == nil {
        report(.cannotCompare(l.name, r.name, property: nil, written: nil), side.span)
        break
      }
      return .bool
    case .isIn, .isNotIn:
      checkMembership(l, r, left, right, span)
      return .bool
    case .equalIgnoringCase, .has, .startswith, .endswith, .matches, .contains:
      if op == .contains, case .list = l { return .bool }
      for (found, side) in [(l, left), (r, right)] where !fits(found, .string) {
        report(.cannotCompare(found.name, "string", property: nil, written: nil), side.span)
      }
      return .bool
    case .coalesce: return l == .null ? r : l.merged(r)
    case .range:
      if let a = l.orderKind, let b = r.orderKind, a != b {
        report(.cannotCompare(l.name, r.name, property: nil, written: nil), span)
      }
      return .range
    case .add, .subtract, .multiply, .divide, .remainder: return arithmetic(op, l, r, span)
    }
  }

  /// `.createdate <= @2026-01-31` leaves out all of that day but its first moment, which is seldom meant.
  private mutating func noteStartOfDay(
    _ op: BinaryOperator, _ left: StaticType, _ right: StaticType, isNow: Bool, _ span: Span
  ) {
    switch (op, left, right) {
    case (_, .date, .datetime) where isNow, (_, .datetime, .date) where isNow:
      note(.startOfDay(operator: source.text(span), isNow: true), span)
    case (.equal, .datetime, .date), (.notEqual, .datetime, .date), (.equal, .date, .datetime),
      (.notEqual, .date, .datetime), (.lessOrEqual, .datetime, .date), (.greater, .datetime, .date),
      (.greaterOrEqual, .date, .datetime), (.less, .date, .datetime):
      note(.startOfDay(operator: source.text(span), isNow: false), span)
    default: break
    }
  }

  /// `.p < now()`, either way round. HubSpot can be asked for dates before a date only.
  private func isFieldBesideNow(_ left: Expression, _ right: Expression) -> Bool {
    func isNow(_ expression: Expression) -> Bool {
      guard case .call(let callee, _) = expression.bare.kind,
        case .builtin(let builtin)? = resolution.binding(of: callee)
      else { return false }
      return builtin.name == "now"
    }
    return Checker.fieldName(left.bare) != nil && isNow(right) || isNow(left) && Checker.fieldName(right.bare) != nil
  }

  private mutating func arithmetic(
    _ op: BinaryOperator, _ left: StaticType, _ right: StaticType, _ span: Span
  ) -> StaticType {
    if left == .unknown || right == .unknown { return left == .number && right == .number ? .number : .unknown }
    if left == .null || right == .null { return left == .null ? right : left }
    switch (op, left, right) {
    case (_, .number, .number): return .number
    case (.add, .string, .string), (.add, .option, .string), (.add, .string, .option), (.add, .option, .option):
      return .string
    case (.add, .list(let a), .list(let b)): return .list(a.merged(b))
    case (.add, .date, .duration), (.subtract, .date, .duration), (.add, .duration, .date): return .date
    case (.add, .datetime, .duration), (.subtract, .datetime, .duration), (.add, .duration, .datetime):
      return .datetime
    case (.add, .duration, .duration), (.subtract, .duration, .duration): return .duration
    case (.subtract, .date, .date), (.subtract, .datetime, .datetime): return .duration
    case (.multiply, .duration, .number), (.multiply, .number, .duration), (.divide, .duration, .number):
      return .duration
    default:
      let verbs: [BinaryOperator: String] = [
        .add: "add", .subtract: "subtract", .multiply: "multiply", .divide: "divide", .remainder: "divide",
      ]
      report(.cannotCalculate(verb: verbs[op] ?? "calculate", left.name, right.name), span)
      return .unknown
    }
  }

  /// Kinds that can never be equal or in order are a slip, not a condition.
  private mutating func checkComparable(
    _ left: StaticType, _ right: StaticType, _ leftSide: Expression, _ rightSide: Expression, _ span: Span
  ) {
    if case .option(let options) = left, let text = Checker.literalText(rightSide) {
      checkOption(text, Checker.fieldName(leftSide) ?? "", options, rightSide.span)
    } else if case .option(let options) = right, let text = Checker.literalText(leftSide) {
      checkOption(text, Checker.fieldName(rightSide) ?? "", options, leftSide.span)
    }
    guard let a = comparisonKind(left), let b = comparisonKind(right), a != b else { return }
    let written = Checker.literalText(rightSide) ?? Checker.literalText(leftSide)
    // The property side comes first in the message, whichever way round it was written.
    let swapped = Checker.fieldName(leftSide) == nil && Checker.fieldName(rightSide) != nil
    let (first, second, place) = swapped ? (right, left, leftSide) : (left, right, rightSide)
    report(
      .cannotCompare(
        first.name, second.name, property: Checker.fieldName(swapped ? rightSide : leftSide), written: written),
      place.span)
    _ = span
  }

  private func comparisonKind(_ type: StaticType) -> String? {
    switch type {
    case .unknown, .null: nil
    // What lis makes are records as well.
    case .report, .plan, .error: StaticType.record([:]).name
    default: type.orderKind ?? type.name
    }
  }

  private mutating func checkMembership(
    _ left: StaticType, _ right: StaticType, _ leftSide: Expression, _ rightSide: Expression, _ span: Span
  ) {
    if case .list(let elements) = rightSide.kind {
      for case .value(let pipeline) in elements {
        guard let element = pipeline.expression else { continue }
        compareLiteral(left, element, Checker.fieldName(leftSide))
      }
    } else if case .binary(.range, let low, let high, _) = rightSide.kind {
      compareLiteral(left, low, Checker.fieldName(leftSide))
      compareLiteral(left, high, Checker.fieldName(leftSide))
    }
    _ = (right, span)
  }

  /// A literal held against the type of what it is compared with.
  mutating func compareLiteral(_ subject: StaticType, _ literal: Expression, _ property: String?) {
    if case .option(let options) = subject, let text = Checker.literalText(literal) {
      checkOption(text, property ?? "", options, literal.span)
      return
    }
    var found = StaticType.unknown
    switch literal.kind {
    case .number: found = .number
    case .string: found = .string
    case .bool: found = .bool
    case .date: found = .date
    case .datetime: found = .datetime
    default: break
    }
    guard let a = comparisonKind(subject), let b = comparisonKind(found), a != b, a != "range" else { return }
    report(
      .cannotCompare(subject.name, found.name, property: property, written: Checker.literalText(literal)), literal.span)
  }

  static func fieldName(_ expression: Expression) -> String? {
    switch expression.kind {
    case .field(let name), .member(_, let name): name.text
    default: nil
    }
  }

  // MARK: Calls

  private mutating func callType(
    _ expression: Expression, _ callee: Expression, _ arguments: [Argument]
  ) -> StaticType {
    guard let binding = resolution.binding(of: callee) else {
      _ = type(callee)
      for argument in arguments { _ = type(argument.value) }
      return .unknown
    }
    // An aggregate in the record of a `group by` gets the rows that entered the stage.
    let group = resolution.aggregates[expression.id].flatMap { groupFlows[$0] }
    return callType(binding, expression.id, arguments, at: callee.span, rows: group?.flow, find: group?.find)
  }

  /// - Parameter rows: the type of the rows in front, for a call that is a stage.
  mutating func callType(
    _ binding: Binding, _ id: NodeID, _ arguments: [Argument], at place: Span, rows input: StaticType?,
    find origin: NodeID? = nil
  ) -> StaticType {
    if case .builtin(let builtin) = binding {
      switch builtin.implementation {
      case .property where input == nil: return propertyType(arguments)
      case .explain: checkExplained(arguments)
      default: break
      }
    }
    let plan = resolution.plans[id]
    // Row arguments see the rows of the first parameter.
    var element = input?.element ?? .unknown
    var types: [Int: StaticType] = [:]
    for (index, argument) in arguments.enumerated() {
      let slot = plan?.arguments.firstIndex(of: index)
      let isRow = slot.map { isRowParameter(binding, $0) } ?? false
      if isRow {
        rows.append(RowContext(type: element, find: origin))
        let found = typeOnRow(argument.expression)
        rows.removeLast()
        types[index] = found
      } else {
        let found = type(argument.value)
        types[index] = found
        if slot == 0 { element = found.element }
      }
    }
    switch binding {
    case .builtin(let builtin):
      noteWholeRows(builtin, arguments, types, rows: input, find: origin)
      if let input, let first = builtin.parameters.first, first.kind == .rows || first.kind == .list {
        checkRows(input, builtin.name, place)
      }
      for (slot, parameter) in builtin.parameters.enumerated() where parameter.kind != .row {
        if parameter.kind == .rows || parameter.kind == .list, let index = plan?.arguments[slot],
          let found = types[index]
        {
          checkRows(found, builtin.name, arguments[index].value.span)
        }
        guard let index = plan?.arguments[slot], let found = types[index] else { continue }
        expect(found, parameter.type, builtin.name, parameter.name, arguments[index].value.span)
      }
      return resultType(builtin, plan, types, input)
    case .function(let symbol):
      for (slot, parameter) in symbol.parameters.enumerated() where !parameter.isRow {
        guard let index = plan?.arguments[slot], let found = types[index] else { continue }
        expect(found, parameter.type, symbol.name, parameter.name, arguments[index].value.span)
      }
      return symbol.result
    case .variable(let variable): return callType(variable, at: place, arguments, isPiped: input != nil)
    case .module: return .unknown
    }
  }

  private func isRowParameter(_ binding: Binding, _ slot: Int) -> Bool {
    switch binding {
    case .builtin(let builtin): slot < builtin.parameters.count && builtin.parameters[slot].kind == .row
    case .function(let symbol): slot < symbol.parameters.count && symbol.parameters[slot].isRow
    case .variable, .module: false
    }
  }
}
