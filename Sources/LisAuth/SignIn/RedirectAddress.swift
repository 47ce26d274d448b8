import HubSpot

/// The address that the browser is sent back to after a sign-in.
public struct RedirectAddress: Sendable, Hashable {
  /// As the app is registered with it, letter by letter.
  public let text: String
  /// Where lis can listen for it; nil when the address is not on this machine.
  public let port: Int?
  /// The path of the address, `/` at least.
  public let path: String

  /// HubSpot wants every address registered, so that the port cannot be any that is free.
  public static let standardPort = 8976

  public static func standard(port: Int = standardPort) -> RedirectAddress {
    RedirectAddress("http://localhost:\(port)/callback")
  }

  public init(_ text: String) {
    self.text = text
    let rest = text.hasPrefix("http://") ? text.dropFirst(7) : Substring()
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let path = rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" }
    self.path = path.isEmpty ? "/" : String(path)
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    let isHere = parts.first == "localhost" || parts.first == "127.0.0.1"
    switch (isHere, parts.count) {
    case (true, 1): port = 80
    case (true, 2): port = Int(parts[1]).flatMap { (1...65_535).contains($0) ? $0 : nil }
    default: port = nil
    }
  }
}
