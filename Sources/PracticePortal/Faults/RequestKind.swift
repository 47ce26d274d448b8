/// What a request is about, for fault rules, the request log and the statistics.
public enum RequestKind: String, CaseIterable, Sendable {
  case list, get, create, update, archive, search, merge
  case batchRead = "batch-read"
  case batchCreate = "batch-create"
  case batchUpdate = "batch-update"
  case batchUpsert = "batch-upsert"
  case batchArchive = "batch-archive"
  case associationRead = "association-read"
  case associationWrite = "association-write"
  case propertyRead = "property-read"
  case propertyWrite = "property-write"
  case pipelines, owners, account, oauth
  /// A path that nothing is found at.
  case other

  /// Words for several kinds at once.
  static let groups: [String: Set<RequestKind>] = [
    "reads": [.list, .get, .search, .batchRead, .associationRead, .propertyRead, .pipelines, .owners, .account],
    "writes": [
      .create, .update, .archive, .merge, .batchCreate, .batchUpdate, .batchUpsert, .batchArchive, .associationWrite,
      .propertyWrite,
    ],
    "pages": [.list, .search],
    "batches": [.batchRead, .batchCreate, .batchUpdate, .batchUpsert, .batchArchive],
  ]

  init(_ endpoint: Endpoint) {
    switch endpoint {
    case .listObjects: self = .list
    case .createObject: self = .create
    case .getObject: self = .get
    case .updateObject: self = .update
    case .archiveObject: self = .archive
    case .searchObjects: self = .search
    case .mergeObjects: self = .merge
    case .batch(_, .read): self = .batchRead
    case .batch(_, .create): self = .batchCreate
    case .batch(_, .update): self = .batchUpdate
    case .batch(_, .upsert): self = .batchUpsert
    case .batch(_, .archive): self = .batchArchive
    case .listProperties, .readProperty, .batchProperties(_, .read), .listGroups, .readGroup: self = .propertyRead
    case .createProperty, .updateProperty, .archiveProperty, .batchProperties, .createGroup, .updateGroup,
      .archiveGroup:
      self = .propertyWrite
    case .listAssociations, .batchAssociations(_, _, .read), .associationLabels: self = .associationRead
    case .associateDefault, .associate, .dissociate, .batchAssociations: self = .associationWrite
    case .listPipelines, .readPipeline, .listStages, .readStage: self = .pipelines
    case .listOwners, .readOwner: self = .owners
    case .accountDetails: self = .account
    }
  }
}
