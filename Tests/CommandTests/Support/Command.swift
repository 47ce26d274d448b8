import CPseudoTerminal
import Glibc
import TerminalSupport

/// A program with pipes for its standard streams. Every wait ends after a minute, and a program that still runs when its
/// test is done is ended by its id.
final class Command {
  enum Failure: Error { case notStarted(errno: Int32), timedOut(command: String, out: String, err: String) }
  enum Input { case none, text(String), open }

  struct Ended {
    /// The exit status; 128 and the number when a signal ended the program.
    var status: Int32
    var out: String
    var err: String

    var lines: [String] { out.split(separator: "\n").map(String.init) }
  }

  let process: pid_t
  private let name: String
  private var streams: [Int32] = [-1, -1]
  private var received: [[UInt8]] = [[], []]
  private var input: Int32 = -1
  private var ended: Int32?
  private static let patience = 60

  /// - Parameters:
  ///   - environment: all there is of it, with PATH.
  ///   - folder: the working folder.
  init(
    program: String, _ arguments: [String], environment: [String: String], input: Input = .none, folder: String? = nil
  ) throws {
    name = ([program] + arguments).joined(separator: " ")
    let (inRead, inWrite) = try Self.pipe()
    let (outRead, outWrite) = try Self.pipe()
    let (errRead, errWrite) = try Self.pipe()
    defer { for end in [inRead, outWrite, errWrite] { close(end) } }
    streams = [outRead, errRead]
    process = try Self.spawn(program, arguments, environment, [inRead, outWrite, errWrite], folder)
    self.input = inWrite
    if case .text(let text) = input { write(text) }
    if case .open = input {} else { closeInput() }
  }

  deinit {
    if ended == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    for descriptor in streams + [input] where descriptor >= 0 { close(descriptor) }
  }

  private static func pipe() throws -> (reading: Int32, writing: Int32) {
    var ends: (reading: Int32, writing: Int32) = (-1, -1)
    guard pty_pipe(&ends.reading, &ends.writing) == 0 else { throw Failure.notStarted(errno: errno) }
    return ends
  }

  private static func spawn(
    _ program: String, _ arguments: [String], _ environment: [String: String], _ streams: [Int32], _ folder: String?
  ) throws -> pid_t {
    var child: pid_t = 0
    let code = withCStrings([program] + arguments) { arguments in
      withCStrings(environment.map { "\($0)=\($1)" }) { environment in
        plain_spawn(&child, program, arguments, environment, streams, folder)
      }
    }
    guard code == 0 else { throw Failure.notStarted(errno: code) }
    return child
  }

  // MARK: Talking to it

  /// Short texts only: what does not fit into a pipe is waited for.
  func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }

  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  func signal(_ number: Int32) { kill(process, number) }

  var out: String { String(decoding: received[0], as: UTF8.self) }
  var err: String { String(decoding: received[1], as: UTF8.self) }

  /// Waits until what has come satisfies the condition, or the program has closed its streams.
  func wait(until condition: (Command) -> Bool) throws {
    let deadline = Self.now + Self.patience
    while !condition(self) && streams.contains(where: { $0 >= 0 }) { try receive(until: deadline) }
  }

  /// Waits until something in a folder satisfies the condition; it is asked again whenever a file there changes.
  func wait(watching folder: String, until condition: () -> Bool) throws {
    let changes = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard changes >= 0 else { throw Failure.notStarted(errno: errno) }
    defer { close(changes) }
    inotify_add_watch(changes, folder, UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO))
    let deadline = Self.now + Self.patience
    while !condition() && streams.contains(where: { $0 >= 0 }) { try receive(until: deadline, orChanges: changes) }
  }

  /// The first line of standard output.
  func firstLine() throws -> String {
    try wait { $0.received[0].contains(UInt8(ascii: "\n")) }
    return String(decoding: received[0].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  func waitForEnd() throws -> Ended {
    try wait { _ in false }
    var status: Int32 = 0
    while ended == nil {
      if waitpid(process, &status, 0) == process {
        ended = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
      } else if errno != EINTR {
        throw Failure.notStarted(errno: errno)
      }
    }
    return Ended(status: ended ?? -1, out: out, err: err)
  }

  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }

  private func receive(until deadline: Int, orChanges changes: Int32 = -1) throws {
    var descriptors = (streams + [changes]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let left = deadline - Self.now
    guard left > 0, poll(&descriptors, nfds_t(descriptors.count), Int32(left) * 1000) > 0 else {
      if left > 0 && errno == EINTR { return }
      throw Failure.timedOut(command: name, out: out, err: err)
    }
    for (index, descriptor) in descriptors.enumerated() where descriptor.revents != 0 {
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = read(descriptor.fd, &chunk, chunk.count)
      if index == streams.count { continue }
      if count > 0 {
        received[index] += chunk[..<count]
      } else {
        close(streams[index])
        streams[index] = -1
      }
    }
  }
}
