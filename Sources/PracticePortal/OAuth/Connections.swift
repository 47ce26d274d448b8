import GRDB

/// What OAuth issues: codes, refresh tokens and access tokens, in the store. Each step is one transaction, so that a code
/// is used once and a rotated refresh token ends when its successor begins.
struct Connections {
  static let codeMilliseconds: Int64 = 60_000

  let book: TokenBook
  let accessMilliseconds: Int64
  let rotates: Bool

  private var store: PortalStore { book.store }

  struct Issued: Sendable {
    var access: String
    /// `nil` for a token that no account stands behind.
    var refresh: String?
    var scopes: [String]
    var seconds: Int64
  }

  /// - Returns: the code, which is shown once.
  func issueCode(
    for app: OAuthApp, redirect: String, scopes: [String], challenge: String?
  ) async throws -> String {
    let code = Secrets.make(24)
    let end = store.clock.time + Self.codeMilliseconds
    try await store.database.write { db in
      try db.execute(
        sql:
          "INSERT INTO oauth_codes (digest, client_id, redirect, scopes, challenge, expires_at) VALUES (?,?,?,?,?,?)",
        arguments: [SHA256.text(code), app.id, redirect, scopes.joined(separator: " "), challenge, end])
    }
    return code
  }

  func exchange(code: String, app: OAuthApp, redirect: String, verifier: String?) async throws -> Issued {
    let refresh = Secrets.refreshToken()
    return try await issue(to: app, refresh: refresh) { db in
      let now = store.clock.time
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT redirect, scopes, challenge FROM oauth_codes
          WHERE digest = ? AND client_id = ? AND is_used = 0 AND expires_at > ?
          """, arguments: [SHA256.text(code), app.id, now])
      guard let row else { throw OAuthRefusal.badCode }
      guard row[0] as String == redirect else { throw OAuthRefusal.badRedirect }
      if let challenge = row[2] as String?, verifier.map(SHA256.challenge) != challenge {
        throw OAuthRefusal.badVerifier
      }
      try db.execute(sql: "UPDATE oauth_codes SET is_used = 1 WHERE digest = ?", arguments: [SHA256.text(code)])
      try Self.insert(refresh, app, row[1], db)
      return row[1]
    }
  }

  func refresh(_ token: String, app: OAuthApp) async throws -> Issued {
    let successor = rotates ? Secrets.refreshToken() : token
    return try await issue(to: app, refresh: successor) { db in
      let digest = SHA256.text(token)
      guard let scopes = try Self.scopes(ofRefresh: digest, app, db) else { throw OAuthRefusal.badRefreshToken }
      if rotates {
        try db.execute(sql: "UPDATE refresh_tokens SET is_revoked = 1 WHERE digest = ?", arguments: [digest])
        try Self.insert(successor, app, scopes, db)
      }
      return scopes
    }
  }

  /// A token for the app itself, which no account stands behind.
  func issueForApp(_ app: OAuthApp, scopes: [String]) async throws -> Issued {
    try await issue(to: app, refresh: nil) { _ in scopes.joined(separator: " ") }
  }

  /// - Parameter scopes: checks what was presented, in the transaction that keeps the new token.
  private func issue(
    to app: OAuthApp, refresh: String?, scopes: @Sendable @escaping (Database) throws -> String
  ) async throws -> Issued {
    let access = Secrets.make(96)
    let digest = SHA256.text(access)
    let entry = try await store.database.write { db in
      let granted = try scopes(db).split(separator: " ").map(String.init)
      let entry = TokenBook.Entry(
        clientId: app.id, scopes: granted, expiresAt: store.clock.time + accessMilliseconds)
      try TokenBook.insert(entry, digest: digest, db)
      return entry
    }
    book.remember(entry, digest: digest)
    return Issued(access: access, refresh: refresh, scopes: entry.scopes, seconds: accessMilliseconds / 1000)
  }

  private static func insert(_ refresh: String, _ app: OAuthApp, _ scopes: String, _ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO refresh_tokens (digest, client_id, scopes) VALUES (?, ?, ?)",
      arguments: [SHA256.text(refresh), app.id, scopes])
  }

  private static func scopes(ofRefresh digest: String, _ app: OAuthApp, _ db: Database) throws -> String? {
    try String.fetchOne(
      db, sql: "SELECT scopes FROM refresh_tokens WHERE digest = ? AND client_id = ? AND is_revoked = 0",
      arguments: [digest, app.id])
  }

  // MARK: Asking and ending

  struct RefreshEntry: Sendable {
    var clientId: String
    var scopes: [String]
  }

  /// A refresh token that holds.
  func refreshEntry(_ token: String) async throws -> RefreshEntry? {
    try await store.read { db in
      try Row.fetchOne(
        db, sql: "SELECT client_id, scopes FROM refresh_tokens WHERE digest = ? AND is_revoked = 0",
        arguments: [SHA256.text(token)]
      ).map { RefreshEntry(clientId: $0[0], scopes: ($0[1] as String).split(separator: " ").map(String.init)) }
    }
  }

  /// Ends a refresh token. Access tokens that came of it work until their own end.
  /// - Parameter clientId: ends it only when it belongs to this app; `nil` for whoever.
  func revokeRefresh(_ token: String, of clientId: String?) async throws {
    try await store.database.write { db in
      try db.execute(
        sql: "UPDATE refresh_tokens SET is_revoked = 1 WHERE digest = ? AND client_id = ifnull(?, client_id)",
        arguments: [SHA256.text(token), clientId])
    }
  }

  /// - Returns: how many there were.
  func revokeAllRefresh() async throws -> Int {
    try await store.database.write { db in
      try db.execute(sql: "UPDATE refresh_tokens SET is_revoked = 1 WHERE is_revoked = 0")
      return db.changesCount
    }
  }
}

/// Texts that nobody can guess, from the system's generator.
enum Secrets {
  static func make(_ length: Int) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    var generator = SystemRandomNumberGenerator()
    return String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
  }

  /// The region's letters in front, as HubSpot has them.
  static func refreshToken() -> String { "na1-" + make(40) }

  /// Compared without telling by its time how much was right.
  static func equal(_ left: String, _ right: String) -> Bool {
    let (first, second) = (SHA256.digest(left.utf8), SHA256.digest(right.utf8))
    return zip(first, second).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
