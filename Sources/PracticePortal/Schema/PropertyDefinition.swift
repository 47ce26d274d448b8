/// The value type of a property, as the properties API names it.
enum PropertyType: String, Sendable {
  case string, number, bool, enumeration, date, datetime
  case phoneNumber = "phone_number"

  /// The field types that may show this type (properties guide).
  var fieldTypes: [String] {
    switch self {
    case .bool: ["booleancheckbox", "calculation_equation"]
    case .enumeration: ["booleancheckbox", "checkbox", "radio", "select", "calculation_equation"]
    case .date, .datetime: ["date"]
    case .string: ["file", "text", "textarea", "calculation_equation", "html", "phonenumber"]
    case .number: ["number", "calculation_equation"]
    case .phoneNumber: ["phonenumber"]
    }
  }
}

struct PropertyOption: Equatable, Sendable {
  var label: String
  var value: String
  var displayOrder: Int = -1
  var hidden = false
  var description: String = ""
}

/// Where a property's value lives in the store.
enum PropertyStorage: Equatable, Sendable {
  /// In a column of its own.
  case column
  /// It is the record's id, or its creation or modification time.
  case identifier, created, updated
  /// The same text on every record.
  case constant(String)
}

/// One property of one object type.
struct PropertyDefinition: Equatable, Sendable {
  var name: String
  var label: String
  var type: PropertyType
  var fieldType: String
  var groupName: String
  var description = ""
  var options: [PropertyOption] = []
  var displayOrder = -1
  var hasUniqueValue = false
  var hidden = false
  var formField = false
  var calculated = false
  var readOnlyValue = false
  var hubspotDefined = false
  var externalOptions = false
  var referencedObjectType: String?
  var showCurrencySymbol = false
  var currencyPropertyName: String?
  var numberDisplayHint: String?
  var textDisplayHint: String?
  var calculationFormula: String?
  /// Epoch milliseconds; standard properties report the zero time.
  var createdAt: Int64 = 0
  var updatedAt: Int64 = 0
  var archivedAt: Int64?
  var storage = PropertyStorage.column

  var isArchived: Bool { archivedAt != nil }
  var isMultiple: Bool { type == .enumeration && fieldType == "checkbox" }
  /// Id-like numbers are refused as "not a valid long" instead of "not a valid number".
  var isIdentifier: Bool { name == "hs_product_id" || name == "hs_bundle_id" || name == "hs_object_id" }
  var column: String { "\"p_\(name)\"" }
}

/// The properties of one object type at one moment.
struct TypeSchema: Sendable {
  let type: ObjectType
  /// By name, archived ones included.
  private(set) var all: [String: PropertyDefinition] = [:]
  /// In order of name, archived ones included.
  private(set) var sorted: [PropertyDefinition] = []
  /// Those with a column of their own, in a fixed order, so that prepared statements are shared.
  private(set) var columns: [PropertyDefinition] = []

  init(type: ObjectType, definitions: [PropertyDefinition]) {
    self.type = type
    for definition in definitions { all[definition.name] = definition }
    arrange()
  }

  /// A property that is in use.
  func property(_ name: String) -> PropertyDefinition? {
    guard let found = all[name], !found.isArchived else { return nil }
    return found
  }

  mutating func set(_ definition: PropertyDefinition) {
    all[definition.name] = definition
    arrange()
  }

  private mutating func arrange() {
    sorted = all.values.sorted { $0.name < $1.name }
    columns = sorted.filter { $0.storage == .column }
  }
}
