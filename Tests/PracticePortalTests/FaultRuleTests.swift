import TestSupport
import Testing

@testable import PracticePortal

@Suite struct FaultRuleTests {
  @Test func rulesAsText() throws {
    let rules = try FaultRule.list(
      "503 on=batch-update,search at=2,4; lying-headers every=5 ;429-daily retry-after=7 p=0.25 seed=9 after=2m times=3"
    )
    #expect(rules.count == 3)
    #expect(rules[0].fault == .status(503, body: .json, retryAfter: nil, stage: .before))
    #expect(rules[0].match.kinds == [.batchUpdate, .search] && rules[0].moment.ordinals == [2, 4])
    #expect(rules[1] == FaultRule(.lyingHeaders(.plenty), moment: .init(every: 5)))
    #expect(rules[2].fault == .tooManyRequests(.daily, retryAfter: 7))
    #expect(
      rules[2].moment == .init(probability: 0.25, seed: 9, afterMilliseconds: 120_000, times: 3))
    #expect(try FaultRule.list("502")[0].fault == .status(502, body: .html, retryAfter: nil, stage: .before))
    #expect(try FaultRule.list("477")[0].fault == .status(477, body: .json, retryAfter: 2, stage: .before))
    #expect(
      try FaultRule.list("503 stage=after body=empty")[0].fault
        == .status(503, body: .empty, retryAfter: nil, stage: .after))
    #expect(try FaultRule.list("cut on=writes method=post path=/crm/*")[0].match.kinds?.contains(.batchCreate) == true)
    let json = try JSONParser.parse(Array(#"{"fault":"cut","at":[1,3],"on":"reads","p":0.5}"#.utf8))
    let rule = try FaultRule(json)
    #expect(rule.moment.ordinals == [1, 3] && rule.moment.probability == 0.5 && rule.fault == .cut)
  }

  @Test(arguments: [
    ("", FaultProblem.noRule), (" ; ", .noRule), ("503x", .unknownFault("503x")), ("302", .unknownFault("302")),
    ("cut now", .notAnOption("now")), ("cut bytes=1", .unknownOption("bytes", fault: "cut")),
    ("redirect", .missing(option: "to", fault: "redirect")),
    ("foreign-edit", .missing(option: "property", fault: "foreign-edit")),
    ("cut at=0", .badValue(option: "at", value: "0", expected: "numbers from 1, parted by commas")),
    ("cut p=2", .badValue(option: "p", value: "2", expected: "a number from 0 to 1")),
    ("cut every=0", .badValue(option: "every", value: "0", expected: "a whole number from 1")),
    ("cut after=5", .badValue(option: "after", value: "5", expected: "a time such as 80ms, 3s, 35m or 24h")),
    ("html stage=late", .badValue(option: "stage", value: "late", expected: "one of before, after")),
    ("cut on=everything", .unknownKind("everything")),
  ])
  func whatIsNoRule(_ text: String, _ problem: FaultProblem) {
    #expect(throws: problem) { try FaultRule.list(text) }
    #expect(!problem.message.isEmpty)
  }

  @Test func everyWordIsReadBack() throws {
    let words = FaultProblem.words.filter { !$0.contains(" ") } + ["500", "524"]
    for word in words {
      let needs = ["redirect": " to=http://x/", "foreign-edit": " property=name"][word] ?? ""
      #expect(try FaultRule.list(word + needs)[0].fault.word == word)
    }
  }

  @Test func globs() {
    for (pattern, text, matches) in [
      ("*", "", true), ("/crm/*", "/crm/v3/objects", true), ("/crm/*/batch/*", "/crm/v3/objects/x/batch/read", true),
      ("/crm/*/batch/*", "/crm/v3/objects/x/search", false), ("a*b*c", "aXbYbc", true), ("a*b*c", "aXbYbd", false),
      ("/crm", "/crm/", false), ("**", "x", true), ("*a", "ba", true), ("", "x", false),
    ] {
      #expect(FaultRule.Match.glob(pattern, matches: text) == matches, "\(pattern) \(text)")
    }
  }

  @Test func chanceIsTheSeedsAlone() {
    let book = { FaultBook([FaultRule(.cut, moment: .init(probability: 0.3, seed: 11))], now: 0) }
    func run(_ book: FaultBook) -> [Bool] {
      (0..<2000).map { _ in !book.strike(method: "GET", path: "/x", kind: .list, now: 5).isEmpty }
    }
    let first = run(book())
    #expect(first == run(book()))
    #expect((500...700).contains(first.filter { $0 }.count))
    let other = FaultBook([FaultRule(.cut, moment: .init(probability: 0.3, seed: 12))], now: 0)
    #expect(run(other) != first)
  }

  @Test func momentsOfTime() {
    let rule = FaultRule(.cut, match: .init(kinds: [.search]), moment: .init(afterMilliseconds: 100, times: 2))
    let book = FaultBook([rule], now: 1000)
    let strikes = [1000, 1099, 1100, 1101, 1102].map { now in
      !book.strike(method: "POST", path: "/x", kind: .search, now: Int64(now)).isEmpty
    }
    #expect(strikes == [false, false, true, true, false])
    #expect(book.strike(method: "POST", path: "/x", kind: .list, now: 5000).isEmpty)
    #expect(book.rules[0].matched == 5 && book.rules[0].struck == 2)
    #expect(book.removeAll() == 1 && book.rules.isEmpty)
  }

  /// Against a count by hand, with moments told of a little out of order.
  @Test(arguments: [1, 7, 42] as [UInt64]) func windowsCountExactly(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var window = SlidingWindow(length: 1000)
    var all: [Int64] = []
    var most = 0
    var time: Int64 = 0
    for _ in 0..<3000 {
      time += Int64(generator.below(40))
      let moment = time - Int64(generator.below(200))
      all.append(moment)
      most = max(most, window.insert(moment))
      let expected = all.filter { $0 > moment - 1000 && $0 <= moment }.count
      #expect(window.count(endingAt: moment) == expected, "seed \(seed)")
    }
    let byHand = all.map { end in all.filter { $0 > end - 1000 && $0 <= end }.count }.max()
    #expect(most == byHand, "seed \(seed)")
  }
}
