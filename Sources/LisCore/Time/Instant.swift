/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct Instant: Hashable, Sendable {
  public let milliseconds: Int

  static let millisecondsPerDay = 86_400_000
  /// From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z.
  static let range: ClosedRange<Int> =
    CivilDate.dayRange.lowerBound * millisecondsPerDay...(CivilDate.dayRange.upperBound + 1) * millisecondsPerDay - 1

  public static let epoch = Instant(unchecked: 0)

  /// For callers that have already checked the range.
  init(unchecked milliseconds: Int) { self.milliseconds = milliseconds }

  /// Nil outside the years 1 to 9999 (UTC).
  public init?(milliseconds: Int) {
    guard Instant.range ~= milliseconds else { return nil }
    self.init(unchecked: milliseconds)
  }

  /// The date and time of day in UTC.
  public var utc: LocalDateTime { LocalDateTime(unchecked: milliseconds) }
}

extension Instant: Comparable {
  public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }
}

/// A date and a time of day as a clock on the wall shows them, without saying in which zone.
public struct LocalDateTime: Hashable, Sendable {
  public let date: CivilDate
  /// 0 to 86,399,999.
  public let millisecondOfDay: Int

  /// Nil if there is no such millisecond in a day.
  public init?(date: CivilDate, millisecondOfDay: Int) {
    guard 0..<Instant.millisecondsPerDay ~= millisecondOfDay else { return nil }
    self.date = date
    self.millisecondOfDay = millisecondOfDay
  }

  /// From milliseconds since 1970-01-01T00:00 on the same clock, which are known to be in range.
  init(unchecked milliseconds: Int) {
    let (day, rest) = flooredDivision(milliseconds, by: Instant.millisecondsPerDay)
    date = CivilDate(unchecked: day)
    millisecondOfDay = rest
  }

  /// Midnight at the start of a day.
  public init(startOf date: CivilDate) {
    self.date = date
    millisecondOfDay = 0
  }

  /// Milliseconds since 1970-01-01T00:00 on the same clock.
  var milliseconds: Int { Int(date.daysSinceEpoch) * Instant.millisecondsPerDay + millisecondOfDay }
}

/// The quotient rounded towards minus infinity, and a remainder that is never negative. `divisor` is above zero.
func flooredDivision(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}
