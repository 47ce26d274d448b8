/// What stands between two cells.
public enum CSVSeparator: UInt8, CaseIterable, Sendable {
  case comma = 0x2c
  case semicolon = 0x3b
  case tab = 0x09
}
