/// The yearly rule at the end of a time zone file, as the POSIX environment variable TZ writes it with the extensions
/// of RFC 8536, section 3.3.1: `CET-1CEST,M3.5.0,M10.5.0/3`, `<-03>3`.
struct PosixZoneRule: Equatable, Sendable {
  /// Seconds east of UTC.
  var standardOffset: Int
  var daylight: Daylight?

  struct Daylight: Equatable, Sendable {
    /// Seconds east of UTC.
    var offset: Int
    var start: Change
    var end: Change
  }

  /// A day of the year, and the seconds from its midnight until clocks are moved, counted on the clock before.
  struct Change: Equatable, Sendable {
    var day: Day
    var second: Int
  }

  enum Day: Equatable, Sendable {
    /// `Jn`: 1 to 365, February 29 is never counted.
    case ofCommonYear(Int)
    /// `n`: 0 to 365, February 29 is counted.
    case ofYear(Int)
    /// `Mm.w.d`: the weekday (0 is Sunday) in the month's w-th week; week 5 is the last.
    case weekday(Int, week: Int, month: Int)
  }
}

extension PosixZoneRule {
  /// Seconds east of UTC at a UTC second.
  func offset(atSecond second: Int) -> Int {
    guard let daylight else { return standardOffset }
    let (start, end) = changes(inYear: year(ofSecond: second), daylight)
    // In the southern half of the world daylight saving begins late in the year and ends early in the next.
    let inDaylight = start < end ? start..<end ~= second : !(end..<start ~= second)
    return inDaylight ? daylight.offset : standardOffset
  }

  /// The UTC seconds in a stretch of time of a few days at which clocks are moved, ascending.
  func changes(after low: Int, through high: Int) -> [Int] {
    guard let daylight else { return [] }
    return (year(ofSecond: low) - 1...year(ofSecond: high) + 1)
      .flatMap { year in
        let (start, end) = changes(inYear: year, daylight)
        return [start, end]
      }
      .filter { $0 > low && $0 <= high }
      .sorted()
  }

  /// The year by standard time; times outside the calendar count with its first or last year.
  private func year(ofSecond second: Int) -> Int {
    let day = flooredDivision(second + standardOffset, by: 86_400).quotient
    let range = CivilDate.dayRange
    return CivilDate.fields(ofDay: min(max(day, range.lowerBound), range.upperBound)).year
  }

  private func changes(inYear year: Int, _ daylight: Daylight) -> (start: Int, end: Int) {
    (
      daylight.start.day.dayNumber(inYear: year) * 86_400 + daylight.start.second - standardOffset,
      daylight.end.day.dayNumber(inYear: year) * 86_400 + daylight.end.second - daylight.offset
    )
  }
}

extension PosixZoneRule.Day {
  /// Days since 1970-01-01.
  func dayNumber(inYear year: Int) -> Int {
    let newYear = CivilDate.days(year: year, month: 1, day: 1)
    switch self {
    case .ofYear(let day): return newYear + day
    case .ofCommonYear(let day):
      return newYear + day - 1 + (day > 59 && CivilDate.isLeapYear(year) ? 1 : 0)
    case .weekday(let weekday, let week, let month):
      let first = CivilDate.days(year: year, month: month, day: 1)
      // 1970-01-01 was a Thursday, the fourth day after Sunday.
      let firstWeekday = flooredDivision(first + 4, by: 7).remainder
      let firstMatch = first + (weekday - firstWeekday + 7) % 7
      let last = first + CivilDate.days(inMonth: month, of: year) - 1
      let match = firstMatch + (week - 1) * 7
      return match > last ? match - 7 : match
    }
  }
}
