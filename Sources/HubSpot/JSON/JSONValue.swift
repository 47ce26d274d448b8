/// Any JSON document as a tree. For what has no form that could be relied on, such as errors, and for rare parts.
enum JSONValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  /// The digits as they were sent, so that an id of any length survives.
  case number(String)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The tree of a body, or nil when the body is not JSON or is nested deeper than any answer is.
  init?(bytes: [UInt8]) {
    var reader = JSONReader(bytes)
    do {
      self = try reader.tree()
      try reader.end()
    } catch {
      return nil
    }
  }

  subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// A text, or a number's digits: servers send ids and codes as either.
  var asText: String? {
    switch self {
    case .text(let value), .number(let value): value
    case .boolean(let value): String(value)
    default: nil
    }
  }

  var asBoolean: Bool? {
    if case .boolean(let value) = self { value } else { nil }
  }

  var elements: [JSONValue] {
    if case .array(let values) = self { values } else { [] }
  }

  var members: [String: JSONValue] {
    if case .object(let values) = self { values } else { [:] }
  }

  /// A text or a list of texts, as a list; HubSpot uses both for the values of `context`.
  var texts: [String] {
    if case .array(let values) = self { values.compactMap(\.asText) } else { asText.map { [$0] } ?? [] }
  }
}
