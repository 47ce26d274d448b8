/// What is wrong with a date or a date-time.
public enum DateFault: Hashable, Sendable {
  /// Not the shape `2026-01-31` or `2026-01-31T12:00:00Z`.
  case shape
  case month(Int)
  case day(Int, month: Int, year: Int)
  case time
  case offset
  /// A date-time without `Z` or `+02:00`.
  case noZone
  /// More than three digits behind the second's point.
  case finerThanMilliseconds
}

extension Lexer {
  /// DATE: `@` and an RFC 3339 full-date or date-time.
  mutating func scanDate() {
    let lower = offset
    offset += 1
    guard let (date, dateFault) = takeDate() else {
      skipDateLike()
      problems.append(.malformedDate(.shape, source.text(Span(lower, offset)), Span(lower, offset)))
      add(.invalid, from: lower)
      return
    }
    var fault = dateFault
    var text = date
    var hasTime = false
    if peek() == UInt8(ascii: "T") || peek() == UInt8(ascii: "t") {
      offset += 1
      hasTime = true
      let (time, timeFault) = takeTime()
      text += "T" + time
      fault = fault ?? timeFault
    }
    if isNamePart(peek()) || peek() == UInt8(ascii: ":") {
      skipDateLike()
      fault = fault ?? .shape
    }
    if let fault {
      problems.append(.malformedDate(fault, source.text(Span(lower, offset)), Span(lower, offset)))
      add(.invalid, from: lower)
    } else {
      add(hasTime ? .datetime : .date, from: lower, text: text)
    }
  }

  /// So many digits as a number; nil, and nothing taken, when there are fewer.
  private mutating func takeDigits(_ count: Int) -> Int? {
    var value = 0
    for step in 0..<count {
      guard isDigit(peek(step)) else { return nil }
      value = value * 10 + Int(peek(step) - UInt8(ascii: "0"))
    }
    offset += count
    return value
  }

  private mutating func takeDate() -> (String, DateFault?)? {
    let lower = offset
    guard let year = takeDigits(4), takeByte("-"), let month = takeDigits(2), takeByte("-"), let day = takeDigits(2)
    else { return nil }
    let text = String(decoding: bytes[lower..<offset], as: UTF8.self)
    guard (1...12).contains(month) else { return (text, .month(month)) }
    guard day >= 1, day <= Lexer.days(in: month, of: year) else { return (text, .day(day, month: month, year: year)) }
    return (text, nil)
  }

  private mutating func takeByte(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: scalar) else { return false }
    offset += 1
    return true
  }

  private mutating func takeTime() -> (String, DateFault?) {
    let lower = offset
    guard let hour = takeDigits(2), takeByte(":"), let minute = takeDigits(2), takeByte(":"),
      let second = takeDigits(2)
    else {
      skipDateLike()
      return ("", .time)
    }
    // RFC 3339 knows a second 60; time counted in milliseconds does not.
    var fault: DateFault? = hour > 23 || minute > 59 || second > 59 ? .time : nil
    if peek() == UInt8(ascii: "."), isDigit(peek(1)) {
      offset += 1
      let start = offset
      while isDigit(peek()) { offset += 1 }
      if offset - start > 3 { fault = fault ?? .finerThanMilliseconds }
    }
    fault = fault ?? takeZone()
    let text = String(decoding: bytes[lower..<offset], as: UTF8.self)
    return (text.last == "z" ? String(text.dropLast()) + "Z" : text, fault)
  }

  private mutating func takeZone() -> DateFault? {
    if peek() == UInt8(ascii: "Z") || peek() == UInt8(ascii: "z") {
      offset += 1
      return nil
    }
    guard peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-"), isDigit(peek(1)), isDigit(peek(2)) else {
      return .noZone
    }
    offset += 1
    guard let hour = takeDigits(2), takeByte(":"), let minute = takeDigits(2), hour <= 23, minute <= 59 else {
      return .offset
    }
    return nil
  }

  /// Passes over the rest of something that was meant as a date, but not over the `..` of a range.
  private mutating func skipDateLike() {
    while offset < bytes.count {
      let byte = bytes[offset]
      let joins = byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      guard isNamePart(byte) || (joins && isNamePart(peek(1))) else { return }
      offset += 1
    }
  }

  /// The Gregorian calendar, also before it was made, as ISO 8601 counts.
  static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }
}
