import CLineEdit
import Glibc

/// The history on disk: one entry a line, with `\n` and `\\` written as escapes so that an entry of several lines stays
/// one. The file belongs to its owner alone (0600), whatever the umask.
struct HistoryFile {
  let path: String
  /// Entries beyond this number are dropped, the oldest first.
  static let limit = 10_000

  /// The stored entries, oldest first; none when there is no file yet. Throws ``HistoryProblem``.
  func read() throws(HistoryProblem) -> [String] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT { return [] }
      throw .unreadable(path: path, code: errno)
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path: path, code: errno)
      }
      bytes += chunk[..<count]
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    return lines.suffix(Self.limit).map { Self.decoded(String(decoding: $0, as: UTF8.self)) }
  }

  /// Replaces the file by the entries. A reader sees the old file or the new one, never a part. Throws
  /// ``HistoryProblem``.
  func write(_ entries: some Collection<String>) throws(HistoryProblem) {
    let target = resolvedPath
    makeFolder(of: target)
    var template = Array("\(target).XXXXXX".utf8CString)
    let descriptor = cledit_create_private_file(&template)
    if descriptor < 0 { throw .unwritable(path: path, code: errno) }
    let text = entries.suffix(Self.limit).map { Self.encoded($0) + "\n" }.joined()
    let written = Self.writeAll(text, to: descriptor)
    let failure = errno
    let closed = close(descriptor) == 0
    guard written, closed, rename(template, target) == 0 else {
      let code = written ? errno : failure
      unlink(template)
      throw .unwritable(path: path, code: code)
    }
  }

  /// The file behind a symbolic link, so that saving replaces the file and not the link.
  private var resolvedPath: String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Makes the folder that is to hold the file, for its owner alone. That it cannot shows when the file is created.
  private func makeFolder(of path: String) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    mkdir(String(path[..<slash]), 0o700)
  }

  private static func writeAll(_ text: String, to descriptor: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno != EINTR { return false }
      rest = rest.dropFirst(max(0, count))
    }
    return true
  }

  static func encoded(_ entry: String) -> String {
    var result = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\\": result += "\\\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func decoded(_ line: String) -> String {
    var result = String.UnicodeScalarView()
    var scalars = line.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "\\", let escaped = scalars.next() else {
        result.append(scalar)
        continue
      }
      result.append(escaped == "n" ? "\n" : escaped)
    }
    return String(result)
  }
}
