import HubSpot
import LisCore

/// A cursor whose rows come by ascending id and can be merged with others.
protocol RowWalk: RowCursor {
  /// The next page, which may be empty; nil at the end.
  func nextRows(_ machine: Machine) throws -> [(id: String, row: Value)]?
  /// What is left to read; rows that are handed out are taken from it, wherever they come from.
  var budget: ReadBudget? { get }
}

extension RowWalk {
  func nextPage(_ machine: Machine) throws -> Value? {
    while let page = try nextRows(machine) {
      try budget?.take(page.count)
      if !page.isEmpty { return machine.makeList(page.map(\.row)) }
    }
    return nil
  }
}

/// All results of one search, by ascending id, past the cap of 10,000: see `KeysetSearch`.
final class SearchWalk: RowWalk {
  private let engine: Engine
  private let rows: RowBuilder
  private var search: KeysetSearch
  let budget: ReadBudget?

  init(engine: Engine, rows: RowBuilder, groups: [FilterGroup], budget: ReadBudget? = nil) {
    self.engine = engine
    self.rows = rows
    self.budget = budget
    let type = (try? ObjectType(rows.schema.object)) ?? .lineItems
    search = KeysetSearch(SearchRequest(type: type, filterGroups: groups, properties: rows.properties))
  }

  /// The next page; empty when this run has archived all of it, nil at the end.
  func nextRows(_ machine: Machine) throws -> [(id: String, row: Value)]? {
    guard let request = search.next else { return nil }
    let client = engine.client
    let body = try engine.waiter.wait { () throws(HubSpotError) in
      try await client.search(request, into: ObjectBody())
    }
    let answer = try rows.decode(body)
    let results = try rows.results(of: answer)
    let isFirst = search.total == nil
    let ids = try results.map { try rows.id(of: $0) }
    do throws(HubSpotError) {
      try search.take(ids: ids, cursor: rows.cursor(of: answer), total: machine.field(answer, "total")?.int)
    } catch {
      guard case .serverLoop(let object, let place) = error else { throw error }
      throw EngineError.serverLoop(object: object, id: place)
    }
    if isFirst {
      try budget?.expect(search.total ?? 0)
      engine.warnOfToday((search.total ?? 0) / SearchLimits.hubSpot.pageSize)
    }
    let page = try rows.rows(results)
    engine.observer.reading(rows.schema.object, rows: rows.count, total: search.total)
    return page
  }
}

/// Several searches as one stream by ascending id; a record that two of them found comes once.
final class MergedWalk: RowCursor {
  private var walks: [(walk: any RowWalk, page: [(id: String, row: Machine.Keeper)], position: Int, isDone: Bool)]
  private let budget: ReadBudget?

  init(_ walks: [any RowWalk], budget: ReadBudget?) {
    self.walks = walks.map { ($0, [], 0, false) }
    self.budget = budget
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    var merged: [Value] = []
    while merged.count < SearchLimits.hubSpot.pageSize {
      try fill(machine)
      let heads = walks.filter { $0.position < $0.page.count }.map { $0.page[$0.position].id }
      guard let smallest = heads.min(by: { RecordOrder.isLess($0, $1) }) else { break }
      var isTaken = false
      for index in walks.indices
      where walks[index].position < walks[index].page.count && walks[index].page[walks[index].position].id == smallest {
        if !isTaken { merged.append(walks[index].page[walks[index].position].row.value) }
        isTaken = true
        walks[index].position += 1
      }
    }
    // Here and not in the walks, where a record that several of them find would count several times.
    try budget?.take(merged.count)
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
  private var chain = PageChain()
  private var hasPlanned = false

  init(engine: Engine, rows: RowBuilder) {
    self.engine = engine
    self.rows = rows
    type = (try? ObjectType(rows.schema.object)) ?? .lineItems
  }

  func nextPage(_ machine: Machine) throws -> Value? {
    while !chain.isDone {
      let request = ListRequest(
        type: type, properties: rows.properties, limit: ListRequest.pageLimit, after: chain.after)
      let client = engine.client
      let body = try engine.waiter.wait { () throws(HubSpotError) in
        try await client.list(request, into: ObjectBody())
      }
      let answer = try rows.decode(body)
      let results = try rows.results(of: answer)
      let cursor = rows.cursor(of: answer)
      guard chain.take(first: try results.first.map { try rows.id(of: $0) }, cursor: cursor) else {
        throw EngineError.serverLoop(object: rows.schema.object, id: cursor ?? "")
      }
      // Pages follow each other by ascending id as far as anybody has seen; inside of one nothing is promised.
      let page = try rows.rows(results).sorted { RecordOrder.isLess($0.id, $1.id) }
      engine.observer.reading(rows.schema.object, rows: rows.count, total: nil)
      if !page.isEmpty { return machine.makeList(page.map(\.row)) }
    }
    return plannedRows(machine)
  }

  /// After all others, as their ids are.
  private func plannedRows(_ machine: Machine) -> Value? {
    guard !hasPlanned else { return nil }
    hasPlanned = true
    let page = rows.planned(engine.plannedIDs(rows.schema.object))
    return page.isEmpty ? nil : machine.makeList(page.map(\.row))
  }
}

/// Records by id, 100 at a time, in ascending order. Ids that do not exist give no row, as with any other condition.
final class IDWalk: RowWalk {
  private let engine: Engine
  private let rows: RowBuilder
  private let type: ObjectType
  private var rest: ArraySlice<String>
  /// Batches that have been asked for, in their order.
  private var asked: ArraySlice<(ids: [String], answer: Pending<[UInt8], HubSpotError>)> = []
  private var batchesTaken = 0
  /// Those that only would be made; they come after all others.
  private var planned: [String]
  /// Who names ids knows how many they are.
  let budget: ReadBudget? = nil

