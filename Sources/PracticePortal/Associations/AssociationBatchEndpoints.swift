import GRDB

/// The association batches and the labels of a pair of object types.
struct AssociationBatchEndpoints {
  let store: PortalStore
  let from: ObjectType
  let to: ObjectType
  let call: Call

  static let readLimit = 1000
  static let writeLimit = 2000

  func run(_ operation: Endpoint.AssociationBatch) async throws -> Answer {
    let typeId = try AssociationEndpoints.typeId(from, to)
    let body = BodyShape(try call.json())
    let inputs = try body.inputs(limit: operation == .read ? Self.readLimit : Self.writeLimit)
    return switch operation {
    case .read: try await read(inputs, typeId: typeId)
    case .create: try await create(inputs)
    case .associateDefault: try await associateDefault(inputs)
    case .archive: try await archive(inputs)
    case .labelsArchive: try await archiveLabels(inputs, typeId: typeId)
    }
  }

  func labels() throws -> Answer {
    let typeId = try AssociationEndpoints.typeId(from, to)
    return .ok(
      JSONWriter.object { body in
        body.memberArray("results") { list in
          list.object {
            $0.member("category", "HUBSPOT_DEFINED")
            $0.member("typeId", typeId)
            $0.member("label", String?.none)
          }
        }
      })
  }

  private static func id(_ input: BodyShape, _ side: String) throws(Refusal) -> String {
    guard let member = input.member(side) else { throw .requiredFieldsMissing(["\(input.path).\(side)"]) }
    return try BodyShape(member, path: "\(input.path).\(side)").identifier("id")
  }

  // MARK: Read

  private struct Listing: Sendable {
    var id: String
    var targets: [Int64]
  }

  /// 207 as soon as one input has no association; that is not a failure, but HubSpot reports it as one.
  private func read(_ inputs: [BodyShape], typeId: Int) async throws -> Answer {
    let envelope = BatchEnvelope(store.clock)
    var wanted: [(id: String, after: Int64)] = []
    var seen: Set<String> = []
    for input in inputs {
      let id = try input.identifier("id")
      if seen.insert(id).inserted {
        wanted.append((id, Int64(input.member("after")?.scalarText ?? "") ?? 0))
      }
    }
    let pages = wanted
    let limit = AssociationListing.pageLimit
    let listings = try await store.read { db in
      let table = AssociationTable(db: db)
      return try pages.map { page in
        guard let number = Int64(page.id) else { return Listing(id: page.id, targets: []) }
        return Listing(
          id: page.id, targets: try table.targets(of: from, number, to: to, from: page.after, limit: limit + 1))
      }
    }
    let failures = listings.filter(\.targets.isEmpty).map {
      BatchEnvelope.Failure(refusal: .association(.none(from: $0.id, fromType: from, toType: to)))
    }
    let found = BatchEnvelope.shuffled(listings.filter { !$0.targets.isEmpty }) { Int64($0.id) ?? 0 }
    return envelope.answer(success: 200, inputs: inputs.count, failures: failures) { list in
      for listing in found { Self.write(listing, limit: limit, typeId: typeId, into: &list) }
    }
  }

  private static func write(_ listing: Listing, limit: Int, typeId: Int, into list: inout JSONWriter) {
    list.object { entry in
      entry.memberObject("from") { $0.member("id", listing.id) }
      entry.memberArray("to") { targets in
        for target in listing.targets.prefix(limit) {
          AssociationEndpoints.write(target, typeId: typeId, into: &targets)
        }
      }
      if listing.targets.count > limit {
        let next = String(listing.targets[limit])
        entry.memberObject("paging") { $0.memberObject("next") { $0.member("after", next) } }
      }
    }
  }

  // MARK: Write

  private struct Pair: Sendable {
    var from: Int64
    var to: Int64
    var context: [String: [String]]
  }

  private func pairs(_ inputs: [BodyShape]) throws(Refusal) -> [Pair] {
    var pairs: [Pair] = []
    for input in inputs {
      let (left, right) = (try Self.id(input, "from"), try Self.id(input, "to"))
      guard let first = Int64(left) else { throw .association(.invalidTargets(ids: [left], type: from)) }
      guard let second = Int64(right) else { throw .association(.invalidTargets(ids: [right], type: to)) }
      pairs.append(Pair(from: first, to: second, context: ["fromObjectId": [left], "toObjectId": [right]]))
    }
    return pairs
  }

