import LisCore
import LisRuntime
import TestSupport
import Testing

/// Functions of the library on random arguments, against a slow and simple count of the same thing.
@Suite struct StandardLibraryLawTests {
  /// Working days counted one by one.
  @Test func workingDaysAgreeWithCounting() async throws {
    var generator = SeededGenerator.announced("workingDaysAgreeWithCounting")
    var program = "use dates\n"
    var expected: [String] = []
    for _ in 0..<250 {
      let start = CivilDate(daysSinceEpoch: Int.random(in: 20_000...20_400, using: &generator)) ?? .earliest
      let holidays = (0..<Int.random(in: 0...6, using: &generator)).compactMap { _ in
        CivilDate(daysSinceEpoch: Int(start.daysSinceEpoch) + Int.random(in: -40...40, using: &generator))
      }
      let days = Int.random(in: -25...25, using: &generator)
      let list = "[\(holidays.map { "@\($0)" }.joined(separator: ", "))]"
      let isWorking = { (date: CivilDate) in date.weekday.rawValue < 6 && !holidays.contains(date) }
      var current = start
      var left = abs(days)
      while left > 0 {
        current = CivilDate(daysSinceEpoch: Int(current.daysSinceEpoch) + days.signum()) ?? .latest
        if isWorking(current) { left -= 1 }
      }
      program += "print(dates.add_business_days(@\(start), \(days), \(list)))\n"
      expected.append("\(current)")
      let end =
        CivilDate(daysSinceEpoch: Int(start.daysSinceEpoch) + Int.random(in: 0...60, using: &generator)) ?? .latest
      let between = (Int(start.daysSinceEpoch)..<Int(end.daysSinceEpoch)).count {
        CivilDate(daysSinceEpoch: $0 + 1).map(isWorking) ?? false
      }
      program += "print(dates.business_days_between(@\(start), @\(end), \(list)))\n"
      expected.append("\(between)")
    }
    let trial = try await run(program)
    #expect(trial.lines == expected, "\(trial.notes)")
  }

  /// Shares add up, stand within a cent of the exact ones, and grow with their weights.
  @Test func sharesLoseNothing() async throws {
    var generator = SeededGenerator.announced("sharesLoseNothing")
    var program = """
      use money
      fn check(amount, weights) {
        let shares = money.allocate(amount, weights)
        let total = sum(weights)
        let near = count(zip(shares, weights) | where abs(.[0] - amount * .[1] / total) >= 0.01)
        print(sum(shares) == amount, count(shares) == count(weights), near)
      }

      """
    var count = 0
    for _ in 0..<150 {
      let cents = Int.random(in: -100_000...100_000, using: &generator)
      let amount = "\(cents / 100).\(abs(cents % 100) < 10 ? "0" : "")\(abs(cents % 100))"
      var weights = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        Int.random(in: 0...9, using: &generator)
      }
      if weights.allSatisfy({ $0 == 0 }) { weights[0] = 1 }
      program += "check(\(amount), \(weights))\n"
      count += 1
    }
    let trial = try await run(program)
    #expect(trial.lines == Array(repeating: "true true 0", count: count), "\(trial.notes)")
  }

  /// Any amount that is written for reading is read back from a cell.
  @Test func amountsForReadingAreRead() async throws {
    var generator = SeededGenerator.announced("amountsForReadingAreRead")
    var program = "use money\nuse csv\n"
    var expected: [String] = []
    for _ in 0..<200 {
      let whole =
        Int.random(in: -9_999_999...9_999_999, using: &generator) / (Bool.random(using: &generator) ? 1 : 1000)
      let cents = Int.random(in: 10...99, using: &generator)
      let amount = "\(whole == 0 ? 1 : whole).\(cents)"
      let comma = Bool.random(using: &generator)
      let signs = comma ? #"".", ",""# : #"",", ".""#
      program += "print(csv.number_in(money.amount_text(\(amount), \(signs)) + \" €\", \"\(comma ? "," : ".")\"))\n"
      expected.append(amount)
    }
    let trial = try await run(program)
    #expect(trial.lines == expected, "\(trial.notes)")
  }
}
