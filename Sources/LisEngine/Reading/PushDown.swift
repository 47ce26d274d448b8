import HubSpot
import LisCore
import LisSchema

/// What of a condition the search API is asked. The filters always select a superset: every row is tested again by the
/// program, so the server's own rules about case, tokens and missing values can only cost requests, never change a
/// result.
struct PushDown {
  let schema: ObjectSchema
  let operands: [Value]
  let machine: Machine
  /// Most groups, filters in one group and filters in all. One filter in each group is kept free for the walk past the
  /// search cap, which adds `hs_object_id > last`.
  static let groupLimit = SearchLimits.hubSpot.filterGroups
  static let filterLimit = SearchLimits.hubSpot.filtersPerGroup - 1
  static let totalLimit = SearchLimits.hubSpot.filtersInTotal

  /// Searches that one condition may be spread over, when its alternatives are too many for one.
  static let searchLimit = 10
  /// Whether what was asked for so far is the condition itself and not merely a part of it.
  let exactness = Exactness()

  final class Exactness { fileprivate(set) var isExact = true }

  private func inexact(_ part: Part) -> Part {
    exactness.isExact = false
    return part
  }

  /// The part of a condition that can be sent, as alternatives of conjunctions.
  enum Part {
    /// Says nothing about the rows.
    case everything
    /// No row can match.
    case nothing
    case groups([[Filter]])
  }

  func part(_ predicate: Predicate) throws -> Part {
    switch predicate {
    case .local: return inexact(.everything)
    case .constant(let operand): return constant(operands[operand], selects: true)
    case .isTrue(let field): return checked(try leaf(field, .equal, Value(true)))
    case .compare(let field, let comparison, let operand):
      return checked(try leaf(field, comparison, operands[operand]))
    case .and(let left, let right): return both(try part(left), try part(right))
    case .or(let left, let right): return either(try part(left), try part(right))
    case .not(let inner): return try negated(inner)
    }
  }

  /// A part without the row. What is neither true, false nor missing is the program's to decide, row by row: a function
  /// is called with the row, and anything else is a fault.
  private func constant(_ value: Value, selects: Bool) -> Part {
    if let truth = value.bool { return truth == selects ? .everything : .nothing }
    return value.type == .null ? .nothing : inexact(.everything)
  }

  /// Negation moves down to the leaves; a comparison with null is unknown either way, so nothing is lost.
  private func negated(_ predicate: Predicate) throws -> Part {
    switch predicate {
    case .local: return inexact(.everything)
    case .constant(let operand): return constant(operands[operand], selects: false)
    case .isTrue(let field): return checked(try leaf(field, .equal, Value(false)))
    case .not(let inner): return try part(inner)
    case .and(let left, let right): return either(try negated(left), try negated(right))
    case .or(let left, let right): return both(try negated(left), try negated(right))
    case .compare(let field, let comparison, let operand):
      guard let opposite = PushDown.opposites[comparison] else { return inexact(.everything) }
      return checked(try leaf(field, opposite, operands[operand]))
    }
  }

  private static let opposites: [Predicate.Comparison: Predicate.Comparison] = [
    .equal: .notEqual, .notEqual: .equal, .less: .greaterOrEqual, .greaterOrEqual: .less, .greater: .lessOrEqual,
    .lessOrEqual: .greater, .isIn: .isNotIn, .isNotIn: .isIn, .textTest: .textTest,
  ]

  private func both(_ left: Part, _ right: Part) -> Part {
    switch (left, right) {
    case (.nothing, _), (_, .nothing): return .nothing
    case (.everything, let other), (let other, .everything): return other
    case (.groups(let a), .groups(let b)):
      var product: [[Filter]] = []
      for one in a { for other in b { product.append(one + other.filter { !one.contains($0) }) } }
      if PushDown.fitsOne(product) { return .groups(product) }
      // Too much for one search: the side with fewer alternatives is asked, the other decided here. Which records are
      // linked cannot be decided here.
      if PushDown.namesAssociation(a) != PushDown.namesAssociation(b) {
        return inexact(.groups(PushDown.namesAssociation(a) ? a : b))
      }
      return inexact(.groups(a.count <= b.count ? a : b))
    }
  }

