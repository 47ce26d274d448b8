import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The addresses that the server may bind: it speaks plain HTTP and takes any token, so it must stay on this machine.
enum Loopback {
  static let addressInUse = EADDRINUSE

  /// The literal address to bind. `localhost` becomes 127.0.0.1 without asking a resolver.
  static func address(_ host: String) throws(PortalError) -> String {
    if host.lowercased() == "localhost" { return "127.0.0.1" }
    if host == "::1" || host == "[::1]" { return "::1" }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "127", parts.allSatisfy({ part in UInt8(part) != nil && part.count <= 3 })
    else { throw .hostNotLoopback(host: host) }
    return host
  }
}

typealias IOError = NIOCore.IOError
