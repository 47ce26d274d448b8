/// A text that a server may also send as a JSON number or boolean: ids and cursors come in both forms.
///
/// A number never passes through a binary fraction, so an id of nineteen digits survives.
struct LenientText: Decodable, Sendable, Hashable {
  let text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self.text = text
    } else if let number = try? container.decode(Int64.self) {
      self.text = String(number)
    } else if let number = try? container.decode(UInt64.self) {
      self.text = String(number)
    } else {
      self.text = String(try container.decode(Bool.self))
    }
  }
}

/// A text or a list of texts, as a list.
struct LenientTexts: Decodable, Sendable {
  let texts: [String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let single = try? container.decode(LenientText.self) {
      texts = [single.text]
    } else {
      texts = try container.decode([LenientText].self).map(\.text)
    }
  }
}

extension KeyedDecodingContainer {
  /// A required text in either form.
  func lenientText(_ key: Key) throws -> String { try decode(LenientText.self, forKey: key).text }

  /// An optional text in either form; a null or a value of any other form counts as absent.
  func lenientTextIfPresent(_ key: Key) -> String? { (try? decodeIfPresent(LenientText.self, forKey: key))??.text }

  /// An optional value; one of an unexpected form counts as absent, since nothing the library does depends on it.
  func ignoringForm<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
    (try? decodeIfPresent(type, forKey: key)) ?? nil
  }
}
