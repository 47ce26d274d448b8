import Glibc
import LisFormats

/// LisRuntime: a session. Program text, answers of a person and a connection enter; output, diagnostics and an exit code
/// leave. It joins the compiler, the machine and the engine, and holds the table of builtins.

/// Where a session writes. Results go to `out`, everything else to `note`.
public protocol Console: AnyObject {
  func out(_ bytes: [UInt8])
  func note(_ text: String)
  /// A diagnostic as one JSON object, for tools.
  func diagnostic(json: String)
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

  public func diagnostic(json: String) { note(json) }
}

/// Standard output and standard error of the process.
public final class StandardConsole: Console {
  private var statusShown = false
  public private(set) var outProblem: String?
  public let usesColor: Bool
  public let isQuiet: Bool
  /// Whether what is noted are lines of JSON instead of text.
  private let logsJSON: Bool

  public init(color: Bool? = nil, quiet: Bool = false, logsJSON: Bool = false) {
    usesColor = !logsJSON && (color ?? (isatty(2) == 1 && getenv("NO_COLOR") == nil))
    isQuiet = quiet
    self.logsJSON = logsJSON
  }

  public var outIsTerminal: Bool { isatty(1) == 1 }
  /// A log is for programs, wherever it goes.
  public var noteIsTerminal: Bool { !logsJSON && isatty(2) == 1 }

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
    guard logsJSON else {
      StandardConsole.write(Array((text + "\n").utf8), to: 2)
      return
    }
    var line = LogLine("note")
    line.add("message", text)
    line.write()
  }

  public func diagnostic(json: String) {
    guard logsJSON, json.hasPrefix("{") else { return note(json) }
    LogLine("diagnostic", members: json.dropFirst().dropLast()).write()
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
  fileprivate static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
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

/// One event of the log that `--log-format json` asks for: an object on a line of its own, with the time and the name of
/// the event before everything else. Written as one piece, so that lines of several threads do not mix.
public struct LogLine {
  private var bytes: [UInt8]

  public init(_ event: String) {
    bytes = Array("{\"at\":\"\(MomentText.now)\",\"event\":\"\(event)\"".utf8)
  }

  /// - Parameter members: of a JSON object, as JSON.
  init(_ event: String, members: Substring) {
    self.init(event)
    bytes += Array(",".utf8) + Array(members.utf8)
  }

  public mutating func add(_ name: String, _ text: String) {
    key(name)
    JSONText.append(text, to: &bytes)
  }

  public mutating func add(_ name: String, _ number: Int) {
    key(name)
    bytes += Array(String(number).utf8)
  }

  private mutating func key(_ name: String) { bytes += Array(",\"\(name)\":".utf8) }

  /// To standard error.
  public func write() { StandardConsole.write(bytes + Array("}\n".utf8), to: 2) }

  /// A line that is whole already.
  public static func write(_ line: String) { StandardConsole.write(Array((line + "\n").utf8), to: 2) }
}
