import TestSupport
import Testing

@testable import LisCore

@Suite struct TimeZoneFileTests {
  @Test(arguments: [
    ("UTC0", 0), ("<-03>3", -10800), ("CET-1CEST,M3.5.0,M10.5.0/3", 3600), ("EST5EDT,M3.2.0,M11.1.0", -18000),
    ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 37800), ("IST-2IDT,M3.4.4/26,M10.5.0", 7200),
    ("XXX3EDT4,0/0,J365/23", -10800),
    ("AAA-1BBB-2,J60/-2:30:15,J300", 3600),
  ])
  func readsRules(_ text: String, _ offset: Int) {
    #expect(PosixZoneRule(Array(text.utf8))?.standardOffset == offset)
  }

  @Test(arguments: [
    "", "CET", "CE-1", "<CET-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
    "CET-1CEST,M3.6.0,M10.5.0",
    "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-25", "CET-1CEST,J0,J365", "CET-1CEST,366,1",
    "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1:60",
  ])
  func refusesRules(_ text: String) {
    #expect(PosixZoneRule(Array(text.utf8)) == nil)
  }

  @Test func rulesOfBothHalvesOfTheWorld() throws {
    let sydney = try #require(PosixZoneRule(Array("AEST-10AEDT,M10.1.0,M4.1.0/3".utf8)))
    func offset(_ text: String, _ rule: PosixZoneRule) throws -> Int {
      rule.offset(atSecond: try Instant(parsing: text).milliseconds / 1000)
    }
    #expect(try offset("2026-01-15T00:00:00Z", sydney) == 39600)
    #expect(try offset("2026-07-15T00:00:00Z", sydney) == 36000)
    #expect(try offset("2026-12-31T23:59:59Z", sydney) == 39600)
    let always = try #require(PosixZoneRule(Array("XXX3EDT4,0/0,J365/23".utf8)))
    for text in ["2026-01-01T02:59:59Z", "2026-01-01T03:00:00Z", "2026-07-01T00:00:00Z", "2024-12-31T23:00:00Z"] {
      #expect(try offset(text, always) == -14400)
    }
    let common = try #require(PosixZoneRule(Array("AAA0BBB-1,J60/0,J300/0".utf8)))
    #expect(try offset("2024-02-29T23:00:00Z", common) == 0)
    #expect(try offset("2024-03-01T00:00:00Z", common) == 3600)
    let counted = try #require(PosixZoneRule(Array("AAA0BBB-1,59/0,300/0".utf8)))
    #expect(try offset("2024-02-29T00:00:00Z", counted) == 3600)
    #expect(try offset("2023-02-28T23:59:59Z", counted) == 0)
  }

  /// A file of version 1: one change, at 1970-01-02, from UTC to one hour east.
  static func smallFile() -> [UInt8] {
    var bytes = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16)
    for count: UInt8 in [0, 0, 0, 1, 2, 8] { bytes += [0, 0, 0, count] }
    bytes += [0, 1, 0x51, 0x80]
    bytes += [1]
    bytes += [0, 0, 0, 0, 0, 0] + [0, 0, 0x0e, 0x10, 0, 4]
    return bytes + Array("UTC\0CET\0".utf8)
  }

  @Test func readsVersionOne() throws {
    let zone = try TimeZoneRules(name: "small", file: TimeZoneFileTests.smallFile())
    #expect(zone.offset(atSecond: 86_399) == 0)
    #expect(zone.offset(atSecond: 86_400) == 3600)
    #expect(zone.offset(atSecond: 1 << 40) == 3600)
    #expect(zone.name == "small")
  }

  @Test func refusesDamagedFiles() throws {
    let whole = TimeZoneFileTests.smallFile()
    func fault(_ change: (inout [UInt8]) -> Void) -> TimeZoneFault? {
      var bytes = whole
      change(&bytes)
      do { _ = try TimeZoneRules(name: "x", file: bytes) } catch { return error }
      return nil
    }
    #expect(fault { $0 = [] } == .notATimeZoneFile)
    #expect(fault { $0[0] = 0 } == .notATimeZoneFile)
    #expect(fault { $0[4] = 0x39 } == .unknownVersion(0x39))
    #expect(fault { $0[31] = 1 } == .leapSeconds)
    #expect(fault { $0[39] = 0 } == .invalidTable("types"))
    #expect(fault { $0[48] = 2 } == .invalidTable("type indexes"))
    #expect(fault { $0[49] = 0x7f } == .invalidTable("offsets"))
    #expect(fault { $0[32] = 0x7f } == .truncated)
    #expect(fault { $0[32] = 0xff } == .truncated)
    for length in 0..<(whole.count - 8) {
      #expect(fault { $0.removeSubrange(length...) } != nil)
    }
  }

  @Test func cutAndChangedFilesNeverTrap() throws {
    let whole = try #require(TimeZoneTests.file("/usr/share/zoneinfo/Europe/Berlin"))
    for length in 0..<whole.count {
      #expect(throws: TimeZoneFault.self) { try TimeZoneRules(name: "cut", file: Array(whole[..<length])) }
    }
    var generator = SeededGenerator.announced("cutAndChangedFilesNeverTrap")
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      guard let zone = try? TimeZoneRules(name: "changed", file: bytes) else { continue }
      let second = Int.random(in: -60_000_000_000...250_000_000_000, using: &generator)
      _ = try? zone.instant(of: LocalDateTime(unchecked: second * 1000))
      _ = zone.offset(atSecond: second)
    }
  }
}
