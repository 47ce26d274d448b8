/// Links between records.
extension HubSpotClient {
  /// The most records of one batch read, and the most links of one batch create.
  private static let readInputLimit = 1_000
  private static let writeInputLimit = 2_000

  /// Reads one page of the records of another type that a record is associated with.
  /// - Parameter limit: records per page, 1 to 500.
  public func associations(
    of type: ObjectType, id: String, to other: ObjectType, limit: Int = AssociationPage.pageLimit, after: String? = nil
  ) async throws(HubSpotError) -> AssociationPage {
    if id.isEmpty { throw .invalidRequest(.missingID(input: 0)) }
    guard (1...AssociationPage.pageLimit).contains(limit) else {
      throw .invalidRequest(.invalidPageSize(limit, limit: AssociationPage.pageLimit))
    }
    var query = [(name: "limit", parts: [String(limit)])]
    if let after { query.append((name: "after", parts: [after])) }
    let call = try Call(.associationList, .get, paths.associations(of: type, id: id, to: other), query: query)
    return try await perform(call, into: ReadBody(AssociationPage.self))
  }

  /// Reads the associations of up to 1,000 records; one outcome per id, in the order of the ids.
  public func batchReadAssociations(
    from type: ObjectType, ids: [String], to other: ObjectType
  ) async throws(HubSpotError) -> [AssociationReadOutcome] {
    let sink = BatchBody(AssociationReadResult.self)
    return AssociationAccounting.settle(
      ids, try await batchReadAssociations(from: type, ids: ids, to: other, into: sink))
  }

  /// Reads the associations of up to 1,000 records into the caller's own values. The status is 207 as soon as one
  /// record has none.
  public func batchReadAssociations<Sink: BodySink>(
    from type: ObjectType, ids: [String], to other: ObjectType, into sink: Sink
  ) async throws(HubSpotError) -> Sink.Output {
    try BatchRules.checkCount(ids.count, limit: HubSpotClient.readInputLimit)
    let body = JSONWriter.object { writer in
      writer.key("inputs")
      writer.array(ids) { writer, id in writer.object { $0.member("id", id) } }
    }
    let path = paths.associationBatch(from: type, to: other, .read)
    return try await perform(Call(.associationBatchRead, .post, path, body: body), into: sink)
  }

  /// Links two records by the default, unlabelled type. Doing it again changes nothing.
  public func associate(
    _ type: ObjectType, id: String, with other: ObjectType, otherID: String
  ) async throws(HubSpotError) -> AssociationOutcome {
    if id.isEmpty { throw .invalidRequest(.missingID(input: 0)) }
    if otherID.isEmpty { throw .invalidRequest(.missingID(input: 1)) }
    let path = paths.defaultAssociation(of: type, id: id, to: other, otherID: otherID)
    // An empty body makes the request carry a length of zero, without which some servers refuse a PUT.
    let reply = try await perform(
      Call(.associationCreate, .put, path, body: []), into: BatchBody(AssociationWriteResult.self))
    let input = AssociationInput(fromID: id, toID: otherID, types: [])
    return AssociationAccounting.settle([input], reply).first ?? .unaccounted
  }

  /// Makes up to 2,000 links with the types each names; one outcome per link, in the order of the inputs.
  public func batchAssociate(
    from type: ObjectType, to other: ObjectType, _ inputs: [AssociationInput]
  ) async throws(HubSpotError) -> [AssociationOutcome] {
    try await batchAssociate(paths.associationBatch(from: type, to: other, .create), inputs, withTypes: true)
  }

  /// Makes up to 2,000 links by the default, unlabelled type; the types of the inputs are not sent.
  public func batchAssociateDefault(
    from type: ObjectType, to other: ObjectType, _ inputs: [AssociationInput]
  ) async throws(HubSpotError) -> [AssociationOutcome] {
    try await batchAssociate(paths.associationBatch(from: type, to: other, .associateDefault), inputs, withTypes: false)
  }

  private func batchAssociate(
    _ path: String, _ inputs: [AssociationInput], withTypes: Bool
  ) async throws(HubSpotError) -> [AssociationOutcome] {
    try BatchRules.checkCount(inputs.count, limit: HubSpotClient.writeInputLimit)
    for (index, input) in inputs.enumerated() where input.fromID.isEmpty || input.toID.isEmpty {
      throw .invalidRequest(.missingID(input: index))
    }
    let body = JSONWriter.object { writer in
      writer.key("inputs")
      writer.array(inputs) { writer, input in input.write(&writer, withTypes: withTypes) }
    }
    let reply = try await perform(
      Call(.associationBatchCreate, .post, path, body: body), into: BatchBody(AssociationWriteResult.self))
    return AssociationAccounting.settle(inputs, reply)
  }

