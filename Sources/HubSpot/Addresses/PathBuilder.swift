/// Builds every path the library asks for. No other file writes a path, so a version's layout is decided in one place.
struct PathBuilder: Sendable {
  let version: APIVersion

  /// The batch operations of an object type, by the word HubSpot uses for each in the path.
  enum BatchVerb: String, Sendable {
    case read, create, update, upsert, archive
  }

  /// The association batches; they exist per pair of object types.
  enum AssociationBatchVerb: String, Sendable {
    case read = "batch/read"
    case create = "batch/create"
    case associateDefault = "batch/associate/default"
  }

  private func area(_ name: String, _ version: String) -> String {
    self.version.isDated ? "/crm/\(name)/\(version)" : "/crm/\(version)/\(name)"
  }

  private func segment(_ text: String) -> String { PercentEncoding.encodeSegment(text) }

  // MARK: Objects

  func objects(_ type: ObjectType) -> String {
    area("objects", version.name) + "/" + segment(type.name)
  }

  func object(_ type: ObjectType, id: String) -> String { objects(type) + "/" + segment(id) }

  func search(_ type: ObjectType) -> String { objects(type) + "/search" }

  func batch(_ type: ObjectType, _ verb: BatchVerb) -> String { objects(type) + "/batch/" + verb.rawValue }

  // MARK: Associations

  /// The associations of one record to all records of another type.
  func associations(of type: ObjectType, id: String, to other: ObjectType) -> String {
    record(type, id) + "/associations/" + segment(other.name)
  }

  /// The route that links two records by the default, unlabelled type.
  func defaultAssociation(of type: ObjectType, id: String, to other: ObjectType, otherID: String) -> String {
    record(type, id) + "/associations/default/" + segment(other.name) + "/" + segment(otherID)
  }

  func associationBatch(from: ObjectType, to: ObjectType, _ verb: AssociationBatchVerb) -> String {
    associationPair(from, to) + "/" + verb.rawValue
  }

  func associationLabels(from: ObjectType, to: ObjectType) -> String { associationPair(from, to) + "/labels" }

  private func record(_ type: ObjectType, _ id: String) -> String {
    area("objects", version.associationsName) + "/" + segment(type.name) + "/" + segment(id)
  }

  private func associationPair(_ from: ObjectType, _ to: ObjectType) -> String {
    area("associations", version.associationsName) + "/" + segment(from.name) + "/" + segment(to.name)
  }

  // MARK: Properties and account

  func properties(_ type: ObjectType) -> String { area("properties", version.name) + "/" + segment(type.name) }

  func property(_ type: ObjectType, name: String) -> String { properties(type) + "/" + segment(name) }

  func accountDetails() -> String { "/account-info/\(version.name)/details" }
}
