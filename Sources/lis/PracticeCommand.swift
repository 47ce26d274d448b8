import ArgumentParser
import Glibc
import LisRuntime
import PracticePortal

struct Practice: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "practice",
    abstract: "The practice portal: a server that answers as HubSpot does, for rehearsing.",
    discussion: PracticeHelp.text,
    subcommands: [Serve.self, SeedCommand.self, Reset.self])

  struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "serve",
      abstract: "Serve the practice portal until SIGTERM or SIGINT.",
      discussion: """
        The first line on standard output is `practice portal listening on http://…`, printed once connections are
        accepted. It has no TLS and listens on loopback addresses only.

        `lis help practice` tells of OAuth, faults, the control endpoints and the portal's own rules.

        Examples:
          lis practice serve --seed demo --rate-limit 190/10s --latency 80ms
          lis practice serve --data :memory: --faults '503 on=batch-update at=2; cut on=reads p=0.05 seed=7'
          lis practice serve --oauth-app shop:secret:http://localhost:8976/callback
        """)

    @Option(help: "The loopback address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 takes a free one.")
    var port = 0

    @Option(help: ArgumentHelp("Where the data is kept, or :memory:.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("What a new portal holds: empty, demo, or a number of line items.", valueName: "what"))
    var seed: SeedChoice = .demo

    @Option(help: ArgumentHelp("The only token that is accepted; any is without it.", valueName: "token"))
    var token: String?

    @Option(help: ArgumentHelp("Requests and seconds such as 190/10s, or off.", valueName: "limit"))
    var rateLimit: RateChoice = .off

    @Option(help: ArgumentHelp("Requests of a day, from midnight UTC; any number without it.", valueName: "n"))
    var dailyLimit: Int?

    @Option(help: ArgumentHelp("How long every answer takes, such as 80ms.", valueName: "time"))
    var latency: LatencyChoice = .none

    @Option(help: ArgumentHelp("A token and what it may do; may be repeated.", valueName: "token=scope,…"))
    var scopedToken: [ScopedTokenChoice] = []

    @Option(help: ArgumentHelp("An app that can be connected by OAuth; may be repeated.", valueName: "id:secret:url,…"))
    var oauthApp: [OAuthAppChoice] = []

    @Option(help: ArgumentHelp("How long access tokens of OAuth live, such as 30m.", valueName: "time"))
    var tokenLifetime: LifetimeChoice = .standard

    @Flag(help: "Each refresh of OAuth ends the old refresh token and answers a new one.")
    var rotateRefreshTokens = false

    @Option(
      help: ArgumentHelp("What goes wrong on purpose, such as '503 on=batch-update at=2'.", valueName: "rules"),
      transform: Serve.rules)
    var faults: [FaultRule] = []

    @Option(help: ArgumentHelp("The token of the control endpoints; one is made up without it.", valueName: "token"))
    var controlToken: String?

    /// A portal that takes any token has an app to try OAuth with; one that takes only some is not opened by it.
    private var apps: [OAuthApp] {
      if !oauthApp.isEmpty { return oauthApp.map(\.app) }
      return token == nil && scopedToken.isEmpty ? [.practice] : []
    }

    /// Fault rules, parted by semicolons.
    private static func rules(_ text: String) throws -> [FaultRule] {
      do { return try FaultRule.list(text) } catch { throw ValidationError(error.message) }
    }

    private var limits: PortalConfiguration.RateLimit? {
      guard let dailyLimit else { return rateLimit.limit }
      var limits = rateLimit.limit ?? .none
      limits.daily = dailyLimit
      return limits
    }

    func validate() throws {
      if let dailyLimit, dailyLimit < 1 { throw ValidationError("--daily-limit must be 1 or more") }
    }

    func run() throws {
      let location: DataLocation = data == ":memory:" ? .memory : .directory(try Practice.folder(data))
      let configuration = PortalConfiguration(
        host: host, port: port, data: location, seed: seed.seed, token: token, rateLimit: limits,
        latencyMilliseconds: latency.milliseconds, tokens: scopedToken.map(\.token),
        apps: apps, accessTokenSeconds: tokenLifetime.seconds,
        rotatesRefreshTokens: rotateRefreshTokens, faults: faults, controlToken: controlToken)
      // Blocked before another thread exists, so that only sigwait takes them.
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGINT)
      sigaddset(&signals, SIGTERM)
      pthread_sigmask(SIG_BLOCK, &signals, nil)
      let server = try Practice.run { try await PracticePortalServer.start(configuration) }
      StandardConsole().out("practice portal listening on \(server.url)\n")
      if controlToken == nil { StandardConsole().out("control token \(server.controlToken)\n") }
      var number: Int32 = 0
      while sigwait(&signals, &number) != 0 {}
      // Requests that run are answered first. A second signal does not wait for them.
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      try Practice.run { try await server.stop() }
    }
  }

  struct SeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "seed", abstract: "Fill an empty practice portal.")

    @Option(help: ArgumentHelp("Where the data is kept.", valueName: "dir"))
    var data: String?

    @Argument(help: "What it holds: empty, demo, or a number of line items.")
    var what: SeedChoice = .demo

    func run() throws {
      let folder = try Practice.folder(data)
      let seed = what.seed
      try Practice.run { try await PracticePortalStore.seed(directory: folder, seed: seed) }
    }
  }

  struct Reset: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reset", abstract: "Remove the data of a practice portal; its next start makes it anew.")

    @Option(help: ArgumentHelp("Where the data is kept.", valueName: "dir"))
    var data: String?

    func run() throws {
      do { try PracticePortalStore.reset(directory: data ?? Home.environment.practice) } catch {
        throw CommandProblem.practice(error)
      }
    }
  }

  /// The folder that was named, or the one that `--portal practice` works on.
  static func folder(_ named: String?) throws(CommandProblem) -> String {
    if let named { return named }
    do { try Home.environment.prepare() } catch { throw .home(error) }
    return Home.environment.practice
  }

  static func run<Success: Sendable>(
    _ work: @escaping @Sendable () async throws -> Success
  ) throws(CommandProblem) -> Success {
    do { return try Blocking.wait(work) } catch let error as PortalError { throw .practice(error) } catch {
      throw .practiceFailed(reason: "\(error)")
    }
  }
}

