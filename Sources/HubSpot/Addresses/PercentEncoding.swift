/// Percent-encoding after RFC 3986: everything but the unreserved characters is written as `%XX` of its UTF-8 bytes.
enum PercentEncoding {
  private static let digits = Array("0123456789ABCDEF".utf8)

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  static func encode(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if isUnreserved(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A single path segment. The segments `.` and `..` have a meaning of their own even when a server decodes them, so
  /// their dots are encoded too; a server that still climbs the path then finds no such record instead of another
  /// resource's route.
  static func encodeSegment(_ text: String) -> String {
    switch text {
    case ".": "%2E"
    case "..": "%2E%2E"
    default: encode(text)
    }
  }

  /// A query from names and values, in the order given. A value of several parts is joined by bare commas, the form
  /// that HubSpot's own documentation uses for `properties` and `associations`.
  static func query(_ items: [(name: String, parts: [String])]) -> String {
    guard !items.isEmpty else { return "" }
    let texts = items.map { item in encode(item.name) + "=" + item.parts.map(encode).joined(separator: ",") }
    return "?" + texts.joined(separator: "&")
  }
}

extension PercentEncoding {
  /// The text of a form's or query's part, where `+` is a space. Nil when a `%` has no two digits behind it or the bytes
  /// are not UTF-8.
  static func decodeForm(_ text: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(0x20)
      case UInt8(ascii: "%"):
        let digits = rest.prefix(2)
        guard digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
          let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(code)
        rest = rest.dropFirst(2)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
