import Glibc
import HubSpot
import TerminalSupport
import TestSupport
import Testing

@testable import LisAuth

@Suite struct ConfigurationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder.path + "/config.toml" }

  private func read(_ text: String) throws -> Configuration {
    folder.write(text, to: "config.toml")
    return try ConfigurationReader.read(path)
  }

  private func problem(_ text: String) throws -> ConfigurationProblem {
    folder.write(text, to: "config.toml")
    return try #require(throws: ConfigurationProblem.self) { try ConfigurationReader.read(path) }
  }

  @Test func everyKeyIsRead() throws {
    let configuration = try read(
      """
      default = "shop"
      # a comment
      [portals.shop]
      portal = 1234567
      kind = "oauth"
      api_version = "2026-03"
      api_url = "http://127.0.0.1:8080"
      oauth_version = "v3"
      client_id = "app"
      scopes = ["oauth", "e-commerce"]
      redirect = "http://localhost:3000/back"
      authorize_url = "https://app-eu1.hubspot.com/oauth/authorize"
      pkce = true
      keyring = false
      max_changes = 500
      read_limit = "off"

      [portals.other]
      token_command = ["op", "read", "op://x/y z"]
      read_limit = 20
      """)
    #expect(configuration.standard == "shop")
    let shop = try #require(configuration["shop"])
    #expect(shop.pin == "1234567" && shop.kind == .oauth && shop.version == .march2026 && shop.oauthVersion == .v3)
    #expect(shop.address?.description == "http://127.0.0.1:8080" && shop.clientID == "app")
    #expect(shop.scopes == ["oauth", "e-commerce"] && shop.redirect == "http://localhost:3000/back")
    #expect(shop.page == "https://app-eu1.hubspot.com/oauth/authorize" && shop.usesProofKey)
    #expect(shop.keyring == false && shop.changeLimit == 500 && shop.readLimit == .off)
    let other = try #require(configuration["other"])
    #expect(other.source == .command(["op", "read", "op://x/y z"]) && other.readLimit == .rows(20))
    #expect(other.kind == .token && other.keyring == nil)
  }

  @Test func noFileIsAnEmptyConfiguration() throws {
    #expect(try ConfigurationReader.read(folder.path + "/nowhere/config.toml").profiles.isEmpty)
    #expect(try read("").profiles.isEmpty)
  }

  @Test(arguments: [
    ("[portals.a]\nportal = \"x\"", 2, "`portal` must be the account's number"),
    ("[portals.a]\n\nkid = \"token\"", 3, "`kid` is not known (did you mean `kind`?)"),
    ("[portals.a]\nportal_id = 5", 2, "did you mean `portal`?"),
    ("defualt = \"x\"", 1, "did you mean `default`?"),
    ("default = \"x\"", 1, "`default` names the profile `x`, which does not exist"),
    ("[portals.a]\nkind = \"key\"", 2, "`kind` must be \"token\" or \"oauth\""),
    ("[portals.a]\nkeyring = \"yes\"", 2, "`keyring` must be true or false"),
    ("[portals.a]\napi_url = \"http://api.hubapi.com\"", 2, "`api_url` must be an address"),
    ("[portals.a]\napi_version = \"2020\"", 2, "\"2026-09\", \"2026-03\", \"v3\""),
    ("[portals.a]\ntoken_command = \"op read\"", 2, "a list of texts"),
    ("[portals.a]\ntoken_command = []", 2, "begins with the program"),
    ("[portals.a]\ntoken_env = \"A\"\ntoken_file = \"/x\"", 3, "`token_env` and `token_file` exclude each other"),
    ("[portals.a]\ntoken_file = \"relative\"", 2, "absolute"),
    ("[portals.a]\nclient_id = \"x\"", 2, "means nothing for a profile of kind \"token\""),
    ("[portals.a]\nkind = \"oauth\"\ntoken_env = \"X\"", 3, "means nothing for a profile of kind \"oauth\""),
    ("[portals.practice]", 1, "built in"), ("[portals.\"a b\"]", 1, "cannot be the name"),
    ("portals = 3", 1, "must be sections"), ("portals.a = 3", 1, "must be a section"),
    ("[portals.a]\nmax_changes = -1", 2, "0 or more"), ("[portals.a]\nread_limit = 0", 2, "number of rows"),
    ("[portals.a]\nkind = \"token", 2, "has no end"), ("[portals.a]\nkind = ,", 2, "a value is expected"),
    ("[portals.a]\n[portals.a]", 2, "given twice"), ("[portals.a", 1, "`]` is expected"), ("[[=]]", 1, "a name"),
    ("portals.a.kind = \"token\"\n[portals.a]", 2, "cannot be a section"), ("x", 1, "`=` is expected"),
    ("x = = 3", 1, "it is no TOML"), ("[portals.a]\nportal = 1\nportal = 2", 3, "it is no TOML"),
  ])
  func whatIsWrongIsNamedWithItsLine(text: String, line: Int, words: String) throws {
    let problem = try problem(text)
    #expect(problem.line == line, "\(problem.message)")
    #expect(problem.message.hasPrefix(path + ":\(line): "))
    #expect(problem.message.contains(words), "\(problem.message)")
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    folder.write([0x61, 0xFF, 0x0A], to: "config.toml")
    #expect(throws: ConfigurationProblem(path, line: nil, .notUTF8)) { try ConfigurationReader.read(path) }
    #expect(try problem("[portals.a]\u{0}\nportal = 3").message.contains("line should end"))
    #expect(try problem(String(repeating: "[", count: 100_000)).message.contains("no TOML"))
    #expect(try problem("x = " + String(repeating: "[", count: 100_000)).message.contains("no TOML"))
    #expect(try problem(String(repeating: "#", count: 2 << 20)).message.contains("larger than"))
  }

  /// The parser ends the program where it is given what it takes for impossible.
  @Test func noTextStopsTheProgram() throws {
    var random = SeededGenerator.announced()
    let pieces = [
      "[", "[[", "]", "]]", "{", "}", "=", ".", ",", "\"", "'", "\"\"\"", "'''", "\n", "\r\n", "\r", "\t", " ", "#",
      "\\",
      "\\u", "\\x", "portals", "a", "default", "portal", "kind", "token", "scopes", "0", "1", "-", "+", "_", "e", "0x",
      "inf", "nan", "true", "false", "1979-05-27", "T07:32:00Z", "07:32:00", "ü", "\u{feff}", "\u{1}", "\u{7f}", "🙂",
      "\u{a0}", "\u{2028}", "\u{85}", "[portals.a]\n", "portal = 1\n", "x = ",
    ]
    for _ in 0..<3_000 {
      let text = (0..<Int.random(in: 1...14, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      folder.write(text, to: "config.toml")
      // Whatever is wrong with it is a problem of the file.
      do { _ = try ConfigurationReader.read(path) } catch { #expect(error.path == path) }
    }
  }

  @Test func aFileThatEverybodyMayChangeIsRefused() throws {
    folder.write("", to: "config.toml")
    chmod(path, 0o666)
    let problem = try #require(throws: ConfigurationProblem.self) { try ConfigurationReader.read(path) }
    #expect(problem.message.contains("everybody may change") && problem.message.contains("0666"))
    #expect(problem.hint == "run: chmod go-w '\(path)'")
    chmod(path, 0o644)
    #expect(try ConfigurationReader.read(path).profiles.isEmpty)
  }

  @Test func aProfileThatIsAddedIsReadBack() throws {
    var profile = Profile(name: "shop")
    profile.pin = "77"
    profile.kind = .oauth
    profile.clientID = "quo\"te\\ 'x'"
    profile.scopes = ["oauth", "a b"]
    profile.redirect = "http://localhost:1/x"
    profile.address = try BaseURL("http://127.0.0.1:9")
    profile.keyring = false
    var command = Profile(name: "second")
    command.source = .command(["sh", "-c", "printf '%s' \"$X\""])
    let before = "# mine, without a line end\n[portals.a]\nportal = 1"
    folder.write(before, to: "config.toml")
    try ConfigurationEdit.add(profile, to: path)
    try ConfigurationEdit.add(command, to: path)
    #expect(folder.text(of: "config.toml").hasPrefix(before + "\n\n[portals.shop]\n"))
    let configuration = try ConfigurationReader.read(path)
    #expect(configuration.profiles.map(\.name) == ["a", "second", "shop"])
    let shop = try #require(configuration["shop"])
    #expect(shop.pin == "77" && shop.clientID == profile.clientID && shop.scopes == profile.scopes)
    #expect(shop.address == profile.address && shop.redirect == profile.redirect && shop.keyring == false)
    #expect(configuration["second"]?.source == command.source)
  }

  @Test func theNameIsTheFlagThenTheVariableThenTheFile() throws {
    folder.write("default = \"shop\"\n[portals.shop]\n", to: "config.toml")
    let plain = try AuthContext(folder: folder.path) { _ in nil }
    #expect(plain.name("given") == "given" && plain.name(nil) == "shop")
    let set = try AuthContext(folder: folder.path) { $0 == "LIS_PORTAL" ? "other" : nil }
    #expect(set.name(nil) == "other" && set.name("given") == "given")
    let problem = #expect(throws: AuthProblem.self) { try plain.portal("shpo") }
    #expect(problem?.message.contains("did you mean shop?") == true && problem?.exitCode == 64)
  }
}
