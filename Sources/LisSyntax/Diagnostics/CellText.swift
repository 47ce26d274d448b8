/// How source text looks on a terminal: how many cells a character takes, and what is shown for those that show nothing.
enum CellText {
  static let tabWidth = 4

  /// What is printed for a scalar outside of a tab: invisible, reordering and control characters as `\u{202E}`.
  static func visible(_ scalar: Unicode.Scalar) -> String {
    if scalar.isMisleading || isBlankLetter(scalar) {
      return "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    }
    return String(Character(scalar))
  }

  /// Cells of the printed form.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x20 || scalar.value == 0x7F
      || scalar.value >= 0x80 && (scalar.isMisleading || isBlankLetter(scalar))
    {
      return visible(scalar).unicodeScalars.count
    }
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return isWide(scalar.value) ? 2 : 1
    }
  }

  /// Letters by category that are drawn as nothing.
  private static func isBlankLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800: return true
    default: return false
    }
  }

  /// East Asian Wide and Fullwidth, and emoji, in ranges coarse enough to be read.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return true
    default: return false
    }
  }
}
