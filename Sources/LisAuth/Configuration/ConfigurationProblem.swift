import LisSyntax

/// What is wrong with config.toml, and where.
public struct ConfigurationProblem: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case file(FileProblem)
    case notUTF8
    /// The parser's words.
    case syntax(String)
    /// A name that means nothing here, and the nearest of those that do.
    case unknownKey(String, known: [String])
    /// A key and what its value must be.
    case unexpected(key: String, expected: String)
    /// Two keys of which one profile has one at most.
    case both(String, String)
    /// A key that profiles of another kind have.
    case notFor(key: String, kind: String)
    case badName(String)
    case builtInName(String)
    case unknownStandard(String, known: [String])
  }

  public var path: String
  /// From 1; nil when no line can be named.
  public var line: Int?
  public var kind: Kind

  public init(_ path: String, line: Int?, _ kind: Kind) {
    self.path = path
    self.line = line
    self.kind = kind
  }

  public var message: String {
    if case .file(let problem) = kind { return problem.message }
    return "\(path)\(line.map { ":\($0)" } ?? ""): \(words)"
  }

  public var hint: String? {
    switch kind {
    case .file(let problem): problem.hint
    case .unknownKey(_, let known): "known here: \(known.joined(separator: ", "))"
    case .unknownStandard(_, let known):
      known.isEmpty ? "there is no section [portals.NAME] yet" : "profiles: \(known.joined(separator: ", "))"
    default: nil
    }
  }

  private var words: String {
    switch kind {
    case .file(let problem): return problem.message
    case .notUTF8: return "it is not valid UTF-8"
    case .syntax(let words): return "it is no TOML: \(words)"
    case .unknownKey(let key, let known):
      let near = Spelling.suggestion(for: key, among: known, aliases: ConfigurationProblem.aliases)
      return "`\(key)` is not known\(near.map { " (did you mean `\($0)`?)" } ?? "")"
    case .unexpected(let key, let expected): return "`\(key)` must be \(expected)"
    case .both(let one, let other): return "`\(one)` and `\(other)` exclude each other"
    case .notFor(let key, let kind): return "`\(key)` means nothing for a profile of kind \"\(kind)\""
    case .badName(let name):
      return "`\(name)` cannot be the name of a portal: letters, digits, `-` and `_` can, at most 64"
    case .builtInName(let name): return "`\(name)` is built in and needs no section"
    case .unknownStandard(let name, _): return "`default` names the profile `\(name)`, which does not exist"
    }
  }

  /// Words that other tools use.
  private static let aliases = [
    "portal_id": "portal", "hub_id": "portal", "id": "portal", "url": "api_url", "base_url": "api_url",
    "version": "api_version", "command": "token_command", "file": "token_file", "env": "token_env",
    "redirect_uri": "redirect", "redirect_url": "redirect", "scope": "scopes", "profile": "portals",
    "profiles": "portals", "portal": "portals", "type": "kind", "max_records": "max_changes",
  ]
}
