/// The association types that HubSpot defines between line items and other objects, unlabelled. They are published with
/// numbers that differ by direction (associations guide, list of March 2026); everything else is asked from the account.
public enum AssociationTypes {
  private struct Pair: Hashable {
    let from: ObjectType
    let to: ObjectType
  }

  private static let published: [Pair: Int] = [
    Pair(from: .lineItems, to: .deals): 20, Pair(from: .deals, to: .lineItems): 19,
    Pair(from: .lineItems, to: .quotes): 68, Pair(from: .quotes, to: .lineItems): 67,
    Pair(from: .lineItems, to: .invoices): 410, Pair(from: .invoices, to: .lineItems): 409,
    Pair(from: .lineItems, to: .orders): 514, Pair(from: .orders, to: .lineItems): 513,
    Pair(from: .lineItems, to: .subscriptions): 302, Pair(from: .subscriptions, to: .lineItems): 301,
    Pair(from: .lineItems, to: .carts): 591, Pair(from: .carts, to: .lineItems): 590,
    Pair(from: .deals, to: .quotes): 63, Pair(from: .quotes, to: .deals): 64,
    Pair(from: .deals, to: .contacts): 3, Pair(from: .deals, to: .companies): 341,
    Pair(from: .quotes, to: .contacts): 69,
  ]

  /// The published, unlabelled type from one object type to another.
  public static func published(from type: ObjectType, to other: ObjectType) -> AssociationKind? {
    published[Pair(from: type, to: other)].map { .hubSpotDefined($0) }
  }
}

/// Why a name stands for no association type.
public enum AssociationTypeProblem: Error, Sendable, Hashable {
  /// No type between the two has this label; the labels that there are.
  case unknownLabel(String, known: [String])
  /// Several types have this label, which differ in who defined them.
  case ambiguousLabel(String)
  /// The account knows no unlabelled type between the two.
  case noDefaultType(from: String, to: String)
}

extension Sequence<AssociationLabel> {
  /// The type with a label, whatever the case of its letters; without a label the unlabelled one that HubSpot defines.
  public func type(
    labelled label: String?, from: ObjectType, to: ObjectType
  ) throws(AssociationTypeProblem) -> AssociationKind {
    guard let label else {
      guard let found = first(where: { $0.label == nil && $0.category == "HUBSPOT_DEFINED" }) else {
        throw .noDefaultType(from: from.name, to: to.name)
      }
      return AssociationKind(category: found.category, typeID: found.typeID)
    }
    let exact = filter { $0.label == label }
    let found = exact.isEmpty ? filter { $0.label?.lowercased() == label.lowercased() } : exact
    guard let only = found.first else { throw .unknownLabel(label, known: compactMap(\.label)) }
    guard found.count == 1 else { throw .ambiguousLabel(label) }
    return AssociationKind(category: only.category, typeID: only.typeID)
  }
}

extension HubSpotClient {
  /// The number of an association type by its label, or of the unlabelled one. Published numbers cost no request; labels
  /// are the account's own and are asked for.
  public func associationType(
    from type: ObjectType, to other: ObjectType, label: String? = nil
  ) async throws(HubSpotError) -> Result<AssociationKind, AssociationTypeProblem> {
    if label == nil, let known = AssociationTypes.published(from: type, to: other) { return .success(known) }
    let labels = try await associationLabels(from: type, to: other)
    return Result { () throws(AssociationTypeProblem) in
      try labels.type(labelled: label, from: type, to: other)
    }
  }
}
