import HubSpot
import LisCore

/// All results of one search, by ascending id, past the cap of 10,000.
///
/// Pages go by offset inside a window; the next window begins behind the last id. A cursor on the id makes progress
/// whatever changes meanwhile; one on the time of change would loop when many records share a stamp.
final class SearchWalk: RowCursor {
  private let engine: Engine
  private let rows: RowBuilder
  private let groups: [FilterGroup]
  private let type: ObjectType
  private var last: String?
  private var window: String?
  private var after: String?
  private var isDone = false
  private var isFirst = true

  init(engine: Engine, rows: RowBuilder, groups: [FilterGroup]) {
    self.engine = engine
    self.rows = rows
    self.groups = groups
    type = (try? ObjectType(rows.schema.object)) ?? .lineItems
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    while let page = try nextRows(machine) {
      if !page.isEmpty { return machine.makeList(page.map(\.row)) }
    }
    return nil
  }

  /// The next page; empty when this run has archived all of it, nil at the end.
  func nextRows(_ machine: Machine) throws -> [(id: String, row: Value)]? {
    if isDone { return nil }
    let request = self.request()
    let client = engine.client
    let body = try engine.waiter.wait { () throws(HubSpotError) in
      try await client.search(request, into: RawBody())
    }
    let answer = try rows.decode(body)
    let results = machine.field(answer, "results")?.items ?? []
    try checkProgress(results, machine)
    advance(answer, results, machine)
    let page = rows.rows(results)
    engine.observer.reading(rows.schema.object, rows: rows.count, total: machine.field(answer, "total")?.int)
    return page
  }

  private func request() -> SearchRequest {
    let bound = window.map { Filter("hs_object_id", .greaterThan($0)) }
    let filtered = groups.map { group in FilterGroup(group.filters + (bound.map { [$0] } ?? [])) }
    return SearchRequest(
      type: type, filterGroups: filtered, sort: .byID, properties: rows.properties,
      limit: SearchLimits.hubSpot.pageSize, after: after)
  }

  /// Ascending ids prove progress; anything else is a server that repeats itself or ignores the sort.
  private func checkProgress(_ results: [Value], _ machine: Machine) throws {
    for result in results {
      guard let id = machine.field(result, "id")?.string else {
        throw EngineError.unreadableAnswer("a result has no id")
      }
      if let last, !RecordID.isLess(last, id) { throw EngineError.serverLoop(object: rows.schema.object, id: id) }
      last = id
    }
  }

  private func advance(_ answer: Value, _ results: [Value], _ machine: Machine) {
    let next = machine.field(answer, "paging").flatMap { machine.field($0, "next") }
      .flatMap { machine.field($0, "after") }
    // The cursor is documented as text, and a number is the same cursor.
    let cursor = next?.string ?? next?.int.map { String($0) }
    guard let cursor, !results.isEmpty else {
      // An exactly full window may hide more matches behind the cap.
      let reached = (after.flatMap { Int($0) } ?? 0) + results.count
      if reached >= SearchLimits.hubSpot.reachableResults, last != nil, !results.isEmpty {
        beginWindow()
      } else {
        isDone = true
      }
      return
    }
    if let offset = Int(cursor), offset + SearchLimits.hubSpot.pageSize > SearchLimits.hubSpot.reachableResults {
      beginWindow()
    } else {
      after = cursor
    }
  }

  private func beginWindow() {
    window = last
    after = nil
  }
}

/// Several searches as one stream by ascending id; a record that two of them found comes once.
final class MergedWalk: RowCursor {
  private var walks: [(walk: SearchWalk, page: [(id: String, row: Machine.Keeper)], position: Int, isDone: Bool)]

  init(_ walks: [SearchWalk]) { self.walks = walks.map { ($0, [], 0, false) } }

  func nextPage(_ machine: Machine) throws -> Value? {
    var merged: [Value] = []
    while merged.count < SearchLimits.hubSpot.pageSize {
      try fill(machine)
      let heads = walks.filter { $0.position < $0.page.count }.map { $0.page[$0.position].id }
      guard let smallest = heads.min(by: { RecordID.isLess($0, $1) }) else { break }
      var isTaken = false
      for index in walks.indices
      where walks[index].position < walks[index].page.count && walks[index].page[walks[index].position].id == smallest {
        if !isTaken { merged.append(walks[index].page[walks[index].position].row.value) }
        isTaken = true
        walks[index].position += 1
      }
    }
    return merged.isEmpty ? nil : machine.makeList(merged)
  }

  /// Every walk that is not at its end has a row to offer.
  private func fill(_ machine: Machine) throws {
    for index in walks.indices {
      while walks[index].position >= walks[index].page.count, !walks[index].isDone {
        guard let rows = try walks[index].walk.nextRows(machine) else {
          walks[index].isDone = true
          break
        }
        // Pages of the other walks are still being handed out while the loop collects garbage.
        walks[index].page = rows.map { ($0.id, machine.keep($0.row)) }
        walks[index].position = 0
      }
    }
  }
}

/// Every record of a type, by the list endpoint.
final class ListWalk: RowCursor {
  private let engine: Engine
  private let rows: RowBuilder
  private let type: ObjectType
  private var after: String?
  private var seenCursors: Set<String> = []
  private var isDone = false

  init(engine: Engine, rows: RowBuilder) {
    self.engine = engine
    self.rows = rows
    type = (try? ObjectType(rows.schema.object)) ?? .lineItems
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    while !isDone {
      let request = ListRequest(
        type: type, properties: rows.properties, limit: ListRequest.pageLimit, after: after)
      let client = engine.client
      let body = try engine.waiter.wait { () throws(HubSpotError) in
        try await client.list(request, into: RawBody())
      }
      let answer = try rows.decode(body)
      let next = machine.field(answer, "paging").flatMap { machine.field($0, "next") }
        .flatMap { machine.field($0, "after") }
      after = next?.string ?? next?.int.map { String($0) }
      if let after {
        guard seenCursors.insert(after).inserted else {
          throw EngineError.serverLoop(object: rows.schema.object, id: after)
        }
      } else {
        isDone = true
      }
      let page = rows.rows(machine.field(answer, "results")?.items ?? [])
      engine.observer.reading(rows.schema.object, rows: rows.count, total: nil)
      if !page.isEmpty { return machine.makeList(page.map(\.row)) }
    }
    return nil
  }
}

/// Records by id, 100 at a time, in ascending order. Ids that do not exist give no row, as with any other condition.
final class IDWalk: RowCursor {
  private let engine: Engine
  private let rows: RowBuilder
  private let type: ObjectType
  private var rest: ArraySlice<String>

  init(engine: Engine, rows: RowBuilder, ids: [String]) {
    self.engine = engine
    self.rows = rows
    type = (try? ObjectType(rows.schema.object)) ?? .lineItems
    rest = ids.sorted { RecordID.isLess($0, $1) }[...]
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    while !rest.isEmpty {
      let batch = Array(rest.prefix(Sender.batchSize))
      rest = rest.dropFirst(Sender.batchSize)
      let request = BatchReadRequest(type: type, ids: batch, properties: rows.properties)
      let client = engine.client
      let body = try engine.waiter.wait { () throws(HubSpotError) in
        try await client.batchRead(request, into: RawBody())
      }
      let answer = try rows.decode(body)
      let page = rows.rows(machine.field(answer, "results")?.items ?? [])
        .sorted { RecordID.isLess($0.id, $1.id) }
      engine.observer.reading(rows.schema.object, rows: rows.count, total: nil)
      if !page.isEmpty { return machine.makeList(page.map(\.row)) }
    }
    return nil
  }
}
