import GRDB

/// The properties API of one object type.
struct PropertyEndpoints {
  let store: PortalStore
  let type: ObjectType
  let call: Call

  // MARK: Reading

  func list() async throws -> Answer {
    let archived = try call.query.flag("archived")
    let properties = store.schema(of: type).sorted.filter { $0.isArchived == archived }
    return .ok(
      JSONWriter.object(reserving: 100_000) { body in
        body.memberArray("results") { list in
          for property in properties { PropertyJSON.write(property, into: &list) }
        }
      })
  }

  func read(_ name: String) async throws -> Answer {
    let archived = try call.query.flag("archived")
    guard let property = store.schema(of: type).all[name], property.isArchived == archived else {
      throw Refusal.property(.notFound(name: name, type: type))
    }
    return answer(property, status: 200)
  }

  private func answer(_ property: PropertyDefinition, status: Int) -> Answer {
    var writer = JSONWriter()
    PropertyJSON.write(property, into: &writer)
    return Answer(status: status, body: writer.bytes)
  }

  // MARK: Writing

  func create() async throws -> Answer {
    let shape = BodyShape(try call.json())
    let created = try await store.changeProperties(of: type) { transaction, schema in
      [try add(shape, to: schema, transaction)]
    }
    guard let property = created.first else { throw Refusal.storeFailed }
    return answer(property, status: 201)
  }

  /// Creating the name of an archived property restores it (observed); it then takes the new definition.
  private func add(
    _ shape: BodyShape, to schema: TypeSchema, _ transaction: WriteTransaction
  ) throws -> PropertyDefinition {
    var draft = try PropertyDraft.create(shape, time: transaction.time)
    if let existing = schema.all[draft.name] {
      guard existing.isArchived else { throw Refusal.property(.nameExists(name: draft.name)) }
      draft.createdAt = existing.createdAt
      // Values and the unique index of the archived property are still there; its type and uniqueness stay.
      draft.type = existing.type
      draft.fieldType = existing.type == draft.type ? draft.fieldType : existing.fieldType
      draft.hasUniqueValue = existing.hasUniqueValue
    }
    try checkGroup(draft.groupName, transaction.db)
    let unique = schema.all.values.count(where: { $0.hasUniqueValue && !$0.isArchived })
    if draft.hasUniqueValue, unique >= PropertyDraft.uniqueLimit {
      throw Refusal.property(.tooManyUnique(limit: PropertyDraft.uniqueLimit))
    }
    return draft
  }

  private func checkGroup(_ name: String, _ db: Database) throws {
    guard try PropertyGroups(db: db, type: type).find(name) != nil else {
      throw Refusal.property(.groupNotFound(name: name, type: type))
    }
  }

  func update(_ name: String) async throws -> Answer {
    let shape = BodyShape(try call.json())
    let changed = try await store.changeProperties(of: type) { transaction, schema in
      guard var property = schema.property(name) else { throw Refusal.property(.notFound(name: name, type: type)) }
      if property.hubspotDefined { throw Refusal.property(.standardProperty(name: name)) }
      try PropertyDraft.apply(shape, to: &property, time: transaction.time)
      try checkGroup(property.groupName, transaction.db)
      return [property]
    }
    guard let property = changed.first else { throw Refusal.storeFailed }
    return answer(property, status: 200)
  }

  func archive(_ name: String) async throws -> Answer {
    _ = try await store.changeProperties(of: type) { transaction, schema in
      guard schema.property(name) != nil else { throw Refusal.property(.notFound(name: name, type: type)) }
      return try archived([name], schema, transaction)
    }
    return .noContent
  }

  private func archived(
    _ names: [String], _ schema: TypeSchema, _ transaction: WriteTransaction
  ) throws(Refusal) -> [PropertyDefinition] {
    var result: [PropertyDefinition] = []
    for name in names {
      guard var property = schema.property(name) else { continue }
      if property.hubspotDefined { throw .property(.standardProperty(name: name)) }
      property.archivedAt = transaction.time
      property.updatedAt = transaction.time
      result.append(property)
    }
    return result
  }

  // MARK: Batches

  func batch(_ operation: Endpoint.PropertyBatch) async throws -> Answer {
    let body = BodyShape(try call.json())
    let inputs = try body.inputs(limit: BatchEnvelope.inputLimit)
    switch operation {
    case .read: return try batchRead(body, inputs)
    case .create: return try await batchCreate(inputs)
    case .archive:
      let names = try inputs.map { try $0.text("name") }
      _ = try await store.changeProperties(of: type) { try archived(names, $1, $0) }
      return Answer(status: 204, body: nil, inputs: inputs.count)
    }
  }

  /// `dataSensitivity` is required by the schema and left out by HubSpot's own client, so it is optional here.
  private func batchRead(_ body: BodyShape, _ inputs: [BodyShape]) throws -> Answer {
    let archived = try body.flag("archived") ?? false
    let schema = store.schema(of: type)
    var found: [PropertyDefinition] = []
    var failures: [BatchEnvelope.Failure] = []
    for input in inputs {
      let name = try input.text("name")
      if let property = schema.all[name], property.isArchived == archived {
        found.append(property)
      } else {
        let refusal = Refusal.property(.notFound(name: name, type: type))
        failures.append(BatchEnvelope.Failure(refusal: refusal, context: ["name": [name]]))
      }
    }
    return BatchEnvelope(store.clock).answer(success: 200, inputs: inputs.count, failures: failures) { list in
      for property in found { PropertyJSON.write(property, into: &list) }
    }
  }

  /// Properties that cannot be created are listed as errors beside the created ones (the schema has a 207).
  private func batchCreate(_ inputs: [BodyShape]) async throws -> Answer {
    let envelope = BatchEnvelope(store.clock)
    let failed = FailureList()
    let created = try await store.changeProperties(of: type) { transaction, schema in
      var added: [PropertyDefinition] = []
      for input in inputs {
        do {
          let property = try add(input, to: schema, transaction)
          schema.set(property)
          added.append(property)
        } catch let refusal as Refusal {
          failed.append(refusal, context: ["name": [input.member("name")?.text ?? ""]])
        }
      }
      return added
    }
    return envelope.answer(success: 201, inputs: inputs.count, failures: failed.all) { list in
      for property in created { PropertyJSON.write(property, into: &list) }
    }
  }
}
