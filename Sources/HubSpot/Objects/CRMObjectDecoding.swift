/// A type that reads itself from JSON without a tree or a decoder in between.
protocol JSONReadable: Sendable {
  init(_ reader: inout JSONReader) throws(JSONProblem)
}

extension JSONReadable {
  /// The whole body.
  init(body: [UInt8]) throws(JSONProblem) {
    var reader = JSONReader(body)
    try self.init(&reader)
    try reader.end()
  }
}

/// Reads a body by the library's own reader.
struct ReadBody<Output: JSONReadable>: BodySink {
  init(_ type: Output.Type = Output.self) {}

  func decode(_ body: [UInt8], status: Int) throws -> Output { try Output(body: body) }
}

extension JSONReader {
  mutating func list<Element: JSONReadable>(of type: Element.Type) throws(JSONProblem) -> [Element] {
    var elements: [Element] = []
    try array { reader throws(JSONProblem) in elements.append(try Element(&reader)) }
    return elements
  }
}

extension CRMObject: JSONReadable {
  /// What the library does depends on the id and the properties; of the rest a value of an unexpected form counts as
  /// absent. `associations` must be an object, since a missing one would read as a record without any.
  init(_ reader: inout JSONReader) throws(JSONProblem) {
    var object = CRMObject(id: "")
    try reader.object { (reader, name) throws(JSONProblem) in
      switch name {
      case "properties": object.properties = try CRMObject.properties(&reader)
      case "id": object.id = try reader.id()
      case "createdAt": object.createdAt = try reader.tree().asText
      case "updatedAt": object.updatedAt = try reader.tree().asText
      case "archived": object.archived = try reader.tree().asBoolean ?? false
      case "url": object.url = try reader.tree().asText
      case "objectWriteTraceId": object.traceID = try reader.tree().asText
      case "new": object.isNew = try reader.tree().asBoolean
      case "archivedAt": object.archivedAt = try reader.tree().asText
      case "propertiesWithHistory": object.history = try PropertyVersion.histories(reader.tree())
      case "associations": object.associations = try AssociatedPage.pages(&reader)
      case "warnings": object.warnings = try reader.tree().elements.compactMap(ObjectWarning.init)
      default: try reader.skip()
      }
    }
    guard !object.id.isEmpty else { throw reader.problem }
    self = object
  }

  private static func properties(_ reader: inout JSONReader) throws(JSONProblem) -> [String: String?] {
    if reader.takeNull() { return [:] }
    // Records of one reply have as many properties as the one before, and a dictionary that grows hashes them again.
    var properties: [String: String?] = [:]
    properties.reserveCapacity(reader.usualMembers)
    try reader.object { (reader, name) throws(JSONProblem) in properties.updateValue(try reader.text(), forKey: name) }
    reader.usualMembers = min(properties.count, 256)
    return properties
  }
}

extension PropertyVersion {
  fileprivate static func histories(_ tree: JSONValue) -> [String: [PropertyVersion]] {
    tree.members.mapValues { $0.elements.compactMap(PropertyVersion.init) }
  }

  private init?(_ tree: JSONValue) {
    guard let timestamp = tree["timestamp"]?.asText else { return nil }
    self.init(
      value: tree["value"]?.asText ?? "", timestamp: timestamp, sourceType: tree["sourceType"]?.asText,
      sourceID: tree["sourceId"]?.asText)
  }
}

extension AssociatedPage {
  fileprivate static func pages(_ reader: inout JSONReader) throws(JSONProblem) -> [String: AssociatedPage] {
    if reader.takeNull() { return [:] }
    var pages: [String: AssociatedPage] = [:]
    try reader.object { (reader, name) throws(JSONProblem) in pages[name] = try AssociatedPage(&reader) }
    return pages
  }

  private init(_ reader: inout JSONReader) throws(JSONProblem) {
    let tree = try reader.tree()
    let entries = tree["results"]?.elements ?? []
    let read = entries.compactMap { entry in entry["id"]?.asText.map { Entry(id: $0, type: entry["type"]?.asText) } }
    // One that cannot be read would otherwise be missing without a word.
    guard case .object = tree, read.count == entries.count else { throw reader.problem }
    self.init(entries: read, nextAfter: tree.nextAfter)
  }
}

extension ObjectWarning {
  fileprivate init?(_ tree: JSONValue) {
    guard case .object = tree else { return nil }
    self.init(
      category: tree["category"]?.asText, message: tree["message"]?.asText,
      context: tree["context"]?.members.mapValues(\.texts) ?? [:])
  }
}

extension ObjectPage: JSONReadable {
  init(_ reader: inout JSONReader) throws(JSONProblem) {
    var results: [CRMObject]?
    var nextAfter: String?
    var total: Int?
    try reader.object { (reader, name) throws(JSONProblem) in
      switch name {
      case "results": results = try reader.list(of: CRMObject.self)
      case "paging": nextAfter = try reader.tree().cursor
      case "total": total = try reader.tree().asText.flatMap { Int($0) }
      default: try reader.skip()
      }
    }
    guard let results else { throw reader.problem }
    self.init(results: results, nextAfter: nextAfter, total: total)
  }
}

extension JSONValue {
  /// The cursor in the `paging` member of every listing. Its `link` is not read: requests go to the configured host
  /// only.
  var nextAfter: String? { self["paging"]?.cursor }
  fileprivate var cursor: String? { self["next"]?["after"]?.asText }
}

/// The `paging` member of listings that are decoded.
struct Paging: Decodable, Sendable {
  struct Next: Decodable, Sendable { let after: LenientText }
  let next: Next?
}