  static let associationPrefix = "associations."

  private static func namesAssociation(_ groups: [[Filter]]) -> Bool {
    groups.joined().contains { $0.property.hasPrefix(associationPrefix) }
  }

  /// The filter property that a field for linked records is searched by.
  static func associationFilter(_ field: String) -> String {
    associationPrefix + ObjectNames.singular(ObjectNames.plural(field))
  }

  private func either(_ left: Part, _ right: Part) -> Part {
    switch (left, right) {
    case (.everything, _), (_, .everything): return .everything
    case (.nothing, let other), (let other, .nothing): return other
    case (.groups(let a), .groups(let b)):
      let sum = a + b.filter { !a.contains($0) }
      return PushDown.fits(sum) ? .groups(sum) : inexact(.everything)
    }
  }

  /// Whether one search can ask for it.
  static func fitsOne(_ groups: [[Filter]]) -> Bool {
    groups.count <= groupLimit && groups.allSatisfy { $0.count <= filterLimit }
      && groups.reduce(0) { $0 + $1.count + 1 } <= totalLimit && length(groups) <= lengthLimit
  }

  /// Whether a few searches can ask for it, whose rows are merged by id.
  static func fits(_ groups: [[Filter]]) -> Bool {
    groups.count <= groupLimit * searchLimit && groups.allSatisfy { fitsOne([$0]) }
      && chunks(groups).count <= searchLimit
  }

  /// The alternatives, by the searches that ask for them.
  static func chunks(_ groups: [[Filter]]) -> [[[Filter]]] {
    var chunks: [[[Filter]]] = []
    for group in groups {
      if let last = chunks.last, fitsOne(last + [group]) {
        chunks[chunks.count - 1].append(group)
      } else {
        chunks.append([group])
      }
    }
    return chunks
  }

  /// A body may have 3,000 characters, and properties, sort and cursor need their part.
  private static let lengthLimit = 1_800

  /// Characters of the filters, where a list that can be spread over several searches counts as its longest value.
  private static func length(_ groups: [[Filter]]) -> Int {
    groups.joined().reduce(0) { sum, filter in
      let values: [String]
      switch filter.condition {
      case .oneOf(let list): values = list.max { $0.utf8.count < $1.utf8.count }.map { [$0] } ?? []
      default: values = filter.texts
      }
      return sum + filter.property.utf8.count + 60 + values.reduce(0) { $0 + PushDown.escapedLength($1) + 3 }
    }
  }

  private static func escapedLength(_ text: String) -> Int {
    text.utf8.reduce(0) { $0 + ($1 < 32 || $1 == 34 || $1 == 92 ? 6 : 1) }
  }

  private func checked(_ part: Part) -> Part {
    switch part {
    case .groups(let groups) where !PushDown.fits(groups): inexact(.everything)
    case .everything: inexact(part)
    default: part
    }
  }

  // MARK: Leaves

  private func leaf(_ field: String, _ comparison: Predicate.Comparison, _ operand: Value) throws -> Part {
    if ObjectNames.isAssociation(field) { return try association(field, comparison, operand) }
    guard let property = property(field) else { return .everything }
    // Values of these types compare on the server as here; of others, more rows may come than were asked for.
    switch property.type {
    case .number, .bool, .date, .datetime, .enumeration: break
    case .string, .phoneNumber, .other: if !operand.isNothing { exactness.isExact = false }
    }
    if comparison == .textTest || PushDown.isBeyondBinary(operand) { exactness.isExact = false }
    if operand.isNothing {
      switch comparison {
      case .equal: return .groups([[Filter(property.name, .hasNoValue)]])
      case .notEqual: return .groups([[Filter(property.name, .hasValue)]])
      // An order or a membership with null is unknown, and unknown selects no row.
      default: return .nothing
      }
    }
    // The test itself is made here; that there is a value at all is something the server can decide.
    if comparison == .textTest { return .groups([[Filter(property.name, .hasValue)]]) }
    if property.isIdentifier || property.name == "hs_object_id" { return identifier(property, comparison, operand) }
    switch property.type {
    case .number, .bool, .date, .datetime: return scalar(property, comparison, operand)
    case .enumeration: return property.isMultiple ? .everything : scalar(property, comparison, operand)
    case .string, .phoneNumber, .other: return text(property, comparison, operand)
    }
  }

