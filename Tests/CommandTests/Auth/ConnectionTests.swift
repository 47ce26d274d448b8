import Glibc
import TerminalSupport
import TestSupport
import Testing

/// Accounts that are connected with an app by OAuth.
@Suite("Connections by OAuth")
struct ConnectionTests {
  static let secret = "s3cret+canary/client=="

  static func portal(_ home: Home, port: Int = 8976, _ more: String...) throws -> Server {
    let server = try Server(
      home,
      arguments: [
        "--data", home.path + "/portal", "--seed", "20", "--control-token", "control", "--oauth-app",
        "app:\(secret):http://localhost:\(port)/callback",
      ] + more)
    home.variables["LIS_API_URL"] = server.url
    return server
  }

  private func renewals(_ home: Home) -> Int {
    home.requests(in: "portal").count { $0.hasPrefix("POST /oauth/") && $0.hasSuffix("/token") }
  }

  /// Runs the same program in eight processes at once.
  private func eight(_ home: Home) throws {
    let commands = try (0..<8).map { _ in try home.start(["-e", "print(count(find all))"]) }
    for command in commands {
      let ended = try command.waitForEnd()
      #expect(ended.status == 0 && ended.out == "20\n", "\(ended.err)")
    }
  }

  @Test("eight processes renew a connection of the environment once for each expiry", arguments: [false, true])
  func sharing(rotates: Bool) throws {
    let home = try Home()
    let server = try rotates ? Self.portal(home, port: 8976, "--rotate-refresh-tokens") : Self.portal(home)
    home.variables["HUBSPOT_CLIENT_ID"] = "app"
    home.variables["HUBSPOT_CLIENT_SECRET"] = Self.secret
    home.variables["HUBSPOT_REFRESH_TOKEN"] = try Control.refreshToken(server, client: "app")
    let before = renewals(home)
    try eight(home)
    #expect(renewals(home) == before + 1)
    try eight(home)
    #expect(renewals(home) == before + 1)
    // What was due by nobody's clock is over: the server says so to all eight.
    _ = try Control.post(server, "tokens/expire", "{}")
    try eight(home)
    #expect(renewals(home) == before + 2)
    _ = try server.stop()
  }

  @Test("a connection that was revoked is named as such, and an incomplete environment too")
  func revoked() throws {
    let home = try Home()
    let server = try Self.portal(home)
    home.variables["HUBSPOT_REFRESH_TOKEN"] = try Control.refreshToken(server, client: "app")
    let incomplete = try home.lis("-e", "find all")
    #expect(incomplete.status == 6 && incomplete.err.contains("HUBSPOT_CLIENT_ID and HUBSPOT_CLIENT_SECRET"))
    home.variables["HUBSPOT_CLIENT_ID"] = "app"
    home.variables["HUBSPOT_CLIENT_SECRET"] = "wrong"
    let wrong = try home.lis("-e", "find all")
    #expect(wrong.status == 6 && wrong.err.contains("BAD_CLIENT_SECRET"), "\(wrong.err)")
    home.variables["HUBSPOT_CLIENT_SECRET"] = Self.secret
    #expect(try home.lis("-e", "print(count(find all))").out == "20\n")
    _ = try Control.post(server, "tokens/revoke", "{}")
    let revoked = try home.lis("-e", "find all")
    #expect(revoked.status == 6 && revoked.err.contains("sign in again"), "\(revoked.err)")
    _ = try server.stop()
  }

