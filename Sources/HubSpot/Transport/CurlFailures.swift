import CCurl

/// Turns libcurl's result codes into the transport's causes.
enum CurlFailures {
  private static let causes: [(CURLcode, TransportFailure.Cause)] = [
    (CURLE_COULDNT_RESOLVE_HOST, .nameResolution), (CURLE_COULDNT_RESOLVE_PROXY, .nameResolution),
    (CURLE_COULDNT_CONNECT, .connection), (CURLE_SSL_CONNECT_ERROR, .tlsHandshake), (CURLE_SSL_CIPHER, .tlsHandshake),
    (CURLE_SSL_ENGINE_INITFAILED, .tlsHandshake), (CURLE_PEER_FAILED_VERIFICATION, .certificate),
    (CURLE_SSL_CACERT_BADFILE, .certificate), (CURLE_SSL_CERTPROBLEM, .certificate),
    (CURLE_SSL_ISSUER_ERROR, .certificate), (CURLE_OPERATION_TIMEDOUT, .timeout), (CURLE_SEND_ERROR, .connectionLost),
    (CURLE_SEND_FAIL_REWIND, .connectionLost), (CURLE_RECV_ERROR, .connectionLost),
    (CURLE_GOT_NOTHING, .connectionLost),
    (CURLE_HTTP2_STREAM, .connectionLost), (CURLE_PARTIAL_FILE, .replyCut), (CURLE_BAD_CONTENT_ENCODING, .replyCut),
    (CURLE_WEIRD_SERVER_REPLY, .malformedReply), (CURLE_UNSUPPORTED_PROTOCOL, .requestRefused),
    (CURLE_HTTP2, .malformedReply), (CURLE_URL_MALFORMAT, .requestRefused),
  ]

  /// What libcurl ends a transfer with when a single header line passes its own bound, before this library counts it:
  /// "out of memory" until 8.6, "a value or data field grew too large" since.
  private static let tooLong: Set<UInt32> = [CURLE_OUT_OF_MEMORY.rawValue, 100]

  static func failure(_ code: CURLcode, _ reply: CurlReply, hasSent: Bool) -> TransportFailure {
    let isTooLong = hasSent && tooLong.contains(code.rawValue)
    let cause = isTooLong ? .replyTooLarge : cause(code, reply)
    // Of a reply that is too large libcurl only knows that somebody stopped it.
    let detail = cause == .replyTooLarge ? "" : String(cString: ccurl_easy_strerror(code))
    return hasSent ? .maybeSent(cause, detail: detail) : .notSent(cause, detail: detail)
  }

  private static func cause(_ code: CURLcode, _ reply: CurlReply) -> TransportFailure.Cause {
    if reply.isTooLarge { return .replyTooLarge }
    let cause = causes.first { $0.0 == code }?.1 ?? .other
    // A reset after the status line has cut a reply short.
    return cause == .connectionLost && reply.status != 0 ? .replyCut : cause
  }
}
