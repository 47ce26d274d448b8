import LisCompiler
import LisCore

/// Ranges: their ends, and the days in them. `in` asks whether a value lies in one, and whole numbers can be read one by
/// one without help.
extension BuiltinTable {
  mutating func addRanges() {
    end("range_start", "The first value of a range.", "2026-01-01") { $0.lower }
    end("range_end", "The last value of a range, which belongs to it.", "2026-03-31") { $0.upper }
    native(
      "dates", group: "time",
      [BuiltinParameter("range", type: .range), BuiltinParameter("step", type: .duration, optional: true)],
      result: .list(.date),
      summary: "The dates of a range from its start, a day or another whole number of days, months or years apart.",
      examples: [
        .init("length(dates(@2026-01-01..@2026-01-31))", "31"),
        .init("join(dates(@2026-01-31..@2026-04-30, 1mo), \" \")", "2026-01-31 2026-02-28 2026-03-31 2026-04-30"),
      ]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let range = arguments[0].range, let first = range.lower.civilDate, let last = range.upper.civilDate else {
        throw badArgument("dates", "range", "a range of dates", arguments[0])
      }
      let step = arguments.has(1) ? arguments[1].duration : CalendarDuration(days: 1)
      guard let step, step.milliseconds == 0, step.months >= 0, step.days >= 0, step.months + step.days > 0 else {
        throw badArgument("dates", "step", "a duration of days, months or years", arguments[1])
      }
      return try BuiltinTable.dates(machine, first, last, step)
    }
  }

  /// Each date is counted from the first, so that the end of a month does not wander.
  private static func dates(
    _ machine: Machine, _ first: CivilDate, _ last: CivilDate, _ step: CalendarDuration
  ) throws -> Value {
    var dates: [Value] = []
    var date = first
    while date <= last {
      dates.append(machine.makeDate(date))
      if dates.count >= machine.limits.items { throw FaultKind.tooLarge(what: "list", limit: machine.limits.items) }
      let passed = CalendarDuration(months: step.months * dates.count, days: step.days * dates.count)
      do throws(TimeFault) { date = try first.adding(passed) } catch { break }
    }
    return machine.makeList(dates)
  }

  private mutating func end(
    _ name: String, _ summary: String, _ result: String, _ body: @escaping ((lower: Value, upper: Value)) -> Value
  ) {
    native(
      name, group: "numbers", [BuiltinParameter("range", type: .range)], result: .unknown, summary: summary,
      examples: [.init("\(name)(@2026-01-01..@2026-03-31)", result)]
    ) { _, arguments in
      if arguments[0].type == .null { return .null }
      guard let range = arguments[0].range else { throw badArgument(name, "range", "a range", arguments[0]) }
      return body(range)
    }
  }
}
