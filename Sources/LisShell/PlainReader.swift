import Glibc

/// Reads lines where there is no line editor: from a pipe, a file, or a terminal that cannot move its cursor.
struct PlainReader {
  enum Line: Equatable {
    /// Without its end. Bytes that are not UTF-8 become U+FFFD.
    case line(String)
    case interrupted
    case end
    case lost
  }

  private let input: Int32
  private let signals: SignalPipe?
  private var bytes: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  /// `signals` is where Ctrl-C arrives; without it a Ctrl-C ends the program while it reads.
  init(input: Int32, signals: SignalPipe?) {
    self.input = input
    self.signals = signals
  }

  mutating func next() -> Line {
    var searched = start
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return .line(text(bytes[start..<end]))
      }
      if isAtEnd { return lastLine() }
      searched = dropUsed()
      let ready = Wait.forInput(input, orSignals: signals?.reading ?? -1)
      if ready.signal {
        _ = signals?.received()
        bytes = []
        return .interrupted
      }
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = read(input, &chunk, chunk.count)
      if count > 0 {
        bytes += chunk[..<count]
      } else if count == 0 {
        isAtEnd = true
      } else if errno != EINTR && errno != EAGAIN {
        return .lost
      }
    }
  }

  /// A last line may lack its end. Once it is given out, a terminal may go on after its end of file; a pipe says again
  /// that it is at its end.
  private mutating func lastLine() -> Line {
    guard start < bytes.count else { return .end }
    defer { start = bytes.count }
    return .line(text(bytes[start...]))
  }

  /// Forgets what was given out. Returns where the unread bytes end.
  private mutating func dropUsed() -> Int {
    bytes.removeFirst(start)
    start = 0
    return bytes.count
  }

  private func text(_ line: ArraySlice<UInt8>) -> String {
    String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
  }
}
