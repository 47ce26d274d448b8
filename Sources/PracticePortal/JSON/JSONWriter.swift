/// Writes JSON straight into bytes. Keys appear in the order they are written.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  init(reserving capacity: Int = 512) { bytes.reserveCapacity(capacity) }

  static func object(reserving capacity: Int = 512, _ body: (inout JSONWriter) throws -> Void) rethrows -> [UInt8] {
    var writer = JSONWriter(reserving: capacity)
    try writer.object(body)
    return writer.bytes
  }

  mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
    open(UInt8(ascii: "{"))
    try body(&self)
    close(UInt8(ascii: "}"))
  }

  mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
    open(UInt8(ascii: "["))
    try body(&self)
    close(UInt8(ascii: "]"))
  }

  mutating func key(_ name: String) {
    separate()
    quoted(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  mutating func value(_ text: String) {
    separate()
    quoted(text)
  }

  mutating func value(_ text: String?) {
    if let text { value(text) } else { raw("null") }
  }

  mutating func value(_ number: Int) { raw(String(number)) }
  mutating func value(_ number: Int64) { raw(String(number)) }
  mutating func value(_ flag: Bool) { raw(flag ? "true" : "false") }

  mutating func value(_ json: JSON) {
    switch json {
    case .null: raw("null")
    case .bool(let flag): value(flag)
    case .number(let text): raw(text)
    case .string(let text): value(text)
    case .array(let items): array { for item in items { $0.value(item) } }
    case .object(let members):
      object { for (name, member) in members.sorted(by: { $0.key < $1.key }) { $0.member(name, member) } }
    }
  }

  mutating func member(_ name: String, _ text: String) { key(name); value(text) }
  mutating func member(_ name: String, _ text: String?) { key(name); value(text) }
  mutating func member(_ name: String, _ number: Int) { key(name); value(number) }
  mutating func member(_ name: String, _ flag: Bool) { key(name); value(flag) }
  mutating func member(_ name: String, _ json: JSON) { key(name); value(json) }

  mutating func member(_ name: String, _ texts: [String]) {
    key(name)
    array { for text in texts { $0.value(text) } }
  }

  mutating func memberObject(_ name: String, _ body: (inout JSONWriter) throws -> Void) rethrows {
    key(name)
    try object(body)
  }

  mutating func memberArray(_ name: String, _ body: (inout JSONWriter) throws -> Void) rethrows {
    key(name)
    try array(body)
  }

  /// Puts a finished value, produced by another writer, in this place.
  mutating func finished(_ json: [UInt8]) {
    separate()
    bytes.append(contentsOf: json)
  }

  private mutating func raw(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func quoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
      case UInt8(ascii: "\\"): bytes.append(contentsOf: [byte, byte])
      case 0x0A: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
      case 0x0D: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
      case 0x09: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
      case 0..<0x20: bytes.append(contentsOf: Array(Self.escaped(byte).utf8))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func escaped(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