  /// The property a field is searched under.
  private func property(_ field: String) -> PropertySchema? {
    switch RecordField(rawValue: field) {
    case .archived: return nil
    case .createdAt: return schema.properties["createdate"]
    case .updatedAt: return schema.properties["hs_lastmodifieddate"]
    case .id: return PropertySchema(name: "hs_object_id", label: "", type: .number)
    case nil: return FieldName.property(of: field).flatMap { schema.properties[$0] }
    }
  }

  /// Types whose comparison on the server is the same as here.
  private func scalar(_ property: PropertySchema, _ comparison: Predicate.Comparison, _ operand: Value) -> Part {
    func one(_ make: (String) -> Filter.Condition) -> Part {
      guard let value = wire(operand, property) else { return .everything }
      return .groups([[Filter(property.name, make(value))]])
    }
    switch comparison {
    case .equal: return one { .equal($0) }
    case .notEqual:
      guard let value = wire(operand, property), !PushDown.isBeyondBinary(operand) else { return .everything }
      return PushDown.orMissing(property.name, .notEqual(value))
    case .less where PushDown.isBeyondBinary(operand): return one { .lessOrEqual($0) }
    case .greater where PushDown.isBeyondBinary(operand): return one { .greaterOrEqual($0) }
    case .less: return ordered(property) ? one { .lessThan($0) } : .everything
    case .lessOrEqual: return ordered(property) ? one { .lessOrEqual($0) } : .everything
    case .greater: return ordered(property) ? one { .greaterThan($0) } : .everything
    case .greaterOrEqual: return ordered(property) ? one { .greaterOrEqual($0) } : .everything
    case .isIn: return membership(property, operand)
    case .isNotIn: return exclusion(property, operand)
    case .equalIgnoringCase, .textTest: return .everything
    }
  }

  /// An index that keeps numbers as binary fractions cannot tell numbers of more than 15 digits from their neighbours.
  static func isBeyondBinary(_ operand: Value) -> Bool {
    guard let number = operand.decimal else { return false }
    return "\(number.reduced)".utf8.count { $0 >= 48 && $0 <= 57 } > 15
  }

  /// Ids are text in the language whatever the property is declared as; no other text can equal one.
  private func identifier(_ property: PropertySchema, _ comparison: Predicate.Comparison, _ operand: Value) -> Part {
    let texts: [String]
    switch comparison {
    case .equal:
      guard let text = operand.string else { return .everything }
      texts = [text]
    case .isIn:
      guard let items = operand.items else { return .everything }
      texts = items.compactMap(\.string)
      if texts.count != items.count { return .everything }
    default: return .everything
    }
    let ids = texts.filter { RecordID.isValid($0) }
    // A property that only should hold ids may hold anything else too.
    if ids.count < texts.count, property.type != .number, property.name != "hs_object_id" { return .everything }
    if ids.isEmpty { return .nothing }
    return .groups(ids.map { [Filter(property.name, .equal($0))] })
  }

  private func ordered(_ property: PropertySchema) -> Bool { property.type != .enumeration && property.type != .bool }

  /// Whether records without a value pass `NEQ` is not documented, so they are asked for as well.
  private static func orMissing(_ name: String, _ condition: Filter.Condition) -> Part {
    .groups([[Filter(name, condition)], [Filter(name, .hasNoValue)]])
  }

