import Dispatch
import FoundationEssentials
import GRDB
import Glibc
import HubSpot
import LisEngine
import LisSyntax
import PracticePortal
import Synchronization
import Testing

@testable import LisRuntime

/// A practice portal in memory, a journal in a file, and sessions that talk to the one and write to the other.
struct Rig: Sendable {
  let server: PracticePortalServer
  let transport: FaultTransport
  /// Reaches the portal past the faults, to arrange and to look.
  let client: HubSpotClient
  let folder: String
  var journal: String { folder + "/journal.db" }

  /// How a run is started.
  struct Options: Sendable {
    var apply = true
    var planOnly = false
    var readOnly = false
    var yes = false
    var expectedChanges: Int?
    var maximumChanges: Int?
    var answer: Answer?
    /// Happens while the question is open.
    var whileAsking: (@Sendable () async -> Void)?
    var clock = MovingClock()
    var run = "run"
    /// Collects garbage at every safepoint, so that a row that nobody holds is gone at once.
    var collectsAlways = false
    /// False sends nothing of a condition: every record is read and tested by the program.
    var pushesDown = true
    var readLimit: Int? = 10_000
    var retry = RetryPolicy(maximumAttempts: 4, baseDelay: .zero)
    /// Requests under way at once; one makes a run the same every time whatever fails in it.
    var concurrency = 1
    /// Waits take their time, for limits that are real.
    var waits = false
    var journal: (@Sendable (SQLiteJournal) -> any JournalStore)?
    /// Given the hand that stops the run.
    var onConnect: (@Sendable (Interrupter) -> Void)?
  }

  static let noon = 1_790_000_000_000

  /// Runs a program to its end, on a thread of its own as every session does.
  func run(_ program: String, _ options: Options = Options()) async throws -> Run {
    let before = try await server.requestLog().count
    let result = await OwnThread.run { session(program, options) }
    let log = try await server.requestLog().dropFirst(before)
    return Run(
      outcome: result.outcome, out: result.out, notes: result.notes, report: result.report, requests: Array(log))
  }

  private struct Result: Sendable {
    var outcome: RunOutcome
    var out: String
    var notes: String
    var report: Report?
  }

  private func session(_ program: String, _ options: Options) -> Result {
    let console = MemoryConsole()
    var settings = Session.Options(files: FileAccess(scriptFolder: folder, workingFolder: folder))
    settings.format = .ndjson
    settings.rules.apply = options.apply && !options.planOnly
    settings.rules.planOnly = options.planOnly
    settings.rules.readOnly = options.readOnly
    settings.rules.yes = options.yes
    settings.rules.expectedChanges = options.expectedChanges
    settings.rules.maximumChanges = options.maximumChanges
    settings.pushesDown = options.pushesDown
    settings.readLimit = options.readLimit
    let identity = RunIdentity(id: options.run, script: "test.lis", sourceHash: "", arguments: [])
    let answer = options.answer
    let ask: ((String) -> Answer)? = answer.map { answer in
      { _ in
        if let wait = options.whileAsking { OwnThread.wait(for: wait) }
        return answer
      }
    }
    let session = Session(console: console, options: settings, identity: identity, clock: options.clock, ask: ask) {
      let journal = try SQLiteJournal(path: self.journal)
      return PortalConnection(
        name: "test", client: try Rig.client(server, transport, options),
        journal: options.journal?(journal) ?? journal, clock: options.clock)
    }
    session.machine.collectsAlways = options.collectsAlways
    session.onConnect = { options.onConnect?($0) }
    let outcome = session.run(SourceText(name: "test.lis", text: program))
    session.closeRun(outcome)
    return Result(outcome: outcome, out: console.output, notes: console.notes, report: session.engine?.lastReport)
  }

  private static func client(
    _ server: PracticePortalServer, _ transport: some Transport, _ options: Options
  ) throws -> HubSpotClient {
    var configuration = try configuration(server, transport, options.retry)
    configuration.concurrencyLimit = options.concurrency
    if options.waits { configuration.clock = ContinuousClock() }
    return HubSpotClient(configuration)
  }

  static func client(
    _ server: PracticePortalServer, _ transport: some Transport, _ retry: RetryPolicy = .never,
    version: APIVersion = .standard
  ) throws -> HubSpotClient {
    HubSpotClient(try configuration(server, transport, retry, version: version))
  }

  private static func configuration(
    _ server: PracticePortalServer, _ transport: some Transport, _ retry: RetryPolicy,
    version: APIVersion = .standard
  ) throws -> ClientConfiguration {
    ClientConfiguration(
      baseURL: try BaseURL(server.url), token: try BearerToken("test-token"), version: version, transport: transport,
      retry: retry, clock: InstantClock(), random: { 0.5 })
  }

  // MARK: Arranging and looking

