/// Reads a JSON document (RFC 8259), every byte once: into a tree, or member by member into what the caller makes of it.
///
/// The standard decoder is meant for known shapes: asked to try one form after another it takes time that grows with
/// the square of the nesting, and a hostile reply could use that. For records, the bulk of what a client reads, it also
/// takes ten times as long as this.
///
/// ```
/// var reader = JSONReader(body)
/// try reader.object { reader, name throws(JSONProblem) in
///   switch name {
///   case "id": id = try reader.text()
///   default: try reader.skip()
///   }
/// }
/// try reader.end()
/// ```
struct JSONReader {
  /// Arrays and objects within each other. HubSpot's answers have fewer than ten.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var names = MemberNames()
  /// For the one who reads objects of many members: how many the last of them had.
  var usualMembers = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  // MARK: Reading

  /// What stands here, as a tree.
  mutating func tree() throws(JSONProblem) -> JSONValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try object { (reader, name) throws(JSONProblem) in members[name] = try reader.tree() }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try array { reader throws(JSONProblem) in elements.append(try reader.tree()) }
      return .array(elements)
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"):
      try take(word: "true")
      return .boolean(true)
    case UInt8(ascii: "f"):
      try take(word: "false")
      return .boolean(false)
    case UInt8(ascii: "n"):
      try take(word: "null")
      return .null
    default: return .number(try digits())
    }
  }

  /// Reads an object; `member` reads or skips the value of each name.
  mutating func object(_ member: (inout JSONReader, String) throws(JSONProblem) -> Void) throws(JSONProblem) {
    try enter(UInt8(ascii: "{"))
    let outer = names.place
    if !take(UInt8(ascii: "}")) {
      repeat {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw problem }
        let name = try memberName()
        guard take(UInt8(ascii: ":")) else { throw problem }
        let place = names.place
        try member(&self, name)
        names.place = place
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "}")) else { throw problem }
    }
    names.place = outer
    depth -= 1
  }

  /// Reads an array; `element` reads or skips each element.
  mutating func array(_ element: (inout JSONReader) throws(JSONProblem) -> Void) throws(JSONProblem) {
    try enter(UInt8(ascii: "["))
    if !take(UInt8(ascii: "]")) {
      let place = names.place
      repeat {
        try element(&self)
        names.place = place
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "]")) else { throw problem }
    }
    depth -= 1
  }

  /// A text, a number's digits or a boolean's word, since servers send ids and values as any of them; nil for null.
  mutating func text() throws(JSONProblem) -> String? {
    skipSpace()
    if next == UInt8(ascii: "\"") { return try string() }
    let value = try tree()
    if case .null = value { return nil }
    guard let text = value.asText else { throw problem }
    return text
  }

  /// The same where only a whole number of any length, a text or nothing else will do.
  mutating func id() throws(JSONProblem) -> String {
    skipSpace()
    let isText = next == UInt8(ascii: "\"")
    guard let id = try text(), isText || id.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw problem }
    return id
  }

  /// Takes a null, if it stands here.
  mutating func takeNull() -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: "null".utf8) else { return false }
    position += 4
    return true
  }

  /// Passes over what stands here. Its form is checked all the same.
  mutating func skip() throws(JSONProblem) { _ = try tree() }

  /// Nothing but white space may follow.
  mutating func end() throws(JSONProblem) {
    skipSpace()
    guard position == bytes.count else { throw problem }
  }

  // MARK: Bytes

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// The problem with what stands here.
  var problem: JSONProblem { JSONProblem(position: position) }

  private mutating func skipSpace() {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      position += 1
    }
  }

  private mutating func enter(_ bracket: UInt8) throws(JSONProblem) {
    guard take(bracket), depth < JSONReader.depthLimit else { throw problem }
    depth += 1
  }

  /// Takes a byte, after white space, if it is the next one.
  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func take(word: StaticString) throws(JSONProblem) {
    for byte in word.description.utf8 {
      guard next == byte else { throw problem }
      position += 1
    }
  }

  /// The characters that numbers are made of, with at least one digit. Their order is not checked: the digits are only
  /// ever shown.
  private mutating func digits() throws(JSONProblem) -> String {
    let start = position
    while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
    let digits = bytes[start..<position]
    guard digits.contains(where: { (0x30...0x39).contains($0) }) else { throw problem }
    return String(decoding: digits, as: UTF8.self)
  }

  /// The name of a member. Records of one reply have the same names in the same order, so that the one that followed
  /// last time is tried first: it is compared and not made again.
  private mutating func memberName() throws(JSONProblem) -> String {
    if let known = names.expected(at: position + 1, in: bytes) {
      position += known.length + 2
      return known.text
    }
    let name = try string()
    names.note(name)
    return name
  }

  private mutating func string() throws(JSONProblem) -> String {
    let start = position + 1
    var end = start
    while end < bytes.count {
      let byte = bytes[end]
      if byte == UInt8(ascii: "\"") {
        position = end
        guard let text = String(validating: bytes[start..<end], as: UTF8.self) else { throw problem }
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      end += 1
    }
    return try stringWithEscapes(from: start, to: end)
  }

  private mutating func stringWithEscapes(from start: Int, to end: Int) throws(JSONProblem) -> String {
    var units = Array(bytes[start..<end])
    position = end
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else { throw problem }
        return text
      case UInt8(ascii: "\\"):
        guard let character = escape() else { throw problem }
        units += Array(String(character).utf8)
      case 0..<0x20: throw problem
      default: units.append(byte)
      }
    }
    throw problem
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let byte = next else { return nil }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return hexScalar()
    default: return nil
    }
  }

  /// Four hexadecimal digits, or eight of a surrogate pair. Half a pair becomes the replacement character.
  private mutating func hexScalar() -> Unicode.Scalar? {
    guard let high = hexUnit() else { return nil }
    guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
    let pairStart = position
    if takeEscapedUnit(), let low = hexUnit(), (0xDC00..<0xE000).contains(low) {
      return Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    }
    position = pairStart
    return "\u{FFFD}"
  }

  private mutating func takeEscapedUnit() -> Bool {
    guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
    else { return false }
    position += 2
    return true
  }

  private mutating func hexUnit() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    let digits = bytes[position..<position + 4]
    position += 4
    guard digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }) else { return nil }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}

/// A document is no JSON, or not of the form that was expected.
struct JSONProblem: Error, CustomStringConvertible {
  /// Bytes before the place.
  let position: Int

  var description: String { "it is not of the expected form at byte \(position + 1)" }
}
