/// A place in a text file as an editor shows it: the line and the column in characters, both counted from 1.
public struct TextPlace: Equatable, Sendable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of a byte.
  /// - Parameters:
  ///   - offset: from the start of `bytes`.
  ///   - firstLine: the line on which `bytes` begin, at its start.
  public init(_ bytes: ArraySlice<UInt8>, offset: Int, firstLine: Int = 1) {
    var place = TextPlace(line: firstLine, column: 1)
    for byte in bytes.prefix(offset) {
      if byte == 0x0a {
        place.line += 1
        place.column = 1
      } else if TextPlace.beginsCharacter(byte) {
        place.column += 1
      }
    }
    self = place
  }

  /// Whether a byte of UTF-8 is the first of its character.
  static func beginsCharacter(_ byte: UInt8) -> Bool { byte & 0xc0 != 0x80 }
}

/// What the first bytes of a file say of it.
public enum TextStart {
  /// The byte order mark of UTF-8, which is passed over.
  public static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

  /// Whether a text cannot be UTF-8 because it is UTF-16: by its byte order mark, or because every other byte is NUL.
  public static func isUTF16(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return true }
    return bytes.count >= 2 && (bytes[0] == 0) != (bytes[1] == 0)
  }
}
