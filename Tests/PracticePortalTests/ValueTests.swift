import Testing

@testable import PracticePortal

@Suite struct ValueTests {
  @Test(arguments: [
    ("1", "2", "2"), ("400.00", "8", "3200.00"), ("1.785", "1", "1.785"), ("-0.5", "3", "-1.5"),
    ("1e2", "0.01", "1.00"),
    ("0.000001", "3", "0.000003"), (".5", "2", "1.0"), ("5.", "2", "10"),
  ])
  func multiplies(_ left: String, _ right: String, _ product: String) throws {
    let a = try #require(ExactDecimal(left))
    let b = try #require(ExactDecimal(right))
    #expect(a.multiplied(by: b)?.text == product)
  }

  @Test(arguments: [
    ("1.785", "1.79"), ("1.784999", "1.78"), ("-1.785", "-1.79"), ("0.005", "0.01"), ("0.0049", "0.00"), ("2", "2.00"),
    ("-0.004", "0.00"), ("10.115", "10.12"),
  ])
  func roundsHalfUp(_ text: String, _ rounded: String) throws {
    #expect(try #require(ExactDecimal(text)).rounded()?.text == rounded)
  }

  @Test(arguments: ["", "-", "1.2.3", "1,5", "abc", "1e", "+5", "0x10", " 1", "1 ", "1e9999", "."])
  func refusesWhatIsNoNumber(_ text: String) { #expect(NumberText(text) == nil) }

  @Test func overflowIsNilAndNotACrash() throws {
    let large = try #require(ExactDecimal(String(repeating: "9", count: 38)))
    #expect(large.multiplied(by: large) == nil)
    #expect(large.rounded() == nil)
    #expect(ExactDecimal(String(repeating: "9", count: 60)) == nil)
  }

  /// Addition and rounding against plain integers, on random cents.
  @Test func agreesWithIntegerArithmetic() throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let (a, b) = (random.below(2_000_000) - 1_000_000, random.below(2_000_000) - 1_000_000)
      let (left, right) = (
        ExactDecimal(coefficient: Int128(a), scale: 2), ExactDecimal(coefficient: Int128(b), scale: 2)
      )
      #expect(left.adding(right)?.coefficient == Int128(a + b), "seed \(seed)")
      #expect(ExactDecimal(left.text) == left, "seed \(seed)")
      let tenths = (abs(a) + 5) / 10 * (a < 0 ? -1 : 1)
      #expect(left.rounded(digits: 1)?.coefficient == Int128(tenths), "seed \(seed)")
    }
  }

  @Test(arguments: [
    ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"), ("2026-03-01T10:00:00.120Z", "2026-03-01T10:00:00.120Z"),
    ("2026-03-01T10:00:00.5+02:00", "2026-03-01T08:00:00.500Z"), ("0", "1970-01-01T00:00:00Z"),
    ("1645125929120", "2022-02-17T19:25:29.120Z"), ("2024-02-29", "2024-02-29T00:00:00Z"),
    ("-1", "1969-12-31T23:59:59.999Z"),
  ])
  func readsAndPrintsTimes(_ text: String, _ printed: String) throws {
    #expect(Timestamp.wireText(try #require(Timestamp.parseDateTime(text))) == printed)
  }

  @Test(arguments: [
    "2023-02-29", "2026-13-01", "yesterday", "2026-03-01T25:00:00Z", "2026-03-01T10:00:00", "20260301x",
  ])
  func refusesWhatIsNoTime(_ text: String) { #expect(Timestamp.parseDateTime(text) == nil) }

  /// The numbers of payments that the line-items guide and observations give.
  @Test(arguments: [
    ("weekly", "P12W", 12), ("monthly", "P8M", 8), ("quarterly", "P1Y", 4), ("annually", "P3Y", 3),
    ("weekly", "P7D", 1),
    ("weekly", "P21D", 3), ("weekly", "P546D", 78), ("biweekly", "P4W", 2), ("per_two_years", "P4Y", 2),
    ("monthly", "P1Y6M", 18),
  ])
  func countsPayments(_ frequency: String, _ term: String, _ payments: Int) throws {
    #expect(try #require(BillingTerm(term)).payments(try #require(BillingFrequency(frequency))) == payments)
  }

  @Test(arguments: [("weekly", "P12M"), ("monthly", "P12W"), ("biweekly", "P1Y"), ("annually", "P30D")])
  func findsContradictingTerms(_ frequency: String, _ term: String) throws {
    #expect(try #require(BillingTerm(term)).payments(try #require(BillingFrequency(frequency))) == nil)
  }

  @Test(arguments: ["24", "P", "P0M", "12M", "PM", "P1M1Y", "P1W2D", "P1Y ", "P-1M"])
  func refusesMalformedTerms(_ text: String) { #expect(BillingTerm(text) == nil) }

  @Test(arguments: [
    ("chair", "Oak Chair, big", true), ("chai", "Oak Chair", false), ("chai*", "Oak Chair", true),
    ("*air", "Oak Chair", true), ("*ai*", "Oak Chair", true), ("oak chair", "Oak Chair", true),
    ("srv", "SRV-1", true), ("SRV-1", "srv-1", true), ("*@hubspot.com", "bob@hubspot.com", true),
    ("größe", "GRÖSSE Größe", true),
    ("*", "anything", true), ("x*y", "xy", true), ("x*y", "xz", false),
  ])
  func matchesTokens(_ pattern: String, _ text: String, _ expected: Bool) {
    #expect(TokenPattern(pattern).matches(text) == expected)
  }
}

@Suite struct JSONTests {
  @Test(arguments: [
    "{}", "[]", "[1,2.5,-3e+2]", "{\"a\":null,\"b\":[true,false]}", "\"\\u00e9\\ud83d\\ude00\\n\"", " {\"a\" : 1 } ",
    "\"\"",
  ])
  func readsJSON(_ text: String) throws { _ = try JSONParser.parse(Array(text.utf8)) }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":}", "{a:1}", "01", "1.", "tru", "\"\\x\"", "\"\\ud800\"", "\"a\nb\"", "{} {}", "nul", "-",
    "{\"a\":1,}", "[1 2]",
  ])
  func refusesWhatIsNoJSON(_ text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(text.utf8)) }
  }

  @Test func keepsNumbersAsTextAndNamesThePlaceOfAnError() throws {
    #expect(try JSONParser.parse(Array("1.50".utf8)) == .number("1.50"))
    #expect(throws: JSONSyntaxError(line: 2, column: 4, reason: "unexpected character")) {
      try JSONParser.parse(Array("{\n\"\":?".utf8))
    }
  }

  @Test func boundsTheDepth() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(deep.utf8)) }
  }

  @Test func refusesInvalidUTF8() {
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
  }

  @Test func writesWhatItReads() throws {
    let text = "{\"a\":\"q\\\"\\\\\\n\\u0001é😀\",\"b\":[1,null,{}]}"
    var writer = JSONWriter()
    writer.value(try JSONParser.parse(Array(text.utf8)))
    #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
  }
}
