import GRDB
import Synchronization

/// Who may call: the tokens of the configuration, and those that OAuth issued, which the store keeps over restarts.
///
/// Issued tokens are read once and then held here as well, so that a request needs no query to be let in.
final class TokenBook: Sendable {
  /// An issued access token, or a token given out by hand that was ended by a fault or by the control endpoint.
  struct Entry: Equatable, Sendable {
    /// `nil` for a token given out by hand.
    var clientId: String?
    var scopes: [String]
    /// Epoch milliseconds.
    var expiresAt: Int64
    var isRevoked = false
  }

  /// A token that was let in.
  enum Grant: Sendable {
    /// Any token, because the portal was given none.
    case open
    case fixed(StaticToken)
    case issued(Entry)

    /// OAuth tokens have no daily limit and get no headers about one.
    var isOAuth: Bool { if case .issued = self { true } else { false } }

    func allows(_ scope: String) -> Bool {
      switch self {
      case .open: true
      case .fixed(let token): token.allows(scope)
      case .issued(let entry): entry.scopes.contains(scope)
      }
    }
  }

  let store: PortalStore
  private let fixed: [String: StaticToken]
  private let entries: Mutex<[String: Entry]>

  /// - Throws: what reading the store throws.
  init(store: PortalStore, configuration: PortalConfiguration) async throws {
    self.store = store
    let all = configuration.tokens + [configuration.token].compactMap { $0 }.map { StaticToken($0) }
    fixed = Dictionary(all.map { ($0.value, $0) }) { first, _ in first }
    let rows = try await store.read { db in
      try Row.fetchAll(db, sql: "SELECT digest, client_id, scopes, expires_at, is_revoked FROM access_tokens")
        .map { row in (row[0] as String, Self.entry(row)) }
    }
    entries = Mutex(Dictionary(rows) { first, _ in first })
  }

  private static func entry(_ row: Row) -> Entry {
    Entry(
      clientId: row[1], scopes: (row[2] as String).split(separator: " ").map(String.init), expiresAt: row[3],
      isRevoked: row[4])
  }

  // MARK: Asking

  /// The text behind `Bearer` in an Authorization header.
  static func bearer(_ header: String?) -> String? {
    let parts = (header ?? "").split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1])
  }

  func authenticate(_ header: String?) throws(Refusal) -> Grant {
    guard let token = Self.bearer(header) else { throw .notAuthenticated }
    if let entry = entry(token) {
      if entry.isRevoked { throw .notAuthenticated }
      let now = store.clock.time
      if entry.expiresAt <= now { throw .expired(at: entry.expiresAt, now: now) }
      return .issued(entry)
    }
    if let known = fixed[token] { return .fixed(known) }
    guard fixed.isEmpty else { throw .notAuthenticated }
    return .open
  }

  func entry(_ token: String) -> Entry? {
    let isEmpty = entries.withLock { $0.isEmpty }
    if isEmpty { return nil }
    let digest = SHA256.text(token)
    return entries.withLock { $0[digest] }
  }

  /// A token that was given out by hand and still holds.
  func fixedToken(_ token: String) -> StaticToken? {
    if entry(token) != nil { return nil }
    return fixed[token] ?? (fixed.isEmpty && !token.isEmpty ? StaticToken(token) : nil)
  }

  // MARK: Changing

  /// Remembers a token after its transaction has been committed.
  func remember(_ entry: Entry, digest: String) { entries.withLock { $0[digest] = entry } }

  static func insert(_ entry: Entry, digest: String, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO access_tokens (digest, client_id, scopes, expires_at, is_revoked) VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [digest, entry.clientId, entry.scopes.joined(separator: " "), entry.expiresAt, entry.isRevoked])
  }

  /// How a token ends before its time.
  enum End: Sendable { case expired, revoked }

  /// Ends one token, whoever gave it out.
  func end(_ token: String, as end: End) async throws { try await self.end([SHA256.text(token)], as: end) }

  /// Ends all access tokens that OAuth issued and that still hold.
  /// - Returns: how many there were.
  func endIssued(as end: End) async throws -> Int {
    let now = store.clock.time
    let digests = entries.withLock { entries in
      entries.filter { $0.value.clientId != nil && !$0.value.isRevoked && $0.value.expiresAt > now }.map(\.key)
    }
    try await self.end(digests, as: end)
    return digests.count
  }

  private func end(_ digests: [String], as end: End) async throws {
    let now = store.clock.time
    let ended = digests.map { digest in
      var entry = entries.withLock { $0[digest] } ?? Entry(scopes: [], expiresAt: now)
      if end == .revoked { entry.isRevoked = true } else { entry.expiresAt = min(entry.expiresAt, now) }
      return (digest: digest, entry: entry)
    }
    try await store.database.write { db in
      for (digest, entry) in ended { try Self.insert(entry, digest: digest, db) }
    }
    for (digest, entry) in ended { remember(entry, digest: digest) }
  }
}
