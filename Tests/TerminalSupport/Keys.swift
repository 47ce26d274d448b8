/// What an xterm sends for keys.
package enum Key {
  package static let enter = "\r"
  package static let controlC = "\u{3}"
  package static let controlD = "\u{4}"
  package static let controlR = "\u{12}"
  package static let controlZ = "\u{1a}"
  package static let backspace = "\u{7f}"
  package static let up = "\u{1b}[A"
  package static let down = "\u{1b}[B"
  package static let left = "\u{1b}[D"
  package static let home = "\u{1b}[H"
  package static let end = "\u{1b}[F"
  package static let altEnter = "\u{1b}\r"

  package static func paste(_ text: String) -> String { "\u{1b}[200~\(text)\u{1b}[201~" }
}
