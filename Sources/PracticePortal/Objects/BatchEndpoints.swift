import GRDB

/// The five batches of records.
struct BatchEndpoints {
  let store: PortalStore
  let type: ObjectType
  let call: Call

  func run(_ operation: Endpoint.BatchOperation) async throws -> Answer {
    let body = BodyShape(try call.json())
    let inputs = try body.inputs(limit: BatchEnvelope.inputLimit)
    return switch operation {
    case .read: try await read(body, inputs)
    case .create: try await create(inputs)
    case .update: try await change(inputs, creates: false)
    case .upsert: try await change(inputs, creates: true)
    case .archive: try await archive(inputs)
    }
  }

  private func refuseDuplicates(_ keys: [String], shown: [String]) throws(Refusal) {
    var seen: Set<String> = []
    var twice: [String] = []
    for (key, id) in zip(keys, shown) where !seen.insert(key).inserted && !twice.contains(id) { twice.append(id) }
    if !twice.isEmpty { throw .duplicateIds(twice) }
  }

  // MARK: Read and archive

  private func read(_ body: BodyShape, _ inputs: [BodyShape]) async throws -> Answer {
    let envelope = BatchEnvelope(store.clock)
    let ids = try inputs.map { try $0.identifier("id") }
    // Documented for update and upsert; refusing it here as well is a practice-portal rule.
    try refuseDuplicates(ids, shown: ids)
    let idProperty = try body.optionalText("idProperty")
    let wanted = Wanted(
      schema: store.schema(of: type), properties: try body.texts("properties") ?? [],
      history: try body.texts("propertiesWithHistory") ?? [], associations: [],
      archived: try call.query.flag("archived"))
    return try await store.read { db in
      let locator = RecordLocator(table: RecordTable(db: db, schema: wanted.json.schema))
      let records = try locator.records(
        ids, idProperty: idProperty, archived: wanted.archived, names: wanted.columns, followsMerges: !wanted.archived)
      // Practice-portal rule: a record that was asked for under several of its merged ids comes once.
      var seen: Set<Int64> = []
      let found = ids.compactMap { records[$0] }.filter { seen.insert($0.id).inserted }
      let missing = ids.filter { records[$0] == nil }
      let failures =
        missing.isEmpty ? [] : [BatchEnvelope.Failure(refusal: .missingObjects(ids: missing, type: type))]
      return try envelope.answer(success: 200, inputs: ids.count, failures: failures) { list in
        for record in BatchEnvelope.shuffled(found, id: \.id) { try wanted.write(record, db, into: &list) }
      }
    }
  }

  private func archive(_ inputs: [BodyShape]) async throws -> Answer {
    let ids = try inputs.map { try $0.identifier("id") }
    try refuseDuplicates(ids, shown: ids)
    try await store.write { transaction in
      let writer = writer(transaction)
      for id in ids.compactMap({ Int64($0) }) { try writer.archive(id: id) }
    }
    return Answer(status: 204, body: nil, inputs: ids.count)
  }

  private func writer(_ transaction: WriteTransaction) -> RecordWriter {
    RecordWriter(
      transaction: transaction, schema: transaction.store.schema(of: type),
      normalizesDates: call.version.normalizesDates)
  }

  // MARK: Create

  private func create(_ inputs: [BodyShape]) async throws -> Answer {
    let envelope = BatchEnvelope(store.clock)
    let traces = try TraceIds(inputs)
    let links: [Result<[RequestedLink], Refusal>] = try inputs.map { input in
      do throws(Refusal) {
        return .success(try LinkRequests.read(input, from: type))
      } catch {
        // A bad association is one input's failure when partial results are on.
        if traces.allowPartialResults { return .failure(error) }
        throw error
      }
    }
    let properties = try inputs.map { input throws(Refusal) in
      guard let members = try input.members("properties") else {
        throw .requiredFieldsMissing(["\(input.path).properties"])
      }
      return members
    }
    return try await store.write { transaction in
      let writer = writer(transaction)
      var outcome = Outcome(traces: traces)
      var seen: Set<[String: String]> = []
      for index in inputs.indices {
        // HubSpot silently merges identical line items of one create (line-items guide). Practice-portal rule: they
        // are identical when their properties are, whatever their associations; the first one is kept.
        let key = properties[index].mapValues { $0.scalarText ?? "" }
        if type == .lineItems, !seen.insert(key).inserted { continue }
        try outcome.attempt(index) { try writer.create(properties[index], links: links[index].get()) }
      }
      let json = RecordJSON(everyPropertyOf: writer.schema)
      return outcome.answer(envelope, success: 201, inputs: inputs.count, json: { _ in json }, showsNew: false)
    }
  }

