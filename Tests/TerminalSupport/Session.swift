import CPseudoTerminal
import Glibc

/// A program of this package on a pseudo-terminal. Every wait is for something to appear and ends after thirty seconds.
package final class Session {
  package enum Failure: Error { case notStarted(errno: Int32), timedOut(waitingFor: String, screen: String) }
  package enum End: Equatable { case status(Int32), signal(Int32) }
  package enum Input { case terminal, text(String), pipe }

  package private(set) var screen: Screen
  /// What came through the pipe, when standard output is one.
  package private(set) var output = ""
  /// The writing end of the pipe, when standard input is one.
  private var inputPipe: Int32 = -1
  private var child = pty_child()
  private var undecoded: [UInt8] = []
  private var end: End?
  private static let patience: Int32 = 30_000

  /// - Parameter program: name of the program, which lies beside the one that runs the tests.
  package init(
    _ arguments: [String] = [], program: String = "shell-dev", terminal: String = "xterm",
    environment: [String: String] = [:], columns: Int = 60, rows: Int = 20, input: Input = .terminal,
    outputIsPipe: Bool = false
  ) throws {
    let path = Products.path(of: program)
    screen = Screen(columns: columns, rows: rows)
    var variables = ["TERM": terminal, "LC_ALL": "C.UTF-8"]
    variables.merge(environment) { $1 }
    var reading = Int32(PTY_TERMINAL)
    if case .terminal = input {} else if pty_pipe(&reading, &inputPipe) != 0 { throw Failure.notStarted(errno: errno) }
    let status = withCStrings([path] + arguments) { arguments in
      withCStrings(variables.map { "\($0)=\($1)" }) { environment in
        pty_spawn(
          &child, path, arguments, environment, Int32(columns), Int32(rows), reading,
          Int32(outputIsPipe ? PTY_PIPE : PTY_TERMINAL))
      }
    }
    if reading >= 0 { close(reading) }
    if status != 0 { throw Failure.notStarted(errno: errno) }
    if case .text(let text) = input {
      sendThroughPipe(text)
      closeInputPipe()
    }
  }

  deinit {
    if end == nil {
      kill(child.process, SIGKILL)
      waitpid(child.process, nil, 0)
    }
    for descriptor in [child.master, child.slave, child.life, child.output, inputPipe] where descriptor >= 0 {
      close(descriptor)
    }
  }

  // MARK: Keys

  package func send(_ keys: String) { write(Array(keys.utf8), to: child.master) }
  package func send(bytes: [UInt8]) { write(bytes, to: child.master) }
  package func sendThroughPipe(_ text: String) { write(Array(text.utf8), to: inputPipe) }

  package func closeInputPipe() {
    close(inputPipe)
    inputPipe = -1
  }

  package func resize(columns: Int, rows: Int) {
    screen.resize(columns: columns, rows: rows)
    pty_resize(child.master, Int32(columns), Int32(rows))
  }

  package func signal(_ number: Int32) { kill(child.process, number) }

  /// The person closes the window.
  package func hangUp() {
    close(child.slave)
    close(child.master)
    (child.slave, child.master) = (-1, -1)
  }

  /// The terminal's mode before the program started.
  package var initialMode: [UInt8] { Self.comparable(child.initial) }

  /// The terminal's mode as the program sees it.
  package var mode: [UInt8] {
    var attributes = termios()
    tcgetattr(child.slave, &attributes)
    return Self.comparable(attributes)
  }

  private static func comparable(_ attributes: termios) -> [UInt8] {
    withUnsafeBytes(of: attributes.c_cc) { Array($0) }
      + [attributes.c_iflag, attributes.c_oflag, attributes.c_cflag, attributes.c_lflag].flatMap { flags in
        withUnsafeBytes(of: flags) { Array($0) }
      }
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      // A terminal takes little at a time, and the program must not wait for its drawing to be read meanwhile.
      let count = rest.prefix(512).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
      drain()
    }
  }

  // MARK: Waiting

  /// Waits until the screen holds the text.
  package func wait(for text: String) throws { try wait("\(text)") { $0.text.contains(text) } }

  /// Waits until the cursor is behind an empty prompt.
  package func waitForPrompt(_ prompt: String = "lis practice>") throws {
    try wait("a prompt") { $0.cursorLine == prompt && $0.cursor.column == prompt.count + 1 }
  }

  package func wait(_ description: String, until condition: (Screen) -> Bool) throws {
    while !condition(screen) {
      guard receive(timeout: Self.patience) else {
        throw Failure.timedOut(waitingFor: description, screen: screen.text)
      }
    }
  }

  /// Sends an entry and waits for what it prints and for the prompt behind that.
  package func enter(_ entry: String, expecting output: String, prompt: String = "lis practice>") throws {
    send(entry + "\r")
    try wait(for: output)
    try waitForPrompt(prompt)
  }

  package func waitForEnd() throws -> End {
    while end == nil {
      guard receive(timeout: Self.patience) || end != nil else {
        throw Failure.timedOut(waitingFor: "the end", screen: screen.text)
      }
    }
    drain()
    return end ?? .status(-1)
  }

  private func drain() { while end == nil || child.master >= 0, receive(timeout: 0) {} }

  /// Takes what has come, or notices the end. Returns false when nothing came in time.
  private func receive(timeout: Int32) -> Bool {
    var descriptors = [child.master, child.output, end == nil ? child.life : -1].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    guard poll(&descriptors, nfds_t(descriptors.count), timeout) > 0 else { return false }
    if descriptors[0].revents & Int16(POLLIN) != 0 {
      undecoded += bytes(from: child.master)
      feedScreen()
      return true
    }
    if descriptors[1].revents != 0 {
      let received = bytes(from: child.output)
      if !received.isEmpty {
        output += String(decoding: received, as: UTF8.self)
        return true
      }
      close(child.output)
      child.output = -1
      return true
    }
    if descriptors[2].revents != 0 { reap() }
    return end != nil
  }

  private func bytes(from descriptor: Int32) -> ArraySlice<UInt8> {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    return chunk[..<max(0, read(descriptor, &chunk, chunk.count))]
  }

  /// Hands whole characters to the screen and keeps the beginning of one for later.
  private func feedScreen() {
    var whole = undecoded.count
    if let lead = undecoded.lastIndex(where: { $0 & 0xc0 != 0x80 }) {
      let length = undecoded[lead] >= 0xf0 ? 4 : undecoded[lead] >= 0xe0 ? 3 : undecoded[lead] >= 0xc0 ? 2 : 1
      if lead + length > undecoded.count { whole = lead }
    }
    screen.feed(String(decoding: undecoded[..<whole], as: UTF8.self))
    undecoded.removeFirst(whole)
  }

  private func reap() {
    var status: Int32 = 0
    waitpid(child.process, &status, 0)
    end = status & 0x7f == 0 ? .status(status >> 8 & 0xff) : .signal(status & 0x7f)
  }
}

/// Programs that were built with the tests.
package enum Products {
  /// The folder of the program that runs the tests.
  private static let folder: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex))
  }()

  package static func path(of program: String) -> String { folder + "/" + program }
}

package func withCStrings<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
  let pointers = texts.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers + [nil])
}
