/// A text that must not leave the process except where this library puts it on purpose.
///
/// It prints as `[secret]`, mirrors as nothing, has no encoding, and using it in a string interpolation does not
/// compile. Comparing two secrets is not offered either; nothing in the library needs it.
public struct Secret: Sendable {
  private let text: String

  public init(_ text: String) { self.text = text }

  /// The one way to the text. It is internal: the transport is the only reader besides the token's own check.
  var exposed: String { text }
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
