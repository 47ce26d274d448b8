/// Names of fields of portal rows. A property may be called like something that belongs to the record, such as `deal` or
/// `id`: then `.deal` is the record's, and the property has a field of its own, which programs read as `prop("deal")`.
public enum FieldName {
  static let prefix = "prop:"

  /// The field that holds a property.
  public static func of(property: String) -> String {
    RecordField(rawValue: property) != nil || ObjectNames.isAssociation(property) ? prefix + property : property
  }

  /// The property that a field holds; nil for what belongs to the record.
  public static func property(of field: String) -> String? {
    if field.hasPrefix(prefix) { return String(field.dropFirst(prefix.count)) }
    return RecordField(rawValue: field) == nil ? field : nil
  }
}
