/// The object types that the practice portal keeps. The raw value is the number after `0-` in HubSpot's type id.
enum ObjectType: Int, CaseIterable, Sendable, Hashable {
  case deals = 3
  case products = 7
  case lineItems = 8
  case quotes = 14

  /// Accepts every documented spelling: the plural, the singular of the samples, and the type id.
  init?(spelling: some StringProtocol) {
    let wanted = spelling.lowercased()
    guard let type = Self.allCases.first(where: { [$0.plural, $0.singular, $0.typeId].contains(wanted) }) else {
      return nil
    }
    self = type
  }

  var typeId: String { "0-\(rawValue)" }

  var singular: String {
    switch self {
    case .deals: "deal"
    case .products: "product"
    case .lineItems: "line_item"
    case .quotes: "quote"
    }
  }

  var plural: String { singular + "s" }

  /// The key of this type inside a record's `associations` object. HubSpot writes line items with a space.
  var associationKey: String { self == .lineItems ? "line items" : plural }

  /// The name used in messages such as `Could not get some LINE_ITEM objects`.
  var upperName: String { singular.uppercased() }

  /// What a person reads: `line item`, `deal`.
  var spokenName: String { self == .lineItems ? "line item" : singular }

  var table: String { "\(plural)" }

  /// The property group that standard properties belong to.
  var groupName: String {
    switch self {
    case .deals: "dealinformation"
    case .products: "productinformation"
    case .lineItems: "lineiteminformation"
    case .quotes: "quoteinformation"
    }
  }

  /// The properties that every answer with named properties adds, and that a search without names returns.
  var systemProperties: [String] {
    self == .quotes
      ? ["hs_createdate", "hs_lastmodifieddate", "hs_object_id"]
      : ["createdate", "hs_lastmodifieddate", "hs_object_id"]
  }

  /// The documented default of search. Practice-portal rule: list, get and batch read without `properties` use it too.
  var defaultProperties: [String] {
    switch self {
    case .deals: ["dealname", "amount", "closedate", "pipeline", "dealstage"] + systemProperties
    case .products: ["name", "description", "price"] + systemProperties
    case .lineItems: ["quantity", "amount", "price"] + systemProperties
    case .quotes: ["hs_expiration_date", "hs_public_url_key", "hs_status", "hs_title"] + systemProperties
    }
  }

  /// What the search field `query` looks at. HubSpot lists nothing for line items; that row is a practice-portal rule.
  var queryProperties: [String] {
    switch self {
    case .deals: ["dealname", "pipeline", "dealstage", "description", "dealtype"]
    case .products: ["name", "description", "price", "hs_sku"]
    case .lineItems: ["name", "description", "hs_sku"]
    case .quotes: ["hs_title", "hs_quote_number", "hs_proposal_slug", "hs_public_url_key"]
    }
  }
}
