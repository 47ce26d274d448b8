/// Single records and lists of any object type.
extension HubSpotClient {
  /// Reads one page of a list. The order is not documented; hand `nextAfter` back for the next page.
  public func listPage(_ request: ListRequest) async throws(HubSpotError) -> ObjectPage {
    try await list(request, into: ReadBody(ObjectPage.self))
  }

  /// Reads one page of a list into the caller's own values.
  public func list<Sink: BodySink>(_ request: ListRequest, into sink: Sink) async throws(HubSpotError) -> Sink.Output {
    try await perform(request.call(paths), into: sink)
  }

  /// Reads one record. A record that does not exist is an `APIFailure` with `isNotFound`.
  public func get(_ request: GetRequest) async throws(HubSpotError) -> CRMObject {
    try await get(request, into: ReadBody(CRMObject.self))
  }

  /// Reads one record into the caller's own values.
  public func get<Sink: BodySink>(_ request: GetRequest, into sink: Sink) async throws(HubSpotError) -> Sink.Output {
    if request.id.isEmpty { throw .invalidRequest(.missingID(input: 0)) }
    let call = try Call(.get, .get, paths.object(request.type, id: request.id), query: request.query)
    return try await perform(call, into: sink)
  }

  /// Makes a record. HubSpot offers nothing that would make repeating this safe, so a lost reply is thrown as it is.
  public func create(_ type: ObjectType, _ input: ObjectInput) async throws(HubSpotError) -> CRMObject {
    try WriteRules.check(input, type)
    if input.id != nil || input.idProperty != nil { throw .invalidRequest(.idNotAccepted(input: 0)) }
    return try await perform(
      Call(.create, .post, paths.objects(type), body: input.createBody), into: ReadBody(CRMObject.self))
  }

  /// Changes the properties given and leaves the others. Associations are not taken here.
  public func update(_ type: ObjectType, _ input: ObjectInput) async throws(HubSpotError) -> CRMObject {
    try WriteRules.check(input, type)
    guard let id = input.id, !id.isEmpty else { throw .invalidRequest(.missingID(input: 0)) }
    if !input.associations.isEmpty { throw .invalidRequest(.associationsNotAccepted(input: 0)) }
    let query = input.idProperty.map { [(name: "idProperty", parts: [$0])] } ?? []
    let call = try Call(.update, .patch, paths.object(type, id: id), query: query, body: input.updateBody)
    return try await perform(call, into: ReadBody(CRMObject.self))
  }

  /// Moves a record to the recycling bin, from which only HubSpot's own interface can bring it back.
  public func archive(_ type: ObjectType, id: String) async throws(HubSpotError) -> ArchiveOutcome {
    if id.isEmpty { throw .invalidRequest(.missingID(input: 0)) }
    do throws(HubSpotError) {
      try await perform(Call(.archive, .delete, paths.object(type, id: id)), into: NoBody())
      return .archived
    } catch {
      // What a second archive is answered with is not established; either way the record is where it should be.
      if case .api(let failure) = error, failure.isNotFound { return .alreadyGone }
      throw error
    }
  }
}

/// Merging.
extension HubSpotClient {
  /// Merges a record into another. The record that comes of it normally has a new id; accounts in a preview of HubSpot's
  /// keep the primary one. It cannot be undone, and nothing would make repeating it safe.
  public func merge(_ type: ObjectType, id: String, into primaryID: String) async throws(HubSpotError) -> CRMObject {
    guard configuration.version.merges(type) else {
      throw .invalidRequest(
        .notInVersion(operation: .merge, objectType: type.name, version: configuration.version.name))
    }
    if primaryID.isEmpty { throw .invalidRequest(.missingID(input: 0)) }
    if id.isEmpty { throw .invalidRequest(.missingID(input: 1)) }
    if id == primaryID { throw .invalidRequest(.sameRecord(id)) }
    let body = JSONWriter.object { writer in
      writer.member("primaryObjectId", primaryID)
      writer.member("objectIdToMerge", id)
    }
    return try await perform(Call(.merge, .post, paths.merge(type), body: body), into: ReadBody(CRMObject.self))
  }
}

/// What archiving one record came to.
public enum ArchiveOutcome: Sendable, Hashable {
  case archived
  /// There is no such record, or no longer.
  case alreadyGone
}
