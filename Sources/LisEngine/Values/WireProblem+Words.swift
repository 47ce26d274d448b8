extension WireProblem {
  /// Why the value cannot be written, and what would be right.
  public var message: String {
    switch self {
    case .unknownProperty(let name): "there is no property `\(name)`"
    case .calculated(let name): "`\(name)` is calculated by HubSpot and cannot be written"
    case .readOnly(let name): "`\(name)` is read-only in HubSpot"
    case .wrongType(let expected, let found, let text): "it is a \(expected), and \(text) is a \(found)"
    case .notCanonical(let expected, let text): "\"\(text)\" is not written as a \(expected)"
    case .notAnOption(let text, let options):
      "\"\(text)\" is not one of its options (\(options.prefix(8).joined(separator: ", "))\(options.count > 8 ? ", …" : ""))"
    case .negative(let text): "HubSpot takes no negative price, and this is \(text)"
    case .tooManyDecimals(let text, let limit): "\(text) has more than \(limit) decimals; use `round`"
    case .tooLong(let count, let limit): "the text has \(count) characters, and HubSpot takes \(limit)"
    case .invalidValue(let text): "\"\(text)\" came from HubSpot as a value that does not fit its own property"
    case .badPeriod(let text): "\"\(text)\" is no term; write a duration such as 12mo, or ISO 8601 such as P12M"
    case .conflictingDiscounts:
      "`discount` and `hs_discount_percentage` together have no documented meaning; set one and clear the other"
    case .missingKey: "the key is missing, so the row names no record"
    case .spacedKey(let text): "the key \"\(text)\" has white space at an end; `trim(…)` takes it off"
    case .keySpelled(let text, let id, let other):
      "HubSpot answers for the key \"\(text)\" with record \(id), whose key is \"\(other)\"; write it that way if that "
        + "record is meant"
    case .unreadableKey(let text, let reason): "which record has the key \"\(text)\" could not be read: \(reason)"
    case .ambiguousKey(let text, let ids):
      "ambiguous key: \(ids.count) records have \"\(text)\" (\(ids.prefix(5).joined(separator: ", "))"
        + "\(ids.count > 5 ? ", …" : ""))"
    }
  }
}
