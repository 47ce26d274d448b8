import LisCompiler
import LisCore
import LisSchema

/// What tests look at: the records of their portal, and what was asked of it.
extension BuiltinTable {
  mutating func addTesting() {
    let session = self.session
    native(
      "record", group: "tests",
      [BuiltinParameter("id"), BuiltinParameter("object", type: .string, optional: true)], result: .unknown,
      effect: .reads,
      summary: "In a test: the record with an id as it now is, a line item unless another object type is named; null "
        + "when there is none, or it is archived.",
      examples: [
        .init(
          """
          test "a price is as given" {
            given [{ id: "1", price: 9.99 }]
            expect record("1").price == 9.99
          }
          """, "")
      ]
    ) { _, arguments in
      guard let running = session.session, running.testPortal != nil else { throw TestProblem.outsideTest("record") }
      guard let id = arguments[0].string ?? arguments[0].int.map({ String($0) }) else {
        throw badArgument("record", "id", "an id", arguments[0])
      }
      let object = arguments.has(1) ? arguments[1].string : ObjectNames.lineItems
      guard let object else { throw badArgument("record", "object", "the name of an object type", arguments[1]) }
      return try running.connected().record(id, of: ObjectNames.plural(object))
    }
    native(
      "requests", group: "tests", [BuiltinParameter("all", type: .bool, optional: true)], result: .record([:]),
      effect: .reads,
      summary: "In a test: how many requests the program has made so far, by kind, without those that the write "
        + "protocol makes for itself; with `all: true` with them.",
      examples: [
        .init(
          """
          test "a condition is one search" {
            given [{ id: "1", price: 9.99 }]
            expect count(find where .price > 5) == 1
            expect requests() == { search: 1 }
          }
          """, "")
      ]
    ) { machine, arguments in
      guard let running = session.session, running.testPortal != nil else { throw TestProblem.outsideTest("requests") }
      let counts = try running.connected().requestCounts(withProtocol: arguments.has(0) && arguments[0].bool == true)
      return machine.makeRecord(counts.map { ($0.kind, machine.makeNumber($0.count)) })
    }
  }
}
