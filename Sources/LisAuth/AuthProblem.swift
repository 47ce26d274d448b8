import HubSpot
import LisSyntax

/// Why there is no way to a portal. No secret is part of any of these, and nothing was written in any of these cases.
public enum AuthProblem: Error, Sendable {
  case configuration(ConfigurationProblem)
  case unknownPortal(String, known: [String])
  case badAddress(String, BaseURL.Problem)
  case unknownVersion(String, known: [String])
  case noCredential(portal: String, isConfigured: Bool)
  case missingVariable(String, portal: String)
  case incompleteEnvironment(missing: [String])
  case badToken(origin: String, BearerToken.Problem)
  case tokenTooLong(origin: String, limit: Int)
  case file(FileProblem)
  /// Its errors are what it wrote to standard error; its output is never shown.
  case command(program: String, reason: String, errors: String)
  case store(StoreProblem)
  /// The credential was proved at another address than the one it would be sent to now.
  case otherAddress(portal: String, kept: String, wanted: String)
  case otherKind(portal: String, kept: String)
  /// The credential belongs to another account than the profile.
  case wrongPortal(portal: String, pinned: String, found: String)
  /// The profile says which account it is for, and nothing tells which one the credential belongs to.
  case unprovedPortal(portal: String, pinned: String)

  /// What lis does about it: 6 where the credential has to change, 64 where the command or the file.
  public var exitCode: Int32 {
    switch self {
    case .configuration, .unknownPortal, .badAddress, .unknownVersion: 64
    default: 6
    }
  }

  /// What happened.
  public var message: String {
    switch self {
    case .configuration(let problem): return problem.message
    case .unknownPortal(let name, let known):
      let near = Spelling.suggestion(for: name, among: known + [AuthContext.practiceName])
      return "there is no portal named `\(name)`\(near.map { " (did you mean \($0)?)" } ?? "")"
    case .badAddress(let text, let problem): return "LIS_API_URL is `\(text)`, and \(AuthProblem.reason(problem))"
    case .unknownVersion(let name, let known):
      return "LIS_API_VERSION is `\(name)`; known: \(known.joined(separator: ", "))"
    case .noCredential(let portal, let isConfigured):
      return isConfigured ? "nobody is signed in to `\(portal)`" : "no credential is configured"
    case .missingVariable(let name, let portal):
      return "the token of `\(portal)` is taken from the environment variable \(name), which is not set"
    case .incompleteEnvironment(let missing):
      return "a connection in the environment needs \(missing.joined(separator: " and ")) as well"
    case .badToken(let origin, let problem):
      return "the token of \(origin) cannot be used: \(AuthProblem.reason(problem))"
    case .tokenTooLong(let origin, let limit):
      return "the token of \(origin) cannot be used: it is longer than \(limit) characters, which no token is"
    case .file(let problem): return problem.message
    case .command(let program, let reason, let errors):
      let words = errors.split(whereSeparator: \.isNewline).joined(separator: " / ")
      return "the command `\(program)` gave no token: \(reason)\(words.isEmpty ? "" : "; it said: \(words)")"
    case .store(let problem): return problem.message
    case .otherAddress(let portal, let kept, let wanted):
      return "the credential of `\(portal)` was proved at \(kept) and is not sent to \(wanted)"
    case .otherKind(let portal, let kept):
      return "the profile `\(portal)` is of another kind than what is kept for it (\(kept))"
    case .wrongPortal(let portal, let pinned, let found):
      return "the profile `\(portal)` is for the account \(pinned), and the credential belongs to the account \(found)"
    case .unprovedPortal(let portal, let pinned):
      return "the profile `\(portal)` is for the account \(pinned), and HubSpot does not say which account the "
        + "credential belongs to"
    }
  }

  /// What to do next.
  public var hint: String? {
    switch self {
    case .configuration(let problem): problem.hint
    case .unknownPortal(_, let known):
      "`practice` is built in\(known.isEmpty ? "" : ", config.toml has \(known.joined(separator: ", "))"); "
        + "`lis auth login --portal NAME` adds one, and without --portal the token of LIS_TOKEN is used"
    case .badAddress, .unknownVersion: nil
    case .noCredential(let portal, let isConfigured):
      isConfigured
        ? "run `lis auth login --portal \(portal)`, or rehearse with --portal practice"
        : "run `lis auth login`, set LIS_TOKEN to a service key or private-app token, or rehearse with "
          + "--portal practice"
    case .missingVariable: "set it, or correct token_env in config.toml"
    case .incompleteEnvironment: "set all three, or LIS_TOKEN alone"
    case .badToken: "copy it again, whole and without quotes"
    case .tokenTooLong: "was something else given in its place?"
    case .file(let problem): problem.hint
    case .command: "run it by hand; the profile's token_command in config.toml is the program and its arguments"
    case .store(let problem): problem.hint
    case .otherAddress(let portal, _, _):
      "correct api_url or LIS_API_URL, or sign in there with `lis auth login --portal \(portal)`"
    case .otherKind(let portal, _): "correct `kind` in config.toml, or run `lis auth login --portal \(portal)`"
    case .wrongPortal(let portal, _, _):
      "sign in with a credential of that account (`lis auth login --portal \(portal)`), or correct `portal` in "
        + "config.toml"
    case .unprovedPortal: "give the credential the scope `oauth`, or remove `portal` from the profile in config.toml"
    }
  }

  static func reason(_ problem: BaseURL.Problem) -> String {
    switch problem {
    case .unknownScheme: "it must begin with https:// (or http:// and a loopback address such as 127.0.0.1)"
    case .plainHTTPBeyondLoopback(let host):
      "http would send the token to \(host) unencrypted; use https, or a literal loopback address such as 127.0.0.1"
    case .invalidHost: "it has no valid host name"
    case .invalidPort(let port): "`\(port)` is no port number"
    case .unexpectedPart(let part): "`\(part)` is too much: only scheme, host and port are expected"
    }
  }

  /// The token itself is never shown.
  public static func reason(_ problem: BearerToken.Problem) -> String {
    switch problem {
    case .empty: "it is empty"
    case .unusableCharacter(let offset):
      "its character number \(offset + 1) is a space, a line end or not ASCII, which no token has; was it copied whole?"
    }
  }
}
