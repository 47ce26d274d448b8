/// Where and why a text is not JSON (RFC 8259). Line and column count from 1; the column counts bytes.
struct JSONSyntaxError: Error, Equatable {
  var line: Int
  var column: Int
  var reason: String
}

/// A strict JSON parser (RFC 8259) with a bound on nesting, so that a hostile body cannot exhaust the stack.
struct JSONParser {
  /// Deeper documents are refused; the deepest request of the API nests six levels.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSON {
    var parser = JSONParser(bytes)
    parser.skipWhiteSpace()
    let value = try parser.value()
    parser.skipWhiteSpace()
    if parser.position < bytes.count { throw parser.failure("unexpected text after the value") }
    return value
  }

  private func failure(_ reason: String) -> JSONSyntaxError {
    var line = 1
    var column = 1
    for byte in bytes[..<min(position, bytes.count)] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return JSONSyntaxError(line: line, column: column, reason: reason)
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipWhiteSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func value() throws(JSONSyntaxError) -> JSON {
    guard let byte = current else { throw failure("unexpected end of input") }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw failure("unexpected character")
    }
  }

  private mutating func descend() throws(JSONSyntaxError) {
    depth += 1
    if depth > Self.depthLimit { throw failure("nested more than \(Self.depthLimit) levels deep") }
    position += 1
    skipWhiteSpace()
  }

  private mutating func object() throws(JSONSyntaxError) -> JSON {
    try descend()
    var members: [String: JSON] = [:]
    if current == UInt8(ascii: "}") {
      position += 1
      depth -= 1
      return .object(members)
    }
    while true {
      guard current == UInt8(ascii: "\"") else { throw failure("expected a member name") }
      let name = try string()
      skipWhiteSpace()
      guard current == UInt8(ascii: ":") else { throw failure("expected ':' after a member name") }
      position += 1
      skipWhiteSpace()
      members[name] = try value()
      if try endsList(with: UInt8(ascii: "}")) { return .object(members) }
    }
  }

  private mutating func array() throws(JSONSyntaxError) -> JSON {
    try descend()
    var items: [JSON] = []
    if current == UInt8(ascii: "]") {
      position += 1
      depth -= 1
      return .array(items)
    }
    while true {
      items.append(try value())
      if try endsList(with: UInt8(ascii: "]")) { return .array(items) }
    }
  }

  /// Steps over a comma (false) or the closing bracket (true).
  private mutating func endsList(with close: UInt8) throws(JSONSyntaxError) -> Bool {
    skipWhiteSpace()
    if current == close {
      position += 1
      depth -= 1
      return true
    }
    guard current == UInt8(ascii: ",") else { throw failure("expected ',' or the closing bracket") }
    position += 1
    skipWhiteSpace()
    return false
  }

  private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
    let expected = Array(word.description.utf8)
    let end = position + expected.count
    guard end <= bytes.count, bytes[position..<end].elementsEqual(expected) else {
      throw failure("unrecognized token")
    }
    position = end
    return value
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }

  private mutating func number() throws(JSONSyntaxError) -> JSON {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    let leadingZero = current == UInt8(ascii: "0")
    let whole = digits()
    if whole == 0 || (leadingZero && whole > 1) { throw failure("malformed number") }
    if current == UInt8(ascii: ".") {
      position += 1
      if digits() == 0 { throw failure("malformed number") }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      if digits() == 0 { throw failure("malformed number") }
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    if current == UInt8(ascii: "\"") {
      let plain = try decoded(bytes[start..<position])
      position += 1
      return plain
    }
    var collected = Array(bytes[start..<position])
    while let byte = current, byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") {
        position += 1
        collected.append(contentsOf: try escape())
      } else if byte < 0x20 {
        throw failure("control character in a string")
      } else {
        collected.append(byte)
        position += 1
      }
    }
    guard current != nil else { throw failure("unterminated string") }
    position += 1
    return try decoded(collected[...])
  }

  private func decoded(_ slice: ArraySlice<UInt8>) throws(JSONSyntaxError) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else { throw failure("invalid UTF-8 in a string") }
    return text
  }

  private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
    guard let byte = current else { throw failure("unterminated string") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(Character(try unicodeEscape())).utf8)
    default: throw failure("unknown escape in a string")
    }
  }

  private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), current == UInt8(ascii: "\\") else { throw failure("lone surrogate") }
    position += 1
    guard current == UInt8(ascii: "u") else { throw failure("lone surrogate") }
    position += 1
    let second = try hexadecimal()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw failure("lone surrogate") }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw failure("malformed \\u escape") }
    var value: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw failure("malformed \\u escape") }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }
}
