/// A request without a reply. The two cases are what a caller must know before it may try again.
public enum TransportFailure: Error, Sendable, Hashable {
  /// No byte of the request left: trying again cannot do anything twice.
  case notSent(Cause, detail: String)
  /// The request left, in part or whole. A write may have been done.
  case maybeSent(Cause, detail: String)

  /// What went wrong.
  public enum Cause: Sendable, Hashable {
    /// libcurl is not installed, or is not usable.
    case libraryMissing
    /// The address is neither https nor http on literal loopback, or a header cannot be sent.
    case requestRefused
    /// The host's name could not be resolved.
    case nameResolution
    /// Nobody accepted the connection.
    case connection
    /// The TLS handshake failed for another reason than the certificate.
    case tlsHandshake
    /// The server's certificate is not trusted, expired, or names another host; or the private CA file is unusable.
    case certificate
    /// The time limit of the connection or of the whole exchange passed, or the bytes came too slowly.
    case timeout
    /// The connection was reset, or closed before a reply.
    case connectionLost
    /// The reply ended before its announced end, or could not be decompressed.
    case replyCut
    /// The reply's headers or body passed the bound.
    case replyTooLarge
    /// The reply is not HTTP.
    case malformedReply
    /// The task was cancelled, or the transport closed.
    case cancelled
    /// Anything else libcurl reports.
    case other
  }

  /// What went wrong, whether or not anything was sent.
  public var cause: Cause {
    switch self {
    case .notSent(let cause, _), .maybeSent(let cause, _): cause
    }
  }

  /// The transport's own words, for a person. They never hold a header or a body.
  public var detail: String {
    switch self {
    case .notSent(_, let detail), .maybeSent(_, let detail): detail
    }
  }

  /// Whether the request left, in part or whole.
  public var mayHaveBeenSent: Bool {
    if case .maybeSent = self { true } else { false }
  }

  /// Whether the same request may fare better a moment later. A missing library or a wrong certificate stays as it is.
  public var isTransient: Bool {
    switch cause {
    case .libraryMissing, .requestRefused, .certificate, .replyTooLarge, .cancelled: false
    case .nameResolution, .connection, .tlsHandshake, .timeout, .connectionLost, .replyCut, .malformedReply, .other:
      true
    }
  }
}

extension TransportFailure: CustomStringConvertible {
  public var description: String {
    let happened =
      switch cause {
      case .libraryMissing: "libcurl could not be loaded; install the Debian package libcurl4"
      case .requestRefused: "the request was refused before sending"
      case .nameResolution: "the host name could not be resolved"
      case .connection: "no connection could be made"
      case .tlsHandshake: "the secure connection could not be made"
      case .certificate: "the server's certificate could not be verified"
      case .timeout: "the time limit passed"
      case .connectionLost: "the connection was lost"
      case .replyCut: "the reply was cut short"
      case .replyTooLarge: "the reply passed the size limit"
      case .malformedReply: "the reply is not HTTP"
      case .cancelled: "the request was cancelled"
      case .other: "the request failed"
      }
    let consequence = mayHaveBeenSent ? "the request may have reached the server" : "nothing was sent"
    return happened + (detail.isEmpty ? "" : " (\(detail))") + "; " + consequence
  }
}