  private func membership(_ property: PropertySchema, _ operand: Value) -> Part {
    if let range = operand.range, ordered(property) {
      if PushDown.isBeyondBinary(range.lower) || PushDown.isBeyondBinary(range.upper) { exactness.isExact = false }
      guard let low = wire(range.lower, property), let high = wire(range.upper, property) else { return .everything }
      // A date at the end of a range of datetimes means the whole day.
      if property.type == .datetime, let last = range.upper.civilDate {
        let next = "\(machine.endOfDay(last))"
        return .groups([[Filter(property.name, .greaterOrEqual(low)), Filter(property.name, .lessThan(next))]])
      }
      // Whether BETWEEN includes its bounds is not documented.
      return .groups([[Filter(property.name, .greaterOrEqual(low)), Filter(property.name, .lessOrEqual(high))]])
    }
    if operand.items?.contains(where: { PushDown.isBeyondBinary($0) }) == true { exactness.isExact = false }
    guard let (values, hasNull) = wires(operand, property) else { return .everything }
    // Null in a list equals a missing value.
    let missing = hasNull ? [[Filter(property.name, .hasNoValue)]] : []
    if values.isEmpty { return hasNull ? .groups(missing) : .nothing }
    // IN is documented for enumerations and texts; numbers and dates are asked for one by one.
    if property.type == .enumeration { return .groups([[Filter(property.name, .oneOf(values))]] + missing) }
    return .groups(values.map { [Filter(property.name, .equal($0))] } + missing)
  }

  /// `not in [a, b]`: none of the values, or none at all.
  private func exclusion(_ property: PropertySchema, _ operand: Value) -> Part {
    guard let (values, hasNull) = wires(operand, property) else { return .everything }
    if values.isEmpty { return hasNull ? .groups([[Filter(property.name, .hasValue)]]) : .everything }
    if operand.items?.contains(where: { PushDown.isBeyondBinary($0) }) == true { return .everything }
    let excluded =
      property.type == .enumeration
      ? [Filter(property.name, .noneOf(values))] : values.map { Filter(property.name, .notEqual($0)) }
    if hasNull { return .groups([excluded + [Filter(property.name, .hasValue)]]) }
    return .groups([excluded, [Filter(property.name, .hasNoValue)]])
  }

  /// Texts compare without regard to case on the server, which selects more than `==` does; `!=` would select less and
  /// is decided here.
  private func text(_ property: PropertySchema, _ comparison: Predicate.Comparison, _ operand: Value) -> Part {
    switch comparison {
    case .equal:
      guard let text = operand.string, PushDown.isPlain(text) else { return .everything }
      return .groups([[Filter(property.name, .equal(text))]])
    case .equalIgnoringCase:
      // Which letters are the same without regard to case for the server is certain for ASCII only. Where others are
      // the same here, it is asked for what has a value at all.
      guard let text = operand.string, PushDown.isPlain(text), CaseFolding.isWithinASCII(text) else {
        return .groups([[Filter(property.name, .hasValue)]])
      }
      return .groups([[Filter(property.name, .equal(text))]])
    case .isIn:
      guard let items = operand.items else { return .everything }
      let texts = items.compactMap(\.string)
      let nulls = items.count { $0.isNothing }
      guard texts.count + nulls == items.count, texts.allSatisfy(PushDown.isPlain) else { return .everything }
      let missing = nulls > 0 ? [[Filter(property.name, .hasNoValue)]] : []
      if texts.isEmpty { return nulls > 0 ? .groups(missing) : .nothing }
      guard texts.allSatisfy(PushDown.isASCII) else {
        // IN wants lower case, and how the server lowers other letters is not known; EQ does it by itself.
        return .groups(texts.map { [Filter(property.name, .equal($0))] } + missing)
      }
      var lowered: [String] = []
      for text in texts.map({ $0.lowercased() }) where !lowered.contains(text) { lowered.append(text) }
      return .groups([[Filter(property.name, .oneOf(lowered))]] + missing)
    default: return .everything
    }
  }

