/// The scopes that the practice portal knows, and which of them are enough for a call.
///
/// The alternatives are those of HubSpot's API descriptions, reduced to the object types kept here. For associations
/// the descriptions list the scopes of every object for reading and writing alike; practice-portal rule: reading needs
/// a scope of one of the two objects, writing a write scope of one of them.
public enum Scopes {
  public static let oauth = "oauth"
  static let eCommerce = "e-commerce"

  public static let all: [String] =
    [oauth]
    + ["line_items", "deals", "products", "quotes"].flatMap { ["crm.objects.\($0).read", "crm.objects.\($0).write"] }
    + [
      eCommerce, "crm.objects.owners.read", "crm.schemas.deals.read", "crm.schemas.deals.write",
      "crm.schemas.line_items.read", "crm.schemas.quotes.read", "crm.schemas.quotes.write", "automation",
    ]

  /// Any one of the scopes is enough.
  static func enough(for endpoint: Endpoint) -> [String] {
    switch endpoint {
    case .listObjects(let type), .getObject(let type, _), .searchObjects(let type), .batch(let type, .read):
      reading(type)
    case .createObject(let type), .updateObject(let type, _), .archiveObject(let type, _), .batch(let type, _),
      .mergeObjects(let type):
      writing(type)
    case .listProperties(let type), .readProperty(let type, _), .batchProperties(let type, .read),
      .listGroups(let type), .readGroup(let type, _), .listPipelines(let type), .readPipeline(let type, _),
      .listStages(let type, _), .readStage(let type, _, _):
      definitions(type)
    case .createProperty(let type), .updateProperty(let type, _), .archiveProperty(let type, _),
      .batchProperties(let type, _), .createGroup(let type), .updateGroup(let type, _), .archiveGroup(let type, _):
      defining(type)
    case .listAssociations(let from, _, let to), .batchAssociations(let from, let to, .read),
      .associationLabels(let from, let to):
      distinct([from, to].flatMap { reading($0) + writing($0) })
    case .associateDefault(let from, _, let to, _), .associate(let from, _, let to, _),
      .dissociate(let from, _, let to, _), .batchAssociations(let from, let to, _):
      distinct([from, to].flatMap(writing))
    case .listOwners, .readOwner: ["crm.objects.owners.read", "automation"]
    case .accountDetails: [oauth]
    }
  }

  private static func reading(_ type: ObjectType) -> [String] { ["crm.objects.\(type.plural).read"] + shop(type) }
  private static func writing(_ type: ObjectType) -> [String] { ["crm.objects.\(type.plural).write"] + shop(type) }

  /// `e-commerce` is the older scope for everything but deals.
  private static func shop(_ type: ObjectType) -> [String] { type == .deals ? [] : [eCommerce] }

  private static func definitions(_ type: ObjectType) -> [String] {
    distinct(reading(type) + writing(type) + (type == .products ? [] : ["crm.schemas.\(type.plural).read"]))
  }

  /// There is no `crm.schemas` scope for writing definitions of line items and products.
  private static func defining(_ type: ObjectType) -> [String] {
    type == .lineItems || type == .products ? shop(type) : ["crm.schemas.\(type.plural).write"] + shop(type)
  }

  private static func distinct(_ scopes: [String]) -> [String] {
    var seen: Set<String> = []
    return scopes.filter { seen.insert($0).inserted }
  }
}
