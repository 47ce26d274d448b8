/// One value to write. The text goes out exactly as given; "" clears the property.
public struct PropertyAssignment: Sendable, Hashable {
  /// The property's internal name.
  public let name: String
  /// The text to store; "" clears the property.
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A link that a new record is made with.
public struct ObjectAssociation: Sendable, Hashable {
  /// The id of the record at the other end.
  public let toID: String
  /// The types of the link, seen from the new record.
  public let types: [AssociationKind]

  public init(toID: String, types: [AssociationKind]) {
    self.toID = toID
    self.types = types
  }
}

/// What a record is to become: the input of create, update and upsert, alone or in a batch.
public struct ObjectInput: Sendable, Hashable {
  /// Update: the record's id, or its value of `idProperty`. Upsert: the value of `idProperty`. Create: none.
  public var id: String?
  /// The unique property that `id` is a value of; nil when `id` is a record id.
  public var idProperty: String?
  /// In the order in which they are sent.
  public var properties: [PropertyAssignment]
  /// Create only.
  public var associations: [ObjectAssociation]
  /// Batches only: a text, unique within the batch, by which the reply names this input.
  public var traceID: String?

  public init(
    id: String? = nil, idProperty: String? = nil, properties: [PropertyAssignment],
    associations: [ObjectAssociation] = [], traceID: String? = nil
  ) {
    self.id = id
    self.idProperty = idProperty
    self.properties = properties
    self.associations = associations
    self.traceID = traceID
  }

  /// The same with the properties written as a literal: `["name": "Seat", "price": "9.50"]`, in that order.
  public init(
    id: String? = nil, idProperty: String? = nil, values: KeyValuePairs<String, String>,
    associations: [ObjectAssociation] = [], traceID: String? = nil
  ) {
    self.init(
      id: id, idProperty: idProperty, properties: values.map { PropertyAssignment($0.key, $0.value) },
      associations: associations, traceID: traceID)
  }
}
