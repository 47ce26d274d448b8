import Glibc
import HubSpot
import LisAuth
import LisRuntime

/// Where configuration and state live: `LIS_HOME` for both, otherwise the XDG folders.
struct Home {
  var configuration: String
  var state: String

  static var environment: Home {
    if let home = variable("LIS_HOME") { return Home(configuration: home, state: home) }
    let configuration = folder("XDG_CONFIG_HOME") ?? userFolder + "/.config"
    let state = folder("XDG_STATE_HOME") ?? userFolder + "/.local/state"
    return Home(configuration: configuration + "/lis", state: state + "/lis")
  }

  /// A variable of the environment; an empty one counts as missing.
  static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// The XDG rules tell programs to ignore a path that is not absolute.
  private static func folder(_ name: String) -> String? { variable(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }

  /// A job of the system may run without HOME; the list of users knows the folder all the same.
  private static var userFolder: String {
    variable("HOME") ?? getpwuid(getuid()).flatMap { $0.pointee.pw_dir.map { String(cString: $0) } } ?? "/"
  }

  var journal: String { state + "/journal.sqlite" }
  var quotas: String { state + "/quotas.sqlite" }
  var history: String { state + "/history" }
  var practice: String { state + "/practice" }

  /// The folder for the properties of a portal.
  /// - Parameter identity: what the portal's name stands for at present, as one text; nil where it cannot stand for
  ///   anything else.
  func schemas(portal: String, identity: String?) -> String {
    // A profile's name is the user's own; in a path it must not lead elsewhere.
    let safe = String(portal.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) ? $0 : "_" })
    guard let identity else { return state + "/schema/" + safe }
    return state + "/schema/" + safe + "-" + SHA256.hexadecimal(Array(identity.utf8)).prefix(12)
  }

  /// Makes the folder for state and the folders above it where they are missing, closed to others whatever the umask
  /// says.
  func prepare() throws(HomeProblem) {
    do { try PrivateFolder.make(state) } catch {
      guard case .system(_, let code) = error.kind else { throw HomeProblem(path: error.path, reason: error.message) }
      throw HomeProblem(
        path: error.path, reason: code == ENOTDIR ? "it is not a folder" : String(cString: strerror(code)))
    }
    guard access(state, R_OK | W_OK | X_OK) == 0 else {
      throw HomeProblem(path: state, reason: String(cString: strerror(errno)))
    }
  }
}

struct HomeProblem: Error {
  var path: String
  var reason: String

  var message: String {
    "the folder \(path) for the journal and other state cannot be used: \(reason); nothing was sent; set LIS_HOME to "
      + "a folder that can be written to"
  }
}
