import LisCompiler
import LisCore
import LisEngine

/// Output and the course of a run.
extension BuiltinTable {
  mutating func addControl() {
    let session = self.session
    native(
      "print", group: "control", [BuiltinParameter("values", .shown, rest: true)], result: .null, effect: .acts,
      summary: "Writes values as text to standard output, with spaces between them.",
      examples: [.init("print(\"price\", 9.99)", "price 9.99")]
    ) { machine, arguments in
      let texts = (0..<arguments.count).map { index in
        session.session?.engine?.plan(arguments[index]).map { PlanText.summary($0) }
          ?? machine.text(of: arguments[index])
      }
      try machine.work(1)
      session.session?.printLine(texts.joined(separator: " "))
      return .null
    }
    native(
      "require", group: "control",
      [BuiltinParameter("condition", type: .bool), BuiltinParameter("message", type: .string)], result: .null,
      summary: "Stops the run with a message unless a condition is true.",
      examples: [.init("try { require(1 > 2, \"no price\") } catch e { print(e.message) }", "no price")]
    ) { machine, arguments in
      if arguments[0].bool == true || session.session?.options.explainsOnly == true { return .null }
      if arguments[0].bool == nil, arguments[0].type != .null {
        throw badArgument("require", "condition", "true or false", arguments[0])
      }
      throw FaultKind.raised(message: machine.text(of: arguments[1]))
    }
    native(
      "apply!", group: "control", [BuiltinParameter("plan", type: .plan)], result: .report, effect: .writes,
      summary: "Carries out a plan, once, and gives the report. Records that changed since the plan are skipped."
    ) { _, arguments in
      guard let session = session.session else { throw SessionProblem.closed }
      // Without a connection there can be no plan.
      guard let engine = session.engine else { throw EngineError.notAPlan }
      return try engine.apply(arguments[0])
    }
    native(
      "fail_with", group: "control", [BuiltinParameter("message")], result: .unknown,
      summary: "Stops with a message; `catch` can take it.",
      examples: [.init("try { fail_with(\"no price\") } catch e { print(e.message) }", "no price")]
    ) { machine, arguments in throw FaultKind.raised(message: machine.text(of: arguments[0])) }
  }
}
