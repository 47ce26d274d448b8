import HubSpot
import Synchronization

/// A transport that answers from a list and remembers what it was asked.
final class FakeTransport: Transport {
  typealias Answer = Result<HTTPResponse, TransportFailure>

  private let state: Mutex<(answers: [Answer], requests: [HTTPRequest])>

  init(_ answers: [Answer]) { state = Mutex((answers, [])) }

  convenience init(_ status: Int = 200, _ body: String) { self.init([.reply(status, body)]) }

  var requests: [HTTPRequest] { state.withLock { $0.requests } }

  func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
    let answer = state.withLock { state -> Answer in
      state.requests.append(request)
      return state.answers.isEmpty
        ? .failure(.notSent(.other, detail: "the script is over")) : state.answers.removeFirst()
    }
    return try answer.get()
  }
}

extension Result where Success == HTTPResponse, Failure == TransportFailure {
  static func reply(_ status: Int, _ body: String = "", _ headers: [String: String] = [:]) -> Self {
    .success(
      HTTPResponse(status: status, headers: headers.map { HTTPHeader($0.key, $0.value) }, body: Array(body.utf8)))
  }
}

/// The parts of a URL after the host.
func target(_ request: HTTPRequest?) -> String {
  guard let url = request?.url else { return "" }
  return String(url.dropFirst("http://127.0.0.1:9".count))
}

func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

func makeClient(
  _ transport: some Transport, version: APIVersion = .march2026, base: String = "http://127.0.0.1:9",
  clock: some Clock<Duration> = ManualClock(), retry: RetryPolicy = .never, random: Double = 0.5
) throws -> HubSpotClient {
  HubSpotClient(
    ClientConfiguration(
      baseURL: try BaseURL(base), token: try BearerToken("pat-na1-test"), version: version, transport: transport,
      retry: retry, clock: clock, random: { random }))
}

/// The error that an operation ends with, or nil when it succeeds.
func failure<Output>(_ operation: () async throws(HubSpotError) -> Output) async -> HubSpotError? {
  do throws(HubSpotError) {
    _ = try await operation()
    return nil
  } catch { return error }
}
