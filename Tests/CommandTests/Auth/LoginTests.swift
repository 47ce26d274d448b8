import Glibc
import TerminalSupport
import TestSupport
import Testing

/// Signing in and out against a portal in a process of its own.
@Suite("Signing in")
struct LoginTests {
  static let full = "crm.objects.line_items.read,crm.objects.line_items.write"

  /// A portal with a token that may do everything, and the environment that leads to it.
  static func portal(_ home: Home, _ more: String...) throws -> Server {
    let server = try Server(
      home,
      arguments: [
        "--data", home.path + "/portal", "--seed", "20", "--scoped-token", "pat-na1-full=\(full)", "--scoped-token",
        "pat-na1-read=crm.objects.line_items.read", "--control-token", "control",
      ] + more)
    home.variables["LIS_API_URL"] = server.url
    return server
  }

  @Test("a token that is piped in is proved, kept for its account, used, and removed")
  func token() throws {
    let home = try Home()
    let server = try Self.portal(home)
    let signedIn = try home.lis("auth", "login", "--portal", "shop", input: .text("pat-na1-full\n"))
    #expect(signedIn.status == 0, "\(signedIn.err)")
    #expect(signedIn.out.contains("signed in to account 1234567 as `shop`"))
    #expect(home.folder.permissions(of: "home/credentials") == 0o600)
    #expect(home.folder.text(of: "home/config.toml").contains("portal = 1234567"))
    #expect(try home.lis("--portal", "shop", "-e", "print(count(find all))").out == "20\n")
    let status = try home.lis("auth", "status", "--portal", "shop", "--format", "json")
    #expect(status.status == 0)
    #expect(status.out.contains("\"account\":\"1234567\"") && status.out.contains("\"missing_scopes\":[]"))
    let portals = try home.lis("portals")
    #expect(portals.lines.contains { $0.hasPrefix("  shop      1234567  token") }, "\(portals.out)")
    let signedOut = try home.lis("auth", "logout", "--portal", "shop")
    #expect(signedOut.status == 0 && signedOut.out.contains("goes on working until it is rotated or deleted"))
    let gone = try home.lis("--portal", "shop", "-e", "find all")
    #expect(gone.status == 6 && gone.err.contains("lis auth login --portal shop"), "\(gone.err)")
    #expect(try home.lis("auth", "status", "--portal", "shop").status == 6)
    #expect(try home.lis("auth", "logout", "--portal", "shop").status == 6)
    _ = try server.stop()
  }

