/// The envelope that every batch answers with, whatever its status: 200 and 201 can hold errors as well as 207.
struct BatchReply<Element: JSONReadable>: JSONReadable {
  private(set) var results: [Element] = []
  private(set) var errors: [RecordFailure] = []

  /// One with neither `results` nor `errors` is no batch envelope at all.
  init(_ reader: inout JSONReader) throws(JSONProblem) {
    var results: [Element]?
    var errors: [RecordFailure]?
    try reader.object { (reader, name) throws(JSONProblem) in
      switch name {
      case "results" where !reader.takeNull(): results = try reader.list(of: Element.self)
      // The entries' shape cannot be relied on.
      case "errors" where !reader.takeNull(): errors = try reader.tree().elements.map(RecordFailure.init)
      case "results", "errors": break
      default: try reader.skip()
      }
    }
    guard results != nil || errors != nil else { throw reader.problem }
    self.results = results ?? []
    self.errors = errors ?? []
  }
}

/// The errors of a batch are nested too deeply to be read, or it is no batch's envelope.
private struct UnreadableErrors: Error {}

/// Reads a batch's envelope.
struct BatchBody<Element: JSONReadable>: BodySink {
  init(_ type: Element.Type) {}

  func decode(_ body: [UInt8], status: Int) throws -> BatchReply<Element> { try BatchReply(body: body) }
}

/// Reads the errors alone, of batches that answer with nothing when all went well.
struct BatchErrors: BodySink {
  func decode(_ body: [UInt8], status: Int) throws -> [RecordFailure] {
    if body.isEmpty { return [] }
    guard let tree = JSONValue(bytes: body), case .object = tree else { throw UnreadableErrors() }
    return (tree["errors"]?.elements ?? []).map(RecordFailure.init)
  }
}

extension RecordFailure {
  init(_ entry: JSONValue) {
    let body = ErrorBody(entry)
    self.init(
      category: body.category, subCategory: body.subCategory, message: body.message, details: body.details,
      context: body.context)
  }

  /// Every value that the failure gives for a name, in its own context and in those of its details.
  func named(_ names: [String]) -> [String] {
    let contexts = [context] + details.map(\.context)
    return contexts.flatMap { context in names.flatMap { context[$0] ?? [] } }
  }
}
