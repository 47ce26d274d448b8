import Glibc
import LisRuntime
import Testing

/// Programs that are larger or deeper than people write: each runs, or is refused in words.
@Suite struct LargeProgramTests {
  static func check(_ text: String, _ expected: [String]?, kilobytes: Int = 64 << 10) async throws {
    let trial = try await run(text, kilobytes: kilobytes)
    if let expected {
      #expect(trial.lines == expected, "\(text.prefix(200))\n\(trial.notes.prefix(2000))")
    } else {
      #expect(trial.outcome != .done)
    }
    if trial.outcome != .done {
      #expect(!trial.complaints.isEmpty, "\(text.prefix(200))\n\(trial.notes.prefix(2000))")
      #expect(!trial.notes.contains("LIS0399"), "\(trial.notes.prefix(2000))")
    }
  }

  @Test func manyNames() async throws {
    let names = (0..<900).map { "let n\($0) = \($0) + 1" }.joined(separator: "\n")
    try await LargeProgramTests.check(names + "\nprint(n0 + n899, n450)", ["901 451"])
    let more = (0..<3000).map { "let n\($0) = \($0) + 1" }.joined(separator: "\n")
    try await LargeProgramTests.check(more + "\nprint(n0 + n2999)", nil)
    // Names that functions share are globals and need no registers.
    let shared = (0..<3000).map { "let n\($0) = \($0) + 1\nfn f\($0)() = n\($0)" }.joined(separator: "\n")
    try await LargeProgramTests.check(shared + "\nprint(f0() + f2999())", ["3001"])
  }

  @Test func manyParts() async throws {
    let text = (0..<500).map { "${x + \($0)}" }.joined(separator: ",")
    try await LargeProgramTests.check(
      "let x = 1\nprint(\"\(text)\" == join(map(1..500, n => n), \",\"))", ["true"])
    let items = (0..<1500).map(String.init).joined(separator: ", ")
    try await LargeProgramTests.check("print(sum([\(items)]), count([\(items)]))", ["1124250 1500"])
    let spread = (0..<300).map { "...[\($0)], \($0)" }.joined(separator: ", ")
    try await LargeProgramTests.check("print(count([\(spread)]))", ["600"])
    let fields = (0..<700).map { "f\($0): \($0)" }.joined(separator: ", ")
    try await LargeProgramTests.check(
      "let r = { \(fields) }\nprint(r.f0, r.f350, r.f699, count(keys(r)))\nprint({ ...r, f5: \"x\" }.f5)",
      ["0 350 699 700", "x"])
    let arguments = (0..<300).map(String.init).joined(separator: ", ")
    try await LargeProgramTests.check("print(\(arguments))", nil)
    let parameters = (0..<300).map { "p\($0)" }.joined(separator: ", ")
    try await LargeProgramTests.check("fn f(\(parameters)) = p0\nprint(1)", nil)
    let captured = (0..<300).map { "let c\($0) = \($0)" }.joined(separator: "\n")
    let sum = (0..<300).map { "c\($0)" }.joined(separator: " + ")
    try await LargeProgramTests.check("fn f() {\n\(captured)\nlet g = () => \(sum)\ng()\n}\nprint(f())", nil)
    try await LargeProgramTests.check(
      "print([{ a: 1 }] | select \((0..<300).map { "c\($0): .a" }.joined(separator: ", ")) | count)", nil)
  }

  @Test func longFunctions() async throws {
    // Beyond the reach of a 16-bit jump, one way or the other.
    let body = (0..<4000).map { "  n = n + \($0 % 7)" }.joined(separator: "\n")
    try await LargeProgramTests.check("var n = 0\nif true {\n\(body)\n}\nprint(n)", ["11994"])
    try await LargeProgramTests.check("var n = 0\nfor i in 1..2 {\n\(body)\n}\nprint(n)", ["23988"])
    let longer = (0..<20_000).map { "  n = n + \($0 % 7) * \(100_000 + $0)" }.joined(separator: "\n")
    let trial = try await run("var n = 0\nfor i in 1..1 {\n\(longer)\n}\nprint(n)")
    #expect(trial.outcome == .done || trial.complaint?.hasPrefix("LIS0160") == true, "\(trial.notes.prefix(500))")
  }

  @Test func manyConstants() async throws {
    // More constants than an operand has bits for.
    let lines = (0..<350).map { row in
      "x = x + " + (0..<200).map { "0.\(100_000 + row * 200 + $0)" }.joined(separator: " + ")
    }
    let trial = try await run("var x = 0\n" + lines.joined(separator: "\n") + "\nprint(x)")
    // 0.100000 + … + 0.169999
    #expect(trial.lines == ["9449.965000"], "\(trial.output)\(trial.notes.prefix(500))")
  }

