import Hummingbird

/// One request, as far as its head tells.
struct Visit: Sendable {
  let method: String
  /// Without the query.
  let path: String
  let query: String
  let route: Route
  /// Epoch microseconds of the portal's clock.
  let arrival: Int64
  let correlationId: String
  let struck: [StruckFault]
  let isForm: Bool
  let authorization: String?
  /// The value of the portal's own cookie.
  let cookie: String?

  init(_ request: Request, arrival: Int64, faults: FaultBook) {
    method = request.method.rawValue
    path = request.uri.path
    query = request.uri.query ?? ""
    route = Route(method: method, path: path)
    self.arrival = arrival
    correlationId = CorrelationId.make(time: arrival / 1000)
    struck = faults.strike(method: method, path: path, kind: route.kind, now: arrival / 1000)
    if case .oauth(let route) = route { isForm = route.takesForm } else { isForm = false }
    authorization = request.headers[.authorization]
    cookie = Self.cookie(OAuthEndpoints.cookieName, in: request.headers[values: .cookie])
  }

  private static func cookie(_ name: String, in fields: [String]) -> String? {
    for pair in fields.flatMap({ $0.split(separator: ";") }) {
      let sides = pair.split(separator: "=", maxSplits: 1)
      if sides.count == 2, sides[0].filter({ $0 != " " }) == name { return String(sides[1]) }
    }
    return nil
  }

  func call(body: [UInt8], version: APIVersion, baseURL: String) -> Call {
    Call(
      method: method, path: path, query: QueryParameters(query), body: body, version: version, baseURL: baseURL)
  }

  /// The path with its query, as it may be kept.
  var loggedPath: String { OAuthRoute.redacted(query.isEmpty ? path : path + "?" + query) }
}
