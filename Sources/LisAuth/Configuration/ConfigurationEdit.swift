import Glibc
import HubSpot

/// Adds a section to config.toml. What somebody wrote there stays as it is, to the letter.
public enum ConfigurationEdit {
  /// Writes the section behind everything else.
  public static func add(_ profile: Profile, to path: String) throws(AuthProblem) {
    do throws(FileProblem) {
      try PrivateFolder.make(PrivateFile.folder(of: path))
      try append(section(profile), to: path)
    } catch { throw .file(error) }
  }

  /// The section as text.
  static func section(_ profile: Profile) -> String {
    var lines = ["[portals.\(profile.name)]"]
    func add(_ key: String, _ value: String?) { if let value { lines.append("\(key) = \(value)") } }
    func add(_ key: String, text: String?) { add(key, text.map { TOMLWriter.text($0) }) }
    add("portal", profile.pin.flatMap { Int($0) }.map { "\($0)" })
    add("kind", text: profile.kind.rawValue)
    add("api_version", text: profile.version?.name)
    add("api_url", text: profile.address?.description)
    add("oauth_version", text: profile.oauthVersion?.name)
    add("client_id", text: profile.clientID)
    add("scopes", profile.scopes.isEmpty ? nil : TOMLWriter.list(profile.scopes))
    add("redirect", text: profile.redirect)
    add("authorize_url", text: profile.page)
    add("pkce", profile.usesProofKey ? "true" : nil)
    switch profile.source {
    case .store: break
    case .environment(let variable): add("token_env", text: variable)
    case .file(let path): add("token_file", text: path)
    case .command(let arguments): add("token_command", TOMLWriter.list(arguments))
    }
    add("keyring", profile.keyring.map { "\($0)" })
    return lines.joined(separator: "\n") + "\n"
  }

  /// The file may be a link into somebody's own collection of such files, so it is lengthened and not replaced.
  private static func append(_ text: String, to path: String) throws(FileProblem) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(path, "opened") }
    defer { close(descriptor) }
    let status = try PrivateFile.status(descriptor, path)
    let before = try PrivateFile.contents(descriptor, path, limit: 1 << 20)
    if status.st_size == 0 { fchmod(descriptor, 0o600) }
    let gap = before.isEmpty ? "" : before.last == 0x0A ? "\n" : "\n\n"
    let bytes = Array((gap + text).utf8)
    let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard count == bytes.count else {
      // Half a section would make the whole file unreadable.
      ftruncate(descriptor, status.st_size)
      throw .system(path, "written")
    }
    guard fsync(descriptor) == 0 else { throw .system(path, "written to the disk") }
  }
}
