/// Why a calculation with dates, times or durations has no result.
public enum TimeFault: Error, Equatable, Sendable {
  /// The date or time would leave the years 1 to 9999.
  case outOfRange
  /// A part of a duration would not fit in 64 bits.
  case durationTooLong
  /// Only seconds, minutes and hours can be taken in fractions: half a month has no fixed length.
  case fractionOfCalendarUnit(DurationUnit)
  /// Clock time is counted in whole milliseconds.
  case finerThanMillisecond
  /// `1mo < 30d` has no answer, and neither has a comparison of durations that mix kinds.
  case differentKinds
  /// Hours, minutes and seconds cannot be added to a date that has no time of day.
  case clockPartOnDate
}

extension TimeFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .outOfRange: "the result is outside the years 1 to 9999"
    case .durationTooLong: "the duration is too long to be held"
    case .fractionOfCalendarUnit(let unit):
      "a fraction of a \(unit.name) has no fixed length; write whole \(unit.name)s or a smaller unit"
    case .finerThanMillisecond: "times are held in whole milliseconds; round the number of seconds to 3 decimals"
    case .differentKinds:
      "months, days and clock time have no order among each other; compare durations of one kind, or dates"
    case .clockPartOnDate:
      "a date has no time of day, so hours, minutes and seconds cannot be added; use whole days or a datetime"
    }
  }
}
