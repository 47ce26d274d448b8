extension CivilDate {
  /// The date moved by whole months, then by days. A day that the month does not have becomes its last:
  /// 2026-01-31 + 1mo is 2026-02-28.
  /// - Throws: `clockPartOnDate` or `outOfRange`.
  public func adding(_ duration: CalendarDuration) throws(TimeFault) -> CivilDate {
    if duration.milliseconds != 0 { throw .clockPartOnDate }
    return try addingMonths(duration.months).addingDays(duration.days)
  }

  /// - Throws: `clockPartOnDate`, `durationTooLong` or `outOfRange`.
  public func subtracting(_ duration: CalendarDuration) throws(TimeFault) -> CivilDate {
    try adding(duration.negated())
  }

  /// The days from `other` to this date.
  public func subtracting(_ other: CivilDate) -> CalendarDuration {
    CalendarDuration(days: Int(daysSinceEpoch) - Int(other.daysSinceEpoch))
  }

  /// - Throws: `outOfRange`.
  public func addingMonths(_ count: Int) throws(TimeFault) -> CivilDate {
    if count == 0 { return self }
    let (year, month, day) = fields
    let (total, overflow) = (year * 12 + month - 1).addingReportingOverflow(count)
    guard !overflow, 12..<120_000 ~= total else { throw .outOfRange }
    let (newYear, newMonth) = (total / 12, total % 12 + 1)
    let newDay = min(day, CivilDate.days(inMonth: newMonth, of: newYear))
    return CivilDate(unchecked: CivilDate.days(year: newYear, month: newMonth, day: newDay))
  }

  /// - Throws: `outOfRange`.
  public func addingDays(_ count: Int) throws(TimeFault) -> CivilDate {
    let (total, overflow) = Int(daysSinceEpoch).addingReportingOverflow(count)
    guard !overflow, let date = CivilDate(daysSinceEpoch: total) else { throw .outOfRange }
    return date
  }
}

extension Instant {
  /// The instant moved by months and days on the calendar of `zone`, at the same time of day, then by clock time.
  /// A time that the zone's clocks skip moves on by the length of the gap; one that they show twice keeps this
  /// instant's offset if it can, else it is the earlier.
  /// - Throws: `outOfRange`.
  public func adding(_ duration: CalendarDuration, in zone: TimeZoneRules) throws(TimeFault) -> Instant {
    var start = self
    if duration.months != 0 || duration.days != 0 {
      let local = try zone.localDateTime(of: self)
      let date = try local.date.addingMonths(duration.months).addingDays(duration.days)
      let moved = LocalDateTime(date: date, millisecondOfDay: local.millisecondOfDay) ?? LocalDateTime(startOf: date)
      start = try zone.instant(of: moved, preferringOffset: zone.offset(at: self))
    }
    let (total, overflow) = start.milliseconds.addingReportingOverflow(duration.milliseconds)
    guard !overflow, let result = Instant(milliseconds: total) else { throw .outOfRange }
    return result
  }

  /// - Throws: `durationTooLong` or `outOfRange`.
  public func subtracting(_ duration: CalendarDuration, in zone: TimeZoneRules) throws(TimeFault) -> Instant {
    try adding(duration.negated(), in: zone)
  }

  /// The clock time from `other` to this instant.
  public func subtracting(_ other: Instant) -> CalendarDuration {
    CalendarDuration(milliseconds: milliseconds - other.milliseconds)
  }
}
