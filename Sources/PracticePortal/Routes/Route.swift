/// Where a request goes.
enum Route {
  case api(Router.Match)
  case oauth(OAuthRoute)
  /// Nowhere, and why.
  case none(Refusal)

  init(method: String, path: String) {
    do throws(Refusal) {
      if let route = try OAuthRoute.match(method: method, path: path) {
        self = .oauth(route)
      } else {
        self = .api(try Router.match(method: method, path: path))
      }
    } catch {
      self = .none(error)
    }
  }

  var endpoint: Endpoint? { if case .api(let match) = self { match.endpoint } else { nil } }

  var kind: RequestKind {
    switch self {
    case .api(let match): RequestKind(match.endpoint)
    case .oauth: .oauth
    case .none: .other
    }
  }

  /// A wrong path counts against the limit like any other call.
  var pool: Statistics.Pool {
    switch self {
    case .api(let match): match.endpoint.isSearch ? .search : match.endpoint.countsTowardBurst ? .burst : .other
    case .oauth: .other
    case .none: .burst
    }
  }
}
