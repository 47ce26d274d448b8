import Glibc
import LisShell
import Synchronization

/// A host whose language is a handful of words; all other entries are shown back as `=> [entry]`.
final class ScriptedHost: ShellHost {
  let portalName: String
  var questioner = Questioner()
  private var stored = "nothing"
  private let interruptions = InterruptionCount()

  init(portalName: String) { self.portalName = portalName }

  func needsMoreInput(_ text: String) -> Bool {
    text.count { $0 == "{" } > text.count { $0 == "}" }
  }

  func evaluate(_ text: String) {
    interruptions.reset()
    let words = text.split(separator: " ")
    switch words.first {
    case "set":
      stored = words.dropFirst().joined(separator: " ")
      print("kept")
    case "get": print("stored \(stored)")
    case "ask": print("answer \(questioner.ask("Send 3 changes? "))")
    case "mode": print("mode \(terminalMode)")
    case "wait": wait(forInterruptions: 1)
    case "wait-twice": wait(forInterruptions: 2)
    case "ask-then-wait":
      print("answer \(questioner.ask("Send 3 changes? "))")
      wait(forInterruptions: 1)
    case "wait-then-ask":
      wait(forInterruptions: 1)
      print("answer \(questioner.ask("Send 3 changes? "))")
    default: print("=> [" + text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "/") + "]")
    }
    fflush(nil)
  }

  private func wait(forInterruptions count: Int) {
    print("waiting")
    fflush(nil)
    interruptions.wait(for: count)
    print("stopped after \(interruptions.seen)")
  }

  func interrupt() { interruptions.add("interrupt") }
  func interruptHard() { interruptions.add("hard") }

  func isSecret(_ text: String) -> Bool { text.contains("hush") }

  private var terminalMode: String {
    var attributes = termios()
    tcgetattr(STDIN_FILENO, &attributes)
    let wanted = tcflag_t(ICANON | ECHO | ISIG)
    return attributes.c_lflag & wanted == wanted ? "cooked" : "raw"
  }
}

/// Interruptions as they come in from the shell's other thread.
final class InterruptionCount: @unchecked Sendable {
  // Unchecked because of the two C values, which the lock and the condition protect.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var names: [String] = []

  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  var seen: String { locked { names.joined(separator: " ") } }

  func reset() { locked { names = [] } }

  func add(_ name: String) {
    locked {
      names.append(name)
      print("got \(name)")
      fflush(nil)
      pthread_cond_signal(changed)
    }
  }

  func wait(for count: Int) {
    locked { while names.count < count { pthread_cond_wait(changed, lock) } }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body()
  }
}
