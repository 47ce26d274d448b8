import HubSpot
import LisCore
import LisSchema

/// Records that are linked to others, by ascending id: the links of those others are read first, then the records. It
/// takes any number of ids, and links are there at once where a search lags (1,000 ids in one
/// request, by the associations guide).
final class LinkedWalk: RowWalk {
  private let engine: Engine
  private let rows: RowBuilder
  private let links: [ReadPlan.Link]
  let budget: ReadBudget?
  private var records: IDWalk?

  init(engine: Engine, rows: RowBuilder, links: [ReadPlan.Link], budget: ReadBudget?) {
    self.engine = engine
    self.rows = rows
    self.links = links
    self.budget = budget
  }

  func nextRows(_ machine: Machine) throws -> [(id: String, row: Value)]? {
    if let records { return try records.nextRows(machine) }
    var ids: Set<String>?
    for link in links {
      let linked = try read(link).union(own(link))
      ids = ids?.intersection(linked) ?? linked
    }
    let found = Array(ids ?? [])
    try budget?.expect(found.count)
    let records = IDWalk(engine: engine, rows: rows, ids: found)
    self.records = records
    return try records.nextRows(machine)
  }

  /// Records that this run links itself, under `plan` too, where HubSpot knows nothing of it.
  private func own(_ link: ReadPlan.Link) -> [String] {
    let object = ObjectNames.plural(link.field)
    return engine.overlay.changes(rows.schema.object).filter { _, change in
      !change.isArchived && change.targets.contains { $0.object == object && link.ids.contains($0.id) }
    }.map(\.key)
  }

  static let batchSize = 1_000

  private func read(_ link: ReadPlan.Link) throws -> Set<String> {
    let from = try engine.objectType(ObjectNames.plural(link.field))
    let to = try engine.objectType(rows.schema.object)
    let client = engine.client
    var linked: Set<String> = []
    // A record that only would be made is linked to by what this run plans alone.
    var rest = link.ids.filter { !engine.overlay.isPlanned($0) }[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(LinkedWalk.batchSize))
      rest = rest.dropFirst(LinkedWalk.batchSize)
      let outcomes = try engine.waiter.wait { () throws(HubSpotError) in
        try await client.batchReadAssociations(from: from, ids: batch, to: to)
      }
      for (id, outcome) in zip(batch, outcomes) {
        switch outcome {
        case .found(let records, let after):
          linked.formUnion(records.map(\.id))
          if after != nil { linked.formUnion(try LinkedWalk.more(engine, of: from, id, to: to, after: after)) }
        // A record that does not exist is linked to nothing, as with any other condition.
        case .failed(let failure) where failure.category == "OBJECT_NOT_FOUND": break
        case .failed(let failure): throw EngineError.unreadableAnswer(failure.message)
        case .unaccounted:
          throw EngineError.unreadableAnswer("it passes over the links of some of the records that were asked for")
        }
      }
    }
    return linked
  }

  /// The rest of the links of a record that has more than a batch read gives.
  static func more(
    _ engine: Engine, of type: ObjectType, _ id: String, to other: ObjectType, after cursor: String?,
    finishes: Bool = false
  ) throws -> [String] {
    let client = engine.client
    var ids: [String] = []
    var chain = PageChain(after: cursor)
    while !chain.isDone {
      let after = chain.after
      let page = try engine.waiter.wait(finishes: finishes) { () throws(HubSpotError) in
        try await client.associations(of: type, id: id, to: other, after: after)
      }
      ids += page.results.map(\.id)
      guard chain.take(first: page.results.first?.id, cursor: page.nextAfter) else {
        throw EngineError.serverLoop(object: type.name, id: id)
      }
    }
    return ids
  }
}
