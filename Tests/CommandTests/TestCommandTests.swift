import TerminalSupport
import Testing

/// `lis test`: tests in the language on a portal in memory.
@Suite("lis test")
struct TestCommandTests {
  /// Task 11 of the language's description, with the module of task 10.
  private static let pricing = """
    fn raised(amount, pct) = round(amount * (1 + pct / 100), 2)
    fn reprice!(pct) {
      find where .hs_sku startswith "SRV" and .price != null | update { price: raised(.price, pct) } at most 500
    }
    """
  private static let task = """
    # 11. Tests run on an in-memory portal and can count requests.
    use "./pricing.lis" as pricing

    test "reprice rounds half up and skips items without a price" {
      given [{ id: "1", hs_sku: "SRV-1", price: 9.99 }, { id: "2", hs_sku: "SRV-1" }]
      let report = pricing.reprice!(pct: 5)
      expect report.applied == 1
      expect record("1").price == 10.49
      expect requests() == { search: 1, batch_update: 1 }
    }
    """

  private static func home(_ tests: String) throws -> Home {
    let home = try Home()
    home.script(pricing, as: "pricing.lis")
    home.script(tests, as: "pricing_test.lis")
    return home
  }

  @Test("task 11 as it is written") func task() throws {
    let ended = try Self.home(Self.task).lis("test")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(
      ended.out
        == "pricing_test.lis\n  ok    reprice rounds half up and skips items without a price\n1 test: 1 passed, 0 failed\n"
    )
    #expect(ended.err.isEmpty)
  }

