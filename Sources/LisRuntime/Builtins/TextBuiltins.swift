import LisCompiler
import LisCore

/// Texts. All of them give null for null.
extension BuiltinTable {
  mutating func addText() {
    text("lower", "The text in lower case.", [.init("lower(\"ABC\")", "abc")]) { try $0.lowerCased($1) }
    text("upper", "The text in upper case.", [.init("upper(\"abc\")", "ABC")]) { try $0.upperCased($1) }
    text("trim", "The text without white space at its ends.", [.init("trim(\"  a b \")", "a b")]) { try $0.trimmed($1) }
    native(
      "length", group: "text", [BuiltinParameter("value")], result: .number,
      summary: "Characters of a text, or items of a list.",
      examples: [.init("length(\"Größe\")", "5"), .init("length([1, 2])", "2")]
    ) { machine, arguments in
      if arguments[0].type == .string { return machine.makeNumber(try machine.characterCount(arguments[0])) }
      if let count = arguments[0].itemCount { return machine.makeNumber(count) }
      if arguments[0].type == .null { return .null }
      throw badArgument("length", "value", "a text or a list", arguments[0])
    }
    addSplitting()
    native(
      "text", group: "text", [BuiltinParameter("value", .shown)], result: .string,
      summary: "Any value as text, as interpolation shows it.",
      examples: [.init("text(1.50)", "1.50"), .init("text(@2026-01-31)", "2026-01-31")]
    ) { machine, arguments in
      arguments[0].type == .null ? .null : machine.makeText(machine.text(of: arguments[0]))
    }
  }

  private mutating func text(
    _ name: String, _ summary: String, _ examples: [Builtin.Example], _ body: @escaping (Machine, Value) throws -> Value
  ) {
    native(
      name, group: "text", [BuiltinParameter("text", type: .string)], result: .string, summary: summary,
      examples: examples
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard arguments[0].type == .string else { throw badArgument(name, "text", "a text", arguments[0]) }
      return try body(machine, arguments[0])
    }
  }

  private mutating func addSplitting() {
    native(
      "split", group: "text",
      [BuiltinParameter("text", type: .string), BuiltinParameter("separator", type: .string)], result: .list(.string),
      summary: "The parts of a text between separators.", examples: [.init("split(\"a,b\", \",\")", "[\"a\", \"b\"]")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard arguments[0].type == .string else { throw badArgument("split", "text", "a text", arguments[0]) }
      guard let separator = arguments[1].string else { throw badArgument("split", "separator", "a text", arguments[1]) }
      if separator.isEmpty { throw FaultKind.emptyArgument(function: "split", parameter: "separator") }
      return try machine.split(arguments[0], arguments[1])
    }
    native(
      "join", group: "text",
      [BuiltinParameter("texts", .list), BuiltinParameter("separator", type: .string, optional: true)],
      result: .string, summary: "The values of a list as one text, with a separator between them.",
      examples: [.init("join([\"a\", \"b\"], \"-\")", "a-b"), .init("join([1, 2])", "12")]
    ) { machine, arguments in
      if arguments[0].type == .list { return try machine.joined(arguments[0], separator: arguments[1]) }
      guard let items = machine.listItems(arguments[0]) else { return .null }
      return try machine.joined(machine.makeList(items), separator: arguments[1])
    }
    native(
      "replace", group: "text",
      [
        BuiltinParameter("text", type: .string), BuiltinParameter("from", type: .string),
        BuiltinParameter("to", type: .string),
      ], result: .string, summary: "The text with every occurrence of one text replaced by another.",
      examples: [.init("replace(\"a-b-c\", \"-\", \"+\")", "a+b+c")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard arguments[0].type == .string else { throw badArgument("replace", "text", "a text", arguments[0]) }
      guard let from = arguments[1].string, !from.isEmpty else {
        throw badArgument("replace", "from", "a text that is not empty", arguments[1])
      }
      guard arguments[2].type == .string else { throw badArgument("replace", "to", "a text", arguments[2]) }
      return try machine.replaced(arguments[0], arguments[1], by: arguments[2])
    }
  }
}
