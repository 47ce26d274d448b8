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
    case archive = "batch/archive"
    case archiveLabels = "batch/labels/archive"
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

  func merge(_ type: ObjectType) -> String {
    // The numbered generation writes deals by their type id here.
    let name = version.isDated ? type.name : type.typeID ?? type.name
    return area("objects", version.name) + "/" + segment(name) + "/merge"
  }

  // MARK: Associations

  /// The associations of one record to all records of another type.
  func associations(of type: ObjectType, id: String, to other: ObjectType) -> String {
    record(type, id) + "/associations/" + segment(other.name)
  }

  /// The route that links two records by the default, unlabelled type.
  func defaultAssociation(of type: ObjectType, id: String, to other: ObjectType, otherID: String) -> String {
    record(type, id) + "/associations/default/" + segment(other.name) + "/" + segment(otherID)
  }

  /// The route of one pair: with a list of types to set them, by DELETE to undo all of them.
  func association(of type: ObjectType, id: String, to other: ObjectType, otherID: String) -> String {
    record(type, id) + "/associations/" + segment(other.name) + "/" + segment(otherID)
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

  // MARK: Properties, pipelines, owners and account

  func properties(_ type: ObjectType) -> String { area("properties", version.name) + "/" + segment(type.name) }

  func property(_ type: ObjectType, name: String) -> String { properties(type) + "/" + segment(name) }

  func propertyGroups(_ type: ObjectType) -> String { properties(type) + "/groups" }

  func pipelines(_ type: ObjectType) -> String { area("pipelines", version.name) + "/" + segment(type.name) }

  func owners() -> String { version.isDated ? "/crm/owners/\(version.name)" : "/crm/\(version.name)/owners" }

  func owner(_ id: String) -> String { owners() + "/" + segment(id) }

  /// Counts what private apps used of the day. The files give it with the numbered generation's word too.
  func dailyUsage() -> String { "/account-info/\(version.name)/api-usage/daily/private-apps" }

  func accountDetails() -> String { "/account-info/\(version.name)/details" }
}
