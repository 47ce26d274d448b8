import LisCore
import LisSchema

/// Property values as HubSpot sends them, always text or null, become values of the language by the property's type.
/// Text that does not parse becomes an invalid value: it prints, equals only itself and is never written.
struct PropertyReader {
  let machine: Machine

  func value(_ wire: Value, _ property: PropertySchema?) -> Value {
    // A cleared value comes back as null or as an empty text; both mean empty.
    guard let text = wire.string, !text.isEmpty else { return .null }
    guard let property else { return wire }
    if property.isIdentifier { return wire }
    switch property.type {
    case .number:
      guard let number = try? Decimal(parsing: text, as: .property) else { return invalid(text, "number") }
      return machine.makeNumber(number)
    case .bool:
      switch text {
      case "true": return Value(true)
      case "false": return Value(false)
      default: return invalid(text, "bool")
      }
    case .date: return date(text)
    case .datetime: return datetime(text)
    case .enumeration, .string, .phoneNumber, .other: return wire
    }
  }

  private func invalid(_ text: String, _ type: String) -> Value { machine.makeInvalid(text, type: type) }

  /// `YYYY-MM-DD`, or milliseconds at midnight UTC.
  private func date(_ text: String) -> Value {
    if let date = try? CivilDate(parsing: text) { return machine.makeDate(date) }
    if let milliseconds = Int(text), milliseconds % 86_400_000 == 0,
      let date = CivilDate(daysSinceEpoch: milliseconds / 86_400_000)
    {
      return machine.makeDate(date)
    }
    return invalid(text, "date")
  }

  func datetime(_ text: String) -> Value {
    if let instant = try? Instant(parsing: text) { return machine.makeDatetime(instant) }
    if let milliseconds = Int(text), let instant = Instant(milliseconds: milliseconds) {
      return machine.makeDatetime(instant)
    }
    return invalid(text, "datetime")
  }
}
