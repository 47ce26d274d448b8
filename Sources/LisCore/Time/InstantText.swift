extension Instant: CustomStringConvertible {
  /// Reads a date-time of RFC 3339 with an offset and up to three decimals, which must be all of the text.
  public init(parsing text: Span<UInt8>) throws(TimeTextFault) {
    var reader = TimeReader()
    let date = try reader.date(text)
    if !reader.skip(UInt8(ascii: "T"), text) && !reader.skip(UInt8(ascii: "t"), text) {
      throw reader.fault(text, expected: .byte(UInt8(ascii: "T")))
    }
    let time = try reader.timeOfDay(text)
    let offset = try reader.utcOffset(text)
    try reader.expectEnd(text)
    let local = Int(date.daysSinceEpoch) * Instant.millisecondsPerDay + time
    guard let instant = Instant(milliseconds: local - offset * 60_000) else { throw .outOfRange }
    self = instant
  }

  public init(parsing text: String) throws(TimeTextFault) { try self.init(parsing: Array(text.utf8).span) }

  /// `2026-01-31T10:00:00Z`, or with three decimals if there are milliseconds. This is also how HubSpot writes a
  /// datetime.
  public var description: String {
    var bytes: [UInt8] = []
    appendUTF8(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the text of `description` to `bytes`.
  public func appendUTF8(to bytes: inout [UInt8]) {
    utc.appendUTF8(to: &bytes)
    bytes.append(UInt8(ascii: "Z"))
  }
}

extension LocalDateTime: CustomStringConvertible {
  /// `2026-01-31T10:00:00`, or with three decimals if there are milliseconds.
  public var description: String {
    var bytes: [UInt8] = []
    appendUTF8(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the text of `description` to `bytes`.
  public func appendUTF8(to bytes: inout [UInt8]) {
    date.appendUTF8(to: &bytes)
    let (seconds, millisecond) = millisecondOfDay.quotientAndRemainder(dividingBy: 1000)
    bytes.append(UInt8(ascii: "T"))
    appendTwoDigits(seconds / 3600, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    appendTwoDigits(seconds / 60 % 60, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    appendTwoDigits(seconds % 60, to: &bytes)
    if millisecond == 0 { return }
    bytes.append(UInt8(ascii: "."))
    bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: millisecond / 100))
    appendTwoDigits(millisecond % 100, to: &bytes)
  }
}
