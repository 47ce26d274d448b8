/// Reads the fixed fields of dates and times from UTF-8 text. The text is handed to each step, since a span cannot be
/// stored.
struct TimeReader {
  var offset = 0

  func peek(_ text: Span<UInt8>) -> UInt8? { offset < text.count ? text[offset] : nil }

  /// The fault for what stands here instead of `expected`.
  func fault(_ text: Span<UInt8>, expected: TimeTextPart) -> TimeTextFault {
    if text.isEmpty { return .empty }
    guard let byte = peek(text) else { return .endsEarly(expected: expected) }
    return .unexpected(byte: byte, offset: offset, expected: expected)
  }

  /// Exactly `count` digits.
  mutating func digits(_ count: Int, _ text: Span<UInt8>, of field: TimeTextPart) throws(TimeTextFault) -> Int {
    var value = 0
    for _ in 0..<count {
      guard let byte = peek(text), byte &- UInt8(ascii: "0") <= 9 else { throw fault(text, expected: field) }
      value = value * 10 + Int(byte &- UInt8(ascii: "0"))
      offset += 1
    }
    return value
  }

  mutating func skip(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
    guard peek(text) == byte else { return false }
    offset += 1
    return true
  }

  mutating func expect(_ byte: UInt8, _ text: Span<UInt8>) throws(TimeTextFault) {
    if !skip(byte, text) { throw fault(text, expected: .byte(byte)) }
  }

  func expectEnd(_ text: Span<UInt8>) throws(TimeTextFault) {
    if offset < text.count { throw fault(text, expected: .end) }
  }

  /// `YYYY-MM-DD`.
  mutating func date(_ text: Span<UInt8>) throws(TimeTextFault) -> CivilDate {
    let year = try digits(4, text, of: .year)
    try expect(UInt8(ascii: "-"), text)
    let month = try digits(2, text, of: .month)
    try expect(UInt8(ascii: "-"), text)
    let day = try digits(2, text, of: .day)
    if year == 0 { throw .noSuchYear }
    guard 1...12 ~= month else { throw .noSuchMonth(month) }
    guard let date = CivilDate(year: year, month: month, day: day) else {
      throw .noSuchDay(day, year: year, month: month)
    }
    return date
  }

  /// `HH:MM:SS` with up to three decimals, as milliseconds of the day.
  mutating func timeOfDay(_ text: Span<UInt8>) throws(TimeTextFault) -> Int {
    let hour = try digits(2, text, of: .hour)
    try expect(UInt8(ascii: ":"), text)
    let minute = try digits(2, text, of: .minute)
    try expect(UInt8(ascii: ":"), text)
    let second = try digits(2, text, of: .second)
    if second == 60 && minute == 59 { throw .leapSecond }
    guard hour < 24, minute < 60, second < 60 else { throw .noSuchTime(hour: hour, minute: minute, second: second) }
    return ((hour * 60 + minute) * 60 + second) * 1000 + (try fraction(text))
  }

  /// The decimals of a second in milliseconds; none is zero.
  private mutating func fraction(_ text: Span<UInt8>) throws(TimeTextFault) -> Int {
    guard skip(UInt8(ascii: "."), text) else { return 0 }
    let start = offset
    var value = 0
    while let byte = peek(text), byte &- UInt8(ascii: "0") <= 9 {
      if offset - start < 3 { value = value * 10 + Int(byte &- UInt8(ascii: "0")) }
      offset += 1
    }
    switch offset - start {
    case 0: throw fault(text, expected: .digit)
    case 1: return value * 100
    case 2: return value * 10
    case 3: return value
    default: throw .fractionTooFine(digits: offset - start)
    }
  }

  /// `Z` or `±HH:MM`, in minutes east of UTC.
  mutating func utcOffset(_ text: Span<UInt8>) throws(TimeTextFault) -> Int {
    if skip(UInt8(ascii: "Z"), text) || skip(UInt8(ascii: "z"), text) { return 0 }
    let west = skip(UInt8(ascii: "-"), text)
    if !west && !skip(UInt8(ascii: "+"), text) { throw fault(text, expected: .offset) }
    let hours = try digits(2, text, of: .hour)
    try expect(UInt8(ascii: ":"), text)
    let minutes = try digits(2, text, of: .minute)
    guard hours < 24, minutes < 60 else { throw .noSuchOffset(hours: hours, minutes: minutes) }
    return (hours * 60 + minutes) * (west ? -1 : 1)
  }
}

/// Appends a number from 0 to 99 with both digits.
func appendTwoDigits(_ value: Int, to bytes: inout [UInt8]) {
  bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
  bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
}
