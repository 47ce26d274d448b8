/// The units in which the language writes durations.
public enum DurationUnit: String, CaseIterable, Sendable {
  case second = "s"
  case minute = "m"
  case hour = "h"
  case day = "d"
  case week = "w"
  case month = "mo"
  case year = "y"

  /// The unit's English name.
  public var name: String {
    switch self {
    case .second: "second"
    case .minute: "minute"
    case .hour: "hour"
    case .day: "day"
    case .week: "week"
    case .month: "month"
    case .year: "year"
    }
  }
}

/// A span of time in three parts that do not convert into each other: a month has no fixed number of days, and a day
/// on which clocks are moved has no fixed number of hours. So `12mo == 1y`, `7d == 1w`, `60m == 1h`, but `1d != 24h`.
public struct CalendarDuration: Hashable, Sendable {
  public let months: Int
  public let days: Int
  /// Clock time.
  public let milliseconds: Int

  public static let zero = CalendarDuration()

  public init(months: Int = 0, days: Int = 0, milliseconds: Int = 0) {
    self.months = months
    self.days = days
    self.milliseconds = milliseconds
  }

  /// An amount of one unit, as `90d` or `1.5h` are written.
  /// - Throws: `fractionOfCalendarUnit`, `finerThanMillisecond`, or `durationTooLong`.
  public init(_ amount: Decimal, _ unit: DurationUnit) throws(TimeFault) {
    switch unit {
    case .year: self.init(months: try CalendarDuration.whole(amount, times: 12, unit))
    case .month: self.init(months: try CalendarDuration.whole(amount, times: 1, unit))
    case .week: self.init(days: try CalendarDuration.whole(amount, times: 7, unit))
    case .day: self.init(days: try CalendarDuration.whole(amount, times: 1, unit))
    case .hour: self.init(milliseconds: try CalendarDuration.clock(amount, times: 3_600_000))
    case .minute: self.init(milliseconds: try CalendarDuration.clock(amount, times: 60_000))
    case .second: self.init(milliseconds: try CalendarDuration.clock(amount, times: 1000))
    }
  }

  private static func whole(_ amount: Decimal, times factor: Int, _ unit: DurationUnit) throws(TimeFault) -> Int {
    guard amount.isWhole else { throw .fractionOfCalendarUnit(unit) }
    return try product(amount, factor)
  }

  private static func clock(_ amount: Decimal, times factor: Int) throws(TimeFault) -> Int {
    guard let exact = try? amount.multiplied(by: Decimal(factor)) else { throw .durationTooLong }
    guard exact.isWhole else { throw .finerThanMillisecond }
    return try product(exact, 1)
  }

  private static func product(_ amount: Decimal, _ factor: Int) throws(TimeFault) -> Int {
    guard let whole = amount.wholeInt else { throw .durationTooLong }
    let (product, overflow) = whole.multipliedReportingOverflow(by: factor)
    if overflow { throw .durationTooLong }
    return product
  }
}

extension CalendarDuration {
  public var isZero: Bool { self == .zero }

  /// - Throws: `durationTooLong`.
  public func adding(_ other: CalendarDuration) throws(TimeFault) -> CalendarDuration {
    CalendarDuration(
      months: try sum(months, other.months), days: try sum(days, other.days),
      milliseconds: try sum(milliseconds, other.milliseconds))
  }

  /// - Throws: `durationTooLong`.
  public func subtracting(_ other: CalendarDuration) throws(TimeFault) -> CalendarDuration {
    try adding(other.negated())
  }

  /// - Throws: `durationTooLong`, for the one value that has no opposite in 64 bits.
  public func negated() throws(TimeFault) -> CalendarDuration { try multiplied(by: -1) }

  /// - Throws: `durationTooLong`.
  public func multiplied(by factor: Int) throws(TimeFault) -> CalendarDuration {
    CalendarDuration(
      months: try times(months, factor), days: try times(days, factor), milliseconds: try times(milliseconds, factor))
  }

  /// The duration taken `factor` times, each part of which must come out whole: `2h * 1.5` is `3h`.
  /// - Throws: `fractionOfCalendarUnit`, `finerThanMillisecond`, or `durationTooLong`.
  public func multiplied(by factor: Decimal) throws(TimeFault) -> CalendarDuration {
    if let whole = factor.wholeInt { return try multiplied(by: whole) }
    return CalendarDuration(
      months: try part(months, factor, otherwise: .fractionOfCalendarUnit(.month)),
      days: try part(days, factor, otherwise: .fractionOfCalendarUnit(.day)),
      milliseconds: try part(milliseconds, factor, otherwise: .finerThanMillisecond))
  }

  /// A part of the duration, each part of which must come out whole: `3h / 2` is `90m`, and half a month is nothing.
  /// - Parameter divisor: not zero.
  /// - Throws: `fractionOfCalendarUnit`, `finerThanMillisecond`, or `durationTooLong`.
  public func divided(by divisor: Decimal) throws(TimeFault) -> CalendarDuration {
    CalendarDuration(
      months: try quotient(months, divisor, otherwise: .fractionOfCalendarUnit(.month)),
      days: try quotient(days, divisor, otherwise: .fractionOfCalendarUnit(.day)),
      milliseconds: try quotient(milliseconds, divisor, otherwise: .finerThanMillisecond))
  }

  /// -1, 0 or 1. Only durations of one kind have an order: both in months, both in days, or both in clock time.
  /// A duration of nothing belongs to every kind.
  /// - Throws: `differentKinds`.
  public func compare(_ other: CalendarDuration) throws(TimeFault) -> Int {
    let pairs = [(months, other.months), (days, other.days), (milliseconds, other.milliseconds)]
    let used = pairs.filter { $0 != (0, 0) }
    guard used.count <= 1 else { throw .differentKinds }
    guard let (left, right) = used.first else { return 0 }
    return left == right ? 0 : left < right ? -1 : 1
  }

  private func sum(_ left: Int, _ right: Int) throws(TimeFault) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    if overflow { throw .durationTooLong }
    return sum
  }

  private func times(_ part: Int, _ factor: Int) throws(TimeFault) -> Int {
    let (product, overflow) = part.multipliedReportingOverflow(by: factor)
    if overflow { throw .durationTooLong }
    return product
  }

  private func quotient(_ part: Int, _ divisor: Decimal, otherwise fault: TimeFault) throws(TimeFault) -> Int {
    if part == 0 { return 0 }
    // Exact, where the quotient itself may have more digits than fit.
    guard let rest = try? Decimal(part).remainder(dividingBy: divisor), rest.isZero else { throw fault }
    guard let quotient = try? Decimal(part).divided(by: divisor), quotient.isWhole, let whole = quotient.wholeInt else {
      throw .durationTooLong
    }
    return whole
  }

  private func part(_ part: Int, _ factor: Decimal, otherwise fault: TimeFault) throws(TimeFault) -> Int {
    guard let exact = try? Decimal(part).multiplied(by: factor) else { throw .durationTooLong }
    guard exact.isWhole else { throw fault }
    guard let whole = exact.wholeInt else { throw .durationTooLong }
    return whole
  }
}
