/// Everything the practice portal can be asked for.
enum Endpoint: Equatable {
  case listObjects(ObjectType), createObject(ObjectType)
  case getObject(ObjectType, String), updateObject(ObjectType, String), archiveObject(ObjectType, String)
  case searchObjects(ObjectType), mergeObjects(ObjectType)
  case batch(ObjectType, BatchOperation)
  case listProperties(ObjectType), createProperty(ObjectType)
  case readProperty(ObjectType, String), updateProperty(ObjectType, String), archiveProperty(ObjectType, String)
  case batchProperties(ObjectType, PropertyBatch)
  case listGroups(ObjectType), createGroup(ObjectType)
  case readGroup(ObjectType, String), updateGroup(ObjectType, String), archiveGroup(ObjectType, String)
  case listAssociations(ObjectType, String, ObjectType)
  case associateDefault(ObjectType, String, ObjectType, String)
  case associate(ObjectType, String, ObjectType, String), dissociate(ObjectType, String, ObjectType, String)
  case batchAssociations(ObjectType, ObjectType, AssociationBatch)
  case associationLabels(ObjectType, ObjectType)
  case listPipelines(ObjectType), readPipeline(ObjectType, String)
  case listStages(ObjectType, String), readStage(ObjectType, String, String)
  case listOwners, readOwner(String)
  case accountDetails

  enum BatchOperation: String { case read, create, update, upsert, archive }
  enum PropertyBatch: String { case read, create, archive }
  enum AssociationBatch: String { case read, create, associateDefault, archive, labelsArchive }

  /// Search has limits of its own, association batches and labels too: they carry no burst headers and do not count.
  var countsTowardBurst: Bool {
    switch self {
    case .searchObjects, .batchAssociations, .associationLabels: false
    default: true
    }
  }

  var isSearch: Bool { if case .searchObjects = self { true } else { false } }
}

/// Finds the endpoint of a method and a path, in the numbered and the dated spelling.
struct Router {
  struct Match {
    var endpoint: Endpoint
    var version: APIVersion
  }

  /// - Parameter path: without the query; a trailing slash is ignored.
  static func match(method: String, path: String) throws(Refusal) -> Match {
    let segments = path.split(separator: "/").map { QueryParameters.decoded($0) }
    guard let place = place(segments) else { throw .noSuchPath(path) }
    let choices: [String: Endpoint]
    switch place.area {
    case "objects": choices = try objects(place)
    case "associations": choices = try associations(place)
    case "properties": choices = try properties(place)
    case "pipelines": choices = try pipelines(place)
    case "owners": choices = owners(place)
    default: choices = place.rest == ["details"] ? ["GET": .accountDetails] : [:]
    }
    if choices.isEmpty { throw .noSuchPath(path) }
    guard let endpoint = choices[method] else {
      throw .methodNotAllowed(method: method, allowed: choices.keys.sorted())
    }
    return Match(endpoint: endpoint, version: place.version)
  }

  private struct Place {
    var area: String
    var version: APIVersion
    var rest: [String]
  }

  /// `/crm/v3/objects/…` and `/crm/objects/2026-03/…` alike; `/crm/associations/v4/…` is what one schema prints.
  private static func place(_ segments: [String]) -> Place? {
    if segments.count >= 3, segments[0] == "account-info", let version = APIVersion(rawValue: segments[1]) {
      return Place(area: "account-info", version: version, rest: Array(segments[2...]))
    }
    guard segments.count >= 3, segments[0] == "crm" else { return nil }
    let areas = ["objects", "associations", "properties", "pipelines", "owners"]
    if let version = APIVersion(rawValue: segments[1]), !version.isDated, areas.contains(segments[2]) {
      return Place(area: segments[2], version: version, rest: Array(segments[3...]))
    }
    if areas.contains(segments[1]), let version = APIVersion(rawValue: segments[2]),
      version.isDated || (version == .v4 && segments[1] == "associations")
    {
      return Place(area: segments[1], version: version, rest: Array(segments[3...]))
    }
    return nil
  }

  private static func type(_ spelling: String) throws(Refusal) -> ObjectType {
    guard let type = ObjectType(spelling: spelling) else { throw .unknownObjectType(spelling) }
    return type
  }

