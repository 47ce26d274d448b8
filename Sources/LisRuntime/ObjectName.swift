import LisSchema

/// Names as programs give them, in the form the engine wants.
enum ObjectName {
  static func plural(_ name: String?) -> String { ObjectNames.plural(name ?? ObjectNames.lineItems) }

  /// The field of a row that holds a property.
  static func field(_ property: String) -> String { FieldName.of(property: property) }
}
