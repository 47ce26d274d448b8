import Glibc
import Testing

/// `lis practice serve` in a process of its own.
final class Server {
  let command: Command
  let url: String

  convenience init(_ home: Home, _ arguments: String...) throws { try self.init(home, arguments: arguments) }

  init(_ home: Home, arguments: [String]) throws {
    command = try home.start(["practice", "serve"] + arguments)
    let line = try command.firstLine()
    let start = "practice portal listening on "
    try #require(line.hasPrefix(start + "http://127.0.0.1:"), "\(line) \(command.err)")
    url = String(line.dropFirst(start.count))
  }

  /// Points a home's programs at this portal.
  func serve(_ home: Home, token: String = "secret-token") {
    home.variables["LIS_API_URL"] = url
    home.variables["LIS_TOKEN"] = token
  }

  /// Asks it to stop.
  func stop(_ signal: Int32 = SIGTERM) throws -> Command.Ended {
    command.signal(signal)
    return try command.waitForEnd()
  }
}
