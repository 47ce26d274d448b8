import ArgumentParser
import HubSpot
import LisAuth
import LisFormats
import LisRuntime

struct Portals: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "portals",
    abstract: "List the profiles: which account each is for, and which one is meant by default.",
    discussion: "Asks nobody. `lis auth status --portal NAME` asks HubSpot about one of them.")

  @Option(help: "text or json.")
  var format: AnswerFormat = .text

  func run() throws {
    let context = try Home.auth()
    let chosen = context.name(nil)
    var profiles = context.configuration.profiles
    if context.configuration[AuthContext.standardName] == nil {
      profiles.insert(Profile(name: AuthContext.standardName), at: 0)
    }
    let rows = profiles.map { row($0, context, isDefault: $0.name == chosen) }
    let practice = Row(
      name: AuthContext.practiceName, account: nil, kind: "built in", source: "no credential is needed",
      isDefault: chosen == AuthContext.practiceName)
    StandardConsole().out(format == .json ? json(rows + [practice]) : text(rows + [practice]))
  }

  private struct Row {
    var name: String
    var account: String?
    var kind: String
    var source: String
    var isDefault: Bool
  }

  private func row(_ profile: Profile, _ context: AuthContext, isDefault: Bool) -> Row {
    let isConfigured = context.configuration[profile.name] != nil
    let source =
      switch profile.source {
      case .store: isConfigured ? "credential store" : environment
      case .environment(let variable): "environment variable \(variable)"
      case .file(let path): "file \(path)"
      case .command(let arguments): "command \(arguments.first ?? "")"
      }
    return Row(
      name: profile.name, account: profile.pin, kind: isConfigured ? profile.kind.rawValue : "environment",
      source: source, isDefault: isDefault)
  }

  private var environment: String {
    let set = (AuthContext.tokenVariables + ["HUBSPOT_REFRESH_TOKEN"]).filter { Home.variable($0) != nil }
    return set.first ?? "nothing is set"
  }

  private func text(_ rows: [Row]) -> [UInt8] {
    let names = rows.map(\.name.count).max() ?? 0
    let kinds = rows.map(\.kind.count).max() ?? 0
    let accounts = rows.map { $0.account?.count ?? 1 }.max() ?? 0
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    let lines = rows.map { row in
      "\(row.isDefault ? "*" : " ") \(padded(row.name, names))  \(padded(row.account ?? "-", accounts))  "
        + "\(padded(row.kind, kinds))  \(row.source.escapedForDisplay)\n"
    }
    return Array(lines.joined().utf8)
  }

  private func json(_ rows: [Row]) -> [UInt8] {
    rows.flatMap { row in
      var fields = JSONFields()
      fields.add("profile", row.name)
      fields.add("account", row.account)
      fields.add("kind", row.kind)
      fields.add("source", row.source)
      fields.add("default", row.isDefault)
      return fields.line
    }
  }
}