  @Test("what is no token, and what HubSpot does not know, is not kept")
  func refusals() throws {
    let home = try Home()
    let server = try Self.portal(home)
    let cases: [(String, Int32, String)] = [
      ("pat-na1-wrong\n", 6, "HubSpot refuses this credential"), ("two words", 6, "character number 4"),
      ("pat-na1-full\nand more", 6, "a line end"), ("", 64, "no token came"), ("\n", 6, "it is empty"),
      (String(repeating: "a", count: 60_000), 6, "longer than 16384"),
    ]
    for (input, status, words) in cases {
      let ended = try home.lis("auth", "login", "--portal", "shop", "--token-stdin", input: .text(input))
      #expect(ended.status == status && ended.err.contains(words), "\(ended.err)")
      #expect(ended.err.contains("nothing was kept"))
      if input.count > 3 { #expect(!ended.err.contains(input.prefix(3) + "-na1") && !ended.err.contains("two words")) }
    }
    #expect(!home.folder.exists("home/credentials") && !home.folder.exists("home/config.toml"))
    #expect(try home.lis("auth", "login", "--portal", "practice").status == 64)
    #expect(try home.lis("auth", "login", "--portal", "../x", input: .text("x")).status == 64)
    home.variables["LIS_API_URL"] = "http://127.0.0.1:9"
    let nobody = try home.lis("auth", "login", "--portal", "shop", input: .text("pat-na1-full"))
    #expect(nobody.status == 7, "\(nobody.err)")
    _ = try server.stop()
  }

  @Test("on a terminal the token is asked for and never shown")
  func hidden() throws {
    let home = try Home()
    let server = try Self.portal(home)
    let session = try home.terminal("auth", "login", "--portal", "shop")
    try session.wait(for: "Token (not shown):")
    session.send("pat-na1-full" + Key.enter)
    #expect(try session.waitForEnd() == .status(0), "\(session.screen.text)")
    #expect(session.screen.text.contains("signed in to account 1234567"))
    #expect(!session.screen.text.contains("pat-na1"))
    #expect(session.mode == session.initialMode)
    _ = try server.stop()
  }

  @Test("whatever ends the question, the terminal is as it was", arguments: [SIGINT, SIGTERM, SIGHUP])
  func interrupted(number: Int32) throws {
    let home = try Home()
    let session = try home.terminal("auth", "login", "--portal", "shop")
    try session.wait(for: "Token (not shown):")
    #expect(session.mode != session.initialMode)
    session.send("pat-na1")
    session.signal(number)
    let end = try session.waitForEnd()
    #expect(end == (number == SIGINT ? .status(130) : .signal(number)))
    #expect(session.mode == session.initialMode)
    #expect(!session.screen.text.contains("pat-na1"))
  }

  @Test("a profile takes its token from a variable, a file or a command")
  func sources() throws {
    let home = try Home()
    let server = try Self.portal(home)
    home.folder.write("pat-na1-full\n", to: "secrets/token")
    chmod(home.path + "/secrets/token", 0o600)
    home.folder.write(
      """
      default = "variable"
      [portals.variable]
      token_env = "SHOP_TOKEN"
      [portals.file]
      token_file = "\(home.path)/secrets/token"
      [portals.command]
      token_command = ["sh", "-c", "echo pat-na1-full"]
      [portals.broken]
      token_command = ["sh", "-c", "echo canary-token; echo locked >&2; exit 3"]
      """, to: "home/config.toml")
    home.variables["SHOP_TOKEN"] = "pat-na1-full"
    for name in ["variable", "file", "command"] {
      let ended = try home.lis("--portal", name, "-e", "print(count(find all))")
      #expect(ended.out == "20\n", "\(name) \(ended.err)")
    }
    #expect(try home.lis("-e", "print(count(find all))").out == "20\n")
    let broken = try home.lis("--portal", "broken", "-e", "find all")
    #expect(broken.status == 6 && broken.err.contains("it said: locked") && !broken.err.contains("canary"))
    home.variables["SHOP_TOKEN"] = ""
    let unset = try home.lis("-e", "find all")
    #expect(unset.status == 6 && unset.err.contains("SHOP_TOKEN, which is not set"), "\(unset.err)")
    chmod(home.path + "/secrets/token", 0o644)
    let open = try home.lis("--portal", "file", "-e", "find all")
    #expect(open.status == 6 && open.err.contains("chmod 0600"), "\(open.err)")
    #expect(try home.lis("auth", "login", "--portal", "command", "--token-stdin", input: .text("x")).status == 64)
    _ = try server.stop()
  }

  @Test("a command that is given at sign-in becomes the profile's")
  func command() throws {
    let home = try Home()
    let server = try Self.portal(home)
    let ended = try home.lis("auth", "login", "--portal", "shop", "--command", "sh", "-c", "echo pat-na1-full")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(home.folder.text(of: "home/config.toml").contains("token_command"))
    #expect(!home.folder.exists("home/credentials"))
    #expect(try home.lis("--portal", "shop", "-e", "print(count(find all))").out == "20\n")
    _ = try server.stop()
  }

  @Test("a credential of another account writes nothing, and both numbers are said")
  func wrongAccount() throws {
    let home = try Home()
    let server = try Self.portal(home)
    home.folder.write("[portals.shop]\nportal = 7654321\ntoken_env = \"T\"\n", to: "home/config.toml")
    home.variables["T"] = "pat-na1-full"
    #expect(try home.lis("--portal", "shop", "-e", "print(count(find all))").out == "20\n")
    let write = try home.lis("--portal", "shop", "-e", "create { name: \"x\" }", "--apply")
    #expect(write.status == 6, "\(write.err)")
    #expect(write.err.contains("7654321") && write.err.contains("1234567") && write.err.contains("nothing was written"))
    #expect(write.err.contains("LIS0209"))
    #expect(!home.requests(in: "portal").contains { $0.hasSuffix("/batch/create") })
    let plan = try home.lis("plan", "--portal", "shop", "-e", "create { name: \"x\" }")
    #expect(plan.status == 2, "\(plan.err)")
    #expect(try home.lis("auth", "status", "--portal", "shop").status == 6)
    #expect(try home.lis("doctor", "--portal", "shop").status == 6)
    _ = try server.stop()
  }

  @Test("a credential is not sent to another address than the one it was proved at")
  func otherAddress() throws {
    let home = try Home()
    let server = try Self.portal(home)
    _ = try home.lis("auth", "login", "--portal", "shop", input: .text("pat-na1-full"))
    let other = try Server(home, "--data", home.path + "/other", "--seed", "empty")
    let text = home.folder.text(of: "home/config.toml")
    home.folder.write(
      text.split(separator: "\n").filter { !$0.hasPrefix("api_url") }.joined(separator: "\n"), to: "home/config.toml")
    home.variables["LIS_API_URL"] = other.url
    let ended = try home.lis("--portal", "shop", "-e", "find all")
    #expect(ended.status == 6 && ended.err.contains("is not sent to \(other.url)"), "\(ended.err)")
    #expect(home.requests(in: "other").isEmpty)
    _ = try other.stop()
    _ = try server.stop()
  }

  @Test("a configuration that cannot be read is named with its line, and practice works all the same")
  func badConfiguration() throws {
    let home = try Home(.small)
    home.folder.write("[portals.shop]\nkeyrng = true\n", to: "home/config.toml")
    for arguments in [["-e", "find all"], ["auth", "status"], ["portals"]] {
      let ended = try home.start(arguments).waitForEnd()
      #expect(ended.status == 64, "\(arguments) \(ended.err)")
      #expect(ended.err.contains("config.toml:2: `keyrng` is not known (did you mean `keyring`?)"))
    }
    #expect(try home.lis("doctor").status == 1)
    #expect(try home.lis("--portal", "practice", "-e", "print(count(find all))").out == "400\n")
  }

  @Test("a profile's limits hold whatever the command says")
  func limits() throws {
    let home = try Home()
    let server = try Self.portal(home)
    home.folder.write(
      "[portals.shop]\ntoken_env = \"T\"\nmax_changes = 1\nread_limit = 5\n", to: "home/config.toml")
    home.variables["T"] = "pat-na1-full"
    let read = try home.lis("--portal", "shop", "-e", "find where .price > 0")
    #expect(read.status != 0 && read.err.contains("5"), "\(read.err)")
    let write = try home.lis(
      "--portal", "shop", "-e", "for i in 1..2 { create { name: \"New ${i}\" } }", "--apply", "--max-changes", "9")
    #expect(write.status == 9, "\(write.err)")
    _ = try server.stop()
  }

  @Test("doctor says ok one by one, and what is wrong with what to do")
  func doctor() throws {
    let home = try Home()
    let server = try Self.portal(home)
    #expect(try home.lis("doctor").status == 6)
    _ = try home.lis("auth", "login", "--portal", "shop", input: .text("pat-na1-full"))
    let well = try home.lis("doctor", "--portal", "shop")
    #expect(well.status == 0 && well.lines.allSatisfy { $0.hasPrefix("ok ") }, "\(well.out)")
    let json = try home.lis("doctor", "--portal", "shop", "--format", "json")
    #expect(json.lines.count == well.lines.count)
    #expect(json.lines.allSatisfy { $0.hasPrefix("{\"check\":\"") && $0.contains("\"state\":\"ok\"") }, "\(json.out)")
    chmod(home.path + "/home/credentials", 0o644)
    let open = try home.lis("doctor", "--portal", "shop")
    #expect(open.status == 1 && open.out.contains("chmod 0600"), "\(open.out)")
    chmod(home.path + "/home/credentials", 0o600)
    _ = try server.stop()
    let down = try home.lis("doctor", "--portal", "shop")
    #expect(down.status == 1 && down.out.contains("fail  network"), "\(down.out)")
  }

  @Test("scopes that a program needs are named at their statement before the first request")
  func scopes() throws {
    let home = try Home()
    let server = try Self.portal(home)
    home.variables["LIS_TOKEN"] = "pat-na1-read"
    home.script("let rows = find where .price > 0 | take 2\nprint(1)\nrows | update { price: 5 }\n")
    let ended = try home.lis("script.lis", "--apply")
    #expect(ended.status == 6, "\(ended.err)")
    #expect(ended.err.contains("LIS0211") && ended.err.contains("script.lis:3:8"), "\(ended.err)")
    #expect(ended.err.contains("crm.objects.line_items.write or e-commerce"))
    #expect(!home.requests(in: "portal").contains { $0.contains("/crm/") })
    // Reading and planning need less, and so does what is never reached.
    #expect(try home.lis("plan", "script.lis").status == 2)
    let unused = "fn change!(r) { r | update { price: 1 } }\nprint(count(find all))"
    #expect(try home.lis("-e", unused).out == "20\n")
    let deals = try home.lis("-e", "print(count(find all deals))")
    #expect(deals.status == 6 && deals.err.contains("crm.objects.deals.read"), "\(deals.err)")
    // A token of which nobody tells the scopes is not held up.
    home.variables["LIS_TOKEN"] = "pat-na1-full"
    #expect(try home.lis("script.lis", "--apply").status == 0)
    _ = try server.stop()
  }
}
