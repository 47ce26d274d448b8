/// What stands between two cells.
public enum CSVSeparator: UInt8, CaseIterable, Sendable {
  case comma = 0x2c
  case semicolon = 0x3b
  case tab = 0x09
}

extension CSVSeparator {
  /// In a message.
  var words: String {
    switch self {
    case .comma: "commas"
    case .semicolon: "semicolons"
    case .tab: "tabs"
    }
  }

  /// In a program.
  var written: String {
    switch self {
    case .comma: "\",\""
    case .semicolon: "\";\""
    case .tab: "\"\\t\""
    }
  }
}
