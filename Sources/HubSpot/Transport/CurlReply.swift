/// A reply while it arrives, held within its bounds.
struct CurlReply {
  private(set) var status = 0
  private(set) var headers: [HTTPHeader] = []
  private(set) var body: [UInt8] = []
  private(set) var isTooLarge = false
  /// An error's body has been cut at the bound, which is no failure: enough of it was kept.
  private(set) var isErrorBodyFull = false
  private var headerBytes = 0

  var response: HTTPResponse { HTTPResponse(status: status, headers: headers, body: body) }

  /// Takes one header line, status lines included. False ends the transfer.
  mutating func takeHeader(_ line: some Collection<UInt8>, _ limits: TransportOptions) -> Bool {
    headerBytes += line.count
    guard headerBytes <= limits.headerLimit else {
      isTooLarge = true
      return false
    }
    let text = String(decoding: line, as: UTF8.self).trimmingLineEnd()
    if text.hasPrefix("HTTP/") {
      // An interim reply such as 100 Continue is followed by another status line; only the last one counts.
      let parts = text.split(separator: " ", maxSplits: 2)
      status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
      headers = []
    } else if let colon = text.firstIndex(of: ":") {
      let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      headers.append(HTTPHeader(String(text[..<colon]), String(value)))
    }
    return true
  }

  /// Takes a piece of the body, decompressed. False ends the transfer.
  mutating func takeBody(_ bytes: UnsafeRawBufferPointer, _ limits: TransportOptions) -> Bool {
    if status >= 400 {
      body.append(contentsOf: bytes.prefix(limits.errorBodyLimit - body.count))
      isErrorBodyFull = body.count >= limits.errorBodyLimit
      return !isErrorBodyFull
    }
    guard body.count + bytes.count <= limits.bodyLimit else {
      isTooLarge = true
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }
}

extension String {
  /// Without the carriage return, line feed and blanks at its end. A line end is one character to Swift, hence the
  /// bytes.
  fileprivate func trimmingLineEnd() -> String {
    var bytes = Array(utf8)
    while let last = bytes.last, last == 0x0D || last == 0x0A || last == 0x20 || last == 0x09 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