  private static func objects(_ place: Place) throws(Refusal) -> [String: Endpoint] {
    let rest = place.rest
    guard let first = rest.first else { return [:] }
    if rest.count >= 4, rest[2] == "associations" {
      return place.version == .v3 ? [:] : try recordAssociations(rest)
    }
    if place.version == .v4 { return [:] }
    let type = try type(first)
    switch rest.count {
    case 1: return ["GET": .listObjects(type), "POST": .createObject(type)]
    case 2 where rest[1] == "search": return ["POST": .searchObjects(type)]
    case 2 where rest[1] == "merge" && place.version.merges(type): return ["POST": .mergeObjects(type)]
    case 2:
      let id = rest[1]
      return ["GET": .getObject(type, id), "PATCH": .updateObject(type, id), "DELETE": .archiveObject(type, id)]
    case 3 where rest[1] == "batch":
      return Endpoint.BatchOperation(rawValue: rest[2]).map { ["POST": .batch(type, $0)] } ?? [:]
    default: return [:]
    }
  }

  private static func recordAssociations(_ rest: [String]) throws(Refusal) -> [String: Endpoint] {
    let from = try type(rest[0])
    switch rest.count {
    case 4: return ["GET": .listAssociations(from, rest[1], try type(rest[3]))]
    case 5:
      let to = try type(rest[3])
      return ["PUT": .associate(from, rest[1], to, rest[4]), "DELETE": .dissociate(from, rest[1], to, rest[4])]
    case 6 where rest[3] == "default":
      return ["PUT": .associateDefault(from, rest[1], try type(rest[4]), rest[5])]
    default: return [:]
    }
  }

  private static func associations(_ place: Place) throws(Refusal) -> [String: Endpoint] {
    let rest = place.rest
    guard place.version != .v3, rest.count >= 3 else { return [:] }
    let from = try type(rest[0])
    let to = try type(rest[1])
    switch rest[2...] {
    case ["labels"]: return ["GET": .associationLabels(from, to)]
    case ["batch", "read"]: return ["POST": .batchAssociations(from, to, .read)]
    case ["batch", "create"]: return ["POST": .batchAssociations(from, to, .create)]
    case ["batch", "associate", "default"]: return ["POST": .batchAssociations(from, to, .associateDefault)]
    case ["batch", "archive"]: return ["POST": .batchAssociations(from, to, .archive)]
    case ["batch", "labels", "archive"]: return ["POST": .batchAssociations(from, to, .labelsArchive)]
    default: return [:]
    }
  }

  private static func properties(_ place: Place) throws(Refusal) -> [String: Endpoint] {
    let rest = place.rest
    guard place.version != .v4, let first = rest.first else { return [:] }
    let type = try type(first)
    switch rest.count {
    case 1: return ["GET": .listProperties(type), "POST": .createProperty(type)]
    case 2 where rest[1] == "groups": return ["GET": .listGroups(type), "POST": .createGroup(type)]
    case 2:
      let name = rest[1]
      return [
        "GET": .readProperty(type, name), "PATCH": .updateProperty(type, name), "DELETE": .archiveProperty(type, name),
      ]
    case 3 where rest[1] == "groups":
      return [
        "GET": .readGroup(type, rest[2]), "PATCH": .updateGroup(type, rest[2]), "DELETE": .archiveGroup(type, rest[2]),
      ]
    case 3 where rest[1] == "batch":
      return Endpoint.PropertyBatch(rawValue: rest[2]).map { ["POST": .batchProperties(type, $0)] } ?? [:]
    default: return [:]
    }
  }

  private static func pipelines(_ place: Place) throws(Refusal) -> [String: Endpoint] {
    let rest = place.rest
    guard place.version != .v4, let first = rest.first else { return [:] }
    let type = try type(first)
    switch rest.count {
    case 1: return ["GET": .listPipelines(type)]
    case 2: return ["GET": .readPipeline(type, rest[1])]
    case 3 where rest[2] == "stages": return ["GET": .listStages(type, rest[1])]
    case 4 where rest[2] == "stages": return ["GET": .readStage(type, rest[1], rest[3])]
    default: return [:]
    }
  }

  private static func owners(_ place: Place) -> [String: Endpoint] {
    switch place.rest.count {
    case 0 where place.version != .v4: ["GET": .listOwners]
    case 1 where place.version != .v4: ["GET": .readOwner(place.rest[0])]
    default: [:]
    }
  }
}
