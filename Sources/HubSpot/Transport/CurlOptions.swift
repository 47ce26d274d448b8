import CCurl

/// Sets libcurl's options for one request and remembers whether it accepted all of them.
struct CurlOptions {
  private let easy: UnsafeMutableRawPointer
  private(set) var allAccepted = true

  init(easy: UnsafeMutableRawPointer) { self.easy = easy }

  private mutating func accept(_ code: CURLcode) { if code != CURLE_OK { allAccepted = false } }

  private mutating func set(_ option: CURLoption, _ value: Int) { accept(ccurl_easy_set_long(easy, option, value)) }

  private mutating func set(_ option: CURLoption, _ value: String) { accept(ccurl_easy_set_text(easy, option, value)) }

  mutating func describe(_ request: HTTPRequest, _ options: TransportOptions) {
    set(CURLOPT_URL, request.url)
    set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_ACCEPT_ENCODING, "gzip")
    set(CURLOPT_TIMEOUT_MS, request.timeout.curlMilliseconds)
    set(CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout.curlMilliseconds)
    set(CURLOPT_LOW_SPEED_LIMIT, options.lowSpeedBytesPerSecond)
    set(CURLOPT_LOW_SPEED_TIME, options.lowSpeedPeriod.curlSeconds)
    // A connection that has idled for long is likely closed at the other end, and a write on it would end in doubt.
    set(CURLOPT_MAXAGE_CONN, 30)
    restrict(to: request.url, options)
  }

  /// One protocol, no redirects, verified certificates.
  private mutating func restrict(to url: String, _ options: TransportOptions) {
    let isSecure = url.lowercased().hasPrefix("https://")
    // The textual option came with libcurl 7.85; older libraries know the number only.
    if ccurl_easy_set_text(easy, CURLOPT_PROTOCOLS_STR, isSecure ? "https" : "http") != CURLE_OK {
      set(CURLOPT_PROTOCOLS, isSecure ? Int(CURLPROTO_HTTPS) : Int(CURLPROTO_HTTP))
    }
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    if let file = options.certificateAuthorityFile { set(CURLOPT_CAINFO, file) }
    // Plain http is for loopback only, and a proxy from the environment would carry the token off the machine.
    if !isSecure { set(CURLOPT_PROXY, "") }
  }

  /// Hands the header lines over. libcurl reads the returned list until the transfer ends; the caller frees it.
  mutating func headers(of request: HTTPRequest) -> UnsafeMutablePointer<curl_slist>? {
    var lines = request.headers.map { "\($0.name): \($0.value)" }
    if let authorization = request.authorization { lines.append("Authorization: " + authorization.text(for: .request)) }
    // Without this, libcurl waits for an interim reply before it sends a large body.
    lines.append("Expect:")
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = ccurl_slist_append(list, line) else {
        allAccepted = false
        break
      }
      list = longer
    }
    accept(ccurl_easy_set_pointer(easy, CURLOPT_HTTPHEADER, list))
    if let body = request.body {
      set(CURLOPT_POST, 1)
      accept(ccurl_easy_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
    }
    return list
  }

  /// Connects the callbacks to the transfer behind `context`.
  mutating func receive(into context: UnsafeMutableRawPointer, sendsBody: Bool) {
    accept(ccurl_easy_set_data_callback(easy, CURLOPT_HEADERFUNCTION, CurlCallbacks.header))
    accept(ccurl_easy_set_pointer(easy, CURLOPT_HEADERDATA, context))
    accept(ccurl_easy_set_data_callback(easy, CURLOPT_WRITEFUNCTION, CurlCallbacks.body))
    accept(ccurl_easy_set_pointer(easy, CURLOPT_WRITEDATA, context))
    guard sendsBody else { return }
    accept(ccurl_easy_set_data_callback(easy, CURLOPT_READFUNCTION, CurlCallbacks.upload))
    accept(ccurl_easy_set_pointer(easy, CURLOPT_READDATA, context))
    accept(ccurl_easy_set_seek_callback(easy, CurlCallbacks.refuseRewind))
  }
}
