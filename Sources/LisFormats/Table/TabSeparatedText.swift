/// Tab-separated values with a line of names: one record a line, whatever the cells hold, because tabs, line ends and
/// backslashes in them are written as `\t`, `\n`, `\r` and `\\`. Spreadsheets open such files too, so texts that they
/// would run are guarded as in CSV: see `FormulaGuard`.
public enum TabSeparatedText {
  /// Appends one line.
  public static func append(_ cells: [CSVCell], to bytes: inout [UInt8]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(0x09) }
      switch cell {
      case .text(let text):
        if FormulaGuard.isNeeded(text.utf8) { bytes.append(FormulaGuard.mark) }
        for byte in text.utf8 { append(byte, to: &bytes) }
      case .verbatim(let text): bytes += text.utf8
      }
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
