import CCurl
import Synchronization

/// One request on its way through libcurl: the handle, what is being sent and what has come back.
///
/// Made by the caller's task and handed to the loop's thread through its mailbox; from then on only that thread touches
/// it, libcurl's callbacks included, which is why it may be marked as sendable.
final class CurlTransfer: @unchecked Sendable {
  private static let counter = Atomic<UInt64>(0)

  let number: UInt64
  let request: HTTPRequest
  let options: TransportOptions
  /// Set by whoever cancels, read by the loop's thread: the one field that two threads share.
  let isCancelled = Atomic<Bool>(false)
  var reply = CurlReply()
  /// How much of the request's body libcurl has taken.
  var bytesTaken = 0
  private var easy: UnsafeMutableRawPointer?
  private var headerList: UnsafeMutablePointer<curl_slist>?

  init(_ request: HTTPRequest, _ options: TransportOptions) throws(TransportFailure) {
    for header in request.headers where !CurlTransfer.isSendable(header) {
      throw .notSent(.requestRefused, detail: "header \(header.name) holds a character that no header may hold")
    }
    self.number = CurlTransfer.counter.add(1, ordering: .relaxed).newValue
    self.request = request
    self.options = options
  }

  /// A line break inside a header would let its value write further headers.
  private static func isSendable(_ header: HTTPHeader) -> Bool {
    !header.name.isEmpty && header.name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
      && header.value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// Makes the handle and sets its options. Nil when libcurl accepts one of them not.
  func prepare() -> UnsafeMutableRawPointer? {
    guard let easy = ccurl_easy_init() else { return nil }
    self.easy = easy
    var setter = CurlOptions(easy: easy)
    setter.describe(request, options)
    headerList = setter.headers(of: request)
    setter.receive(into: Unmanaged.passUnretained(self).toOpaque(), sendsBody: request.body != nil)
    if setter.allAccepted { return easy }
    dispose()
    return nil
  }

  /// Frees what libcurl holds. The handle must have been taken out of the loop before.
  func dispose() {
    if let easy { ccurl_easy_cleanup(easy) }
    if let headerList { ccurl_slist_free_all(headerList) }
    easy = nil
    headerList = nil
  }

  /// What came of the transfer, after libcurl has finished it.
  func result(_ code: CURLcode) -> Result<HTTPResponse, TransportFailure> {
    if code == CURLE_OK || reply.isErrorBodyFull { return .success(reply.response) }
    return .failure(CurlFailures.failure(code, reply, hasSent: hasSent))
  }

  func cancellation() -> TransportFailure {
    hasSent ? .maybeSent(.cancelled, detail: "") : .notSent(.cancelled, detail: "")
  }

  /// Whether any byte of the request may have left. libcurl counts the header bytes it has sent.
  private var hasSent: Bool {
    var sent = 0
    guard let easy, ccurl_easy_get_long(easy, CURLINFO_REQUEST_SIZE, &sent) == CURLE_OK else { return true }
    return sent > 0
  }
}