  /// Makes line items and gives their ids in the order given.
  @discardableResult
  func items(_ records: [[String: String]]) async throws -> [String] {
    var ids: [String] = []
    for start in stride(from: 0, to: records.count, by: 100) {
      let part = records[start..<min(start + 100, records.count)]
      let inputs = part.enumerated().map { index, record in
        ObjectInput(
          properties: record.sorted { $0.key < $1.key }.map { PropertyAssignment($0.key, $0.value) },
          traceID: "arrange-\(start)-\(index)")
      }
      let result = try await client.batchCreate(.lineItems, inputs)
      try #require(result.succeeded.count == inputs.count)
      ids += result.succeeded.map(\.id)
    }
    return ids
  }

  /// `count` items that differ in their names.
  func items(_ count: Int, _ record: [String: String] = ["price": "10.00", "hs_sku": "A"]) async throws -> [String] {
    try await items((0..<count).map { record.merging(["name": "Item \($0)"]) { given, _ in given } })
  }

  func deal(_ name: String = "Deal") async throws -> String {
    try await client.create(.deals, ObjectInput(values: ["dealname": name])).id
  }

  func value(_ id: String, _ property: String) async throws -> String {
    try await client.get(GetRequest(type: .lineItems, id: id, properties: [property])).text(property)
  }

  func set(_ id: String, _ property: String, _ value: String) async throws {
    _ = try await client.update(
      .lineItems, ObjectInput(id: id, properties: [PropertyAssignment(property, value)]))
  }

  /// Values of all items by id, in one search.
  func values(_ property: String) async throws -> [String: String] {
    var values: [String: String] = [:]
    var after: String?
    repeat {
      let page = try await client.listPage(ListRequest(type: .lineItems, properties: [property], after: after))
      for item in page.results { values[item.id] = item.text(property) }
      after = page.nextAfter
    } while after != nil
    return values
  }

  func file(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
  }

  /// Rows of the journal by a connection of its own, which sees only what has been committed.
  func journalled(_ sql: String) throws -> [Row] {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: journal, configuration: configuration).read { try Row.fetchAll($0, sql: sql) }
  }
}

/// What came of a run.
struct Run: Sendable {
  var outcome: RunOutcome
  var out: String
  var notes: String
  /// Of the last statement that was approved.
  var report: Report?
  var requests: [RequestLogEntry]

  var lines: [String] { out.split(separator: "\n").map(String.init) }

  /// Requests to the portal by what they were for.
  var kinds: [String: Int] {
    var kinds: [String: Int] = [:]
    for request in requests {
      kinds[FaultTransport.Sent(method: request.method, path: request.path, body: "").kind, default: 0] += 1
    }
    return kinds
  }

  var counts: ReportCounts? { report?.counts }
}

/// Starts a portal, hands the rig to the test and clears everything away.
func withRig(
  _ configuration: PortalConfiguration = PortalConfiguration(), _ body: (Rig) async throws -> Void
) async throws {
  let server = try await PracticePortalServer.start(configuration)
  let curl = CurlTransport()
  let folder = FileManager.default.temporaryDirectory.path + "/lis-engine-\(UInt64.random(in: 0...UInt64.max))"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let rig = Rig(
    server: server, transport: FaultTransport(curl), client: try Rig.client(server, curl), folder: folder)
  let result: Result<Void, any Error>
  do {
    try await body(rig)
    result = .success(())
  } catch { result = .failure(error) }
  await curl.close()
  try await server.stop()
  try? FileManager.default.removeItem(atPath: folder)
  try result.get()
}

/// Stands still until a test moves it.
final class MovingClock: EngineClock, Sendable {
  private let time = Mutex(Rig.noon)
  var now: Int { time.withLock { $0 } }
  func advance(_ milliseconds: Int) { time.withLock { $0 += milliseconds } }
}

/// A clock whose sleeps are over at once, so that waits cost no time.
final class InstantClock: Clock {
  struct Instant: InstantProtocol {
    let offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let state = Mutex(Instant(offset: .zero))
  var now: Instant { state.withLock { $0 } }
  let minimumResolution: Duration = .zero

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    state.withLock { $0 = max($0, deadline) }
  }
}

/// Keeps what a session writes.
final class MemoryConsole: Console {
  private var bytes: [UInt8] = []
  private var lines: [String] = []
  var output: String { String(decoding: bytes, as: UTF8.self) }
  var notes: String { lines.joined(separator: "\n") }
  var outIsTerminal: Bool { false }
  var noteIsTerminal: Bool { false }
  var width: Int { 80 }
  var usesColor: Bool { false }

  func out(_ bytes: [UInt8]) { self.bytes += bytes }
  func note(_ text: String) { lines.append(text) }
  func status(_ text: String?) {}
}

/// A thread with a stack for a session, outside of the pool that the server and the client live on.
enum OwnThread {
  private final class Job {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Blocks a thread of its own, never one of the pool.
  static func wait(for work: @escaping @Sendable () async -> Void) {
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      await work()
      done.signal()
    }
    done.wait()
  }

  static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      let job = Job { continuation.resume(returning: body()) }
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      pthread_attr_setstacksize(&attributes, 64 << 20)
      pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
      defer { pthread_attr_destroy(&attributes) }
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(job).toOpaque()
      let code = pthread_create(
        &thread, &attributes,
        { argument in
          if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
          return nil
        }, argument)
      precondition(code == 0, "no thread: \(code)")
    }
  }
}
