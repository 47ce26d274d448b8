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
