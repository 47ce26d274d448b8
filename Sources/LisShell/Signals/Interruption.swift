import Glibc
import Synchronization

/// Turns Ctrl-C, and the signals that ask the program to end, into calls of the host, from a thread of its own.
///
/// The evaluation occupies the shell's thread, and a signal handler may do next to nothing, so the handler writes to a
/// pipe that this thread reads. Each evaluation has its own tag: a Ctrl-C that arrives as one ends never stops the next.
///
/// A SIGTERM or SIGHUP stops an evaluation as the first Ctrl-C does, so that what is being written comes to a good end;
/// the second of them does not stop it harder, since a window that closes sends several.
final class Interruption: @unchecked Sendable {
  // Unchecked because of the host, which is not Sendable: the two calls made here are those its protocol allows from
  // any thread.
  private let host: any ShellHost
  /// Where to begin a new line after the `^C` that the terminal shows; -1 for nowhere.
  private let terminal: Int32
  private let pipe: SignalPipe
  private let state = Mutex(State())
  private var thread = pthread_t()

  private struct State {
    /// 0 outside an evaluation.
    var evaluation: UInt8 = 0
    var lastEvaluation: UInt8 = 0
    /// How often the host was told to stop.
    var count = 0
    /// The first signal that asked the program to end.
    var ending: Int32?
  }

  /// How an evaluation ended.
  enum End: Equatable {
    case undisturbed
    case interrupted
    /// The program is to end by this signal.
    case ending(Int32)
  }

  /// A byte in the pipe holds the evaluation, from 1, and below it the signal's place in this list. 0 ends the thread.
  private static let signals = [SIGINT, SIGTERM, SIGHUP]
  private static let lastEvaluation: UInt8 = 63

  /// Starts the thread; nil when the system refuses it.
  init?(host: any ShellHost, terminal: Int32) {
    guard let pipe = SignalPipe() else { return nil }
    self.host = host
    self.terminal = terminal
    self.pipe = pipe
    let context = Unmanaged.passRetained(self).toOpaque()
    let status = pthread_create(&thread, nil, { Interruption.watch($0) }, context)
    if status != 0 {
      Unmanaged<Interruption>.fromOpaque(context).release()
      return nil
    }
  }

  /// Ends the thread and waits for it.
  func stop() {
    pipe.send(0)
    pthread_join(thread, nil)
  }

  /// Runs the body with the signals on their way to the host.
  /// - Parameter keepsIgnored: whether a SIGINT that the program was started to ignore, as a job in the background is,
  ///   stays ignored. The other two always do.
  func during(keepsIgnored: Bool, _ body: () -> Void) -> End {
    let evaluation = state.withLock { state in
      let next = state.lastEvaluation == Self.lastEvaluation ? 1 : state.lastEvaluation + 1
      state = State(evaluation: next, lastEvaluation: next)
      return next
    }
    let routes = Self.signals.enumerated().compactMap { place, signal in
      pipe.route(signal, tag: evaluation << 2 | UInt8(place), keepIgnored: keepsIgnored || signal != SIGINT)
    }
    body()
    for route in routes.reversed() { route.end() }
    return state.withLock { state in
      state.evaluation = 0
      if let ending = state.ending { return .ending(ending) }
      return state.count > 0 ? .interrupted : .undisturbed
    }
  }

  private static func watch(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let interruption = Unmanaged<Interruption>.fromOpaque(context).takeRetainedValue()
    while true {
      _ = Wait.forInput(interruption.pipe.reading, orSignals: -1)
      for tag in interruption.pipe.received() {
        if tag == 0 { return nil }
        interruption.deliver(tag)
      }
    }
  }

  /// The lock is held during the call, so that the host is never interrupted after its evaluation returned.
  private func deliver(_ tag: UInt8) {
    state.withLock { state in
      let place = Int(tag & 3)
      guard state.evaluation == tag >> 2, place < Self.signals.count else { return }
      let signal = Self.signals[place]
      if signal != SIGINT {
        if state.ending == nil { state.ending = signal }
        if state.count > 0 { return }
      }
      state.count += 1
      if terminal >= 0 { Output.write("\n", to: terminal) }
      if state.count == 1 { host.interrupt() } else { host.interruptHard() }
    }
  }
}
