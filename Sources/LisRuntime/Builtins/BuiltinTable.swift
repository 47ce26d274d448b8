import LisCompiler
import LisCore

/// All builtins, group by group. One row of the table says what a name takes and gives, and shows it: the compiler, help
/// and the reference read the same row.
struct BuiltinTable {
  let machine: Machine
  let session: SessionHolder
  private(set) var builtins: [Builtin] = []

  init(machine: Machine, session: SessionHolder) {
    self.machine = machine
    self.session = session
    addRows()
    addText()
    addNumbers()
    addTime()
    addRanges()
    addLooking()
    addFiles()
    addLists()
    addLetters()
    addCalendar()
    addJSON()
    addQuestions()
    addControl()
    addTesting()
  }

  mutating func native(
    _ name: String, group: String, _ parameters: [BuiltinParameter], result: StaticType,
    effect: Builtin.Effect = .pure, summary: String, examples: [Builtin.Example] = [], _ body: @escaping Native
  ) {
    let number = machine.addNative(name, body)
    builtins.append(
      Builtin(
        name, group: group, parameters, result: result, effect: effect, summary: summary, examples: examples,
        implementation: .native(number)))
  }

  mutating func add(_ builtin: Builtin) { builtins.append(builtin) }
}

/// A native was given something it cannot use.
func badArgument(_ function: String, _ parameter: String, _ expected: String, _ found: Value) -> FaultKind {
  .badArgument(function: function, parameter: parameter, expected: expected, found: found.type)
}
