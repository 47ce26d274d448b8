import CCurl
import Glibc
import Synchronization

/// The thread that drives libcurl, and the mailbox that others reach it by.
///
/// libcurl's handles belong to this thread alone, with one exception that libcurl documents as safe: waking the loop
/// up. Everything else asked of the loop is put into the mailbox and done by the thread.
final class CurlLoop: Sendable {
  typealias Continuation = CheckedContinuation<Result<HTTPResponse, TransportFailure>, Never>

  private struct Mailbox {
    var submitted: [(CurlTransfer, Continuation)] = []
    var cancelled: [UInt64] = []
    var isStopping = false
    var hasEnded = false
    var waitingForEnd: [CheckedContinuation<Void, Never>] = []
  }

  /// The multi handle may be used from other threads for waking up only, and only while the mailbox is locked and not
  /// ended.
  private struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  private let mailbox = Mutex(Mailbox())
  private let multi: MultiHandle

  private init(multi: UnsafeMutableRawPointer) { self.multi = MultiHandle(pointer: multi) }

  static func start() throws(TransportFailure) -> CurlLoop {
    guard let multi = ccurl_multi_init() else { throw CurlLibrary.failure(detail: "curl_multi_init failed") }
    let loop = CurlLoop(multi: multi)
    let box = Unmanaged.passRetained(loop)
    var thread = pthread_t()
    let status = pthread_create(&thread, nil, { CurlLoop.threadMain($0) }, box.toOpaque())
    guard status == 0 else {
      box.release()
      _ = ccurl_multi_cleanup(multi)
      throw .notSent(.other, detail: "no thread could be made (error \(status))")
    }
    pthread_detach(thread)
    return loop
  }

  // MARK: From any thread

  /// Hands a transfer over. The continuation is resumed exactly once, also when the loop is stopping.
  func submit(_ transfer: CurlTransfer, _ continuation: Continuation) {
    let accepted = mailbox.withLock { mailbox in
      guard !mailbox.isStopping else { return false }
      mailbox.submitted.append((transfer, continuation))
      wake()
      return true
    }
    if !accepted { continuation.resume(returning: .failure(.notSent(.cancelled, detail: "the transport is closed"))) }
  }

  /// Ends a transfer, whether it has been submitted yet or not.
  func cancel(_ transfer: CurlTransfer) {
    transfer.isCancelled.store(true, ordering: .sequentiallyConsistent)
    mailbox.withLock { mailbox in
      guard !mailbox.hasEnded else { return }
      mailbox.cancelled.append(transfer.number)
      wake()
    }
  }

  func stop() {
    mailbox.withLock { mailbox in
      guard !mailbox.hasEnded else { return }
      mailbox.isStopping = true
      wake()
    }
  }

  func stopAndWait() async {
    stop()
    await waitUntilEnded()
  }

  func waitUntilEnded() async {
    await withCheckedContinuation { continuation in
      let hasEnded = mailbox.withLock { mailbox in
        if !mailbox.hasEnded { mailbox.waitingForEnd.append(continuation) }
        return mailbox.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }

  /// Called with the mailbox locked, so that the handle cannot be cleaned up at the same moment.
  private func wake() { _ = ccurl_multi_wakeup(multi.pointer) }

  // MARK: On the loop's thread

  private static func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let loop = Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue()
    // Signals are for the program's own threads; and OpenSSL may raise SIGPIPE on a connection that the server closed.
    var everything = sigset_t()
    sigfillset(&everything)
    pthread_sigmask(SIG_BLOCK, &everything, nil)
    loop.run()
    return nil
  }

  private func run() {
    var active = ActiveTransfers(multi: multi.pointer)
    while true {
      let (submitted, cancelled, isStopping) = takeMail()
      for (transfer, continuation) in submitted { active.add(transfer, continuation) }
      for number in cancelled { active.cancel(number) }
      if isStopping { break }
      active.perform()
      // Between perform and poll nothing is lost: a wake-up sent meanwhile makes the poll return at once.
      if ccurl_multi_poll(multi.pointer, 60_000) != CURLM_OK { active.failAll("curl_multi_poll failed") }
    }
    active.cancelAll()
    end()
  }

  private func takeMail() -> (submitted: [(CurlTransfer, Continuation)], cancelled: [UInt64], isStopping: Bool) {
    mailbox.withLock { mailbox in
      defer {
        mailbox.submitted = []
        mailbox.cancelled = []
      }
      return (mailbox.submitted, mailbox.cancelled, mailbox.isStopping)
    }
  }

  private func end() {
    let waiting = mailbox.withLock { mailbox in
      mailbox.hasEnded = true
      _ = ccurl_multi_cleanup(multi.pointer)
      defer { mailbox.waitingForEnd = [] }
      return mailbox.waitingForEnd
    }
    for continuation in waiting { continuation.resume() }
  }
}
