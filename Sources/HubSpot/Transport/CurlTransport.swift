import CCurl
import Synchronization

/// HTTP through libcurl, which is opened at the first request.
///
/// One thread drives libcurl's multi interface with one cache of connections; each request is a continuation that this
/// thread resumes. The thread starts with the first request and ends after `close()` or when the transport is released;
/// requests still under way are then cancelled.
public final class CurlTransport: Transport {
  private let options: TransportOptions
  private let loop = Mutex<CurlLoop?>(nil)

  public init(options: TransportOptions = TransportOptions()) {
    self.options = options
  }

  deinit {
    currentLoop?.stop()
  }

  /// Ends the requests under way and the thread, and returns when it has ended. A later request starts anew.
  public func close() async {
    let ending = loop.withLock { current in
      defer { current = nil }
      return current
    }
    await ending?.stopAndWait()
  }

  /// The running loop, if a request has started one.
  var currentLoop: CurlLoop? { loop.withLock { $0 } }

  /// Sends one request. The first one opens libcurl and starts the thread.
  public func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
    do { _ = try BaseURL(origin: request.url) } catch {
      throw .notSent(.requestRefused, detail: "address not allowed: \(error)")
    }
    if Task.isCancelled { throw .notSent(.cancelled, detail: "") }
    let loop = try runningLoop()
    let transfer = try CurlTransfer(request, options)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in loop.submit(transfer, continuation) }
    } onCancel: {
      loop.cancel(transfer)
    }
    return try result.get()
  }

  private func runningLoop() throws(TransportFailure) -> CurlLoop {
    try CurlLibrary.load()
    let started = loop.withLock { current -> Result<CurlLoop, TransportFailure> in
      if let current { return .success(current) }
      do throws(TransportFailure) {
        let fresh = try CurlLoop.start()
        current = fresh
        return .success(fresh)
      } catch { return .failure(error) }
    }
    return try started.get()
  }
}

/// The state of the shared library itself.
enum CurlLibrary {
  /// Opens libcurl if it is not open yet.
  static func load() throws(TransportFailure) {
    let status = ccurl_load()
    if status == Int32(CCURL_READY.rawValue) { return }
    throw failure(detail: String(cString: ccurl_load_detail()))
  }

  /// The failure that names the package to install.
  static func failure(detail: String) -> TransportFailure { .notSent(.libraryMissing, detail: detail) }
}
