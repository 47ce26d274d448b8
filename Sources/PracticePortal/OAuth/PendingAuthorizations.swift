import Synchronization

/// What an authorization page asked a person, until the form comes back. Kept in memory: a form that is older than the
/// server, or than ten minutes, has to be opened again.
final class PendingAuthorizations: Sendable {
  struct Request: Sendable {
    var app: OAuthApp
    var redirect: String
    var state: String?
    var scopes: [String]
    var challenge: String?
    /// The browser that the page was shown in; only it may send the form.
    var browser: String
    var expiresAt: Int64
  }

  static let lifetime: Int64 = 600_000
  /// The oldest make room for new ones.
  static let limit = 1000

  private let requests = Mutex<[String: Request]>([:])

  /// - Returns: the ticket that the form carries.
  func add(_ request: Request) -> String {
    let ticket = Secrets.make(32)
    requests.withLock { requests in
      if requests.count >= Self.limit, let oldest = requests.min(by: { $0.value.expiresAt < $1.value.expiresAt }) {
        requests[oldest.key] = nil
      }
      requests[ticket] = request
    }
    return ticket
  }

  /// The request of a ticket, once.
  func take(_ ticket: String, browser: String, now: Int64) -> Request? {
    requests.withLock { requests in
      guard let request = requests[ticket], request.browser == browser else { return nil }
      requests[ticket] = nil
      return request.expiresAt > now ? request : nil
    }
  }
}