  /// Whether a server that trims or drops white space would still find the text.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return false }
    return !first.properties.isWhitespace && !last.properties.isWhitespace
  }

  private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 128 } }

  /// The conditions on linked records that every row has to fulfil.
  func links(_ predicate: Predicate) throws -> [ReadPlan.Link] {
    switch predicate {
    case .and(let left, let right): return try links(left) + links(right)
    case .compare(let field, let comparison, let operand) where ObjectNames.isAssociation(field):
      return try linkedIDs(field, comparison, operands[operand]).map { [ReadPlan.Link(field: field, ids: $0)] } ?? []
    default: return []
    }
  }

  private func linkedIDs(_ field: String, _ comparison: Predicate.Comparison, _ operand: Value) throws -> [String]? {
    let ids: [String?]
    switch comparison {
    case .equal: ids = [operand.string]
    case .isIn: ids = operand.items?.map(\.string) ?? [nil]
    default: return nil
    }
    var texts: [String] = []
    for id in ids.compactMap(\.self) where !texts.contains(id) { texts.append(id) }
    guard ids.allSatisfy({ $0 != nil }), texts.allSatisfy(RecordID.isValid) else {
      throw EngineError.badOperand(field: field, expected: "an id as text", found: machine.written(operand))
    }
    return texts
  }

  private func association(_ field: String, _ comparison: Predicate.Comparison, _ operand: Value) throws -> Part {
    let name = PushDown.associationFilter(field)
    guard let texts = try linkedIDs(field, comparison, operand) else { return .everything }
    if texts.isEmpty { return .nothing }
    // Several ids in one filter are reported to work but not documented: each is an alternative of its own. Where that
    // makes too many, the links are read instead.
    if texts.count > PushDown.groupLimit { return .everything }
    return .groups(texts.map { [Filter(name, .equal($0))] })
  }

  /// The first date property that a condition compares with a moment, which no filter on dates can say.
  func dateBesideMoment(_ predicate: Predicate) -> String? {
    switch predicate {
    case .and(let left, let right), .or(let left, let right): dateBesideMoment(left) ?? dateBesideMoment(right)
    case .not(let inner): dateBesideMoment(inner)
    case .compare(let field, _, let operand):
      property(field)?.type == .date && operands[operand].instant != nil ? field : nil
    case .local, .constant, .isTrue: nil
    }
  }

  // MARK: Values

  /// Datetimes go as milliseconds, dates as milliseconds at midnight UTC, numbers as their digits.
  func wire(_ value: Value, _ property: PropertySchema) -> String? {
    switch property.type {
    case .number: return value.decimal.map { "\($0)" }
    case .bool: return value.bool.map { $0 ? "true" : "false" }
    case .date: return value.civilDate.map { "\(Int($0.daysSinceEpoch) * 86_400_000)" }
    case .datetime:
      if let instant = value.instant { return "\(instant.milliseconds)" }
      return value.civilDate.flatMap { try? machine.zone.startOfDay($0) }.map { "\($0.milliseconds)" }
    default: return value.string.flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  /// The values of a list, and whether null is among them; nil where one of them cannot be sent.
  private func wires(_ list: Value, _ property: PropertySchema) -> (values: [String], hasNull: Bool)? {
    guard let items = list.items else { return nil }
    var values: [String] = []
    for item in items where !item.isNothing {
      guard let value = wire(item, property) else { return nil }
      if !values.contains(value) { values.append(value) }
    }
    return (values, items.contains(where: \.isNothing))
  }
}

extension Filter {
  /// The texts it compares with.
  var texts: [String] {
    switch condition {
    case .equal(let value), .notEqual(let value), .lessThan(let value), .lessOrEqual(let value),
      .greaterThan(let value), .greaterOrEqual(let value), .containsToken(let value), .containsNoToken(let value):
      [value]
    case .between(let low, let high): [low, high]
    case .oneOf(let values), .noneOf(let values): values
    case .hasValue, .hasNoValue: []
    }
  }
}
