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
  case merge
  case propertyGroups
  case pipelineList
  case ownerList
  case ownerRead
  case associationReplace
  case associationArchive
  case associationBatchArchive
  case account
  case usage
  case tokenInformation

  /// Whether the request changes nothing, so that it may be sent any number of times.
  public var isRead: Bool {
    switch self {
    case .list, .get, .search, .batchRead, .propertyList, .propertyRead, .associationList, .associationBatchRead,
      .associationLabels, .account, .propertyGroups, .pipelineList, .ownerList, .ownerRead, .usage,
      .tokenInformation:
      true
    case .create, .update, .archive, .batchCreate, .batchUpdate, .batchUpsert, .batchArchive, .propertyCreate,
      .associationCreate, .associationBatchCreate, .merge, .associationReplace, .associationArchive,
      .associationBatchArchive:
      false
    }
  }
}
