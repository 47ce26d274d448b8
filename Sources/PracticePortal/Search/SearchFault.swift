/// What can be wrong with a search. The limits are documented; the sentences are practice-portal rules, because
/// HubSpot's texts are not recorded (only the status 400 and the category `VALIDATION_ERROR` are).
enum SearchFault: Equatable {
  case bodyTooLong(characters: Int)
  case tooManyGroups(Int)
  case tooManyFilters(Int)
  case tooManyFiltersInAll(Int)
  case limitOutOfRange(Int)
  case badAfter(String)
  case pastLastReachable(after: Int, limit: Int)
  case tooManySorts(Int)
  case badSort
  case unknownProperty(String)
  case unknownOperator(String)
  case missingValue(property: String, operation: String, field: String)
  case badValue(property: String, value: String, expected: String)
  case operatorNotForType(property: String, operation: String, type: String)
  case associationOperator(String)
  case unknownAssociation(String)

  var message: String {
    switch self {
    case .bodyTooLong(let characters):
      "The search body has \(characters) characters; the limit is \(SearchLimits.bodyCharacters)"
    case .tooManyGroups(let count): "There are \(count) filter groups; the limit is \(SearchLimits.groups)"
    case .tooManyFilters(let count): "A filter group has \(count) filters; the limit is \(SearchLimits.filtersInGroup)"
    case .tooManyFiltersInAll(let count): "There are \(count) filters; the limit is \(SearchLimits.filters)"
    case .limitOutOfRange(let limit): "limit \(limit) is not between 1 and \(SearchLimits.page)"
    case .badAfter(let after): "after \(after) is not a whole number"
    case .pastLastReachable(let after, let limit):
      "after \(after) with limit \(limit) goes past the first \(SearchLimits.reachable) results"
    case .tooManySorts(let count): "There are \(count) sorts; the limit is one"
    case .badSort: "A sort is a property name or an object with propertyName and direction"
    case .unknownProperty(let name): "There is no property named \(name)"
    case .unknownOperator(let name): "\(name) is not an operator"
    case .missingValue(let property, let operation, let field):
      "The filter \(operation) on \(property) needs the field \(field)"
    case .badValue(let property, let value, let expected): "\(value) is not \(expected), which \(property) needs"
    case .operatorNotForType(let property, let operation, let type):
      "The operator \(operation) cannot be used on \(property), which is of type \(type)"
    case .associationOperator(let name): "The operator \(name) cannot be used on an association; use EQ or IN"
    case .unknownAssociation(let name): "\(name) does not name an object type that can be searched by association"
    }
  }
}

/// Documented limits of search.
enum SearchLimits {
  static let bodyCharacters = 3000
  static let groups = 5
  static let filtersInGroup = 6
  static let filters = 18
  static let page = 200
  static let defaultPage = 10
  static let reachable = 10_000
}
