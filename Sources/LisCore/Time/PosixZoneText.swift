extension PosixZoneRule {
  /// Reads a rule; nil if it is not one.
  init?(_ text: [UInt8]) {
    var reader = PosixZoneReader(text: text)
    guard reader.name(), let west = reader.offset() else { return nil }
    self.init(standardOffset: -west, daylight: nil)
    if reader.isAtEnd { return }
    guard let daylight = reader.daylight(standardOffset: -west), reader.isAtEnd else { return nil }
    self.daylight = daylight
  }
}

/// One pass over the text of a rule. Each step returns nil, or false, if what it reads is not there.
private struct PosixZoneReader {
  let text: [UInt8]
  var position = 0

  init(text: [UInt8]) { self.text = text }

  var isAtEnd: Bool { position == text.count }
  private var peek: UInt8? { position < text.count ? text[position] : nil }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Letters, or anything between `<` and `>`.
  mutating func name() -> Bool {
    let start = position
    if skip("<") {
      while let byte = peek, byte != UInt8(ascii: ">") { position += 1 }
      return skip(">")
    }
    while let byte = peek, byte | 0x20 &- UInt8(ascii: "a") < 26 { position += 1 }
    return position - start >= 3
  }

  private mutating func number(upTo limit: Int) -> Int? {
    let start = position
    var value = 0
    while let byte = peek, byte &- UInt8(ascii: "0") <= 9, position - start < 4 {
      value = value * 10 + Int(byte &- UInt8(ascii: "0"))
      position += 1
    }
    return position > start && value <= limit ? value : nil
  }

  /// `[+-]hh[:mm[:ss]]` in seconds. RFC 8536 lets hours go to 167 in the time of a change.
  private mutating func time(hoursUpTo limit: Int) -> Int? {
    let negative = skip("-")
    if !negative { _ = skip("+") }
    guard let hours = number(upTo: limit) else { return nil }
    var seconds = hours * 3600
    for unit in [60, 1] {
      guard skip(":") else { break }
      guard let part = number(upTo: 59) else { return nil }
      seconds += part * unit
    }
    return negative ? -seconds : seconds
  }

  /// Seconds west of UTC, as POSIX counts them.
  mutating func offset() -> Int? { time(hoursUpTo: 24) }

  /// The second name, its offset (one hour more than standard time if left out), and the two changes.
  mutating func daylight(standardOffset: Int) -> PosixZoneRule.Daylight? {
    guard name() else { return nil }
    var east = standardOffset + 3600
    if peek != UInt8(ascii: ",") {
      guard let west = offset() else { return nil }
      east = -west
    }
    guard let start = change(), let end = change() else { return nil }
    return PosixZoneRule.Daylight(offset: east, start: start, end: end)
  }

  /// `,date[/time]`; clocks are moved at two o'clock if no time is given.
  private mutating func change() -> PosixZoneRule.Change? {
    guard skip(","), let day = day() else { return nil }
    guard skip("/") else { return PosixZoneRule.Change(day: day, second: 7200) }
    guard let second = time(hoursUpTo: 167) else { return nil }
    return PosixZoneRule.Change(day: day, second: second)
  }

  private mutating func day() -> PosixZoneRule.Day? {
    if skip("J") {
      guard let day = number(upTo: 365), day >= 1 else { return nil }
      return .ofCommonYear(day)
    }
    guard skip("M") else {
      guard let day = number(upTo: 365) else { return nil }
      return .ofYear(day)
    }
    guard let month = number(upTo: 12), month >= 1, skip("."), let week = number(upTo: 5), week >= 1, skip("."),
      let weekday = number(upTo: 6)
    else { return nil }
    return .weekday(weekday, week: week, month: month)
  }
}
