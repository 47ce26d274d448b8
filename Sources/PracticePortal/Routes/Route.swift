/// Where a request goes.
enum Route {
  case api(Router.Match)
  case oauth(OAuthRoute)
  /// Nowhere, and why.
  case none(Refusal)
  /// Nowhere below `/oauth`, where no token is asked for.
  case noOAuth(Refusal)

  init(method: String, path: String) {
    let isOAuth = path == "/oauth" || path.hasPrefix("/oauth/")
    do throws(Refusal) {
      if let route = try OAuthRoute.match(method: method, path: path) {
        self = .oauth(route)
      } else {
        self = .api(try Router.match(method: method, path: path))
      }
    } catch {
      self = isOAuth ? .noOAuth(error) : .none(error)
    }
  }

  var endpoint: Endpoint? { if case .api(let match) = self { match.endpoint } else { nil } }

  var kind: RequestKind {
    switch self {
    case .api(let match): RequestKind(match.endpoint)
    case .oauth, .noOAuth: .oauth
    case .none: .other
    }
  }

  /// A wrong path counts against the limit like any other call.
  var pool: Statistics.Pool {
    switch self {
    case .api(let match): match.endpoint.isSearch ? .search : match.endpoint.countsTowardBurst ? .burst : .other
    case .oauth, .noOAuth: .other
    case .none: .burst
    }
  }
}
