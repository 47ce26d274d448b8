import LisCompiler
import LisCore

/// What the library's module on dates is built from.
extension BuiltinTable {
  mutating func addCalendar() {
    native(
      "weekday", group: "time", [BuiltinParameter("date")], result: .number,
      summary: "The day of the week: 1 is Monday, 7 is Sunday (ISO 8601).",
      examples: [.init("weekday(@2026-03-09)", "1"), .init("weekday(@2026-03-15)", "7")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      return machine.makeNumber(try BuiltinTable.day(machine, arguments[0], "weekday", "date").weekday.rawValue)
    }
    native(
      "days_between", group: "time", [BuiltinParameter("from"), BuiltinParameter("to")], result: .number,
      summary: "How many days one date is after another, as a number; negative when it is before it.",
      examples: [.init("days_between(@2026-02-01, @2026-03-01)", "28")]
    ) { machine, arguments in
      if arguments[0].type == .null || arguments[1].type == .null { return .null }
      let from = try BuiltinTable.day(machine, arguments[0], "days_between", "from")
      let to = try BuiltinTable.day(machine, arguments[1], "days_between", "to")
      return machine.makeNumber(Int(to.daysSinceEpoch) - Int(from.daysSinceEpoch))
    }
    clock("hour", "The hour of a datetime in the run's time zone, from 0.", "14") { $0 / 3_600_000 }
    clock("minute", "The minute of the hour of a datetime.", "5") { $0 / 60_000 % 60 }
  }

  private mutating func clock(_ name: String, _ summary: String, _ result: String, _ body: @escaping (Int) -> Int) {
    native(
      name, group: "time", [BuiltinParameter("datetime")], result: .number, summary: summary,
      examples: [.init("\(name)(@2026-03-09T14:05:00Z)", result)]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let instant = arguments[0].instant, let local = try? machine.zone.localDateTime(of: instant) else {
        throw badArgument(name, "datetime", "a datetime", arguments[0])
      }
      return machine.makeNumber(body(local.millisecondOfDay))
    }
  }

  private static func day(_ machine: Machine, _ value: Value, _ function: String, _ parameter: String) throws
    -> CivilDate
  {
    if let date = value.civilDate { return date }
    if let instant = value.instant, let local = try? machine.zone.localDateTime(of: instant) { return local.date }
    throw badArgument(function, parameter, "a date", value)
  }
}
