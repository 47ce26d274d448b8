extension Lexer {
  /// `'raw'`: everything up to the next quote, where `''` is a quote.
  mutating func scanRawText() {
    let lower = offset
    var text: [UInt8] = []
    offset += 1
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if byte == UInt8(ascii: "'") {
        if peek() != UInt8(ascii: "'") {
          add(.string, from: lower, text: String(decoding: text, as: UTF8.self))
          return
        }
        offset += 1
      }
      text.append(byte)
    }
    problems.append(.unterminatedText(Span(lower, lower + 1), earlier: nil))
    add(.string, from: lower, text: String(decoding: text, as: UTF8.self))
  }

  /// `"…"` from its opening quote.
  mutating func scanQuotedText() {
    let lower = offset
    if peek(1) == UInt8(ascii: "\""), peek(2) == UInt8(ascii: "\""), scanTripleQuotes() { return }
    offset += 1
    scanQuotedPart(from: lower, isFirst: true)
  }

  /// The part of a text up to its closing quote or to the next `${`.
  mutating func scanQuotedPart(from lower: Int, isFirst: Bool) {
    var text: [UInt8] = []
    var wentOverLines = false
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        if wentOverLines, firstTextOverLines == nil { firstTextOverLines = Span(lower, lower + 1) }
        add(isFirst ? .string : .stringTail, from: lower, text: String(decoding: text, as: UTF8.self))
        return
      case UInt8(ascii: "$") where peek(1) == UInt8(ascii: "{"):
        offset += 2
        interpolations.append(OpenInterpolation(mark: Span(offset - 2, offset)))
        add(isFirst ? .stringHead : .stringMiddle, from: lower, text: String(decoding: text, as: UTF8.self))
        return
      case UInt8(ascii: "\\"): scanEscape(into: &text)
      case UInt8(ascii: "\r") where peek(1) == UInt8(ascii: "\n"):
        // A file saved with CRLF gives the same text as one saved with LF.
        offset += 1
      default:
        if byte == UInt8(ascii: "\n") { wentOverLines = true }
        text.append(byte)
        offset += 1
      }
    }
    problems.append(.unterminatedText(Span(lower, lower + 1), earlier: firstTextOverLines))
    add(isFirst ? .string : .stringTail, from: lower, text: String(decoding: text, as: UTF8.self))
  }

  private mutating func scanEscape(into text: inout [UInt8]) {
    let lower = offset
    offset += 1
    guard offset < bytes.count else { return }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "r"): text.append(UInt8(ascii: "\r"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): text.append(byte)
    case UInt8(ascii: "u"): scanUnicodeEscape(from: lower, into: &text)
    default:
      if byte >= 0x80 { offset += scalar(at: offset - 1).1 - 1 }
      problems.append(.unknownEscape(source.text(Span(lower, offset)), Span(lower, offset)))
    }
  }

  /// `\u{HEX}` with one to six digits that name a Unicode scalar.
  private mutating func scanUnicodeEscape(from lower: Int, into text: inout [UInt8]) {
    var value: UInt32 = 0
    var digits = 0
    if peek() == UInt8(ascii: "{") {
      offset += 1
      while digits < 7, let digit = hexDigit(peek()) {
        value = value << 4 | digit
        digits += 1
        offset += 1
      }
      if peek() == UInt8(ascii: "}"), (1...6).contains(digits), let scalar = Unicode.Scalar(value) {
        offset += 1
        text.append(contentsOf: Array(String(Character(scalar)).utf8))
        return
      }
      while hexDigit(peek()) != nil { offset += 1 }
      if peek() == UInt8(ascii: "}") { offset += 1 }
    }
    problems.append(.malformedUnicodeEscape(source.text(Span(lower, offset)), Span(lower, offset)))
  }

  private func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): return UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): return UInt32(byte - UInt8(ascii: "A") + 10)
    default: return nil
    }
  }

  /// Python's and Swift's long text; false when nothing closes it.
  private mutating func scanTripleQuotes() -> Bool {
    guard offset < noTripleQuoteFrom else { return false }
    let quote = UInt8(ascii: "\"")
    let lower = offset
    var place = offset + 3
    while place + 2 < bytes.count {
      if bytes[place] == quote, bytes[place + 1] == quote, bytes[place + 2] == quote {
        let text = String(decoding: bytes[(lower + 3)..<place], as: UTF8.self)
        offset = place + 3
        problems.append(.foreignQuote("\"\"\"", Span(lower, lower + 3)))
        add(.string, from: lower, text: text)
        return true
      }
      place += 1
    }
    noTripleQuoteFrom = lower
    return false
  }

  /// JavaScript's template text, looked for on its own line only.
  mutating func scanBacktickText() {
    let lower = offset
    offset += 1
    let start = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n"), bytes[offset] != UInt8(ascii: "`") { offset += 1 }
    problems.append(.foreignQuote("`", Span(lower, lower + 1)))
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if peek() == UInt8(ascii: "`") { offset += 1 }
    add(.string, from: lower, text: text)
  }

  /// The quotes a word processor makes, looked for on their own line only.
  mutating func scanCurlyText() {
    let lower = offset
    let (opener, length) = scalar(at: offset)
    let isSingle = opener.value <= 0x201B && opener.value >= 0x2018
    offset += length
    problems.append(.foreignQuote(String(Character(opener)), Span(lower, offset)))
    let start = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
      let (next, length) = scalar(at: offset)
      let closes =
        next.isCurlyQuote ? (next.value <= 0x201B && next.value >= 0x2018) == isSingle : next == (isSingle ? "'" : "\"")
      if closes {
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        offset += length
        add(.string, from: lower, text: text)
        return
      }
      offset += length
    }
    add(.string, from: lower, text: String(decoding: bytes[start..<offset], as: UTF8.self))
  }
}