  @Test("a failing expectation shows both sides, fails alone, and cannot be caught") func failures() throws {
    let home = try Self.home(
      """
      test "first" {
        given [{ id: "1", tier: "gold" }]
        try { expect record("1").tier == "silver" } catch e { print("caught") }
      }
      test "null" { expect record("1").price > 3 }
      test "number" { expect 3 }
      test "fault" { print(1 / 0) }
      test "last" { expect count(find all) == 0 }
      """)
    let ended = try home.lis("test", "pricing_test.lis")
    #expect(ended.status == 1)
    #expect(
      ended.lines == [
        "pricing_test.lis", "  FAIL  first", "  FAIL  null", "  FAIL  number", "  FAIL  fault", "  ok    last",
        "5 tests: 1 passed, 4 failed",
      ])
    #expect(ended.err.contains("left is \"gold\""))
    #expect(ended.err.contains("right is \"silver\""))
    #expect(ended.err.contains("pricing_test.lis:3:16"))
    #expect(ended.err.contains("LIS0402"))
  }

  @Test("what a test prints stands below its name") func printing() throws {
    let home = try Self.home(
      """
      fn loud(x) {
        print("loud", x)
        x
      }
      test "one" { print("from one") }
      test "two" {
        print("from two")
        expect loud(1) == 2
      }
      test "three" { [{ a: 1 }] | each { print(.) } }
      """)
    let ended = try home.lis("test")
    #expect(
      ended.lines == [
        "pricing_test.lis", "  ok    one", "from one", "  FAIL  two", "from two", "loud 1", "  ok    three", "{ a: 1 }",
        "3 tests: 2 passed, 1 failed",
      ])
  }

  @Test("other object types, links and read-only values can be given; what the portal refuses is said")
  func given() throws {
    let home = try Self.home(
      """
      test "types" {
        given {
          deals: [{ id: "7", dealname: "Spring", amount: 10 }],
          line_items: [{ id: 1, deal: "7", price: 2.50, quantity: 4, hs_recurring_billing_start_date: @2026-02-28 }, { deal: 7 }]
        }
        let linked = list(find where .deal == "7" | select .id, .amount, start: .hs_recurring_billing_start_date)
        expect count(linked) == 2
        expect linked[0] == { id: "1", amount: 10, start: @2026-02-28 }
        expect record("7", "deal").dealname == "Spring"
        expect record(404) == null
      }
      test "old" {
        given [{ id: "1", createdate: @2020-01-01T00:00:00Z }]
        expect count(find where .createdate < @2021-01-01) == 1
      }
      test "again" { given [{ id: "1" }]; given [{ id: "1" }] }
      test "negative" { given [{ price: -1 }] }
      test "nowhere" { given [{ deal: "9" }] }
      test "no record" { given [1] }
      test "no type" { given { llamas: [{}] } }
      """)
    let ended = try home.lis("test")
    #expect(
      ended.lines.suffix(8) == [
        "  ok    types", "  ok    old", "  FAIL  again", "  FAIL  negative", "  FAIL  nowhere", "  FAIL  no record",
        "  FAIL  no type", "7 tests: 2 passed, 5 failed",
      ], "\(ended.err)")
    for reason in [
      "two records have the id 1", "price cannot be `-1`", "no record 9 among the deals", "1 is no record",
      "has no `llamas`",
    ] {
      #expect(ended.err.contains(reason), "\(ended.err)")
    }
  }

  @Test("requests with and without those of the write protocol") func requests() throws {
    let home = try Self.home(
      """
      test "archive" {
        given [{ id: 3, price: 1 }]
        find where .price == 1 | archive
        expect requests() == { search: 1, batch_archive: 1 }
        expect requests(all: true) == { search: 1, batch_read: 2, batch_archive: 1 }
        expect record(3) == null
      }
      test "nothing" { expect requests() == {} }
      """)
    let ended = try home.lis("test")
    #expect(ended.status == 0, "\(ended.out)\(ended.err)")
  }

  @Test("a filter by title, and folders without their hidden parts") func filter() throws {
    let home = try Self.home("test \"Rounds up\" { expect true }\ntest \"skips\" { expect false }")
    home.folder.write("test \"rounds too\" { expect true }", to: "work/deep/er/more.lis")
    home.folder.write("test \"rounds hidden\" { expect false }", to: "work/.hidden/more.lis")
    home.folder.write("print(\"not run\")", to: "work/script.lis")
    let ended = try home.lis("test", "--filter", "ROUNDS")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(
      ended.lines == [
        "deep/er/more.lis", "  ok    rounds too", "pricing_test.lis", "  ok    Rounds up",
        "2 tests: 2 passed, 0 failed",
      ])
    let none = try home.lis("test", "--filter", "zebra")
    #expect(none.status == 1)
    #expect(none.err.contains("no test has a title"))
  }

  @Test("JUnit XML that a parser accepts, with what went wrong") func junit() throws {
    let home = try Self.home(
      "test \"a < b & \\\"c\\\"\" { expect 1 == 2 }\ntest \"fine\" { expect true }")
    home.folder.write("test \"broken\" { expect }", to: "work/broken_test.lis")
    let ended = try home.lis("test", "--junit", "out.xml")
    #expect(ended.status == 65)
    let read = try home.shell(
      """
      python3 - <<'END'
      import xml.etree.ElementTree as tree
      for suite in tree.parse("out.xml").getroot():
        print(suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("errors"))
        for case in suite:
          print(case.get("name"), [(part.tag, part.get("type")) for part in case])
      END
      """)
    #expect(
      read.lines == [
        "broken_test.lis 1 0 1", "the file [('error', 'LIS0007')]", "pricing_test.lis 2 1 0",
        "a < b & \"c\" [('failure', 'LIS0422')]", "fine []",
      ], "\(read.err)")
  }

  @Test("a file whose tests are run only declares; its parameters have their defaults") func declares() throws {
    let home = try Self.home("find all | update { price: 1 }\ntest \"x\" { expect true }")
    let ended = try home.lis("test")
    #expect(ended.status == 65)
    #expect(ended.err.contains("LIS0172"))
    let fine = try Self.home("param pct: number = 5\nlet twice = pct * 2\ntest \"x\" { expect twice == 10 }")
    #expect(try fine.lis("test").status == 0)
    // Elsewhere the tests of a script are left out.
    #expect(try fine.lis("run", "pricing_test.lis").status == 0)
  }

  @Test("properties of a real portal come from a file, for checks and for tests") func schemaFile() throws {
    let home = try Home(.small)
    let pulled = try home.lis("schema", "pull", "line_items", "--out", "schema.json", "--portal", "practice")
    #expect(pulled.status == 0, "\(pulled.err)")
    _ = try home.shell(
      """
      python3 - <<'END'
      import json
      objects = json.load(open("schema.json"))
      tier = dict(objects[0]["properties"]["name"], name="tier", label="Tier", type="enumeration",
        options=[{"value": "gold", "label": "Gold"}, {"value": "tin", "label": "Tin"}])
      objects[0]["properties"]["tier"] = tier
      json.dump(objects, open("schema.json", "w"))
      END
      """)
    home.script("find where .tier == \"silver\" | count", as: "wrong.lis")
    let checked = try home.lis("check", "wrong.lis", "--schema", "schema.json")
    #expect(checked.status == 65)
    #expect(checked.err.contains("`silver` is not an option of `tier`"))
    home.script(
      """
      fn promote!() { find where .tier == "tin" | update { tier: "gold" } at most 5 }
      test "promotes" {
        given [{ id: "1", tier: "tin" }]
        promote!()
        expect record("1").tier == "gold"
      }
      """, as: "tier_test.lis")
    let tested = try home.lis("test", "tier_test.lis", "--schema", "schema.json")
    #expect(tested.status == 0, "\(tested.err)")
    // Without a file the records say which properties there are; with one, the file does.
    home.script("test \"misspelt\" {\n  given [{ id: \"1\", teir: \"tin\" }]\n}\n", as: "slip_test.lis")
    #expect(try home.lis("test", "slip_test.lis").status == 0)
    let slip = try home.lis("test", "slip_test.lis", "--schema", "schema.json")
    #expect(slip.status == 65)
    #expect(slip.err.contains("slip_test.lis:2:21") && slip.err.contains("did you mean `tier`?"), "\(slip.err)")
    home.folder.write("{}", to: "work/none.json")
    let refused = try home.lis("check", "wrong.lis", "--schema", "none.json")
    #expect(refused.status == 64)
    #expect(refused.err.contains("is no schema file"))
  }

  @Test("no tests, and no such place") func nothing() throws {
    let home = try Home()
    let none = try home.lis("test")
    #expect(none.status == 1)
    #expect(none.err.contains("there are no tests here"))
    #expect(try home.lis("test", "missing.lis").status == 64)
  }
}
