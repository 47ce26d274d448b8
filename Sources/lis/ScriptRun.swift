import ArgumentParser
import Glibc
import HubSpot
import LisEngine
import LisRuntime
import LisShell
import LisSyntax

/// One run of a script by the file runner.
struct ScriptRun {
  let options: SessionSettings
  let approval: ApprovalSettings?
  var counts: CountSettings?
  let planOnly: Bool
  /// What the run may take; nil for any time.
  var seconds: Double?
  var explainsOnly = false

  func run(_ input: ScriptInput) throws -> RunOutcome {
    let console = options.console()
    let parameters = ScriptParameters(input.source)
    let arguments = try input.arguments(parameters.switches)
    if options.refuse(parameters.clashes, console) { return .checkFailed }
    try parameters.check(arguments, script: input.path ?? input.source.name)
    var session = try options.session(input.path, approval: approval, counts: counts, planOnly: planOnly)
    session.limits.seconds = seconds
    session.explainsOnly = explainsOnly
    let identity = RunIdentity(
      id: RunNames.next(), script: input.source.name, sourceHash: SHA256.hexadecimal(input.source.bytes),
      arguments: input.rest)
    let access = try PortalAccess(
      portal: options.portalName(), home: .environment, console: console, traffic: Traffic(options.traffic, console))
    return try MachineThread.run { [session] in
      ScriptRun.run(input.source, arguments, session, identity, access, console)
    }
  }

  private static func run(
    _ source: SourceText, _ arguments: [String: String], _ options: Session.Options, _ identity: RunIdentity,
    _ access: PortalAccess, _ console: StandardConsole
  ) -> RunOutcome {
    let session = Session(
      console: console, options: options, identity: identity, clock: access.traffic.clock, ask: Questions.onTerminal,
      connect: access.connect)
    session.onClose = { access.traffic.end($0, run: identity.id) }
    let stopper = Stopper(session.stop)
    session.onConnect = { stopper.reach($0) }
    var outcome = RunOutcome.done
    // The first Ctrl-C finishes and writes down the batch in flight; the second ends at once, and what was in flight is
    // in doubt in the journal.
    ScriptInterruption(stop: { stopper.stop() }, stopHard: { _exit(RunOutcome.interrupted.exitCode) }).during {
      outcome = session.run(source, arguments: arguments)
    }
    session.closeRun(outcome)
    access.close()
    return outcome
  }
}

/// Names of runs: the time for people, a few random letters against collisions.
enum RunNames {
  static func next() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
    let time = two(parts.tm_hour) + two(parts.tm_min) + two(parts.tm_sec)
    let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    let tail = String((0..<6).map { _ in letters[Int.random(in: 0..<letters.count)] })
    return "\(date)-\(time)-\(tail)"
  }
}
