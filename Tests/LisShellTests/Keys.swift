/// What an xterm sends for keys.
enum Key {
  static let enter = "\r"
  static let controlC = "\u{3}"
  static let controlD = "\u{4}"
  static let controlR = "\u{12}"
  static let controlZ = "\u{1a}"
  static let backspace = "\u{7f}"
  static let up = "\u{1b}[A"
  static let down = "\u{1b}[B"
  static let left = "\u{1b}[D"
  static let home = "\u{1b}[H"
  static let end = "\u{1b}[F"
  static let altEnter = "\u{1b}\r"

  static func paste(_ text: String) -> String { "\u{1b}[200~\(text)\u{1b}[201~" }
}
