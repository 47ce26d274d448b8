import HubSpot

/// A token as people and programs hand it over: perhaps with a line end behind it.
public enum TokenText {
  /// Longer than what any server takes in a header.
  public static let limit = 16_384

  /// The text without the line end that files and programs put behind it.
  static func text(_ bytes: [UInt8]) -> String {
    var bytes = bytes[...]
    if bytes.last == 0x0A { bytes = bytes.dropLast() }
    if bytes.last == 0x0D { bytes = bytes.dropLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Checks a token that somebody typed or piped in.
  public static func token(typed bytes: [UInt8]) throws(AuthProblem) -> BearerToken {
    try token(text(bytes), words: "the input")
  }

  static func token(_ text: String, _ origin: Credential.Origin) throws(AuthProblem) -> BearerToken {
    try token(text, words: origin.words)
  }

  private static func token(_ text: String, words: String) throws(AuthProblem) -> BearerToken {
    guard text.utf8.count <= limit else { throw .tokenTooLong(origin: words, limit: limit) }
    do { return try BearerToken(text) } catch { throw .badToken(origin: words, error) }
  }
}
