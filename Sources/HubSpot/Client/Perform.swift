/// Sending: from a call to an answer, through the quotas, the transport and the retries.
extension HubSpotClient {
  /// How often one call gets another token because the server refused the last one. Twice, since a call that waits long
  /// between attempts can outlive a token.
  private static let renewals = 2

  /// Sends a call until it succeeds or may not be repeated any more.
  func perform<Sink: BodySink>(_ call: Call, into sink: Sink) async throws(HubSpotError) -> Sink.Output {
    var attempt = 1
    var renewals = 0
    var replacement: BearerToken?
    var lastCost: Int?
    while true {
      var used: BearerToken?
      do throws(HubSpotError) {
        let token = try await token(replacement)
        used = token
        replacement = nil
        let output = try await send(call, sink, token, attempt: attempt)
        retryBudget.withLock { $0.succeed(afterRepetition: lastCost) }
        return output
      } catch {
        if case .api(let failure) = error, failure.isAuth, renewals < HubSpotClient.renewals, let used {
          // The server refused to look at the request, so that sending it again is safe for every kind.
          renewals += 1
          if let other = try await other(than: used) {
            replacement = other
            continue
          }
        }
        let random = configuration.random()
        let delay = configuration.retry.delay(after: error, kind: call.kind, attempt: attempt, random: random)
        let cost = RetryBudget.cost(of: error)
        guard let delay, retryBudget.withLock({ $0.take(cost) }) else { throw error }
        lastCost = cost
        if error.isRateLimit() { limiter.pause(call.kind.pool, for: delay) }
        RequestWaits.current?.tell(.retry(attempt: attempt, after: "\(error)"), delay)
        try await wait(delay)
        attempt += 1
      }
    }
  }

  private func token(_ replacement: BearerToken?) async throws(HubSpotError) -> BearerToken {
    if let replacement { return replacement }
    do throws(CredentialProblem) { return try await configuration.credentials.token() } catch {
      throw HubSpotClient.failure(error)
    }
  }

  private func other(than refused: BearerToken) async throws(HubSpotError) -> BearerToken? {
    do throws(CredentialProblem) { return try await configuration.credentials.replacement(for: refused) } catch {
      throw HubSpotClient.failure(error)
    }
  }

  private static func failure(_ problem: CredentialProblem) -> HubSpotError {
    problem == .cancelled ? .cancelled(maybeSent: false) : .credential(problem)
  }

  /// Only ever called when nothing of the call is under way.
  private func wait(_ duration: Duration) async throws(HubSpotError) {
    if duration > .zero {
      do { try await clock.sleep(duration) } catch { throw .cancelled(maybeSent: false) }
    }
    if Task.isCancelled { throw .cancelled(maybeSent: false) }
  }

  /// Sends a call once, when the quotas let it.
  private func send<Sink: BodySink>(
    _ call: Call, _ sink: Sink, _ token: BearerToken, attempt: Int
  ) async throws(HubSpotError) -> Sink.Output {
    let ticket: QuotaLimiter.Ticket
    do { ticket = try await limiter.admit(call.kind.pool) } catch { throw .cancelled(maybeSent: false) }
    count(call.kind, isRetry: attempt > 1)
    let request = request(call, token)
    let result: Result<HTTPResponse, TransportFailure>
    do throws(TransportFailure) { result = .success(try await configuration.transport.send(request)) } catch {
      result = .failure(error)
    }
    let duration = clock.now() - ticket.admittedAt
    switch result {
    case .success(let response): limiter.settle(ticket, response)
    case .failure(let failure): limiter.settle(ticket, wasSent: failure.mayHaveBeenSent)
    }
    observe(call, request, result, token, attempt: attempt, duration: duration)
    switch result {
    case .success(let response): return try read(response, call, sink)
    case .failure(let failure):
      if failure.cause == .cancelled { throw .cancelled(maybeSent: failure.mayHaveBeenSent) }
      throw .transport(failure)
    }
  }

  private func observe(
    _ call: Call, _ request: HTTPRequest, _ result: Result<HTTPResponse, TransportFailure>, _ token: BearerToken,
    attempt: Int, duration: Duration
  ) {
    guard !configuration.observers.isEmpty else { return }
    let exchange = Exchange(
      operation: call.kind, method: request.method, path: call.path,
      requestBody: call.isConfidential ? nil : request.body,
      attempt: attempt,
      duration: duration, result: result, token: token.secret)
    for observer in configuration.observers { observer.ended(exchange) }
  }

  private func read<Sink: BodySink>(
    _ response: HTTPResponse, _ call: Call, _ sink: Sink
  ) throws(HubSpotError) -> Sink.Output {
    switch response.status {
    case 200...299: break
    case 300...399:
      throw .redirectRefused(
        status: response.status, location: response.header("Location").map(ErrorBody.bounded))
    default: throw .api(APIFailure(operation: call.kind, response: response))
    }
    do { return try sink.decode(response.body, status: response.status) } catch is CancellationError {
      throw .cancelled(maybeSent: true)
    } catch {
      throw .unexpectedBody(UnexpectedBody(response, reason: error))
    }
  }

  private func request(_ call: Call, _ token: BearerToken) -> HTTPRequest {
    var headers = [HTTPHeader("Accept", "application/json"), HTTPHeader("User-Agent", configuration.userAgent)]
    if call.body != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
    return HTTPRequest(
      method: call.method, url: configuration.baseURL.description + call.path, headers: headers,
      authorization: token.headerValue, body: call.body, timeout: configuration.timeout)
  }
}

extension UnexpectedBody {
  init(_ response: HTTPResponse, reason: any Error) {
    self.init(
      status: response.status, contentType: response.header("Content-Type").map(ErrorBody.bounded),
      reason: UnexpectedBody.text(reason),
      excerpt: String(String(decoding: response.body.prefix(800), as: UTF8.self).prefix(200)),
      correlationID: response.header("X-HubSpot-Correlation-Id").map(ErrorBody.bounded))
  }

  private static func text(_ reason: any Error) -> String {
    switch reason {
    case DecodingError.keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\"\(context.codingPath.last?.stringValue ?? "the document")\" has an unexpected form"
    case DecodingError.dataCorrupted: "it is not JSON"
    default: String(String(describing: reason).prefix(200))
    }
  }
}
