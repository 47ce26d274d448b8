import LisAuth
import LisEngine
import LisFormats
import LisRuntime
import LisSyntax

/// What the options of a session say, as values, for whoever makes them: the parser of the command line or, where no
/// option is given, nobody.
struct SessionSettings: Equatable {
  var portal: String?
  var format: RowFormat?
  var color = ColorChoice.auto
  var quiet = false
  var diagnostics = DiagnosticForm.text
  var tz: String?
  var readLimit = ReadLimit.rows(Engine.standardReadLimit)
  var readOnly = false
  var noFiles = false
  var traffic = TrafficSettings.standard

  /// Without any option.
  static let standard = SessionSettings()
}

/// What is written down of the requests of a session, and where they are answered from.
struct TrafficSettings: Equatable {
  var logFormat = LogFormat.text
  /// Path of a recording to make.
  var record: String?
  /// Path of the recording that stands in for the portal.
  var replay: String?
  /// Path for the figures of the run.
  var metrics: String?

  /// Nothing is written down, and requests are sent.
  static let standard = TrafficSettings()
}

enum LogFormat: String, CaseIterable { case text, json }

/// What somebody has agreed to beforehand.
struct ApprovalSettings: Equatable {
  var apply = false
  var yes = false
}

/// How much a run may change.
struct CountSettings: Equatable {
  var expectChanges: Int?
  var maxChanges: Int?

  func check() throws(CommandProblem) {
    if let expectChanges, expectChanges < 0 { throw .negativeCount(flag: "--expect-changes") }
    if let maxChanges, maxChanges < 0 { throw .negativeCount(flag: "--max-changes") }
  }
}

/// All that `lis run` is told.
struct RunSettings: Equatable {
  var session = SessionSettings.standard
  var approval = ApprovalSettings()
  var counts = CountSettings()
  /// Seconds; nil for any time.
  var timeLimit: Double?
  var script = ScriptWords()

  func run() throws -> RunOutcome {
    let input = try ScriptInput(script)
    try counts.check()
    try LimitOptions.check(timeLimit)
    let run = ScriptRun(options: session, approval: approval, counts: counts, planOnly: false, seconds: timeLimit)
    return try run.run(input)
  }
}

/// The script that a command line names, and what follows the name.
struct ScriptWords: Equatable {
  /// Code instead of a file.
  var code: String?
  /// The name of a file or `-` unless there is code, and values for the script's parameters; empty for standard input.
  var words: [String] = []
}

extension SessionSettings {
  func console() -> StandardConsole {
    StandardConsole(color: color.forced ?? ColorChoice.isWanted, quiet: quiet, logsJSON: logsJSON)
  }

  var logsJSON: Bool { traffic.logFormat == .json }

  /// Shows diagnostics in the form that was asked for. Returns whether there were any.
  func refuse(_ problems: [Diagnostic], _ console: StandardConsole) -> Bool {
    guard !problems.isEmpty else { return false }
    if diagnostics == .json || logsJSON {
      for problem in problems { console.diagnostic(json: renderJSON(problem)) }
    } else {
      let text = render(problems, color: console.usesColor)
      console.note(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }
    return true
  }

  /// - Parameter script: path of the script, whose folder may be read.
  func session(
    _ script: String?, approval: ApprovalSettings?, counts: CountSettings? = nil, planOnly: Bool = false
  ) throws -> Session.Options {
    let folder = script.flatMap { FileAccess.resolved($0) }.map { path in
      String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
    var options = Session.Options(
      files: FileAccess(
        // A working folder that was removed allows nothing.
        scriptFolder: folder.map { $0.isEmpty ? "/" : $0 }, workingFolder: FileAccess.resolved(".") ?? ".",
        isForbidden: noFiles))
    options.format = format
    options.diagnosticsAsJSON = diagnostics == .json || logsJSON
    options.showsWarnings = !quiet
    options.rules.apply = approval?.apply ?? false
    options.rules.yes = approval?.yes ?? false
    options.rules.planOnly = planOnly
    options.rules.readOnly = readOnly
    options.rules.expectedChanges = counts?.expectChanges
    let name = try portalName()
    let profile = name == AuthContext.practiceName ? nil : try Home.auth().configuration[name]
    // What the profile allows is never passed, whatever a command asks for.
    options.rules.maximumChanges = [counts?.maxChanges, profile?.changeLimit].compactMap(\.self).min()
    options.library = try LibraryFolder.library()
    options.readLimit = readLimit(profile)
    options.zone = try tz.map { try ZoneFiles.zone($0) }
    // A recording holds all that was asked, and answers nothing else: what is known already must not make a difference.
    let isWhole = traffic.record != nil || traffic.replay != nil
    options.schemas = isWhole ? nil : SchemaCache(folder: SessionSettings.schemaFolder(name))
    return options
  }

  /// The portal: the flag, else LIS_PORTAL, else the default of config.toml, else what the environment describes. A
  /// configuration that cannot be read does not keep anybody from the practice portal.
  func portalName() throws(CommandProblem) -> String {
    if let named = portal ?? Home.variable("LIS_PORTAL") { return named }
    return try Home.auth().name(nil)
  }

  /// What is asked for on the command line, else what the profile says.
  private func readLimit(_ profile: Profile?) -> Int? {
    guard readLimit == SessionSettings.standard.readLimit, let limit = profile?.readLimit else {
      return readLimit.count
    }
    switch limit {
    case .rows(let count): return count
    case .off: return nil
    }
  }

  /// A name that is not known yet has no properties either; what is wrong with it is said where it is connected to.
  private static func schemaFolder(_ name: String) -> String {
    guard name != AuthContext.practiceName, let context = try? Home.auth(), let portal = try? context.portal(name)
    else {
      return Home.environment.schemas(portal: name, identity: nil)
    }
    return Home.environment.schemas(portal: name, identity: context.identity(of: portal))
  }
}
