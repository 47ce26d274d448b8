import ArgumentParser
import Glibc
import LisCore
import LisEngine
import LisFormats
import LisRuntime
import LisSyntax

/// Flags that several commands share.
struct SessionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The portal to work on; `practice` is built in.", valueName: "name"))
  var portal: String?

  @Option(help: "How rows are printed: table, ndjson, json, csv, tsv or md.")
  var format: RowFormat?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
  var color: ColorChoice = .auto

  @Flag(help: "No progress line and no warnings.")
  var quiet = false

  @Option(help: ArgumentHelp("The form of diagnostics: text or json.", valueName: "form"))
  var diagnostics: DiagnosticForm = .text

  @Option(help: ArgumentHelp("The time zone for dates, such as Europe/Berlin.", valueName: "zone"))
  var tz: String?

  @Option(
    help: ArgumentHelp("Most rows that a `find` without `all` may read; off for any number.", valueName: "n|off"))
  var readLimit: ReadLimit = .rows(Engine.standardReadLimit)

  @Flag(help: "Refuse every write.")
  var readOnly = false

  @Flag(help: "Refuse to open files.")
  var noFiles = false
}

/// Limits of a run that somebody asks for.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("End the run after so many seconds, as Ctrl-C would.", valueName: "seconds"))
  var timeLimit: Double?

  func check() throws(CommandProblem) {
    if let timeLimit, !(timeLimit > 0 && timeLimit <= 1e9) { throw .badTimeLimit }
  }
}

/// Flags of commands that may write.
struct ApprovalOptions: ParsableArguments {
  @Flag(help: "Approve the plans of this run beforehand.")
  var apply = false

  @Flag(help: "Answer yes to what the script asks with confirm, as --apply does; plans need --apply.")
  var yes = false
}

/// Flags that say how much a run may change, for commands that write and for `lis plan`.
struct CountOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Refuse a plan that takes the run past n changes, and end with 9 when it makes fewer. A script with one statement that writes is refused before anything is sent.",
      valueName: "n"))
  var expectChanges: Int?

  @Option(help: ArgumentHelp("Refuse a plan that takes the run past n changes.", valueName: "n"))
  var maxChanges: Int?
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  /// For `auto`: diagnostics go to a terminal that knows colours, and NO_COLOR (no-color.org) is not set, where an empty
  /// value counts as not set.
  static var isWanted: Bool {
    isatty(STDERR_FILENO) == 1 && Home.variable("NO_COLOR") == nil && Home.variable("TERM").map { $0 != "dumb" } == true
  }

  var forced: Bool? {
    switch self {
    case .auto: nil
    case .always: true
    case .never: false
    }
  }
}

/// `5000`, or `off`.
enum ReadLimit: ExpressibleByArgument {
  case rows(Int), off

  init?(argument: String) {
    if argument == "off" {
      self = .off
    } else if let count = Int(argument), count > 0 {
      self = .rows(count)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String { count.map { "\($0)" } ?? "off" }

  /// nil for any number.
  var count: Int? {
    switch self {
    case .rows(let count): count
    case .off: nil
    }
  }
}

enum DiagnosticForm: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

extension RowFormat: ExpressibleByArgument {}

extension CountOptions {
  func check() throws(CommandProblem) {
    if let expectChanges, expectChanges < 0 { throw .negativeCount(flag: "--expect-changes") }
    if let maxChanges, maxChanges < 0 { throw .negativeCount(flag: "--max-changes") }
  }
}

extension SessionOptions {
  func console() -> StandardConsole { StandardConsole(color: color.forced ?? ColorChoice.isWanted, quiet: quiet) }

  /// Shows diagnostics in the form that was asked for. Returns whether there were any.
  func refuse(_ problems: [Diagnostic], _ console: StandardConsole) -> Bool {
    guard !problems.isEmpty else { return false }
    let text = diagnostics == .json ? renderJSON(problems) : render(problems, color: console.usesColor)
    console.note(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    return true
  }

  /// - Parameter script: path of the script, whose folder may be read.
  func session(
    _ script: String?, approval: ApprovalOptions?, counts: CountOptions? = nil, planOnly: Bool = false
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
    options.diagnosticsAsJSON = diagnostics == .json
    options.showsWarnings = !quiet
    options.rules.apply = approval?.apply ?? false
    options.rules.yes = approval?.yes ?? false
    options.rules.planOnly = planOnly
    options.rules.readOnly = readOnly
    options.rules.expectedChanges = counts?.expectChanges
    options.rules.maximumChanges = counts?.maxChanges
    options.library = try LibraryFolder.library()
    options.readLimit = readLimit.count
    options.zone = try tz.map { try ZoneFiles.zone($0) }
    options.schemas = SchemaCache(folder: Home.environment.schemas(portal: portalName))
    return options
  }

  /// The profile: the flag, else LIS_PORTAL, else the one that the token of the environment stands for.
  var portalName: String { portal ?? Home.variable("LIS_PORTAL") ?? "default" }
}

/// Time zones of the system.
enum ZoneFiles {
  static func zone(_ name: String) throws(CommandProblem) -> TimeZoneRules {
    if name == "UTC" || name == "Z" { return .utc }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0)) }
    }
    guard isPlain, let bytes = try? FileBytes.read("/usr/share/zoneinfo/" + name) else { throw .unknownZone(name) }
    do { return try TimeZoneRules(name: name, file: bytes) } catch {
      throw .unreadableZone(name, reason: "\(error)")
    }
  }
}
