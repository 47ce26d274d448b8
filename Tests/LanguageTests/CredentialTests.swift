import LisRuntime
import Testing

/// A portal is asked for its properties, and so a token needed, only where a run can come to a `find` or a write of records:
/// from the top level through calls by name. A function that is handed on as a value may be called by whoever gets it.
@Suite struct CredentialTests {
  static let finds = "fn prices(limit) = list(find where .price > limit | map .price)\n"

  @Test(arguments: [
    "print(1)", "fn unused() = prices(3)\nprint(2)",
    "use ops\nuse money\nprint(count(csv(\"files/items.csv\")), money.cents(1))",
    "fn unused!() { create { name: \"x\" } }\nprint(3)",
    "test \"prices\" { expect prices(3) == [] }\nprint(4)",
    "fn other() {\n  fn inner() = prices(1)\n  5\n}\nfn unused() = prices\nprint(5)",
  ])
  func nothingIsAskedFor(_ program: String) async throws {
    let trial = try await run(CredentialTests.finds + program)
    #expect(trial.complaints.isEmpty && trial.outcome == .done, "\(trial.notes)")
  }

  @Test(arguments: [
    "print(prices(3))", "fn through() = prices(3)\nif 1 > 2 { print(through()) }", "let f = prices\nprint(f(3))",
    "print(list(map([1], prices)))", "let f = () => count(find where .price > 1)\nprint(1)",
    "fn handed(f) = f\nprint(type_of(handed(x => prices(x))))",
    "fn outer() {\n  fn inner() = prices(1)\n  inner()\n}\nouter()",
    "param limit = prices(3)\nprint(1)", "fn with(x = prices(1)) = x\nprint(with(2))",
    "use ops\nops.archive_in_waves!(find where .price < 0, 10)",
  ])
  func thePortalIsAsked(_ program: String) async throws {
    final class Mark: @unchecked Sendable { var wasAsked = false }
    let mark = Mark()
    let trial = try await run(CredentialTests.finds + program) {
      mark.wasAsked = true
      throw UnexpectedConnection()
    }
    #expect(mark.wasAsked && trial.output.isEmpty, "\(trial.output)\(trial.notes)")
  }
}
