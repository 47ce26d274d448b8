/// Calendar arithmetic and the date texts of the API: ISO 8601 in UTC, and epoch milliseconds.
enum Timestamp {
  static let millisecondsPerDay: Int64 = 86_400_000

  /// Days since 1970-01-01 of a proleptic Gregorian date (the civil-calendar algorithm of Howard Hinnant).
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return digits.count >= width ? digits : String(repeating: "0", count: width - digits.count) + digits
  }

  /// `YYYY-MM-DD` of epoch milliseconds.
  static func dateText(_ milliseconds: Int64) -> String {
    let date = civil(days: Int(floorDivide(milliseconds, millisecondsPerDay)))
    return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
  }

  /// The stored form, always with three decimals so that text order is time order.
  static func canonicalText(_ milliseconds: Int64) -> String {
    let day = floorDivide(milliseconds, millisecondsPerDay)
    let rest = Int(milliseconds - day * millisecondsPerDay)
    return dateText(milliseconds) + "T" + padded(rest / 3_600_000, 2) + ":" + padded(rest / 60_000 % 60, 2) + ":"
      + padded(rest / 1000 % 60, 2) + "." + padded(rest % 1000, 3) + "Z"
  }

  /// The form on the wire: milliseconds are three digits and are left out when zero (recorded traffic).
  static func wireText(_ milliseconds: Int64) -> String { wireText(canonical: canonicalText(milliseconds)) }

  static func wireText(canonical: String) -> String {
    canonical.hasSuffix(".000Z") ? canonical.dropLast(5) + "Z" : canonical
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }

  /// Reads `YYYY-MM-DD`; answers epoch milliseconds at midnight UTC.
  static func parseDate(_ text: some StringProtocol) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let days = days(year: year, month: month, day: day)
    guard civil(days: days) == (year, month, day) else { return nil }
    return Int64(days) * millisecondsPerDay
  }

  /// Reads ISO 8601 (`2026-03-01T10:00:00Z`, fractions, numeric offsets, or a bare date) or epoch milliseconds.
  static func parseDateTime(_ text: String) -> Int64? {
    if let milliseconds = epochMilliseconds(text) { return milliseconds }
    if let date = parseDate(text) { return date }
    let bytes = Array(text.utf8)
    guard bytes.count >= 17, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
      let date = parseDate(String(decoding: bytes[..<10], as: UTF8.self)),
      let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), hour < 24, minute < 60
    else { return nil }
    var rest = bytes[16...]
    var result = date + Int64(hour) * 3_600_000 + Int64(minute) * 60_000
    if rest.first == UInt8(ascii: ":"), rest.count >= 3, let second = number(rest.dropFirst().prefix(2)), second < 60 {
      result += Int64(second) * 1000
      rest = rest.dropFirst(3)
      if rest.first == UInt8(ascii: ".") {
        let fraction = rest.dropFirst().prefix(while: { (0x30...0x39).contains($0) })
        guard !fraction.isEmpty, let value = number(fraction.prefix(3)) else { return nil }
        result += Int64(value * [100, 10, 1][min(fraction.count, 3) - 1])
        rest = rest.dropFirst(1 + fraction.count)
      }
    }
    guard let offset = offsetMinutes(rest) else { return nil }
    return result - Int64(offset) * 60_000
  }

  /// Epoch milliseconds as text, within the years that a date may have (0001 to 9999).
  static func epochMilliseconds(_ text: String) -> Int64? {
    guard let value = Int64(text), (-62_135_596_800_000...253_402_300_799_999).contains(value) else { return nil }
    return value
  }

  private static func offsetMinutes(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let sign = bytes.first else { return nil }
    if sign == UInt8(ascii: "Z") { return bytes.count == 1 ? 0 : nil }
    let digits = bytes.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), digits.count == 4,
      let hours = number(digits[0..<2]), let minutes = number(digits[2..<4]), hours < 24, minutes < 60
    else { return nil }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in bytes {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return bytes.isEmpty ? nil : value
  }
}
