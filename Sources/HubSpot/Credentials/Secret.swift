/// A text that must not leave the process except where this library puts it on purpose.
///
/// It prints as `[secret]`, mirrors as nothing, has no encoding, and using it in a string interpolation does not
/// compile. Whoever needs the text says what for, so that every such place can be found.
public struct Secret: Sendable {
  private let text: String

  public init(_ text: String) { self.text = text }

  /// What a secret's text may be taken out for.
  public enum Use: Sendable {
    /// A file or keyring that is made for secrets.
    case credentialStore
    /// The header or form body of a request to the configured host.
    case request
    /// Finding it in a text that is about to be written, so that it can be taken out of it.
    case redaction
  }

  /// The one way to the text.
  public func text(for use: Use) -> String { text }

  /// Whether two secrets are the same, in a time that does not depend on where they differ.
  func isSame(as other: Secret) -> Bool {
    let (left, right) = (Array(text.utf8), Array(other.text.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "[secret]" }
  public var debugDescription: String { "[secret]" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension DefaultStringInterpolation {
  @available(*, unavailable, message: "a secret is never put into a text")
  public mutating func appendInterpolation(_ value: Secret) {}
}
