/// A type of CRM record, by the name it has in paths.
public struct ObjectType: Sendable, Hashable {
  /// Why a text cannot name an object type.
  public enum Problem: Error, Sendable, Hashable {
    /// Empty, longer than 100 characters, or with a character other than ASCII letters, digits, `_` and `-`.
    case invalidName(String)
  }

  /// The path segment, for example `line_items`, or a type id such as `0-8`.
  public let name: String
  /// The name in association filters (`associations.deal`). Nil for custom objects, which have no such filter.
  public let singularName: String?
  /// HubSpot's type id for this type, where it is known.
  public let typeID: String?

  private init(_ name: String, singular: String?, typeID: String?) {
    self.name = name
    self.singularName = singular
    self.typeID = typeID
  }

  /// Line items, type id 0-8.
  public static let lineItems = ObjectType("line_items", singular: "line_item", typeID: "0-8")
  /// Deals, type id 0-3.
  public static let deals = ObjectType("deals", singular: "deal", typeID: "0-3")
  /// Products, type id 0-7. Line items refer to them by the property `hs_product_id`, not by an association.
  public static let products = ObjectType("products", singular: "product", typeID: "0-7")
  /// Quotes, type id 0-14.
  public static let quotes = ObjectType("quotes", singular: "quote", typeID: "0-14")

  /// The types that the library knows by name.
  public static let known: [ObjectType] = [lineItems, deals, products, quotes]

  /// The type of any name: a known plural, a type id, or a custom object's name.
  public init(_ name: String) throws(Problem) {
    if let known = ObjectType.known.first(where: { $0.name == name || $0.typeID == name || $0.singularName == name }) {
      self = known
      return
    }
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isPlain, (1...100).contains(name.utf8.count) else { throw .invalidName(name) }
    self.init(name, singular: nil, typeID: nil)
  }
}
