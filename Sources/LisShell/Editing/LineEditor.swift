import CLineEdit
import Glibc

/// Edits one entry at a time on a terminal, through libedit. The entry is one buffer that may hold several lines.
///
/// All pointers of the shell are in this file and the one with its commands. The terminal is in editing mode only
/// inside ``readEntry(prompt:history:)``; in between it is as it was found.
final class LineEditor {
  private let input: Int32
  private let output: Int32
  private let signals: SignalPipe
  private var keys: KeyInput
  private var editor: OpaquePointer?
  let rules: any EditingRules

  /// Set by the commands while an entry is read.
  var outcome: EntryEnd?
  var walk = HistoryWalk([])
  private var prompt = ""

  /// Opens the editor on two terminals. Nil when libedit cannot work with them. The editor must not be used from two
  /// threads.
  init?(input: Int32, output: Int32, rules: any EditingRules) {
    guard let signals = SignalPipe(), let mode = TerminalMode(of: input) else { return nil }
    self.input = input
    self.output = output
    self.signals = signals
    self.rules = rules
    keys = KeyInput(input: input, signals: signals)
    cledit_set_locale()
    editor = cledit_open(
      input, output, Unmanaged.passUnretained(self).toOpaque(), readForLibedit, commandForLibedit)
    // Opening already changes the mode.
    mode.restore()
    if editor == nil { return nil }
  }

  deinit {
    let mode = TerminalMode(of: input)
    cledit_close(editor)
    mode?.restore()
  }

  /// Shows the prompt and edits until the entry ends. `history` is what the arrow keys walk through, oldest first.
  func readEntry(prompt: String, history: [String]) -> EntryEnd {
    guard let mode = TerminalMode(of: input) else { return .lost }
    self.prompt = prompt
    walk = HistoryWalk(history)
    outcome = nil
    let scalars = prompt.unicodeScalars.map(\.value)
    cledit_set_prompt(editor, scalars, scalars.count)
    let routes = beginRoutes()
    enter(interruptKey: mode.interruptKey)
    let count = cledit_read_entry(editor)
    if count < 0 { cledit_reset(editor) }
    leave(mode)
    for route in routes.reversed() { route.end() }
    // A signal may have come after the last key was read. That of a Ctrl-C came too late to mean this entry.
    if let signal = keys.takeSignals().first(where: Self.endingSignals.contains) { outcome = .signal(signal) }
    return outcome ?? .lost
  }

  private static let endingSignals = [SIGTERM, SIGHUP, SIGQUIT]

  /// The signals that would leave the terminal unusable, and news of its size. A program that was told to ignore one
  /// goes on ignoring it.
  private func beginRoutes() -> [SignalRoute] {
    ([SIGINT, SIGWINCH, SIGCONT] + Self.endingSignals).compactMap { signal in
      signals.route(signal, tag: UInt8(signal), keepIgnored: signal != SIGINT)
    }
  }

  private func enter(interruptKey: UInt8) {
    cledit_prepare_terminal(editor, 1)
    cledit_bind_keys(editor, interruptKey)
    draw("\u{1b}[?2004h")
  }

  private func leave(_ mode: TerminalMode) {
    draw("\u{1b}[?2004l")
    if case .entry? = outcome {} else if case .interrupted? = outcome {} else { draw("\r\n") }
    cledit_prepare_terminal(editor, 0)
    mode.restore()
  }
}

// MARK: The text being edited

extension LineEditor {
  struct Buffer {
    var scalars: [Unicode.Scalar]
    /// Scalars before the cursor.
    var cursor: Int

    var text: String {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      return String(view)
    }
  }

  var buffer: Buffer {
    var count = 0
    var cursor = 0
    guard let text = cledit_text(editor, &count, &cursor) else { return Buffer(scalars: [], cursor: 0) }
    let scalars = UnsafeBufferPointer(start: text, count: count).map { Unicode.Scalar($0) ?? "\u{fffd}" }
    return Buffer(scalars: scalars, cursor: min(cursor, scalars.count))
  }

