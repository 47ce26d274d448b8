import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Writes down when the head of a request arrived, before anything else is done with it: on a busy machine a request
/// may wait for its turn, and the limits must not count that wait.
///
/// The moment travels in a header field of its own, which replaces one that a client sent.
final class ArrivalStamp: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  private let clock: WriteClock

  init(_ clock: WriteClock) { self.clock = clock }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    if case .head(var head) = part {
      head.headerFields[.practiceArrival] = String(clock.microseconds)
      part = .head(head)
    }
    context.fireChannelRead(wrapInboundOut(part))
  }
}

extension HTTPField.Name {
  /// The names are valid tokens; the fallback only satisfies the optional initializer.
  static func named(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .server }

  static let practiceArrival = named("X-Practice-Arrival")
}
