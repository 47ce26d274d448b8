import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import HubSpot

@Suite("What is written down of requests")
struct ObservingTests {
  private static let canary = "pat-na1-canary+/=&value-0123456789"

  private func client(_ transport: some Transport, _ observers: [any ExchangeObserver]) throws -> HubSpotClient {
    var configuration = ClientConfiguration(
      baseURL: try BaseURL("http://127.0.0.1:9"), token: try BearerToken(Self.canary), transport: transport,
      retry: .never, clock: ManualClock())
    configuration.observers = observers
    return HubSpotClient(configuration)
  }

  private func withFile<Output>(_ body: (String) async throws -> Output) async throws -> Output {
    let path = FileManager.default.temporaryDirectory.path + "/hubspot-recording-\(UInt64.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }

  /// Replies that repeat the token in every form that a server might.
  private static var echoes: [FakeTransport.Answer] {
    let encoded = PercentEncoding.encode(canary)
    let base64 = Data(canary.utf8).base64EncodedString()
    return [
      .reply(
        200, #"{"results":[{"id":"1","properties":{"name":"\#(canary)"}}]}"#, ["X-HubSpot-Correlation-Id": canary]),
      .reply(400, #"{"message":"\#(encoded) \#(base64)"}"#), .failure(.maybeSent(.timeout, detail: canary)),
    ]
  }

  @Test("the token is in no recording, no log and no metric, in whatever form a server repeats it")
  func noToken() async throws {
    try await withFile { path in
      let lines = Mutex<[String]>([])
      let log = ExchangeLog(date: { "now" }) { line in lines.withLock { $0.append(line) } }
      let metrics = RequestMetrics()
      let recorder = try Recorder(path: path, startedAt: 7) { _ in }
      let client = try client(FakeTransport(Self.echoes), [log, metrics, recorder])
      for _ in 0..<3 {
        _ = await failure { () async throws(HubSpotError) in
          try await client.listPage(ListRequest(type: .deals, properties: [], after: Self.canary))
        }
      }
      let written =
        try String(contentsOfFile: path, encoding: .utf8) + lines.withLock { $0.joined() } + metrics.text(prefix: "x")
      #expect(written.contains("[secret]"))
      for form in [
        Self.canary, PercentEncoding.encode(Self.canary), Data(Self.canary.utf8).base64EncodedString(),
        "canary",
      ] { #expect(!written.contains(form)) }
      #expect(lines.withLock { $0.count } == 3)
    }
  }

  @Test("a line of the log")
  func log() async throws {
    let lines = Mutex<[String]>([])
    let log = ExchangeLog(date: { "2026-11-23T00:00:00Z" }) { line in lines.withLock { $0.append(line) } }
    let transport = FakeTransport([
      .reply(200, #"{"results":[]}"#, ["X-HubSpot-Correlation-Id": "c-1"]), .failure(.maybeSent(.timeout, detail: "")),
    ])
    let client = try client(transport, [log])
    for _ in 0..<2 {
      _ = await failure { () async throws(HubSpotError) in
        try await client.searchPage(SearchRequest(type: .deals, properties: []))
      }
    }
    let start =
      #"{"at":"2026-11-23T00:00:00Z","event":"request","operation":"search","method":"POST","#
      + #""path":"/crm/objects/2026-09/deals/search","attempt":1,"milliseconds":0,"#
    #expect(
      lines.withLock { $0 } == [
        start + #""status":200,"correlation_id":"c-1"}"#, start + #""failure":"timeout","may_have_been_sent":true}"#,
      ])
  }

  @Test("a recording answers as the server did, with the trace ids of the new run")
  func replay() async throws {
    try await withFile { path in
      let inputs = { (trace: String) in
        [
          ObjectInput(values: ["name": "a \"b\""], traceID: trace),
          ObjectInput(values: ["name": "c"], traceID: trace + "x"),
        ]
      }
      let answer =
        #"{"status":"COMPLETE","results":[{"id":"7","properties":{"name":"c"},"objectWriteTraceId":"oldx"}],"#
        + #""numErrors":1,"errors":[{"category":"VALIDATION_ERROR","message":"no","context":{"objectWriteTraceId":["old"]}}]}"#
      let recorder = try Recorder(path: path, startedAt: 7) { _ in }
      let first = try client(
        FakeTransport([
          .reply(207, answer), .reply(429, "", ["Retry-After": "7"]), .failure(.maybeSent(.connectionLost, detail: "")),
          .failure(.notSent(.connection, detail: "")),
        ]), [recorder])
      _ = try await first.batchCreate(.lineItems, inputs("old"))
      for _ in 0..<3 { _ = await failure { () async throws(HubSpotError) in try await first.account() } }

      let recording = try Recording(Array(Data(contentsOf: URL(filePath: path))))
      #expect(recording.startedAt == 7)
      let replay = ReplayTransport(recording)
      let second = try client(replay, [])
      let result = try await second.batchCreate(.lineItems, inputs("new"))
      guard case .failed(let failed) = result.outcomes[0], case .succeeded(let made) = result.outcomes[1] else {
        Issue.record("\(result)")
        return
      }
      #expect(failed.isAttributed)
      #expect(made.id == "7")
      let errors = [
        await failure { () async throws(HubSpotError) in try await second.account() },
        await failure { () async throws(HubSpotError) in try await second.account() },
        await failure { () async throws(HubSpotError) in try await second.account() },
      ]
      guard case .api(let refusal) = errors[0] else {
        Issue.record("\(errors)")
        return
      }
      #expect(refusal.retryAfter == .seconds(7))
      #expect(errors[1]?.mayHaveBeenDone == true)
      #expect(errors[2]?.mayHaveBeenDone == false)
      let beyond = await failure { () async throws(HubSpotError) in try await second.account() }
      guard case .transport(.notSent(.requestRefused, let detail)) = beyond else {
        Issue.record("\(String(describing: beyond))")
        return
      }
      #expect(detail == "the recording has no (further) answer to GET /account-info/2026-09/details")
    }
  }

  @Test("a recording is made for its owner alone and never written over")
  func file() async throws {
    try await withFile { path in
      let recorder = try Recorder(path: path, startedAt: 7) { _ in }
      withExtendedLifetime(recorder) {}
      var status = stat()
      #expect(stat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
      #expect(throws: Recorder.Problem.exists(path: path)) { try Recorder(path: path, startedAt: 7) { _ in } }
      #expect(throws: Recorder.Problem.self) { try Recorder(path: "/no/such/folder/x", startedAt: 7) { _ in } }
    }
    let head = #"{"recording":1,"startedAt":7}"#
    let exchange = #"{"method":"GET","path":"/","status":200}"#
    let broken = [head, exchange, "{\"method\":1}", ""].joined(separator: "\n")
    #expect(throws: Recording.Problem.badLine(3)) { try Recording(Array(broken.utf8)) }
    // The end of a process may have cut the last line.
    #expect(try Recording(Array([head, exchange, "{\"meth"].joined(separator: "\n").utf8)).exchanges.count == 1)
    for text in ["", "\n", exchange + "\n", "{\"recording\":2,\"startedAt\":7}\n", "\u{0}\u{1}\n"] {
      #expect(throws: Recording.Problem.notARecording) { try Recording(Array(text.utf8)) }
    }
  }

  @Test("a full disk ends a recording with a word, once")
  func fullDisk() async throws {
    // Every write to this device fails as on a full disk.
    let said = Mutex<[String]>([])
    let recorder = Recorder(descriptor: open("/dev/full", O_WRONLY), path: "x") { text in
      said.withLock { $0.append(text) }
    }
    let client = try client(FakeTransport(Array(repeating: .reply(200, #"{"portalId":1}"#), count: 3)), [recorder])
    for _ in 0..<3 { _ = try await client.account() }
    #expect(said.withLock { $0 } == ["the recording x cannot be written any more: No space left on device"])
  }

  @Test("metrics in the text format of Prometheus")
  func metrics() async throws {
    let metrics = RequestMetrics()
    let transport = FakeTransport([
      .reply(200, #"{"portalId":1}"#), .reply(503), .failure(.notSent(.connection, detail: "")),
    ])
    let client = try client(transport, [metrics])
    for _ in 0..<3 { _ = await failure { () async throws(HubSpotError) in try await client.account() } }
    let text = metrics.text(prefix: "lis")
    for line in [
      "# TYPE lis_requests_total counter", #"lis_requests_total{operation="account",status="200"} 1"#,
      #"lis_requests_total{operation="account",status="503"} 1"#,
      #"lis_requests_total{operation="account",status="none"} 1"#,
      #"lis_request_duration_seconds_bucket{operation="account",le="0.025"} 3"#,
      #"lis_request_duration_seconds_bucket{operation="account",le="+Inf"} 3"#,
      #"lis_request_duration_seconds_count{operation="account"} 3"#,
    ] { #expect(text.contains(line + "\n"), "\(line)") }
  }
}
