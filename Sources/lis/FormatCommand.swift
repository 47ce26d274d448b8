import ArgumentParser
import Glibc
import LisFormats
import LisRuntime
import LisSyntax

struct FormatScripts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Put scripts into the one layout of lis.",
    discussion: """
      Files are rewritten in place; - stands for standard input, whose result goes to standard output. There are no
      options of style. A file with syntax errors stays as it is.
      """)

  @Flag(help: "Write nothing; name the files that are not formatted and end with 1 when there are any.")
  var check = false

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
  var color: ColorChoice = .auto

  @Option(help: ArgumentHelp("The form of diagnostics: text or json.", valueName: "form"))
  var diagnostics: DiagnosticForm = .text

  @ArgumentParser.Argument(help: ArgumentHelp("The scripts, or - for standard input.", valueName: "file"))
  var files: [String] = []

  func run() throws {
    guard !files.isEmpty else { throw CommandProblem.nothingToFormat }
    let console = StandardConsole(color: color.forced ?? ColorChoice.isWanted)
    var code: Int32 = 0
    for file in files {
      let input = try ScriptInput(ScriptWords(words: [file]))
      // Like checking, printing recurses over the tree.
      code = max(code, try MachineThread.run { Result { try format(input, file, console) } }.get())
    }
    if code != 0 { throw ExitCode(code) }
  }

  /// - Returns: 0, 1 where `--check` finds something to do, or 65 where there are syntax errors.
  private func format(_ input: ScriptInput, _ file: String, _ console: StandardConsole) throws -> Int32 {
    let text: String
    do { text = try LisSyntax.format(input.source) } catch {
      switch error {
      case .syntax(let problems):
        let words = diagnostics == .json ? renderJSON(problems) : render(problems, color: console.usesColor)
        console.note(words.hasSuffix("\n") ? String(words.dropLast()) : words)
        return RunOutcome.checkFailed.exitCode
      case .meaningWouldChange: throw CommandProblem.wouldChangeMeaning(path: file)
      }
    }
    if check {
      if Array(text.utf8) == input.source.bytes { return 0 }
      console.out(file.escapedForDisplay + "\n")
      return 1
    }
    guard let path = input.path else {
      console.out(text)
      return 0
    }
    if Array(text.utf8) != input.source.bytes { try ReplacedFile.write(text, to: path) }
    return 0
  }
}

/// A file that gets new contents. It has the old ones or the new ones, never a part, and keeps its permissions.
enum ReplacedFile {
  static func write(_ text: String, to name: String) throws(CommandProblem) {
    // The file that a link leads to is replaced, not the link.
    guard let path = FileAccess.resolved(name) else { throw problem(name) }
    var state = stat()
    guard stat(path, &state) == 0, access(path, W_OK) == 0 else { throw problem(name) }
    guard state.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: name) }
    let temporary = path + ".partial-\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw problem(name) }
    var isWritten = writeAll(Array(text.utf8), to: descriptor)
    // Owner and group first: changing them takes some permissions away. Only the superuser can give a file away.
    if isWritten, state.st_uid != geteuid() || state.st_gid != getegid() {
      _ = fchown(descriptor, state.st_uid, state.st_gid)
    }
    isWritten = isWritten && fchmod(descriptor, state.st_mode & 0o7777) == 0 && fsync(descriptor) == 0
    var code = errno
    close(descriptor)
    if isWritten && rename(temporary, path) == 0 { return }
    if isWritten { code = errno }
    unlink(temporary)
    errno = code
    throw problem(name)
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno != EINTR { return false }
      rest = rest.dropFirst(max(count, 0))
    }
    return true
  }

  private static func problem(_ name: String) -> CommandProblem {
    .unwritableScript(path: name, reason: String(cString: strerror(errno)))
  }
}
