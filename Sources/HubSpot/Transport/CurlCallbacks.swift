import CCurl

/// The functions that libcurl calls while a transfer runs, always on the loop's thread.
enum CurlCallbacks {
  private static func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Receives one header line. Returning another number than the bytes given ends the transfer.
  static let header: ccurl_data_callback = { bytes, size, count, context in
    guard let bytes, let transfer = transfer(context) else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer.reply.takeHeader(line, transfer.options) ? line.count : 0
  }

  /// Receives a piece of the body.
  static let body: ccurl_data_callback = { bytes, size, count, context in
    guard let bytes, let transfer = transfer(context) else { return 0 }
    let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer.reply.takeBody(piece, transfer.options) ? piece.count : 0
  }

  /// Gives the next piece of the request's body.
  static let upload: ccurl_data_callback = { bytes, size, count, context in
    guard let bytes, let transfer = transfer(context), let body = transfer.request.body else { return 0 }
    let length = min(size * count, body.count - transfer.bytesTaken)
    body.withUnsafeBytes { source in
      let target = UnsafeMutableRawBufferPointer(start: bytes, count: length)
      target.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: source[transfer.bytesTaken..<transfer.bytesTaken + length]))
    }
    transfer.bytesTaken += length
    return length
  }

  /// Refuses to send a body again. libcurl repeats a request by itself when a kept connection closes without a reply,
  /// but the server may have done the work before it closed: a repeated create would make a second record. Whether to
  /// repeat is decided above, where it is known what the request does.
  static let refuseRewind: ccurl_seek_callback = { _, _, _ in Int32(CURL_SEEKFUNC_FAIL) }
}
