/// The association types that HubSpot defines between the object types kept here; all are unlabelled. Products cannot
/// be associated: a line item names its product in `hs_product_id`.
enum AssociationTypes {
  private static let ids: [ObjectType: [ObjectType: Int]] = [
    .lineItems: [.deals: 20, .quotes: 68],
    .deals: [.lineItems: 19, .quotes: 63],
    .quotes: [.lineItems: 67, .deals: 64],
  ]

  /// `nil` when the two types cannot be associated.
  static func defaultId(from: ObjectType, to: ObjectType) -> Int? { ids[from]?[to] }

  /// The pair of types that an id joins.
  static func pair(of id: Int) -> (from: ObjectType, to: ObjectType)? {
    for (from, targets) in ids {
      for (to, known) in targets where known == id { return (from, to) }
    }
    return nil
  }
}

/// What can be wrong with an association.
enum AssociationFault: Equatable {
  /// The two object types cannot be associated at all.
  case notAssociable(from: ObjectType, to: ObjectType)
  /// The type id belongs to the other direction or to other types.
  case wrongFromType(given: ObjectType, expected: ObjectType)
  case unknownTypeId(Int, category: String)
  /// A record on one side does not exist.
  case invalidTargets(ids: [String], type: ObjectType)
  /// Batch read: nothing is associated; HubSpot reports it as an error entry although nothing failed.
  case none(from: String, fromType: ObjectType, toType: ObjectType)

  var message: String {
    switch self {
    case .notAssociable(let from, let to): "Objects of type \(from.typeId) cannot be associated with \(to.typeId)"
    case .wrongFromType(let given, let expected):
      "invalid from object type \(given.typeId) for associations to be created. expected: \(expected.typeId)"
    case .unknownTypeId(let id, let category): "There is no association type \(id) of category \(category)"
    case .invalidTargets: "One or more associations are invalid"
    case .none(let from, let fromType, let toType):
      "No \(toType.spokenName) is associated with \(fromType.spokenName) \(from)."
    }
  }

  var category: String {
    if case .none = self { "OBJECT_NOT_FOUND" } else { "VALIDATION_ERROR" }
  }

  var subCategory: String? {
    if case .none = self { "crm.associations.NO_ASSOCIATIONS_FOUND" } else { nil }
  }

  var context: [String: [String]] {
    switch self {
    case .invalidTargets(let ids, let type): ["id": ids, "objectType": [type.upperName]]
    case .none(let from, let fromType, let toType):
      ["fromObjectId": [from], "fromObjectType": [fromType.singular], "toObjectType": [toType.singular]]
    default: [:]
    }
  }
}