  /// Inserts before the cursor. Returns whether there was room.
  func insert(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
    let values = scalars.map(\.value)
    return cledit_insert(editor, values, values.count) == 0
  }

  /// Replaces the whole text and leaves the cursor at its end. Returns whether there was room.
  func replace(by text: String) -> Bool {
    let buffer = buffer
    moveCursor(by: buffer.scalars.count - buffer.cursor)
    cledit_delete_before_cursor(editor, Int32(clamping: buffer.scalars.count))
    return insert(text.unicodeScalars)
  }

  func moveCursor(by distance: Int) { cledit_move_cursor(editor, Int32(clamping: distance)) }

  func push(_ step: cledit_step) { cledit_push(editor, Int32(step.rawValue)) }

  /// Writes to the terminal in order with what libedit draws.
  func draw(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cledit_write(editor, $0.baseAddress, $0.count) }
    }
  }
}

// MARK: Keys, signals and size

extension LineEditor {
  /// The next character for libedit or for a paste; nil when the entry cannot go on.
  func nextScalar(readingAhead: Bool = false) -> Unicode.Scalar? {
    while true {
      switch keys.next(readingAhead: readingAhead) {
      case .scalar(let scalar): return scalar
      case .signal(SIGINT): return "\u{3}"
      case .signal(SIGWINCH): redraw()
      case .signal(SIGCONT): resume()
      case .signal(let signal):
        outcome = .signal(signal)
        return nil
      case .end, .failed:
        outcome = .lost
        return nil
      }
    }
  }

  /// Draws the entry anew where its prompt now is, after the terminal has folded its lines to another width.
  private func redraw() {
    cledit_resize(editor)
    let row = rows.toCursor
    draw("\r" + (row > 0 ? "\u{1b}[\(row)A" : "") + "\u{1b}[J")
    cledit_redraw(editor)
  }

  /// Rows from the prompt to the cursor and to the end of the entry.
  private var rows: (toCursor: Int, toEnd: Int) {
    var columns: Int32 = 0
    var height: Int32 = 0
    if cledit_window_size(output, &columns, &height) != 0 || columns < 2 { columns = 80 }
    let buffer = buffer
    var layout = ScreenLayout(columns: Int(columns)) { Int(cledit_width($0.value)) }
    layout.add(prompt.unicodeScalars)
    layout.add(buffer.scalars[..<buffer.cursor])
    let toCursor = layout.row
    layout.add(buffer.scalars[buffer.cursor...])
    return (toCursor, layout.row)
  }

  /// Stops the program as Ctrl-Z does elsewhere, and goes on with the entry when it is continued.
  func suspend() {
    let (toCursor, toEnd) = rows
    draw(String(repeating: "\n", count: toEnd - toCursor + 1) + "\r\u{1b}[?2004l")
    cledit_prepare_terminal(editor, 0)
    kill(0, SIGTSTP)
    resume()
  }

  /// Takes the terminal back after the program was stopped and continued, and draws the entry on a line of its own.
  private func resume() {
    // libedit believes to be in editing mode still; leaving first makes it set the mode.
    cledit_prepare_terminal(editor, 0)
    cledit_prepare_terminal(editor, 1)
    cledit_resize(editor)
    draw("\u{1b}[?2004h\r\u{1b}[J")
    cledit_redraw(editor)
  }
}

// MARK: What libedit calls

private let readForLibedit: cledit_read_function = { owner, scalar in
  guard let owner, let scalar else { return -1 }
  guard let next = Unmanaged<LineEditor>.fromOpaque(owner).takeUnretainedValue().nextScalar() else { return 0 }
  scalar.pointee = next.value
  return 1
}

private let commandForLibedit: cledit_command_function = { owner, number in
  guard let owner, number >= 0 else { return Int32(CLEDIT_BEEP.rawValue) }
  let editor = Unmanaged<LineEditor>.fromOpaque(owner).takeUnretainedValue()
  return Int32(editor.run(cledit_command(UInt32(number))).rawValue)
}
