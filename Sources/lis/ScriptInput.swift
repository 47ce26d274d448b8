import Glibc
import LisSyntax

/// A program from wherever it was named: a file, `-`, standard input or `-e`.
struct ScriptInput {
  var source: SourceText
  /// Path of the file, if it is one.
  var path: String?
  /// What follows the name: values for the script's parameters.
  var rest: [String]

  init(_ script: ScriptWords) throws(CommandProblem) {
    let words = script.words
    if let code = script.code {
      self.init(source: SourceText(name: "-e", text: code), path: nil, rest: words)
      return
    }
    guard let name = words.first else {
      // Somebody at a terminal has forgotten something; a program that waits for them would only seem to hang.
      if isatty(STDIN_FILENO) == 1 { throw .nothingToRun }
      self.init(source: try ScriptInput.standardInput(), path: nil, rest: [])
      return
    }
    if name.hasPrefix("-") && name != "-" { throw .unknownOption(name) }
    let rest = Array(words.dropFirst())
    if name == "-" {
      self.init(source: try ScriptInput.standardInput(), path: nil, rest: rest)
    } else {
      self.init(source: try ScriptInput.file(name), path: name, rest: rest)
    }
  }

  private init(source: SourceText, path: String?, rest: [String]) {
    self.source = source
    self.path = path
    self.rest = rest
  }

  private static func file(_ path: String) throws(CommandProblem) -> SourceText {
    do { return try text(try FileBytes.read(path), path) } catch let error as FileBytes.Failure {
      // `lis --portal shop check x.lis`: the flags made a run of it.
      if Lis.commands.contains(path) { throw .commandBehindFlags(path) }
      throw .unreadableScript(path: path, reason: error.reason)
    } catch let problem as CommandProblem {
      throw problem
    } catch {
      throw .unreadableScript(path: path, reason: "\(error)")
    }
  }

  private static func standardInput() throws(CommandProblem) -> SourceText {
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(STDIN_FILENO) } catch {
      throw .unreadableScript(path: "<stdin>", reason: error.reason)
    }
    return try text(bytes, "<stdin>")
  }

  private static func text(_ bytes: [UInt8], _ name: String) throws(CommandProblem) -> SourceText {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notUTF8(path: name, line: lineOfFirstFault(bytes))
    }
    return SourceText(name: name, text: text)
  }

  /// The first line that is not UTF-8 by itself; a line end is never part of a longer character.
  private static func lineOfFirstFault(_ bytes: [UInt8]) -> Int {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
  }

  /// `--price-floor 5` and `--price-floor=5` as values by parameter name; `--dry` and `--no-dry` for a switch.
  /// - Parameter switches: names of the parameters that are true or false, and need no value.
  func arguments(_ switches: Set<String> = []) throws(CommandProblem) -> [String: String] {
    var values: [String: String] = [:]
    var words = rest[...]
    while let word = words.popFirst() {
      guard word.hasPrefix("--"), word.count > 2 else { throw .unexpectedWord(word) }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      var name = String(parts[0].map { $0 == "-" ? "_" : $0 })
      let opposite = String(name.dropFirst(3))
      let isOff = parts.count == 1 && name.hasPrefix("no_") && switches.contains(opposite)
      if isOff, !switches.contains(name) { name = opposite }
      guard values[name] == nil else { throw .givenTwice(flag: "--" + parts[0]) }
      if parts.count == 2 {
        values[name] = String(parts[1])
      } else if switches.contains(name) {
        let isWord = words.first == "true" || words.first == "false"
        values[name] = isWord && name != opposite ? words.removeFirst() : name == opposite ? "false" : "true"
      } else {
        guard let value = words.popFirst() else { throw .valueMissing(flag: word) }
        values[name] = value
      }
    }
    return values
  }
}

enum FileBytes {
  struct Failure: Error {
    var reason: String

    fileprivate init(code: Int32) { reason = String(cString: strerror(code)) }
  }

  /// All bytes of a file.
  static func read(_ path: String) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    defer { close(descriptor) }
    return try read(descriptor)
  }

  static func read(_ descriptor: Int32) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      var count = 0
      var code: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, filled in
        repeat { count = Glibc.read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        code = errno
        filled = max(count, 0)
      }
      if count < 0 { throw Failure(code: code) }
      if count == 0 { return bytes }
      bytes += chunk
    }
  }
}
