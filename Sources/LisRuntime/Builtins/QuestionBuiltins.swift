import LisCompiler
import LisCore
import LisFormats

/// Questions that a program puts to the person who runs it.
extension BuiltinTable {
  mutating func addQuestions() {
    let session = self.session
    native(
      "confirm", group: "control", [BuiltinParameter("question", type: .string)], result: .bool, effect: .acts,
      summary:
        "Asks a question and gives true when the answer is y. Nobody is asked under --yes and --apply, which answer "
        + "beforehand, and under `lis plan`: all give true. Where nobody can be asked, the run stops.",
      examples: [.init("confirm(\"Go on?\")", "true")]
    ) { machine, arguments in
      guard let session = session.session else { throw SessionProblem.closed }
      let question = machine.text(of: arguments[0]).escapedForDisplay
      return Value(try session.confirm(question))
    }
  }
}

extension Session {
  func confirm(_ question: String) throws -> Bool {
    if options.rules.planOnly || options.rules.apply || options.rules.yes || options.explainsOnly { return true }
    guard let ask else { throw SessionProblem.nobodyToAsk(question) }
    console.status(nil)
    guard case .text(let text) = ask("\(question) y to go on, Enter for no: ") else { return false }
    return ["y", "yes"].contains(text.filter { !$0.isWhitespace }.lowercased())
  }
}