  static let nests: [(String, String, String)] = [
    ("(", "1", ")"), ("[", "1", "]"), ("{ a: ", "1", " }"), ("not ", "true", ""), ("- ", "1", ""),
    ("if true { ", "1", " }"), ("(x => ", "1", ")"), ("f(", "1", ")"), ("\"${", "1", "}\""), ("1 + (", "1", ")"),
    ("(match 1 {\n 1 => ", "1", "\n})"), ("list([1] | map ", "1", ")"), ("count([1] | where ", "true", ") == 1"),
    ("[...", "[1]", "]"), ("1 ?? (", "2", ")"), ("if true { try { ", "1", " } catch e { 2 } }"),
    ("x => if true { let y = ", "1", "; y }"),
  ]

  @Test(arguments: 0..<nests.count) func deep(_ index: Int) async throws {
    let (before, middle, after) = LargeProgramTests.nests[index]
    for depth in [30, 60, 100, 200, 1000, 20_000] {
      let nested = String(repeating: before, count: depth) + middle + String(repeating: after, count: depth)
      let trial = try await run("fn f(x) = x\nlet value = \(nested)\nprint(\"done\")", kilobytes: 8 << 10)
      #expect(trial.lines == ["done"] || !trial.complaints.isEmpty, "\(before) \(depth): \(trial.notes.prefix(300))")
      #expect(!trial.notes.contains("LIS0399"))
    }
  }

  @Test func deepBlocks() async throws {
    for (before, after) in [
      ("for i in 1..1 {\n", "\n}"), ("if true {\n", "\n}"), ("fn f() {\n", "\n}\nf()"), ("[1] | each {\n", "\n}"),
    ] {
      for depth in [20, 50, 100, 5000] {
        let text = String(repeating: before, count: depth) + "print(\"in\")" + String(repeating: after, count: depth)
        let trial = try await run(text, kilobytes: 8 << 10)
        #expect(trial.lines == ["in"] || !trial.complaints.isEmpty, "\(before) \(depth): \(trial.notes.prefix(300))")
      }
    }
  }

  /// Long chains are not deep: they have to work.
  @Test func longChains() async throws {
    let sum = Array(repeating: "1", count: 240).joined(separator: " + ")
    try await LargeProgramTests.check("print(\(sum))", ["240"])
    let both = Array(repeating: "true", count: 240).joined(separator: " and ")
    try await LargeProgramTests.check("print(\(both))", ["true"])
    let stages = Array(repeating: "| map . + 1", count: 200).joined(separator: " ")
    try await LargeProgramTests.check("print([1] \(stages) | list)", ["[201]"])
    let kept = (0..<200).map { "let s\($0 + 1) = s\($0) | where . > 0" }.joined(separator: "\n")
    try await LargeProgramTests.check("let s0 = [1, 2]\n\(kept)\nprint(count(s200))", ["2"])
    let members = "{ a: 1 }" + Array(repeating: ".a", count: 1).joined()
    try await LargeProgramTests.check("print(\(members))", ["1"])
    let conditions = (0..<200).map { "if x == \($0) { \($0) }" }.joined(separator: " else ") + " else { 0 - 1 }"
    try await LargeProgramTests.check("let x = 150\nlet y = \(conditions)\nprint(y)", ["150"])
  }

  /// Whatever does not end can be ended.
  @Test func endlessProgramsStop() async throws {
    let programs = [
      "for i in 1..1000000000000 { let x = i }",
      "for i in 1..1000000000000 { if i > 0 { continue } }",
      "print(count((1..1000000000000) | where . < 0))",
      "let s = (1..1000000000000) | map . + 1 | where . < 0\nprint(first(s))",
      "for i in (1..1000000000000) | distinct . % 2 | where . > 5 { print(i) }",
      "fn f(n) { for i in 1..1000000 { for j in 1..1000000 { let x = i * j } } }\ntry { f(1) } catch e { print(\"caught\") }",
      "print(sum(1..1000000000000, x => x))",
      "(1..1000000000000) | each { let y = . }",
    ]
    for text in programs {
      let outcome = try await onThread {
        let guardian = StepGuardian(milliseconds: 100)
        let trial = runHere(text, started: { guardian.watch($0) })
        guardian.end()
        return trial
      }
      #expect(outcome.outcome == .interrupted, "\(text)\n\(outcome.notes)")
      #expect(outcome.lines.isEmpty)
    }
  }

  @Test func sizesHaveLimits() async throws {
    var options = TrialOptions()
    options.limits.items = 1000
    options.limits.textBytes = 10_000
    for text in [
      "print(count(list(1..5000)))", "var t = \"ab\"\nfor i in 1..20 { t = \"${t}${t}\" }",
      "var xs = [1]\nfor i in 1..5000 { xs = xs + [i] }", "var xs = [1]\nfor i in 1..20 { xs = xs + xs }",
      "var xs = [1]\nfor i in 1..20 { xs = [...xs, ...xs] }",
      "print(length(join(map(1..900, n => \"aaaaaaaaaaaaaaaaaaaa\"), \"-\")))",
      "var t = \"ab\"\nfor i in 1..20 { t = t + t }",
      "var t = \"ab\"\nfor i in 1..20 { t = replace(t, \"a\", \"aab\") }",
    ] {
      let trial = try await run(text, options)
      #expect(trial.complaint?.hasPrefix("LIS0412") == true, "\(text)\n\(trial.notes)")
    }
  }
}
