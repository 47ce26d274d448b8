import Glibc

/// The thread that a session runs on. It has a large stack, since checking a program recurses over its tree, and it may
/// block, since it is not one of the concurrency runtime's.
enum MachineThread {
  private static let stackBytes = 64 << 20

  /// Runs the body once and waits for it.
  static func run<Result>(_ body: @escaping () -> Result) throws(CommandProblem) -> Result {
    var result: Result?
    let job = Unmanaged.passRetained(Job { result = body() })
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackBytes)
    var thread = pthread_t()
    let code = pthread_create(&thread, &attributes, { MachineThread.start($0) }, job.toOpaque())
    guard code == 0 else {
      job.release()
      throw .noThread(reason: String(cString: strerror(code)))
    }
    pthread_join(thread, nil)
    guard let result else { throw .noThread(reason: "it ended before its work did") }
    return result
  }

  private static func start(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
    return nil
  }

  private final class Job {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
}
