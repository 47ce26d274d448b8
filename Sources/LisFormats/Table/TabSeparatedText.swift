/// Tab-separated values with a line of names: one record a line, whatever the cells hold, because tabs, line ends and
/// backslashes in them are written as `\t`, `\n`, `\r` and `\\`.
public enum TabSeparatedText {
  /// Appends one line.
  public static func append(_ cells: [String], to bytes: inout [UInt8]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(0x09) }
      for byte in cell.utf8 { append(byte, to: &bytes) }
    }
    bytes.append(0x0a)
  }

  private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case 0x09: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
    case 0x0a: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
    case 0x0d: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
    case UInt8(ascii: "\\"): bytes += [byte, byte]
    default: bytes.append(byte)
    }
  }
}
