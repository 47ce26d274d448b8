import Glibc

/// Asks a person at the terminal for something that nobody else may see: it is not shown while it is typed.
///
/// Whatever ends the program meanwhile, the terminal shows what is typed again afterwards.
public struct HiddenInput: Sendable {
  private let input: Int32
  private let output: Int32
  /// Signals that end or stop a program.
  private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]

  public init(input: Int32 = STDIN_FILENO, output: Int32 = STDERR_FILENO) {
    self.input = input
    self.output = output
  }

  /// Whether there is a person to ask.
  public var canAsk: Bool { isatty(input) == 1 && isatty(output) == 1 }

  /// What came of a question.
  public enum Reply: Sendable {
    case bytes([UInt8])
    /// A signal that ends programs; the terminal is as it was.
    case signal(Int32)
    case end
  }

  /// Shows the question and waits for a line of at most `limit` bytes; what is longer comes one byte longer than that.
  public func ask(_ question: String, limit: Int) -> Reply {
    guard canAsk, let mode = TerminalMode(of: input), let pipe = SignalPipe() else { return .end }
    let routes = HiddenInput.signals.map { pipe.route($0, tag: UInt8($0), keepIgnored: true) }
    mode.readingSecret.restore()
    tcflush(input, TCIFLUSH)
    Output.write(question, to: output)
    let reply = read(pipe, limit)
    mode.restore()
    for route in routes.reversed() { route?.end() }
    // The line end that was typed was not shown either.
    Output.write("\n", to: output)
    return reply
  }

  private func read(_ signals: SignalPipe, _ limit: Int) -> Reply {
    var bytes: [UInt8] = []
    while true {
      let ready = Wait.forInput(input, orSignals: signals.reading)
      if ready.signal, let number = signals.received().first { return .signal(Int32(number)) }
      guard ready.input else { continue }
      var byte: UInt8 = 0
      let count = Glibc.read(input, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return .end }
      if byte == UInt8(ascii: "\n") { return .bytes(bytes) }
      if bytes.count <= limit { bytes.append(byte) }
    }
  }
}
