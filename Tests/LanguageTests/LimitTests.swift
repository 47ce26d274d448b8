import FoundationEssentials
import LisRuntime
import Testing

/// Limits on time, memory and sizes end a run with a fault of their own, whatever the program does.
@Suite struct LimitTests {
  @Test func timeIsUp() async throws {
    var options = TrialOptions()
    options.limits.seconds = 0.05
    for program in [
      "for i in 1..1000000000000 { }", "try { for i in 1..1000000000000 { } } catch e { print(\"caught\") }",
      "for i in 1..1000000000000 { let t = join(1..100000, \",\") }",
    ] {
      let trial = try await run(program, options)
      #expect(trial.outcome == .fault)
      #expect(trial.complaint?.hasPrefix("LIS0417@") == true, "\(trial.notes)")
      #expect(trial.lines.isEmpty)
    }
  }

  @Test func aLimitThatIsNotReachedIsNotNoticed() async throws {
    var options = TrialOptions()
    options.limits.seconds = 3600
    let trial = try await run("print(sum(1..1000))", options)
    #expect(trial.outcome == .done)
    #expect(trial.lines == ["500500"])
  }

  @Test func memoryHasALimit() async throws {
    var options = TrialOptions()
    options.limits.heapBytes = 34 << 20
    for program in [
      "var xs = []\nfor i in 1..100000000 { xs = [...xs, { a: [i] }] }",
      "var x = null\ntry { for i in 1..100000000 { x = [x] } } catch e { print(\"caught\") }",
    ] {
      let trial = try await run(program, options)
      #expect(trial.outcome == .fault)
      #expect(trial.complaint?.hasPrefix("LIS0418@") == true, "\(trial.notes)")
      #expect(trial.lines.isEmpty)
    }
    // What is not kept does not count.
    let trial = try await run("var x = 0\nfor i in 1..400000 { x = { a: [i] } }\nprint(x)", options)
    #expect(trial.lines == ["{ a: [400000] }"], "\(trial.notes)")
  }

  /// A native works between two looks at the heap, and must not fill it meanwhile.
  @Test func nativesHoldTheLimitThemselves() async throws {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let numbers = String(repeating: "{\"a\":[1]},", count: 400_000)
    try "[\(numbers)0]".write(toFile: folder + "/rows.json", atomically: true, encoding: .utf8)
    var options = TrialOptions()
    options.folder = folder
    options.limits.heapBytes = 34 << 20
    let text = "let t = join(list(map(1..2000, n => join(list(map(1..1000, m => \"abcdefghi,\"))))))"
    for program in ["\(text)\nlet parts = split(t, \",\")\nprint(1)", "let rows = json(\"rows.json\")\nprint(1)"] {
      let trial = try await run(program, options)
      #expect(trial.complaint?.hasPrefix("LIS0418@") == true, "\(trial.notes)")
      #expect(trial.lines.isEmpty)
    }
  }

  /// A value of sixty cells that spells out to 2⁶⁰ parts.
  private static let shared = "var x = [1]\nfor i in 1..60 { x = [x, x] }\nvar y = [1]\nfor i in 1..60 { y = [y, y] }\n"

  @Test func sharedPartsAreComparedOnce() async throws {
    let trial = try await run(LimitTests.shared + "print(x == y, x != y, x == [y, y], [x, 1] in [[y, 1]])")
    #expect(trial.lines == ["true false false true"], "\(trial.notes)")
    let records =
      "var x = { v: 1 }\nvar y = { v: 1 }\nfor i in 1..60 { x = { a: x, b: x }\ny = { b: y, a: y } }\nprint(x == y)"
    #expect(try await run(records).lines == ["true"])
  }

  @Test func sharedPartsSpelledOutAreTooLarge() async throws {
    var options = TrialOptions()
    options.limits.textBytes = 50_000
    for operation in [
      "print(count([x, y] | distinct .))", "[x, 1]", "[{ a: x }] | save \"x.json\"",
      "try { print(count([x] | distinct .)) } catch e { fail_with(e.code) }",
    ] {
      let folder = try freshFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      options.folder = folder
      options.workingFolder = folder
      let trial = try await run(LimitTests.shared + operation, options)
      #expect(trial.outcome == .fault)
      #expect(trial.output.isEmpty)
      #expect(trial.notes.contains("LIS0412"), "\(operation)\n\(trial.notes)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
    // What `print` shows is cut off instead.
    let trial = try await run(LimitTests.shared + "print(x)\nprint(\"${x}\")", options)
    #expect(trial.output.count > 50_000 && trial.output.contains("…"))
    #expect(trial.complaint?.hasPrefix("LIS0412@") == true, "\(trial.notes)")
  }

  @Test func everNewKeysEnd() async throws {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = (0..<3000).map { "{\"key\($0)\":1}" }
    try rows.joined(separator: "\n").write(toFile: folder + "/keys.ndjson", atomically: true, encoding: .utf8)
    var options = TrialOptions()
    options.folder = folder
    options.limits.shapes = 2000
    let trial = try await run("print(count(ndjson(\"keys.ndjson\")))", options)
    #expect(trial.complaint?.hasPrefix("LIS0351@") == true, "\(trial.notes)")
    #expect(trial.notes.contains("2000 different forms"))
    options.limits.shapes = 4000
    #expect(try await run("print(count(ndjson(\"keys.ndjson\")))", options).lines == ["3000"])
  }
}
