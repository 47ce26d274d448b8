import HubSpot

/// The scopes of tokens, remembered for a while so that not every run has to ask. The file holds digests of tokens only;
/// where it cannot be read or written, nothing is remembered.
public struct ScopeMemory: Sendable {
  private let path: String
  /// Seconds.
  private static let lifetime: Int64 = 15 * 60
  private static let limit = 64

  public init(folder: String) { path = folder + "/scopes" }

  /// What stands for a token at an address.
  public static func name(_ token: BearerToken, address: BaseURL) -> String {
    SHA256.hexadecimal(Array("\(address)\n\(token.secret.text(for: .redaction))".utf8))
  }

  /// Nil when nothing is known, or not any more.
  public func scopes(_ name: String, now: Int64) -> [String]? {
    rows(now: now).first { $0.name == name }?.scopes
  }

  public func remember(_ scopes: [String], _ name: String, now: Int64) {
    let rows = [Row(name: name, at: now, scopes: scopes)] + self.rows(now: now).filter { $0.name != name }
    let text = rows.prefix(ScopeMemory.limit).map { "\($0.name) \($0.at) \($0.scopes.joined(separator: " "))\n" }
      .joined()
    try? PrivateFile.write(Array(text.utf8), to: path)
  }

  private struct Row {
    var name: String
    var at: Int64
    var scopes: [String]
  }

  private func rows(now: Int64) -> [Row] {
    guard let bytes = (try? PrivateFile.read(path)) ?? nil else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      // A clock that was set back makes an entry one of the future, which is not trusted either.
      guard words.count >= 2, let at = Int64(words[1]), (0..<ScopeMemory.lifetime).contains(now - at) else {
        return nil
      }
      return Row(name: words[0], at: at, scopes: Array(words.dropFirst(2)))
    }
  }
}
