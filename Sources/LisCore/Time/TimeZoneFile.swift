/// Why the bytes of a time zone file are not usable.
public enum TimeZoneFault: Error, Equatable, Sendable {
  /// The file does not begin as RFC 8536 says.
  case notATimeZoneFile
  /// The file ends before its tables do.
  case truncated
  /// A version after 4.
  case unknownVersion(UInt8)
  /// A table that contradicts itself, named after RFC 8536.
  case invalidTable(String)
  /// The rule at the end of the file cannot be read.
  case invalidRule(String)
  /// The zone counts leap seconds, as those in tzdata's `right` folder do; instants do not.
  case leapSeconds
}

extension TimeZoneFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notATimeZoneFile: "the file is not a time zone file (RFC 8536)"
    case .truncated: "the time zone file is cut off; reinstall the time zone data (package tzdata)"
    case .unknownVersion(let version): "the time zone file has the unknown version \(visibleName(of: version))"
    case .invalidTable(let table): "the time zone file's table of \(table) is invalid"
    case .invalidRule(let rule): "the time zone file's rule '\(rule)' cannot be read"
    case .leapSeconds: "the zone counts leap seconds; use the zone of the same name without 'right/'"
    }
  }
}

extension TimeZoneRules {
  /// Reads a TZif file of RFC 8536, versions 1 to 4.
  public init(name: String, file: [UInt8]) throws(TimeZoneFault) {
    var reader = TimeZoneFileReader(bytes: file)
    var header = try reader.header()
    if header.version == 1 {
      self = try reader.rules(header, timeWidth: 4, name: name, rule: nil)
      return
    }
    // The first block repeats in 32 bits what the second says in 64.
    try reader.skip(header.size(timeWidth: 4))
    header = try reader.header()
    let footer = try reader.footer(after: header.size(timeWidth: 8))
    self = try reader.rules(header, timeWidth: 8, name: name, rule: footer)
  }
}

private struct TimeZoneFileHeader {
  var version: Int
  /// The counts of RFC 8536, section 3.1, in the order of the file.
  var universalCount, standardCount, leapCount, timeCount, typeCount, nameLength: Int

  func size(timeWidth: Int) -> Int {
    timeCount * (timeWidth + 1) + typeCount * 6 + nameLength + leapCount * (timeWidth + 4) + standardCount
      + universalCount
  }
}

/// One pass over the bytes of a file; every read is checked against its end.
private struct TimeZoneFileReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func skip(_ count: Int) throws(TimeZoneFault) {
    guard count <= bytes.count - position else { throw .truncated }
    position += count
  }

  /// A big-endian signed number of 1, 4 or 8 bytes.
  private mutating func integer(_ width: Int) throws(TimeZoneFault) -> Int {
    let start = position
    try skip(width)
    var value = width > 1 && bytes[start] >= 0x80 ? -1 : 0
    for byte in bytes[start..<position] { value = value << 8 | Int(byte) }
    return value
  }

  mutating func header() throws(TimeZoneFault) -> TimeZoneFileHeader {
    guard bytes[position...].starts(with: Array("TZif".utf8)) else { throw .notATimeZoneFile }
    try skip(4)
    let version = UInt8(truncatingIfNeeded: try integer(1))
    let known: [UInt8: Int] = [0: 1, UInt8(ascii: "2"): 2, UInt8(ascii: "3"): 3, UInt8(ascii: "4"): 4]
    guard let version = known[version] else { throw .unknownVersion(version) }
    try skip(15)
    var counts: [Int] = []
    for _ in 0..<6 {
      let count = try integer(4)
      guard 0...bytes.count ~= count else { throw .truncated }
      counts.append(count)
    }
    return TimeZoneFileHeader(
      version: version, universalCount: counts[0], standardCount: counts[1], leapCount: counts[2],
      timeCount: counts[3], typeCount: counts[4], nameLength: counts[5])
  }

  /// The rule between two line ends after `count` further bytes; nil if it is empty.
  func footer(after count: Int) throws(TimeZoneFault) -> PosixZoneRule? {
    var copy = self
    try copy.skip(count)
    let rest = bytes[copy.position...]
    guard rest.first == 0x0a, let end = rest.dropFirst().firstIndex(of: 0x0a) else { throw .truncated }
    let text = Array(rest[(rest.startIndex + 1)..<end])
    if text.isEmpty { return nil }
    guard let rule = PosixZoneRule(text) else { throw .invalidRule(String(decoding: text, as: UTF8.self)) }
    return rule
  }

  mutating func rules(
    _ header: TimeZoneFileHeader, timeWidth: Int, name: String, rule: PosixZoneRule?
  ) throws(TimeZoneFault) -> TimeZoneRules {
    if header.leapCount > 0 { throw .leapSeconds }
    guard header.typeCount > 0 else { throw .invalidTable("types") }
    var times: [Int] = []
    for _ in 0..<header.timeCount { times.append(try integer(timeWidth)) }
    guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .invalidTable("times") }
    var indexes: [Int] = []
    for _ in 0..<header.timeCount { indexes.append(try integer(1)) }
    guard indexes.allSatisfy({ $0 < header.typeCount }) else { throw .invalidTable("type indexes") }
    var offsets: [Int] = []
    for _ in 0..<header.typeCount {
      offsets.append(try integer(4))
      try skip(2)
    }
    guard offsets.allSatisfy({ abs($0) <= TimeZoneRules.largestOffset }) else { throw .invalidTable("offsets") }
    return TimeZoneRules(
      name: name, transitions: times, offsets: indexes.map { offsets[$0] }, firstOffset: offsets[0], rule: rule)
  }
}
