/// Why a text is not a date, a time or a duration. Offsets count bytes from the start of the text.
public enum TimeTextFault: Error, Equatable, Sendable {
  case empty
  /// The text ends where `expected` must stand.
  case endsEarly(expected: TimeTextPart)
  /// Something else stands where `expected` must stand.
  case unexpected(byte: UInt8, offset: Int, expected: TimeTextPart)
  /// The year 0000, which the calendar does not have.
  case noSuchYear
  case noSuchMonth(Int)
  case noSuchDay(Int, year: Int, month: Int)
  case noSuchTime(hour: Int, minute: Int, second: Int)
  /// Second 60. Times are counted without leap seconds, as POSIX counts them.
  case leapSecond
  /// More than three digits after the second's point.
  case fractionTooFine(digits: Int)
  /// Hours above 23 or minutes above 59 in the offset from UTC.
  case noSuchOffset(hours: Int, minutes: Int)
  /// The offset moves the time out of the years 1 to 9999, or an amount is too large.
  case outOfRange
  case noSuchUnit(String)
  /// A unit that stands twice, or after a smaller one.
  case unitOutOfOrder(String)
  /// The amount in front of a unit cannot be taken of it.
  case amount(TimeFault)
  /// A billing term counts years, months, weeks or days only.
  case clockPartInPeriod
  case negativePeriod
}

/// What must stand at a place of a date, a time or a duration.
public enum TimeTextPart: Equatable, Sendable {
  case year, month, day, hour, minute, second, digit, offset
  case number, wholeNumber, unit, periodLetter
  case byte(UInt8)
  case end
}

extension TimeTextPart: CustomStringConvertible {
  public var description: String {
    switch self {
    case .year: "a year of four digits"
    case .month: "a month of two digits"
    case .day: "a day of two digits"
    case .hour: "an hour of two digits"
    case .minute: "a minute of two digits"
    case .second: "a second of two digits"
    case .digit: "a digit"
    case .offset: "'Z' or an offset such as '+01:00'"
    case .number: "a number"
    case .wholeNumber: "a whole number"
    case .unit: "one of the units s m h d w mo y"
    case .periodLetter: "one of the letters Y M W D"
    case .byte(let byte): visibleName(of: byte)
    case .end: "the end of the text"
    }
  }
}

extension TimeTextFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty: "the text is empty"
    case .endsEarly(let expected): "the text ends where \(expected) must stand"
    case .unexpected(let byte, let offset, let expected):
      "at position \(offset + 1), \(expected) must stand, not \(visibleName(of: byte))"
    case .noSuchYear: "there is no year 0; years go from 0001 to 9999"
    case .noSuchMonth(let month): "there is no month \(month)"
    case .noSuchDay(let day, let year, let month): "month \(month) of \(year) has no day \(day)"
    case .noSuchTime(let hour, let minute, let second): "there is no time of day \(hour):\(minute):\(second)"
    case .leapSecond: "second 60 is a leap second, which is not counted; write 59 or the next minute"
    case .fractionTooFine(let digits): "the second has \(digits) decimals, and times are held to 3"
    case .noSuchOffset(let hours, let minutes): "there is no offset of \(hours) hours and \(minutes) minutes from UTC"
    case .outOfRange: "the value is outside the range that can be held"
    case .noSuchUnit(let unit): "there is no unit '\(unit)'; the units are s m h d w mo y"
    case .unitOutOfOrder(let unit): "the unit '\(unit)' stands twice or after a smaller one"
    case .amount(let fault): fault.description
    case .clockPartInPeriod: "a billing term counts years, months, weeks or days, not hours, minutes or seconds"
    case .negativePeriod: "a billing term cannot be negative"
    }
  }
}

/// A visible name for a byte: the character itself if it is printable ASCII, else its value.
func visibleName(of byte: UInt8) -> String {
  switch byte {
  case 0x20: "a space"
  case 0x21...0x7e: "'\(Unicode.Scalar(byte))'"
  default: "the byte 0x" + String(byte, radix: 16)
  }
}
