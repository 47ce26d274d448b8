/// Up to a hundred records in one request. Every form that returns a `BatchResult` accounts for each input; a batch
/// that is refused as a whole is thrown as an `APIFailure`, and then no outcome of any input is claimed.
extension HubSpotClient {
  /// Reads records by id or by a unique property. One that does not exist is a failure with `isNotFound`.
  public func batchRead(_ request: BatchReadRequest) async throws(HubSpotError) -> BatchResult {
    let reply = try await batchRead(request, into: BatchBody(CRMObject.self))
    return BatchAccounting.settle(
      request.ids.map { BatchAccounting.Claim(id: $0, idProperty: request.idProperty) }, reply)
  }

  /// Reads records into the caller's own values. The status is 207 when some were not found.
  public func batchRead<Sink: BodySink>(
    _ request: BatchReadRequest, into sink: Sink
  ) async throws(HubSpotError) -> Sink.Output {
    try await perform(request.call(paths), into: sink)
  }

  /// Makes records. With a trace id on every input the valid ones are made although others fail; without, one bad input
  /// refuses all. Inputs that are identical are merged by HubSpot without a word, and are then `unaccounted`.
  public func batchCreate(_ type: ObjectType, _ inputs: [ObjectInput]) async throws(HubSpotError) -> BatchResult {
    try await batchWrite(.batchCreate, .create, type, inputs)
  }

  /// Changes records by id, or by each input's own `idProperty`.
  public func batchUpdate(_ type: ObjectType, _ inputs: [ObjectInput]) async throws(HubSpotError) -> BatchResult {
    try await batchWrite(.batchUpdate, .update, type, inputs)
  }

  /// Changes the records whose unique property has the value given as id, and makes those that do not exist; see
  /// `CRMObject.isNew`.
  public func batchUpsert(_ type: ObjectType, _ inputs: [ObjectInput]) async throws(HubSpotError) -> BatchResult {
    try await batchWrite(.batchUpsert, .upsert, type, inputs)
  }

  private func batchWrite(
    _ kind: OperationKind, _ verb: PathBuilder.BatchVerb, _ type: ObjectType, _ inputs: [ObjectInput]
  ) async throws(HubSpotError) -> BatchResult {
    try BatchRules.check(inputs, type, verb)
    let body = JSONWriter.object { writer in
      writer.key("inputs")
      writer.array(inputs) { writer, input in input.writeBatchInput(&writer) }
    }
    let reply = try await perform(
      Call(kind, .post, paths.batch(type, verb), body: body), into: BatchBody(CRMObject.self))
    let claims = inputs.map { input in
      BatchAccounting.Claim(
        traceID: input.traceID, id: input.id, idProperty: input.idProperty, properties: input.properties)
    }
    return BatchAccounting.settle(claims, reply)
  }

  /// Moves records to the recycling bin.
  public func batchArchive(_ type: ObjectType, ids: [String]) async throws(HubSpotError) -> BatchResult {
    try BatchRules.checkCount(ids.count)
    for (index, id) in ids.enumerated() where id.isEmpty { throw .invalidRequest(.missingID(input: index)) }
    let body = JSONWriter.object { writer in
      writer.key("inputs")
      writer.array(ids) { writer, id in writer.object { $0.member("id", id) } }
    }
    let reply = try await perform(
      Call(.batchArchive, .post, paths.batch(type, .archive), body: body), into: OptionalBatchReply())
    return BatchAccounting.settleArchive(ids, reply)
  }
}

/// An envelope where an empty body says that all went well.
private struct OptionalBatchReply: BodySink {
  func decode(_ body: [UInt8], status: Int) throws -> BatchReply<CRMObject>? {
    if body.isEmpty { return nil }
    return try BatchBody(CRMObject.self).decode(body, status: status)
  }
}