  /// Links two records by exactly these types: labels that the pair has and that are not named are taken away.
  public func setAssociation(
    _ type: ObjectType, id: String, with other: ObjectType, otherID: String, types: [AssociationKind]
  ) async throws(HubSpotError) {
    if id.isEmpty { throw .invalidRequest(.missingID(input: 0)) }
    if otherID.isEmpty { throw .invalidRequest(.missingID(input: 1)) }
    if types.isEmpty { throw .invalidRequest(.noInputs) }
    let path = paths.association(of: type, id: id, to: other, otherID: otherID)
    let body = JSONWriter.array(types) { writer, kind in kind.write(&writer) }
    try await perform(Call(.associationReplace, .put, path, body: body), into: NoBody())
  }

  /// Undoes every association between two records. One that does not exist is undone already.
  public func dissociate(
    _ type: ObjectType, id: String, from other: ObjectType, otherID: String
  ) async throws(HubSpotError) {
    if id.isEmpty { throw .invalidRequest(.missingID(input: 0)) }
    if otherID.isEmpty { throw .invalidRequest(.missingID(input: 1)) }
    let path = paths.association(of: type, id: id, to: other, otherID: otherID)
    do throws(HubSpotError) { try await perform(Call(.associationArchive, .delete, path), into: NoBody()) } catch {
      if case .api(let failure) = error, failure.isNotFound { return }
      throw error
    }
  }

  /// Undoes every association of up to 2,000 pairs; the types of the inputs are not sent. The numbered generation answers
  /// with nothing, the dated ones with an envelope that lists nothing new: a pair is failed only when an error names it.
  public func batchDissociate(
    from type: ObjectType, to other: ObjectType, _ inputs: [AssociationInput]
  ) async throws(HubSpotError) -> [DissociationOutcome] {
    try await batchUndo(type, other, .archive, inputs) { input, writer in
      writer.key("from")
      writer.object { $0.member("id", input.fromID) }
      writer.key("to")
      writer.array([input.toID]) { writer, id in writer.object { $0.member("id", id) } }
    }
  }

  /// Takes labels away from up to 2,000 pairs, which stay associated. Naming the unlabelled type takes everything away.
  public func batchRemoveLabels(
    from type: ObjectType, to other: ObjectType, _ inputs: [AssociationInput]
  ) async throws(HubSpotError) -> [DissociationOutcome] {
    try await batchUndo(type, other, .archiveLabels, inputs) { input, writer in
      input.writeMembers(&writer, withTypes: true)
    }
  }

  private func batchUndo(
    _ type: ObjectType, _ other: ObjectType, _ verb: PathBuilder.AssociationBatchVerb, _ inputs: [AssociationInput],
    _ write: (AssociationInput, inout JSONWriter) -> Void
  ) async throws(HubSpotError) -> [DissociationOutcome] {
    try BatchRules.checkCount(inputs.count, limit: HubSpotClient.writeInputLimit)
    for (index, input) in inputs.enumerated() where input.fromID.isEmpty || input.toID.isEmpty {
      throw .invalidRequest(.missingID(input: index))
    }
    let body = JSONWriter.object { writer in
      writer.key("inputs")
      writer.array(inputs) { writer, input in writer.object { write(input, &$0) } }
    }
    let path = paths.associationBatch(from: type, to: other, verb)
    let errors = try await perform(Call(.associationBatchArchive, .post, path, body: body), into: BatchErrors())
    return AssociationAccounting.settleUndone(inputs, errors)
  }

  /// The types of association from one object type to another, with the account's own labels.
  public func associationLabels(
    from type: ObjectType, to other: ObjectType
  ) async throws(HubSpotError) -> [AssociationLabel] {
    try await perform(
      Call(.associationLabels, .get, paths.associationLabels(from: type, to: other)),
      into: ReadBody(AssociationLabels.self)
    ).results
  }
}

extension AssociationInput {
  fileprivate func write(_ writer: inout JSONWriter, withTypes: Bool) {
    writer.object { writeMembers(&$0, withTypes: withTypes) }
  }

  fileprivate func writeMembers(_ writer: inout JSONWriter, withTypes: Bool) {
    writer.key("from")
    writer.object { $0.member("id", fromID) }
    writer.key("to")
    writer.object { $0.member("id", toID) }
    guard withTypes else { return }
    writer.key("types")
    writer.array(types) { writer, kind in kind.write(&writer) }
  }
}
