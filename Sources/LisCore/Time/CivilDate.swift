// The room of dates and times. UTF-8 text, day and millisecond counts and time zone files enter; dates, instants,
// durations and their text leave. The clock and the disk are elsewhere: nothing here asks what time it is.

/// A day of the Gregorian calendar, without time or zone; the calendar is also used for the years before 1582.
public struct CivilDate: Hashable, Sendable {
  /// Days since 1970-01-01.
  public let daysSinceEpoch: Int32

  /// 0001-01-01 and 9999-12-31.
  static let dayRange: ClosedRange<Int> = -719_162...2_932_896

  public static let earliest = CivilDate(unchecked: dayRange.lowerBound)
  public static let latest = CivilDate(unchecked: dayRange.upperBound)

  /// For callers that have already checked the range.
  init(unchecked days: Int) { daysSinceEpoch = Int32(truncatingIfNeeded: days) }

  /// The date that many days after 1970-01-01, or nil outside the years 1 to 9999.
  public init?(daysSinceEpoch days: Int) {
    guard CivilDate.dayRange ~= days else { return nil }
    self.init(unchecked: days)
  }

  /// Nil if the calendar has no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard 1...9999 ~= year, 1...12 ~= month, day >= 1, day <= CivilDate.days(inMonth: month, of: year) else {
      return nil
    }
    self.init(unchecked: CivilDate.days(year: year, month: month, day: day))
  }

  /// The calendar's fields; the month and the day count from 1.
  public var fields: (year: Int, month: Int, day: Int) { CivilDate.fields(ofDay: Int(daysSinceEpoch)) }

  public var year: Int { fields.year }
  public var month: Int { fields.month }
  public var day: Int { fields.day }

  /// The day of the week.
  public var weekday: Weekday {
    // The first day of all, 0001-01-01, was a Monday.
    let index = (Int(daysSinceEpoch) - CivilDate.dayRange.lowerBound) % 7
    return Weekday.allCases[index]
  }

  /// The last day of this date's month.
  public var endOfMonth: CivilDate {
    let (year, month, day) = fields
    return CivilDate(unchecked: Int(daysSinceEpoch) + CivilDate.days(inMonth: month, of: year) - day)
  }
}

extension CivilDate: Comparable {
  public static func < (left: CivilDate, right: CivilDate) -> Bool { left.daysSinceEpoch < right.daysSinceEpoch }
}

/// The days of the week, numbered as ISO 8601 does.
public enum Weekday: Int, CaseIterable, Sendable {
  case monday = 1
  case tuesday, wednesday, thursday, friday, saturday, sunday
}

extension CivilDate {
  public static func isLeapYear(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  /// The length of a month (1 to 12).
  public static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeapYear(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01 of a day of the calendar in any year from 0. Counting years from March puts the leap day
  /// last, which makes the days before a month a straight line (Howard Hinnant, "chrono-compatible date algorithms").
  static func days(year: Int, month: Int, day: Int) -> Int {
    let marchYear = month > 2 ? year + 400 : year + 399
    let century = marchYear / 400
    let yearOfCycle = marchYear % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
    return (century - 1) * 146_097 + dayOfCycle - 719_468
  }

  /// The inverse of `days(year:month:day:)`, for days of the year 0 and later.
  static func fields(ofDay days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468 + 146_097
    let cycle = shifted / 146_097
    let dayOfCycle = shifted % 146_097
    let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfCycle + (cycle - 1) * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}