  init(engine: Engine, rows: RowBuilder, ids: [String]) {
    self.engine = engine
    self.rows = rows
    type = (try? ObjectType(rows.schema.object)) ?? .lineItems
    rest = ids.filter { !engine.overlay.isPlanned($0) }.sorted { RecordOrder.isLess($0, $1) }[...]
    planned = ids.filter { engine.overlay.isPlanned($0) }.sorted()
  }

  func nextRows(_ machine: Machine) throws -> [(id: String, row: Value)]? {
    askAhead()
    guard let (batch, pending) = asked.popFirst() else {
      defer { planned = [] }
      return planned.isEmpty ? nil : rows.planned(planned)
    }
    batchesTaken += 1
    let body = try engine.waiter.wait(for: pending)
    let answer = try rows.decode(body)
    let results = try rows.results(of: answer)
    try checkComplete(batch, results, answer, machine)
    let page = try rows.rows(results).sorted { RecordOrder.isLess($0.id, $1.id) }
    engine.observer.reading(rows.schema.object, rows: rows.count, total: nil)
    return page
  }

  /// Which batches there will be is known, so that several are asked for at once: one at first, in case no more than
  /// the first rows are wanted, then as many as the latency and the quota ask for.
  private func askAhead() {
    let width = min(engine.client.usefulConcurrency(.burst), max(1, 2 * batchesTaken))
    while asked.count < width, !rest.isEmpty {
      let batch = Array(rest.prefix(Sender.batchSize))
      rest = rest.dropFirst(Sender.batchSize)
      let request = BatchReadRequest(type: type, ids: batch, properties: rows.properties)
      let client = engine.client
      let pending = engine.waiter.start { () throws(HubSpotError) in
        try await client.batchRead(request, into: ObjectBody())
      }
      asked.append((batch, pending))
    }
  }

  /// Ids that do not exist are named in `errors`. Any other error, or an id that the answer passes over, means that
  /// records may be missing, which must not look like records that do not exist.
  private func checkComplete(_ batch: [String], _ results: [Value], _ answer: Value, _ machine: Machine) throws {
    var missing: Set<String> = []
    for error in machine.field(answer, "errors")?.items ?? [] {
      guard machine.field(error, "category")?.string == "OBJECT_NOT_FOUND" else {
        throw EngineError.unreadableAnswer(
          machine.field(error, "message")?.string ?? "some records could not be read, and the answer does not say why")
      }
      let context = machine.field(error, "context") ?? .null
      let ids = (machine.field(context, "ids")?.items ?? []).compactMap(\.string)
      // An error that names no ids speaks of all that are not there.
      if ids.isEmpty { return }
      missing.formUnion(ids)
    }
    guard results.count + missing.intersection(batch).count >= batch.count else {
      throw EngineError.unreadableAnswer("it passes over some of the records that were asked for")
    }
  }
}

/// A body that looks like a whole JSON object. A page of HTML or a body that was cut is then asked for again by the
/// client, as a read may be; what is inside is decoded where the values are made.
struct ObjectBody: BodySink {
  struct NotAnObject: Error, CustomStringConvertible {
    var description: String { "it is not a complete JSON object" }
  }

  func decode(_ body: [UInt8], status: Int) throws -> [UInt8] {
    func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
    guard body.first(where: { !isSpace($0) }) == UInt8(ascii: "{"),
      body.last(where: { !isSpace($0) }) == UInt8(ascii: "}")
    else { throw NotAnObject() }
    return body
  }
}
