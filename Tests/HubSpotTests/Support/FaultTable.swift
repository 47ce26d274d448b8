import Testing

@testable import HubSpot

/// The three columns of the fault matrix: what may be sent again differs between them.
enum FaultColumn: Sendable, CaseIterable {
  /// Changes nothing.
  case read
  /// Updates, archives and upserts by a unique property: reading tells afterwards whether they were done.
  case keyed
  /// Creates without a key of their own: nothing tells whether one that was lost was done.
  case create
}

/// One operation of the library as a cell drives it.
struct FaultOperation: Sendable {
  let name: String
  let column: FaultColumn
  /// True when the reply accounts for the one input.
  let run: @Sendable (HubSpotClient) async throws(HubSpotError) -> Bool

  private static let keyed = ObjectInput(id: "A", idProperty: "k", values: ["k": "A", "a": "x"], traceID: "t")
  private static let update = ObjectInput(id: "1", values: ["a": "x"], traceID: "t")
  private static let fresh = ObjectInput(values: ["a": "x"], traceID: "t")

  static let all: [FaultOperation] = [
    FaultOperation(name: "get", column: .read) { client async throws(HubSpotError) in
      try await client.get(GetRequest(type: .lineItems, id: "1", properties: ["a"])).id == "1"
    },
    FaultOperation(name: "list", column: .read) { client async throws(HubSpotError) in
      try await client.listPage(ListRequest(type: .lineItems, properties: ["a"])).results.count == 1
    },
    FaultOperation(name: "search", column: .read) { client async throws(HubSpotError) in
      try await client.searchPage(SearchRequest(type: .lineItems, properties: ["a"])).results.count == 1
    },
    FaultOperation(name: "batch read", column: .read) { client async throws(HubSpotError) in
      let request = BatchReadRequest(type: .lineItems, ids: ["1"], properties: ["a"])
      return try await client.batchRead(request).succeeded.count == 1
    },
    FaultOperation(name: "update", column: .keyed) { client async throws(HubSpotError) in
      try await client.update(.lineItems, ObjectInput(id: "1", values: ["a": "x"])).id == "1"
    },
    FaultOperation(name: "batch update", column: .keyed) { client async throws(HubSpotError) in
      try await client.batchUpdate(.lineItems, [update]).succeeded.count == 1
    },
    FaultOperation(name: "batch archive", column: .keyed) { client async throws(HubSpotError) in
      try await client.batchArchive(.lineItems, ids: ["1"]).succeeded.count == 1
    },
    FaultOperation(name: "batch upsert", column: .keyed) { client async throws(HubSpotError) in
      try await client.batchUpsert(.lineItems, [keyed]).succeeded.count == 1
    },
    FaultOperation(name: "create", column: .create) { client async throws(HubSpotError) in
      try await client.create(.lineItems, ObjectInput(values: ["a": "x"])).id == "1"
    },
    FaultOperation(name: "batch create", column: .create) { client async throws(HubSpotError) in
      try await client.batchCreate(.lineItems, [fresh]).succeeded.count == 1
    },
  ]

  /// What every operation takes for success.
  static let good = ScriptedServer.Reply.json(
    #"{"id":"1","properties":{"a":"x","k":"A"},"#
      + #""results":[{"id":"1","objectWriteTraceId":"t","properties":{"a":"x","k":"A"}}]}"#)
}

/// What a cell of the matrix promises. Waits are milliseconds, with chance at one half.
enum FaultCell: Sendable {
  /// Done, once more after each wait; requests are one more than waits unless said otherwise.
  case done(_ waits: [Int] = [], requests: Int? = nil)
  /// Given up: certainly not done. The words are those of `word(_:)`.
  case stops(_ why: String, _ waits: [Int] = [])
  /// Sent once and reported as one that may have been done.
  case unknown(_ why: String)

  var waits: [Int] {
    switch self {
    case .done(let waits, _), .stops(_, let waits): waits
    case .unknown: []
    }
  }

  var requests: Int {
    if case .done(let waits, let requests) = self { requests ?? waits.count + 1 } else { waits.count + 1 }
  }

