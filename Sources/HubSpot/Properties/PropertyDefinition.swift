/// A property of an object type as the account defines it.
public struct PropertyDefinition: Sendable, Hashable {
  public struct Option: Sendable, Hashable {
    /// What people see.
    public let label: String
    /// What is stored.
    public let value: String
    public let hidden: Bool
  }

  public let name: String
  public let label: String
  /// For example `string`, `number`, `enumeration`, `date`, `datetime`, `bool`.
  public let type: String
  /// The form element, for example `text`, `select`, `checkbox`.
  public let fieldType: String
  public let groupName: String
  public let description: String
  /// Empty for properties that are no enumerations, and for those whose values are the account's owners.
  public let options: [Option]
  public let hasUniqueValue: Bool
  public let calculated: Bool
  public let hidden: Bool
  public let archived: Bool
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
