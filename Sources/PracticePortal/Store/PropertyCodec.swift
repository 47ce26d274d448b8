/// Custom property definitions as JSON text, the form in which the store keeps them.
enum PropertyCodec {
  static func encode(_ definition: PropertyDefinition) -> String {
    let bytes = JSONWriter.object { object in
      object.member("label", definition.label)
      object.member("type", definition.type.rawValue)
      object.member("fieldType", definition.fieldType)
      object.member("groupName", definition.groupName)
      object.member("description", definition.description)
      object.member("displayOrder", definition.displayOrder)
      object.member("hasUniqueValue", definition.hasUniqueValue)
      object.member("hidden", definition.hidden)
      object.member("formField", definition.formField)
      object.member("calculated", definition.calculated)
      object.member("readOnlyValue", definition.readOnlyValue)
      object.member("externalOptions", definition.externalOptions)
      object.member("showCurrencySymbol", definition.showCurrencySymbol)
      object.member("referencedObjectType", definition.referencedObjectType)
      object.member("currencyPropertyName", definition.currencyPropertyName)
      object.member("numberDisplayHint", definition.numberDisplayHint)
      object.member("textDisplayHint", definition.textDisplayHint)
      object.member("calculationFormula", definition.calculationFormula)
      object.member("createdAt", String(definition.createdAt))
      object.member("updatedAt", String(definition.updatedAt))
      object.member("archivedAt", definition.archivedAt.map { String($0) })
      object.memberArray("options") { list in
        for option in definition.options { PropertyJSON.write(option, into: &list) }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `nil` when the text is not what `encode` writes.
  static func decode(name: String, _ text: String) -> PropertyDefinition? {
    guard let json = try? JSONParser.parse(Array(text.utf8)), let label = json["label"]?.text,
      let type = json["type"]?.text.flatMap(PropertyType.init), let fieldType = json["fieldType"]?.text,
      let groupName = json["groupName"]?.text
    else { return nil }
    var definition = PropertyDefinition(
      name: name, label: label, type: type, fieldType: fieldType, groupName: groupName)
    definition.description = json["description"]?.text ?? ""
    definition.displayOrder = json["displayOrder"]?.integer ?? -1
    definition.hasUniqueValue = json["hasUniqueValue"]?.flag ?? false
    definition.hidden = json["hidden"]?.flag ?? false
    definition.formField = json["formField"]?.flag ?? false
    definition.calculated = json["calculated"]?.flag ?? false
    definition.readOnlyValue = json["readOnlyValue"]?.flag ?? false
    definition.externalOptions = json["externalOptions"]?.flag ?? false
    definition.showCurrencySymbol = json["showCurrencySymbol"]?.flag ?? false
    definition.referencedObjectType = json["referencedObjectType"]?.text
    definition.currencyPropertyName = json["currencyPropertyName"]?.text
    definition.numberDisplayHint = json["numberDisplayHint"]?.text
    definition.textDisplayHint = json["textDisplayHint"]?.text
    definition.calculationFormula = json["calculationFormula"]?.text
    definition.createdAt = json["createdAt"]?.text.flatMap { Int64($0) } ?? 0
    definition.updatedAt = json["updatedAt"]?.text.flatMap { Int64($0) } ?? 0
    definition.archivedAt = json["archivedAt"]?.text.flatMap { Int64($0) }
    definition.options = (json["options"]?.items ?? []).compactMap(PropertyJSON.option)
    return definition
  }
}
