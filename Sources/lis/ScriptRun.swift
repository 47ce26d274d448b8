import ArgumentParser
import Glibc
import LisEngine
import LisRuntime
import LisShell
import LisSyntax
import PracticePortal

/// A program from wherever it was named: a file, `-`, standard input or `-e`.
struct ScriptInput {
  var source: SourceText
  /// Path of the file, if it is one.
  var path: String?
  /// What follows the name: values for the script's parameters.
  var rest: [String]

  init(code: String?, words: [String]) throws {
    if let code {
      source = SourceText(name: "-e", text: code)
      path = nil
      rest = words
      return
    }
    guard let name = words.first, !name.hasPrefix("-") || name == "-" else {
      if let first = words.first { throw ValidationError("unknown option `\(first)`") }
      source = try ScriptInput.standardInput()
      path = nil
      rest = words
      return
    }
    rest = Array(words.dropFirst())
    if name == "-" {
      source = try ScriptInput.standardInput()
      path = nil
      return
    }
    guard let bytes = FileBytes.read(name) else {
      throw ValidationError("the script `\(name)` cannot be read: \(String(cString: strerror(errno)))")
    }
    source = try ScriptInput.text(bytes, name)
    path = name
  }

  private static func standardInput() throws -> SourceText {
    guard let bytes = FileBytes.read(0) else { throw ValidationError("standard input cannot be read") }
    return try text(bytes, "<stdin>")
  }

  private static func text(_ bytes: [UInt8], _ name: String) throws -> SourceText {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ValidationError("`\(name)` is not valid UTF-8; save it as UTF-8")
    }
    return SourceText(name: name, text: text)
  }

  /// `--price-floor 5` and `--price-floor=5` as values by parameter name.
  func arguments() throws -> [String: String] {
    var values: [String: String] = [:]
    var words = rest[...]
    while let word = words.popFirst() {
      guard word.hasPrefix("--"), word.count > 2 else {
        throw ValidationError("unexpected `\(word)`; parameters are given as --name value")
      }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0].map { $0 == "-" ? "_" : $0 })
      if parts.count == 2 {
        values[name] = String(parts[1])
      } else {
        guard let value = words.popFirst() else { throw ValidationError("\(word) needs a value") }
        values[name] = value
      }
    }
    return values
  }
}

/// One run of a script by the file runner.
struct ScriptRun {
  let options: SessionOptions
  let approval: ApprovalOptions?
  let planOnly: Bool

  func run(_ input: ScriptInput) throws -> RunOutcome {
    let arguments = try input.arguments()
    let session = try options.session(input.path, approval: approval, planOnly: planOnly)
    let identity = RunIdentity(
      id: RunNames.next(), script: input.source.name, sourceHash: Digest.sha256(input.source.bytes),
      arguments: input.rest)
    let connection = ConnectionSource(portal: options.portalName, home: .environment)
    let console = options.console()
    return MachineThread.run {
      ScriptRun.run(input.source, arguments, session, identity, connection, console)
    }
  }

  private static func run(
    _ source: SourceText, _ arguments: [String: String], _ options: Session.Options, _ identity: RunIdentity,
    _ connection: ConnectionSource, _ console: StandardConsole
  ) -> RunOutcome {
    var server: PracticePortalServer?
    let session = Session(
      console: console, options: options, identity: identity, ask: Questions.onTerminal
    ) {
      let (made, started) = try connection.connect()
      server = started
      return made
    }
    let stopper = Stopper(session.stop)
    session.onConnect = { stopper.reach($0) }
    var outcome = RunOutcome.done
    // The first Ctrl-C finishes and writes down the batch in flight; the second ends at once, and what was in flight is
    // in doubt in the journal.
    ScriptInterruption(stop: { stopper.stop() }, stopHard: { _exit(RunOutcome.interrupted.exitCode) }).during {
      outcome = session.run(source, arguments: arguments)
    }
    session.closeRun()
    if let server { try? Blocking.wait { try await server.stop() } }
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
