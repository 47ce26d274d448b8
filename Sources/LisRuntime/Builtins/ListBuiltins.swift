import LisCompiler
import LisCore

/// What the library's modules on lists and records are built from.
extension BuiltinTable {
  mutating func addLists() {
    addSlice()
    native(
      "flatten", group: "rows", [BuiltinParameter("rows", .list)], result: .list(.unknown),
      summary: "The items of lists within a list, one level deep; what is no list stays.",
      examples: [.init("flatten([[1, 2], [], 3, [[4]]])", "[1, 2, 3, [4]]")]
    ) { machine, arguments in
      var output: [Value] = []
      for row in machine.listItems(arguments[0]) ?? [] {
        if let inner = row.items { output += inner } else { output.append(row) }
        if output.count > machine.limits.items {
          throw FaultKind.tooLarge(what: "list", limit: machine.limits.items)
        }
      }
      return machine.makeList(output)
    }
    native(
      "zip", group: "rows", [BuiltinParameter("rows", .list), BuiltinParameter("others", .list)],
      result: .list(.list(.unknown)),
      summary: "Pairs of the rows that stand at the same place in two lists, as long as the shorter one.",
      examples: [.init("zip([\"a\", \"b\"], [1, 2, 3])", "[[\"a\", 1], [\"b\", 2]]")]
    ) { machine, arguments in
      let pairs = Swift.zip(machine.listItems(arguments[0]) ?? [], machine.listItems(arguments[1]) ?? [])
      return machine.makeList(pairs.map { machine.makeList([$0, $1]) })
    }
    native(
      "chunks", group: "rows", [BuiltinParameter("rows", .list), BuiltinParameter("size", type: .number)],
      result: .list(.list(.unknown)), summary: "The rows in lists of a size; the last list may be shorter.",
      examples: [.init("chunks(1..5, 2)", "[[1, 2], [3, 4], [5]]"), .init("chunks([], 2)", "[]")]
    ) { machine, arguments in
      guard let size = arguments[1].int, size > 0 else {
        throw badArgument("chunks", "size", "a whole number above 0", arguments[1])
      }
      let rows = machine.listItems(arguments[0]) ?? []
      var output: [Value] = []
      var start = 0
      while start < rows.count {
        let end = rows.count - start > size ? start + size : rows.count
        output.append(machine.makeList(Array(rows[start..<end])))
        start = end
      }
      return machine.makeList(output)
    }
    addEntries()
  }

  private mutating func addSlice() {
    native(
      "slice", group: "rows",
      [
        BuiltinParameter("value"), BuiltinParameter("start", type: .number),
        BuiltinParameter("end", type: .number, optional: true),
      ], result: .unknown,
      summary: "The items of a list, or the characters of a text, from a place up to one before another. Places count "
        + "from 0, or from the end when they are negative; places outside are moved to the ends.",
      examples: [
        .init("slice([1, 2, 3, 4], 1, 3)", "[2, 3]"), .init("slice(\"Größe\", 0, 3)", "Grö"),
        .init("slice(\"invoice\", -3)", "ice"), .init("slice([1, 2], 5)", "[]"),
      ]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let start = arguments[1].int else { throw badArgument("slice", "start", "a whole number", arguments[1]) }
      guard let end = arguments.has(2) ? arguments[2].int : .max else {
        throw badArgument("slice", "end", "a whole number", arguments[2])
      }
      if let text = arguments[0].string {
        let characters = Array(text)
        return machine.makeText(String(characters[BuiltinTable.places(start, end, of: characters.count)]))
      }
      guard let items = machine.listItems(arguments[0]), arguments[0].type != .record else {
        throw badArgument("slice", "value", "a text or a list", arguments[0])
      }
      return machine.makeList(Array(items[BuiltinTable.places(start, end, of: items.count)]))
    }
  }

  private static func places(_ start: Int, _ end: Int, of count: Int) -> Range<Int> {
    func place(_ wanted: Int) -> Int { wanted < 0 ? max(0, count + max(wanted, -count)) : min(wanted, count) }
    let (lower, upper) = (place(start), place(end))
    return lower..<max(lower, upper)
  }

  private mutating func addEntries() {
    native(
      "entries", group: "rows", [BuiltinParameter("record", type: .record([:]))],
      result: .list(.record(["name": .string, "value": .unknown])),
      summary: "The fields of a record as records of `name` and `value`, in order.",
      examples: [.init("entries({ a: 1 })", "[{ name: \"a\", value: 1 }]")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard arguments[0].type == .record else { throw badArgument("entries", "record", "a record", arguments[0]) }
      let form = machine.form(["name", "value"])
      return machine.makeList(
        machine.fields(arguments[0]).map { machine.makeRecord(form, [machine.makeText($0.name), $0.value]) })
    }
    native(
      "from_entries", group: "rows", [BuiltinParameter("entries", .list)], result: .record([:]),
      summary: "A record of the fields that records of `name` and `value` give; of a name given twice the last counts.",
      examples: [.init("from_entries([{ name: \"a\", value: 1 }, { name: \"b\", value: 2 }])", "{ a: 1, b: 2 }")]
    ) { machine, arguments in
      var fields: [(String, Value)] = []
      for entry in machine.listItems(arguments[0]) ?? [] {
        guard let name = machine.field(entry, "name") else {
          throw badArgument("from_entries", "entries", "records of name and value", entry)
        }
        guard let text = name.string else { throw badArgument("from_entries", "name", "a text", name) }
        fields.append((text, machine.field(entry, "value") ?? .null))
      }
      guard fields.count <= BuiltinTable.fieldLimit else {
        throw FaultKind.tooLarge(what: "record", limit: BuiltinTable.fieldLimit)
      }
      return machine.makeRecord(fields)
    }
  }

  /// Fields of a record made from data, as many as one from JSON may have: shapes are for records, and a dictionary of
  /// any size would fill their table.
  static let fieldLimit = JSONReader.fieldLimit
}
