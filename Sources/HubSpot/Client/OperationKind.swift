/// What a request does, as far as counting, pacing and retrying need to know.
public enum OperationKind: String, Sendable, Hashable, CaseIterable {
  case list
  case get
  case create
  case update
  case archive
  case search
  case batchRead
  case batchCreate
  case batchUpdate
  case batchUpsert
  case batchArchive
  case propertyList
  case propertyRead
  case propertyCreate
  case associationList
  case associationBatchRead
  case associationLabels
  case associationCreate
  case associationBatchCreate
  case account

  /// Whether the request changes nothing, so that it may be sent any number of times.
  public var isRead: Bool {
    switch self {
    case .list, .get, .search, .batchRead, .propertyList, .propertyRead, .associationList, .associationBatchRead,
      .associationLabels, .account:
      true
    case .create, .update, .archive, .batchCreate, .batchUpdate, .batchUpsert, .batchArchive, .propertyCreate,
      .associationCreate, .associationBatchCreate:
      false
    }
  }

  /// The quota that the request counts against.
  var lane: QuotaLane {
    switch self {
    case .search: .search
    case .associationBatchRead, .associationLabels, .associationBatchCreate: .associations
    default: .general
    }
  }
}

/// HubSpot counts searches and the association batches apart from everything else.
enum QuotaLane: Sendable, Hashable, CaseIterable {
  case general, search, associations
}