  // MARK: Update and upsert

  private struct Change {
    var id: String
    var idProperty: String?
    var properties: [String: JSON]

    init(_ input: BodyShape) throws(Refusal) {
      id = try input.identifier("id")
      idProperty = try input.optionalText("idProperty")
      guard let members = try input.members("properties") else {
        throw .requiredFieldsMissing(["\(input.path).properties"])
      }
      properties = members
    }
  }

  private func change(_ inputs: [BodyShape], creates: Bool) async throws -> Answer {
    let envelope = BatchEnvelope(store.clock)
    let traces = try TraceIds(inputs)
    let changes = try inputs.map { try Change($0) }
    try refuseDuplicates(changes.map { ($0.idProperty ?? "") + "\u{0}" + $0.id }, shown: changes.map(\.id))
    return try await store.write { transaction in
      let writer = writer(transaction)
      let found = try locate(changes, writer.schema, transaction.db)
      try refuseDuplicates(
        found.enumerated().map { $0.element.map { String($0.id) } ?? "input \($0.offset)" }, shown: changes.map(\.id))
      var outcome = Outcome(traces: traces)
      for (index, change) in changes.enumerated() {
        try outcome.attempt(index) {
          if let record = found[index] { return try writer.update(record, change.properties) }
          guard creates, let name = change.idProperty, name != "hs_object_id" else {
            // Practice-portal rule: without trace ids a missing record refuses the whole batch, like a bad value.
            throw Refusal.missingObjects(ids: [change.id], type: type)
          }
          return try writer.create(change.properties.merging([name: .string(change.id)]) { given, _ in given })
        }
      }
      return outcome.answer(
        envelope, success: 200, inputs: inputs.count,
        json: { index in ObjectEndpoints.shown(after: changes[index].properties, schema: writer.schema) },
        showsNew: creates)
    }
  }

  /// The records of all inputs, with one query for each kind of id.
  private func locate(_ changes: [Change], _ schema: TypeSchema, _ db: Database) throws -> [StoredRecord?] {
    let locator = RecordLocator(table: RecordTable(db: db, schema: schema))
    var found: [String?: [String: StoredRecord]] = [:]
    for (idProperty, group) in Dictionary(grouping: changes, by: \.idProperty) {
      found[idProperty] = try locator.records(group.map(\.id), idProperty: idProperty)
    }
    return changes.map { found[$0.idProperty]?[$0.id] }
  }
}

/// The `objectWriteTraceId` of every input. Partial results are on only when each input has one and no two are equal;
/// what HubSpot does with a repeated one is not known.
struct TraceIds: Sendable {
  let ids: [String?]
  let allowPartialResults: Bool

  init(_ inputs: [BodyShape]) throws(Refusal) {
    var ids: [String?] = []
    for input in inputs { ids.append(input.member("objectWriteTraceId")?.scalarText) }
    self.ids = ids
    let given = ids.compactMap { $0 }.filter { !$0.isEmpty }
    allowPartialResults = !given.isEmpty && given.count == inputs.count && Set(given).count == given.count
  }
}

/// Collects what became of the inputs of a writing batch.
private struct Outcome {
  let traces: TraceIds
  private var written: [(index: Int, result: RecordWriter.Written)] = []
  private var failures: [BatchEnvelope.Failure] = []

  init(traces: TraceIds) { self.traces = traces }

  /// Runs one input. A refusal becomes an entry when partial results are on, and otherwise ends the whole batch.
  mutating func attempt(_ index: Int, _ body: () throws -> RecordWriter.Written) throws {
    do {
      written.append((index, try body()))
    } catch let refusal as Refusal where traces.allowPartialResults {
      let traceId = traces.ids[index] ?? ""
      failures.append(BatchEnvelope.Failure(refusal: refusal, context: ["objectWriteTraceId": [traceId]]))
    }
  }

  /// Practice-portal rules: the trace id is echoed, and 207 with empty results is the answer when every input failed.
  func answer(
    _ envelope: BatchEnvelope, success: Int, inputs: Int, json: (Int) -> RecordJSON, showsNew: Bool
  ) -> Answer {
    envelope.answer(success: success, inputs: inputs, failures: failures) { list in
      for (index, result) in BatchEnvelope.shuffled(written, id: \.result.record.id) {
        let extras = RecordJSON.Extras(
          traceId: traces.ids[index], isNew: showsNew ? result.isNew : nil, warnings: result.warnings,
          onlyValues: true)
        json(index).write(result.record, extras: extras, into: &list)
      }
    }
  }
}
