import HubSpot
import LisRuntime
import PracticePortal
import TestSupport
import Testing

/// Whatever is sent to the search, the rows are those that the program's own rules select.
@Suite struct PushDownLawTests {
  @Test func sendingAConditionNeverChangesTheRows() async throws {
    var random = SeededGenerator.announced()
    let records = (0..<130).map { number in Self.record(number, &random) }
    let conditions = (0..<120).map { _ in Self.condition(3, &random) }
    try await withRig { rig in
      try await rig.items(records)
      let fields = Self.fields.map { "\($0): .\($0)" }.joined(separator: ", ")
      var program = "let rows = list(find all | map { id: .id, \(fields) })\n"
      program += Self.names
      for (number, condition) in conditions.enumerated() {
        program += """
          let sent\(number) = list(find all where \(condition) | map .id)
          let kept\(number) = list(rows | where \(condition) | map .id)
          if sent\(number) != kept\(number) { print("differs", \(number), sent\(number), kept\(number)) }

          """
      }
      program += "print(\"end\", count(rows))"
      let run = try await rig.run(program)
      #expect(run.outcome == .done, "\(run.notes)")
      for line in run.lines.dropLast() {
        let number = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        Issue.record("\(conditions[number]): \(line)")
      }
      #expect(run.lines.last == "end 130")
      // Otherwise the test would prove nothing.
      #expect((run.kinds["search"] ?? 0) > 40)
    }
  }

  /// Where a condition is not always true, false or null, what is sent makes no fault of its own, and where there is none
  /// the rows are the same.
  @Test func conditionsThatMayFailKeepTheirRows() async throws {
    var random = SeededGenerator.announced()
    let records = (0..<40).map { number in Self.record(number, &random) }
    let wild = [
      "maybe('x')", "maybe(7)", "maybe([true])", "maybe(nothing)", "maybe(.price)", "maybe(.hs_use_prorating)",
    ]
    let conditions = (0..<60).map { _ in
      var sides = [wild.randomElement(using: &random) ?? "", Self.condition(1, &random)]
      if Bool.random(using: &random) { sides.reverse() }
      let joined = sides.joined(separator: Bool.random(using: &random) ? " and " : " or ")
      return Bool.random(using: &random) ? "not (\(joined))" : joined
    }
    try await withRig { rig in
      try await rig.items(records)
      let fields = Self.fields.map { "\($0): .\($0)" }.joined(separator: ", ")
      var program = "let rows = list(find all | map { id: .id, \(fields) })\n" + Self.names
      program += "var calm = 0\n"
      for (number, condition) in conditions.enumerated() {
        program += """
          var sent\(number) = "fault"
          try { sent\(number) = list(find all where \(condition) | map .id) } catch e { e }
          var kept\(number) = "fault"
          try { kept\(number) = list(rows | where \(condition) | map .id) } catch e { e }
          if kept\(number) != "fault" {
            calm = calm + 1
            if sent\(number) != kept\(number) { print("differs", \(number), sent\(number), kept\(number)) }
          }

          """
      }
      program += "print(calm)"
      let run = try await rig.run(program)
      #expect(run.outcome == .done, "\(run.notes)")
      for line in run.lines.dropLast() {
        let number = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        Issue.record("\(conditions[number]): \(line)")
      }
      // Otherwise the test would prove nothing.
      #expect(run.lines.last.flatMap { Int($0) } ?? 0 > 10)
    }
  }

