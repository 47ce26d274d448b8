import Synchronization

/// A fault that strikes one request, with a number of its own for what is left to chance.
struct StruckFault: Equatable, Sendable {
  var fault: Fault
  var seed: UInt64
}

/// The rules that are set, and how often each has matched and struck.
final class FaultBook: Sendable {
  struct Active: Sendable {
    var rule: FaultRule
    /// Milliseconds of the portal's clock.
    var setAt: Int64
    var matched = 0
    var struck = 0
  }

  private let active: Mutex<[Active]>

  init(_ rules: [FaultRule], now: Int64) { active = Mutex(rules.map { Active(rule: $0, setAt: now) }) }

  var rules: [Active] { active.withLock { $0 } }

  func add(_ rules: [FaultRule], now: Int64) {
    active.withLock { $0.append(contentsOf: rules.map { Active(rule: $0, setAt: now) }) }
  }

  /// - Returns: how many there were.
  func removeAll() -> Int {
    active.withLock { active in
      defer { active = [] }
      return active.count
    }
  }

  /// The faults that strike a request; it is counted by every rule that it matches.
  func strike(method: String, path: String, kind: RequestKind, now: Int64) -> [StruckFault] {
    active.withLock { active in
      var faults: [StruckFault] = []
      for index in active.indices where active[index].rule.match.covers(method: method, path: path, kind: kind) {
        active[index].matched += 1
        let (rule, ordinal) = (active[index].rule, active[index].matched)
        if let times = rule.moment.times, active[index].struck >= times { continue }
        guard rule.moment.includes(ordinal: ordinal, age: now - active[index].setAt) else { continue }
        active[index].struck += 1
        // Another number than the one that decided whether it strikes.
        faults.append(StruckFault(fault: rule.fault, seed: SplitMix64.mix(~rule.moment.seed ^ UInt64(ordinal))))
      }
      return faults
    }
  }
}

extension FaultRule.Match {
  func covers(method: String, path: String, kind: RequestKind) -> Bool {
    if let wanted = self.method, wanted != method { return false }
    if let kinds, !kinds.contains(kind) { return false }
    return self.path.map { Self.glob($0, matches: path) } ?? true
  }

  /// `*` stands for any characters, slashes too.
  static func glob(_ pattern: String, matches text: String) -> Bool {
    let (pattern, text) = (Array(pattern.utf8), Array(text.utf8))
    var (place, position) = (0, 0)
    // Where the last star stood, and how much of the text it has taken so far.
    var star: (place: Int, position: Int)?
    while position < text.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        star = (place, position)
        place += 1
      } else if place < pattern.count, pattern[place] == text[position] {
        place += 1
        position += 1
      } else if let last = star {
        star = (last.place, last.position + 1)
        place = last.place + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
