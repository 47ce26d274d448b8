// Every sentence about an error is written here.

extension HubSpotError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .api(let failure): failure.description
    case .transport(let failure): failure.description
    case .unexpectedBody(let body): body.description
    case .redirectRefused(let status, let location):
      "the server answered with a redirect (\(status)) to \(location ?? "an unnamed address"), which is not followed"
    case .credential(let problem): problem.description
    case .serverLoop(let type, let place):
      "the server repeats itself: the pages of \(type) come again or never end, at \(place)"
    case .invalidRequest(let problem): "nothing was sent: \(problem.description)"
    case .cancelled(let maybeSent):
      maybeSent ? "cancelled after the request was sent; it may have been done" : "cancelled before anything was sent"
    }
  }
}

extension CredentialProblem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .authorizationEnded(let failure): "the authorization has ended; sign in again (\(failure))"
    case .misconfigured(let failure): "the app's id, secret or redirect address are refused (\(failure))"
    case .unavailable(let failure): "the token could not be renewed for now (\(failure))"
    case .store(let reason): "the place where credentials are kept: \(reason)"
    case .cancelled: "cancelled before a token was there"
    }
  }
}

extension APIFailure: CustomStringConvertible {
  public var description: String {
    var text = "HubSpot answered \(status)"
    if let category { text += " \(category)" }
    text += " to \(operation.rawValue)"
    let details = errors.map(\.message).filter { !$0.isEmpty }
    // A validation message repeats its details as JSON, which nobody wants to read.
    if !details.isEmpty && (message.isEmpty || message.contains("[{")) {
      text += ": " + details.joined(separator: "; ")
    } else if !message.isEmpty {
      text += ": " + message
    }
    if isScope && !missingScopes.isEmpty { text += " (any one of: \(missingScopes.joined(separator: ", ")))" }
    if let retryAfter { text += "; asks to wait \(retryAfter)" }
    if let correlationID { text += " (correlation id \(correlationID))" }
    return text
  }
}

extension UnexpectedBody: CustomStringConvertible {
  public var description: String {
    var text = "the reply has status \(status) but its body could not be used: \(reason)"
    if let contentType { text += "; format \(contentType)" }
    if !excerpt.isEmpty { text += "; it begins \(excerpt.debugDescription)" }
    if let correlationID { text += " (correlation id \(correlationID))" }
    return text
  }
}

extension InvalidRequest: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooManyInputs(let count, let limit): "\(count) inputs in a batch that takes \(limit)"
    case .noInputs: "the batch has no inputs"
    case .invalidPageSize(let size, let limit): "a page of \(size) was asked for; 1 to \(limit) are possible"
    case .tooManyFilterGroups(let count, let limit): "\(count) filter groups in a search that takes \(limit)"
    case .tooManyFiltersInGroup(let count, let limit): "\(count) filters in a group that takes \(limit)"
    case .tooManyFilters(let count, let limit): "\(count) filters in a search that takes \(limit)"
    case .emptyFilterGroup: "a filter group has no filters"
    case .emptyValueList(let property): "the filter on \(property) has no values to compare with"
    case .queryTextTooLong(let count, let limit): "the search text has \(count) characters of at most \(limit)"
    case .searchBodyTooLong(let bytes, let limit): "the search takes \(bytes) bytes of at most \(limit)"
    case .searchWindowExceeded(let after, let size, let limit):
      "a page of \(size) after \(after) reaches beyond the first \(limit) results, where searches end"
    case .addressTooLong(let bytes, let limit):
      "the address has \(bytes) bytes of at most \(limit); read fewer properties, or in batches"
    case .noAssociationFilter(let type): "records cannot be searched by their associations with \(type)"
    case .missingID(let input): "input \(input) has no id"
    case .missingIDProperty(let input): "input \(input) names no unique property"
    case .idNotAccepted(let input): "input \(input) has an id, which a record being made does not have yet"
    case .repeatedID(let id): "id \(id) is in the batch more than once"
    case .repeatedTraceID(let id): "trace id \(id) is in the batch more than once"
    case .associationsNotAccepted(let input): "input \(input) has associations, which this operation does not take"
    case .emptyPropertyName: "a property has an empty name"
    case .repeatedProperty(let name): "property \(name) is set more than once"
    case .computedProperty(let name): "property \(name) is computed by HubSpot and cannot be written"
    case .notInVersion(let operation, let type, let version):
      "version \(version) of the API is not known to have \(operation.rawValue) for \(type)"
    case .sameRecord(let id): "record \(id) cannot be merged with itself"
    case .conflictingProperties(let first, let second): "properties \(first) and \(second) cannot be set together"
    }
  }
}
