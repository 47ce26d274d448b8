/// The mark before a text that a spreadsheet would run as a formula: `=1+1` is written `'=1+1`, as OWASP recommends
/// ("CSV injection").
///
/// What is written can be read back exactly: a text that already looks guarded gets one mark more, and the reader takes
/// one away.
public enum FormulaGuard {
  static let mark = UInt8(ascii: "'")

  /// Whether a text needs the mark: after any marks, it begins as a formula may.
  static func isNeeded(_ text: some Sequence<UInt8>) -> Bool {
    var bytes = text.makeIterator()
    var first = bytes.next()
    while first == mark { first = bytes.next() }
    switch first {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0a, 0x0d: return true
    case 0xef:
      // The full-width forms of the four signs, U+FF1D, U+FF0B, U+FF0D and U+FF20, which some spreadsheets take too.
      guard bytes.next() == 0xbc, let last = bytes.next() else { return false }
      return last == 0x9d || last == 0x8b || last == 0x8d || last == 0xa0
    default: return false
    }
  }

  /// Whether a text carries the mark.
  static func isGuarded(_ text: some Collection<UInt8>) -> Bool {
    text.first == mark && isNeeded(text.dropFirst())
  }
}
