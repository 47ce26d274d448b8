import Glibc

/// The thread that a session runs on. It has a large stack, since checking a program recurses over its tree, and it may
/// block, since it is not one of the concurrency runtime's.
enum MachineThread {
  private static let stackBytes = 64 << 20

  static func run<Result>(_ body: @escaping () -> Result) -> Result {
    var result: Result?
    let job = Job { result = body() }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, stackBytes)
    defer { pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(job).toOpaque())
    if code == 0 {
      pthread_join(thread, nil)
    } else {
      // Without a thread of its own the program runs here, with the stack that there is.
      Unmanaged.passUnretained(job).release()
      job.body()
    }
    guard let result else { return body() }
    return result
  }

  private final class Job {
    let body: () -> Void
    init(body: @escaping () -> Void) { self.body = body }
  }
}
