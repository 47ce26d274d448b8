/// What becomes of one request: the token, the limits, the scopes, the faults that strike on the way, and the answer.
struct Exchange {
  let portal: PortalResponder
  let visit: Visit
  private(set) var standing: RateLimiter.Standing?
  /// Words of the faults that could not do anything.
  private(set) var idleFaults: Set<String> = []

  init(portal: PortalResponder, visit: Visit) {
    self.portal = portal
    self.visit = visit
  }

  enum Ending {
    case answer(Answer)
    case refusal(Refusal)
    /// The connection is reset without an answer.
    case reset
  }

  mutating func run(body: () async throws -> [UInt8]) async -> Ending {
    do {
      let answer: Answer
      switch visit.route {
      case .oauth(let route):
        let call = visit.call(body: try await body(), version: .v3, baseURL: portal.baseURL.text)
        try strike(.before)
        answer = try await portal.oauth.answer(route, call, cookie: visit.cookie)
      case .noOAuth(let refusal): throw refusal
      case .api(let match): answer = try await api(.success(match), body: body)
      case .none(let refusal): answer = try await api(.failure(refusal), body: body)
      }
      try strike(.after)
      return .answer(answer)
    } catch let ended as Interruption {
      return ended.answer.map { .answer($0) } ?? .reset
    } catch let refusal as Refusal {
      return .refusal(refusal)
    } catch {
      return .refusal(.storeFailed)
    }
  }

  /// The order of the checks: token, limits, path, scopes, body. A wrong path counts like any other call.
  private mutating func api(
    _ route: Result<Router.Match, Refusal>, body: () async throws -> [UInt8]
  ) async throws -> Answer {
    try await endToken()
    let grant = try portal.book.authenticate(visit.authorization)
    standing = try portal.limiter.take(visit.route.endpoint, arrival: visit.arrival, isOAuth: grant.isOAuth)
    let match = try route.get()
    let enough = Scopes.enough(for: match.endpoint)
    guard enough.contains(where: grant.allows) else { throw Refusal.missingScopes(enough) }
    let call = visit.call(body: try await body(), version: match.version, baseURL: portal.baseURL.text)
    try strike(.before)
    try await editElsewhere(match.endpoint, call)
    let answer = try await Dispatcher(store: portal.store).answer(match.endpoint, call)
    return AnswerFaults(struck: visit.struck, call: call, endpoint: match.endpoint).applied(to: answer)
  }

  private func endToken() async throws {
    guard let token = TokenBook.bearer(visit.authorization) else { return }
    for one in visit.struck {
      if one.fault == .expireToken { try await portal.book.end(token, as: .expired) }
      if one.fault == .revokeToken { try await portal.book.end(token, as: .revoked) }
    }
  }

  private mutating func editElsewhere(_ endpoint: Endpoint, _ call: Call) async throws {
    for one in visit.struck {
      guard case .foreignEdit(let property, let value) = one.fault else { continue }
      let edit = ForeignEdit(store: portal.store, property: property, value: value)
      if try await !edit.apply(endpoint, call) { idleFaults.insert(one.fault.word) }
    }
  }

  /// Throws when a fault replaces the answer, before the request is carried out or after.
  private func strike(_ stage: Fault.Stage) throws(Interruption) {
    for one in visit.struck {
      if let ended = Interruption(one.fault, at: stage, correlationId: visit.correlationId) { throw ended }
    }
  }
}

/// A fault that takes the place of the answer.
struct Interruption: Error {
  /// `nil` is a reset.
  var answer: Answer?

  init?(_ fault: Fault, at stage: Fault.Stage, correlationId: String) {
    switch fault {
    case .tooManyRequests(let limit, let wait) where stage == .before:
      let refusal: Refusal =
        switch limit {
        case .tenSecondly: .tenSecondlyLimit
        case .secondly: .secondlyLimit
        case .daily: .dailyLimit
        }
      answer = Answer(status: 429, body: ErrorEnvelope.body(refusal, correlationId: correlationId))
      if let wait { answer?.headers = [("Retry-After", String(wait))] }
    case .status(let status, let body, let wait, stage):
      answer = Self.answer(status, body, correlationId)
      if let wait { answer?.headers = [("Retry-After", String(wait))] }
    case .html(stage): answer = Self.page(200, "Please wait")
    case .redirect(let target, let status) where stage == .before:
      answer = Answer(status: status, body: nil)
      answer?.headers = [("Location", target)]
    case .reset(stage): answer = nil
    default: return nil
    }
  }

  private static func answer(_ status: Int, _ body: Fault.ErrorBody, _ correlationId: String) -> Answer {
    switch body {
    case .empty: Answer(status: status, body: nil)
    case .html: page(status, "\(status)")
    case .json:
      Answer(
        status: status,
        body: JSONWriter.object { body in
          body.member("status", "error")
          body.member("message", status == 423 ? "locked" : status == 477 ? "migration in progress" : "internal error")
          body.member("correlationId", correlationId)
        })
    }
  }

  private static func page(_ status: Int, _ title: String) -> Answer {
    let html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><title>\(title)</title></head><body><h1>\(title)</h1></body></html>\n"
    return Answer(status: status, body: Array(html.utf8), contentType: "text/html; charset=utf-8")
  }
}
