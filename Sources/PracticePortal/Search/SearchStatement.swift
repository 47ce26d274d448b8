import GRDB

/// A search as SQL: the condition, the order, and their arguments.
struct SearchStatement {
  private let schema: TypeSchema
  private(set) var condition = "archived_at IS NULL"
  private(set) var order = "id"
  private(set) var arguments: [DatabaseValue] = []

  init(_ request: SearchRequest, schema: TypeSchema) throws(Refusal) {
    self.schema = schema
    var alternatives: [String] = []
    for group in request.groups {
      var parts: [String] = []
      for filter in group { parts.append(try sql(filter)) }
      alternatives.append(parts.isEmpty ? "1" : "(" + parts.joined(separator: " AND ") + ")")
    }
    if !alternatives.isEmpty { condition += " AND (" + alternatives.joined(separator: " OR ") + ")" }
    if let query = request.query, !query.isEmpty { condition += " AND " + queryCondition(query) }
    if let sort = request.sort { order = try orderTerms(sort) }
  }

  // MARK: Order

  /// Practice-portal rule: missing values come last in both directions, and ties are broken by id.
  private func orderTerms(_ sort: SearchRequest.Sort) throws(Refusal) -> String {
    guard let property = schema.property(sort.property) else { throw .search(.unknownProperty(sort.property)) }
    let direction = sort.descending ? "DESC" : "ASC"
    switch property.storage {
    case .identifier: return "id \(direction)"
    case .created: return "created \(direction), id"
    case .updated: return "updated \(direction), id"
    case .constant: return "id"
    case .column:
      let column = property.column
      let key =
        switch property.type {
        case .number: "CAST(\(column) AS NUMERIC)"
        case .string, .phoneNumber: "fold(\(column))"
        default: column
        }
      return "(\(column) IS NULL OR \(column) = ''), \(key) \(direction), id"
    }
  }

  // MARK: Query

  /// Practice-portal rule: the whole query text, without regard to case, inside one of the default text properties.
  private mutating func queryCondition(_ query: String) -> String {
    let names = schema.type.queryProperties.compactMap { schema.property($0) }
    let parts = names.map { property in
      arguments.append(query.lowercased().databaseValue)
      return "instr(\(SearchFunctions.folded(property.column, for: query)), ?) > 0"
    }
    return "(" + parts.joined(separator: " OR ") + ")"
  }

  // MARK: Filters

  private mutating func sql(_ filter: SearchRequest.Filter) throws(Refusal) -> String {
    if filter.property.hasPrefix("associations.") { return try association(filter) }
    guard let property = schema.property(filter.property) else {
      throw .search(.unknownProperty(filter.property))
    }
    try checkOperator(filter, property)
    let operand = Operand(property)
    switch filter.operation {
    case .has: return operand.present
    case .hasNot: return "NOT (\(operand.present))"
    case .containsToken: return contains(filter.value ?? "", operand)
    case .containsNoToken: return "(\(operand.present) AND NOT \(contains(filter.value ?? "", operand)))"
    case .isIn, .notIn: return try membership(filter, operand)
    case .between:
      let low = try bind(filter.value ?? "", operand)
      let high = try bind(filter.highValue ?? "", operand)
      return "(\(operand.present) AND \(operand.expression("")) BETWEEN \(low) AND \(high))"
    default:
      let value = filter.value ?? ""
      let placeholder = try bind(value, operand)
      return
        "(\(operand.guardTerm(filter.operation))\(operand.expression(value)) \(symbol(filter.operation)) \(placeholder))"
    }
  }

  private func symbol(_ operation: SearchRequest.Operator) -> String {
    switch operation {
    case .notEqual: "<>"
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    default: "="
    }
  }

  /// Practice-portal rule: ordering an option and tokens of a number or a time have no meaning and are refused.
  private func checkOperator(_ filter: SearchRequest.Filter, _ property: PropertyDefinition) throws(Refusal) {
    let refused =
      switch filter.operation {
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .between:
        property.type == .enumeration || property.type == .bool
      case .containsToken, .containsNoToken:
        property.type == .number || property.type == .date || property.type == .datetime
      default: false
      }
    if refused {
      throw .search(
        .operatorNotForType(
          property: property.name, operation: filter.operation.rawValue, type: property.type.rawValue))
    }
  }

  private mutating func bind(_ value: String, _ operand: Operand) throws(Refusal) -> String {
    arguments.append(try operand.argument(value))
    return operand.placeholder
  }

