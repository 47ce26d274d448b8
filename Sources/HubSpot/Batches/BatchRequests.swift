/// Which records to read together.
public struct BatchReadRequest: Sendable, Hashable {
  /// The type of the records.
  public var type: ObjectType
  /// Record ids, or values of `idProperty`; at most 100.
  public var ids: [String]
  /// The unique property that the ids are values of; nil when they are record ids.
  public var idProperty: String?
  /// The properties to read; the id alone when empty.
  public var properties: [String]
  /// Properties whose earlier values shall come along.
  public var history: [String]
  /// Only archived records, instead of only those that are not.
  public var archived: Bool

  public init(
    type: ObjectType, ids: [String], idProperty: String? = nil, properties: [String], history: [String] = [],
    archived: Bool = false
  ) {
    self.type = type
    self.ids = ids
    self.idProperty = idProperty
    self.properties = properties
    self.history = history
    self.archived = archived
  }

  /// A record that is read by a unique property is recognised by its value, so that property is always asked for.
  private var askedProperties: [String] {
    guard let idProperty, !properties.contains(idProperty) else { return requestedProperties(properties) }
    return properties + [idProperty]
  }

  func call(_ paths: PathBuilder) throws(HubSpotError) -> Call {
    try BatchRules.checkCount(ids.count)
    for (index, id) in ids.enumerated() where id.isEmpty { throw .invalidRequest(.missingID(input: index)) }
    let body = JSONWriter.object { writer in
      writer.key("inputs")
      writer.array(ids) { writer, id in writer.object { $0.member("id", id) } }
      writer.member("properties", texts: askedProperties)
      writer.member("propertiesWithHistory", texts: history)
      writer.member("idProperty", optional: idProperty)
    }
    let query = archived ? [(name: "archived", parts: ["true"])] : []
    return try Call(.batchRead, .post, paths.batch(type, .read), query: query, body: body)
  }
}

/// What is checked of a batch before it is sent.
enum BatchRules {
  /// The most inputs of a batch of records.
  static let inputLimit = 100

  static func checkCount(_ count: Int, limit: Int = inputLimit) throws(HubSpotError) {
    if count == 0 { throw .invalidRequest(.noInputs) }
    if count > limit { throw .invalidRequest(.tooManyInputs(count: count, limit: limit)) }
  }

  static func check(
    _ inputs: [ObjectInput], _ type: ObjectType, _ verb: PathBuilder.BatchVerb
  ) throws(HubSpotError) {
    try checkCount(inputs.count)
    for (index, input) in inputs.enumerated() {
      try WriteRules.check(input, type)
      try checkIdentity(input, index, verb)
    }
    // HubSpot refuses a whole batch in which an id is repeated, and trace ids that are not unique explain nothing.
    if let id = firstRepeated(inputs.compactMap { input in input.id.map { [input.idProperty ?? "", $0] } }) {
      throw .invalidRequest(.repeatedID(id[1]))
    }
    if let trace = firstRepeated(inputs.compactMap(\.traceID)) { throw .invalidRequest(.repeatedTraceID(trace)) }
  }

  private static func checkIdentity(
    _ input: ObjectInput, _ index: Int, _ verb: PathBuilder.BatchVerb
  ) throws(HubSpotError) {
    if verb == .create {
      if input.id != nil || input.idProperty != nil { throw .invalidRequest(.idNotAccepted(input: index)) }
      return
    }
    if (input.id ?? "").isEmpty { throw .invalidRequest(.missingID(input: index)) }
    if verb == .upsert && (input.idProperty ?? "").isEmpty { throw .invalidRequest(.missingIDProperty(input: index)) }
    if !input.associations.isEmpty { throw .invalidRequest(.associationsNotAccepted(input: index)) }
  }

  private static func firstRepeated<Element: Hashable>(_ elements: [Element]) -> Element? {
    var seen: Set<Element> = []
    return elements.first { !seen.insert($0).inserted }
  }
}
