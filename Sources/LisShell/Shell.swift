import CLineEdit
import Glibc
import LisFormats

/// LisShell: the REPL. It reads entries, hands them to its host, and keeps the history. It knows nothing of the language: what an
/// entry means, and what its values look like, is the host's. What comes in is keys and signals; what goes out is
/// entries, interruptions, and what is drawn on the terminal.
///
/// With a terminal for input and one to draw on, entries are edited through libedit. Elsewhere (a pipe, a file,
/// `TERM=dumb`) they are read line by line under the same rule of where an entry ends.
public final class Shell {
  private let host: any ShellHost
  private let descriptors: Descriptors
  private let interruption: Interruption?
  private var history: History
  /// One complaint about the history is enough for a session.
  private var hasComplained = false

  /// The descriptors a shell works on. The prompt is drawn on `errors` when that is a terminal, because results alone go
  /// to `output`; otherwise on `output`.
  public struct Descriptors: Sendable {
    public var input: Int32
    public var output: Int32
    public var errors: Int32

    public init(input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO, errors: Int32 = STDERR_FILENO) {
      self.input = input
      self.output = output
      self.errors = errors
    }

    /// Where to draw, if there is a terminal to read from and one to draw on.
    fileprivate var screen: Int32? {
      guard isatty(input) == 1 else { return nil }
      return [errors, output].first { isatty($0) == 1 }
    }
  }

  /// Prepares a shell. `historyPath` is the file of the history; without one entries are remembered until the shell is
  /// left. The host is kept.
  public init(host: any ShellHost, historyPath: String?, descriptors: Descriptors = Descriptors()) {
    self.host = host
    self.descriptors = descriptors
    interruption = Interruption(host: host, terminal: descriptors.screen ?? -1)
    history = History(path: historyPath) { host.isSecret($0) }
  }

  deinit { interruption?.stop() }

  /// Runs the loop on the caller's thread until the person leaves or the input ends.
  public func run() -> ShellEnd {
    // Between the reading of an entry and its evaluation a Ctrl-C has nothing to stop; it must not end the program.
    let between = descriptors.screen == nil ? nil : SignalPipe()
    let route = between?.route(SIGINT, tag: UInt8(SIGINT))
    defer { route?.end() }
    if let screen = descriptors.screen, !isDumb,
      let editor = LineEditor(input: descriptors.input, output: screen, rules: self)
    {
      return edit(with: editor, on: screen)
    }
    return readPlainly()
  }

  /// Asks the person at the terminal. May be called from within an evaluation, from any thread.
  public func ask(_ question: String) -> Answer { questioner.ask(question) }

  /// What asks on this shell's terminal, to be handed to code that must not hold the shell.
  public var questioner: Questioner {
    Questioner(input: descriptors.input, output: descriptors.screen ?? descriptors.errors)
  }

  /// A terminal that cannot move its cursor, or did not say what it can.
  private var isDumb: Bool {
    guard let name = getenv("TERM") else { return true }
    let text = String(cString: name)
    return text.isEmpty || text == "dumb"
  }

  private var prompt: String { "lis \(host.portalName.escapedForDisplay)> " }

  private func evaluate(_ text: String) -> Interruption.End {
    guard let interruption else {
      host.evaluate(text)
      return .undisturbed
    }
    return interruption.during(keepsIgnored: descriptors.screen == nil) { host.evaluate(text) }
  }

  /// The evaluation was stopped by a signal that asks the program to end. What the program wants to happen on it is back
  /// in force, and the terminal is as it was found.
  private func endBySignal(_ signal: Int32) -> ShellEnd {
    kill(getpid(), signal)
    return .signal(signal)
  }
}

extension Shell: EditingRules {
  func needsMoreInput(_ text: String) -> Bool { host.needsMoreInput(text) }
}

// MARK: On a terminal

extension Shell {
  private func edit(with editor: LineEditor, on screen: Int32) -> ShellEnd {
    complain(on: screen) { () throws(HistoryProblem) in try history.load() }
    while true {
      cledit_flush_standard_output()
      switch editor.readEntry(prompt: prompt, history: history.entries) {
      case .entry(let text):
        if text.isEmpty { continue }
        remember(text, on: screen)
        if case .ending(let signal) = evaluate(text) { return endBySignal(signal) }
      case .interrupted(let wasEmpty):
        if wasEmpty { Output.write("Ctrl-D leaves\n", to: screen) }
      case .end: return .endOfInput
      case .lost: return .inputLost
      case .signal(let signal): return endBySignal(signal)
      }
    }
  }

  /// Saves before the entry runs, so that an entry is remembered even when it takes the program down.
  private func remember(_ text: String, on screen: Int32) {
    history.add(text)
    complain(on: screen) { () throws(HistoryProblem) in try history.save() }
  }

  private func complain(on screen: Int32, _ body: () throws(HistoryProblem) -> Void) {
    do { try body() } catch {
      if !hasComplained { Output.write("lis: \(error)\n", to: screen) }
      hasComplained = true
    }
  }
}

// MARK: Elsewhere

extension Shell {
  private func readPlainly() -> ShellEnd {
    let screen = descriptors.screen
    let signals = screen == nil ? nil : SignalPipe()
    var reader = PlainReader(input: descriptors.input, signals: signals)
    var entry = ""
    while true {
      cledit_flush_standard_output()
      let route = signals?.route(SIGINT, tag: UInt8(SIGINT))
      if let screen { Output.write(entry.isEmpty ? prompt : "   ... ", to: screen) }
      let line = reader.next()
      route?.end()
      switch line {
      case .line(let line):
        entry += entry.isEmpty ? line : "\n" + line
        if entry.withoutBlankEnd.isEmpty {
          entry = ""
        } else if !host.needsMoreInput(entry.withoutBlankEnd) {
          let end = evaluate(entry.withoutBlankEnd)
          entry = ""
          if case .ending(let signal) = end { return endBySignal(signal) }
          if end == .interrupted && screen == nil { return .interrupted }
        }
      case .interrupted:
        if let screen { Output.write("\n" + (entry.isEmpty ? "Ctrl-D leaves\n" : ""), to: screen) }
        entry = ""
      case .end:
        if let screen { Output.write("\n", to: screen) }
        // The host says what is missing in an entry that was never finished.
        let end = entry.isEmpty ? .undisturbed : evaluate(entry)
        if case .ending(let signal) = end { return endBySignal(signal) }
        return end == .interrupted && screen == nil ? .interrupted : .endOfInput
      case .lost: return .inputLost
      }
    }
  }
}