  /// A portal that compares texts without regard to case and word by word, whose index knows nothing of what the run has
  /// just written, and whose order is none except by id. With and without push-down the rows are the same, and in order.
  @Test func aNastyPortalNeverChangesTheRows() async throws {
    var random = SeededGenerator.announced()
    let records = (0..<110).map { number in Self.record(number, &random) }
    let conditions = (0..<240).map { _ in Self.condition(3, &random) }
    let counts = conditions.map { _ in Int.random(in: 1...6, using: &random) }
    let changes = """
      find all | take 20 | update { name: "A-1", price: 2.50, quantity: 2 }
      find all | skip 30 | take 10 | update { hs_sku: "x", recurringbillingfrequency: "monthly", price: null }
      find all | skip 50 | take 8 | archive
      map(1..12, n => { n: n })
        | create { name: "b 2", hs_sku: "a-1", price: .n, quantity: 1, description: "new ${.n}" }
      """
    var questions = Self.names
    for (number, condition) in conditions.enumerated() {
      let order = number % 2 == 0 ? "" : " desc"
      questions += """
        print(\(number), list(find all where \(condition) | map .id))
        print(\(number), list(find all where \(condition) | sort .price\(order) | take \(counts[number]) | map .id))

        """
    }
    let nasty = NastySearch.Rules(&random)
    let (program, later) = (changes + "\n" + questions, questions)
    try await withRig { rig in
      try await rig.items(records)
      let search = try await NastySearch(rig.client, rules: nasty, properties: Self.fields)
      rig.transport.follow { request, _ in search.fault(request) }
      let sent = try await rig.run(program)
      #expect(sent.outcome == .done, "\(sent.notes)")
      let searches = rig.transport.log.count { $0.kind == "search" }
      var options = Rig.Options()
      options.pushesDown = false
      options.run = "later"
      let kept = try await rig.run(later, options)
      #expect(kept.outcome == .done, "\(kept.notes)")
      #expect(sent.lines.count == conditions.count * 2 && kept.lines.count == sent.lines.count)
      for (one, other) in zip(sent.lines, kept.lines) where one != other {
        let number = one.split(separator: " ").first.flatMap { Int($0) } ?? 0
        Issue.record("\(conditions[number]) take \(counts[number])\nsent: \(one)\nkept: \(other)")
      }
      // Otherwise the test would prove nothing.
      #expect(searches > 200, "\(searches) searches")
    }
  }

  // MARK: Data

  static let fields = [
    "price", "quantity", "hs_sku", "name", "recurringbillingfrequency", "hs_recurring_billing_start_date",
    "hs_use_prorating", "hs_product_id", "createdate", "amount",
  ]
  static let numbers = ["0", "1", "1.0", "2", "2.50", "10", "10.00", "0.1", "1234567.891", "100000000000001"]
  static let texts = [
    "A-1", "a-1", "B 2", "Ä", "ä", "straße", "STRASSE", "K", "\u{212a}", "ﬁ", "FI", "x\"y", " pad", "İ", "1",
    "two words",
  ]
  static let options = ["monthly", "annually", "quarterly"]
  static let dates = ["2025-12-31", "2026-01-01", "2026-03-31", "2024-02-29"]
  static let ids = ["1", "9007199254740993", "9007199254740992", "42"]

  static func record(_ number: Int, _ random: inout SeededGenerator) -> [String: String] {
    var record: [String: String] = [:]
    func put(_ name: String, _ values: [String]) {
      if Int.random(in: 0..<4, using: &random) > 0 { record[name] = values.randomElement(using: &random) }
    }
    put("price", numbers)
    put("quantity", numbers)
    put("hs_sku", texts)
    put("name", texts)
    put("recurringbillingfrequency", options)
    put("hs_recurring_billing_start_date", dates)
    put("hs_use_prorating", ["true", "false"])
    put("hs_product_id", ids)
    // HubSpot would merge two that are the same.
    record["description"] = "record \(number)"
    return record
  }

  // MARK: Conditions

  /// Names and functions that conditions use. What the functions compute of a property is sent.
  static let names = """
    let two = 2.0
    let nothing = null
    fn big(p) = p > 2
    fn near(p, low = 1, high = low + 9) = p != null and p >= low and p <= high
    fn cheap(q) = two >= q
    fn dear(row) = big(row.price) or not cheap(row.quantity)
    fn named(s) = s in ["A-1", "a-1"] or s =~ "b 2"
    fn billed(row, every: string = "monthly") = row.recurringbillingfrequency == every
    fn unlike(a, b) = not (a == b) and a != null
    fn twice(p) = p * 2 > 4
    fn again(p, n) = p > n or n > 0 and again(p, n - 1)
    fn guarded(p, n) = n == 0 or p > 1 / n
    fn part(row) = row.quantity >= 1 and lower(row.name ?? "") contains "a"
    fn maybe(x) = x

    """

  /// Calls of functions, and what is no condition of a property.
  private static func callLeaf(_ random: inout SeededGenerator) -> String {
    pick(
      [
        "big(.price)", "big(.quantity)", "near(.price)", "near(.price, high: 3)", "near(low: 0, p: .quantity)",
        "dear(.)", "cheap(.price)", "named(.hs_sku)", "named(lower(.name))", "billed(.)",
        "billed(., every: 'annually')", "unlike(.price, 2)", "unlike(.price, .quantity)", "unlike(.hs_sku, 'A-1')",
        "twice(.price)", "again(.price, 3)", "guarded(.quantity, 0)", "guarded(.quantity, 2)", "part(.)",
        "maybe(.hs_use_prorating)", "maybe(.price) > 1", "maybe(true)", "maybe(nothing)", "nothing",
        "(nothing and two == 2)", "big(two)", "big(nothing)",
      ], &random)
  }

