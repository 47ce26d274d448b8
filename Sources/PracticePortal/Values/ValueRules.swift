/// One property value that was refused.
struct InvalidValue: Error, Equatable {
  enum Reason: Equatable, Sendable {
    case unknownProperty
    case readOnly, calculated
    case notANumber, notALong, notADate
    case notAnOption([String])
    case termAgainstFrequency
    /// The line-items guide says a price may not be negative; the code of the refusal is a practice-portal rule.
    case negativePrice
    /// The limit is documented (65,536 characters); the code is a practice-portal rule.
    case tooLong
    /// Whether JSON null clears a value is not established, so the practice portal refuses to guess.
    case nullOnUpdate
    /// An object or a list where a value belongs.
    case notAScalar
  }

  var name: String
  var value: String?
  var reason: Reason

  var code: String {
    switch reason {
    case .unknownProperty: "PROPERTY_DOESNT_EXIST"
    case .readOnly, .calculated: "READ_ONLY_VALUE"
    case .notANumber: "INVALID_INTEGER"
    case .notALong: "INVALID_LONG"
    case .notADate: "INVALID_DATE"
    case .notAnOption: "INVALID_OPTION"
    case .termAgainstFrequency: "BILLING_PERIOD_TO_FREQUENCY_FORM_MISMATCH"
    case .negativePrice: "NEGATIVE_PRICE"
    case .tooLong: "VALUE_TOO_LONG"
    case .nullOnUpdate, .notAScalar: "INVALID_VALUE"
    }
  }

  var message: String {
    let shown = value ?? ""
    return switch reason {
    case .unknownProperty: "Property \"\(name)\" does not exist"
    case .readOnly: "\"\(name)\" is a read only property; its value cannot be set."
    case .calculated: "\"\(name)\" is a calculated property; its value cannot be set."
    case .notANumber: "\(shown) was not a valid number."
    case .notALong: "\(shown) was not a valid long."
    case .notADate: "\(shown) was not a valid date."
    case .notAnOption(let options):
      "\(shown) was not one of the allowed options: [\(options.joined(separator: ", "))]"
    case .termAgainstFrequency: "The billing period \(shown) does not fit the billing frequency."
    case .negativePrice: "\(shown) is not allowed: a price may not be negative."
    case .tooLong: "The value is longer than \(ValueRules.textLimit) characters."
    case .nullOnUpdate: "null is not a value; send an empty string to clear a property."
    case .notAScalar: "The value must be a string, a number or a boolean."
    }
  }
}

/// A value that 2026-09 changed while accepting it.
struct NormalizedValue: Equatable, Sendable {
  var name: String
  var rawValue: String
  var normalizedValue: String
}

/// What each property type accepts, and the form in which it is stored.
enum ValueRules {
  static let textLimit = 65_536

  struct Accepted {
    var stored: String
    var normalized: NormalizedValue?
  }

  /// - Parameter normalizesDates: true for API versions from 2026-09, which accept ISO times in date properties.
  static func accept(
    _ text: String, for property: PropertyDefinition, existing: String?, normalizesDates: Bool
  ) -> Result<Accepted, InvalidValue> {
    func refused(_ reason: InvalidValue.Reason) -> Result<Accepted, InvalidValue> {
      .failure(InvalidValue(name: property.name, value: text, reason: reason))
    }
    if text.isEmpty { return .success(Accepted(stored: "")) }
    switch property.type {
    case .string, .phoneNumber:
      return text.unicodeScalars.count > textLimit ? refused(.tooLong) : .success(Accepted(stored: text))
    case .number:
      guard let number = NumberText(text) else { return refused(property.isIdentifier ? .notALong : .notANumber) }
      if property.isIdentifier, Int64(text) == nil { return refused(.notALong) }
      if property.name == "price", number.negative, !number.isZero { return refused(.negativePrice) }
      return .success(Accepted(stored: text))
    case .bool:
      return ["true", "false"].contains(text)
        ? .success(Accepted(stored: text)) : refused(.notAnOption(["true", "false"]))
    case .enumeration:
      return acceptOption(text, for: property, existing: existing)
    case .datetime:
      guard let time = Timestamp.parseDateTime(text) else { return refused(.notADate) }
      return .success(Accepted(stored: Timestamp.canonicalText(time)))
    case .date:
      guard let accepted = acceptDate(text, property: property, normalizes: normalizesDates) else {
        return refused(.notADate)
      }
      return .success(accepted)
    }
  }

  private static func acceptDate(_ text: String, property: PropertyDefinition, normalizes: Bool) -> Accepted? {
    if Timestamp.parseDate(text) != nil { return Accepted(stored: text) }
    if let time = Timestamp.epochMilliseconds(text), time % Timestamp.millisecondsPerDay == 0 {
      return Accepted(stored: Timestamp.dateText(time))
    }
    guard normalizes, let time = Timestamp.parseDateTime(text) else { return nil }
    let date = Timestamp.dateText(time)
    let midnight = Timestamp.parseDate(date) ?? time
    return Accepted(
      stored: date,
      normalized: NormalizedValue(name: property.name, rawValue: text, normalizedValue: String(midnight)))
  }

  /// Multiple choices are joined with `;`, and a leading `;` adds to what is there (properties guide).
  private static func acceptOption(
    _ text: String, for property: PropertyDefinition, existing: String?
  ) -> Result<Accepted, InvalidValue> {
    let allowed = property.options.map(\.value)
    func refused(_ value: String) -> Result<Accepted, InvalidValue> {
      .failure(InvalidValue(name: property.name, value: value, reason: .notAnOption(allowed)))
    }
    guard property.isMultiple else {
      return allowed.isEmpty || allowed.contains(text) ? .success(Accepted(stored: text)) : refused(text)
    }
    let given = text.split(separator: ";").map(String.init)
    if !allowed.isEmpty, let wrong = given.first(where: { !allowed.contains($0) }) { return refused(wrong) }
    var chosen = text.hasPrefix(";") ? (existing ?? "").split(separator: ";").map(String.init) : []
    for value in given where !chosen.contains(value) { chosen.append(value) }
    return .success(Accepted(stored: chosen.joined(separator: ";")))
  }
}
