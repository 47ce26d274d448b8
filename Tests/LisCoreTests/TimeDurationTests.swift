import TestSupport
import Testing

@testable import LisCore

@Suite struct TimeDurationTests {
  static func duration(_ text: String) throws -> CalendarDuration { try CalendarDuration(parsing: text) }

  @Test(arguments: [
    ("12mo", "1y"), ("7d", "1w"), ("60m", "1h"), ("60s", "1m"), ("1.5h", "90m"), ("0d", "0s"), ("0.001s", "0.001s"),
    ("14mo", "1y2mo"), ("2w", "14d"), ("-1y2mo", "-14mo"), ("1mo-3d", "1mo-3d"),
  ])
  func equalHoweverWritten(_ left: String, _ right: String) throws {
    #expect(try TimeDurationTests.duration(left) == TimeDurationTests.duration(right))
  }

  @Test(arguments: [("1d", "24h"), ("1mo", "30d"), ("1y", "365d"), ("1w", "168h")])
  func kindsDoNotConvert(_ left: String, _ right: String) throws {
    let (left, right) = (try TimeDurationTests.duration(left), try TimeDurationTests.duration(right))
    #expect(left != right)
    #expect(throws: TimeFault.differentKinds) { try left.compare(right) }
    #expect(throws: TimeFault.differentKinds) { try left.adding(right).compare(left.adding(right)) }
  }

  @Test(arguments: [
    ("11mo", "1y", -1), ("1y", "12mo", 0), ("8d", "1w", 1), ("90m", "1h", 1), ("0s", "1d", -1), ("-1mo", "0d", -1),
    ("0d", "0s", 0),
  ])
  func orderWithinAKind(_ left: String, _ right: String, _ order: Int) throws {
    #expect(try TimeDurationTests.duration(left).compare(TimeDurationTests.duration(right)) == order)
  }

  @Test(arguments: [
    ("14mo", "1y2mo"), ("90d", "90d"), ("36h", "36h"), ("90m", "1h30m"), ("1.50s", "1.5s"), ("0h", "0d"), ("2w", "14d"),
    ("-14mo", "-1y2mo"), ("1mo-3d", "1mo-3d"), ("-1mo+3d", "-1mo+3d"), ("1y2mo3d4h5m6.007s", "1y2mo3d4h5m6.007s"),
    ("-1mo-3d", "-1mo3d"),
  ])
  func canonicalText(_ text: String, _ canonical: String) throws {
    #expect(try TimeDurationTests.duration(text).description == canonical)
  }

  @Test(arguments: [
    ("", TimeTextFault.empty), ("5", .endsEarly(expected: .unit)),
    ("d", .unexpected(byte: 0x64, offset: 0, expected: .number)),
    ("5x", .noSuchUnit("x")), ("5D", .noSuchUnit("D")), ("1d2d", .unitOutOfOrder("d")),
    ("1d2mo", .unitOutOfOrder("mo")),
    ("1.5d", .amount(.fractionOfCalendarUnit(.day))), ("0.5y", .amount(.fractionOfCalendarUnit(.year))),
    ("0.0001s", .amount(.finerThanMillisecond)), ("1.h", .unexpected(byte: 0x31, offset: 0, expected: .number)),
    ("99999999999999999999d", .amount(.durationTooLong)), ("999999999999999999y", .amount(.durationTooLong)),
    ("1d ", .unexpected(byte: 0x20, offset: 2, expected: .number)), ("1d-", .endsEarly(expected: .number)),
    ("+1d", .unexpected(byte: 0x2b, offset: 0, expected: .number)),
    (String(repeating: "9", count: 39) + "d", .outOfRange),
  ])
  func refusesWhatIsNoDuration(_ text: String, _ fault: TimeTextFault) {
    #expect(throws: fault) { try CalendarDuration(parsing: text) }
    #expect(!fault.description.isEmpty)
  }

  @Test func wholeAmountsMayBeWrittenWithDecimals() throws {
    #expect(try CalendarDuration(Decimal(parsing: "2.0"), .month) == CalendarDuration(months: 2))
    #expect(try CalendarDuration(Decimal(parsing: "1.5"), .minute) == CalendarDuration(milliseconds: 90_000))
  }

