import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

@testable import PracticePortal

/// One HTTP answer.
struct Reply: Sendable {
  var status: Int
  var headers: [String: String]
  var body: String

  /// The body as JSON; `null` when it is empty or not JSON.
  var json: JSON { (try? JSONParser.parse(Array(body.utf8))) ?? .null }

  subscript(_ path: PathStep...) -> JSON { json.at(path) }
}

/// A member name or a list index.
enum PathStep: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  case member(String)
  case index(Int)
  init(stringLiteral value: String) { self = .member(value) }
  init(integerLiteral value: Int) { self = .index(value) }
}

extension JSON {
  func at(_ path: [PathStep]) -> JSON {
    var here = self
    for step in path {
      switch step {
      case .member(let name): here = here[name] ?? .null
      case .index(let index):
        guard let items = here.items, items.indices.contains(index) else { return .null }
        here = items[index]
      }
    }
    return here
  }

  subscript(_ path: PathStep...) -> JSON { at(path) }
}

/// A small HTTP/1.1 client for tests: one connection for each request.
struct TestClient: Sendable {
  var port: Int
  var token: String? = "test-token"

  func send(
    _ method: String, _ path: String, _ body: String? = nil, contentType: String? = "application/json",
    headers extra: [(String, String)] = []
  ) async throws -> Reply {
    var headers = HTTPHeaders([("Host", "127.0.0.1:\(port)"), ("Connection", "close")])
    if let token { headers.add(name: "Authorization", value: "Bearer \(token)") }
    if let body {
      if let contentType { headers.add(name: "Content-Type", value: contentType) }
      headers.add(name: "Content-Length", value: String(body.utf8.count))
    }
    for (name, value) in extra { headers.replaceOrAdd(name: name, value: value) }
    let head = HTTPRequestHead(version: .http1_1, method: .init(rawValue: method), uri: path, headers: headers)
    return try await exchange(head, body)
  }

  private func exchange(_ head: HTTPRequestHead, _ body: String?) async throws -> Reply {
    let group = MultiThreadedEventLoopGroup.singleton
    let promise = group.next().makePromise(of: Reply.self)
    let channel = try await ClientBootstrap(group: group)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(ReplyCollector(promise))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    if let body { channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: body))), promise: nil) }
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    return try await promise.futureResult.get()
  }

  func get(_ path: String) async throws -> Reply { try await send("GET", path) }
  func post(_ path: String, _ body: String) async throws -> Reply { try await send("POST", path, body) }
  func patch(_ path: String, _ body: String) async throws -> Reply { try await send("PATCH", path, body) }
  func delete(_ path: String) async throws -> Reply { try await send("DELETE", path) }
}

private final class ReplyCollector: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  struct Closed: Error {}

  private let promise: EventLoopPromise<Reply>
  private var reply = Reply(status: 0, headers: [:], body: "")

  init(_ promise: EventLoopPromise<Reply>) { self.promise = promise }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      reply.status = Int(head.status.code)
      for (name, value) in head.headers { reply.headers[name.lowercased()] = value }
    case .body(let buffer): reply.body += String(buffer: buffer)
    case .end:
      promise.succeed(reply)
      context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    promise.fail(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { promise.fail(Closed()) }
}

/// Starts a server in memory, hands a client to the test, and stops the server.
func withPortal(
  _ configuration: PortalConfiguration = PortalConfiguration(),
  _ body: (TestClient, PracticePortalServer) async throws -> Void
) async throws {
  let server = try await PracticePortalServer.start(configuration)
  do {
    try await body(TestClient(port: server.port), server)
  } catch {
    try await server.stop()
    throw error
  }
  try await server.stop()
}

/// JSON text of a value made from literals, for request bodies.
func quoted(_ text: String) -> String {
  var writer = JSONWriter()
  writer.value(text)
  return String(decoding: writer.bytes, as: UTF8.self)
}

extension TestClient {
  static let items = "/crm/v3/objects/line_items"

  /// Creates a line item and answers its id.
  func item(_ properties: String) async throws -> String {
    let reply = try await post(Self.items, "{\"properties\":\(properties)}")
    guard reply.status == 201, let id = reply["id"].text else { throw UnexpectedReply(reply: reply) }
    return id
  }

  func deal(_ name: String = "Deal") async throws -> String {
    let reply = try await post("/crm/v3/objects/deals", "{\"properties\":{\"dealname\":\(quoted(name))}}")
    guard reply.status == 201, let id = reply["id"].text else { throw UnexpectedReply(reply: reply) }
    return id
  }

  func uniqueProperty(_ name: String = "erp_key") async throws {
    let reply = try await post(
      "/crm/v3/properties/line_items",
      """
      {"name":"\(name)","label":"Key","groupName":"lineiteminformation","type":"string","fieldType":"text",
       "hasUniqueValue":true}
      """)
    guard reply.status == 201 else { throw UnexpectedReply(reply: reply) }
  }
}

struct UnexpectedReply: Error { var reply: Reply }

/// A fresh directory that is removed afterwards.
func withDirectory(_ body: (String) async throws -> Void) async throws {
  let path = FileManager.default.temporaryDirectory.path + "/practice-portal-\(CorrelationId.make())"
  defer { try? FileManager.default.removeItem(atPath: path) }
  try await body(path)
}
