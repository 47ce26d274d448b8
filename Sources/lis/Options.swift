import ArgumentParser
import Glibc
import LisCore
import LisFormats
import LisRuntime

/// Flags that several commands share.
struct SessionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The portal to work on; `practice` is built in.", valueName: "name"))
  var portal: String?

  @Option(help: "How rows are printed: table, ndjson, json, csv, tsv or md.")
  var format: RowFormat?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
  var color: ColorChoice = .auto

  @Flag(help: "No progress line.")
  var quiet = false

  @Option(help: ArgumentHelp("The form of diagnostics: text or json.", valueName: "form"))
  var diagnostics: DiagnosticForm = .text

  @Option(help: ArgumentHelp("The time zone for dates, such as Europe/Berlin.", valueName: "zone"))
  var tz: String?

  @Flag(help: "Refuse every write.")
  var readOnly = false

  @Flag(help: "Refuse to open files.")
  var noFiles = false
}

/// Flags of commands that may write.
struct ApprovalOptions: ParsableArguments {
  @Flag(help: "Approve the plans of this run beforehand.")
  var apply = false

  @Option(help: ArgumentHelp("Refuse a plan with any other number of changes.", valueName: "n"))
  var expectChanges: Int?

  @Option(help: ArgumentHelp("Refuse a plan with more changes.", valueName: "n"))
  var maxChanges: Int?
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  var forced: Bool? {
    switch self {
    case .auto: nil
    case .always: true
    case .never: false
    }
  }
}

enum DiagnosticForm: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

extension RowFormat: ExpressibleByArgument {}

extension SessionOptions {
  func console() -> StandardConsole { StandardConsole(color: color.forced, quiet: quiet) }

  /// - Parameter script: path of the script, whose folder may be read.
  func session(_ script: String?, approval: ApprovalOptions?, planOnly: Bool = false) throws -> Session.Options {
    let folder = script.flatMap { FileAccess.resolved($0) }.map { path in
      String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
    var options = Session.Options(
      files: FileAccess(
        scriptFolder: folder.map { $0.isEmpty ? "/" : $0 }, workingFolder: FileAccess.resolved(".") ?? "/",
        isForbidden: noFiles))
    options.format = format
    options.diagnosticsAsJSON = diagnostics == .json
    options.rules.apply = approval?.apply ?? false
    options.rules.planOnly = planOnly
    options.rules.readOnly = readOnly
    options.rules.expectedChanges = approval?.expectChanges
    options.rules.maximumChanges = approval?.maxChanges
    options.zone = try tz.map { try ZoneFiles.zone($0) }
    options.schemas = SchemaCache(folder: Home.environment.schemas(portal: portalName))
    return options
  }

  /// The profile: the flag, else LIS_PORTAL, else the one that the token of the environment stands for.
  var portalName: String { portal ?? Home.variable("LIS_PORTAL") ?? "default" }
}

/// Time zones of the system.
enum ZoneFiles {
  static func zone(_ name: String) throws -> TimeZoneRules {
    if name == "UTC" || name == "Z" { return .utc }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0)) }
    }
    guard isPlain, let bytes = FileBytes.read("/usr/share/zoneinfo/" + name) else {
      throw ValidationError("there is no time zone `\(name)`; zones are named like Europe/Berlin")
    }
    do { return try TimeZoneRules(name: name, file: bytes) } catch {
      throw ValidationError("the system's file for `\(name)` cannot be read: \(error)")
    }
  }
}
