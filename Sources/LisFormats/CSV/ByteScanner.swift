/// Finds the bytes of a CSV file with which the reader has something to do. Most bytes are none, so eight are looked at
/// together.
struct ByteScanner {
  enum Kind {
    case plain, separator, quote, lineEnd, nul, multibyte
  }

  private let separator: UInt8
  /// The separator in each of the eight bytes of a word; quotes inside quotes, where separators are plain.
  private let separators: UInt64
  private static let quotes = UInt64(UInt8(ascii: "\"")) &* everyByte
  private static let everyByte: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// A scanner for the text between quotes, or with a separator for that outside them.
  init(separator: UInt8 = UInt8(ascii: "\"")) {
    self.separator = separator
    separators = UInt64(separator) &* ByteScanner.everyByte
  }

  @inline(__always) func kind(of byte: UInt8) -> Kind {
    switch byte {
    case UInt8(ascii: "\""): .quote
    case separator: .separator
    case 0x0a, 0x0d: .lineEnd
    case 0x00: .nul
    case 0x80...: .multibyte
    default: .plain
    }
  }

  /// Whether a cell is over at a byte that follows its closing quote.
  func endsCell(_ byte: UInt8) -> Bool { byte == separator || byte == 0x0a || byte == 0x0d }

  /// The index of the first byte from `start` on that is not plain, or the count of the bytes.
  @inline(__always) func plainEnd(in bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index <= bytes.count - 8 {
      let specials = specials(in: ByteScanner.word(bytes, at: index))
      if specials == 0 {
        index += 8
        continue
      }
      index += specials.trailingZeroBitCount / 8
      if kind(of: bytes[index]) != .plain { return index }
      index += 1
    }
    while index < bytes.count && kind(of: bytes[index]) == .plain { index += 1 }
    return index
  }

  /// Eight bytes, the first one lowest. The compiler makes one load of this.
  @inline(__always) private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
    precondition(index >= 0 && index <= bytes.count - 8)
    var word: UInt64 = 0
    for place in 0..<8 { word |= UInt64(bytes[index &+ place]) &<< UInt64(8 &* place) }
    return word
  }

  /// A word whose lowest bit stands in the first byte that may not be plain: a separator, a quote, a byte below 14 or
  /// one above 127. Subtracting borrows only from bytes above a match, so the first one is always right ("Bit Twiddling
  /// Hacks", determine if a word has a byte less than n).
  @inline(__always) private func specials(in word: UInt64) -> UInt64 {
    let one = ByteScanner.everyByte
    let (separated, quoted) = (word ^ separators, word ^ ByteScanner.quotes)
    let low = (word &- 14 &* one) & ~word
    let matches = ((separated &- one) & ~separated) | ((quoted &- one) & ~quoted) | low | word
    return matches & ByteScanner.highBits
  }
}
