import LisCompiler
import LisCore

/// Texts. All of them give null for null.
extension BuiltinTable {
  mutating func addText() {
    text("lower", "The text in lower case.", [.init("lower(\"ABC\")", "abc")]) { $0.lowercased() }
    text("upper", "The text in upper case.", [.init("upper(\"abc\")", "ABC")]) { $0.uppercased() }
    text("trim", "The text without white space at its ends.", [.init("trim(\"  a b \")", "a b")]) { text in
      var rest = Substring(text)
      while rest.first?.isWhitespace == true { rest.removeFirst() }
      while rest.last?.isWhitespace == true { rest.removeLast() }
      return String(rest)
    }
    native(
      "length", group: "text", [BuiltinParameter("value")], result: .number,
      summary: "Characters of a text, or items of a list.",
      examples: [.init("length(\"Größe\")", "5"), .init("length([1, 2])", "2")]
    ) { machine, arguments in
      if let text = arguments[0].string { return machine.makeNumber(text.count) }
      if let count = arguments[0].itemCount { return machine.makeNumber(count) }
      if arguments[0].type == .null { return .null }
      throw badArgument("length", "value", "a text or a list", arguments[0])
    }
    addSplitting()
    native(
      "text", group: "text", [BuiltinParameter("value")], result: .string,
      summary: "Any value as text, as interpolation shows it.",
      examples: [.init("text(1.50)", "1.50"), .init("text(@2026-01-31)", "2026-01-31")]
    ) { machine, arguments in
      arguments[0].type == .null ? .null : machine.makeText(machine.text(of: arguments[0]))
    }
  }

  private mutating func text(
    _ name: String, _ summary: String, _ examples: [Builtin.Example], _ body: @escaping (String) -> String
  ) {
    native(
      name, group: "text", [BuiltinParameter("text", type: .string)], result: .string, summary: summary,
      examples: examples
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let text = arguments[0].string else { throw badArgument(name, "text", "a text", arguments[0]) }
      return machine.makeText(body(text))
    }
  }

  private mutating func addSplitting() {
    native(
      "split", group: "text",
      [BuiltinParameter("text", type: .string), BuiltinParameter("separator", type: .string)], result: .list(.string),
      summary: "The parts of a text between separators.", examples: [.init("split(\"a,b\", \",\")", "[\"a\", \"b\"]")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let text = arguments[0].string else { throw badArgument("split", "text", "a text", arguments[0]) }
      guard let separator = arguments[1].string, !separator.isEmpty else {
        throw badArgument("split", "separator", "a text that is not empty", arguments[1])
      }
      return machine.makeList(Texts.split(text, separator).map { machine.makeText($0) })
    }
    native(
      "join", group: "text",
      [BuiltinParameter("texts", .list), BuiltinParameter("separator", type: .string, optional: true)],
      result: .string, summary: "The values of a list as one text, with a separator between them.",
      examples: [.init("join([\"a\", \"b\"], \"-\")", "a-b"), .init("join([1, 2])", "12")]
    ) { machine, arguments in
      guard let items = machine.listItems(arguments[0]) else { return .null }
      let separator = arguments[1].string ?? ""
      var output = ""
      for (index, item) in items.enumerated() {
        if index > 0 { output += separator }
        output += machine.text(of: item)
        if output.utf8.count > machine.limits.textBytes {
          throw FaultKind.tooLarge(what: "string", limit: machine.limits.textBytes)
        }
      }
      return machine.makeText(output)
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
      guard let text = arguments[0].string else { throw badArgument("replace", "text", "a text", arguments[0]) }
      guard let from = arguments[1].string, !from.isEmpty else {
        throw badArgument("replace", "from", "a text that is not empty", arguments[1])
      }
      guard let to = arguments[2].string else { throw badArgument("replace", "to", "a text", arguments[2]) }
      guard let replaced = Texts.replaced(text, from, to, limit: machine.limits.textBytes) else {
        throw FaultKind.tooLarge(what: "string", limit: machine.limits.textBytes)
      }
      return machine.makeText(replaced)
    }
  }
}

/// Work on texts by code points, as the language compares them.
enum Texts {
  /// nil when the result would have more than `limit` bytes. No more than that is ever held.
  static func replaced(_ text: String, _ from: String, _ to: String, limit: Int) -> String? {
    let bytes = Array(text.utf8)
    let wanted = Array(from.utf8)
    let other = Array(to.utf8)
    var result: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if bytes[at] == wanted[0], at + wanted.count <= bytes.count,
        bytes[at..<(at + wanted.count)].elementsEqual(wanted)
      {
        result += other
        at += wanted.count
      } else {
        result.append(bytes[at])
        at += 1
      }
      if result.count > limit { return nil }
    }
    return String(decoding: result, as: UTF8.self)
  }

  static func split(_ text: String, _ separator: String) -> [String] {
    let bytes = Array(text.utf8)
    let wanted = Array(separator.utf8)
    var parts: [String] = []
    var start = 0
    var at = 0
    while at + wanted.count <= bytes.count {
      if bytes[at] == wanted[0], bytes[at..<(at + wanted.count)].elementsEqual(wanted) {
        parts.append(String(decoding: bytes[start..<at], as: UTF8.self))
        at += wanted.count
        start = at
      } else {
        at += 1
      }
    }
    return parts + [String(decoding: bytes[start...], as: UTF8.self)]
  }
}