/// `empty`, `demo` or a number.
struct SeedChoice: ExpressibleByArgument, CustomStringConvertible {
  var seed: Seed
  var description: String

  static let demo = SeedChoice(seed: .demo, description: "demo")

  init(seed: Seed, description: String) {
    self.seed = seed
    self.description = description
  }

  init?(argument: String) {
    description = argument
    switch argument {
    case "empty": seed = .empty
    case "demo": seed = .demo
    default:
      guard let count = Int(argument), count >= 0 else { return nil }
      seed = .lineItems(count)
    }
  }

  var defaultValueDescription: String { description }
}

/// `190/10s` or `off`.
struct RateChoice: ExpressibleByArgument {
  var limit: PortalConfiguration.RateLimit?

  static let off = RateChoice(limit: nil)

  init(limit: PortalConfiguration.RateLimit?) { self.limit = limit }

  init?(argument: String) {
    if argument == "off" {
      limit = nil
      return
    }
    let parts = argument.split(separator: "/")
    guard parts.count == 2, let requests = Int(parts[0]), requests > 0, parts[1].hasSuffix("s"),
      let seconds = Int(parts[1].dropLast()), (1...86_400).contains(seconds)
    else { return nil }
    limit = PortalConfiguration.RateLimit(requests: requests, intervalMilliseconds: seconds * 1000)
  }

  var defaultValueDescription: String { "off" }
}

/// `80ms` or `2s`.
struct LatencyChoice: ExpressibleByArgument {
  var milliseconds: Int

  static let none = LatencyChoice(milliseconds: 0)

  init(milliseconds: Int) { self.milliseconds = milliseconds }

  init?(argument: String) {
    let (digits, factor) = argument.hasSuffix("ms") ? (argument.dropLast(2), 1) : (argument.dropLast(1), 1000)
    guard argument.hasSuffix("s"), let count = Int(digits), count >= 0, count <= 600_000 else { return nil }
    milliseconds = count * factor
  }

  var defaultValueDescription: String { "0ms" }
}

/// `TOKEN=SCOPE,SCOPE`.
struct ScopedTokenChoice: ExpressibleByArgument {
  var token: StaticToken

  init?(argument: String) {
    let sides = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty else { return nil }
    let scopes = sides[1].split(separator: ",").map(String.init)
    // A scope that is misspelled would only be noticed by refusals.
    guard scopes.allSatisfy(Scopes.all.contains) else { return nil }
    token = StaticToken(String(sides[0]), scopes: Set(scopes))
  }
}

/// `ID:SECRET:REDIRECT[,REDIRECT]`.
struct OAuthAppChoice: ExpressibleByArgument {
  var app: OAuthApp

  init?(argument: String) {
    guard let app = OAuthApp(parsing: argument) else { return nil }
    self.app = app
  }
}

/// `30m` or `1800s`, a second at least.
struct LifetimeChoice: ExpressibleByArgument {
  var seconds: Int

  static let standard = LifetimeChoice(seconds: 1800)

  init(seconds: Int) { self.seconds = seconds }

  init?(argument: String) {
    let units = ["s": 1, "m": 60, "h": 3600]
    guard let unit = argument.last.flatMap({ units[String($0)] }), let count = Int(argument.dropLast()),
      (1...1_000_000).contains(count)
    else { return nil }
    seconds = count * unit
  }

  var defaultValueDescription: String { "30m" }
}
