import HubSpot
import LisSchema

/// Reads which records are associated with which: once for a plan, again just before a link is made, and after a reply
/// that was lost.
struct Links {
  /// Records of one batch read of associations (associations guide).
  static let batchSize = 1_000

  let engine: Engine

  struct Found {
    fileprivate var targets: [Source: Targets] = [:]

    fileprivate struct Source: Hashable {
      var object: String
      var id: String
      var target: String
    }

    fileprivate enum Targets {
      case read([String])
      case unreadable(String)
    }

    enum State {
      case linked
      /// With the ids of that type that it is linked to instead.
      case unlinked(others: [String])
      case unreadable(String)
    }

    func state(of record: RecordChange) -> State {
      guard let id = record.id, let target = record.target else { return .unlinked(others: []) }
      switch targets[Source(object: record.object, id: id, target: target.object)] {
      case .read(let ids) where ids.contains(target.id): return .linked
      case .read(let ids): return .unlinked(others: ids)
      case .unreadable(let reason): return .unreadable(reason)
      case nil: return .unreadable("the reply does not mention it")
      }
    }
  }

  /// - Parameter finishes: part of a batch under way, which being told to stop does not break off.
  func read(_ records: [RecordChange], finishes: Bool = false) throws -> Found {
    struct Pair: Hashable {
      var object: String
      var target: String
    }
    var ids: [Pair: [String]] = [:]
    var seen: [Pair: Set<String>] = [:]
    for record in records where record.verb == .associate {
      guard let id = record.id, let target = record.target else { continue }
      let pair = Pair(object: record.object, target: target.object)
      if seen[pair, default: []].insert(id).inserted { ids[pair, default: []].append(id) }
    }
    var found = Found()
    for (pair, ids) in ids.sorted(by: { ($0.key.object, $0.key.target) < ($1.key.object, $1.key.target) }) {
      for start in stride(from: 0, to: ids.count, by: Links.batchSize) {
        let batch = Array(ids[start..<min(start + Links.batchSize, ids.count)])
        try read(pair.object, batch, pair.target, finishes, &found)
      }
    }
    return found
  }

  /// Ids of one type that records are linked to, by record; none for records that do not exist.
  func targets(of object: String, _ ids: [String], to target: String) throws -> [String: [String]] {
    var found = Found()
    for start in stride(from: 0, to: ids.count, by: Links.batchSize) {
      let batch = Array(ids[start..<min(start + Links.batchSize, ids.count)])
      try read(object, batch, target, false, &found)
    }
    var targets: [String: [String]] = [:]
    for (source, state) in found.targets {
      switch state {
      case .read(let ids): targets[source.id] = ids
      case .unreadable(let reason):
        throw EngineError.unreadableAnswer("the associations of record \(source.id): \(reason)")
      }
    }
    return targets
  }

  private func read(
    _ object: String, _ all: [String], _ target: String, _ finishes: Bool, _ found: inout Found
  ) throws {
    for id in all {
      guard let planned = engine.overlay.plannedRecord(object, id) else { continue }
      found.targets[Found.Source(object: object, id: id, target: target)] = .read(
        planned.targets.filter { $0.object == target }.map(\.id).sorted())
    }
    let ids = all.filter { !engine.overlay.isPlanned($0) }
    if ids.isEmpty { return }
    let client = engine.client
    let from = try engine.objectType(object)
    let to = try engine.objectType(target)
    let outcomes = try engine.waiter.wait(finishes: finishes) { () throws(HubSpotError) in
      try await client.batchReadAssociations(from: from, ids: ids, to: to)
    }
    for (id, outcome) in zip(ids, outcomes) {
      let source = Found.Source(object: object, id: id, target: target)
      switch outcome {
      case .found(let records, let after):
        var all = records.map(\.id)
        if after != nil {
          all += try LinkedWalk.more(engine, of: from, id, to: to, after: after, finishes: finishes)
        }
        // Under `plan` earlier statements would have made links that the portal does not know of.
        if let change = engine.overlay.change(object, id), change.isPlanned {
          all += change.targets.filter { $0.object == target && !all.contains($0.id) }.map(\.id).sorted()
        }
        found.targets[source] = .read(all)
      // That the record is gone is told when it is to be sent, as a failure of that record.
      case .failed(let failure) where failure.isNotFound: found.targets[source] = .read([])
      case .failed(let failure): found.targets[source] = .unreadable(failure.message)
      case .unaccounted: found.targets[source] = .unreadable("the reply does not mention it")
      }
    }
  }
}
