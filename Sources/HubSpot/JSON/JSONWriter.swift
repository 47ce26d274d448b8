/// Writes a JSON document into bytes, in the order it is told. Order matters to us: properties go out as the caller
/// listed them, and a request body can be compared with a sample byte by byte.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  /// Whether the next key or element of the innermost object or array needs a comma in front.
  private var needsComma = false

  /// The bytes of a document that is one object.
  static func object(_ build: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.object(build)
    return writer.bytes
  }

  /// The bytes of a document that is one array.
  static func array<Elements: Sequence>(
    _ elements: Elements, _ build: (inout JSONWriter, Elements.Element) -> Void
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.array(elements, build)
    return writer.bytes
  }

  mutating func object(_ build: (inout JSONWriter) -> Void) {
    nest(open: UInt8(ascii: "{"), close: UInt8(ascii: "}"), build)
  }

  mutating func array<Elements: Sequence>(
    _ elements: Elements, _ build: (inout JSONWriter, Elements.Element) -> Void
  ) {
    nest(open: UInt8(ascii: "["), close: UInt8(ascii: "]")) { writer in
      for element in elements { build(&writer, element) }
    }
  }

  mutating func key(_ name: String) {
    text(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  mutating func text(_ value: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in value.utf8 { escape(byte) }
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func integer(_ value: Int) {
    separate()
    bytes += Array(String(value).utf8)
  }

  mutating func boolean(_ value: Bool) {
    separate()
    bytes += Array((value ? "true" : "false").utf8)
  }

  // MARK: Members of an object

  mutating func member(_ name: String, _ value: String) {
    key(name)
    text(value)
  }

  mutating func member(_ name: String, _ value: Int) {
    key(name)
    integer(value)
  }

  mutating func member(_ name: String, _ value: Bool) {
    key(name)
    boolean(value)
  }

  mutating func member(_ name: String, texts: [String]) {
    key(name)
    array(texts) { writer, text in writer.text(text) }
  }

  /// Leaves the member out when there is no value: this library never sends JSON null.
  mutating func member(_ name: String, optional value: String?) {
    if let value { member(name, value) }
  }

  // MARK: Bytes

  private mutating func nest(open: UInt8, close: UInt8, _ build: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(open)
    needsComma = false
    build(&self)
    bytes.append(close)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
    case 0x0A: bytes += Array("\\n".utf8)
    case 0x0D: bytes += Array("\\r".utf8)
    case 0x09: bytes += Array("\\t".utf8)
    case 0..<0x20:
      let digits = Array("0123456789abcdef".utf8)
      bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    default: bytes.append(byte)
    }
  }
}
