import Testing

@testable import HubSpot

/// What goes wrong on the way, and whether the failure says that something may have been sent.
@Suite("Transport faults", .timeLimit(.minutes(1)))
struct TransportFaultTests {
  private static func head(_ status: Int = 200, length: Int) -> [UInt8] {
    Array("HTTP/1.1 \(status) X\r\nContent-Length: \(length)\r\n\r\n".utf8)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let reply: ScriptedServer.Reply
    let causes: Set<TransportFailure.Cause>
    var options = TransportOptions()
    var timeout = Duration.seconds(20)
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row(name: "reset before a reply", reply: .reset(after: []), causes: [.connectionLost]),
    Row(name: "closed before a reply", reply: .raw([]), causes: [.connectionLost]),
    Row(
      name: "reset within the headers", reply: .reset(after: Array("HTTP/1.1 200 OK\r\nA".utf8)),
      causes: [.replyCut, .connectionLost]),
    Row(name: "closed within the body", reply: .raw(head(length: 10) + [1, 2, 3]), causes: [.replyCut]),
    Row(
      name: "chunks without an end",
      reply: .raw(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab".utf8)), causes: [.replyCut]),
    Row(
      name: "not HTTP", reply: .raw(Array("SSH-2.0-OpenSSH\r\n\r\n".utf8)),
      causes: [.malformedReply, .requestRefused, .other]),
    Row(
      name: "not gzip", reply: .answer(200, headers: ["Content-Encoding: gzip"], body: [1, 2, 3, 4]),
      causes: [.replyCut]),
    Row(name: "silence", reply: .silence, causes: [.timeout], timeout: .seconds(1)),
    Row(
      name: "a slow drip", reply: .drip(head(length: 1_000_000), milliseconds: 20), causes: [.timeout],
      options: TransportOptions(lowSpeedBytesPerSecond: 1_000, lowSpeedPeriod: .seconds(1))),
    Row(
      name: "a drip past the overall limit", reply: .drip(head(length: 1_000_000), milliseconds: 20),
      causes: [.timeout],
      timeout: .seconds(1)),
    Row(
      name: "a body past the bound", reply: .answer(200, body: Array(repeating: 1, count: 5_001)),
      causes: [.replyTooLarge],
      options: TransportOptions(bodyLimit: 5_000)),
    Row(
      name: "an endless body",
      reply: .endless(head: Array("HTTP/1.1 200 OK\r\n\r\n".utf8), piece: Array(repeating: 1, count: 65_536)),
      causes: [.replyTooLarge]),
    Row(
      name: "endless headers",
      reply: .endless(
        head: Array("HTTP/1.1 200 OK\r\n".utf8),
        piece: Array(("X: " + String(repeating: "y", count: 500) + "\r\n").utf8)),
      causes: [.replyTooLarge]),
  ]

  @Test("after sending", arguments: rows)
  func afterSending(_ row: Row) async throws {
    try await withServer([row.reply]) { server in
      let transport = CurlTransport(options: row.options)
      let request = try TransportTests.request(server, .post, body: "{}", timeout: row.timeout)
      let failure = await TransportTests.failure(transport, request)
      #expect(failure?.mayHaveBeenSent == true)
      #expect(failure.map { row.causes.contains($0.cause) } == true, "\(String(describing: failure))")
      #expect(server.requests.count == 1)
    }
  }

  @Test("nobody listens")
  func refusedConnection() async throws {
    let (descriptor, port) = try Socket.listen()
    Socket.closeNow(descriptor)
    let request = HTTPRequest(method: .post, url: "http://127.0.0.1:\(port)/", body: [1], timeout: .seconds(5))
    let failure = await TransportTests.failure(CurlTransport(), request)
    #expect(failure?.cause == .connection)
    #expect(failure?.mayHaveBeenSent == false)
  }

  @Test("a name that does not exist")
  func unknownName() async throws {
    let request = HTTPRequest(method: .post, url: "https://no-such-host.invalid/", body: [1], timeout: .seconds(20))
    let failure = await TransportTests.failure(CurlTransport(), request)
    #expect(failure?.mayHaveBeenSent == false)
    #expect(failure?.isTransient == true)
  }

  @Test("the body of an error is kept to its bound, and is an answer all the same", arguments: [400, 500, 429])
  func longErrorBody(_ status: Int) async throws {
    try await withServer([.answer(status, body: Array(repeating: 0x61, count: 1 << 20))]) { server in
      let response = try await CurlTransport().send(TransportTests.request(server))
      #expect(response.status == status)
      #expect(response.body.count == 64 << 10)
    }
  }

  /// libcurl by itself repeats a request on a new connection when a kept one closes without a reply. A server that did
  /// the work before it closed would then do it twice.
  @Test("a write on a kept connection that closes is not sent twice")
  func noHiddenRetry() async throws {
    try await withServer([.answer(200, body: []), .raw([]), .answer(200, body: [])]) { server in
      let transport = CurlTransport()
      _ = try await transport.send(TransportTests.request(server, .post, body: #"{"n":1}"#))
      let failure = await TransportTests.failure(
        transport, try TransportTests.request(server, .post, body: #"{"n":2}"#))
      #expect(failure?.cause == .connectionLost)
      #expect(failure?.mayHaveBeenSent == true)
      #expect(server.requests.map { text($0.body) } == [#"{"n":1}"#, #"{"n":2}"#])
    }
  }

  @Test("a cancelled task ends the transfer")
  func cancellation() async throws {
    try await withServer([.silence]) { server in
      let transport = CurlTransport()
      let request = try TransportTests.request(server, .post, body: "{}")
      let task = Task { await TransportTests.failure(transport, request) }
      var events = server.events.makeAsyncIterator()
      guard case .request = await events.next() else {
        Issue.record("no request arrived")
        return
      }
      task.cancel()
      #expect(await task.value == .maybeSent(.cancelled, detail: ""))
      guard case .hungUp = await events.next() else {
        Issue.record("the connection stayed open")
        return
      }
    }
  }

  @Test("a task that is cancelled already sends nothing")
  func cancelledBefore() async throws {
    try await withServer([.answer(200, body: [])]) { server in
      let request = try TransportTests.request(server)
      let task = Task {
        // The task waits for its own cancellation before it sends.
        await Gate.untilCancelled()
        return await TransportTests.failure(CurlTransport(), request)
      }
      task.cancel()
      #expect(await task.value == .notSent(.cancelled, detail: ""))
      #expect(server.connectionCount == 0)
    }
  }

  @Test("closing the transport cancels what is under way")
  func closing() async throws {
    try await withServer([.silence]) { server in
      let transport = CurlTransport()
      let request = try TransportTests.request(server)
      let task = Task { await TransportTests.failure(transport, request) }
      var events = server.events.makeAsyncIterator()
      _ = await events.next()
      await transport.close()
      #expect(await task.value == .maybeSent(.cancelled, detail: ""))
    }
  }
}

enum Gate {
  /// Returns when the current task has been cancelled.
  static func untilCancelled() async {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    await withTaskCancellationHandler {
      for await _ in stream {}
    } onCancel: {
      continuation.finish()
    }
  }
}
