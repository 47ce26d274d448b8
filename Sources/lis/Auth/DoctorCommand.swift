import ArgumentParser
import LisAuth
import LisFormats
import LisRuntime

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look at everything that lis needs, one by one, and say what to do.",
    discussion: """
      Ends with 0 when everything works, perhaps with warnings, with 6 when the credential, its account or
      its scopes are the only thing that is wrong, and with 1 otherwise. Nothing is changed.
      """)

  @OptionGroup var options: AuthOptions

  @Option(help: "text or json.")
  var format: AnswerFormat = .text

  func run() throws {
    let console = StandardConsole()
    var examination = Examination(portal: options.portal)
    var worst = Finding.State.ok
    var isAccessOnly = true
    while let finding = examination.next() {
      console.out(format == .json ? finding.json.line : Array(finding.text.utf8))
      if finding.state == .fail && !finding.isAccess { isAccessOnly = false }
      worst = max(worst, finding.state)
    }
    if worst == .fail { throw ExitCode(isAccessOnly ? RunOutcome.noAccess.exitCode : RunOutcome.fault.exitCode) }
  }
}

/// What one look found.
struct Finding {
  enum State: Int, Comparable {
    case ok, warn, fail

    static func < (left: State, right: State) -> Bool { left.rawValue < right.rawValue }

    var word: String {
      switch self {
      case .ok: "ok"
      case .warn: "warn"
      case .fail: "fail"
      }
    }
  }

  var name: String
  var state: State
  var detail: String
  /// What to do.
  var advice: String?
  /// It is about the credential, its account or its scopes.
  var isAccess = false

  var text: String {
    let mark = state.word + String(repeating: " ", count: 6 - state.word.count)
    let title = name + String(repeating: " ", count: max(1, 14 - name.count))
    let advice = advice.map { "                    \($0.escapedForDisplay)\n" } ?? ""
    return mark + title + detail.escapedForDisplay + "\n" + advice
  }

  var json: JSONFields {
    var fields = JSONFields()
    fields.add("check", name)
    fields.add("state", state.word)
    fields.add("detail", detail)
    fields.add("advice", advice)
    return fields
  }
}
