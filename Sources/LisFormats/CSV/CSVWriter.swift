/// A cell to be written.
public enum CSVCell: Equatable, Sendable {
  /// Text from anywhere: it is kept from being run as a formula.
  case text(String)
  /// What lis itself formats, such as a number or a date; `-5` stays `-5`.
  case verbatim(String)
}

/// Writes rows of CSV (RFC 4180).
///
/// Spreadsheets run a cell that begins with `=`, `+`, `-` or `@`, even after a tab or a line end, so a text that does
/// gets a mark in front: see `FormulaGuard`.
public struct CSVWriter: Sendable {
  private let separator: UInt8
  private let lineEnd: [UInt8]
  private let neutralising: Bool

  /// - Parameters:
  ///   - lineEnd: RFC 4180 says CRLF; a bare line feed is what other tools on this system write and read.
  ///   - neutralising: false only for files that no spreadsheet will open.
  public init(separator: CSVSeparator = .comma, lineEnd: LineEnd = .lineFeed, neutralising: Bool = true) {
    self.separator = separator.rawValue
    self.lineEnd = lineEnd == .lineFeed ? [0x0a] : [0x0d, 0x0a]
    self.neutralising = neutralising
  }

  public enum LineEnd: Sendable {
    case lineFeed, carriageReturnLineFeed
  }

  /// Appends one row with its line end.
  public func append(_ cells: [CSVCell], to bytes: inout [UInt8]) {
    // An empty line would be no row at all.
    if cells == [.text("")] || cells == [.verbatim("")] { bytes += [0x22, 0x22] }
    var isFirst = true
    for cell in cells {
      if !isFirst { bytes.append(separator) }
      isFirst = false
      switch cell {
      case .text(let text): append(text, guarded: neutralising && FormulaGuard.isNeeded(text.utf8), to: &bytes)
      case .verbatim(let text): append(text, guarded: false, to: &bytes)
      }
    }
    bytes += lineEnd
  }

  private func append(_ text: String, guarded: Bool, to bytes: inout [UInt8]) {
    guard needsQuotes(text) else {
      if guarded { bytes.append(UInt8(ascii: "'")) }
      bytes += text.utf8
      return
    }
    bytes.append(0x22)
    if guarded { bytes.append(UInt8(ascii: "'")) }
    for byte in text.utf8 {
      if byte == 0x22 { bytes.append(0x22) }
      bytes.append(byte)
    }
    bytes.append(0x22)
  }

  /// Quotes are needed for what has a meaning outside them; also for a byte order mark, which a reader would skip.
  private func needsQuotes(_ text: String) -> Bool {
    text.utf8.contains { $0 == separator || $0 == 0x22 || $0 == 0x0a || $0 == 0x0d }
      || text.unicodeScalars.first == "\u{feff}"
  }
}
