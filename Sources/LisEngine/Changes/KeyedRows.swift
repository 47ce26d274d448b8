import HubSpot
import LisCore
import LisSchema

/// Finds the records that the keys of an `upsert` mean, and makes each row an update of one or a new record.
///
/// A property that HubSpot keeps unique is looked up by its values, 100 in a request. For any other, HubSpot offers no
/// complete and current way to ask for a value: a search answers from an index that lags by seconds to half a minute,
/// and two quick runs would both create. The list is not behind that index, so it is read to its end and compared here.
struct KeyedRows {
  let engine: Engine

  /// Turns the `upsert` rows of a statement into updates and creates. Rows that cannot be told apart are refused.
  func settle(_ rows: inout [InputRow], _ notices: inout [PlanNotice]) throws {
    for group in KeyedRows.groups(rows) {
      try refuseRepeated(rows, group)
      let found = try read(rows, group)
      notices += found.notices
      for position in group.positions { assign(&rows[position], found) }
      notices += nearMisses(rows, group, found)
    }
    let refused = rows.compactMap { row in row.verb == .upsert && !row.continuesOnError ? row.problem : nil }
    if !refused.isEmpty {
      throw EngineError.badRows(Array(refused.prefix(WriteCollection.shownProblems)), total: refused.count)
    }
  }

  // MARK: Groups

  /// Rows of one type and key property.
  private struct Group {
    var object: String
    var property: String
    var isUnique: Bool
    var positions: [Int] = []
  }

  private static func groups(_ rows: [InputRow]) -> [Group] {
    var groups: [Group] = []
    for (position, row) in rows.enumerated() where row.verb == .upsert && row.problem == nil {
      guard let key = row.key else { continue }
      if let known = groups.firstIndex(where: { $0.object == row.object && $0.property == key.property }) {
        groups[known].positions.append(position)
      } else {
        groups.append(
          Group(object: row.object, property: key.property, isUnique: key.isUnique, positions: [position]))
      }
    }
    return groups
  }

  /// How HubSpot compares unique values is not established, so keys that differ in case only count as one there.
  private func refuseRepeated(_ rows: [InputRow], _ group: Group) throws {
    var first: [String: Int] = [:]
    for position in group.positions {
      let key = comparable(rows[position], group)
      let identity = group.isUnique ? key.lowercased() : key
      if let other = first[identity] {
        throw EngineError.repeatedKey(
          property: group.property, key: rows[position].key?.text ?? "", first: rows[other].place,
          second: rows[position].place)
      }
      first[identity] = position
    }
  }

  private func comparable(_ row: InputRow, _ group: Group) -> String {
    row.properties.first { $0.name == group.property }?.afterKey ?? ""
  }

  // MARK: Reading

  /// What the portal has for the keys of a group.
  private struct Found {
    /// By key: everything that has it.
    var records: [String: [(id: String, record: CurrentRecord)]] = [:]
    /// By key: why nobody can say which record it means.
    var problems: [String: WireProblem] = [:]
    /// By key in lower case and without spaces around it: a key of the portal that is almost one of the rows'.
    var near: [String: String] = [:]
    var notices: [PlanNotice] = []
  }

  private func read(_ rows: [InputRow], _ group: Group) throws -> Found {
    let before = engine.client.statistics
    var properties: Set<String> = [group.property]
    for position in group.positions { properties.formUnion(rows[position].properties.map(\.name)) }
    var (found, count) =
      group.isUnique
      ? try readByKey(rows, group, properties.sorted()) : try readAll(rows, group, properties.sorted())
    let requests = RequestSummary(since: before, until: engine.client.statistics)
    found.notices.append(
      .keysRead(
        object: group.object, property: group.property, isUnique: group.isUnique, records: count,
        requests: requests.total))
    return found
  }

  private func readByKey(_ rows: [InputRow], _ group: Group, _ properties: [String]) throws -> (Found, Int) {
    var found = Found()
    for start in stride(from: 0, to: group.positions.count, by: Sender.batchSize) {
      let batch = group.positions[start..<min(start + Sender.batchSize, group.positions.count)]
      let keys = batch.compactMap { rows[$0].key?.text }
      let states = try engine.read(group.object, keys: keys, of: group.property, properties: properties)
      for position in batch {
        guard let text = rows[position].key?.text else { continue }
        let key = comparable(rows[position], group)
        switch states[text] {
        case .present(let id, let record): found.records[key] = [(id, record)]
        case .absent: break
        case .spelled(let id, let other): found.problems[key] = .keySpelled(text, id: id, as: other)
        case .unreadable(let reason): found.problems[key] = .unreadableKey(text, reason: reason)
        case nil: found.problems[key] = .unreadableKey(text, reason: KeyedState.unmentioned)
        }
      }
    }
    return (found, found.records.count)
  }

  private func readAll(_ rows: [InputRow], _ group: Group, _ properties: [String]) throws -> (Found, Int) {
    var found = Found()
    let schema = try engine.loadSchema(group.object)
    let wanted = Set(group.positions.map { comparable(rows[$0], group) })
    let folded = Set(group.positions.map { KeyedRows.folded(rows[$0].key?.text ?? "") })
    var seen: Set<String> = []
    var count = 0
    try eachRecord(group.object, group.property, properties) { id, text, record in
      count += 1
      if text.isEmpty { return }
      let key = comparable(text, schema.properties[group.property])
      if wanted.contains(key) {
        // A list that shifts while it is read may show a record twice.
        if seen.insert(id).inserted { found.records[key, default: []].append((id, try record())) }
      } else if folded.contains(KeyedRows.folded(text)) {
        found.near[KeyedRows.folded(text)] = text
      }
    }
    return (found, count)
  }