  /// Values of IN and NOT_IN on text must be in lower case, as HubSpot documents: others match nothing.
  private mutating func membership(_ filter: SearchRequest.Filter, _ operand: Operand) throws(Refusal) -> String {
    var placeholders: [String] = []
    for value in filter.values {
      if operand.isText {
        arguments.append(value.databaseValue)
        placeholders.append("?")
      } else {
        placeholders.append(try bind(value, operand))
      }
    }
    let list = placeholders.joined(separator: ", ")
    let word = filter.operation == .isIn ? "IN" : "NOT IN"
    return "(\(operand.guardTerm(filter.operation))\(operand.expression(filter.values.joined())) \(word) (\(list)))"
  }

  private mutating func contains(_ value: String, _ operand: Operand) -> String {
    let literal = TokenPattern(value).literal
    var cheapTest = ""
    if !literal.isEmpty {
      arguments.append(literal.databaseValue)
      cheapTest = "instr(\(SearchFunctions.folded(operand.column, for: literal)), ?) > 0 AND "
    }
    arguments.append(value.databaseValue)
    return "(\(cheapTest)contains_token(\(operand.column), ?))"
  }

  /// `associations.deal` and its siblings. Practice-portal rule: only EQ and IN.
  private mutating func association(_ filter: SearchRequest.Filter) throws(Refusal) -> String {
    let name = filter.property.dropFirst("associations.".count)
    guard let other = ObjectType(spelling: name), AssociationTypes.defaultId(from: schema.type, to: other) != nil else {
      throw .search(.unknownAssociation(String(name)))
    }
    let values: [String]
    switch filter.operation {
    case .equal: values = [filter.value ?? ""]
    case .isIn: values = filter.values
    default: throw .search(.associationOperator(filter.operation.rawValue))
    }
    arguments.append(other.rawValue.databaseValue)
    for value in values {
      guard let id = Int64(value) else {
        throw .search(.badValue(property: filter.property, value: value, expected: "a record id"))
      }
      arguments.append(id.databaseValue)
    }
    arguments.append(schema.type.rawValue.databaseValue)
    let list = values.map { _ in "?" }.joined(separator: ", ")
    return "id IN (SELECT to_id FROM associations WHERE from_type = ? AND from_id IN (\(list)) AND to_type = ?)"
  }
}

/// One side of a comparison: how a property is read in SQL and how a filter value is bound to it.
private struct Operand {
  let property: PropertyDefinition

  init(_ property: PropertyDefinition) { self.property = property }

  var column: String {
    switch property.storage {
    case .column: property.column
    case .identifier: "id"
    case .created: "created"
    case .updated: "updated"
    case .constant(let text): "'\(text)'"
    }
  }

  var isText: Bool { property.type == .string || property.type == .phoneNumber }

  /// True when the record has a value; a cleared value is none.
  var present: String { property.storage == .column ? "coalesce(\(column), '') <> ''" : "1" }

  /// Keeps cleared values out of number comparisons, where the empty text would count as zero.
  /// Equality on text goes without it, so that an index can answer alone.
  func guardTerm(_ operation: SearchRequest.Operator) -> String {
    guard property.storage == .column else { return "" }
    if isText, operation == .equal || operation == .isIn { return "" }
    return "\(column) <> '' AND "
  }

  /// The left side. Numbers compare as SQLite numbers: whole numbers exactly, fractions as binary64, which is what
  /// a search index does; calculated amounts never pass through here.
  func expression(_ value: String) -> String {
    if isText { return SearchFunctions.folded(column, for: value) }
    return property.type == .number && property.storage == .column ? "CAST(\(column) AS NUMERIC)" : column
  }

  var placeholder: String { property.type == .number ? "CAST(? AS NUMERIC)" : "?" }

  func argument(_ value: String) throws(Refusal) -> DatabaseValue {
    func bad(_ expected: String) -> Refusal {
      .search(.badValue(property: property.name, value: value, expected: expected))
    }
    switch property.type {
    case .number:
      guard NumberText(value) != nil else { throw bad("a number") }
      return value.databaseValue
    case .datetime:
      guard let time = Timestamp.parseDateTime(value) else { throw bad("epoch milliseconds or an ISO 8601 time") }
      return property.storage == .column ? Timestamp.canonicalText(time).databaseValue : time.databaseValue
    case .date:
      guard let time = Timestamp.parseDateTime(value) else { throw bad("epoch milliseconds or a date") }
      return Timestamp.dateText(time).databaseValue
    case .string, .phoneNumber: return value.lowercased().databaseValue
    case .enumeration, .bool: return value.databaseValue
    }
  }
}
