/// Property definitions as the properties API shows them.
enum PropertyJSON {
  static func write(_ property: PropertyDefinition, into writer: inout JSONWriter) {
    writer.object { object in
      object.member("updatedAt", Timestamp.wireText(property.updatedAt))
      object.member("createdAt", Timestamp.wireText(property.createdAt))
      object.member("name", property.name)
      object.member("label", property.label)
      object.member("type", property.type.rawValue)
      object.member("fieldType", property.fieldType)
      object.member("description", property.description)
      object.member("groupName", property.groupName)
      object.memberArray("options") { list in
        for option in property.options { write(option, into: &list) }
      }
      object.member("displayOrder", property.displayOrder)
      object.member("calculated", property.calculated)
      object.member("externalOptions", property.externalOptions)
      object.member("archived", property.isArchived)
      if let archivedAt = property.archivedAt { object.member("archivedAt", Timestamp.wireText(archivedAt)) }
      object.member("hasUniqueValue", property.hasUniqueValue)
      object.member("hidden", property.hidden)
      object.member("hubspotDefined", property.hubspotDefined)
      object.member("formField", property.formField)
      object.member("dataSensitivity", "non_sensitive")
      writeOptional(property, into: &object)
      object.memberObject("modificationMetadata") { metadata in
        metadata.member("archivable", !property.hubspotDefined)
        metadata.member("readOnlyDefinition", property.hubspotDefined)
        metadata.member("readOnlyValue", property.readOnlyValue)
        if property.type == .enumeration { metadata.member("readOnlyOptions", property.hubspotDefined) }
      }
    }
  }

  private static func writeOptional(_ property: PropertyDefinition, into object: inout JSONWriter) {
    if property.showCurrencySymbol { object.member("showCurrencySymbol", true) }
    if let name = property.currencyPropertyName { object.member("currencyPropertyName", name) }
    if let type = property.referencedObjectType { object.member("referencedObjectType", type) }
    if let hint = property.numberDisplayHint { object.member("numberDisplayHint", hint) }
    if let hint = property.textDisplayHint { object.member("textDisplayHint", hint) }
    if let formula = property.calculationFormula { object.member("calculationFormula", formula) }
  }

  static func write(_ option: PropertyOption, into list: inout JSONWriter) {
    list.object {
      $0.member("label", option.label)
      $0.member("value", option.value)
      $0.member("description", option.description)
      $0.member("displayOrder", option.displayOrder)
      $0.member("hidden", option.hidden)
    }
  }

  /// `nil` when label or value is missing.
  static func option(_ json: JSON) -> PropertyOption? {
    guard let label = json["label"]?.text, let value = json["value"]?.text else { return nil }
    return PropertyOption(
      label: label, value: value, displayOrder: json["displayOrder"]?.integer ?? -1,
      hidden: json["hidden"]?.flag ?? false, description: json["description"]?.text ?? "")
  }
}
