/// Everything that can come of a request besides its answer. Every operation of this library throws this type and no
/// other.
public enum HubSpotError: Error, Sendable, Hashable {
  /// The server answered with a failure.
  case api(APIFailure)
  /// There was no reply.
  case transport(TransportFailure)
  /// The server answered with success, but the body is not what the operation answers with: another format, cut or
  /// garbled.
  case unexpectedBody(UnexpectedBody)
  /// The server answered with a redirect. None is followed, so that the token cannot be led to another host.
  case redirectRefused(status: Int, location: String?)
  /// There is no token to send. Nothing was sent.
  case credential(CredentialProblem)
  /// The server repeats pages, or hands out cursors that never end: reading on would not end either.
  case serverLoop(objectType: String, at: String)
  /// The request broke a rule that is checked before sending. Nothing was sent.
  case invalidRequest(InvalidRequest)
  /// The task was cancelled. A write that may have been sent may have been done.
  case cancelled(maybeSent: Bool)
}

/// A reply of success with a body that could not be used.
public struct UnexpectedBody: Sendable, Hashable {
  /// The HTTP status, 200 to 299.
  public let status: Int
  /// The server's own description of the format.
  public let contentType: String?
  /// What was wrong with it.
  public let reason: String
  /// The beginning of the body, at most 200 characters.
  public let excerpt: String
  /// HubSpot's id of the request, when the reply has one.
  public let correlationID: String?
}

/// A rule broken by a request, found before it was sent.
public enum InvalidRequest: Sendable, Hashable {
  /// More inputs than the operation takes.
  case tooManyInputs(count: Int, limit: Int)
  case noInputs
  /// A page size outside 1 to the limit.
  case invalidPageSize(Int, limit: Int)
  case tooManyFilterGroups(count: Int, limit: Int)
  case tooManyFiltersInGroup(count: Int, limit: Int)
  case tooManyFilters(count: Int, limit: Int)
  case emptyFilterGroup
  /// A filter of `oneOf` or `noneOf` with nothing to compare with.
  case emptyValueList(property: String)
  case queryTextTooLong(count: Int, limit: Int)
  case searchBodyTooLong(bytes: Int, limit: Int)
  /// The page would reach beyond the results that a search can page to.
  case searchWindowExceeded(after: Int, pageSize: Int, limit: Int)
  /// The properties asked for make the address longer than servers are known to take.
  case addressTooLong(bytes: Int, limit: Int)
  case noAssociationFilter(objectType: String)
  /// An input of an update or upsert, or a record operation, without an id.
  case missingID(input: Int)
  /// An input of an upsert without the unique property that its id is a value of.
  case missingIDProperty(input: Int)
  /// An id on an input of a create: the server gives the ids.
  case idNotAccepted(input: Int)
  case repeatedID(String)
  case repeatedTraceID(String)
  /// Associations on an input of an operation that does not take them.
  case associationsNotAccepted(input: Int)
  case emptyPropertyName
  case repeatedProperty(String)
  /// A value that HubSpot computes and that must not be written.
  case computedProperty(String)
  /// Two values that must not be written together.
  case conflictingProperties(String, String)
  /// The API's version does not have the operation for this type.
  case notInVersion(operation: OperationKind, objectType: String, version: String)
  /// Both ends of a merge are the same record.
  case sameRecord(String)
}
