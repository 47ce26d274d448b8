import Synchronization

/// What arrived since the start, in the words of the quotas. Arrivals are counted whether they were refused or not.
final class Statistics: Sendable {
  /// The quotas that HubSpot counts apart.
  enum Pool: String, CaseIterable { case all, burst, search, other }

  private struct State {
    var kinds: [String: Int] = [:]
    var statuses: [Int: Int] = [:]
    var faults: [String: Int] = [:]
    var inputs: [String: Int] = [:]
    var tenSeconds: [Pool: Crowd] = [:]
    var oneSecond: [Pool: Crowd] = [:]
  }

  private struct Crowd {
    var window: SlidingWindow
    var most = 0
    var mostEndedAt: Int64 = 0

    mutating func add(_ moment: Int64) {
      let here = window.insert(moment)
      if here > most { (most, mostEndedAt) = (here, moment) }
    }
  }

  private let state = Mutex(State())

  func arrived(_ pool: Pool, at moment: Int64) {
    state.withLock { state in
      for pool in [Pool.all, pool] {
        state.tenSeconds[pool, default: Crowd(window: SlidingWindow(length: 10_000_000))].add(moment)
        state.oneSecond[pool, default: Crowd(window: SlidingWindow(length: 1_000_000))].add(moment)
      }
    }
  }

  func answered(_ entry: RequestLogEntry) {
    state.withLock { state in
      state.kinds[entry.kind, default: 0] += 1
      state.statuses[entry.status, default: 0] += 1
      if let inputs = entry.inputs { state.inputs[entry.kind, default: 0] += inputs }
      for fault in entry.faults { state.faults[fault, default: 0] += 1 }
    }
  }

  /// `{"requests":3,"kinds":{…},"statuses":{…},"refusals":{"429":1},"mostIn10s":{"burst":{"requests":2,…}},…}`
  func json() -> [UInt8] {
    let state = self.state.withLock { $0 }
    return JSONWriter.object { body in
      body.member("requests", state.kinds.values.reduce(0, +))
      Self.write("kinds", state.kinds, into: &body)
      Self.write("inputs", state.inputs, into: &body)
      Self.write("statuses", Self.texts(state.statuses), into: &body)
      Self.write("refusals", Self.texts(state.statuses.filter { (400...499).contains($0.key) }), into: &body)
      Self.write("faults", state.faults, into: &body)
      Self.write("mostIn10s", state.tenSeconds, into: &body)
      Self.write("mostIn1s", state.oneSecond, into: &body)
    }
  }

  private static func texts(_ counts: [Int: Int]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: counts.map { (String($0.key), $0.value) })
  }

  private static func write(_ name: String, _ counts: [String: Int], into body: inout JSONWriter) {
    body.memberObject(name) { object in
      for (key, count) in counts.sorted(by: { $0.key < $1.key }) { object.member(key, count) }
    }
  }

  private static func write(_ name: String, _ crowds: [Pool: Crowd], into body: inout JSONWriter) {
    body.memberObject(name) { object in
      for pool in Pool.allCases {
        object.memberObject(pool.rawValue) {
          $0.member("requests", crowds[pool]?.most ?? 0)
          $0.member("endedAtMicroseconds", .number(String(crowds[pool]?.mostEndedAt ?? 0)))
        }
      }
    }
  }
}
