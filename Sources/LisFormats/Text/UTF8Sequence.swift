/// One character of UTF-8 as its bytes arrive, checked as RFC 3629, section 4, says: no overlong forms, no surrogates,
/// nothing above U+10FFFF.
struct UTF8Sequence {
  /// How many bytes are still to come.
  private var remaining: Int
  /// What the next byte may be.
  private var lower: UInt8 = 0x80
  private var upper: UInt8 = 0xbf

  /// Nil if no character begins with `lead`.
  init?(lead: UInt8) {
    switch lead {
    case 0x00...0x7f: remaining = 0
    case 0xc2...0xdf: remaining = 1
    case 0xe0: (remaining, lower) = (2, 0xa0)
    case 0xed: (remaining, upper) = (2, 0x9f)
    case 0xe1...0xef: remaining = 2
    case 0xf0: (remaining, lower) = (3, 0x90)
    case 0xf1...0xf3: remaining = 3
    case 0xf4: (remaining, upper) = (3, 0x8f)
    default: return nil
    }
  }

  var isComplete: Bool { remaining == 0 }

  /// Takes the next byte; false if it cannot follow.
  mutating func accept(_ byte: UInt8) -> Bool {
    guard remaining > 0, byte >= lower, byte <= upper else { return false }
    remaining -= 1
    (lower, upper) = (0x80, 0xbf)
    return true
  }
}
