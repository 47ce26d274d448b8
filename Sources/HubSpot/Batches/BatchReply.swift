/// The envelope that every batch answers with, whatever its status: 200 and 201 can hold errors as well as 207.
struct BatchReply<Element: Decodable & Sendable>: Decodable, Sendable {
  let results: [Element]
  let errors: [RecordFailure]

  private enum Key: String, CodingKey { case results, errors }

  init(results: [Element], errors: [RecordFailure]) {
    self.results = results
    self.errors = errors
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let entries = try container.decodeIfPresent([JSONValue].self, forKey: .errors)
    errors = (entries ?? []).map(RecordFailure.init)
    // A reply with neither is no batch envelope at all.
    results =
      try entries == nil
      ? container.decode([Element].self, forKey: .results)
      : container.decodeIfPresent([Element].self, forKey: .results) ?? []
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
