import LisCompiler
import LisCore

/// Dates and times. `today()` and `now()` are fixed when the run starts.
extension BuiltinTable {
  mutating func addTime() {
    let session = self.session
    native(
      "today", group: "time", [], result: .date,
      summary: "The day on which the run started, in the run's time zone.",
      examples: [.init("today() - 7d < today()", "true")]
    ) { machine, _ in
      session.session?.noteZone()
      guard let local = try? machine.zone.localDateTime(of: session.session?.startedAt ?? .epoch) else { return .null }
      return machine.makeDate(local.date)
    }
    native(
      "now", group: "time", [], result: .datetime, summary: "The moment at which the run started.",
      examples: [.init("now() == now()", "true")]
    ) { machine, _ in
      machine.makeDatetime(session.session?.startedAt ?? .epoch)
    }
    native(
      "date", group: "time", [BuiltinParameter("value")], result: .date,
      summary: "A text such as 2026-01-31 as a date, or the day of a datetime; a fault when it is none.",
      examples: [.init("date(\"2026-01-31\") + 1mo", "2026-02-28")]
    ) { machine, arguments in
      let value = arguments[0]
      if value.type == .null || value.type == .date { return value }
      if let instant = value.instant, let local = try? machine.zone.localDateTime(of: instant) {
        return machine.makeDate(local.date)
      }
      guard let text = value.string else { throw badArgument("date", "value", "a text or a datetime", value) }
      if text.isEmpty { return .null }
      do { return machine.makeDate(try CivilDate(parsing: text)) } catch {
        throw FaultKind.raised(message: "\(machine.written(value)) is not a date: \(error)")
      }
    }
    native(
      "datetime", group: "time", [BuiltinParameter("value")], result: .datetime,
      summary: "A text such as 2026-01-31T10:00:00Z as a datetime, or the start of a date; a fault when it is none.",
      examples: [.init("datetime(\"2026-01-31T10:00:00Z\") + 36h", "2026-02-01T22:00:00Z")]
    ) { machine, arguments in
      let value = arguments[0]
      if value.type == .null || value.type == .datetime { return value }
      if let date = value.civilDate {
        do throws(TimeFault) { return machine.makeDatetime(try machine.zone.startOfDay(date)) } catch {
          throw FaultKind.time(error)
        }
      }
      guard let text = value.string else { throw badArgument("datetime", "value", "a text or a date", value) }
      if text.isEmpty { return .null }
      do { return machine.makeDatetime(try Instant(parsing: text)) } catch {
        throw FaultKind.raised(message: "\(machine.written(value)) is not a datetime: \(error)")
      }
    }
    part("year", "The year of a date.", "2026") { $0.year }
    part("month", "The month of a date, from 1.", "3") { $0.month }
    part("day", "The day of the month.", "9") { $0.day }
  }

  private mutating func part(_ name: String, _ summary: String, _ result: String, _ body: @escaping (CivilDate) -> Int)
  {
    native(
      name, group: "time", [BuiltinParameter("date")], result: .number, summary: summary,
      examples: [.init("\(name)(@2026-03-09)", result)]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      if let date = arguments[0].civilDate { return machine.makeNumber(body(date)) }
      if let instant = arguments[0].instant, let local = try? machine.zone.localDateTime(of: instant) {
        return machine.makeNumber(body(local.date))
      }
      throw badArgument(name, "date", "a date", arguments[0])
    }
  }
}
