import Testing

@testable import LisSyntax

@Suite("Did you mean")
struct SpellingTests {
  static let names = [
    "price", "name", "quantity", "hs_sku", "hs_product_id", "createdate", "hs_recurring_billing_period", "amount",
    "apply!",
    "count", "id", "where", "update",
  ]

  static let cases: [(String, String?)] = [
    ("prise", "price"), ("pirce", "price"), ("pric", "price"), ("pricee", "price"), ("Price", "price"),
    ("PRICE", "price"),
    ("hsSku", "hs_sku"), ("hs-sku", "hs_sku"), ("hssku", "hs_sku"), ("hs_suk", "hs_sku"), ("sku", "hs_sku"),
    ("nam", "name"),
    ("nmae", "name"), ("quantitiy", "quantity"), ("qauntity", "quantity"),
    ("hs_recuring_billing_perod", "hs_recurring_billing_period"),
    ("apply", "apply!"), ("aply", "apply!"), ("cuont", "count"), ("x", nil), ("", nil), ("zzzzzz", nil), ("od", "id"),
    ("wher", "where"), ("updaet", "update"), ("banana", nil), ("price", nil), ("créatedate", "createdate"),
  ]

  @Test(arguments: cases)
  func finds(_ word: String, _ expected: String?) {
    #expect(Spelling.suggestion(for: word, among: Self.names) == expected)
  }

  @Test func aliasesAreLookedAtFirst() {
    let aliases = ["filter": "where", "len": "length"]
    #expect(Spelling.suggestion(for: "filter", among: Self.names, aliases: aliases) == "where")
    #expect(Spelling.suggestion(for: "FILTER", among: Self.names, aliases: aliases) == "where")
    #expect(Spelling.suggestion(for: "len", among: Self.names, aliases: aliases) == nil)
  }

  @Test func closerOnesWinWhateverTheOrder() {
    #expect(Spelling.suggestion(for: "cat", among: ["car", "Cat", "bat"]) == "Cat")
    #expect(Spelling.suggestion(for: "cat", among: ["bat", "car"]) == "car")
    #expect(Spelling.suggestion(for: "cat", among: ["car", "bat"]) == "car")
  }

  static let distances: [(String, String, Int)] = [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abd", 1),
    ("abc", "ab", 1),
    ("kitten", "sitting", 3), ("ca", "abc", 3), ("abcdef", "badcfe", 3),
  ]

  @Test(arguments: distances)
  func countsChanges(_ left: String, _ right: String, _ expected: Int) {
    #expect(Spelling.distance(Array(left.unicodeScalars), Array(right.unicodeScalars)) == expected)
    #expect(Spelling.distance(Array(right.unicodeScalars), Array(left.unicodeScalars)) == expected)
  }

  @Test func hostileWordsCostNothing() {
    let long = String(repeating: "a", count: 1_000_000)
    let clock = ContinuousClock()
    let time = clock.measure {
      _ = Spelling.suggestion(for: long, among: Array(repeating: long + "b", count: 100))
    }
    #expect(time < .seconds(5))
  }
}
