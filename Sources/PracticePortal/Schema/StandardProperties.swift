/// The standard properties of every object type: what a portal has before anybody adds a property of their own.
///
/// HubSpot publishes no machine-readable list. Names, types and which ones are read-only follow the line-items guide,
/// the knowledge base and recorded answers; options that no source gives are left empty and then accept any text.
enum StandardProperties {
  static let currencies = ["EUR", "USD", "GBP", "CHF", "SEK"]

  static func definitions(of type: ObjectType) -> [PropertyDefinition] {
    var list: [PropertyDefinition]
    switch type {
    case .deals: list = deals
    case .products: list = products
    case .lineItems: list = lineItems
    case .quotes: list = quotes
    }
    list += origin
    for index in list.indices {
      list[index].groupName = type.groupName
      list[index].hubspotDefined = true
      if list[index].showCurrencySymbol, list[index].currencyPropertyName == nil {
        list[index].currencyPropertyName = currencyProperty(of: type)
      }
    }
    return list
  }

  private static func currencyProperty(of type: ObjectType) -> String? {
    switch type {
    case .deals: "deal_currency_code"
    case .lineItems: "hs_line_item_currency_code"
    case .quotes: "hs_currency"
    case .products: nil
    }
  }

  // MARK: Rows of the tables

  static func text(_ name: String, _ label: String, field: String = "text") -> PropertyDefinition {
    PropertyDefinition(name: name, label: label, type: .string, fieldType: field, groupName: "")
  }

  static func number(_ name: String, _ label: String, money: Bool = false) -> PropertyDefinition {
    var definition = PropertyDefinition(name: name, label: label, type: .number, fieldType: "number", groupName: "")
    definition.showCurrencySymbol = money
    return definition
  }

  static func date(_ name: String, _ label: String) -> PropertyDefinition {
    PropertyDefinition(name: name, label: label, type: .date, fieldType: "date", groupName: "")
  }

  static func time(_ name: String, _ label: String) -> PropertyDefinition {
    PropertyDefinition(name: name, label: label, type: .datetime, fieldType: "date", groupName: "")
  }

  static func flag(_ name: String, _ label: String) -> PropertyDefinition {
    var definition = PropertyDefinition(
      name: name, label: label, type: .bool, fieldType: "booleancheckbox", groupName: "")
    definition.options = [PropertyOption(label: "Yes", value: "true"), PropertyOption(label: "No", value: "false")]
    return definition
  }

  static func choice(
    _ name: String, _ label: String, _ options: [(value: String, label: String)] = [], owners: Bool = false
  ) -> PropertyDefinition {
    var definition = PropertyDefinition(
      name: name, label: label, type: .enumeration, fieldType: "select", groupName: "")
    definition.options = options.enumerated().map {
      PropertyOption(label: $0.element.label, value: $0.element.value, displayOrder: $0.offset)
    }
    definition.externalOptions = options.isEmpty
    definition.referencedObjectType = owners ? "OWNER" : nil
    return definition
  }

  static func readOnly(_ definition: PropertyDefinition, storage: PropertyStorage = .column) -> PropertyDefinition {
    var changed = definition
    changed.readOnlyValue = true
    changed.storage = storage
    return changed
  }

  static func calculated(_ definition: PropertyDefinition) -> PropertyDefinition {
    var changed = readOnly(definition)
    changed.calculated = true
    return changed
  }

  /// Identity, times and origin; every type has them. The origin says what an app's token leaves behind.
  private static let origin: [PropertyDefinition] = [
    readOnly(number("hs_object_id", "Record ID"), storage: .identifier),
    readOnly(time("hs_createdate", "Object create date/time"), storage: .created),
    readOnly(time("hs_lastmodifieddate", "Last modified date"), storage: .updated),
    readOnly(text("hs_object_source", "Record source"), storage: .constant("INTEGRATION")),
    readOnly(text("hs_object_source_id", "Record source ID"), storage: .constant(PortalIdentity.applicationId)),
    readOnly(text("hs_object_source_label", "Record source label"), storage: .constant("INTEGRATION")),
    readOnly(text("hs_object_source_detail_1", "Record source detail 1")),
    readOnly(text("hs_object_source_detail_2", "Record source detail 2")),
    readOnly(text("hs_object_source_detail_3", "Record source detail 3")),
    readOnly(text("hs_object_source_user_id", "Record source user ID")),
    readOnly(text("hs_unique_creation_key", "Unique creation key")),
    readOnly(text("hs_merged_object_ids", "Merged record IDs")),
  ]
}

/// What the practice portal says about itself.
enum PortalIdentity {
  static let portalId = 1_234_567
  /// The app that writes are attributed to.
  static let applicationId = "5671456"
}
