/// What is refused before a record is sent. Everything else is the server's to judge.
enum WriteRules {
  static func check(_ input: ObjectInput, _ type: ObjectType) throws(HubSpotError) {
    var seen: Set<String> = []
    for property in input.properties {
      if property.name.isEmpty { throw .invalidRequest(.emptyPropertyName) }
      if !seen.insert(property.name).inserted { throw .invalidRequest(.repeatedProperty(property.name)) }
    }
    if type == .lineItems { try checkLineItem(input) }
  }

  /// The net price is computed by HubSpot, and reports disagree on whether writing it fails or is ignored, so it is
  /// never sent. What a unit discount and a percentage do together is not established either; clearing one while
  /// setting the other is fine.
  private static func checkLineItem(_ input: ObjectInput) throws(HubSpotError) {
    let values = Dictionary(input.properties.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    if values["amount"] != nil { throw .invalidRequest(.computedProperty("amount")) }
    if values["discount", default: ""] != "" && values["hs_discount_percentage", default: ""] != "" {
      throw .invalidRequest(.conflictingProperties("discount", "hs_discount_percentage"))
    }
  }
}
