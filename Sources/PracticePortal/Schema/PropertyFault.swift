/// What can be wrong with a call of the properties API.
enum PropertyFault: Equatable {
  case notFound(name: String, type: ObjectType)
  case groupNotFound(name: String, type: ObjectType)
  case nameExists(name: String)
  case groupExists(name: String)
  case invalidName(String)
  case unknownType(String)
  case fieldTypeNotForType(fieldType: String, type: String)
  case optionsMissing(name: String)
  case optionsNotAllowed(name: String)
  case repeatedOption(name: String, value: String)
  /// Standard properties cannot be changed or archived here.
  case standardProperty(name: String)
  case tooManyUnique(limit: Int)

  var status: Int {
    switch self {
    case .notFound, .groupNotFound: 404
    case .nameExists, .groupExists: 409
    default: 400
    }
  }

  var category: String {
    switch self {
    case .notFound, .groupNotFound: "OBJECT_NOT_FOUND"
    case .nameExists, .groupExists: "OBJECT_ALREADY_EXISTS"
    default: "VALIDATION_ERROR"
    }
  }

  var subCategory: String? {
    if case .nameExists = self { "Properties.PROPERTY_WITH_NAME_EXISTS" } else { nil }
  }

  var message: String {
    switch self {
    case .notFound(let name, let type): "No property named \(name) exists on object type \(type.typeId)"
    case .groupNotFound(let name, let type): "No property group named \(name) exists on object type \(type.typeId)"
    case .nameExists(let name): "A property named '\(name)' already exists."
    case .groupExists(let name): "A property group named '\(name)' already exists."
    case .invalidName(let name):
      "'\(name)' is not a property name: use up to 100 lower-case letters, digits and underscores, "
        + "beginning with a letter."
    case .unknownType(let type): "'\(type)' is not a property type that can be created."
    case .fieldTypeNotForType(let fieldType, let type): "The field type '\(fieldType)' cannot show the type '\(type)'."
    case .optionsMissing(let name): "The enumeration '\(name)' needs options."
    case .optionsNotAllowed(let name): "Only an enumeration may have options; '\(name)' is none."
    case .repeatedOption(let name, let value): "The option value '\(value)' of '\(name)' appears twice."
    case .standardProperty(let name): "'\(name)' is defined by HubSpot and cannot be changed or archived."
    case .tooManyUnique(let limit): "An object type can have at most \(limit) unique properties."
    }
  }
}
