import LisCompiler
import LisCore
import LisEngine
import LisFormats

/// Looking at what a program does, and at what rows do not show by themselves.
extension BuiltinTable {
  mutating func addLooking() {
    addTrace()
    addProperties()
    let explain = machine.addNative("explain") { [session] machine, arguments in
      guard let session = session.session else { throw SessionProblem.closed }
      return machine.makeText(try session.explanation(of: arguments[0], stages: arguments[1]))
    }
    add(
      Builtin(
        "explain", group: "looking", [BuiltinParameter("pipeline")], result: .string,
        summary:
          "What a pipeline that starts with `find` would ask of HubSpot: filters, properties, way and requests, as text; no row is read and nothing in it is written.",
        examples: [
          .init(
            """
            test "the price is asked for" {
              given [{ id: "1", price: 9.99 }]
              expect explain(find where .price > 5) contains "price GT 5"
              expect requests() == {}
            }
            """, "")
        ],
        implementation: .explain(explain)))
  }

  private mutating func addTrace() {
    let session = self.session
    let number = machine.addNative("trace") { machine, arguments in
      let label = arguments.has(1) ? machine.text(of: arguments[1]) + ": " : ""
      let text = machine.written(arguments[0])
      session.session?.console.note("trace  \((label + text).escapedForDisplay)")
      return arguments[0]
    }
    add(
      Builtin(
        "trace", group: "looking", [BuiltinParameter("value"), BuiltinParameter("label", optional: true)],
        result: .unknown, effect: .observes,
        summary:
          "The value unchanged, after writing it to standard error; as a stage, each row as it passes.",
        examples: [.init("trace(1 + 2, \"sum\") * 2", "6"), .init("list([1, 2] | trace | map . * 2)", "[2, 4]")],
        implementation: .trace(number)))
  }

  private mutating func addProperties() {
    let session = self.session
    let number = machine.addNative("prop") { machine, arguments in
      guard let name = arguments[1].string else { throw badArgument("prop", "name", "a text", arguments[1]) }
      if arguments[0].type == .null { return .null }
      guard arguments[0].type == .record else { throw badArgument("prop", "row", "a row", arguments[0]) }
      return try BuiltinTable.property(name, of: arguments[0], machine)
    }
    add(
      Builtin(
        "prop", group: "looking", [BuiltinParameter("row"), BuiltinParameter("name", optional: true)], result: .unknown,
        summary:
          "A property by its name, also one that is called like something of the record: `prop(\"deal\")` of the current row, `prop(row, \"deal\")` of any.",
        examples: [.init("prop({ deal: 7 }, \"deal\")", "7"), .init("list([{ id: 1 }] | map prop(\"id\"))", "[1]")],
        implementation: .property(number)))
    native(
      "history", group: "looking",
      [
        BuiltinParameter("row_or_id"), BuiltinParameter("property", type: .string),
        BuiltinParameter("object", type: .string, optional: true),
      ],
      result: .list(
        .record(["value": .unknown, "at": .datetime, "source": .string, "source_id": .string])),
      effect: .reads,
      summary:
        "The values a property had, newest first, each with the time it was set (`at`) and what set it (`source`); an id is a line item's unless `object` says otherwise.",
      examples: [
        .init(
          """
          test "a price has a history" {
            given [{ id: "1", price: 9.99 }]
            find where .price > 5 | update { price: 8 }
            expect list(map(history("1", "price"), .value)) == [8, 9.99]
          }
          """, "")
      ]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let property = arguments[1].string else {
        throw badArgument("history", "property", "a text", arguments[1])
      }
      guard let id = arguments[0].string ?? machine.field(arguments[0], "id")?.string, !id.isEmpty else {
        throw badArgument("history", "row_or_id", "a row with an `id`, or an id as text", arguments[0])
      }
      guard let session = session.session else { throw SessionProblem.closed }
      let engine = try session.connected()
      let object = arguments[2].string ?? engine.object(of: arguments[0])
      return try engine.history(ObjectName.plural(object), id: id, property: property)
    }
  }

  /// The field that the property has in rows of a portal, or the one of its name in any other record.
  private static func property(_ name: String, of row: Value, _ machine: Machine) throws -> Value {
    let names = machine.fieldNames(row)
    let field = ObjectName.field(name)
    if names.contains(field) { return machine.field(row, field) ?? .null }
    if machine.portalSource(of: row) == nil, !machine.isPartial(row) { return machine.field(row, name) ?? .null }
    throw FaultKind.notRead(property: name)
  }
}
