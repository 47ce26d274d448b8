import ArgumentParser
import Glibc
import LisRuntime

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a script, code, or standard input.",
    discussion: """
      Parameters of the script are given behind its name: --pct 5 sets `param pct`, and
      `lis FILE --help` shows them. Without --apply, a terminal asks before anything is
      written, and everywhere else a write ends the run with 9.

      Examples:
        lis run reprice.lis --portal practice
        lis run reprice.lis --portal practice --apply
        lis -e 'print(0.1 + 0.2)'
        echo 'print(1)' | lis -
      """)

  @OptionGroup var options: SessionOptions
  @OptionGroup var traffic: TrafficOptions
  @OptionGroup var approval: ApprovalOptions
  @OptionGroup var counts: CountOptions
  @OptionGroup var limits: LimitOptions

  @OptionGroup var script: ScriptOptions

  var settings: RunSettings {
    RunSettings(
      session: options.settings(traffic), approval: approval.settings, counts: counts.settings,
      timeLimit: limits.timeLimit,
      script: script.words)
  }

  func run() throws { throw ExitCode(try settings.run().exitCode) }
}

struct PlanOnly: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a script would change; nothing is sent.",
    discussion: """
      Ends with 2 when something would change, with 0 when nothing would, and with 9 when the number of changes is \
      refused.
      """)

  @OptionGroup var options: SessionOptions
  @OptionGroup var traffic: TrafficOptions
  @OptionGroup var counts: CountOptions
  @OptionGroup var limits: LimitOptions

  @OptionGroup var script: ScriptOptions

  func run() throws {
    let input = try ScriptInput(script.words)
    try counts.settings.check()
    try LimitOptions.check(limits.timeLimit)
    let run = ScriptRun(
      options: options.settings(traffic), approval: nil, counts: counts.settings, planOnly: true,
      seconds: limits.timeLimit)
    throw ExitCode(try run.run(input).exitCode)
  }
}

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check scripts without running them and without a request.",
    discussion: "Properties are checked against the schema that an earlier run or `lis schema pull` left behind.")

  @OptionGroup var options: SessionOptions

  @Option(name: .short, help: ArgumentHelp("Code instead of files.", valueName: "code"))
  var execute: String?

  @Option(help: ArgumentHelp("Properties from a file that `lis schema pull --out` wrote.", valueName: "file"))
  var schema: String?

  @Argument(help: ArgumentHelp("The scripts.", valueName: "file"))
  var files: [String] = []

  func run() throws {
    let inputs =
      try execute.map { [try ScriptInput(ScriptWords(code: $0))] }
      ?? files.map { try ScriptInput(ScriptWords(words: [$0])) }
    guard !inputs.isEmpty else { throw CommandProblem.nothingToCheck }
    let settings = options.settings()
    let console = settings.console()
    let known = try schema.map { try SchemaFile.known($0) }
    var failed = false
    for input in inputs {
      if settings.refuse(ScriptParameters(input.source).clashes, console) { failed = true }
      var session = try settings.session(input.path, approval: nil)
      session.knownSchema = known
      let outcome = try MachineThread.run { [session] in
        Session(
          console: console, options: session,
          identity: .init(id: "check", script: input.source.name, sourceHash: "", arguments: [])
        ) { throw SessionProblem.noCredential }.check(input.source)
      }
      if outcome != .done { failed = true }
    }
    if failed { throw ExitCode(RunOutcome.checkFailed.exitCode) }
  }
}

struct SchemaCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "The properties of the portal.", subcommands: [Pull.self])

  struct Pull: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pull", abstract: "Read the properties of object types and keep them for later checks.")

    @OptionGroup var options: SessionOptions
    @OptionGroup var traffic: TrafficOptions

    @Option(
      help: ArgumentHelp("Write them to a file as well, for `check --schema` and `test --schema`.", valueName: "file"))
    var out: String?

    @Argument(help: "Object types; line_items when none is named.")
    var objects: [String] = ["line_items"]

    func run() throws {
      let names = objects
      let file = out
      let settings = options.settings(traffic)
      let console = settings.console()
      let session = try settings.session(nil, approval: nil)
      let traffic = try Traffic(settings.traffic, console)
      let access = try PortalAccess(
        portal: settings.portalName(), home: .environment, console: console, traffic: traffic)
      let outcome = try MachineThread.run {
        SchemaPull(objects: names, access: access, out: file).run(session, console)
      }
      throw ExitCode(outcome.exitCode)
    }
  }
}
