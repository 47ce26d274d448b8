/// A property to be made.
public struct PropertyInput: Sendable, Hashable {
  /// The internal name, which cannot be changed later.
  public var name: String
  /// What people see.
  public var label: String
  /// The group the property is shown in. Line items' own is usually `lineiteminformation`.
  public var groupName: String
  /// For example `string`, `number`, `enumeration`, `date`, `datetime`, `bool`.
  public var type: String
  /// The form element; each type allows some, `string` for example `text` and `textarea`.
  public var fieldType: String
  /// What the property is for; nil to say nothing.
  public var description: String?
  /// Whether no two records may have the same value. It can be chosen now only and never changed.
  public var hasUniqueValue: Bool
  /// Required for enumerations: pairs of label and value, in order.
  public var options: [PropertyAssignment]

  /// - Parameter options: each with the label as name and the stored text as value.
  public init(
    name: String, label: String, groupName: String, type: String = "string", fieldType: String = "text",
    description: String? = nil, hasUniqueValue: Bool = false, options: [PropertyAssignment] = []
  ) {
    self.name = name
    self.label = label
    self.groupName = groupName
    self.type = type
    self.fieldType = fieldType
    self.description = description
    self.hasUniqueValue = hasUniqueValue
    self.options = options
  }

  var body: [UInt8] {
    JSONWriter.object { writer in
      writer.member("name", name)
      writer.member("label", label)
      writer.member("groupName", groupName)
      writer.member("type", type)
      writer.member("fieldType", fieldType)
      writer.member("description", optional: description)
      if hasUniqueValue { writer.member("hasUniqueValue", true) }
      guard !options.isEmpty else { return }
      writer.key("options")
      writer.array(options.enumerated()) { writer, option in
        writer.object { writer in
          writer.member("label", option.element.name)
          writer.member("value", option.element.value)
          writer.member("displayOrder", option.offset)
          writer.member("hidden", false)
        }
      }
    }
  }
}

/// A group that properties are shown in.
public struct PropertyGroup: Sendable, Hashable, Decodable {
  /// The internal name, which a new property names.
  public let name: String
  /// What people see.
  public let label: String?
}

/// The account's definitions of properties.
extension HubSpotClient {
  /// All properties of an object type, in one answer.
  public func properties(of type: ObjectType) async throws(HubSpotError) -> [PropertyDefinition] {
    try await perform(
      Call(.propertyList, .get, paths.properties(type)), into: JSONBody(Unpaged<PropertyDefinition>.self)
    ).results
  }

  /// One property. One that does not exist is an `APIFailure` with `isNotFound`.
  public func property(_ name: String, of type: ObjectType) async throws(HubSpotError) -> PropertyDefinition {
    if name.isEmpty { throw .invalidRequest(.emptyPropertyName) }
    return try await perform(
      Call(.propertyRead, .get, paths.property(type, name: name)), into: JSONBody(PropertyDefinition.self))
  }

  /// The groups that properties of an object type are shown in.
  public func propertyGroups(of type: ObjectType) async throws(HubSpotError) -> [PropertyGroup] {
    try await perform(
      Call(.propertyGroups, .get, paths.propertyGroups(type)), into: JSONBody(Unpaged<PropertyGroup>.self)
    ).results
  }

  /// Makes a property. One that exists already is an `APIFailure` with status 409.
  public func createProperty(
    _ input: PropertyInput, of type: ObjectType
  ) async throws(HubSpotError) -> PropertyDefinition {
    if input.name.isEmpty { throw .invalidRequest(.emptyPropertyName) }
    return try await perform(
      Call(.propertyCreate, .post, paths.properties(type), body: input.body), into: JSONBody(PropertyDefinition.self))
  }
}
