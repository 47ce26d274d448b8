import TestSupport
import Testing

@testable import LisCore

@Suite struct TimeDateTests {
  @Test func everyDayOfFourCenturiesFollowsTheOneBefore() throws {
    var (year, month, day) = (1900, 1, 1)
    var date = try #require(CivilDate(year: 1900, month: 1, day: 1))
    var weekday = Weekday.monday
    while year < 2301 {
      #expect(date.fields == (year, month, day))
      #expect(date.weekday == weekday)
      #expect(CivilDate(year: year, month: month, day: day) == date)
      let length = [31, CivilDate.isLeapYear(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
      #expect(date.endOfMonth.fields == (year, month, length))
      (day, month, year) = day < length ? (day + 1, month, year) : month < 12 ? (1, month + 1, year) : (1, 1, year + 1)
      weekday = Weekday(rawValue: weekday.rawValue % 7 + 1) ?? .monday
      date = try date.addingDays(1)
    }
  }

  @Test func theRangeIsTheYears1To9999() throws {
    #expect(CivilDate.earliest.description == "0001-01-01")
    #expect(CivilDate.earliest.weekday == .monday)
    #expect(CivilDate.latest.description == "9999-12-31")
    #expect(CivilDate.latest.weekday == .friday)
    #expect(CivilDate(daysSinceEpoch: 0)?.description == "1970-01-01")
    #expect(CivilDate(daysSinceEpoch: Int(CivilDate.latest.daysSinceEpoch) + 1) == nil)
    #expect(throws: TimeFault.outOfRange) { try CivilDate.latest.addingDays(1) }
    #expect(throws: TimeFault.outOfRange) { try CivilDate.latest.addingMonths(1) }
    #expect(throws: TimeFault.outOfRange) { try CivilDate.earliest.addingMonths(-1) }
    #expect(throws: TimeFault.outOfRange) { try CivilDate.earliest.addingMonths(Int.min) }
    #expect(throws: TimeFault.outOfRange) { try CivilDate.latest.addingDays(Int.max) }
    for (year, month, day) in [(0, 1, 1), (10000, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (2023, 2, 29)] {
      #expect(CivilDate(year: year, month: month, day: day) == nil)
    }
  }

  @Test(arguments: [
    ("2026-01-31", "1mo", "2026-02-28"), ("2024-01-31", "1mo", "2024-02-29"), ("2026-03-31", "1mo", "2026-04-30"),
    ("2026-05-31", "1mo", "2026-06-30"), ("2026-08-31", "1mo", "2026-09-30"), ("2026-10-31", "1mo", "2026-11-30"),
    ("2026-12-31", "1mo", "2027-01-31"), ("2024-02-29", "1y", "2025-02-28"), ("2024-02-29", "4y", "2028-02-29"),
    ("2026-03-31", "-1mo", "2026-02-28"), ("2026-01-15", "-1mo", "2025-12-15"), ("2026-01-31", "1mo1d", "2026-03-01"),
    ("2026-01-31", "2w", "2026-02-14"), ("2100-02-28", "1d", "2100-03-01"), ("2000-02-28", "1d", "2000-02-29"),
    ("2026-01-01", "-1d", "2025-12-31"), ("2026-07-04", "90d", "2026-10-02"), ("2026-01-31", "12mo", "2027-01-31"),
  ])
  func monthEndsClamp(_ date: String, _ duration: String, _ result: String) throws {
    let moved = try CivilDate(parsing: date).adding(CalendarDuration(parsing: duration))
    #expect(moved.description == result)
  }

  @Test func datesTakeNoClockTime() throws {
    let date = try CivilDate(parsing: "2026-01-31")
    #expect(throws: TimeFault.clockPartOnDate) { try date.adding(CalendarDuration(milliseconds: 1)) }
    #expect(throws: TimeFault.durationTooLong) { try date.subtracting(CalendarDuration(days: Int.min)) }
    let other = try CivilDate(parsing: "2025-12-31")
    #expect(date.subtracting(other) == CalendarDuration(days: 31))
    #expect(other.subtracting(date) == CalendarDuration(days: -31))
  }

  @Test(arguments: [
    ("", TimeTextFault.empty), ("2026-1-31", .unexpected(byte: 0x2d, offset: 6, expected: .month)),
    ("2026-01-3", .endsEarly(expected: .day)),
    ("2026-01-31 ", .unexpected(byte: 0x20, offset: 10, expected: .end)),
    ("26-01-31", .unexpected(byte: 0x2d, offset: 2, expected: .year)),
    ("2026/01/31", .unexpected(byte: 0x2f, offset: 4, expected: .byte(UInt8(ascii: "-")))), ("0000-01-01", .noSuchYear),
    ("2026-13-01", .noSuchMonth(13)), ("2026-00-01", .noSuchMonth(0)),
    ("2026-02-29", .noSuchDay(29, year: 2026, month: 2)), ("2026-04-31", .noSuchDay(31, year: 2026, month: 4)),
    ("2026-04-00", .noSuchDay(0, year: 2026, month: 4)),
    ("+2026-04-1", .unexpected(byte: 0x2b, offset: 0, expected: .year)),
  ])
  func refusesWhatIsNoDate(_ text: String, _ fault: TimeTextFault) {
    #expect(throws: fault) { try CivilDate(parsing: text) }
    #expect(!fault.description.isEmpty)
  }

  @Test(arguments: [
    ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"), ("2026-01-31T10:00:00.12Z", "2026-01-31T10:00:00.120Z"),
    ("2026-01-31T10:00:00.000Z", "2026-01-31T10:00:00Z"), ("2026-01-31t10:00:00.001z", "2026-01-31T10:00:00.001Z"),
    ("2026-01-31T00:30:00+01:00", "2026-01-30T23:30:00Z"), ("2026-12-31T23:30:00-05:30", "2027-01-01T05:00:00Z"),
    ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"), ("2026-01-31T10:00:00-00:00", "2026-01-31T10:00:00Z"),
  ])
  func readsInstants(_ text: String, _ result: String) throws {
    #expect(try Instant(parsing: text).description == result)
  }

  @Test(arguments: [
    ("2026-01-31", TimeTextFault.endsEarly(expected: .byte(UInt8(ascii: "T")))),
    ("2026-01-31T10:00:00", .endsEarly(expected: .offset)),
    ("2026-01-31 10:00:00Z", .unexpected(byte: 0x20, offset: 10, expected: .byte(UInt8(ascii: "T")))),
    ("2026-01-31T10:00Z", .unexpected(byte: 0x5a, offset: 16, expected: .byte(UInt8(ascii: ":")))),
    ("2026-01-31T24:00:00Z", .noSuchTime(hour: 24, minute: 0, second: 0)),
    ("2026-01-31T10:60:00Z", .noSuchTime(hour: 10, minute: 60, second: 0)),
    ("2026-01-31T10:00:60Z", .noSuchTime(hour: 10, minute: 0, second: 60)),
    ("2016-12-31T23:59:60Z", .leapSecond), ("2026-01-31T10:00:00.1234Z", .fractionTooFine(digits: 4)),
    ("2026-01-31T10:00:00.Z", .unexpected(byte: 0x5a, offset: 20, expected: .digit)),
    ("2026-01-31T10:00:00+24:00", .noSuchOffset(hours: 24, minutes: 0)),
    ("2026-01-31T10:00:00+0100", .unexpected(byte: 0x30, offset: 22, expected: .byte(UInt8(ascii: ":")))),
    ("0001-01-01T00:00:00+01:00", .outOfRange), ("9999-12-31T23:59:59-00:01", .outOfRange),
    ("2026-01-31T10:00:00Zz", .unexpected(byte: 0x7a, offset: 20, expected: .end)),
  ])
  func refusesWhatIsNoInstant(_ text: String, _ fault: TimeTextFault) {
    #expect(throws: fault) { try Instant(parsing: text) }
    #expect(!fault.description.isEmpty)
  }

  @Test func instantsAndDatesSurviveTheirText() throws {
    var generator = SeededGenerator.announced("instantsAndDatesSurviveTheirText")
    for _ in 0..<5000 {
      let instant = try #require(Instant(milliseconds: Int.random(in: Instant.range, using: &generator)))
      #expect(try Instant(parsing: instant.description) == instant)
      #expect(instant.utc.milliseconds == instant.milliseconds)
      let date = try #require(CivilDate(daysSinceEpoch: Int.random(in: CivilDate.dayRange, using: &generator)))
      #expect(try CivilDate(parsing: date.description) == date)
      #expect(try LocalDateTime(startOf: date) == Instant(parsing: "\(date)T00:00:00Z").utc)
    }
    #expect(Instant(milliseconds: Instant.range.upperBound + 1) == nil)
  }
}
