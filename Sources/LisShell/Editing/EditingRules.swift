/// What the line editor asks while an entry is typed.
protocol EditingRules: AnyObject {
  /// Whether Enter continues the entry on a new line instead of ending it.
  func needsMoreInput(_ text: String) -> Bool
}

/// How the editing of one entry ended.
enum EntryEnd: Equatable {
  /// The whole entry, lines separated by `\n`, without blank lines at its end. Empty when nothing was typed.
  case entry(String)
  /// Ctrl-C. `wasEmpty` tells that there was nothing to give up.
  case interrupted(wasEmpty: Bool)
  /// Ctrl-D on an empty entry.
  case end
  /// A signal that asks the program to end. The terminal is restored, the signal not yet passed on.
  case signal(Int32)
  /// The terminal is gone, or reading from it failed.
  case lost
}
