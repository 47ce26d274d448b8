import FoundationEssentials
import Glibc
import HubSpot
import LisCompiler
import LisCore
import LisEngine
import LisSchema
import LisStdlib
import LisSyntax

@testable import LisRuntime

/// The folder of the programs and expectations these tests read.
let languageTests = String(#filePath.dropLast("/Support/Trial.swift".count))

/// What a session wrote.
final class CapturedConsole: Console {
  private(set) var bytes: [UInt8] = []
  private(set) var notes: [String] = []

  func out(_ bytes: [UInt8]) { self.bytes += bytes }
  func note(_ text: String) { notes.append(text) }
  func status(_ text: String?) {}
  var outIsTerminal: Bool { false }
  var noteIsTerminal: Bool { false }
  var width: Int { 100 }
  var usesColor: Bool { false }
}

/// The time at which every trial starts: 2026-03-15T10:30:00Z.
struct FixedClock: EngineClock {
  var now: Int { 1_773_570_600_000 }
}

/// A portal that a pure program must not ask for.
struct UnexpectedConnection: Error {}

/// One run of a program with everything it wrote.
struct Trial: Sendable {
  var outcome: RunOutcome
  var output: String
  var notes: String

  var lines: [String] {
    let all = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return output.isEmpty || output.hasSuffix("\n") ? all.dropLast() : all
  }

  /// The first `LISnnnn` with its place, as `LIS0101@3:7`, from a rendered diagnostic; nil without one.
  var complaint: String? { complaints.first }

  var complaints: [String] {
    var found: [String] = []
    var code: Substring?
    for line in notes.split(separator: "\n") {
      if line.hasPrefix("error["), let end = line.firstIndex(of: "]") {
        if let code { found.append(String(code)) }
        code = line[line.index(line.startIndex, offsetBy: 6)..<end]
      } else if let known = code, let arrow = line.range(of: "--> ") {
        let place = line[arrow.upperBound...].split(separator: ":").suffix(2)
        found.append("\(known)@\(place.joined(separator: ":"))")
        code = nil
      }
    }
    if let code { found.append(String(code)) }
    return found
  }
}

/// How a program is run.
struct TrialOptions: Sendable {
  var arguments: [String: String] = [:]
  var folder: String? = languageTests + "/Programs"
  var workingFolder = languageTests + "/Programs"
  var apply = false
  var planOnly = false
  var explainsOnly = false
  var zone: String?
  var collectsAlways = false
  var limits = MachineLimits()
  var schemas: String?
}

/// Runs a program on the calling thread.
func runHere(
  _ text: String, name: String = "test.lis", _ options: TrialOptions = TrialOptions(),
  connect: @escaping Session.Connect = { throw UnexpectedConnection() }, started: ((Session) -> Void)? = nil
) -> Trial {
  let console = CapturedConsole()
  let session = makeSession(console, options, connect)
  session.machine.collectsAlways = options.collectsAlways
  started?(session)
  let outcome = session.run(SourceText(name: name, text: text), arguments: options.arguments)
  return Trial(
    outcome: outcome, output: String(decoding: console.bytes, as: UTF8.self),
    notes: console.notes.joined(separator: "\n"))
}

func makeSession(
  _ console: CapturedConsole, _ options: TrialOptions, _ connect: @escaping Session.Connect
) -> Session {
  var settings = Session.Options(
    files: FileAccess(scriptFolder: options.folder, workingFolder: options.workingFolder))
  settings.library = ModuleLibrary(names: StandardLibrary.names) { StandardLibrary.source(named: $0) }
  settings.rules.apply = options.apply
  settings.rules.planOnly = options.planOnly
  settings.explainsOnly = options.explainsOnly
  settings.limits = options.limits
  settings.schemas = options.schemas.map { SchemaCache(folder: $0) }
  if let zone = options.zone { settings.zone = zoneOfTheSystem(zone) }
  return Session(
    console: console, options: settings,
    identity: RunIdentity(id: "test", script: "test.lis", sourceHash: "", arguments: []), clock: FixedClock(),
    connect: connect)
}

func zoneOfTheSystem(_ name: String) -> TimeZoneRules? {
  guard let file = FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name) else { return nil }
  return try? TimeZoneRules(name: name, file: Array(file))
}

/// Runs a program on a thread of its own.
func run(
  _ text: String, name: String = "test.lis", _ options: TrialOptions = TrialOptions(), kilobytes: Int = 64 << 10,
  connect: @escaping @Sendable () throws -> PortalConnection = { throw UnexpectedConnection() }
) async throws -> Trial {
  try await onThread(kilobytes: kilobytes) { runHere(text, name: name, options, connect: connect) }
}

func readText(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

/// A folder that is empty and that no other test uses. It is gone when the tests have ended.
func freshFolder() throws -> String {
  let path = FolderOfTests.path + "/\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  return path
}

/// All folders of this run of the tests.
private enum FolderOfTests {
  static let path: String = {
    atexit { try? FileManager.default.removeItem(atPath: FolderOfTests.path) }
    return FileManager.default.temporaryDirectory.path + "/lis-language-\(UUID().uuidString)"
  }()
}
