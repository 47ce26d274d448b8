import LisCompiler
import LisCore

/// Numbers.
extension BuiltinTable {
  mutating func addNumbers() {
    native(
      "number", group: "numbers", [BuiltinParameter("text")], result: .number,
      summary: "A text as a number; a fault when it is none. Null and the empty text give null.",
      examples: [.init("number(\"12.50\")", "12.50"), .init("number(\"\")", "null")]
    ) { machine, arguments in
      if let number = machine.ordinaryNumber(arguments[0]) { return number }
      if arguments[0].decimal != nil || arguments[0].type == .null { return arguments[0] }
      guard let text = arguments[0].string else { throw badArgument("number", "text", "a text", arguments[0]) }
      if text.isEmpty { return .null }
      do { return machine.makeNumber(try Decimal(parsing: text)) } catch {
        throw FaultKind.raised(message: "\(machine.written(arguments[0])) is not a number: \(error)")
      }
    }
    native(
      "round", group: "numbers",
      [BuiltinParameter("value", type: .number), BuiltinParameter("digits", type: .number, optional: true)],
      result: .number, summary: "Rounded to a number of digits after the point, half away from zero, as invoices are.",
      examples: [.init("round(2.345, 2)", "2.35"), .init("round(-0.5)", "-1"), .init("round(1234, -2)", "1200")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let number = arguments[0].decimal else { throw badArgument("round", "value", "a number", arguments[0]) }
      guard let digits = arguments.has(1) ? arguments[1].int : 0 else {
        throw badArgument("round", "digits", "a whole number", arguments[1])
      }
      do throws(ArithmeticFault) { return machine.makeNumber(try number.rounded(to: digits)) } catch {
        throw FaultKind.arithmetic(error)
      }
    }
    number("floor", "The largest whole number that is not larger.", [.init("floor(-1.5)", "-2")]) { $0.floor }
    number("ceil", "The smallest whole number that is not smaller.", [.init("ceil(1.2)", "2")]) { $0.ceiling }
    number("abs", "The number without its sign.", [.init("abs(-3.5)", "3.5")]) { $0.absolute }
  }

  private mutating func number(
    _ name: String, _ summary: String, _ examples: [Builtin.Example], _ body: @escaping (Decimal) -> Decimal
  ) {
    native(
      name, group: "numbers", [BuiltinParameter("value", type: .number)], result: .number, summary: summary,
      examples: examples
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let number = arguments[0].decimal else { throw badArgument(name, "value", "a number", arguments[0]) }
      return machine.makeNumber(body(number))
    }
  }
}
