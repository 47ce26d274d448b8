import FoundationEssentials

/// Turns the bytes of a successful reply into what the caller wants of them.
///
/// The library's own sinks make plain Swift structures. A caller that builds other values hands in a sink of its own
/// and is given the bytes, so that no tree is made in between. An error thrown by `decode` means that the body is not
/// usable: a read is then tried again, and in the end the operation fails with `HubSpotError.unexpectedBody`.
/// `CancellationError` is kept as a cancellation.
public protocol BodySink: Sendable {
  associatedtype Output: Sendable
  /// - Parameters:
  ///   - body: the reply's body, decompressed and complete.
  ///   - status: the HTTP status, 200 to 299; batches that were done in part answer 207.
  func decode(_ body: [UInt8], status: Int) throws -> Output
}

/// Hands the bytes over untouched.
public struct RawBody: BodySink {
  public init() {}
  /// The body itself.
  public func decode(_ body: [UInt8], status: Int) -> [UInt8] { body }
}

/// Decodes JSON into a Swift type.
struct JSONBody<Output: Decodable & Sendable>: BodySink {
  init(_ type: Output.Type = Output.self) {}

  func decode(_ body: [UInt8], status: Int) throws -> Output {
    try JSONDecoder().decode(Output.self, from: Data(body))
  }
}

/// For operations whose answer has nothing to read.
struct NoBody: BodySink {
  func decode(_ body: [UInt8], status: Int) {}
}
