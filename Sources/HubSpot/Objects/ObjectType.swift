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

  /// Contacts, type id 0-1.
  public static let contacts = ObjectType("contacts", singular: "contact", typeID: "0-1")
  /// Companies, type id 0-2.
  public static let companies = ObjectType("companies", singular: "company", typeID: "0-2")
  /// Invoices, type id 0-53.
  public static let invoices = ObjectType("invoices", singular: "invoice", typeID: "0-53")
  /// Orders, type id 0-123.
  public static let orders = ObjectType("orders", singular: "order", typeID: "0-123")
  /// Carts, type id 0-142.
  public static let carts = ObjectType("carts", singular: "cart", typeID: "0-142")
  /// Subscriptions, type id 0-69.
  public static let subscriptions = ObjectType("subscriptions", singular: "subscription", typeID: "0-69")

  /// The types that the library knows by name. Any other is reached by its type id or, for custom objects, its name.
  public static let known: [ObjectType] = [
    lineItems, deals, products, quotes, contacts, companies, invoices, orders, carts, subscriptions,
  ]

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
