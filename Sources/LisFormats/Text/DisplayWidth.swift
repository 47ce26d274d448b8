// The room of text for people: strings enter, and leave measured in terminal cells, cut to fit, or made harmless.

extension StringProtocol {
  /// How many cells of a terminal the text takes: two for a wide East Asian character or an emoji, none for a mark that
  /// combines with the character before it. Control characters count nothing; `escapedForDisplay` makes them visible.
  public var displayWidth: Int {
    // Printable ASCII, nearly all there is, needs no look at characters.
    if utf8.allSatisfy({ 0x20...0x7e ~= $0 }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }

  /// The text, if it takes at most `width` cells, else as much of it as fits with `…` at its end.
  public func truncated(toWidth width: Int) -> String {
    if displayWidth <= width { return String(self) }
    if width < 1 { return "" }
    var used = 1
    var kept = ""
    for character in self {
      used += character.displayWidth
      if used > width { break }
      kept.append(character)
    }
    return kept + "…"
  }
}

extension Character {
  /// The cells that a character takes, with all marks that combine with it.
  var displayWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if unicodeScalars.count == 1 { return first.displayWidth }
    // A flag, a joined or coloured emoji, or a symbol followed by the wish to be shown as one, is one picture.
    if first.properties.isEmoji && !first.isASCII && unicodeScalars.contains(where: \.makesPicture) { return 2 }
    return unicodeScalars.reduce(0) { $0 + $1.displayWidth }
  }
}

extension Unicode.Scalar {
  /// The joiner, the emoji variation selector, a skin colour, or half a flag.
  fileprivate var makesPicture: Bool {
    value == 0x200d || value == 0xfe0f || properties.isEmojiModifier || 0x1f1e6...0x1f1ff ~= value
  }

  fileprivate var displayWidth: Int {
    if value < 0x300 { return value < 0x20 || 0x7f...0x9f ~= value ? 0 : 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
    default: break
    }
    // The vowels and final consonants of Korean syllables stand in the cell of the consonant before them.
    if 0x1160...0x11ff ~= value || 0xd7b0...0xd7ff ~= value { return 0 }
    return properties.isEmojiPresentation || isWideEastAsian ? 2 : 1
  }

  /// East Asian Width W or F (Unicode Standard Annex 11), emoji apart; unassigned places in between count as wide.
  private var isWideEastAsian: Bool {
    if value < 0x1100 { return false }
    return Unicode.Scalar.wideRanges.contains { $0 ~= value }
  }

  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x4e00...0xa4cf, 0xac00...0xd7a3, 0x3041...0x3247, 0x3250...0x4dbf, 0x2e80...0x303e, 0xff01...0xff60,
    0x1100...0x115f, 0x2329...0x232a, 0xa960...0xa97c, 0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6b,
    0xffe0...0xffe6, 0x16fe0...0x18d08, 0x1aff0...0x1b2fb, 0x1f200...0x1f265, 0x20000...0x3fffd,
  ]
}
