import Testing

@testable import PracticePortal

@Suite struct ServerTests {
  @Test func accountOwnersAndPipelines() async throws {
    try await withPortal { client, _ in
      for path in ["/account-info/v3/details", "/account-info/2026-03/details"] {
        let account = try await client.get(path)
        #expect(account["portalId"] == .number("1234567") && account["companyCurrency"] == .string("EUR"))
      }
      let owners = try await client.get("/crm/v3/owners/?limit=2&archived=False")
      #expect(owners["results"].items?.count == 2 && owners["paging", "next", "after"].text != nil)
      let archived = try await client.get("/crm/owners/2026-03?archived=true")
      #expect(archived["results", 0, "userId"] == .null)
      #expect(try await client.get("/crm/v3/owners/9100101?idProperty=userId")["id"] == .string("71200101"))
      #expect(try await client.get("/crm/v3/owners/1").status == 404)
      let pipelines = try await client.get("/crm/v3/pipelines/deals")
      #expect(pipelines["results", 0, "stages", 5, "metadata", "isClosed"] == .string("true"))
      #expect(pipelines["results", 0, "createdAt"] == .string("1970-01-01T00:00:00Z"))
      #expect(try await client.get("/crm/v3/pipelines/line_items")["results"] == .array([]))
    }
  }

  @Test func burstHeadersAreWhereHubSpotSendsThem() async throws {
    try await withPortal(PortalConfiguration(rateLimit: RateLimit(requests: 50))) { client, _ in
      let list = try await client.get(TestClient.items)
      #expect(list.headers["x-hubspot-ratelimit-max"] == "50")
      #expect(list.headers["x-hubspot-ratelimit-remaining"] == "49")
      #expect(list.headers["x-hubspot-ratelimit-interval-milliseconds"] == "10000")
      let search = try await client.post(SearchTests.path, "{}")
      #expect(search.headers["x-hubspot-ratelimit-max"] == nil)
      #expect(search.headers["x-hubspot-correlation-id"] != nil)
    }
  }

  @Test func theBurstLimitAnswers429() async throws {
    let limit = RateLimit(requests: 3, intervalMilliseconds: 600_000, searchesPerSecond: 1000)
    try await withPortal(PortalConfiguration(rateLimit: limit)) { client, _ in
      for _ in 0..<3 { #expect(try await client.get(TestClient.items).status == 200) }
      let refused = try await client.get(TestClient.items)
      #expect(refused.status == 429)
      #expect(refused["errorType"] == .string("RATE_LIMIT"))
      #expect(refused["policyName"] == .string("TEN_SECONDLY_ROLLING"))
      #expect(refused["message"] == .string("You have reached your ten_secondly_rolling limit."))
      #expect(try await client.post(SearchTests.path, "{}").status == 200)
    }
  }

  @Test func theSearchLimitHasItsOwnBody() throws {
    let limiter = RateLimiter(RateLimit(searchesPerSecond: 2))
    for time in [1_000_000, 1_500_000] as [Int64] {
      #expect(try limiter.take(.searchObjects(.deals), arrival: time) == nil)
    }
    #expect(throws: Refusal.secondlyLimit) { try limiter.take(.searchObjects(.lineItems), arrival: 1_999_999) }
    #expect(try limiter.take(.searchObjects(.deals), arrival: 2_000_000) == nil)
    let body = String(decoding: ErrorEnvelope.body(.secondlyLimit, correlationId: "c"), as: UTF8.self)
    #expect(
      body
        == #"{"status":"error","message":"You have reached your secondly limit.","correlationId":"c","category":"RATE_LIMITS"}"#
    )
  }

  @Test func theWindowSlides() throws {
    let limiter = RateLimiter(RateLimit(requests: 2, intervalMilliseconds: 100))
    for time in [0, 50_000] as [Int64] { _ = try limiter.take(.listOwners, arrival: time) }
    #expect(throws: Refusal.tenSecondlyLimit) { try limiter.take(.listOwners, arrival: 99_999) }
    #expect(try limiter.take(.listOwners, arrival: 100_000)?.remaining == 0)
    #expect(throws: Refusal.tenSecondlyLimit) { try limiter.take(.listOwners, arrival: 149_999) }
  }

