/// A search as the body asked for it, with every documented limit checked.
struct SearchRequest {
  enum Operator: String, CaseIterable {
    case equal = "EQ"
    case notEqual = "NEQ"
    case less = "LT"
    case lessOrEqual = "LTE"
    case greater = "GT"
    case greaterOrEqual = "GTE"
    case between = "BETWEEN"
    case isIn = "IN"
    case notIn = "NOT_IN"
    case has = "HAS_PROPERTY"
    case hasNot = "NOT_HAS_PROPERTY"
    case containsToken = "CONTAINS_TOKEN"
    case containsNoToken = "NOT_CONTAINS_TOKEN"
  }

  struct Filter {
    var property: String
    var operation: Operator
    var value: String?
    var highValue: String?
    var values: [String]
  }

  struct Sort {
    var property: String
    var descending: Bool
  }

  var groups: [[Filter]] = []
  var sort: Sort?
  var query: String?
  /// `nil` when the body names none.
  var properties: [String]?
  var limit = SearchLimits.defaultPage
  var after = 0

  init(_ body: JSON) throws(Refusal) {
    let shape = BodyShape(body)
    try shape.requireObject()
    if let groups = try shape.list("filterGroups") {
      for (index, group) in groups.enumerated() {
        let place = BodyShape(group, path: "filterGroups[\(index)]")
        try place.requireObject()
        self.groups.append(try Self.filters(try place.list("filters") ?? [], path: place.path))
      }
    }
    // The search guide's association sample sends filters without a group around them.
    if let filters = try shape.list("filters"), !filters.isEmpty {
      groups.append(try Self.filters(filters, path: "body"))
    }
    try checkFilterLimits()
    sort = try Self.sort(try shape.list("sorts") ?? [])
    query = try shape.optionalText("query")
    properties = try shape.texts("properties")
    try readPaging(shape)
  }

  private func checkFilterLimits() throws(Refusal) {
    if groups.count > SearchLimits.groups { throw .search(.tooManyGroups(groups.count)) }
    if let large = groups.first(where: { $0.count > SearchLimits.filtersInGroup }) {
      throw .search(.tooManyFilters(large.count))
    }
    let count = groups.reduce(0) { $0 + $1.count }
    if count > SearchLimits.filters { throw .search(.tooManyFiltersInAll(count)) }
  }

  private mutating func readPaging(_ shape: BodyShape) throws(Refusal) {
    if let json = shape.member("limit") {
      guard let value = json.integer else { throw .wrongShape(path: "limit", expected: "a whole number") }
      limit = value
    }
    if limit < 1 || limit > SearchLimits.page { throw .search(.limitOutOfRange(limit)) }
    if let json = shape.member("after"), json != .string("") {
      guard let value = json.integer, value >= 0 else { throw .search(.badAfter(json.scalarText ?? "")) }
      after = value
    }
    // Documented: 10,000 results can be reached. Practice-portal rule: a page that straddles the end is refused.
    if after > SearchLimits.reachable - limit { throw .search(.pastLastReachable(after: after, limit: limit)) }
  }

  private static func filters(_ items: [JSON], path: String) throws(Refusal) -> [Filter] {
    var result: [Filter] = []
    for (index, item) in items.enumerated() {
      let shape = BodyShape(item, path: "\(path).filters[\(index)]")
      try shape.requireObject()
      let name = try shape.text("propertyName")
      let word = try shape.text("operator")
      guard let operation = Operator(rawValue: word) else { throw .search(.unknownOperator(word)) }
      let filter = Filter(
        property: name, operation: operation, value: shape.member("value")?.scalarText,
        highValue: shape.member("highValue")?.scalarText, values: try shape.texts("values") ?? [])
      try checkFields(filter)
      result.append(filter)
    }
    return result
  }

  private static func checkFields(_ filter: Filter) throws(Refusal) {
    func missing(_ field: String) -> Refusal {
      .search(.missingValue(property: filter.property, operation: filter.operation.rawValue, field: field))
    }
    switch filter.operation {
    case .has, .hasNot: return
    case .isIn, .notIn: if filter.values.isEmpty { throw missing("values") }
    case .between:
      if filter.value == nil { throw missing("value") }
      if filter.highValue == nil { throw missing("highValue") }
    default: if filter.value == nil { throw missing("value") }
    }
  }

  private static func sort(_ items: [JSON]) throws(Refusal) -> Sort? {
    if items.count > 1 { throw .search(.tooManySorts(items.count)) }
    guard let item = items.first else { return nil }
    if let text = item.text, !text.isEmpty {
      let descending = text.hasPrefix("-")
      return Sort(property: descending ? String(text.dropFirst()) : text, descending: descending)
    }
    guard let name = item["propertyName"]?.text else { throw .search(.badSort) }
    switch item["direction"] {
    case nil, .null, .string("ASCENDING"): return Sort(property: name, descending: false)
    case .string("DESCENDING"): return Sort(property: name, descending: true)
    default: throw .search(.badSort)
    }
  }
}
