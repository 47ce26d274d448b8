import Hummingbird
import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A request's surroundings: the connection it came over, which some faults end.
struct PortalContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let connection: Connection

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    connection = Connection(channel: source.channel)
  }
}

/// One client's connection.
struct Connection: Sendable {
  let channel: any Channel

  /// Ends it at once. What was written before is sent first, as far as the other side takes it.
  func close() async { try? await channel.close(mode: .all).get() }

  /// Ends it with a reset: closing a socket that must not linger drops what is unsent and tells the other side.
  func reset() async {
    if let options = channel as? any SocketOptionProvider {
      try? await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
    }
    await close()
  }
}
