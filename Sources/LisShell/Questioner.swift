import Glibc
import Synchronization

/// What a person answered.
public enum Answer: Equatable, Sendable {
  /// The line typed, without its end.
  case text(String)
  /// Ctrl-C.
  case interrupted
  /// Ctrl-D on an empty line, the terminal is gone, or there is no person to ask.
  case end
}

/// Asks the person at the terminal, in the middle of an evaluation of the shell or of a script run from a file.
///
/// Only asks when both its input and its output are terminals: an answer must never come out of a pipe that holds
/// something else. Answers are not part of the history. A Ctrl-C at a question is its answer and interrupts nothing.
public struct Questioner: Sendable {
  private let input: Int32
  private let output: Int32
  /// One question at a time in the process, since they share the keyboard and the signal.
  private static let turn = Mutex(())

  /// Descriptors of the answers and of the questions; standard input and standard error unless told.
  public init(input: Int32 = STDIN_FILENO, output: Int32 = STDERR_FILENO) {
    self.input = input
    self.output = output
  }

  /// Whether there is a person to ask.
  public var canAsk: Bool { isatty(input) == 1 && isatty(output) == 1 }

  /// Shows the question as it is (with what it shows of other people's records escaped by the caller) and waits for a
  /// line. What was typed before the question was shown is thrown away: it cannot have been meant as its answer.
  ///
  /// May be called from any thread.
  public func ask(_ question: String) -> Answer {
    guard canAsk else { return .end }
    return Self.turn.withLock { _ in
      guard let mode = TerminalMode(of: input), let signals = SignalPipe() else { return .end }
      mode.reading.restore()
      tcflush(input, TCIFLUSH)
      let route = signals.route(SIGINT, tag: UInt8(SIGINT))
      Output.write(question, to: output)
      let answer = readAnswer(signals)
      if case .text = answer {} else { Output.write("\n", to: output) }
      route?.end()
      mode.restore()
      return answer
    }
  }

  private func readAnswer(_ signals: SignalPipe) -> Answer {
    var bytes: [UInt8] = []
    while true {
      let ready = Wait.forInput(input, orSignals: signals.reading)
      if ready.signal { return .interrupted }
      var byte: UInt8 = 0
      let count = read(input, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      // Ctrl-D after some characters hands those over without ending the line, hence the wait for a second one.
      if count <= 0 { return .end }
      if byte == UInt8(ascii: "\n") { return .text(String(decoding: bytes, as: UTF8.self)) }
      bytes.append(byte)
    }
  }
}
