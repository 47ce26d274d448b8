import ArgumentParser
import Glibc
import LisAuth
import LisCore
import LisEngine
import LisRuntime
import LisShell
import Synchronization

struct Repl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl", abstract: "Work at a prompt.",
    discussion: "Ctrl-C breaks off an entry or what it does, and every name stays; Ctrl-D leaves.")

  @OptionGroup var options: SessionOptions
  @OptionGroup var traffic: TrafficOptions

  func run() throws {
    let settings = options.settings(traffic)
    var session = try settings.session(nil, approval: nil)
    session.priority = .interactive
    let console = settings.console()
    let portal = try settings.portalName()
    let access = try PortalAccess(
      portal: portal, home: .environment, console: console, traffic: Traffic(settings.traffic, console))
    let code = try MachineThread.run { [session] in Prompt.run(session, access, console, portal) }
    throw ExitCode(code)
  }
}

/// A session behind a prompt.
final class Prompt: ShellHost {
  private let session: Session
  let portalName: String
  private var entries = 0
  /// Reached from the thread that receives Ctrl-C.
  private let stopper: Stopper
  private let console: StandardConsole

  private init(session: Session, portal: String, stopper: Stopper, console: StandardConsole) {
    self.session = session
    self.console = console
    portalName = portal
    self.stopper = stopper
  }

  static func run(
    _ options: Session.Options, _ access: PortalAccess, _ console: StandardConsole, _ portal: String
  ) -> Int32 {
    let questioner = Questioner()
    let run = RunNames.next()
    let session = Session(
      console: console, options: options,
      identity: RunIdentity(id: run, script: "<repl>", sourceHash: "", arguments: []), clock: access.traffic.clock,
      ask: questioner.canAsk ? { Questions.answer(questioner.ask($0)) } : nil, connect: access.connect)
    let stopper = Stopper(session.stop)
    session.onConnect = { stopper.reach($0) }
    let host = Prompt(session: session, portal: portal, stopper: stopper, console: console)
    let shell = Shell(host: host, historyPath: historyPath(console))
    let end = shell.run()
    session.onClose = { access.traffic.end($0, run: run) }
    session.close()
    access.close()
    switch end {
    case .endOfInput: return 0
    case .interrupted: return RunOutcome.interrupted.exitCode
    case .signal(let number): return 128 + number
    case .inputLost: return 1
    }
  }

  /// Nil where there is no folder for it: the prompt works without.
  private static func historyPath(_ console: StandardConsole) -> String? {
    do {
      try Home.environment.prepare()
      return Home.environment.history
    } catch {
      console.note("note  entries are not remembered: \(error.message)")
      return nil
    }
  }

  func needsMoreInput(_ text: String) -> Bool { session.needsMoreInput(text) }

  func evaluate(_ text: String) {
    if let help = HelpText.answer(toEntry: text, { session.helpTopics }) {
      console.out(help)
      return
    }
    entries += 1
    session.evaluate(text, name: "<repl:\(entries)>")
  }

  func interrupt() { stopper.stop() }
  func interruptHard() { _exit(RunOutcome.interrupted.exitCode) }
  /// Variables that may hold a secret.
  private let secretVariables =
    AuthContext.tokenVariables + ["HUBSPOT_CLIENT_SECRET", "HUBSPOT_REFRESH_TOKEN"]

  /// The shell knows what tokens look like; this knows the ones in use, whatever they look like.
  func isSecret(_ text: String) -> Bool {
    secretVariables.compactMap { Home.variable($0) }.contains { text.contains($0) }
  }
}

/// What stops a session from another thread: its flag, and the request in flight once there is a connection.
final class Stopper: Sendable {
  private let flag: StopFlag
  private let interrupter = Mutex<Interrupter?>(nil)

  init(_ flag: StopFlag) { self.flag = flag }

  func reach(_ interrupter: Interrupter) { self.interrupter.withLock { $0 = interrupter } }

  func stop() {
    flag.stop()
    interrupter.withLock { $0?.interrupt() }
  }
}

/// Questions to the person at the terminal.
enum Questions {
  /// nil where there is no terminal for both the question and its answer.
  static var onTerminal: ((String) -> LisRuntime.Answer)? {
    let questioner = Questioner()
    return questioner.canAsk ? { answer(questioner.ask($0)) } : nil
  }

  static func answer(_ answer: LisShell.Answer) -> LisRuntime.Answer {
    switch answer {
    case .text(let text): .text(text)
    case .interrupted, .end: .none
    }
  }
}
