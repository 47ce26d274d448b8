import Glibc
import TestSupport
import Testing

@testable import LisCore

@Suite struct TimeZoneTests {
  /// The zone from the system's data (Debian package tzdata).
  static func zone(_ name: String) throws -> TimeZoneRules {
    try TimeZoneRules(name: name, file: #require(file("/usr/share/zoneinfo/" + name)))
  }

  static func file(_ path: String) -> [UInt8]? {
    guard let stream = fopen(path, "r") else { return nil }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 8192)
    while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { bytes += buffer[..<count] }
    return bytes
  }

  /// `2026-03-29T02:30:00` without an offset.
  static func local(_ text: String) throws -> LocalDateTime { try Instant(parsing: text + "Z").utc }

  @Test(arguments: [
    ("Europe/Berlin", "2026-01-15T12:00:00", "2026-01-15T11:00:00Z"),
    ("Europe/Berlin", "2026-07-15T12:00:00", "2026-07-15T10:00:00Z"),
    // Clocks go from 02:00 to 03:00, so 02:30 is moved on to 03:30.
    ("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
    ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
    ("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
    // Clocks go from 03:00 back to 02:00, so 02:30 is there twice and the earlier is meant.
    ("Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
    ("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
    ("America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:30:00Z"),
    ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z"),
    ("America/New_York", "2150-07-01T00:00:00", "2150-07-01T04:00:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00", "2011-12-30T20:00:00Z"),
  ])
  func gapsAndOverlaps(_ name: String, _ local: String, _ utc: String) throws {
    let zone = try TimeZoneTests.zone(name)
    #expect(try zone.instant(of: TimeZoneTests.local(local)).description == utc)
  }

  @Test(arguments: [
    ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"), ("Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00Z"),
    // Clocks skip midnight here, so the day begins at one o'clock.
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"), ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"),
    // Midnight is there twice here; the day begins with the first.
    ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"),
    // A day that the islands left out when they crossed the date line.
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"), ("UTC", "2026-01-01", "2026-01-01T00:00:00Z"),
  ])
  func startOfDay(_ name: String, _ date: String, _ utc: String) throws {
    let zone = try TimeZoneTests.zone(name)
    #expect(try zone.startOfDay(CivilDate(parsing: date)).description == utc)
  }

  @Test(arguments: [
    ("2026-03-28T01:30:00Z", "1d", "2026-03-29T01:30:00Z"), ("2026-03-28T01:30:00Z", "24h", "2026-03-29T01:30:00Z"),
    ("2026-03-28T12:00:00Z", "1d", "2026-03-29T11:00:00Z"), ("2026-03-28T12:00:00Z", "24h", "2026-03-29T12:00:00Z"),
    ("2026-10-24T10:00:00Z", "1d", "2026-10-25T11:00:00Z"), ("2026-01-31T10:00:00Z", "1mo", "2026-02-28T10:00:00Z"),
    ("2026-01-31T10:00:00Z", "6mo", "2026-07-31T09:00:00Z"), ("2026-07-31T09:00:00Z", "-6mo", "2026-01-31T10:00:00Z"),
    // An instant in the later half of the doubled hour keeps its offset.
    ("2026-10-24T00:30:00Z", "1d", "2026-10-25T00:30:00Z"), ("2025-10-26T01:30:00Z", "0d", "2025-10-26T01:30:00Z"),
    ("2020-10-25T01:30:00Z", "6y", "2026-10-25T01:30:00Z"), ("2026-03-28T01:00:00Z", "1d2h", "2026-03-29T03:00:00Z"),
  ])
  func calendarPartsInBerlin(_ start: String, _ duration: String, _ end: String) throws {
    let zone = try TimeZoneTests.zone("Europe/Berlin")
    #expect(try Instant(parsing: start).adding(CalendarDuration(parsing: duration), in: zone).description == end)
  }

  @Test func endsOfTheRange() throws {
    let east = TimeZoneRules(fixedOffset: 3600, name: "+01")
    #expect(throws: TimeFault.outOfRange) { try east.startOfDay(.earliest) }
    let last = try #require(Instant(milliseconds: Instant.range.upperBound))
    #expect(throws: TimeFault.outOfRange) { try east.localDateTime(of: last) }
    #expect(throws: TimeFault.outOfRange) { try last.adding(CalendarDuration(milliseconds: 1), in: .utc) }
    #expect(throws: TimeFault.outOfRange) { try last.adding(CalendarDuration(milliseconds: Int.max), in: .utc) }
    #expect(try TimeZoneRules.utc.localDateTime(of: last).description == "9999-12-31T23:59:59.999")
    #expect(last.subtracting(.epoch) == CalendarDuration(milliseconds: Instant.range.upperBound))
  }

  /// Python's `zoneinfo` resolves gaps and overlaps with `fold=0` just as java.time does.
  @Test func agreesWithPython() throws {
    let names = [
      "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Sao_Paulo",
      "Asia/Kathmandu", "Pacific/Apia", "Europe/Dublin", "America/Nuuk", "Africa/Monrovia", "Antarctica/Troll",
    ]
    var generator = SeededGenerator.announced("zones: agreesWithPython")
    var questions: [String] = []
    var answers: [String] = []
    for name in names {
      let zone = try TimeZoneTests.zone(name)
      let changes = zone.transitions.filter { $0 > -2_000_000_000 }
      for _ in 0..<400 {
        var second = Int.random(in: -3_000_000_000...9_000_000_000, using: &generator)
        if Bool.random(using: &generator), let change = changes.randomElement(using: &generator) {
          second = change + Int.random(in: -5400...5400, using: &generator)
        }
        let local = second + zone.offset(atSecond: second)
        let instant = try zone.instant(of: LocalDateTime(unchecked: local * 1000))
        questions.append("\(name) \(second)")
        answers.append("\(zone.offset(atSecond: second)) \(instant.milliseconds / 1000)")
        let skipped = second + zone.offset(atSecond: second - 86_400)
        questions.append("\(name) local \(skipped)")
        answers.append("\(try zone.instant(of: LocalDateTime(unchecked: skipped * 1000)).milliseconds / 1000)")
      }
    }
    let output = try PythonProcess.run(script: TimeZoneTests.script, input: questions.joined(separator: "\n") + "\n")
    let expected = output.split(separator: "\n").map(String.init)
    try #require(expected.count == questions.count)
    for (question, (ours, theirs)) in zip(questions, zip(answers, expected)) where ours != theirs {
      Issue.record("\(question): lis \(ours), Python \(theirs)")
    }
  }

  static let script = """
    import sys
    from datetime import datetime, timedelta, timezone
    from zoneinfo import ZoneInfo
    epoch = datetime(1970, 1, 1)
    def resolved(local, zone):
        aware = local.replace(tzinfo=zone)
        return (local - epoch - aware.utcoffset()) // timedelta(seconds=1)
    out = []
    for line in sys.stdin.read().splitlines():
        name, *rest = line.split()
        zone = ZoneInfo(name)
        moment = epoch + timedelta(seconds=int(rest[-1]))
        if len(rest) == 1:
            aware = moment.replace(tzinfo=timezone.utc).astimezone(zone)
            local = aware.replace(tzinfo=None, fold=0)
            out.append(f"{aware.utcoffset() // timedelta(seconds=1)} {resolved(local, zone)}")
        else:
            out.append(str(resolved(moment, zone)))
    print("\\n".join(out))
    """
}
