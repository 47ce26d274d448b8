import LisCore
import LisSchema

/// Why a value cannot be written to a property.
public enum WireProblem: Error, Sendable, Hashable {
  case unknownProperty(String)
  case calculated(String)
  case readOnly(String)
  case wrongType(expected: String, found: String, text: String)
  /// Text from a file that is not written the way the property's type is.
  case notCanonical(expected: String, text: String)
  case notAnOption(String, options: [String])
  case negative(String)
  case tooManyDecimals(String, limit: Int)
  case tooLong(count: Int, limit: Int)
  case invalidValue(String)
  case badPeriod(String)
  case conflictingDiscounts
  /// The key of an `upsert` is empty or not given.
  case missingKey
  /// The key of an `upsert` begins or ends with white space.
  case spacedKey(String)
  /// Several records have the key of an `upsert`.
  case ambiguousKey(String, ids: [String])
  /// HubSpot answers for the key of an `upsert` with a record that has it in another spelling.
  case keySpelled(String, id: String, as: String)
  /// What HubSpot answers says nothing of the key of an `upsert` that can be relied on.
  case unreadableKey(String, reason: String)
}

/// Values of the language become the text a property takes. Nothing is guessed: a text cell for a number must be a
/// number as the language writes it.
struct WireText {
  let machine: Machine
  let schema: ObjectSchema

  /// HubSpot supports six decimals for prices (knowledge base on discounts) and 65,536 characters of text.
  static let moneyDecimals = 6
  static let textLimit = 65_536

  func text(_ value: Value, for name: String) throws(WireProblem) -> String {
    guard let property = schema.properties[name] else { throw .unknownProperty(name) }
    if property.isCalculated { throw .calculated(name) }
    if property.isReadOnly { throw .readOnly(name) }
    if value.isNothing { return "" }
    if value.type == .invalid { throw .invalidValue(machine.text(of: value)) }
    if let text = value.string, text.isEmpty { return "" }
    if property.isIdentifier { return try identifier(value) }
    switch property.type {
    case .number: return try number(value, property)
    case .bool: return try bool(value)
    case .date: return try date(value)
    case .datetime: return try datetime(value)
    case .enumeration: return try option(value, property)
    case .string, .phoneNumber, .other: return try plain(value, property)
    }
  }

  private func wrong(_ expected: String, _ value: Value) -> WireProblem {
    if let text = value.string { return .notCanonical(expected: expected, text: text) }
    return .wrongType(expected: expected, found: value.type.rawValue, text: machine.text(of: value))
  }

  private func identifier(_ value: Value) throws(WireProblem) -> String {
    let text = value.string ?? value.int.map { String($0) } ?? ""
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { throw wrong("id (digits)", value) }
    return text
  }

  private func number(_ value: Value, _ property: PropertySchema) throws(WireProblem) -> String {
    let number: Decimal
    if let decimal = value.decimal {
      number = decimal
    } else if let text = value.string, let decimal = try? Decimal(parsing: text) {
      number = decimal
    } else {
      throw wrong("number", value)
    }
    // Negative prices are refused by HubSpot (line-item guide).
    if property.name == "price", number.isNegative { throw .negative("\(number)") }
    if property.isMoney || property.name == "price", number.reduced.scale > WireText.moneyDecimals {
      throw .tooManyDecimals("\(number)", limit: WireText.moneyDecimals)
    }
    return "\(number)"
  }

  private func bool(_ value: Value) throws(WireProblem) -> String {
    if let bool = value.bool { return bool ? "true" : "false" }
    if let text = value.string, text == "true" || text == "false" { return text }
    throw wrong("bool (true or false)", value)
  }

  private func date(_ value: Value) throws(WireProblem) -> String {
    if let date = value.civilDate { return "\(date)" }
    if let text = value.string, (try? CivilDate(parsing: text)) != nil { return text }
    throw wrong("date (2026-01-31)", value)
  }

  private func datetime(_ value: Value) throws(WireProblem) -> String {
    if let instant = value.instant { return "\(instant)" }
    if let date = value.civilDate, let instant = try? machine.zone.startOfDay(date) { return "\(instant)" }
    if let text = value.string, (try? Instant(parsing: text)) != nil { return text }
    throw wrong("datetime (2026-01-31T10:00:00Z)", value)
  }

  private func option(_ value: Value, _ property: PropertySchema) throws(WireProblem) -> String {
    // Several options are a list in the language and joined by `;` on the wire.
    let chosen: [String]
    if property.isMultiple, let items = value.items {
      chosen = items.compactMap(\.string)
      if chosen.count != items.count { throw wrong("list of options", value) }
    } else if let text = value.string {
      chosen = property.isMultiple ? text.split(separator: ";").map(String.init) : [text]
    } else if let bool = value.bool, property.options.contains(where: { $0.value == "true" }) {
      chosen = [bool ? "true" : "false"]
    } else {
      throw wrong("option", value)
    }
    let known = property.options.map(\.value)
    if !known.isEmpty {
      for text in chosen where !known.contains(text) { throw .notAnOption(text, options: known) }
    }
    return chosen.joined(separator: ";")
  }

  private func plain(_ value: Value, _ property: PropertySchema) throws(WireProblem) -> String {
    if property.name == "hs_recurring_billing_period" { return try period(value) }
    guard let text = value.string else {
      throw .wrongType(expected: "string", found: value.type.rawValue, text: machine.text(of: value))
    }
    if text.count > WireText.textLimit { throw .tooLong(count: text.count, limit: WireText.textLimit) }
    return text
  }

  /// A term is a duration in the language and ISO 8601 on the wire: `12mo` is `P12M`.
  private func period(_ value: Value) throws(WireProblem) -> String {
    if let duration = value.duration {
      guard let text = try? duration.periodText() else { throw .badPeriod("\(duration)") }
      return text
    }
    guard let text = value.string, (try? CalendarDuration(parsingPeriod: text)) != nil else {
      throw .badPeriod(machine.text(of: value))
    }
    return text
  }
}

extension Value {
  var isNothing: Bool { type == .null }
}
