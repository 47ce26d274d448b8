/// Billing terms: `hs_recurring_billing_period` holds an ISO 8601 period of the form `PnYnMnD` or `PnW`, according to
/// HubSpot's guide to line items, which pairs weeks with weekly and biweekly items and months or years with the others.
extension CalendarDuration {
  /// Reads `PnYnMnD` with at least one of the parts, or `PnW`.
  public init(parsingPeriod text: Span<UInt8>) throws(TimeTextFault) {
    var reader = TimeReader()
    if reader.peek(text) == UInt8(ascii: "-") { throw .negativePeriod }
    try reader.expect(UInt8(ascii: "P"), text)
    var months = 0
    var days = 0
    var lastPlace = -1
    repeat {
      if reader.peek(text) == UInt8(ascii: "T") { throw .clockPartInPeriod }
      if reader.peek(text) == UInt8(ascii: "-") { throw .negativePeriod }
      let amount = try reader.wholeAmount(text)
      let (place, factor) = try reader.periodUnit(text, after: lastPlace)
      let (product, overflow) = amount.multipliedReportingOverflow(by: factor)
      if overflow { throw .outOfRange }
      if place < 2 { months += product } else { days += product }
      lastPlace = place
    } while reader.offset < text.count
    self.init(months: months, days: days)
  }

  public init(parsingPeriod text: String) throws(TimeTextFault) {
    try self.init(parsingPeriod: Array(text.utf8).span)
  }

  /// The ISO 8601 period: `12mo` and `1y` are `P12M`, `2w` and `14d` are `P2W`, `10d` is `P10D`, `1mo` and `3d` together
  /// `P1M3D`. Whole weeks are written as weeks, because HubSpot takes days for no billing frequency.
  /// - Throws: `clockPartInPeriod` or `negativePeriod`.
  public func periodText() throws(TimeTextFault) -> String {
    if milliseconds != 0 { throw .clockPartInPeriod }
    if months < 0 || days < 0 { throw .negativePeriod }
    if months == 0 && days == 0 { return "P0D" }
    if months == 0 && days % 7 == 0 { return "P\(days / 7)W" }
    return "P" + (months == 0 ? "" : "\(months)M") + (days == 0 ? "" : "\(days)D")
  }
}

extension TimeReader {
  /// Digits of a number of at most 9 digits, which keeps every product and sum far inside 64 bits.
  fileprivate mutating func wholeAmount(_ text: Span<UInt8>) throws(TimeTextFault) -> Int {
    let start = offset
    var value = 0
    while let byte = peek(text), byte &- UInt8(ascii: "0") <= 9 {
      value = value * 10 + Int(byte &- UInt8(ascii: "0"))
      offset += 1
      if offset - start > 9 { throw .outOfRange }
    }
    if offset == start { throw fault(text, expected: .wholeNumber) }
    return value
  }

  /// The letter after an amount: its place in the order of letters, and how many months or days it stands for.
  fileprivate mutating func periodUnit(
    _ text: Span<UInt8>, after lastPlace: Int
  ) throws(TimeTextFault) -> (place: Int, factor: Int) {
    guard let letter = peek(text) else { throw fault(text, expected: .periodLetter) }
    let unit: (place: Int, factor: Int)
    switch letter {
    case UInt8(ascii: "Y"): unit = (0, 12)
    case UInt8(ascii: "M"): unit = (1, 1)
    case UInt8(ascii: "D"): unit = (2, 1)
    // ISO 8601 lets weeks stand only alone.
    case UInt8(ascii: "W") where lastPlace < 0: unit = (3, 7)
    default: throw fault(text, expected: .periodLetter)
    }
    if unit.place <= lastPlace { throw .unitOutOfOrder(String(Unicode.Scalar(letter))) }
    offset += 1
    return unit
  }
}
