import FoundationEssentials
import Testing

/// What `save` writes, and that nothing half-written is ever found under a file's name.
@Suite struct SaveTests {
  /// Runs a program in a folder of its own and gives what it printed and the files that are there afterwards.
  private func files(_ program: String, _ given: [String: String] = [:]) async throws -> (Trial, [String: String]) {
    var options = try TaskTests.write(given)
    options.apply = false
    let trial = try await run(program, options)
    let folder = options.folder ?? ""
    var found: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where given[name] == nil {
      found[name] = try readText(folder + "/" + name)
    }
    return (trial, found)
  }

  @Test func formats() async throws {
    let (trial, found) = try await files(
      """
      let rows = [{ a: 1.50, b: "x, \\"y\\"" }, { a: null, b: "ü" }]
      rows | save "r.csv"
      rows | save "r.ndjson"
      rows | save "r.json"
      rows | save "r.md"
      rows | select .b | save "r.tsv"
      [] | save "empty.json"
      [1, 2] | save "plain.ndjson"
      """)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(
      found["r.csv"]?.split(whereSeparator: \.isNewline).map(String.init) == ["a,b", "1.50,\"x, \"\"y\"\"\"", ",ü"])
    #expect(found["r.ndjson"] == "{\"a\":1.50,\"b\":\"x, \\\"y\\\"\"}\n{\"a\":null,\"b\":\"ü\"}\n")
    #expect(found["r.json"] == "[\n  {\"a\":1.50,\"b\":\"x, \\\"y\\\"\"},\n  {\"a\":null,\"b\":\"ü\"}\n]\n")
    #expect(found["r.md"]?.contains("| ü") == true)
    #expect(found["r.tsv"]?.hasPrefix("b\n") == true)
    #expect(found["empty.json"] == "[]\n")
    #expect(found["plain.ndjson"] == "1\n2\n")
  }

  /// A file of what went wrong, when nothing did, is read again by the next run.
  @Test func filesWithoutRowsHaveTheirColumns() async throws {
    let (trial, found) = try await files(
      """
      let none = list([{ a: 1, b: 2 }] | where .a > 5)
      none | select .a, twice: .b * 2 | where .a > 0 | save "none.csv"
      none | select .a, .b | sort .b | save "none.tsv"
      none | save "unknown.csv"
      print(count(csv("none.csv")))
      """)
    #expect(trial.lines == ["0"], "\(trial.notes)")
    #expect(
      found["none.csv"]?.trimmingLineEnds == "a,twice" && found["none.tsv"]?.trimmingLineEnds == "a\tb", "\(found)")
    #expect(found["unknown.csv"] == "")
  }

  @Test func whatWasSavedCanBeRead() async throws {
    let (trial, _) = try await files(
      """
      [{ n: 3 }, { n: 1 }, { n: 2 }] | sort .n | save "sorted.csv"
      print(csv("sorted.csv") | map number(.n) | list)
      csv("sorted.csv") | where .n != "2" | select .n, line: .source.line | save "sorted.csv"
      csv("sorted.csv") | each { print(.n, .line) }
      """)
    #expect(trial.lines == ["[1, 2, 3]", "1 2", "3 4"], "\(trial.notes)")
  }

  @Test func nothingHalfWritten() async throws {
    let (trial, found) = try await files("[1, 0, 2] | map { q: 6 / . } | save \"q.csv\"")
    #expect(trial.outcome == .fault)
    #expect(found.isEmpty, "\(found)")
    let (caught, after) = try await files(
      """
      try { [1, 0] | map { q: 6 / . } | save "q.csv" } catch e { print("caught") }
      [7] | save "later.ndjson"
      """)
    #expect(caught.lines == ["caught"])
    #expect(after == ["later.ndjson": "7\n"])
  }

  /// A function that saves may make the rows of something that is being saved.
  @Test func savesInsideOfSaves() async throws {
    let (trial, found) = try await files(
      """
      fn noted(x) {
        [x] | save "note${x}.ndjson"
        try { [1 / (x - 2)] | save "inverse${x}.ndjson" } catch e { }
        x * 10
      }
      let note = noted
      [1, 2, 3] | map note(.) | save "all.ndjson"
      """)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(
      found == [
        "note1.ndjson": "1\n", "note2.ndjson": "2\n", "note3.ndjson": "3\n", "all.ndjson": "10\n20\n30\n",
        "inverse1.ndjson": "-1\n", "inverse3.ndjson": "1\n",
      ])
  }
}

extension String {
  fileprivate var trimmingLineEnds: String { String(filter { !$0.isNewline }) }
}
