import LisCompiler
import LisCore

/// Output and the course of a run.
extension BuiltinTable {
  mutating func addControl() {
    let session = self.session
    native(
      "print", group: "control", [BuiltinParameter("values", rest: true)], result: .null, effect: .acts,
      summary: "Writes values as text to standard output, with spaces between them."
    ) { machine, arguments in
      let texts = (0..<arguments.count).map { machine.text(of: arguments[$0]) }
      session.session?.printLine(texts.joined(separator: " "))
      return .null
    }
    native(
      "require", group: "control",
      [BuiltinParameter("condition", type: .bool), BuiltinParameter("message", type: .string)], result: .null,
      summary: "Stops the run with a message unless a condition is true."
    ) { machine, arguments in
      if arguments[0].bool == true || session.session?.options.explainsOnly == true { return .null }
      if arguments[0].bool == nil, arguments[0].type != .null {
        throw badArgument("require", "condition", "true or false", arguments[0])
      }
      throw FaultKind.raised(message: machine.text(of: arguments[1]))
    }
    native(
      "fail_with", group: "control", [BuiltinParameter("message")], result: .unknown,
      summary: "Stops with a message; `catch` can take it."
    ) { machine, arguments in throw FaultKind.raised(message: machine.text(of: arguments[0])) }
  }
}
