/// What the shell asks of the program behind it: where an entry ends, and to run it.
///
/// Everything is called on the thread that called ``Shell/run()``, except the two interruptions, which come from a
/// thread of the shell's own while that thread is inside ``evaluate(_:)``.
public protocol ShellHost: AnyObject {
  /// The name in the prompt: `lis practice> `. The shell escapes what a terminal would obey.
  var portalName: String { get }

  /// Whether the text is the beginning of something longer, such as an open brace. Lines are separated by `\n`.
  func needsMoreInput(_ text: String) -> Bool

  /// Runs one entry and prints its own output, up to the end of a line. The terminal is in the mode it had before the
  /// shell started. Must not return while a question asked on its behalf is still open.
  func evaluate(_ text: String)

  /// The first Ctrl-C within one evaluation, or a SIGTERM or SIGHUP: stop at the next safe point. Must not wait for the
  /// evaluation to end.
  func interrupt()

  /// Each further Ctrl-C within the same evaluation: stop at once.
  func interruptHard()

  /// Whether the text holds something that must not be stored. Texts that look like a bearer token never are.
  func isSecret(_ text: String) -> Bool
}

/// Why the shell's loop ended.
public enum ShellEnd: Equatable, Sendable {
  /// The person left with Ctrl-D, or the text to read came to its end.
  case endOfInput
  /// Entries came from a pipe or a file and the evaluation of one was interrupted: those after it were not run.
  case interrupted
  /// A signal asked the program to end while an entry was being typed or run, the terminal was restored, and the program's
  /// own handler for that signal let it go on. Without such a handler the program has ended by the signal.
  case signal(Int32)
  /// The terminal is gone, or reading from it failed.
  case inputLost
}
