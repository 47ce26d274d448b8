import Glibc

/// Work that blocks, on a thread made for it: the threads of the concurrency runtime are few and must not wait.
public enum OwnThread {
  /// Runs the body once and returns what it gives.
  public static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in start { continuation.resume(returning: body()) } }
  }

  /// Starts a thread that runs the body and ends. Where the system gives no thread, the body runs here.
  public static func start(_ body: @escaping @Sendable () -> Void) {
    let job = Unmanaged.passRetained(Job(body))
    var thread = pthread_t()
    let code = pthread_create(&thread, nil, { OwnThread.enter($0) }, job.toOpaque())
    if code == 0 {
      pthread_detach(thread)
    } else {
      job.takeRetainedValue().body()
    }
  }

  private static func enter(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
    return nil
  }

  private final class Job {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
