/// Ctrl-C, SIGTERM and SIGHUP for a program that is not the shell: a script run from a file. Questions asked meanwhile
/// take Ctrl-C for themselves, as they do inside the shell. Signals that the program was started to ignore stay ignored.
public final class ScriptInterruption {
  private let interruption: Interruption?

  /// - Parameters:
  ///   - stop: the first signal: stop at the next safe point.
  ///   - stopHard: each further Ctrl-C.
  ///   Both are called on a thread of their own.
  public init(stop: @escaping @Sendable () -> Void, stopHard: @escaping @Sendable () -> Void) {
    interruption = Interruption(host: Host(stop: stop, stopHard: stopHard), terminal: -1)
  }

  deinit { interruption?.stop() }

  /// Runs the body with the signals on their way to the functions. Returns whether one came.
  @discardableResult
  public func during(_ body: () -> Void) -> Bool {
    guard let interruption else {
      body()
      return false
    }
    return interruption.during(keepsIgnored: true, body) != .undisturbed
  }

  private final class Host: ShellHost {
    private let stop: @Sendable () -> Void
    private let stopHard: @Sendable () -> Void

    init(stop: @escaping @Sendable () -> Void, stopHard: @escaping @Sendable () -> Void) {
      self.stop = stop
      self.stopHard = stopHard
    }

    var portalName: String { "" }
    func needsMoreInput(_ text: String) -> Bool { false }
    func evaluate(_ text: String) {}
    func interrupt() { stop() }
    func interruptHard() { stopHard() }
    func isSecret(_ text: String) -> Bool { false }
  }
}
