/// The token of a service key, a private app or an OAuth connection, sent as `Authorization: Bearer …`.
///
/// HubSpot asks for nothing more than treating it as opaque, so only what would break the header is refused.
public struct BearerToken: Sendable {
  /// Why a text cannot be a token. The text itself is never part of the error.
  public enum Problem: Error, Sendable, Hashable {
    case empty
    /// White space, a control character or a character outside ASCII, by its position from 0 in bytes.
    case unusableCharacter(offset: Int)
  }

  /// The token itself.
  public let secret: Secret

  public init(_ text: String) throws(Problem) {
    if text.isEmpty { throw .empty }
    if let offset = text.utf8.enumerated().first(where: { !(0x21...0x7E).contains($0.element) })?.offset {
      throw .unusableCharacter(offset: offset)
    }
    self.secret = Secret(text)
  }

  /// The value of the `Authorization` header.
  var headerValue: Secret { Secret("Bearer " + secret.text(for: .request)) }
}

extension BearerToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "[secret]" }
  public var debugDescription: String { "[secret]" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension DefaultStringInterpolation {
  @available(*, unavailable, message: "a token is never put into a text")
  public mutating func appendInterpolation(_ value: BearerToken) {}
}
