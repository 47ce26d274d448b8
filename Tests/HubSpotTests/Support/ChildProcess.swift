import Glibc
import Synchronization

/// A program started by a test, ended by its id.
final class ChildProcess: Sendable {
  struct Failure: Error {
    let program: String
    let status: Int32
  }

  let id: pid_t
  private let output: Int32

  /// One start at a time, so that no program inherits the pipe of another and keeps it open.
  private static let starting = Mutex(())

  /// Starts a program found on the path, with its standard output and errors readable here.
  init(_ arguments: [String], in folder: String) throws {
    // The shell changes the folder and then becomes the program, so the id is the program's own.
    let command = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + arguments
    (id, output) = try ChildProcess.starting.withLock { _ in try ChildProcess.start(command) }
  }

  private static func start(_ command: [String]) throws -> (id: pid_t, output: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure(program: command[0], status: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var id = pid_t()
    let status = posix_spawn(&id, command[0], &actions, nil, &words, environ)
    close(ends[1])
    guard status == 0 else {
      close(ends[0])
      throw Failure(program: command[0], status: status)
    }
    return (id, ends[0])
  }

  deinit { close(output) }

  /// The next line the program prints; nil when it prints no more.
  func nextLine() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(output, &byte, 1) == 1 {
      if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// Waits for the program's own end, and throws when it reports a failure.
  func finish() throws {
    var lines: [String] = []
    while let line = nextLine() { lines.append(line) }
    var status: Int32 = 0
    waitpid(id, &status, 0)
    if status != 0 { throw Failure(program: lines.joined(separator: "\n"), status: status) }
  }

  /// Ends the program. Threads of a test run may block signals, and a program inherits that, so it is not asked but
  /// ended.
  func terminate() {
    kill(id, SIGKILL)
    var status: Int32 = 0
    waitpid(id, &status, 0)
  }
}
