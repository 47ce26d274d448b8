extension CivilDate: CustomStringConvertible {
  /// Reads `YYYY-MM-DD` (RFC 3339, full-date), which must be all of the text.
  public init(parsing text: Span<UInt8>) throws(TimeTextFault) {
    var reader = TimeReader()
    self = try reader.date(text)
    try reader.expectEnd(text)
  }

  public init(parsing text: String) throws(TimeTextFault) { try self.init(parsing: Array(text.utf8).span) }

  /// `2026-01-31`.
  public var description: String {
    var bytes: [UInt8] = []
    appendUTF8(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the text of `description` to `bytes`.
  public func appendUTF8(to bytes: inout [UInt8]) {
    let (year, month, day) = fields
    appendTwoDigits(year / 100, to: &bytes)
    appendTwoDigits(year % 100, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    appendTwoDigits(month, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    appendTwoDigits(day, to: &bytes)
  }
}
