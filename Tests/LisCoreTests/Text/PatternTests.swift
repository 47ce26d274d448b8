import Testing

@testable import LisCore

@Suite struct PatternTests {
  private static let table: [(pattern: String, matching: [String], others: [String])] = [
    ("", ["", "a"], []), ("a", ["a", "bab"], ["", "b", "A"]), ("^a", ["ab"], ["ba", ""]),
    ("a$", ["ba"], ["ab", "a\n"]),
    ("^$", [""], ["a", "\n"]), ("a|b", ["xb", "a"], ["c"]), ("^(a|b|)$", ["a", "b", ""], ["ab"]),
    ("a.c", ["abc", "aéc"], ["ac", "a\nc"]),
    ("^a*$", ["", "aaa"], ["ab"]), ("^a+$", ["a", "aaa"], ["", "ab"]), ("^a?$", ["", "a"], ["aa"]),
    ("^a{2}$", ["aa"], ["a", "aaa"]), ("^a{2,}$", ["aa", "aaaa"], ["a"]), ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
    ("^a{0}$", [""], ["a"]), ("^(ab){2}$", ["abab"], ["ab", "ababab"]), ("a{x", ["a{x"], ["ax"]), ("^{$", ["{"], [""]),
    ("^a+?$", ["a", "aa"], [""]), ("^a*?$", ["", "aa"], ["b"]), ("^a{2}?$", ["aa"], ["a", ""]),
    ("^a??b$", ["b", "ab"], ["aab"]),
    ("[abc]", ["xb"], ["x"]), ("[^abc]", ["x"], ["abc", ""]), ("[a-c]", ["b"], ["d", "-"]),
    ("[a-]", ["-", "a"], ["b"]),
    ("[]a]", ["]", "a"], ["b"]), ("[^]a]", ["b"], ["]", "a"]), ("^[\\d.]+$", ["1.5"], ["1a"]), ("[\\D]", ["a"], ["1"]),
    ("^[\\w-]+$", ["a-b_9"], ["a b"]), ("[\\]\\\\]", ["]", "\\"], ["a"]), ("[é-ü]", ["ö"], ["o"]),
    ("[\\n]", ["\n"], ["n"]),
    ("\\d", ["a1"], ["a"]), ("^\\D+$", ["ab"], ["a1"]), ("^\\w+$", ["aZ_0"], ["a b", ""]), ("\\W", [" "], ["a"]),
    ("\\s", ["a b", "\t"], ["ab"]), ("^\\S+$", ["ab"], ["a b"]), ("\\.", ["."], ["a"]), ("\\$\\^\\*", ["$^*"], [""]),
    ("\\bcat\\b", ["a cat.", "cat"], ["concat", "cats"]), ("(?:ab)+c", ["ababc"], ["ac"]), ("((a)(b))", ["ab"], ["a"]),
    ("(?i)straße", ["STRAßE", "Straße"], ["strasse"]), ("(?i)[a-c]X", ["Bx"], ["dx"]),
    ("(?i)^[^a]$", ["b"], ["A", "a"]),
    ("(?i)Ä", ["ä"], ["a"]), ("😀+", ["x😀😀"], ["x"]), ("^.$", ["😀", "é"], ["e\u{301}"]),
    ("^a|b$", ["ax", "xb"], ["xa"]),
    ("^(a*)*$", ["", "aaa"], ["b"]), ("^(a|ab)(c|bcd)$", ["abcd", "ac"], ["abc d"]), ("(^a)*b", ["ab", "cb"], ["a"]),
    ("x*", ["", "y"], []), ("^SKU-\\d{4}(-[A-Z]{2})?$", ["SKU-1234", "SKU-1234-DE"], ["SKU-123", "SKU-1234-D"]),
  ]

  @Test func table() throws {
    for entry in Self.table {
      let pattern = try Pattern(entry.pattern)
      for text in entry.matching { #expect(pattern.matches(text), "\(entry.pattern) on \(text.debugDescription)") }
      for text in entry.others { #expect(!pattern.matches(text), "\(entry.pattern) on \(text.debugDescription)") }
    }
  }

  @Test(
    arguments: [
      ("(", .unbalanced(offset: 0)), ("a)", .unbalanced(offset: 1)), ("[a", .unbalanced(offset: 0)),
      ("a\\", .unbalanced(offset: 1)),
      ("*a", .nothingToRepeat(offset: 0)), ("a|+", .nothingToRepeat(offset: 2)), ("a**", .nothingToRepeat(offset: 2)),
      ("a++", .nothingToRepeat(offset: 2)), ("a*??", .nothingToRepeat(offset: 3)),
      ("a{2}{3}", .nothingToRepeat(offset: 4)),
      ("a{3,2}", .badRange(offset: 1)), ("[z-a]", .badRange(offset: 0)), ("\\q", .unknownEscape("q", offset: 0)),
      ("(a)\\1", .unknownEscape("1", offset: 3)), ("(?=a)", .nothingToRepeat(offset: 1)),
      ("a{1001}", .tooLarge(limit: 1000)),
      ("a{99999999999999999999}", .tooLarge(limit: 1000)),
    ] as [(String, Pattern.Problem)])
  func refused(_ text: String, _ problem: Pattern.Problem) {
    #expect(throws: problem) { try Pattern(text) }
  }

  /// Patterns that take for ever in engines that try one alternative after the other.
  @Test(.timeLimit(.minutes(1)), arguments: ["(a*)*b", "(a|aa)+$", "^(a+)+$", "(a|a|a|a)*c", "(.*)(.*)(.*)(.*)(.*)x"])
  func linearTime(_ text: String) throws {
    #expect(try !Pattern(text).matches(String(repeating: "a", count: 5_000) + "!"))
  }

  /// Patterns that are small to write and enormous to spell out are refused at once.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "((((a{1000}){1000}){1000}){1000}){1000}", "(((){1000}){1000}){1000}", "((((^{1000}){1000}){1000}){0,1000})",
    ])
  func tooLarge(_ text: String) {
    #expect(throws: Pattern.Problem.self) { try Pattern(text) }
  }

  /// Given as counts, since a test run prints its arguments.
  @Test(.timeLimit(.minutes(1)), arguments: [("(", 100_000, ""), ("a", 100_000, ""), ("(", 200, ")")])
  func tooLong(_ opening: String, _ count: Int, _ closing: String) {
    let text = String(repeating: opening, count: count) + String(repeating: closing, count: count)
    #expect(throws: Pattern.Problem.self) { try Pattern(text) }
  }

  @Test func starsOnEndAreRefused() {
    #expect(throws: Pattern.Problem.nothingToRepeat(offset: 2)) {
      try Pattern("a" + String(repeating: "*", count: 1_000_000))
    }
  }
}
