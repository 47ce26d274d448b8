import FoundationEssentials

/// The envelope that every batch answers with, whatever its status: 200 and 201 can hold errors as well as 207.
struct BatchReply<Element: Decodable & Sendable>: Sendable {
  let results: [Element]
  let errors: [RecordFailure]

  /// Reads the body of a reply. One with neither `results` nor `errors` is no batch envelope at all.
  init(_ body: [UInt8]) throws {
    let envelope = try JSONDecoder().decode(Envelope.self, from: Data(body))
    // The entries' shape cannot be relied on, so they are read from a tree, which is made only when there are any.
    let entries = envelope.hasErrors ? JSONValue(bytes: body)?["errors"] : nil
    if envelope.hasErrors && entries == nil { throw UnreadableErrors() }
    results = envelope.results
    errors = (entries?.elements ?? []).map(RecordFailure.init)
  }

  private struct Envelope: Decodable {
    let results: [Element]
    let hasErrors: Bool

    private enum Key: String, CodingKey { case results, errors }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      hasErrors = try container.contains(.errors) && !container.decodeNil(forKey: .errors)
      results =
        try hasErrors
        ? container.decodeIfPresent([Element].self, forKey: .results) ?? []
        : container.decode([Element].self, forKey: .results)
    }
  }
}

/// The errors of a batch are nested too deeply to be read, or it is no batch's envelope.
private struct UnreadableErrors: Error {}

/// Reads a batch's envelope.
struct BatchBody<Element: Decodable & Sendable>: BodySink {
  init(_ type: Element.Type) {}

  func decode(_ body: [UInt8], status: Int) throws -> BatchReply<Element> { try BatchReply(body) }
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
