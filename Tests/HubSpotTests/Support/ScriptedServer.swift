import Glibc
import Synchronization

/// A small HTTP server on loopback that answers one request after the other from a list. Plain sockets, a thread per connection.
final class ScriptedServer: Sendable {
  enum Reply: Sendable {
    /// A status line, headers and a body with its length; the connection stays open.
    case answer(Int, headers: [String] = [], body: [UInt8])
    /// Exactly these bytes, then the connection is closed.
    case raw([UInt8])
    /// These bytes, then a reset.
    case reset(after: [UInt8])
    /// These bytes at once, then one more byte for each interval in which the client does not hang up.
    case drip([UInt8], milliseconds: Int32)
    /// These bytes again and again until the client hangs up.
    case endless(head: [UInt8], piece: [UInt8])
    /// Nothing until the client hangs up.
    case silence
    /// These bytes before any request is read, then the connection is closed. For servers of another protocol.
    case greeting([UInt8])

    static func json(_ text: String, status: Int = 200) -> Reply {
      .answer(status, headers: ["Content-Type: application/json;charset=utf-8"], body: Array(text.utf8))
    }
  }

  struct Request: Sendable {
    let method: String
    let target: String
    let headers: [String: String]
    let body: [UInt8]
  }

  enum Event: Sendable {
    case request(Request)
    case hungUp
  }

  private struct State {
    var replies: [Reply]
    var requests: [Request] = []
    var connections: Set<Int32> = []
    var connectionCount = 0
    var isListening = false
  }

  let port: Int
  /// Requests as they arrive, and connections that the client closed while an answer was being held back.
  let events: AsyncStream<Event>
  private let emit: AsyncStream<Event>.Continuation
  private let listener: Int32
  private let state: Mutex<State>

  var base: String { "http://127.0.0.1:\(port)" }
  var requests: [Request] { state.withLock { $0.requests } }
  var connectionCount: Int { state.withLock { $0.connectionCount } }

  /// - Parameter listens: false refuses connections until `listen` is called.
  init(_ replies: [Reply], listens: Bool = true) throws {
    (listener, port) = try Socket.reserve()
    state = Mutex(State(replies: replies))
    (events, emit) = AsyncStream.makeStream()
    if listens { listen() }
  }

  /// Accepts connections from now on.
  func listen() {
    guard Socket.listen(listener) else { return }
    state.withLock { $0.isListening = true }
    startThread { self.acceptAll() }
  }

  /// Closes the listener and every connection.
  func stop() {
    // The thread that accepts closes the listener itself.
    if state.withLock({ $0.isListening }) { shutdown(listener, Int32(SHUT_RDWR)) } else { close(listener) }
    for connection in state.withLock({ $0.connections }) { shutdown(connection, Int32(SHUT_RDWR)) }
    emit.finish()
  }

  private func acceptAll() {
    while true {
      let connection = accept(listener, nil, nil)
      if connection < 0 { break }
      state.withLock {
        $0.connections.insert(connection)
        $0.connectionCount += 1
      }
      startThread {
        self.serve(connection)
        self.state.withLock { _ = $0.connections.remove(connection) }
        close(connection)
      }
    }
    close(listener)
  }

  private func serve(_ connection: Int32) {
    if case .greeting(let bytes) = state.withLock({ $0.replies.first }) {
      _ = Socket.write(bytes, to: connection)
      return
    }
    while let request = Socket.readRequest(connection) {
      let reply = state.withLock { state in
        state.requests.append(request)
        return state.replies.isEmpty ? Reply.raw([]) : state.replies.removeFirst()
      }
      emit.yield(.request(request))
      if !send(reply, to: connection) { return }
    }
  }

  /// False when the connection shall not be used any more.
  private func send(_ reply: Reply, to connection: Int32) -> Bool {
    switch reply {
    case .answer(let status, let headers, let body):
      let lines = ["HTTP/1.1 \(status) Status", "Content-Length: \(body.count)"] + headers
      return Socket.write(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body, to: connection)
    case .raw(let bytes), .greeting(let bytes):
      _ = Socket.write(bytes, to: connection)
      return false
    case .reset(let bytes):
      _ = Socket.write(bytes, to: connection)
      Socket.resetOnClose(connection)
      return false
    case .drip(let bytes, let milliseconds):
      _ = Socket.write(bytes, to: connection)
      while !Socket.hasHungUp(connection, within: milliseconds) && Socket.write([0x20], to: connection) {}
      emit.yield(.hungUp)
      return false
    case .endless(let head, let piece):
      _ = Socket.write(head, to: connection)
      while Socket.write(piece, to: connection) {}
      emit.yield(.hungUp)
      return false
    case .silence:
      _ = Socket.hasHungUp(connection, within: -1)
      emit.yield(.hungUp)
      return false
    }
  }
}

/// Runs a body with a server that is stopped afterwards.
func withServer<Output>(
  _ replies: [ScriptedServer.Reply], _ body: (ScriptedServer) async throws -> Output
) async throws -> Output {
  let server = try ScriptedServer(replies)
  defer { server.stop() }
  return try await body(server)
}

/// Runs a closure on a thread of its own.
func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let context = Unmanaged.passRetained(Box(body)).toOpaque()
  let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
    if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
    return nil
  }
  if pthread_create(&thread, nil, main, context) == 0 { pthread_detach(thread) }
}
