import HTTPTypes
import Hummingbird
import Synchronization

/// Turns HTTP requests into calls and answers into HTTP responses: the token, the limits, the latency, the envelope of
/// errors and the request log live here; what a call means lives in the endpoints.
struct PortalResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  static let bodyLimit = 32 * 1024 * 1024

  let store: PortalStore
  let log: RequestLog
  let limiter: RateLimiter
  let token: String?
  let latency: Duration
  let baseURL: BaseURL

  func respond(to request: Request, context: Context) async throws -> Response {
    let arrival = ContinuousClock.now
    let time = WriteClock.now()
    let correlationId = CorrelationId.make(time: time)
    let outcome = await outcome(of: request)
    if latency > .zero { try await Task.sleep(for: latency) }
    var response = response(outcome, correlationId: correlationId)
    // The answer to HEAD has no body (RFC 9110, 9.3.2).
    if request.method == .head { response.body = .init() }
    log.append(
      RequestLogEntry(
        time: Timestamp.canonicalText(time), method: request.method.rawValue, path: "\(request.uri)",
        status: response.status.code, milliseconds: Self.milliseconds(since: arrival), inputs: outcome.inputs))
    return response
  }

  private static func milliseconds(since arrival: ContinuousClock.Instant) -> Double {
    let parts = (ContinuousClock.now - arrival).components
    let microseconds = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
    return Double(microseconds) / 1000
  }

  private struct Outcome {
    var result: Result<Answer, Refusal>
    var standing: RateLimiter.Standing?

    var inputs: Int? {
      if case .success(let answer) = result { answer.inputs } else { nil }
    }
  }

  /// The order of the checks: token, path, limits, body. A wrong path counts against the limit like any other call.
  private func outcome(of request: Request) async -> Outcome {
    var standing: RateLimiter.Standing?
    do {
      try authenticate(request)
      let match = Result { () throws(Refusal) in
        try Router.match(method: request.method.rawValue, path: request.uri.path)
      }
      standing = try limiter.take(try? match.get().endpoint)
      let found = try match.get()
      let body = try await body(of: request)
      let call = Call(
        method: request.method.rawValue, path: request.uri.path, query: QueryParameters(request.uri.query ?? ""),
        body: body, version: found.version, baseURL: baseURL.text)
      let answer = try await Dispatcher(store: store).answer(found.endpoint, call)
      return Outcome(result: .success(answer), standing: standing)
    } catch let refusal as Refusal {
      return Outcome(result: .failure(refusal), standing: standing)
    } catch {
      return Outcome(result: .failure(.storeFailed), standing: standing)
    }
  }

  private func authenticate(_ request: Request) throws(Refusal) {
    guard let header = request.headers[.authorization] else { throw .notAuthenticated }
    let parts = header.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw .notAuthenticated }
    if let token, parts[1] != token { throw .notAuthenticated }
  }

  /// - Throws: `Refusal.bodyTooLarge` over 32 MiB, `Refusal.unsupportedMediaType` for a body that is not JSON.
  private func body(of request: Request) async throws -> [UInt8] {
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Self.bodyLimit {
      throw Refusal.bodyTooLarge(limit: Self.bodyLimit)
    }
    var bytes: [UInt8] = []
    for try await part in request.body {
      if bytes.count + part.readableBytes > Self.bodyLimit { throw Refusal.bodyTooLarge(limit: Self.bodyLimit) }
      bytes.append(contentsOf: part.readableBytesView)
    }
    if bytes.isEmpty || request.method == .get || request.method == .delete { return bytes }
    let type = request.headers[.contentType] ?? ""
    let essence = type.split(separator: ";").first.map { $0.lowercased() } ?? ""
    guard essence == "application/json" || essence.hasSuffix("+json") else {
      throw Refusal.unsupportedMediaType(type.isEmpty ? "(none)" : type)
    }
    return bytes
  }

  private func response(_ outcome: Outcome, correlationId: String) -> Response {
    var headers = HTTPFields()
    headers[.correlationId] = correlationId
    if let standing = outcome.standing {
      headers[.rateLimitMax] = String(standing.max)
      headers[.rateLimitRemaining] = String(standing.remaining)
      headers[.rateLimitInterval] = String(standing.intervalMilliseconds)
      headers[.rateLimitDaily] = String(standing.daily)
      headers[.rateLimitDailyRemaining] = String(standing.dailyRemaining)
    }
    let status: Int
    let body: [UInt8]?
    switch outcome.result {
    case .success(let answer):
      status = answer.status
      body = answer.body
    case .failure(let refusal):
      status = refusal.status
      body = ErrorEnvelope.body(refusal, correlationId: correlationId)
      if case .methodNotAllowed(_, let allowed) = refusal { headers[.allow] = allowed.joined(separator: ", ") }
    }
    guard let body else { return Response(status: .init(code: status), headers: headers) }
    headers[.contentType] = "application/json;charset=utf-8"
    return Response(status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
  }
}

/// The server's own address, known only after it is bound.
final class BaseURL: Sendable {
  private let value = Mutex("")
  var text: String { value.withLock { $0 } }
  func set(_ text: String) { value.withLock { $0 = text } }
}

extension HTTPField.Name {
  /// The names below are valid tokens; the fallback only satisfies the optional initializer.
  private static func named(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .server }

  fileprivate static let correlationId = named("X-HubSpot-Correlation-Id")
  fileprivate static let rateLimitMax = named("X-HubSpot-RateLimit-Max")
  fileprivate static let rateLimitRemaining = named("X-HubSpot-RateLimit-Remaining")
  fileprivate static let rateLimitInterval = named("X-HubSpot-RateLimit-Interval-Milliseconds")
  fileprivate static let rateLimitDaily = named("X-HubSpot-RateLimit-Daily")
  fileprivate static let rateLimitDailyRemaining = named("X-HubSpot-RateLimit-Daily-Remaining")
}
