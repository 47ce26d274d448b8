import Glibc
import LisFormats

/// LisRuntime: a session. Program text, answers of a person and a connection enter; output, diagnostics and an exit code
/// leave. It joins the compiler, the machine and the engine, and holds the table of builtins.

/// Where a session writes. Results go to `out`, everything else to `note`.
public protocol Console: AnyObject {
  func out(_ bytes: [UInt8])
  func note(_ text: String)
  /// A line that the next one replaces, for progress; nothing where there is no terminal.
  func status(_ text: String?)
  var outIsTerminal: Bool { get }
  var noteIsTerminal: Bool { get }
  /// Cells of a line of the terminal.
  var width: Int { get }
  var usesColor: Bool { get }
  /// Why results could not be written, once some could not. A reader that went away is no reason: it wanted no more.
  var outProblem: String? { get }
}

extension Console {
  public var outProblem: String? { nil }

  public func out(_ text: String) { out(Array(text.utf8)) }
}

/// Standard output and standard error of the process.
public final class StandardConsole: Console {
  private var statusShown = false
  public private(set) var outProblem: String?
  public let usesColor: Bool
  public let isQuiet: Bool

  public init(color: Bool? = nil, quiet: Bool = false) {
    usesColor = color ?? (isatty(2) == 1 && getenv("NO_COLOR") == nil)
    isQuiet = quiet
  }

  public var outIsTerminal: Bool { isatty(1) == 1 }
  public var noteIsTerminal: Bool { isatty(2) == 1 }

  public var width: Int {
    var size = winsize()
    return ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  public func out(_ bytes: [UInt8]) {
    status(nil)
    guard outProblem == nil else { return }
    if let code = StandardConsole.write(bytes, to: 1), code != EPIPE { outProblem = String(cString: strerror(code)) }
  }

  public func note(_ text: String) {
    status(nil)
    StandardConsole.write(Array((text + "\n").utf8), to: 2)
  }

  public func status(_ text: String?) {
    guard noteIsTerminal, !isQuiet else { return }
    if let text {
      StandardConsole.write(Array("\r\u{1B}[K\(text.truncated(toWidth: width - 1))".utf8), to: 2)
      statusShown = true
    } else if statusShown {
      StandardConsole.write(Array("\r\u{1B}[K".utf8), to: 2)
      statusShown = false
    }
  }

  /// All of it, over short writes, signals and pipes that are full for a moment.
  /// - Returns: the system's error number when not all could be written.
  @discardableResult
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        let code = errno
        if code == EAGAIN {
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&ready, 1, -1)
        } else if code != EINTR {
          return code
        }
        continue
      }
      start += count
    }
    return nil
  }
}