  /// Begins a sign-in that waits for the browser, and gives the address of the page.
  private func begin(_ home: Home, port: Int, input: Command.Input) throws -> (Command, String) {
    home.variables["SECRET"] = Self.secret
    let command = try home.start(
      [
        "auth", "login", "--portal", "shop", "--oauth", "--client-id", "app", "--client-secret-env", "SECRET", "--port",
        "\(port)", "--no-browser",
      ], input: input)
    try command.wait { $0.err.contains("press Enter") || $0.err.contains("Enter:") }
    let line = command.err.split(separator: "\n").first { $0.contains("/oauth/authorize?") }
    return (command, String(try #require(line, "\(command.err)").drop { $0 == " " }))
  }

  @Test("an address that is pasted signs in; another one does not")
  func pasted() throws {
    let home = try Home()
    let port = 18_976
    let server = try Self.portal(home, port: port)
    let (command, address) = try begin(home, port: port, input: .open)
    // The browser of another machine ends at an address that nobody listens to there.
    let landed = try PythonProcess.run(script: Self.consent, input: address)
    #expect(landed.hasPrefix("http://localhost:\(port)/callback?"))
    command.write("nonsense\nhttp://localhost:\(port)/callback?code=x&state=other\n")
    try command.wait { $0.err.contains("another sign-in") || $0.out.contains("signed in") }
    command.write(landed + "\n")
    let ended = try command.waitForEnd()
    #expect(ended.status == 0 && ended.out.contains("signed in to account 1234567 as `shop`"), "\(ended.err)")
    #expect(try home.lis("--portal", "shop", "-e", "print(count(find all))").out == "20\n")
    let status = try home.lis("auth", "status", "--portal", "shop", "--format", "json")
    #expect(
      status.out.contains("\"kind\":\"oauth\"") && status.out.contains("\"access_token_ends_at\":\"20"), "\(status.out)"
    )
    let signedOut = try home.lis("auth", "logout", "--portal", "shop")
    #expect(signedOut.status == 0 && signedOut.out.contains("HubSpot revoked the connection"), "\(signedOut.err)")
    #expect(home.requests(in: "portal").contains { $0.hasSuffix("/token/revoke") })
    _ = try server.stop()
  }

  /// Presses the button as a browser would, and tells where it is sent.
  private static let consent = """
    import re, sys, urllib.parse, urllib.request, http.cookiejar
    class Stop(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *rest): return None
    address = sys.stdin.read()
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(jar, Stop)
    page = opener.open(address, timeout=30).read().decode()
    ticket = re.search('name="ticket" value="([^"]+)"', page).group(1)
    form = urllib.parse.urlencode({"ticket": ticket, "decision": "connect"}).encode()
    base = "/".join(address.split("/")[:3])
    try: opener.open(urllib.request.Request(base + "/oauth/authorize", form, {"Origin": base}), timeout=30)
    except urllib.error.HTTPError as error: print(error.headers["Location"], end="")
    """

  @Test(
    "a real browser signs in from end to end, and Cancel does not", .enabled(if: Browser.isThere, "chromium is missing")
  )
  func browser() throws {
    for (button, port) in [("connect", 18_977), ("cancel", 18_978)] {
      let home = try Home()
      let server = try Self.portal(home, port: port)
      let (command, address) = try begin(home, port: port, input: .none)
      let page = try Browser.press(button, on: address)
      let ended = try command.waitForEnd()
      if button == "connect" {
        #expect(page.contains("Thank you") && ended.status == 0, "\(page) \(ended.err)")
        #expect(try home.lis("--portal", "shop", "-e", "print(count(find all))").out == "20\n")
      } else {
        #expect(page.contains("Not connected") && ended.status == 6, "\(page) \(ended.err)")
        #expect(ended.err.contains("access_denied") && ended.err.contains("nothing was kept"))
        #expect(!home.folder.exists("home/credentials"))
      }
      _ = try server.stop()
    }
  }

  @Test("the desktop's keyring keeps the credential where there is one", .enabled(if: Keyring.isThere, "no keyring"))
  func keyring() throws {
    let home = try Home()
    let server = try LoginTests.portal(home)
    let ended = try Keyring.run(
      home,
      """
      printf pat-na1-full | "$LIS" auth login --portal shop &&
      "$LIS" --portal shop -e 'print(count(find all))' &&
      "$LIS" auth status --portal shop && "$LIS" auth logout --portal shop
      """)
    #expect(ended.status == 0, "\(ended.out) \(ended.err)")
    #expect(ended.out.contains("the credential is in the desktop's keyring") && ended.out.contains("\n20\n"))
    #expect(ended.out.contains("kept in   the desktop's keyring"))
    #expect(!home.folder.exists("home/credentials"))
    // A bus on which no keyring answers is as if there were none, unless the profile wants it.
    home.variables["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
    let file = try home.lis("auth", "login", "--portal", "shop", input: .text("pat-na1-full"))
    #expect(file.status == 0 && file.out.contains("in the file"), "\(file.out) \(file.err)")
    home.folder.write("[portals.shop]\nkeyring = true\n", to: "home/config.toml")
    let wanted = try home.lis("--portal", "shop", "-e", "find all")
    #expect(wanted.status == 6 && wanted.err.contains("the keyring cannot be used"), "\(wanted.err)")
    _ = try server.stop()
  }
}
