/// Reads the body of a property create or update and checks it.
enum PropertyDraft {
  static let uniqueLimit = 10

  static func create(_ shape: BodyShape, time: Int64) throws(Refusal) -> PropertyDefinition {
    try requireFields(shape)
    let name = try shape.text("name")
    try checkName(name)
    let typeName = try shape.text("type")
    guard let type = PropertyType(rawValue: typeName) else { throw .property(.unknownType(typeName)) }
    var definition = PropertyDefinition(
      name: name, label: try shape.text("label"), type: type, fieldType: try shape.text("fieldType"),
      groupName: try shape.text("groupName"))
    definition.hasUniqueValue = try shape.flag("hasUniqueValue") ?? false
    definition.referencedObjectType = try shape.optionalText("referencedObjectType")
    definition.externalOptions = try shape.flag("externalOptions") ?? false
    definition.createdAt = time
    try apply(shape, to: &definition, time: time)
    return definition
  }

  /// All missing fields are named at once.
  private static func requireFields(_ shape: BodyShape) throws(Refusal) {
    try shape.requireObject()
    let missing = ["name", "label", "groupName", "type", "fieldType"].filter { shape.member($0) == nil }
    if !missing.isEmpty { throw .requiredFieldsMissing(missing) }
  }

  /// Practice-portal rule: the documented form of internal names, up to 100 characters.
  static func checkName(_ name: String) throws(Refusal) {
    let bytes = Array(name.utf8)
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = bytes.first, bytes.count <= 100, letters.contains(first),
      bytes.allSatisfy({ letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") })
    else { throw .property(.invalidName(name)) }
  }

  /// Takes over what the body gives; `options` replaces the whole list.
  static func apply(_ shape: BodyShape, to definition: inout PropertyDefinition, time: Int64) throws(Refusal) {
    try shape.requireObject()
    if let label = try shape.optionalText("label") { definition.label = label }
    if let group = try shape.optionalText("groupName") { definition.groupName = group }
    if let text = try shape.optionalText("description") { definition.description = text }
    if let fieldType = try shape.optionalText("fieldType") { definition.fieldType = fieldType }
    if let hidden = try shape.flag("hidden") { definition.hidden = hidden }
    if let formField = try shape.flag("formField") { definition.formField = formField }
    if let shown = try shape.flag("showCurrencySymbol") { definition.showCurrencySymbol = shown }
    if let name = try shape.optionalText("currencyPropertyName") { definition.currencyPropertyName = name }
    if let hint = try shape.optionalText("numberDisplayHint") { definition.numberDisplayHint = hint }
    if let hint = try shape.optionalText("textDisplayHint") { definition.textDisplayHint = hint }
    if let formula = try shape.optionalText("calculationFormula") { definition.calculationFormula = formula }
    if let order = shape.member("displayOrder")?.integer { definition.displayOrder = order }
    if let items = try shape.list("options") { definition.options = try options(items) }
    definition.updatedAt = time
    try check(&definition)
  }

  private static func options(_ items: [JSON]) throws(Refusal) -> [PropertyOption] {
    var options: [PropertyOption] = []
    for (index, item) in items.enumerated() {
      guard let option = PropertyJSON.option(item) else {
        throw .requiredFieldsMissing(["options[\(index)].label", "options[\(index)].value"])
      }
      options.append(option)
    }
    return options
  }

  private static func check(_ definition: inout PropertyDefinition) throws(Refusal) {
    guard definition.type.fieldTypes.contains(definition.fieldType) else {
      throw .property(.fieldTypeNotForType(fieldType: definition.fieldType, type: definition.type.rawValue))
    }
    if definition.fieldType == "calculation_equation" {
      definition.calculated = true
      definition.readOnlyValue = true
    }
    switch definition.type {
    case .enumeration:
      if definition.options.isEmpty, !definition.externalOptions {
        throw .property(.optionsMissing(name: definition.name))
      }
    case .bool: break
    default:
      if !definition.options.isEmpty { throw .property(.optionsNotAllowed(name: definition.name)) }
    }
    var seen: Set<String> = []
    for option in definition.options where !seen.insert(option.value).inserted {
      throw .property(.repeatedOption(name: definition.name, value: option.value))
    }
  }
}