  @Test func calculation() throws {
    let term = try TimeDurationTests.duration("1y2mo3d")
    #expect(try term.multiplied(by: 3).description == "3y6mo9d")
    #expect(try term.negated().negated() == term)
    #expect(try term.subtracting(term).isZero)
    #expect(try TimeDurationTests.duration("2h").multiplied(by: Decimal(parsing: "1.5")).description == "3h")
    #expect(try TimeDurationTests.duration("2y").multiplied(by: Decimal(parsing: "0.5")).description == "1y")
    #expect(throws: TimeFault.fractionOfCalendarUnit(.month)) { try term.multiplied(by: Decimal(parsing: "0.25")) }
    #expect(throws: TimeFault.finerThanMillisecond) {
      try CalendarDuration(milliseconds: 1).multiplied(by: Decimal(parsing: "0.5"))
    }
    #expect(throws: TimeFault.durationTooLong) { try CalendarDuration(months: Int.max).adding(term) }
    #expect(throws: TimeFault.durationTooLong) { try CalendarDuration(days: Int.min).negated() }
  }

  @Test(arguments: [
    ("P12M", "1y", "P12M"), ("P1Y", "1y", "P12M"), ("P2W", "14d", "P2W"), ("P7D", "7d", "P1W"), ("P10D", "10d", "P10D"),
    ("P1Y2M3D", "1y2mo3d", "P14M3D"), ("P0D", "0d", "P0D"), ("P24M", "2y", "P24M"), ("P1M7D", "1mo7d", "P1M7D"),
  ])
  func periods(_ text: String, _ canonical: String, _ written: String) throws {
    let period = try CalendarDuration(parsingPeriod: text)
    #expect(period.description == canonical)
    #expect(try period.periodText() == written)
    #expect(try CalendarDuration(parsingPeriod: written) == period)
  }

  @Test(arguments: [
    ("", TimeTextFault.empty), ("P", .endsEarly(expected: .wholeNumber)),
    ("12M", .unexpected(byte: 0x31, offset: 0, expected: .byte(UInt8(ascii: "P")))),
    ("P12", .endsEarly(expected: .periodLetter)), ("PT5H", .clockPartInPeriod), ("P1DT5H", .clockPartInPeriod),
    ("-P1M", .negativePeriod), ("P-1M", .negativePeriod), ("P1M1Y", .unitOutOfOrder("Y")),
    ("P1M1M", .unitOutOfOrder("M")),
    ("P1M1W", .unexpected(byte: 0x57, offset: 4, expected: .periodLetter)), ("P1W1D", .unitOutOfOrder("D")),
    ("P1.5M", .unexpected(byte: 0x2e, offset: 2, expected: .periodLetter)), ("P9999999999M", .outOfRange),
    ("p12m", .unexpected(byte: 0x70, offset: 0, expected: .byte(UInt8(ascii: "P")))),
  ])
  func refusesWhatIsNoPeriod(_ text: String, _ fault: TimeTextFault) {
    #expect(throws: fault) { try CalendarDuration(parsingPeriod: text) }
    #expect(!fault.description.isEmpty)
  }

  @Test func termsThatHaveNoPeriod() throws {
    #expect(throws: TimeTextFault.clockPartInPeriod) { try TimeDurationTests.duration("1h").periodText() }
    #expect(throws: TimeTextFault.negativePeriod) { try TimeDurationTests.duration("-1mo").periodText() }
  }

  @Test func textIsReadBack() throws {
    var generator = SeededGenerator.announced("durations: textIsReadBack")
    for _ in 0..<3000 {
      let limit = 1 << Int.random(in: 0...45, using: &generator)
      let duration = CalendarDuration(
        months: Int.random(in: -limit...limit, using: &generator),
        days: Int.random(in: -limit...limit, using: &generator),
        milliseconds: Int.random(in: -limit...limit, using: &generator))
      #expect(try CalendarDuration(parsing: duration.description) == duration, "\(duration)")
    }
  }
}
