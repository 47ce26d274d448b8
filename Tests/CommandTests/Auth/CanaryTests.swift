import Glibc
import TerminalSupport
import TestSupport
import Testing

/// Secrets that can be recognised are looked for wherever lis leaves something behind.
@Suite("Secrets stay where they belong")
struct CanaryTests {
  /// A text as it is, and as it would look inside of other forms.
  private static func forms(_ secret: String) throws -> [String] {
    let script = """
      import base64, sys, urllib.parse
      secret = sys.stdin.read()
      forms = [secret, urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret)]
      # Base 64 of a longer text holds one of three forms of what is in its middle.
      for shift in range(3):
          encoded = base64.b64encode(b"x" * shift + secret.encode()).decode().rstrip("=")
          forms.append(encoded[4 if shift else 0:-4])
          forms.append(forms[-1].replace("+", "-").replace("/", "_"))
      print("\\n".join(forms), end="")
      """
    return try PythonProcess.run(script: script, input: secret).split(separator: "\n").map(String.init)
  }

  /// Every file below a folder, by its name.
  private static func files(_ folder: TemporaryFolder, _ name: String) -> [String] {
    folder.names(in: folder.path + "/" + name).flatMap { entry -> [String] in
      var status = stat()
      guard lstat("\(folder.path)/\(name)/\(entry)", &status) == 0 else { return [] }
      return status.st_mode & S_IFMT == S_IFDIR ? files(folder, "\(name)/\(entry)") : ["\(name)/\(entry)"]
    }
  }

  @Test("a token, a client secret and a refresh token appear in no output and in no file but the store")
  func canaries() throws {
    let home = try Home()
    let token = "pat-na1-canary+token/7f3d9a"
    let secret = ConnectionTests.secret
    let server = try Server(
      home, "--data", home.path + "/portal", "--seed", "20", "--control-token", "control", "--scoped-token",
      "\(token)=\(LoginTests.full)", "--oauth-app", "app:\(secret):http://localhost:8976/callback")
    home.variables["LIS_API_URL"] = server.url
    let refresh = try Control.refreshToken(server, client: "app")
    var outputs: [String] = []
    func run(_ arguments: String..., input: Command.Input = .none) throws {
      let ended = try home.start(arguments, input: input).waitForEnd()
      outputs += [ended.out, ended.err]
    }
    try run("auth", "login", "--portal", "shop", input: .text(token))
    try run("auth", "login", "--portal", "bad", input: .text(token + "x"))
    try run("auth", "login", "--portal", "spaced", input: .text(token + " " + token))
    for command in [["auth", "status"], ["doctor"], ["portals"]] {
      let options = command == ["portals"] ? [] : ["--portal", "shop"]
      outputs.append(try home.start(command + options).waitForEnd().out)
      outputs.append(try home.start(command + options + ["--format", "json"]).waitForEnd().out)
    }
    try run("--portal", "shop", "-e", "find where .price > 0 | take 2 | update { price: 5 }", "--apply")
    try run("--portal", "shop", "-e", "find all deals")
    try run("--portal", "shop", "--diagnostics", "json", "-e", "find all deals")
    _ = try Control.post(server, "tokens/revoke", "{\"token\":\"\(token)\"}")
    try run("--portal", "shop", "-e", "find all")
    home.variables["HUBSPOT_CLIENT_ID"] = "app"
    home.variables["HUBSPOT_CLIENT_SECRET"] = secret
    home.variables["HUBSPOT_REFRESH_TOKEN"] = refresh
    try run("-e", "print(count(find all))")
    let session = try home.terminal()
    try session.waitForPrompt("lis default>")
    try session.enter("print(count(find all))", expecting: "20", prompt: "lis default>")
    session.send("let s = \"\(refresh)\"" + Key.enter)
    try session.waitForPrompt("lis default>")
    session.send(Key.controlD)
    _ = try session.waitForEnd()
    home.variables["HUBSPOT_REFRESH_TOKEN"] = refresh + "x"
    try run("-e", "find all")
    _ = try Control.post(server, "tokens/revoke", "{}")
    home.variables["HUBSPOT_REFRESH_TOKEN"] = refresh
    try run("-e", "find all")
    _ = try server.stop()

    let stored = home.folder.text(of: "home/credentials")
    #expect(stored.contains(secret) && stored.contains(token))
    let access = try #require(stored.split(separator: "\"access_token\" : \"").dropFirst().first?.prefix { $0 != "\"" })
    let files = Self.files(home.folder, "home").filter { $0 != "home/credentials" }
    #expect(files.contains("home/journal.sqlite") && files.contains("home/history") && files.contains("home/scopes"))
    for canary in [token, secret, refresh, String(access)] {
      for form in try Self.forms(canary) where form.count > 6 {
        #expect(!outputs.contains { $0.contains(form) }, "an output holds \(form)")
        for file in files { #expect(!home.folder.text(of: file).contains(form), "\(file) holds \(form)") }
      }
    }
  }
}
