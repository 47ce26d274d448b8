import HTTPTypes
import Hummingbird
import Synchronization

/// Turns HTTP requests into calls and answers into HTTP responses. What a call means lives in the endpoints, what
/// becomes of it on the way in `Exchange`; bodies, headers, the latency and the request log live here.
struct PortalResponder: HTTPResponder {
  typealias Context = PortalContext

  static let bodyLimit = 32 * 1024 * 1024

  let store: PortalStore
  let log: RequestLog
  let limiter: RateLimiter
  let book: TokenBook
  let oauth: OAuthEndpoints
  let faults: FaultBook
  let statistics: Statistics
  let control: ControlEndpoints
  let latency: Duration
  let baseURL: BaseURL

  func respond(to request: Request, context: Context) async throws -> Response {
    let arrival = request.headers[.practiceArrival].flatMap { Int64($0) } ?? store.clock.microseconds
    if ControlEndpoints.isPath(request.uri.path) { return await controlResponse(request) }
    let visit = Visit(request, arrival: arrival, faults: faults)
    statistics.arrived(visit.route.pool, at: arrival)
    var exchange = Exchange(portal: self, visit: visit)
    let ending = await exchange.run { try await body(of: request, isForm: visit.isForm) }
    let wait = visit.struck.reduce(latency) { sum, one in
      if case .delay(let milliseconds) = one.fault { sum + .milliseconds(milliseconds) } else { sum }
    }
    if wait > .zero { try await Task.sleep(for: wait) }
    var writing = ResponseWriting(connection: context.connection, struck: visit.struck)
    writing.add(exchange.standing)
    let response: Response?
    let inputs: Int?
    switch ending {
    case .answer(let answer):
      response = writing.response(answer, correlationId: visit.correlationId)
      inputs = answer.inputs
    case .refusal(let refusal):
      response = writing.response(Self.answer(refusal, visit.correlationId), correlationId: visit.correlationId)
      inputs = nil
    case .reset:
      response = nil
      inputs = nil
    }
    note(visit, status: response?.status.code ?? 0, inputs: inputs, idle: exchange.idleFaults)
    guard var response else {
      await context.connection.reset()
      return Response(status: .internalServerError)
    }
    // The answer to HEAD has no body (RFC 9110, 9.3.2).
    if request.method == .head { response.body = .init() }
    return response
  }

  private func note(_ visit: Visit, status: Int, inputs: Int?, idle: Set<String>) {
    let entry = RequestLogEntry(
      time: Timestamp.canonicalText(visit.arrival / 1000), arrival: visit.arrival, method: visit.method,
      path: visit.loggedPath, kind: visit.route.kind.rawValue, status: status,
      milliseconds: Double(store.clock.microseconds - visit.arrival) / 1000, inputs: inputs,
      faults: visit.struck.map(\.fault.word).map { idle.contains($0) ? $0 + " (nothing to do)" : $0 })
    log.append(entry)
    statistics.answered(entry)
  }

  static func answer(_ refusal: Refusal, _ correlationId: String) -> Answer {
    var answer = Answer(
      status: refusal.status, body: ErrorEnvelope.body(refusal, correlationId: correlationId))
    if case .methodNotAllowed(_, let allowed) = refusal {
      answer.headers = [("Allow", allowed.joined(separator: ", "))]
    }
    return answer
  }

  private func controlResponse(_ request: Request) async -> Response {
    guard control.admits(request.headers[.authorization]) else {
      return ResponseWriting.plain(ControlEndpoints.notAdmitted)
    }
    let answer: Answer
    do {
      let body = try await body(of: request, isForm: false)
      answer = try await control.answer(
        method: request.method.rawValue, path: request.uri.path, query: QueryParameters(request.uri.query ?? ""),
        body: body)
    } catch let refusal as Refusal {
      answer = Self.answer(refusal, CorrelationId.make())
    } catch {
      answer = Self.answer(.storeFailed, CorrelationId.make())
    }
    return ResponseWriting.plain(answer)
  }

  /// - Throws: `Refusal.bodyTooLarge` over 32 MiB, `Refusal.unsupportedMediaType` for a body of another kind.
  private func body(of request: Request, isForm: Bool) async throws -> [UInt8] {
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
    let isRight =
      isForm
      ? essence == "application/x-www-form-urlencoded" : essence == "application/json" || essence.hasSuffix("+json")
    guard isRight else {
      throw Refusal.unsupportedMediaType(
        type.isEmpty ? "(none)" : type, wanted: isForm ? "application/x-www-form-urlencoded" : "application/json")
    }
    return bytes
  }
}

/// The server's own address, known only after it is bound.
final class BaseURL: Sendable {
  private let value = Mutex("")
  var text: String { value.withLock { $0 } }
  func set(_ text: String) { value.withLock { $0 = text } }
}
