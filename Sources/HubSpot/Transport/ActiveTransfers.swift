import CCurl

/// The transfers that libcurl is working on, with the continuation that waits for each. Used by the loop's thread only.
struct ActiveTransfers {
  private let multi: UnsafeMutableRawPointer
  private var entries: [UnsafeMutableRawPointer: (transfer: CurlTransfer, continuation: CurlLoop.Continuation)] = [:]

  init(multi: UnsafeMutableRawPointer) { self.multi = multi }

  mutating func add(_ transfer: CurlTransfer, _ continuation: CurlLoop.Continuation) {
    // A cancellation may overtake the submission it belongs to.
    if transfer.isCancelled.load(ordering: .sequentiallyConsistent) {
      return continuation.resume(returning: .failure(.notSent(.cancelled, detail: "")))
    }
    guard let easy = transfer.prepare() else {
      return continuation.resume(returning: .failure(.notSent(.other, detail: "libcurl refused the request's options")))
    }
    guard ccurl_multi_add(multi, easy) == CURLM_OK else {
      transfer.dispose()
      return continuation.resume(returning: .failure(.notSent(.other, detail: "libcurl refused the request")))
    }
    entries[easy] = (transfer, continuation)
  }

  /// Ends a transfer; one that has finished meanwhile is left alone.
  mutating func cancel(_ number: UInt64) {
    guard let (easy, entry) = entries.first(where: { $0.value.transfer.number == number }) else { return }
    finish(easy, .failure(entry.transfer.cancellation()))
  }

  mutating func perform() {
    var running: Int32 = 0
    let status = ccurl_multi_perform(multi, &running)
    guard status == CURLM_OK else { return failAll("curl_multi_perform failed") }
    var easy: UnsafeMutableRawPointer?
    var code = CURLE_OK
    while ccurl_multi_next_finished(multi, &easy, &code) == 1 {
      guard let easy, let entry = entries[easy] else { continue }
      finish(easy, entry.transfer.result(code))
    }
  }

  mutating func cancelAll() {
    for (easy, entry) in entries { finish(easy, .failure(entry.transfer.cancellation())) }
  }

  mutating func failAll(_ detail: String) {
    for easy in Array(entries.keys) { finish(easy, .failure(.maybeSent(.other, detail: detail))) }
  }

  private mutating func finish(_ easy: UnsafeMutableRawPointer, _ result: Result<HTTPResponse, TransportFailure>) {
    guard let entry = entries.removeValue(forKey: easy) else { return }
    _ = ccurl_multi_remove(multi, easy)
    entry.transfer.dispose()
    entry.continuation.resume(returning: result)
  }
}
