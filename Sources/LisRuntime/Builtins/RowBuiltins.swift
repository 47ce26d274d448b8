import LisCompiler
import LisCore

/// Lists and rows.
extension BuiltinTable {
  mutating func addRows() {
    fold(
      "count", .number, "How many rows there are.", [.init("count([4, 5])", "2"), .init("count([])", "0")],
      withKey: false, .count
    ) {
      machine, state, _ in
      machine.makeNumber((state.int ?? 0) + 1)
    } finish: { machine, state in
      state ?? machine.makeNumber(0)
    }
    fold(
      "sum", .number, "The sum of a value over all rows; missing values are passed over.",
      [.init("sum([1.10, 2.20])", "3.30"), .init("sum([{ a: 1 }, { a: 2 }], .a)", "3")], .sum
    ) {
      machine, state, value in
      try BuiltinTable.add(machine, state, value, "sum")
    } finish: { machine, state in
      state ?? machine.makeNumber(0)
    }
    fold(
      "min", .unknown, "The smallest value; null when there is none.",
      [.init("min([3, 1, 2])", "1"), .init("min([])", "null")]
    ) {
      machine, state, value in
      try BuiltinTable.pick(machine, state, value, -1)
    } finish: { _, state in
      state ?? .null
    }
    fold("max", .unknown, "The largest value; null when there is none.", [.init("max([3, 1, 2])", "3")]) {
      machine, state, value in
      try BuiltinTable.pick(machine, state, value, 1)
    } finish: { _, state in
      state ?? .null
    }
    addAverage()
    addWhole()
    addForms()
    addSelection()
  }

  /// A builtin that takes rows one by one, and optionally an expression on each.
  private mutating func fold(
    _ name: String, _ result: StaticType, _ summary: String, _ examples: [Builtin.Example], withKey: Bool = true,
    _ kind: Builtin.Fold = .other,
    step: @escaping (Machine, Value, Value) throws -> Value,
    finish: @escaping (Machine, Value?) throws -> Value
  ) {
    let isSum = kind == .sum
    // Without a state yet the first argument is "not given".
    let stepNative = machine.addNative(name) { machine, arguments in
      if isSum, let sum = machine.ordinarySum(arguments[0], arguments[1]) { return sum }
      if withKey, arguments[1].type == .null { return arguments.has(0) ? arguments[0] : machine.absent }
      return try step(machine, arguments[0], arguments[1])
    }
    let finishNative = machine.addNative(name) { machine, arguments in
      try finish(machine, arguments.has(0) ? arguments[0] : nil)
    }
    var parameters = [BuiltinParameter("rows", .rows)]
    if withKey { parameters.append(BuiltinParameter("value", .row, optional: true)) }
    add(
      Builtin(
        name, group: "rows", parameters, result: result, summary: summary, examples: examples,
        implementation: .fold(step: stepNative, finish: finishNative, kind)))
  }

  private static func add(_ machine: Machine, _ state: Value, _ value: Value, _ name: String) throws -> Value {
    guard let number = value.decimal else { throw badArgument(name, "value", "a number", value) }
    guard let sum = state.decimal else { return value }
    do throws(ArithmeticFault) { return machine.makeNumber(try sum.adding(number)) } catch {
      throw FaultKind.arithmetic(error)
    }
  }

  private static func pick(_ machine: Machine, _ state: Value, _ value: Value, _ wanted: Int) throws -> Value {
    if state.type == .null { return value }
    return try machine.sortOrder(value, state) == wanted ? value : state
  }

  private mutating func addAverage() {
    fold(
      "average", .number, "The mean of a value over the rows that have it; null when none has.",
      [.init("average([1, 2, 4.5])", "2.5")]
    ) {
      machine, state, value in
      let before = state.items
      let sum = try BuiltinTable.add(machine, before?[0] ?? .null, value, "average")
      return machine.makeList([sum, machine.makeNumber((before?[1].int ?? 0) + 1)])
    } finish: { machine, state in
      guard let parts = state?.items, let sum = parts[0].decimal, let count = parts[1].decimal else { return .null }
      do throws(ArithmeticFault) { return machine.makeNumber(try sum.divided(by: count)) } catch {
        throw FaultKind.arithmetic(error)
      }
    }
  }

  private mutating func addWhole() {
    add(
      Builtin(
        "first", group: "rows", [BuiltinParameter("rows", .rows)], result: .unknown,
        summary: "The first row; null when there is none. Nothing after it is read.",
        examples: [.init("first([7, 8])", "7"), .init("first([])", "null")], implementation: .first))
    add(
      Builtin(
        "list", group: "rows", [BuiltinParameter("rows", .rows)], result: .list(.unknown),
        summary: "All rows as a list, read once and kept.", examples: [.init("list(1..3)", "[1, 2, 3]")],
        implementation: .list))
    add(
      Builtin(
        "map", group: "rows", [BuiltinParameter("rows", .rows), BuiltinParameter("value", .row)],
        result: .stream(.unknown), summary: "A value for each row, as the stage `map`.",
        examples: [.init("list(map([1, 2], x => x * 10))", "[10, 20]")], implementation: .stage(.map)))
    add(
      Builtin(
        "filter", group: "rows", [BuiltinParameter("rows", .rows), BuiltinParameter("condition", .row)],
        result: .stream(.unknown), summary: "The rows for which a condition is true, as the stage `where`.",
        examples: [.init("list(filter([1, 2, 3], x => x > 1))", "[2, 3]")], implementation: .stage(.filter)))
  }

  private mutating func addSelection() {
    native(
      "last", group: "rows", [BuiltinParameter("rows", .list)], result: .unknown,
      summary: "The last row; null when there is none.", examples: [.init("last([7, 8])", "8")]
    ) { machine, arguments in
      if let count = arguments[0].itemCount { return arguments[0].item(count - 1) ?? .null }
      return machine.listItems(arguments[0])?.last ?? .null
    }
    native(
      "one", group: "rows", [BuiltinParameter("rows", .list)], result: .unknown,
      summary: "The only row; a fault when there is none or more than one.", examples: [.init("one([7])", "7")]
    ) { machine, arguments in
      let items = machine.listItems(arguments[0]) ?? []
      guard items.count == 1 else {
        throw FaultKind.raised(
          message: "exactly one row was expected, and there \(items.isEmpty ? "is none" : "are \(items.count)")")
      }
      return items[0]
    }
    native(
      "reverse", group: "rows", [BuiltinParameter("rows", .list)], result: .list(.unknown),
      summary: "The rows in reverse order.", examples: [.init("reverse([1, 2, 3])", "[3, 2, 1]")]
    ) { machine, arguments in
      try machine.reversed(machine.makeList(machine.listItems(arguments[0]) ?? []))
    }
  }

  private mutating func addForms() {
    native(
      "keys", group: "rows", [BuiltinParameter("record", type: .record([:]))], result: .list(.string),
      summary: "The names of a record's fields, in order.", examples: [.init("keys({ a: 1, b: 2 })", "[\"a\", \"b\"]")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard arguments[0].type == .record else { throw badArgument("keys", "record", "a record", arguments[0]) }
      return machine.makeList(machine.fieldNames(arguments[0]).map { machine.makeText($0) })
    }
    native(
      "values", group: "rows", [BuiltinParameter("record", type: .record([:]))], result: .list(.unknown),
      summary: "The values of a record's fields, in order.", examples: [.init("values({ a: 1, b: 2 })", "[1, 2]")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard arguments[0].type == .record else { throw badArgument("values", "record", "a record", arguments[0]) }
      return machine.makeList(machine.fields(arguments[0]).map(\.value))
    }
  }
}
