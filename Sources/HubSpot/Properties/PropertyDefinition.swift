/// A property of an object type as the account defines it.
public struct PropertyDefinition: Sendable, Hashable {
  /// A value that an enumeration may have.
  public struct Option: Sendable, Hashable {
    /// What people see.
    public let label: String
    /// What is stored.
    public let value: String
    /// Whether people are not offered it.
    public let hidden: Bool
  }

  /// The internal name, by which values are read and written.
  public let name: String
  /// What people see.
  public let label: String
  /// For example `string`, `number`, `enumeration`, `date`, `datetime`, `bool`.
  public let type: String
  /// The form element, for example `text`, `select`, `checkbox`.
  public let fieldType: String
  /// The group the property is shown in.
  public let groupName: String
  /// What the property is for; may be empty.
  public let description: String
  /// Empty for properties that are no enumerations, and for those whose values are the account's owners.
  public let options: [Option]
  /// Whether no two records have the same value, so that records can be found by it.
  public let hasUniqueValue: Bool
  /// Whether HubSpot computes the value.
  public let calculated: Bool
  /// Whether people are not shown the property.
  public let hidden: Bool
  /// Whether the property has been archived.
  public let archived: Bool
  /// Whether HubSpot defines the property, and not the account.
  public let hubSpotDefined: Bool
  /// `OWNER` for enumerations of the account's owners.
  public let referencedObjectType: String?
  /// Whether numbers of this property are money.
  public let showCurrencySymbol: Bool
  /// The property that names the currency of such money, per record.
  public let currencyPropertyName: String?
  /// Whether the account says that values cannot be written.
  public let readOnlyValue: Bool

  /// Whether a value may be written: it is neither computed nor marked as read-only.
  public var isWritable: Bool { !calculated && !readOnlyValue }
}

extension PropertyDefinition: Decodable {
  private enum Key: String, CodingKey {
    case name, label, type, fieldType, groupName, description, options, hasUniqueValue, calculated, hidden, archived
    case hubspotDefined, referencedObjectType, showCurrencySymbol, currencyPropertyName, modificationMetadata
  }

  private struct Modification: Decodable { let readOnlyValue: Bool? }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func flag(_ key: Key) -> Bool { container.ignoringForm(Bool.self, key) ?? false }
    name = try container.decode(String.self, forKey: .name)
    type = try container.decode(String.self, forKey: .type)
    label = container.lenientTextIfPresent(.label) ?? name
    fieldType = container.lenientTextIfPresent(.fieldType) ?? ""
    groupName = container.lenientTextIfPresent(.groupName) ?? ""
    description = container.lenientTextIfPresent(.description) ?? ""
    options = try container.decodeIfPresent([Option].self, forKey: .options) ?? []
    hasUniqueValue = flag(.hasUniqueValue)
    calculated = flag(.calculated)
    hidden = flag(.hidden)
    archived = flag(.archived)
    hubSpotDefined = flag(.hubspotDefined)
    referencedObjectType = container.lenientTextIfPresent(.referencedObjectType)
    showCurrencySymbol = flag(.showCurrencySymbol)
    currencyPropertyName = container.lenientTextIfPresent(.currencyPropertyName)
    readOnlyValue = container.ignoringForm(Modification.self, .modificationMetadata)?.readOnlyValue ?? false
  }
}

extension PropertyDefinition.Option: Decodable {
  private enum Key: String, CodingKey { case label, value, hidden }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    value = try container.lenientText(.value)
    label = container.lenientTextIfPresent(.label) ?? value
    hidden = container.ignoringForm(Bool.self, .hidden) ?? false
  }
}

/// `{"results":[…]}`, for the listings that have no pages.
struct Unpaged<Element: Decodable & Sendable>: Decodable, Sendable {
  let results: [Element]
}
