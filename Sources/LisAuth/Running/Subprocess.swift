import Glibc
import Synchronization

/// A program that is run to its end within a time, with little input and output; no shell is between.
enum Subprocess {
  struct Ended: Sendable {
    /// The exit status; 128 and the number when a signal ended it.
    var status: Int32
    var output: [UInt8]
    /// What it wrote to standard error, at most 2,000 characters.
    var errors: String
  }

  enum Failure: Error, Sendable, Hashable {
    case notFound
    case notStarted(code: Int32)
    case tooSlow(seconds: Int)
    case tooMuchOutput(limit: Int)
  }

  private static let errorLimit = 2_000

  /// - Parameter input: what it can read from standard input, which then ends.
  static func run(
    _ arguments: [String], input: [UInt8] = [], seconds: Int, outputLimit: Int
  ) throws(Failure) -> Ended {
    let (child, pipes) = try starting.withLock { _ in Result { () throws(Failure) in try start(arguments) } }.get()
    defer { pipes.close() }
    // The thread tells when the program has ended; it is waited for here alone, so that its number stays its own.
    let ending = pipes.endWriting
    OwnThread.start {
      var information = siginfo_t()
      while waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
      Glibc.close(ending)
    }
    let result = Result { () throws(Failure) -> Ended in
      var exchange = Exchange(pipes: pipes, input: input[...], outputLimit: outputLimit)
      try BrokenPipes.withoutSignal { () throws(Failure) in try exchange.run(seconds: seconds) }
      return Ended(
        status: 0, output: exchange.output, errors: String(decoding: exchange.errors.prefix(errorLimit), as: UTF8.self))
    }
    if case .failure = result { kill(child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    var ended = try result.get()
    ended.status = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    return ended
  }

  /// One start at a time, so that no program inherits the pipes of another and keeps them open.
  private static let starting = Mutex(())

  private static func start(_ arguments: [String]) throws(Failure) -> (pid_t, Pipes) {
    guard let pipes = Pipes() else { throw .notStarted(code: errno) }
    do throws(Failure) {
      let child = try spawn(arguments, pipes)
      pipes.closeChildEnds()
      return (child, pipes)
    } catch {
      Glibc.close(pipes.endWriting)
      pipes.close()
      throw error
    }
  }

  private static func spawn(_ arguments: [String], _ pipes: Pipes) throws(Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pipes.inputReading, 0)
    posix_spawn_file_actions_adddup2(&actions, pipes.outputWriting, 1)
    posix_spawn_file_actions_adddup2(&actions, pipes.errorWriting, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // lis ignores SIGPIPE and may block others; a program expects what a shell gives it.
    var all = sigset_t()
    sigemptyset(&all)
    posix_spawnattr_setsigmask(&attributes, &all)
    sigaddset(&all, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    let code = posix_spawnp(&child, arguments.first ?? "", &actions, &attributes, &words, environ)
    guard code == 0 else { throw code == ENOENT ? .notFound : .notStarted(code: code) }
    return child
  }

  /// Starts a program that goes on by itself, without input and output. Returns whether it could be started.
  static func launch(_ arguments: [String]) -> Bool {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in Int32(0)...2 { posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0) }
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    guard posix_spawnp(&child, arguments.first ?? "", &actions, nil, &words, environ) == 0 else { return false }
    let started = child
    OwnThread.start { waitpid(started, nil, 0) }
    return true
  }
}

/// A program that does not read what it is given must not end this one.
private enum BrokenPipes {
  /// Runs the body, in which a write to a pipe that nobody reads is an error and not a signal.
  static func withoutSignal<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
    var broken = sigset_t()
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &broken, &before)
    defer {
      // One that waits was caused here: it comes to the thread that wrote.
      var none = timespec()
      if sigismember(&before, SIGPIPE) == 0 { while sigtimedwait(&broken, nil, &none) > 0 {} }
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    try body()
  }
}

/// The ends of the pipes to a program.
private final class Pipes {
  var inputReading: Int32 = -1
  var inputWriting: Int32 = -1
  var outputReading: Int32 = -1
  var outputWriting: Int32 = -1
  var errorReading: Int32 = -1
  var errorWriting: Int32 = -1
  var endReading: Int32 = -1
  /// Belongs to the thread that waits for the end.
  var endWriting: Int32 = -1

  init?() {
    guard Pipes.make(&inputReading, &inputWriting), Pipes.make(&outputReading, &outputWriting),
      Pipes.make(&errorReading, &errorWriting), Pipes.make(&endReading, &endWriting)
    else {
      close()
      return nil
    }
    for descriptor in [inputWriting, outputReading, errorReading] {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
  }

  private static func make(_ reading: inout Int32, _ writing: inout Int32) -> Bool {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return false }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
    return true
  }

  func closeChildEnds() {
    for end in [inputReading, outputWriting, errorWriting] { Glibc.close(end) }
    (inputReading, outputWriting, errorWriting) = (-1, -1, -1)
  }

  func closeInput() {
    if inputWriting >= 0 { Glibc.close(inputWriting) }
    inputWriting = -1
  }

  func close() {
    for end in [inputReading, inputWriting, outputReading, outputWriting, errorReading, errorWriting, endReading]
    where end >= 0 { Glibc.close(end) }
  }
}

/// Writes what a program reads and reads what it writes, until it has ended.
private struct Exchange {
  let pipes: Pipes
  var input: ArraySlice<UInt8>
  let outputLimit: Int
  var output: [UInt8] = []
  var errors: [UInt8] = []

  mutating func run(seconds: Int) throws(Subprocess.Failure) {
    let deadline = Exchange.now + Int64(seconds) * 1000
    var hasEnded = false
    if input.isEmpty { pipes.closeInput() }
    while !hasEnded {
      let left = deadline - Exchange.now
      var descriptors = [
        pollfd(fd: pipes.outputReading, events: Int16(POLLIN), revents: 0),
        pollfd(fd: pipes.errorReading, events: Int16(POLLIN), revents: 0),
        pollfd(fd: pipes.endReading, events: 0, revents: 0),
        pollfd(fd: pipes.inputWriting, events: Int16(POLLOUT), revents: 0),
      ]
      guard left > 0 else { throw .tooSlow(seconds: seconds) }
      if poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: left)) < 0 { continue }
      hasEnded = descriptors[2].revents != 0
      if descriptors[3].revents != 0 { feed() }
      // What a program wrote before its end is in the pipes by then; others that hold them open are not waited for.
      if descriptors[0].revents != 0 { try receive(&pipes.outputReading, &output, outputLimit) }
      if descriptors[1].revents != 0 { try receive(&pipes.errorReading, &errors, 1 << 20) }
    }
    try receive(&pipes.outputReading, &output, outputLimit)
    try receive(&pipes.errorReading, &errors, 1 << 20)
  }

  private mutating func feed() {
    let count = input.withUnsafeBytes { Glibc.write(pipes.inputWriting, $0.baseAddress, $0.count) }
    if count < 0 && (errno == EINTR || errno == EAGAIN) { return }
    input = count > 0 ? input.dropFirst(count) : []
    if input.isEmpty { pipes.closeInput() }
  }

  private func receive(
    _ descriptor: inout Int32, _ bytes: inout [UInt8], _ limit: Int
  ) throws(Subprocess.Failure) {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while descriptor >= 0 {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        return
      }
      if count == 0 {
        close(descriptor)
        descriptor = -1
        return
      }
      bytes += chunk[..<count]
      if bytes.count > limit { throw .tooMuchOutput(limit: limit) }
    }
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
