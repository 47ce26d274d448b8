import Glibc

/// A Python interpreter run once: all input is written, then all output read.
public enum PythonProcess {
  public struct Failure: Error { public var reason: String }

  public static func run(script: String, input: String) throws -> String {
    var toChild: [Int32] = [0, 0]
    var fromChild: [Int32] = [0, 0]
    guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw Failure(reason: "no pipe: error \(errno)") }
    // Neither this child nor any other inherits our ends, or the end of a stream would never be seen.
    for file in toChild + fromChild { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
    // A child that ends early is reported by its status, not by a signal that would end the tests.
    signal(SIGPIPE, SIG_IGN)
    let child = try spawn(["python3", "-c", script], input: toChild[0], output: fromChild[1])
    close(toChild[0])
    close(fromChild[1])
    let sent = write(all: Array(input.utf8), to: toChild[1])
    close(toChild[1])
    // The script answers only after the end of its input, so neither side can wait for the other.
    if !sent { kill(child, SIGKILL) }
    let output = readAll(from: fromChild[0])
    close(fromChild[0])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    guard sent, status == 0 else { throw Failure(reason: "python3 ended with status \(status)") }
    return String(decoding: output, as: UTF8.self)
  }

  private static func spawn(_ arguments: [String], input: Int32, output: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    var pointers = arguments.map { strdup($0) }
    defer { pointers.forEach { free($0) } }
    pointers.append(nil)
    var child: pid_t = 0
    let code = posix_spawnp(&child, arguments[0], &actions, nil, pointers, environ)
    guard code == 0 else { throw Failure(reason: "python3 cannot be started: error \(code)") }
    return child
  }

  private static func write(all bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno != EINTR { return false }
      rest = rest.dropFirst(max(count, 0))
    }
    return true
  }

  private static func readAll(from file: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}
