/// The scheme, host and port that every request goes to.
///
/// Accepted are `https` with any host, and `http` only with a literal loopback address (`127.0.0.0/8` or `[::1]`), so
/// that a token cannot leave the machine unencrypted. The name `localhost` is refused with http: what it means is the
/// resolver's choice.
public struct BaseURL: Sendable, Hashable {
  /// Why a text is not a usable base URL.
  public enum Problem: Error, Sendable, Hashable {
    /// The text has no `https://` or `http://` in front.
    case unknownScheme
    /// `http` with something that is not a literal loopback address.
    case plainHTTPBeyondLoopback(host: String)
    /// The host is empty or holds a character that no host name has.
    case invalidHost(String)
    /// The port is not a number from 1 to 65535.
    case invalidPort(String)
    /// A user name, path, query or fragment, none of which a base URL may have.
    case unexpectedPart(String)
  }

  /// The two protocols a base URL can have.
  public enum Scheme: String, Sendable { case https, http }

  /// How the host is spoken to; `http` only on literal loopback.
  public let scheme: Scheme
  /// Lower-case host name or address; an IPv6 address keeps its brackets.
  public let host: String
  /// Nil for the scheme's own port.
  public let port: Int?

  /// HubSpot's API. The same host serves every region.
  public static let hubSpot = BaseURL(scheme: .https, host: "api.hubapi.com", port: nil)

  private init(scheme: Scheme, host: String, port: Int?) {
    self.scheme = scheme
    self.host = host
    self.port = port
  }

  public init(_ text: String) throws(Problem) {
    guard let (scheme, rest) = BaseURL.splitScheme(text) else { throw .unknownScheme }
    var authority = rest
    if authority.last == "/" { authority = authority.dropLast() }
    if let extra = authority.firstIndex(where: { "/?#@\\".contains($0) }) {
      throw .unexpectedPart(String(authority[extra...]))
    }
    let (host, port) = try BaseURL.splitPort(authority)
    guard BaseURL.isHost(host) else { throw .invalidHost(host) }
    self.init(scheme: scheme, host: host.lowercased(), port: port)
    if scheme == .http && !isLiteralLoopback { throw .plainHTTPBeyondLoopback(host: self.host) }
  }

  /// The base URL of a complete URL: what stands before its path.
  init(origin url: String) throws(Problem) {
    guard let (_, rest) = BaseURL.splitScheme(url) else { throw .unknownScheme }
    let end = rest.firstIndex(of: "/") ?? rest.endIndex
    try self.init(String(url[..<end]))
  }

  /// Whether the host is written as a loopback address, which no resolver can redirect.
  public var isLiteralLoopback: Bool {
    if host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy(BaseURL.isOctet)
  }

  private static func splitScheme(_ text: String) -> (Scheme, Substring)? {
    for scheme in [Scheme.https, .http] {
      let prefix = scheme.rawValue + "://"
      if text.lowercased().hasPrefix(prefix) { return (scheme, text.dropFirst(prefix.count)) }
    }
    return nil
  }

  private static func splitPort(_ authority: Substring) throws(Problem) -> (host: String, port: Int?) {
    let searchStart = authority.lastIndex(of: "]") ?? authority.startIndex
    guard let colon = authority[searchStart...].firstIndex(of: ":") else { return (String(authority), nil) }
    let digits = authority[authority.index(after: colon)...]
    guard digits.utf8.allSatisfy(isDigit), let port = Int(digits), (1...65535).contains(port) else {
      throw .invalidPort(String(digits))
    }
    return (String(authority[..<colon]), port)
  }

  private static func isHost(_ host: String) -> Bool {
    if host.hasPrefix("[") {
      return host.hasSuffix("]") && host.utf8.count > 4
        && host.dropFirst().dropLast().utf8.allSatisfy { isHexDigit($0) || $0 == UInt8(ascii: ":") }
    }
    return !host.isEmpty && host.utf8.count <= 253
      && host.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
  }

  /// An octet in plain decimal. A leading zero would mean octal to some resolvers, so it is not literal enough.
  private static func isOctet(_ part: Substring) -> Bool {
    guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(isDigit), let value = Int(part) else { return false }
    return value <= 255 && (part.utf8.count == 1 || part.first != "0")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}

extension BaseURL: CustomStringConvertible {
  /// The URL as text, without a slash at the end.
  public var description: String {
    scheme.rawValue + "://" + host + (port.map { ":\($0)" } ?? "")
  }
}
