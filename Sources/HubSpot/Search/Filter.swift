/// One condition of a search.
public struct Filter: Sendable, Hashable {
  /// How values compare. HubSpot ignores case except on enumerations; `oneOf` and `noneOf` on text properties take
  /// lower-case values only. Dates with a time are best given in milliseconds since 1970.
  public enum Condition: Sendable, Hashable {
    case equal(String)
    case notEqual(String)
    case lessThan(String)
    case lessOrEqual(String)
    case greaterThan(String)
    case greaterOrEqual(String)
    /// Whether the bounds themselves match is not documented.
    case between(low: String, high: String)
    case oneOf([String])
    case noneOf([String])
    case hasValue
    case hasNoValue
    /// A whole word of the text; `*` at either end stands for any characters.
    case containsToken(String)
    case containsNoToken(String)
  }

  /// The property's internal name, or `associations.` and a singular object name.
  public let property: String
  /// What its value must fulfil.
  public let condition: Condition

  public init(_ property: String, _ condition: Condition) {
    self.property = property
    self.condition = condition
  }

  /// Records associated with one record of another type. Not offered for custom objects.
  public static func associated(with type: ObjectType, id: String) throws(HubSpotError) -> Filter {
    guard let name = type.singularName else { throw .invalidRequest(.noAssociationFilter(objectType: type.name)) }
    return Filter("associations." + name, .equal(id))
  }

  func write(_ writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("propertyName", property)
      condition.write(&writer)
    }
  }
}

extension Filter.Condition {
  /// HubSpot's word for the comparison, as a search request names it (CRM search, `filters[].operator`).
  public var operatorName: String {
    switch self {
    case .equal: "EQ"
    case .notEqual: "NEQ"
    case .lessThan: "LT"
    case .lessOrEqual: "LTE"
    case .greaterThan: "GT"
    case .greaterOrEqual: "GTE"
    case .between: "BETWEEN"
    case .oneOf: "IN"
    case .noneOf: "NOT_IN"
    case .hasValue: "HAS_PROPERTY"
    case .hasNoValue: "NOT_HAS_PROPERTY"
    case .containsToken: "CONTAINS_TOKEN"
    case .containsNoToken: "NOT_CONTAINS_TOKEN"
    }
  }

  /// The list of a comparison that has one.
  var values: [String]? {
    switch self {
    case .oneOf(let values), .noneOf(let values): values
    default: nil
    }
  }

  fileprivate func write(_ writer: inout JSONWriter) {
    writer.member("operator", operatorName)
    switch self {
    case .equal(let value), .notEqual(let value), .lessThan(let value), .lessOrEqual(let value),
      .greaterThan(let value), .greaterOrEqual(let value), .containsToken(let value), .containsNoToken(let value):
      writer.member("value", value)
    case .between(let low, let high):
      writer.member("value", low)
      writer.member("highValue", high)
    case .oneOf(let values), .noneOf(let values): writer.member("values", texts: values)
    case .hasValue, .hasNoValue: break
    }
  }
}

/// Conditions that must all hold. A search finds what any of its groups describes.
public struct FilterGroup: Sendable, Hashable {
  /// At least one, at most six.
  public let filters: [Filter]

  public init(_ filters: [Filter]) { self.filters = filters }
}

/// The order of the results. HubSpot takes one only; where records without a value stand is not documented.
public struct SearchSort: Sendable, Hashable {
  /// Which end comes first.
  public enum Direction: String, Sendable { case ascending = "ASCENDING", descending = "DESCENDING" }

  /// The property's internal name.
  public let property: String
  /// Which end comes first.
  public let direction: Direction

  public init(_ property: String, _ direction: Direction = .ascending) {
    self.property = property
    self.direction = direction
  }

  /// The order to page by: no two records share an id.
  public static let byID = SearchSort("hs_object_id")
}
