import Glibc
import Synchronization

/// Turns Ctrl-C during an evaluation into calls of the host, from a thread of its own.
///
/// The evaluation occupies the shell's thread, and a signal handler may do next to nothing, so the handler writes to a
/// pipe that this thread reads. Each evaluation has its own tag: a Ctrl-C that arrives as one ends never stops the next.
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
    /// 0 outside an evaluation; it is also the tag that ends the thread.
    var tag: UInt8 = 0
    var lastTag: UInt8 = 0
    var count = 0
  }

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

  /// Runs the body with SIGINT on its way to the host. Returns whether it was interrupted.
  func during(_ body: () -> Void) -> Bool {
    let tag = state.withLock { state in
      state.lastTag = state.lastTag == .max ? 1 : state.lastTag + 1
      state.tag = state.lastTag
      state.count = 0
      return state.tag
    }
    let route = pipe.route(SIGINT, tag: tag)
    body()
    route?.end()
    return state.withLock { state in
      state.tag = 0
      return state.count > 0
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
      guard state.tag == tag else { return }
      state.count += 1
      if terminal >= 0 { Output.write("\n", to: terminal) }
      if state.count == 1 { host.interrupt() } else { host.interruptHard() }
    }
  }
}
