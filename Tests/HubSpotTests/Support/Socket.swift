import Glibc

/// The little of POSIX sockets that the tests' server needs.
enum Socket {
  struct Failure: Error { let code: Int32 }

  /// A listening socket on a free port of loopback.
  static func listen() throws -> (descriptor: Int32, port: Int) {
    let bound = try reserve()
    guard listen(bound.descriptor) else { throw Failure(code: errno) }
    return bound
  }

  /// A free port of loopback that refuses connections until somebody listens.
  static func reserve() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
      }
    }
    guard descriptor >= 0, status else { throw Failure(code: errno) }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  static func listen(_ descriptor: Int32) -> Bool { Glibc.listen(descriptor, 64) == 0 }

  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        send(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// Makes closing a reset instead of an orderly end.
  static func resetOnClose(_ descriptor: Int32) {
    var value = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
  }

  static func closeNow(_ descriptor: Int32) { close(descriptor) }

  /// Waits for the other end to close, at most so long; -1 waits without an end.
  static func hasHungUp(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, milliseconds) > 0 else { return false }
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) <= 0
  }

  /// Reads one request, head and body. Nil when the connection ends.
  static func readRequest(_ descriptor: Int32) -> ScriptedServer.Request? {
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) {
      guard head.count < 1 << 20, let byte = read(descriptor, count: 1)?.first else { return nil }
      head.append(byte)
    }
    let lines = String(decoding: head.dropLast(4), as: UTF8.self).split(separator: "\r\n")
    let first = (lines.first ?? "").split(separator: " ")
    guard first.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    guard let body = read(descriptor, count: Int(headers["content-length"] ?? "0") ?? 0) else { return nil }
    return ScriptedServer.Request(
      method: String(first[0]), target: String(first[1]), headers: headers, body: body)
  }

  private static func read(_ descriptor: Int32, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let received = bytes.withUnsafeMutableBytes { buffer in
        recv(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, 0)
      }
      if received <= 0 { return nil }
      filled += received
    }
    return bytes
  }
}
