/// The offsets from UTC that the clocks of a place have shown and will show.
public struct TimeZoneRules: Sendable {
  /// The name under which the zone was asked for, such as `Europe/Berlin`.
  public let name: String
  /// When the offset changes, in seconds since 1970 UTC, ascending.
  let transitions: [Int]
  /// The offset in seconds east of UTC from the transition of the same index on.
  let offsets: [Int]
  /// The offset before the first transition.
  let firstOffset: Int
  /// What holds after the last transition; nil keeps the last offset.
  let rule: PosixZoneRule?

  public static let utc = TimeZoneRules(fixedOffset: 0, name: "UTC")

  /// A zone that never moves its clocks.
  public init(fixedOffset seconds: Int, name: String) {
    self.init(name: name, transitions: [], offsets: [], firstOffset: seconds, rule: nil)
  }

  init(name: String, transitions: [Int], offsets: [Int], firstOffset: Int, rule: PosixZoneRule?) {
    self.name = name
    self.transitions = transitions
    self.offsets = offsets
    self.firstOffset = firstOffset
    self.rule = rule
  }
}

extension TimeZoneRules {
  /// Seconds east of UTC at an instant.
  public func offset(at instant: Instant) -> Int {
    offset(atSecond: flooredDivision(instant.milliseconds, by: 1000).quotient)
  }

  /// What the clocks of the zone show at an instant.
  /// - Throws: `outOfRange` within a day of the first or last instant.
  public func localDateTime(of instant: Instant) throws(TimeFault) -> LocalDateTime {
    let local = instant.milliseconds + offset(at: instant) * 1000
    guard Instant.range ~= local else { throw .outOfRange }
    return LocalDateTime(unchecked: local)
  }

  /// When the clocks of the zone show a local time. One that they skip is moved on by the length of the gap, and of
  /// two instants with the same local time it is the earlier, as in java.time.
  /// - Parameter preferred: an offset to choose, if it is one of two.
  /// - Throws: `outOfRange` within a day of the first or last instant.
  public func instant(
    of local: LocalDateTime, preferringOffset preferred: Int? = nil
  ) throws(TimeFault) -> Instant {
    let (second, millisecond) = flooredDivision(local.milliseconds, by: 1000)
    let utc = resolve(second, preferring: preferred).second
    guard let instant = Instant(milliseconds: utc * 1000 + millisecond) else { throw .outOfRange }
    return instant
  }

  /// The first instant of a day: midnight, or the end of the gap if the clocks skip midnight.
  /// - Throws: `outOfRange` within a day of the first or last instant.
  public func startOfDay(_ date: CivilDate) throws(TimeFault) -> Instant {
    let resolved = resolve(Int(date.daysSinceEpoch) * 86_400, preferring: nil)
    guard let instant = Instant(milliseconds: (resolved.gapEnd ?? resolved.second) * 1000) else { throw .outOfRange }
    return instant
  }
}

extension TimeZoneRules {
  /// No zone's clocks are further than this from UTC, with room to spare: RFC 8536 bounds offsets by 26 hours.
  static let largestOffset = 26 * 3600

  func offset(atSecond second: Int) -> Int {
    if let rule, second >= transitions.last ?? Int.min { return rule.offset(atSecond: second) }
    let after = indexAfter(second)
    return after == 0 ? firstOffset : offsets[after - 1]
  }

  /// The index of the first transition later than `second`.
  private func indexAfter(_ second: Int) -> Int {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= second { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The UTC second of a local one, and where the gap ends if it lies in one.
  private func resolve(_ local: Int, preferring preferred: Int?) -> (second: Int, gapEnd: Int?) {
    if let preferred, offset(atSecond: local - preferred) == preferred { return (local - preferred, nil) }
    let low = local - TimeZoneRules.largestOffset
    var start = Int.min
    var previous = 0
    var current = offset(atSecond: low)
    // Between two changes the clocks run evenly, so the first even stretch that reaches up to the local time decides.
    for change in changes(after: low, through: local + TimeZoneRules.largestOffset) + [Int.max] {
      let candidate = local - current
      if candidate < change {
        return candidate >= start ? (candidate, nil) : (local - previous, start)
      }
      (start, previous, current) = (change, current, offset(atSecond: change))
    }
    return (local - current, nil)
  }

  /// The seconds in a short stretch of time at which the offset may change, ascending.
  private func changes(after low: Int, through high: Int) -> [Int] {
    var result: [Int] = []
    var index = indexAfter(low)
    while index < transitions.count && transitions[index] <= high {
      result.append(transitions[index])
      index += 1
    }
    let last = transitions.last ?? Int.min
    if let rule, high > last {
      result += rule.changes(after: max(low, last), through: high)
    }
    return result
  }
}
