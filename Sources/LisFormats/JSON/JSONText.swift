// The room of JSON text: strings enter, the bytes of JSON strings leave. Reading JSON is the machine's own work.

/// Strings as RFC 8259, section 7, writes them.
public enum JSONText {
  /// Appends `text` in quotes.
  public static func append(_ text: String, to bytes: inout [UInt8]) {
    // Copied in one piece if there is nothing to escape, which is nearly always.
    guard text.utf8.allSatisfy(isPlain) else { return append(utf8: Array(text.utf8).span, to: &bytes) }
    bytes.append(UInt8(ascii: "\""))
    bytes += text.utf8
    bytes.append(UInt8(ascii: "\""))
  }

  /// ASCII that stands for itself.
  @inline(__always) private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// Appends the text of `utf8` in quotes.
  ///
  /// Besides what RFC 8259 demands, DEL and the control characters U+0080 to U+009F are escaped, so that output shown
  /// in a terminal cannot steer it. Bytes that are not UTF-8 become U+FFFD.
  public static func append(utf8: Span<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var index = 0
    while index < utf8.count {
      let byte = utf8[index]
      if isPlain(byte) {
        index = appendPlain(from: index, of: utf8, to: &bytes)
      } else if byte >= 0x80 {
        index += appendCharacter(at: index, of: utf8, to: &bytes)
      } else {
        appendEscape(byte, to: &bytes)
        index += 1
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends the plain bytes from `start` on, and says where they end.
  private static func appendPlain(from start: Int, of utf8: Span<UInt8>, to bytes: inout [UInt8]) -> Int {
    var end = start
    while end < utf8.count && isPlain(utf8[end]) { end += 1 }
    let room = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: end - start))
    var copy = bytes.mutableSpan
    for place in start..<end { copy[room + place - start] = utf8[place] }
    return end
  }

  /// Appends a character beyond ASCII, or the sign for what is none, and says how many bytes it took.
  private static func appendCharacter(at start: Int, of utf8: Span<UInt8>, to bytes: inout [UInt8]) -> Int {
    var index = start + 1
    var isValid = false
    if var sequence = UTF8Sequence(lead: utf8[start]) {
      while !sequence.isComplete && index < utf8.count && sequence.accept(utf8[index]) { index += 1 }
      isValid = sequence.isComplete
    }
    if !isValid {
      bytes += [0xef, 0xbf, 0xbd]
    } else if index == start + 2 && utf8[start] == 0xc2 && utf8[start + 1] < 0xa0 {
      appendEscape(utf8[start + 1], to: &bytes)
    } else {
      for place in start..<index { bytes.append(utf8[place]) }
    }
    return index - start
  }

  private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0a: bytes.append(UInt8(ascii: "n"))
    case 0x0c: bytes.append(UInt8(ascii: "f"))
    case 0x0d: bytes.append(UInt8(ascii: "r"))
    default:
      bytes += [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")]
      bytes += [hexDigit(byte >> 4), hexDigit(byte & 15)]
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
