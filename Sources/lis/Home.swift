import Glibc

/// Where configuration and state live: `LIS_HOME` for both, otherwise the XDG folders.
struct Home {
  var configuration: String
  var state: String

  static var environment: Home {
    if let home = variable("LIS_HOME") { return Home(configuration: home, state: home) }
    let user = variable("HOME") ?? "."
    let configuration = variable("XDG_CONFIG_HOME") ?? user + "/.config"
    let state = variable("XDG_STATE_HOME") ?? user + "/.local/state"
    return Home(configuration: configuration + "/lis", state: state + "/lis")
  }

  /// A variable of the environment; an empty one counts as missing.
  static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  var journal: String { state + "/journal.sqlite" }
  var history: String { state + "/history" }
  var practice: String { state + "/practice" }

  func schemas(portal: String) -> String {
    // A profile's name is the user's own; in a path it must not lead elsewhere.
    let safe = portal.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) ? $0 : "_" }
    return state + "/schema/" + String(safe)
  }

  /// Makes the folder for state, closed to others whatever the umask says.
  func prepare() throws(HomeProblem) {
    var path = ""
    for part in state.split(separator: "/", omittingEmptySubsequences: false) {
      path += path.isEmpty && part.isEmpty ? "/" : (path.hasSuffix("/") || path.isEmpty ? String(part) : "/" + part)
      if path == "/" || mkdir(path, 0o700) == 0 || errno == EEXIST { continue }
      throw HomeProblem(path: path, reason: String(cString: strerror(errno)))
    }
  }
}

struct HomeProblem: Error {
  var path: String
  var reason: String

  var message: String { "the folder \(path) cannot be made: \(reason); LIS_HOME names another one" }
}

enum FileBytes {
  /// All bytes of a file; nil when it cannot be read.
  static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return read(descriptor)
  }

  static func read(_ descriptor: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    while true {
      var count = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, filled in
        repeat { count = Glibc.read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        filled = max(count, 0)
      }
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes += chunk
    }
  }
}
