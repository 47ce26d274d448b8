import FoundationEssentials

/// Any JSON document as a tree. Used only for small bodies whose shape cannot be relied on, which is to say errors.
enum JSONValue: Decodable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode([String: JSONValue].self) {
      self = .object(value)
    } else {
      self = .array(try container.decode([JSONValue].self))
    }
  }

  /// The tree of a body, or nil when the body is not JSON.
  init?(bytes: [UInt8]) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else { return nil }
    self = value
  }

  subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// A text, or an integer's digits: servers send ids and codes as either.
  var asText: String? {
    switch self {
    case .text(let value): value
    case .integer(let value): String(value)
    case .boolean(let value): String(value)
    default: nil
    }
  }

  var asInteger: Int? {
    switch self {
    case .integer(let value): Int(exactly: value)
    case .text(let value): Int(value)
    default: nil
    }
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
