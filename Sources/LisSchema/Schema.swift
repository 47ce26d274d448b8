/// LisSchema: what the compiler and the engine both have to know of a portal: the properties of its object types, and the
/// descriptions of reads and writes that the compiler makes and the engine carries out. Plain data, no I/O.

/// The properties of one object type, as the properties API of the portal lists them.
public struct ObjectSchema: Sendable, Codable {
  /// The name used in paths: `line_items`.
  public var object: String
  public var properties: [String: PropertySchema]
  /// When it was read; shown with errors that rest on it. Milliseconds since 1970.
  public var readAt: Int

  public init(object: String, properties: [PropertySchema], readAt: Int) {
    self.object = object
    self.properties = Dictionary(properties.map { ($0.name, $0) }) { first, _ in first }
    self.readAt = readAt
  }
}

public struct PropertySchema: Sendable, Hashable, Codable {
  public var name: String
  public var label: String
  public var type: PropertyType
  /// Internal values of an enumeration, without hidden ones being left out; empty when HubSpot lists none, as for owners.
  public var options: [PropertyOption]
  /// `modificationMetadata.readOnlyValue`.
  public var isReadOnly: Bool
  public var isCalculated: Bool
  public var hasUniqueValue: Bool
  /// `showCurrencySymbol`, or a number shown as currency.
  public var isMoney: Bool
  /// Several options at once, joined by `;` on the wire (`fieldType` checkbox).
  public var isMultiple: Bool

  public init(
    name: String, label: String, type: PropertyType, options: [PropertyOption] = [], isReadOnly: Bool = false,
    isCalculated: Bool = false, hasUniqueValue: Bool = false, isMoney: Bool = false, isMultiple: Bool = false
  ) {
    self.name = name
    self.label = label
    self.type = type
    self.options = options
    self.isReadOnly = isReadOnly
    self.isCalculated = isCalculated
    self.hasUniqueValue = hasUniqueValue
    self.isMoney = isMoney
    self.isMultiple = isMultiple
  }

  /// Names that hold ids although HubSpot declares them as numbers; they are kept as text so that no digit is lost.
  public var isIdentifier: Bool {
    PropertySchema.identifiers.contains(name)
  }

  static let identifiers: Set<String> = [
    "hs_object_id", "hs_product_id", "hs_bundle_id", "hs_pinned_engagement_id", "hs_created_by_user_id",
    "hs_updated_by_user_id", "hs_object_source_id", "hs_object_source_user_id",
  ]
}

public struct PropertyOption: Sendable, Hashable, Codable {
  public var value: String
  public var label: String

  public init(value: String, label: String) {
    self.value = value
    self.label = label
  }
}

/// `type` of a property definition. Types that the language has no kind of value for read as text.
public enum PropertyType: String, Sendable, Hashable, Codable {
  case bool, date, datetime, enumeration, number, string
  case phoneNumber = "phone_number"
  case other
}

/// The schemas that are known; a missing object type means that nothing is known of it.
public struct PortalSchema: Sendable {
  public var objects: [String: ObjectSchema]

  public init(objects: [String: ObjectSchema] = [:]) { self.objects = objects }
}

/// Names of object types as programs write them.
public enum ObjectNames {
  public static let lineItems = "line_items"

  /// Singular names and the id HubSpot gives the type, both accepted wherever an object type is named.
  static let aliases: [String: String] = [
    "line_item": "line_items", "deal": "deals", "product": "products", "quote": "quotes", "contact": "contacts",
    "company": "companies", "order": "orders", "invoice": "invoices", "cart": "carts", "subscription": "subscriptions",
  ]

  static let plurals: Set<String> = Set(aliases.values)

  /// The name for paths, whatever form was written.
  public static func plural(_ name: String) -> String { aliases[name] ?? name }

  /// The name in association filters: `deal`.
  public static func singular(_ name: String) -> String {
    aliases.first { $0.value == name }?.key ?? name
  }

  /// Whether `.name` of a record can mean its associated records of that type.
  public static func isAssociation(_ name: String) -> Bool { aliases[name] != nil }

  public static let known: [String] = plurals.sorted() + aliases.keys.sorted()

  /// What a row of the type shows when a program prints it without choosing columns.
  public static func displayed(_ object: String) -> [String] {
    switch object {
    case "line_items": ["name", "hs_sku", "price", "quantity"]
    case "deals": ["dealname", "dealstage", "amount"]
    case "products": ["name", "hs_sku", "price"]
    case "quotes": ["hs_title", "hs_status"]
    default: []
    }
  }
}

/// Fields that belong to a record and not to its properties.
public enum RecordField: String, Sendable, CaseIterable {
  case id, archived
  case createdAt = "created_at"
  case updatedAt = "updated_at"
}
