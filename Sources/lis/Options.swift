import ArgumentParser
import Glibc
import LisCore
import LisFormats
import LisRuntime

/// Flags that several commands share.
struct SessionOptions: ParsableArguments {
  @Option(name: .flag(.portal), help: ArgumentHelp("The portal to work on; `practice` is built in.", valueName: "name"))
  var portal: String?

  @Option(name: .flag(.format), help: "How rows are printed: table, ndjson, json, csv, tsv or md.")
  var format: RowFormat?

  @Option(name: .flag(.color), help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
  var color = SessionSettings.standard.color

  @Flag(name: .flag(.quiet), help: "No progress line and no warnings.")
  var quiet = false

  @Option(name: .flag(.diagnostics), help: ArgumentHelp("The form of diagnostics: text or json.", valueName: "form"))
  var diagnostics = SessionSettings.standard.diagnostics

  @Option(name: .flag(.tz), help: ArgumentHelp("The time zone for dates, such as Europe/Berlin.", valueName: "zone"))
  var tz: String?

  @Option(
    name: .flag(.readLimit),
    help: ArgumentHelp("Most rows that a `find` without `all` may read; off for any number.", valueName: "n|off"))
  var readLimit = SessionSettings.standard.readLimit

  @Flag(name: .flag(.readOnly), help: "Refuse every write.")
  var readOnly = false

  @Flag(name: .flag(.noFiles), help: "Refuse to open files.")
  var noFiles = false

  /// - Parameter traffic: of commands that send requests.
  func settings(_ traffic: TrafficOptions? = nil) -> SessionSettings {
    SessionSettings(
      portal: portal, format: format, color: color, quiet: quiet, diagnostics: diagnostics, tz: tz,
      readLimit: readLimit, readOnly: readOnly, noFiles: noFiles, traffic: traffic?.settings ?? .standard)
  }
}

/// What is written down of the requests of a session, and where they are answered from.
struct TrafficOptions: ParsableArguments {
  @Option(
    name: .flag(.logFormat),
    help: ArgumentHelp("The form of what goes to standard error: text, or json with every request.", valueName: "form"))
  var logFormat = TrafficSettings.standard.logFormat

  @Option(
    name: .flag(.record),
    help: ArgumentHelp("Write every request and its reply to a new file, without the token.", valueName: "file"))
  var record: String?

  @Option(
    name: .flag(.replay),
    help: ArgumentHelp("Answer requests from such a file; nothing is sent.", valueName: "file"))
  var replay: String?

  @Option(
    name: .flag(.metrics),
    help: ArgumentHelp("Write figures of the run to a file for Prometheus when it ends.", valueName: "file"))
  var metrics: String?

  var settings: TrafficSettings {
    TrafficSettings(logFormat: logFormat, record: record, replay: replay, metrics: metrics)
  }
}

/// Limits of a run that somebody asks for.
struct LimitOptions: ParsableArguments {
  @Option(
    name: .flag(.timeLimit),
    help: ArgumentHelp("End the run after so many seconds, as Ctrl-C would.", valueName: "seconds"))
  var timeLimit: Double?

  static func check(_ timeLimit: Double?) throws(CommandProblem) {
    if let timeLimit, !(timeLimit > 0 && timeLimit <= 1e9) { throw .badTimeLimit }
  }
}

/// Flags of commands that may write.
struct ApprovalOptions: ParsableArguments {
  @Flag(name: .flag(.apply), help: "Approve the plans of this run beforehand.")
  var apply = false

  @Flag(
    name: .flag(.yes), help: "Answer yes to what the script asks with confirm, as --apply does; plans need --apply.")
  var yes = false

  var settings: ApprovalSettings { ApprovalSettings(apply: apply, yes: yes) }
}

/// Flags that say how much a run may change, for commands that write and for `lis plan`.
struct CountOptions: ParsableArguments {
  @Option(
    name: .flag(.expectChanges),
    help: ArgumentHelp(
      "Refuse a plan that takes the run past n changes, and end with 9 when it makes fewer. A script with one statement that writes is refused before anything is sent.",
      valueName: "n"))
  var expectChanges: Int?

  @Option(
    name: .flag(.maxChanges),
    help: ArgumentHelp("Refuse a plan that takes the run past n changes.", valueName: "n"))
  var maxChanges: Int?

  var settings: CountSettings { CountSettings(expectChanges: expectChanges, maxChanges: maxChanges) }
}

/// The script of a command that runs one in some way.
struct ScriptOptions: ParsableArguments {
  @Option(name: .short, help: ArgumentHelp("Code instead of a file.", valueName: "code"))
  var execute: String?

  @Argument(parsing: .allUnrecognized, help: ArgumentHelp("The script, or - for standard input, and its parameters."))
  var script: [String] = []

  var words: ScriptWords { ScriptWords(code: execute, words: script) }
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
enum ReadLimit: ExpressibleByArgument, Equatable {
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

extension LogFormat: ExpressibleByArgument {}

extension RowFormat: ExpressibleByArgument {}

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
