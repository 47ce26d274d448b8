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
    var specials = SpecialBytes(from: start)
    while true {
      let index = specials.next(in: bytes, of: self)
      if index == bytes.count || kind(of: bytes[index]) != .plain { return index }
    }
  }

  /// A word with the highest bit of each byte that may not be plain: a separator, a quote, a byte below 14 or one above
  /// 127. No sum here runs over into the next byte, so that every one of them is right.
  @inline(__always) fileprivate func specials(in word: UInt64) -> UInt64 {
    let low = ByteScanner.everyByte &* 0x7f
    let (separated, quoted) = (word ^ separators, word ^ ByteScanner.quotes)
    let isOther = (((separated & low) &+ low) | separated) & (((quoted & low) &+ low) | quoted)
    let isAtLeast14 = (word & low) &+ (ByteScanner.everyByte &* (0x80 - 14))
    return (word | ~(isOther & isAtLeast14)) & (ByteScanner.everyByte &* 0x80)
  }
}

/// The bytes that may not be plain, one after another. A word of eight bytes is looked at once, however many of them
/// it holds: most cells are shorter than that.
struct SpecialBytes {
  /// Where the word that is being looked at begins.
  private var base: Int
  private var found: UInt64 = 0

  init(from start: Int) { base = start - 8 }

  /// The index of the next one, or the count of the bytes.
  @inline(__always) mutating func next(in bytes: Span<UInt8>, of scanner: ByteScanner) -> Int {
    while found == 0 {
      base &+= 8
      if base > bytes.count &- 8 {
        guard base < bytes.count else { return bytes.count }
        found = scanner.specials(in: SpecialBytes.lastWord(bytes, from: base))
      } else {
        found = scanner.specials(in: SpecialBytes.word(bytes, at: base))
      }
    }
    let index = base &+ found.trailingZeroBitCount &>> 3
    found &= found &- 1
    return index
  }

  /// Eight bytes, the first one lowest. The compiler makes one load of this.
  @inline(__always) private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
    precondition(index >= 0 && index <= bytes.count - 8)
    var word: UInt64 = 0
    for place in 0..<8 { word |= UInt64(bytes[index &+ place]) &<< UInt64(8 &* place) }
    return word
  }

  /// Fewer than eight bytes, with blanks behind them.
  @inline(never) private static func lastWord(_ bytes: Span<UInt8>, from start: Int) -> UInt64 {
    var word: UInt64 = 0x2020_2020_2020_2020
    for index in stride(from: bytes.count - 1, through: start, by: -1) { word = word << 8 | UInt64(bytes[index]) }
    return word
  }
}
