extension StringProtocol {
  /// The text with everything that a terminal would obey, or a reader could not see, written as an escape: control
  /// characters, marks that turn the direction of writing, and characters without width.
  ///
  /// Values come from other people's records, and a plan is approved by what it shows. `\n`, `\t` and `\r` are written
  /// so, all others as `\u{202E}`. The joiners inside an emoji stay, since they show.
  public var escapedForDisplay: String {
    if utf8.allSatisfy({ 0x20...0x7e ~= $0 }) { return String(self) }
    var result = ""
    for character in self {
      if character.unicodeScalars.contains(where: \.isInvisible) && !character.isJoinedEmoji {
        for scalar in character.unicodeScalars { result += scalar.visible }
      } else {
        result.append(character)
      }
    }
    return result
  }
}

extension Character {
  /// Whether all that is invisible in the character is what joins or chooses emoji.
  fileprivate var isJoinedEmoji: Bool {
    guard let first = unicodeScalars.first, first.properties.isEmoji, !first.isASCII else { return false }
    var afterEmoji = false
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x200d, 0xfe0e, 0xfe0f:
        guard afterEmoji else { return false }
        afterEmoji = scalar.value != 0x200d
      default:
        if scalar.isInvisible { return false }
        afterEmoji = true
      }
    }
    return afterEmoji
  }
}

extension Unicode.Scalar {
  /// Control characters, line separators, and what Unicode calls ignorable by default, which includes all marks that
  /// turn the direction of writing; also the marks of interlinear notes.
  fileprivate var isInvisible: Bool {
    if value < 0x20 || 0x7f...0x9f ~= value { return true }
    if value < 0xad { return false }
    return properties.isDefaultIgnorableCodePoint || value == 0x2028 || value == 0x2029 || 0xfff9...0xfffb ~= value
  }

  fileprivate var visible: String {
    switch self {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: isInvisible ? "\\u{" + String(value, radix: 16, uppercase: true) + "}" : String(self)
    }
  }
}