  static func condition(_ depth: Int, _ random: inout SeededGenerator) -> String {
    switch depth == 0 ? 9 : Int.random(in: 0..<10, using: &random) {
    case 0, 1: "(\(condition(depth - 1, &random)) and \(condition(depth - 1, &random)))"
    case 2, 3: "(\(condition(depth - 1, &random)) or \(condition(depth - 1, &random)))"
    case 4: "not (\(condition(depth - 1, &random)))"
    case 5: ["true", "false", "two == 2", "lower(.hs_sku ?? \"\") contains \"a\""].randomElement(using: &random) ?? ""
    default: leaf(&random)
    }
  }

  static func leaf(_ random: inout SeededGenerator) -> String {
    switch Int.random(in: 0..<10, using: &random) {
    case 8, 9: callLeaf(&random)
    case 0, 1: numberLeaf(&random)
    case 2, 3: textLeaf(&random)
    case 4: optionLeaf(&random)
    case 5: dateLeaf(&random)
    case 6:
      [".hs_use_prorating", ".hs_use_prorating == false", ".hs_use_prorating != true"].randomElement(using: &random)
        ?? ""
    default: idLeaf(&random)
    }
  }

  private static func pick(_ values: [String], _ random: inout SeededGenerator) -> String {
    values.randomElement(using: &random) ?? ""
  }

  private static func list(_ values: [String], _ random: inout SeededGenerator) -> String {
    let count = Int.random(in: 0...7, using: &random)
    return "[" + (0..<count).map { _ in pick(values, &random) }.joined(separator: ", ") + "]"
  }

  private static func numberLeaf(_ random: inout SeededGenerator) -> String {
    let field = pick([".price", ".price", ".quantity", ".amount"], &random)
    let value = pick(numbers + ["two", "100000000000001.5", "99999999999999.99999999"], &random)
    let order = pick(["==", "!=", "<", "<=", ">", ">="], &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return "\(field) == null"
    case 1: return "\(field) != nothing"
    case 2: return "\(field) in \(pick(numbers, &random))..\(pick(numbers, &random))"
    case 3: return "\(field) \(pick(["in", "not in"], &random)) \(list(numbers, &random))"
    case 4: return "\(value) \(order) \(field)"
    default: return "\(field) \(order) \(value)"
    }
  }

  private static func quoted(_ text: String) -> String { "'" + text + "'" }

  private static func textLeaf(_ random: inout SeededGenerator) -> String {
    let field = pick([".hs_sku", ".name"], &random)
    let value = quoted(pick(texts, &random))
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return "\(field) == \(pick(["null", "''"], &random))"
    case 1: return "\(field) != \(value)"
    case 2: return "\(field) =~ \(value)"
    case 3: return "\(field) \(pick(["in", "not in"], &random)) \(list(texts.map(quoted), &random))"
    case 4: return "\(field) \(pick(["has", "contains", "startswith", "endswith"], &random)) \(value)"
    case 5: return "\(field) \(pick(["<", "<=", ">", ">="], &random)) \(value)"
    default: return "\(field) == \(value)"
    }
  }

  private static func optionLeaf(_ random: inout SeededGenerator) -> String {
    let field = ".recurringbillingfrequency"
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return "\(field) == \(pick(options.map(quoted) + ["null"], &random))"
    case 1: return "\(field) != \(pick(options.map(quoted) + ["null"], &random))"
    default: return "\(field) \(pick(["in", "not in"], &random)) \(list(options.map(quoted), &random))"
    }
  }

  private static func dateLeaf(_ random: inout SeededGenerator) -> String {
    let literals = dates.map { "@" + $0 }
    let field = ".hs_recurring_billing_start_date"
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return "\(field) in \(pick(literals, &random))..\(pick(literals, &random))"
    case 1: return "\(field) \(pick(["in", "not in"], &random)) \(list(literals, &random))"
    case 2:
      return
        ".createdate \(pick(["<", ">=", "!=", "=="], &random)) \(pick(literals + ["@2100-01-01T00:00:00Z"], &random))"
    default: return "\(field) \(pick(["==", "!=", "<", "<=", ">", ">="], &random)) \(pick(literals, &random))"
    }
  }

  private static func idLeaf(_ random: inout SeededGenerator) -> String {
    let field = ".hs_product_id"
    let texts = ids.map { "\"\($0)\"" } + ["\"abc\"", "\"\""]
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return "\(field) == \(pick(texts + ["null"], &random))"
    case 1: return "\(field) != \(pick(texts, &random))"
    default: return "\(field) \(pick(["in", "not in"], &random)) \(list(texts, &random))"
    }
  }
}
