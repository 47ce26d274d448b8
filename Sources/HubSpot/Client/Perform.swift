/// Sending: from a call to an answer, through the quotas, the transport and the retries.
extension HubSpotClient {
  /// Sends a call until it succeeds or may not be repeated any more.
  func perform<Sink: BodySink>(_ call: Call, into sink: Sink) async throws(HubSpotError) -> Sink.Output {
    var attempt = 1
    while true {
      try await wait(pace.reserve(call.kind.lane, now: clock.now()))
      count(call.kind, isRetry: attempt > 1)
      do throws(HubSpotError) {
        return try await attemptOnce(call, sink)
      } catch {
        let random = configuration.random()
        let delay = configuration.retry.delay(after: error, kind: call.kind, attempt: attempt, random: random)
        guard let delay else { throw error }
        if error.isRateLimit() { pace.pause(call.kind.lane, until: clock.now() + delay) }
        try await wait(delay)
        attempt += 1
      }
    }
  }

  /// Only ever called when nothing of the call is under way.
  private func wait(_ duration: Duration) async throws(HubSpotError) {
    if duration > .zero {
      do { try await clock.sleep(duration) } catch { throw .cancelled(maybeSent: false) }
    }
    if Task.isCancelled { throw .cancelled(maybeSent: false) }
  }

  private func attemptOnce<Sink: BodySink>(_ call: Call, _ sink: Sink) async throws(HubSpotError) -> Sink.Output {
    let response: HTTPResponse
    do throws(TransportFailure) {
      response = try await configuration.transport.send(request(call))
    } catch {
      if error.cause == .cancelled { throw .cancelled(maybeSent: error.mayHaveBeenSent) }
      throw .transport(error)
    }
    pace.learn(call.kind.lane, from: response, now: clock.now())
    return try read(response, call, sink)
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

  private func request(_ call: Call) -> HTTPRequest {
    var headers = [HTTPHeader("Accept", "application/json"), HTTPHeader("User-Agent", configuration.userAgent)]
    if call.body != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
    return HTTPRequest(
      method: call.method, url: configuration.baseURL.description + call.path, headers: headers,
      authorization: configuration.token.headerValue, body: call.body, timeout: configuration.timeout)
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
