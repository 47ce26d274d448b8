import Glibc
import HubSpot

/// Reads config.toml. What it cannot mean exactly it refuses, with the line.
struct ConfigurationReader {
  private let path: String
  private static let limit = 1 << 20

  /// - Returns: an empty configuration when there is no file.
  static func read(_ path: String) throws(ConfigurationProblem) -> Configuration {
    let bytes: [UInt8]?
    do throws(FileProblem) { bytes = try file(path) } catch {
      throw ConfigurationProblem(path, line: nil, .file(error))
    }
    guard let bytes else { return Configuration(path: path) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationProblem(path, line: nil, .notUTF8)
    }
    return try ConfigurationReader(path: path).configuration(text)
  }

  /// It holds no secret, but names programs that are run, so that not everybody may change it.
  private static func file(_ path: String) throws(FileProblem) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .system(path, "opened")
    }
    defer { close(descriptor) }
    let status = try PrivateFile.status(descriptor, path)
    guard status.st_mode & 0o002 == 0 else { throw FileProblem(path, .writableByAll(mode: status.st_mode)) }
    return try PrivateFile.contents(descriptor, path, limit: limit)
  }

  private func configuration(_ text: String) throws(ConfigurationProblem) -> Configuration {
    let root: TOMLTable
    do { root = try TOMLReader.read(text) } catch {
      throw ConfigurationProblem(path, line: error.line, .syntax(error.words))
    }
    var section = Section(table: root, line: nil, path: path)
    var configuration = Configuration(path: path)
    configuration.standard = try section.text("default")
    if let portals = try section.table("portals") {
      for (name, node) in portals.members.sorted(by: { $0.key < $1.key }) {
        configuration.profiles.append(try profile(name, node))
      }
    }
    try section.end()
    if let standard = configuration.standard, standard != AuthContext.practiceName, configuration[standard] == nil {
      throw section.problem("default", .unknownStandard(standard, known: configuration.profiles.map(\.name)))
    }
    return configuration
  }

  private func profile(_ name: String, _ node: TOMLNode) throws(ConfigurationProblem) -> Profile {
    func problem(_ kind: ConfigurationProblem.Kind) -> ConfigurationProblem {
      ConfigurationProblem(path, line: node.line, kind)
    }
    guard ProfileName.isName(name) else { throw problem(.badName(name)) }
    guard name != AuthContext.practiceName else { throw problem(.builtInName(name)) }
    guard case .table(let table) = node.value else {
      throw problem(.unexpected(key: "portals.\(name)", expected: "a section"))
    }
    var section = Section(table: table, line: node.line, path: path)
    var profile = Profile(name: name)
    let kinds = Profile.Kind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
    if let kind = try section.converted("kind", kinds, { Profile.Kind(rawValue: $0) }) { profile.kind = kind }
    profile.pin = try section.number("portal", "the account's number, such as 1234567").map { String($0) }
    profile.version = try section.converted(
      "api_version", ConfigurationReader.oneOf(APIVersion.all.map(\.name)), { APIVersion(name: $0) })
    profile.address = try section.converted(
      "api_url",
      "an address such as \"https://api.hubapi.com\"; plain http only with a loopback address such as 127.0.0.1",
      { try? BaseURL($0) })
    profile.authorityFile = try section.converted("ca_file", "the path of a PEM file, absolute or from ~/") {
      $0.hasPrefix("/") || $0.hasPrefix("~/") ? $0 : nil
    }
    profile.keyring = try section.flag("keyring")
    profile.changeLimit = try section.number("max_changes", "a number of changes, 0 or more")
    if section.isText("read_limit") {
      profile.readLimit = try section.converted("read_limit", "a number of rows, or \"off\"") {
        $0 == "off" ? .off : nil
      }
    } else {
      profile.readLimit = try section.number("read_limit", "a number of rows, or \"off\"", least: 1).map { .rows($0) }
    }
    try readSource(&profile, &section)
    try readConnection(&profile, &section)
    try section.end()
    return profile
  }

  private func readSource(_ profile: inout Profile, _ section: inout Section) throws(ConfigurationProblem) {
    var given: [(key: String, source: Profile.Source)] = []
    let variable = try section.converted("token_env", "the name of an environment variable") {
      $0.isEmpty || $0.contains("=") ? nil : $0
    }
    if let variable { given.append(("token_env", .environment(variable: variable))) }
    let file = try section.converted("token_file", "the path of a file, absolute or from ~/") {
      $0.hasPrefix("/") || $0.hasPrefix("~/") ? $0 : nil
    }
    if let file { given.append(("token_file", .file(path: file))) }
    if let command = try section.texts("token_command", "a list of texts: the program and its arguments") {
      guard command.first?.isEmpty == false else {
        throw section.problem(
          "token_command",
          .unexpected(
            key: "token_command", expected: "a list of texts that begins with the program"))
      }
      given.append(("token_command", .command(command)))
    }
    if given.count > 1 { throw section.problem(given[1].key, .both(given[0].key, given[1].key)) }
    guard let only = given.first else { return }
    guard profile.kind == .token else { throw section.problem(only.key, .notFor(key: only.key, kind: "oauth")) }
    profile.source = only.source
  }

  private func readConnection(_ profile: inout Profile, _ section: inout Section) throws(ConfigurationProblem) {
    profile.oauthVersion = try section.converted(
      "oauth_version", ConfigurationReader.oneOf(OAuthVersion.all.map(\.name)), { OAuthVersion(name: $0) })
    profile.clientID = try section.converted("client_id", "the app's client id") { $0.isEmpty ? nil : $0 }
    profile.scopes = try section.texts("scopes", "a list of scopes") ?? []
    profile.redirect = try section.converted("redirect", "a redirect address, as the app is registered with it") {
      $0.hasPrefix("http://") || $0.hasPrefix("https://") ? $0 : nil
    }
    profile.page = try section.converted("authorize_url", "the address of the authorization page, with https") {
      BaseURL.isAllowedPage($0) ? $0 : nil
    }
    if let flag = try section.flag("pkce") { profile.usesProofKey = flag }
    guard profile.kind == .token else { return }
    for key in ["oauth_version", "client_id", "scopes", "redirect", "authorize_url", "pkce"] where section.has(key) {
      throw section.problem(key, .notFor(key: key, kind: "token"))
    }
  }

  private static func oneOf(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
}

/// Names that profiles can have.
public enum ProfileName {
  public static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
          || $0 == 0x5F
      }
  }
}

extension BaseURL {
  /// Whether an address of a page is one that a browser may be sent to with a request for access.
  static func isAllowedPage(_ text: String) -> Bool {
    guard let scheme = text.range(of: "://"), !text.contains("?"), !text.contains("#") else { return false }
    let path = text[scheme.upperBound...].firstIndex(of: "/") ?? text.endIndex
    return (try? BaseURL(String(text[..<path]))) != nil
  }
}
