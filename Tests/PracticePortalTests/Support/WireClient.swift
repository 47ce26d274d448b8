import NIOCore
import NIOPosix

/// What a client sees on the wire, byte by byte: for answers that HTTP libraries refuse.
struct WireReply: Sendable {
  enum End: Sendable, Equatable {
    /// The server closed in order.
    case closed
    case reset
    /// As many bytes as wanted came, and the client closed.
    case enough
  }

  /// The first bytes, as many as were to be kept.
  var text: String
  var count: Int
  var end: End

  /// Behind the empty line.
  var body: Substring { text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? "" }

  func header(_ name: String) -> String? {
    for line in text.split(separator: "\r\n").dropFirst() {
      let sides = line.split(separator: ":", maxSplits: 1)
      if sides.count == 2, sides[0].lowercased() == name.lowercased() { return String(sides[1].drop { $0 == " " }) }
    }
    return nil
  }
}

extension TestClient {
  /// Sends a request and takes bytes until the connection ends, or so many have come.
  func wire(_ method: String, _ path: String, _ body: String = "", enough: Int = .max) async throws -> WireReply {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
    text += "Authorization: Bearer \(token ?? "")\r\n"
    if !body.isEmpty { text += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
    let request = text + "\r\n" + body
    let group = MultiThreadedEventLoopGroup.singleton
    let promise = group.next().makePromise(of: WireReply.self)
    let channel = try await ClientBootstrap(group: group)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(WireCollector(promise, enough: enough))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    try? await channel.writeAndFlush(ByteBuffer(string: request)).get()
    return try await promise.futureResult.get()
  }
}

private final class WireCollector: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let promise: EventLoopPromise<WireReply>
  private let enough: Int
  private var kept: [UInt8] = []
  private var count = 0
  private var end = WireReply.End.closed

  /// More than any answer that is looked at, and little beside a body without an end.
  private static let limit = 4 << 20

  init(_ promise: EventLoopPromise<WireReply>, enough: Int) {
    self.promise = promise
    self.enough = enough
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    count += buffer.readableBytes
    if kept.count < Self.limit { kept.append(contentsOf: buffer.readableBytesView) }
    if count >= enough, end == .closed {
      end = .enough
      context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if (error as? NIOCore.IOError)?.errnoCode == 104 { end = .reset }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    promise.succeed(WireReply(text: String(decoding: kept, as: UTF8.self), count: count, end: end))
  }
}
