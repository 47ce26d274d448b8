import Glibc
import TerminalSupport
import Testing

/// A place of a test's own: LIS_HOME, a folder for scripts, and perhaps a practice portal.
final class Home {
  /// What the practice portal holds. Filling it takes seconds, so each is filled once and copied.
  enum Portal { case none, small, demo }

  let folder: TemporaryFolder
  /// Added to the environment of every program.
  var variables: [String: String] = [:]

  init(_ portal: Portal = .none) throws {
    folder = try TemporaryFolder()
    folder.makeFolder("work")
    folder.makeFolder("home")
    chmod(path + "/home", 0o700)
    if portal != .none { _ = try shell("cp -R \"$0\" home/practice", [Template.path(portal)], folder: path) }
  }

  var path: String { folder.path }
  var work: String { path + "/work" }

  var environment: [String: String] {
    var all = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": path + "/user", "LIS_HOME": path + "/home"]
    all.merge(variables) { $1 }
    return all
  }

  // MARK: Programs

  /// Runs lis to its end in the folder `work`.
  func lis(_ arguments: String..., input: Command.Input = .none) throws -> Command.Ended {
    try start(arguments, input: input).waitForEnd()
  }

  func start(_ arguments: [String], input: Command.Input = .none) throws -> Command {
    try Command(
      program: Products.path(of: "lis"), arguments, environment: environment, input: input, folder: work)
  }

  /// Runs a line of the system's shell in which `$LIS` is lis.
  func shell(_ line: String, _ arguments: [String] = ["sh"], folder: String? = nil) throws -> Command.Ended {
    var environment = environment
    environment["LIS"] = Products.path(of: "lis")
    return try Command(
      program: "/bin/sh", ["-c", line] + arguments, environment: environment, folder: folder ?? work
    ).waitForEnd()
  }

  /// lis on a pseudo-terminal.
  func terminal(_ arguments: String..., columns: Int = 100, rows: Int = 40) throws -> Session {
    var environment = environment
    environment["NO_COLOR"] = "1"
    return try Session(
      arguments, program: "lis", environment: environment, columns: columns, rows: rows)
  }

  /// How many records of the practice portal satisfy a condition. What it holds is its own business.
  func count(where condition: String) throws -> Int {
    let ended = try lis("--portal", "practice", "-e", "print(count(find all where \(condition)))")
    return try #require(Int(ended.lines.first ?? ""), "\(ended.err)")
  }

  /// Writes a script into `work`.
  func script(_ text: String, as name: String = "script.lis") { folder.write(text, to: "work/" + name) }

  // MARK: The practice portal's log

  /// `GET /crm/…` of each request that the practice portal answered.
  var requests: [String] { requests(in: "home/practice") }

  func requests(in data: String) -> [String] {
    folder.text(of: data + "/requests.ndjson").split(separator: "\n").map { line in
      "\(Self.field("method", line)) \(Self.field("path", line))"
    }
  }

  /// What writes: every request that is neither a GET, nor a search or a batch of reads.
  var writes: [String] {
    requests.filter { !$0.hasPrefix("GET ") && !$0.hasSuffix("/search") && !$0.hasSuffix("/batch/read") }
  }

  private static func field(_ name: String, _ line: Substring) -> Substring {
    let mark = "\"\(name)\":\""
    guard let start = line.ranges(of: mark).first?.upperBound else { return "" }
    return line[start...].prefix { $0 != "\"" }
  }
}

/// Data of practice portals, filled once for all tests and removed when the program ends.
enum Template {
  private static let folder: String = {
    var template = Array("/tmp/lis-templates-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return "/tmp" }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()

  /// Removes the folder when the tests end, however they do: that is when its input comes to an end.
  private final class Remover: @unchecked Sendable {
    // Unchecked because the command is only kept.
    private let command: Command

    init() throws {
      command = try Command(
        program: "/bin/sh", ["-c", "cat; rm -rf \"$0\"", folder], environment: ["PATH": "/usr/bin:/bin"],
        input: .open)
    }
  }

  private static let remover = Result { try Remover() }

  private static let small = Result { try filled("400") }
  private static let demo = Result { try filled("demo") }

  static func path(_ portal: Home.Portal) throws -> String { try (portal == .demo ? demo : small).get() }

  private static func filled(_ seed: String) throws -> String {
    let data = "\(folder)/\(seed)"
    _ = try remover.get()
    let ended = try Command(
      program: Products.path(of: "lis"), ["practice", "seed", "--data", data, seed], environment: ["HOME": folder]
    ).waitForEnd()
    try #require(ended.status == 0, "the practice portal could not be filled: \(ended.err)")
    return data
  }
}
