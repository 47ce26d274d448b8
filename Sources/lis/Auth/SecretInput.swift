import Glibc
import LisAuth
import LisShell

/// A secret from whoever starts lis: typed without being shown, or piped in.
enum SecretInput {
  /// - Parameter onlyStream: standard input is read to its end even where it is a terminal.
  static func read(_ question: String, onlyStream: Bool) throws(SignInProblem) -> [UInt8] {
    let person = HiddenInput()
    guard !onlyStream, isatty(STDIN_FILENO) == 1 else { return try stream(until: nil) }
    guard person.canAsk else { throw .noInput }
    switch person.ask(question, limit: TokenText.limit) {
    case .bytes(let bytes): return bytes
    case .end: throw .noInput
    case .signal(SIGINT): throw .interrupted
    case .signal(let number):
      // The terminal is as it was; now the signal does what it does to every program.
      Glibc.signal(number, SIG_DFL)
      raise(number)
      throw .interrupted
    }
  }

  /// The first line of standard input; what follows is left for others.
  static func line() throws(SignInProblem) -> [UInt8] {
    let bytes = try stream(until: UInt8(ascii: "\n"))
    if bytes.isEmpty { throw .noInput }
    return bytes
  }

  private static func stream(until end: UInt8?) throws(SignInProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: end == nil ? 65_536 : 1)
    // A little more than any token may have, so that what is too long is seen to be.
    while bytes.count <= TokenText.limit + 2 {
      let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      if let end, chunk[0] == end { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}