  /// Links what can be linked; answers the pairs that were and the refusals of the others.
  private func link(_ pairs: [Pair]) async throws -> (linked: [Pair], failures: [BatchEnvelope.Failure]) {
    try await store.write { transaction in
      var linked: [Pair] = []
      var failures: [BatchEnvelope.Failure] = []
      for pair in pairs {
        do {
          try AssociationEndpoints.link(transaction.db, from, pair.from, to, pair.to)
          linked.append(pair)
        } catch let refusal as Refusal {
          failures.append(BatchEnvelope.Failure(refusal: refusal, context: pair.context))
        }
      }
      return (linked, failures)
    }
  }

  private func create(_ inputs: [BodyShape]) async throws -> Answer {
    let envelope = BatchEnvelope(store.clock)
    for input in inputs {
      let types = try input.list("types") ?? []
      if types.isEmpty { throw Refusal.requiredFieldsMissing(["\(input.path).types"]) }
      for item in types {
        let target = try LinkRequests.target(of: BodyShape(item, path: "\(input.path).types"), from: from)
        if target != to { throw Refusal.association(.notAssociable(from: from, to: to)) }
      }
    }
    let (linked, failures) = try await link(try pairs(inputs))
    return envelope.answer(success: 201, inputs: inputs.count, failures: failures) { list in
      for pair in linked {
        list.object {
          $0.member("fromObjectTypeId", from.typeId)
          $0.member("fromObjectId", .number(String(pair.from)))
          $0.member("toObjectTypeId", to.typeId)
          $0.member("toObjectId", .number(String(pair.to)))
          $0.member("labels", [])
        }
      }
    }
  }

  private func associateDefault(_ inputs: [BodyShape]) async throws -> Answer {
    let envelope = BatchEnvelope(store.clock)
    let (linked, failures) = try await link(try pairs(inputs))
    return try envelope.answer(success: 200, inputs: inputs.count, failures: failures) { list in
      for pair in linked {
        try AssociationEndpoints.writeBothDirections(from, pair.from, to, pair.to, into: &list)
      }
    }
  }

  /// 204 on v4, and 200 with the envelope of a batch on dated paths.
  private func archive(_ inputs: [BodyShape]) async throws -> Answer {
    let envelope = BatchEnvelope(store.clock)
    var pairs: [(Int64, Int64)] = []
    for input in inputs {
      guard let left = Int64(try Self.id(input, "from")) else { continue }
      for item in try input.list("to") ?? [] {
        if let right = Int64(try BodyShape(item, path: "\(input.path).to").identifier("id")) {
          pairs.append((left, right))
        }
      }
    }
    try await unlink(pairs)
    return removed(envelope, inputs: inputs.count)
  }

  /// There are only unlabelled types here, and removing the unlabelled type removes the association.
  private func archiveLabels(_ inputs: [BodyShape], typeId: Int) async throws -> Answer {
    let envelope = BatchEnvelope(store.clock)
    var pairs: [(Int64, Int64)] = []
    for input in inputs {
      let types = try input.list("types") ?? []
      let named = types.contains { $0["associationTypeId"]?.integer == typeId }
      if named, let left = Int64(try Self.id(input, "from")), let right = Int64(try Self.id(input, "to")) {
        pairs.append((left, right))
      }
    }
    try await unlink(pairs)
    return removed(envelope, inputs: inputs.count)
  }

  private func unlink(_ pairs: [(Int64, Int64)]) async throws {
    try await store.write { transaction in
      let table = AssociationTable(db: transaction.db)
      for (left, right) in pairs { try table.unlink(from, left, to, right) }
    }
  }

  private func removed(_ envelope: BatchEnvelope, inputs: Int) -> Answer {
    if call.version.isDated { return envelope.answer(success: 200, inputs: inputs) { _ in } }
    return Answer(status: 204, body: nil, inputs: inputs)
  }
}