  @Test func theRequestLogHoldsEveryRequest() async throws {
    try await withPortal { client, server in
      _ = try await client.get(TestClient.items + "?limit=1")
      _ = try await client.post(
        BatchTests.batch + "/create", #"{"inputs":[{"properties":{"name":"a"}},{"properties":{"name":"b"}}]}"#)
      _ = try await TestClient(port: client.port, token: nil).get("/nowhere")
      let log = try await server.requestLog()
      #expect(log.map(\.method) == ["GET", "POST", "GET"])
      #expect(log.map(\.path) == [TestClient.items + "?limit=1", BatchTests.batch + "/create", "/nowhere"])
      #expect(log.map(\.status) == [200, 201, 401])
      #expect(log.map(\.inputs) == [nil, 2, nil])
      #expect(log.allSatisfy { $0.milliseconds > 0 && Timestamp.parseDateTime($0.time) != nil })
    }
  }

  @Test func everythingSurvivesARestart() async throws {
    try await withDirectory { directory in
      let configuration = PortalConfiguration(data: .directory(directory), seed: .lineItems(3))
      var id = ""
      try await withPortal(configuration) { client, _ in
        try await client.uniqueProperty()
        id = try await client.item(#"{"name":"kept","erp_key":"K","price":"1"}"#)
        _ = try await client.patch(TestClient.items + "/\(id)", #"{"properties":{"price":"2"}}"#)
      }
      try await withPortal(configuration) { client, server in
        let reply = try await client.get(
          TestClient.items + "/K?idProperty=erp_key&properties=name&propertiesWithHistory=price")
        #expect(reply["properties", "name"] == .string("kept"))
        #expect(reply["propertiesWithHistory", "price"].items?.count == 2)
        #expect(try await client.post(SearchTests.path, "{}")["total"] == .number("4"))
        let next = try await client.item(#"{"name":"next"}"#)
        #expect(next > id)
        #expect(try await server.requestLog().count == 6)
      }
    }
  }

  @Test func aDirectoryHasOneServerAndCanBeResetAndSeeded() async throws {
    try await withDirectory { directory in
      let configuration = PortalConfiguration(data: .directory(directory), seed: .lineItems(2))
      try await withPortal(configuration) { _, _ in
        await #expect(throws: PortalError.dataDirectoryInUse(directory: directory)) {
          _ = try await PracticePortalServer.start(configuration)
        }
        #expect(throws: PortalError.dataDirectoryInUse(directory: directory)) {
          try PracticePortalStore.reset(directory: directory)
        }
      }
      await #expect(throws: PortalError.storeNotEmpty(directory: directory)) {
        try await PracticePortalStore.seed(directory: directory, seed: .lineItems(1))
      }
      try PracticePortalStore.reset(directory: directory)
      try await PracticePortalStore.seed(directory: directory, seed: .lineItems(5))
      try await withPortal(configuration) { client, _ in
        let reply = try await client.post(SearchTests.path, "{}")
        #expect(reply["total"] == .number("5"))
      }
    }
  }

  @Test func errorsOfStarting() async throws {
    try await withPortal { _, server in
      await #expect(throws: PortalError.portTaken(host: "127.0.0.1", port: server.port)) {
        _ = try await PracticePortalServer.start(PortalConfiguration(port: server.port))
      }
    }
    for host in ["0.0.0.0", "example.org", "192.168.1.1", "127.0.0.1.evil.org", ""] {
      await #expect(throws: PortalError.hostNotLoopback(host: host)) {
        _ = try await PracticePortalServer.start(PortalConfiguration(host: host))
      }
    }
    await #expect(throws: PortalError.portOutOfRange(port: 70_000)) {
      _ = try await PracticePortalServer.start(PortalConfiguration(port: 70_000))
    }
    await #expect(throws: PortalError.seedOutOfRange(count: -1, limit: Seeder.limit)) {
      _ = try await PracticePortalServer.start(PortalConfiguration(seed: .lineItems(-1)))
    }
    await #expect(throws: PortalError.self) {
      _ = try await PracticePortalServer.start(PortalConfiguration(data: .directory("/dev/null/x")))
    }
  }

  @Test func aStoreOfANewerVersionIsRefused() async throws {
    try await withDirectory { directory in
      let configuration = PortalConfiguration(data: .directory(directory))
      let store = try PortalStore.open(configuration.data)
      try await store.database.write { try $0.execute(sql: "PRAGMA user_version = 99") }
      try store.close()
      await #expect(throws: PortalError.storeTooNew(directory: directory, found: 99, supported: StoreSchema.version)) {
        _ = try await PracticePortalServer.start(configuration)
      }
    }
  }

  @Test func severalServersRunAtOnceAndStopTwice() async throws {
    let first = try await PracticePortalServer.start(PortalConfiguration())
    let second = try await PracticePortalServer.start(PortalConfiguration())
    #expect(first.port != second.port && first.url == "http://127.0.0.1:\(first.port)")
    _ = try await TestClient(port: first.port).item(#"{"name":"a"}"#)
    #expect(try await TestClient(port: second.port).get(TestClient.items)["results"] == .array([]))
    try await first.stop()
    try await first.stop()
    try await second.stop()
  }

  @Test func latencyDelaysEveryAnswer() async throws {
    try await withPortal(PortalConfiguration(latencyMilliseconds: 30)) { client, server in
      _ = try await client.get(TestClient.items)
      #expect(try await server.requestLog().allSatisfy { $0.milliseconds >= 30 })
    }
  }

  @Test func aRunningRequestIsAnsweredBeforeTheServerStops() async throws {
    let server = try await PracticePortalServer.start(PortalConfiguration(latencyMilliseconds: 200))
    let client = TestClient(port: server.port)
    async let reply = client.post(TestClient.items, #"{"properties":{"name":"a"}}"#)
    // The write is in the store before its answer is delayed, so once it is found the request is being answered.
    while try await client.post(SearchTests.path, "{}")["total"] == .number("0") {}
    try await server.stop()
    #expect(try await reply.status == 201)
  }

  @Test func concurrentWritesAllArrive() async throws {
    try await withPortal { client, _ in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for index in 0..<40 {
          group.addTask { try await client.post(TestClient.items, "{\"properties\":{\"name\":\"n\(index)\"}}").status }
        }
        for try await status in group { #expect(status == 201) }
      }
      #expect(try await client.post(SearchTests.path, "{}")["total"] == .number("40"))
    }
  }
}
