import CLineEdit
import Glibc

/// A pipe that signal handlers write to, so that a signal becomes something to wait for.
final class SignalPipe: Sendable {
  let reading: Int32
  private let writing: Int32

  /// Nil when the process has no descriptors left.
  init?() {
    var ends: (Int32, Int32) = (-1, -1)
    guard cledit_pipe(&ends.0, &ends.1) == 0 else { return nil }
    (reading, writing) = ends
  }

  deinit {
    close(reading)
    close(writing)
  }

  /// Lets a signal write `tag` here until the route is ended; nil when the signal cannot be caught, or is ignored and is
  /// to stay so.
  func route(_ signal: Int32, tag: UInt8, keepIgnored: Bool = false) -> SignalRoute? {
    var route = cledit_route()
    guard cledit_route_begin(&route, signal, writing, tag, keepIgnored ? 1 : 0) == 1 else { return nil }
    return SignalRoute(route)
  }

  /// Writes a tag without a signal.
  func send(_ tag: UInt8) {
    var tag = tag
    _ = write(writing, &tag, 1)
  }

  /// The tags that have arrived, without waiting.
  func received() -> [UInt8] {
    var tags: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64)
    while true {
      let count = read(reading, &chunk, chunk.count)
      if count > 0 {
        tags += chunk[..<count]
      } else if count == 0 || errno != EINTR {
        return tags
      }
    }
  }
}

/// A signal's way into a pipe. Routes of one signal nest, so the last begun must be ended first.
struct SignalRoute {
  private let route: cledit_route

  fileprivate init(_ route: cledit_route) { self.route = route }

  func end() { withUnsafePointer(to: route) { cledit_route_end($0) } }
}
