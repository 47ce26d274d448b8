/// Recognises texts that look as if they hold a bearer token, so that the history leaves them out.
///
/// It errs on the careful side: a statement that is not remembered costs one typing, a token that is remembered lies in
/// a file for years.
enum SecretText {
  /// Whether the text holds `pat-` (the form of HubSpot's private-app tokens and service keys) or `Bearer ` (RFC 6750,
  /// section 2.1) at the beginning of a word and followed by at least four characters of a token.
  static func isFound(in text: String) -> Bool {
    let bytes = Array(text.utf8)
    return isFound("pat-", in: bytes) || isFound("bearer ", in: bytes)
  }

  private static let fewestCharacters = 4

  private static func isFound(_ mark: String, in bytes: [UInt8]) -> Bool {
    let mark = Array(mark.utf8)
    guard bytes.count >= mark.count + fewestCharacters else { return false }
    return (0...(bytes.count - mark.count - fewestCharacters)).contains { start in
      let token = bytes[(start + mark.count)...].prefix(fewestCharacters)
      return bytes[start..<(start + mark.count)].elementsEqual(mark, by: { lowercase($0) == $1 })
        && (start == 0 || !isTokenCharacter(bytes[start - 1]))
        && token.allSatisfy(isTokenCharacter)
    }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

  /// `b64token` of RFC 6750 without its padding.
  private static func isTokenCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"),
      UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