  /// Every record of a type with the text of its key, what this run has done to it included.
  private func eachRecord(
    _ object: String, _ property: String, _ properties: [String],
    _ body: (_ id: String, _ text: String, _ record: () throws -> CurrentRecord) throws -> Void
  ) throws {
    let schema = try engine.loadSchema(object)
    let own = engine.overlay.changes(object)
    var fresh = Set(own.filter { $0.value.isNew && !$0.value.isArchived }.keys)
    try engine.listAll(object, properties) { found in
      fresh.remove(found.id)
      let change = own[found.id]
      if change?.isArchived == true { return }
      try body(found.id, change?.properties[property] ?? found.text(property)) {
        let record = engine.current(found, properties, schema)
        return try change.map { try engine.laidOver(record, $0, object) } ?? record
      }
    }
    // What this run has made itself belongs to the whole, whatever the list says.
    for start in stride(from: 0, to: fresh.count, by: Sender.batchSize) {
      let ids = Array(fresh.sorted()[start..<min(start + Sender.batchSize, fresh.count)])
      for (id, state) in try engine.read(object, ids: ids, properties: properties) {
        switch state {
        case .present(let record): try body(id, record.wire[property] ?? "") { record }
        case .absent: break
        // A key that is taken for free would be created a second time.
        case .unreadable(let reason): throw EngineError.unreadableAnswer("record \(id): \(reason)")
        }
      }
    }
  }

  /// Records that have keys which were to be new, by the key; everything is read again.
  func holders(of keys: Set<UpsertKey>, property: String, object: String) throws -> [UpsertKey: String] {
    let known = try engine.loadSchema(object).properties[property]
    let wanted = Dictionary(keys.map { (comparable($0.text, known), $0) }) { first, _ in first }
    var holders: [UpsertKey: String] = [:]
    try eachRecord(object, property, [property]) { id, text, _ in
      if !text.isEmpty, let key = wanted[comparable(text, known)] { holders[key] = id }
    }
    return holders
  }

  /// The record to which this run has given a key, if it did.
  func ownHolder(of key: String, property: String, object: String) throws -> String? {
    let known = try engine.loadSchema(object).properties[property]
    let wanted = comparable(key, known)
    return engine.overlay.changes(object).first { _, change in
      guard !change.isArchived, let text = change.properties[property], !text.isEmpty else { return false }
      return comparable(text, known) == wanted
    }?.key
  }

  /// As `PropertyChange.afterKey`. Text is compared as it is; numbers and times by what they mean.
  private func comparable(_ text: String, _ property: PropertySchema?) -> String {
    engine.comparable(text, property)
  }

  static func folded(_ text: String) -> String {
    var text = text.lowercased()[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  // MARK: Rows

  private func assign(_ row: inout InputRow, _ found: Found) {
    guard let key = row.key else { return }
    let value = row.properties.first { $0.name == key.property }?.afterKey ?? ""
    if let problem = found.problems[value] {
      row.problem = RowProblem(place: row.place, id: nil, property: key.property, reason: problem)
      return
    }
    let records = found.records[value] ?? []
    switch records.count {
    case 0: row.verb = .create
    case 1:
      row.verb = .update
      row.id = records[0].id
      // What other rows of the statement write is no reason to leave this one alone.
      let own = Set(row.properties.map(\.name))
      row.snapshot = records[0].record.snapshot.filter { own.contains($0.key) }
    default:
      row.problem = RowProblem(
        place: row.place, id: nil, property: key.property,
        reason: .ambiguousKey(key.text, ids: records.map(\.id).sorted { RecordOrder.isLess($0, $1) }))
    }
  }

  /// New keys that look like an old one in other letters are more often a slip than a new product. And the target of an
  /// upsert is for what it creates.
  private func nearMisses(_ rows: [InputRow], _ group: Group, _ found: Found) -> [PlanNotice] {
    var notices: [PlanNotice] = []
    let near = group.positions.compactMap { position -> (String, String)? in
      guard rows[position].verb == .create, let text = rows[position].key?.text else { return nil }
      return found.near[KeyedRows.folded(text)].map { (text, $0) }
    }
    if let first = near.first {
      notices.append(.nearKeys(property: group.property, count: near.count, given: first.0, existing: first.1))
    }
    let kept = group.positions.count { rows[$0].verb == .update && rows[$0].target != nil }
    if kept > 0 { notices.append(.keepsAssociations(object: group.object, count: kept)) }
    return notices
  }
}

extension Engine {
  /// Every record of a type that is not archived, page by page from the list.
  func listAll(_ object: String, _ properties: [String], _ body: (CRMObject) throws -> Void) throws {
    let type = try objectType(object)
    let client = self.client
    var chain = PageChain()
    var count = 0
    while !chain.isDone {
      let request = ListRequest(type: type, properties: properties, limit: ListRequest.pageLimit, after: chain.after)
      let page = try waiter.wait { () throws(HubSpotError) in try await client.listPage(request) }
      for record in page.results { try body(record) }
      count += page.results.count
      observer.reading(object, rows: count, total: nil)
      guard chain.take(first: page.results.first?.id, cursor: page.nextAfter) else {
        throw EngineError.serverLoop(object: object, id: page.nextAfter ?? "")
      }
    }
  }
}
