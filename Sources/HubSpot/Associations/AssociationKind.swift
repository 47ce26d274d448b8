/// A type of association, named the way requests name it.
public struct AssociationKind: Sendable, Hashable {
  /// Who defined the type: `HUBSPOT_DEFINED`, `INTEGRATOR_DEFINED`, `USER_DEFINED` or `WORK`.
  public let category: String
  /// The number of the type. Direction matters: line item to deal and deal to line item have different ones.
  public let typeID: Int

  public init(category: String, typeID: Int) {
    self.category = category
    self.typeID = typeID
  }

  /// A type that HubSpot itself defines.
  public static func hubSpotDefined(_ typeID: Int) -> AssociationKind {
    AssociationKind(category: "HUBSPOT_DEFINED", typeID: typeID)
  }

  /// Used when a line item is made: 20 leads from the line item to its deal.
  public static let lineItemToDeal = hubSpotDefined(20)
  /// From a deal to its line item.
  public static let dealToLineItem = hubSpotDefined(19)
  /// From a line item to its quote.
  public static let lineItemToQuote = hubSpotDefined(68)
  /// From a quote to its line item.
  public static let quoteToLineItem = hubSpotDefined(67)

  func write(_ writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("associationCategory", category)
      writer.member("associationTypeId", typeID)
    }
  }
}

/// A type of association as replies name it, with its label if it has one.
public struct AssociationLabel: Sendable, Hashable {
  /// Who defined the type, as in `AssociationKind`.
  public let category: String
  /// The number of the type, as in `AssociationKind`.
  public let typeID: Int
  /// Nil for the unlabelled types.
  public let label: String?

  public init(category: String, typeID: Int, label: String?) {
    self.category = category
    self.typeID = typeID
    self.label = label
  }
}

extension AssociationLabel {
  init?(_ tree: JSONValue) {
    guard let category = tree["category"]?.asText, let typeID = tree["typeId"]?.asText.flatMap({ Int($0) }) else {
      return nil
    }
    self.init(category: category, typeID: typeID, label: tree["label"]?.asText)
  }
}

/// The types of association between two types of object.
struct AssociationLabels: JSONReadable {
  let results: [AssociationLabel]

  init(_ reader: inout JSONReader) throws(JSONProblem) {
    guard case .array(let entries)? = try reader.tree()["results"] else { throw reader.problem }
    results = entries.compactMap(AssociationLabel.init)
    guard results.count == entries.count else { throw reader.problem }
  }
}