  /// Holds what an operation came to against the cell.
  func check(_ operation: FaultOperation, _ result: Result<Bool, HubSpotError>, _ client: HubSpotClient) {
    let what = "\(operation.name): \(result), waited \(client.statistics.totalRequests) requests"
    #expect(client.statistics.totalRequests == requests, "\(what)")
    switch (self, result) {
    case (.done, .success(let isProved)): #expect(isProved, "\(what)")
    case (.stops(let why, _), .failure(let error)):
      #expect(FaultCell.word(error) == why, "\(what)")
      #expect(!(error.mayHaveBeenDone && operation.column != .read), "\(what)")
    case (.unknown(let why), .failure(let error)):
      #expect(FaultCell.word(error) == why, "\(what)")
      #expect(error.mayHaveBeenDone, "\(what)")
    default: Issue.record("\(what)")
    }
  }

  /// The class of an error in a word or two.
  static func word(_ error: HubSpotError) -> String {
    switch error {
    case .api(let failure) where failure.rateLimit == .daily: "daily limit"
    case .api(let failure) where failure.isScope: "scope"
    case .api(let failure): "status \(failure.status)"
    case .transport(let failure): "\(failure.cause)"
    case .unexpectedBody: "body"
    case .redirectRefused: "redirect"
    case .credential: "credential"
    case .serverLoop: "server loop"
    case .invalidRequest: "invalid request"
    case .cancelled: "cancelled"
    }
  }
}

/// A row of the matrix: a fault and what becomes of it in each column.
struct FaultRow: Sendable, CustomTestStringConvertible {
  let name: String
  /// What the server answers first; then it answers well.
  let replies: [ScriptedServer.Reply]
  let read: FaultCell
  let keyed: FaultCell
  let create: FaultCell
  var options = TransportOptions()
  var timeout = Duration.seconds(20)
  var testDescription: String { name }

  /// The same in every column.
  init(_ name: String, _ replies: [ScriptedServer.Reply], all cell: FaultCell) {
    (self.name, self.replies, read, keyed, create) = (name, replies, cell, cell, cell)
  }

  init(_ name: String, _ replies: [ScriptedServer.Reply], read: FaultCell, keyed: FaultCell, create: FaultCell) {
    (self.name, self.replies, self.read, self.keyed, self.create) = (name, replies, read, keyed, create)
  }

  /// A reply that is lost in some way: a read is repeated after half a second, a write is not.
  init(lost name: String, _ reply: ScriptedServer.Reply, _ why: String) {
    self.init(name, [reply], read: .done([500]), keyed: .unknown(why), create: .unknown(why))
  }

  func cell(_ column: FaultColumn) -> FaultCell {
    switch column {
    case .read: read
    case .keyed: keyed
    case .create: create
    }
  }

  /// Runs every operation of every column against a server of its own, all at once.
  func check() async throws {
    try await withThrowingTaskGroup { group in
      for operation in FaultOperation.all { group.addTask { try await check(operation) } }
      try await group.waitForAll()
    }
  }

  private func check(_ operation: FaultOperation) async throws {
    let cell = cell(operation.column)
    try await withServer(replies + [FaultOperation.good]) { server in
      let clock = ManualClock()
      let transport = CurlTransport(options: options)
      var configuration = ClientConfiguration(
        baseURL: try BaseURL(server.base), token: try BearerToken("pat-na1-test"), transport: transport,
        timeout: timeout, clock: clock, random: { 0.5 })
      configuration.date = { 1_795_000_000 }
      let client = HubSpotClient(configuration)
      let result = await operation.result(client)
      cell.check(operation, result, client)
      #expect(clock.sleeps == cell.waits.map { .milliseconds($0) }, "\(operation.name)")
      #expect(server.requests.count == cell.requests, "\(operation.name)")
      // What is sent again is the same to the last byte.
      #expect(Set(server.requests.map(\.body)).count == 1, "\(operation.name)")
      await transport.close()
    }
  }
}

extension FaultOperation {
  func result(_ client: HubSpotClient) async -> Result<Bool, HubSpotError> {
    do throws(HubSpotError) { return .success(try await run(client)) } catch { return .failure(error) }
  }
}
