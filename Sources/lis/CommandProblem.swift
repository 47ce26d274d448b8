import LisAuth
import LisFormats
import LisRuntime
import LisSchema
import LisSyntax
import PracticePortal

/// What can be wrong with a command before a session begins. Nothing was sent in any of these cases.
enum CommandProblem: Error {
  case nothingToRun
  case nothingToCheck
  case unknownTopic(String, suggestion: String?)
  case nothingFound(String)
  case nothingToFormat
  case notAFile(path: String)
  case unwritableScript(path: String, reason: String)
  case wouldChangeMeaning(path: String)
  case unreadableScript(path: String, reason: String)
  case notUTF8(path: String, line: Int)
  case unknownOption(String)
  case unexpectedWord(String)
  case valueMissing(flag: String)
  case givenTwice(flag: String)
  case unknownParameter(flag: String, known: [String])
  case missingParameters(script: String, flags: [String])
  case unknownZone(String)
  case unreadableZone(String, reason: String)
  case negativeCount(flag: String)
  case badTimeLimit
  case auth(AuthProblem)
  case practiceNeedsNoCredential
  case badProfileName(String)
  case home(HomeProblem)
  case practice(PortalError)
  case practiceFailed(reason: String)
  case noThread(reason: String)
  case noLibrary(path: String, reason: String)
  case reportNotWritten(path: String, reason: String)
  case schemaFile(SchemaFileProblem)
  case recordsReplay
  case commandBehindFlags(String)
  case recordingExists(path: String)
  case fileNotWritable(flag: String, path: String, reason: String)
  case unreadableRecording(path: String, reason: String)
}

extension SchemaFile {
  static func known(_ path: String) throws(CommandProblem) -> PortalSchema {
    do { return try read(path) } catch { throw .schemaFile(error) }
  }
}

extension CommandProblem {
  var message: String {
    switch self {
    case .nothingToRun: "there is nothing to run: name a script, give code with -e, or say - for standard input"
    case .nothingToCheck: "there is nothing to check: name the scripts, or give code with -e"
    case .unknownTopic(let topic, let suggestion):
      "there is no page `\(topic.escapedForDisplay)`\(suggestion.map { " (did you mean \($0)?)" } ?? ""); `lis help` "
        + "lists them"
    case .nothingFound(let word): "no page holds `\(word.escapedForDisplay)`; `lis help` lists the pages"
    case .nothingToFormat: "there is nothing to format: name the scripts, or say - for standard input"
    case .notAFile(let path):
      "`\(path.escapedForDisplay)` is no plain file and is left as it is; use - to format standard input"
    case .unwritableScript(let path, let reason):
      "the script `\(path.escapedForDisplay)` cannot be rewritten: \(reason); it is as it was"
    case .wouldChangeMeaning(let path):
      "formatting `\(path.escapedForDisplay)` would have made another program of it, so it is left as it is; this is a "
        + "fault of lis: please report it with the script"
    case .unreadableScript(let path, let reason):
      "the script `\(path.escapedForDisplay)` cannot be read: \(reason); nothing was sent"
    case .notUTF8(let path, let line):
      "`\(path.escapedForDisplay)` is not valid UTF-8 (line \(line)); save it as UTF-8; nothing was sent"
    case .unknownOption(let word):
      "unknown option `\(word.escapedForDisplay)`\(CommandProblem.suggestion(word)); a script's own parameters stand "
        + "behind its name; nothing was sent"
    case .unexpectedWord(let word):
      "`\(word.escapedForDisplay)` is not expected here: parameters are given as --name value; nothing was sent"
    case .valueMissing(let flag):
      "\(flag.escapedForDisplay) needs a value\(CommandProblem.suggestion(flag)); nothing was sent"
    case .givenTwice(let flag): "\(flag.escapedForDisplay) is given twice; nothing was sent"
    case .unknownParameter(let flag, let known):
      "the script has no parameter \(flag.escapedForDisplay)\(CommandProblem.suggestion(flag, known)); "
        + (known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))") + "; nothing was sent"
    case .missingParameters(let script, let flags):
      "the script needs \(flags.joined(separator: ", ")); `lis \(script.escapedForDisplay) --help` shows its "
        + "parameters; nothing was sent"
    case .unknownZone(let name):
      "there is no time zone `\(name.escapedForDisplay)`; zones are named like Europe/Berlin; nothing was sent"
    case .unreadableZone(let name, let reason): "the system's file for `\(name)` cannot be read: \(reason)"
    case .schemaFile(let problem): "\(problem.message.escapedForDisplay); nothing was sent"
    case .commandBehindFlags(let command):
      "there is no script `\(command)`; the command of that name comes first, and its flags behind it: "
        + "`lis \(command) …`; nothing was sent"
    case .recordsReplay:
      "--record and --replay exclude each other: what is replayed is a recording already; nothing was sent"
    case .recordingExists(let path):
      "--record names `\(path.escapedForDisplay)`, which exists and is not written over; name another file; nothing was sent"
    case .fileNotWritable(let flag, let path, let reason):
      "\(flag) names `\(path.escapedForDisplay)`, which cannot be written: \(reason); nothing was sent"
    case .unreadableRecording(let path, let reason):
      "the recording `\(path.escapedForDisplay)` cannot be used: \(reason); nothing was sent"
    case .badTimeLimit: "--time-limit must be more than 0 seconds; nothing was sent"
    case .reportNotWritten(let path, let reason):
      "the tests ran, but `\(path.escapedForDisplay)` cannot be written: \(reason)"
    case .negativeCount(let flag): "\(flag) must be 0 or more; nothing was sent"
    case .auth(let problem):
      "\(problem.message.escapedForDisplay); nothing was sent\(problem.hint.map { "; \($0.escapedForDisplay)" } ?? "")"
    case .practiceNeedsNoCredential: "`practice` is built in and needs no credential; name another portal with --portal"
    case .badProfileName(let name):
      "`\(name.escapedForDisplay)` cannot be the name of a profile: letters, digits, `-` and `_` can, at most 64"
    case .home(let problem): problem.message
    case .practice(let error): error.message
    case .practiceFailed(let reason): "the practice portal failed: \(reason)"
    case .noLibrary(let path, let reason):
      "LIS_STDLIB names the folder `\(path.escapedForDisplay)`, which cannot be used as the standard library: \(reason); "
        + "without LIS_STDLIB the one inside lis is used; nothing was sent"
    case .noThread(let reason): "no thread could be started: \(reason); nothing was sent"
    }
  }

  /// 64 where the command has to be given otherwise, 8 where somebody else holds what is needed.
  var exitCode: Int32 {
    switch self {
    case .practice(.dataDirectoryInUse): 8
    case .auth(let problem): problem.exitCode
    case .practice(.hostNotLoopback), .practice(.portOutOfRange), .practice(.seedOutOfRange): 64
    case .home, .practice, .practiceFailed, .noThread, .reportNotWritten, .unwritableScript, .wouldChangeMeaning: 1
    default: 64
    }
  }

  private static func suggestion(_ flag: String, _ known: [String] = []) -> String {
    let flag = String(flag.prefix { $0 != "=" })
    let found = Spelling.suggestion(for: flag, among: known + ReservedFlag.all.sorted())
    return found.map { " (did you mean \($0)?)" } ?? ""
  }
}
