import FoundationEssentials
import LisCore
import TestSupport
import Testing

/// Files as they come: what is taken, and what is refused with file, line, column and a hint.
@Suite struct ReaderTests {
  /// Runs a program in a folder that holds one file.
  private func reading(_ program: String, _ name: String, _ bytes: [UInt8]) async throws -> Trial {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = FileManager.default.createFile(atPath: folder + "/" + name, contents: Data(bytes))
    var options = TrialOptions()
    options.folder = folder
    options.workingFolder = folder
    return try await run(program, options)
  }

  static let utf16: [UInt8] = [0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00]

  /// Program, file, bytes, and what the first line of the message begins with.
  static let refused: [(program: String, file: String, bytes: [UInt8], message: String)] = [
    (
      "print(count(csv(\"f.csv\")))", "f.csv", Array("a,b\n1,2\n3\n".utf8),
      "f.csv:3:1: the row has 1 cell and the header 2"
    ),
    (
      "print(count(csv(\"f.csv\")))", "f.csv", Array("a,b\n1,\"2\n".utf8),
      "f.csv:2:3: the quote that opens cell 2 is never closed"
    ),
    (
      "print(count(csv(\"f.csv\")))", "f.csv", Array("a,a\n1,2\n".utf8), "f.csv:1:1: columns 1 and 2 are both named 'a'"
    ),
    ("print(count(csv(\"f.csv\")))", "f.csv", Array("a,\n1,2\n".utf8), "f.csv:1:1: column 2 has no name"),
    ("print(count(csv(\"f.csv\")))", "f.csv", [], "f.csv:1:1: the file is empty"),
    (
      "print(count(csv(\"f.csv\")))", "f.csv", Array("a;b\n1;2\n".utf8),
      "f.csv:1:1: the file seems to be separated by semicolons"
    ),
    (
      "print(count(csv(\"f.csv\")))", "f.csv", Array("sep=;\na;b\n".utf8), "f.csv:1:1: the first line names a separator"
    ),
    ("print(count(csv(\"f.csv\")))", "f.csv", utf16, "f.csv:1:1: the file is UTF-16"),
    ("print(count(csv(\"f.csv\")))", "f.csv", Array("é,b\nx,\0\n".utf8), "f.csv:2:3: a NUL byte in cell 2"),
    (
      "print(count(csv(\"f.csv\")))", "f.csv", [0x61, 0x0a, 0xc3, 0x28],
      "f.csv:2:1: cell 1 holds bytes that are not UTF-8"
    ),
    (
      "print(json(\"f.json\"))", "f.json", Array("{\n  \"é\": 01\n}".utf8),
      "f.json:2:8: this is not JSON: this is not a number"
    ),
    (
      "print(json(\"f.json\"))", "f.json", Array("[1,\n 2,]".utf8), "f.json:2:4: this is not JSON: a value belongs here"
    ),
    ("print(json(\"f.json\"))", "f.json", utf16, "f.json:1:1: the file is UTF-16"),
    (
      "print(json(\"f.json\"))", "f.json", Array("{\"a\": \"\\ud800\"}".utf8),
      "f.json:1:8: this is not JSON: half of a surrogate pair"
    ),
    (
      "print(json(\"f.json\"))", "f.json", Array("1 2".utf8),
      "f.json:1:3: this is not JSON: something follows the value"
    ),
    (
      "print(json(\"f.json\"))", "f.json", Array("[[\(String(repeating: "9", count: 39))]]".utf8),
      "f.json:1:3: this is not JSON: the number has more than 38 digits"
    ),
    (
      "print(json(\"f.json\"))", "f.json",
      Array((String(repeating: "[", count: 70) + String(repeating: "]", count: 70)).utf8),
      "f.json:1:65: this is not JSON: nested deeper than 64 levels"
    ),
    ("print(count(json_rows(\"f.json\")))", "f.json", Array("{\"a\": 1}".utf8), "f.json:1:1: the file holds no array"),
    (
      "print(count(json_rows(\"f.json\")))", "f.json", Array("[{\"a\": 1},\n{\"a\" 2}]".utf8),
      "f.json:2:6: this is not JSON: `:` belongs here"
    ),
    ("print(count(json_rows(\"f.json\")))", "f.json", utf16, "f.json:1:1: the file is UTF-16"),
    (
      "print(count(ndjson(\"f.ndjson\")))", "f.ndjson", Array("{\"a\":1}\n{\"é\":}\n".utf8),
      "f.ndjson:2:6: this is not JSON: a value belongs here"
    ),
    (
      "print(count(ndjson(\"f.ndjson\")))", "f.ndjson", Array("1\n[2\n".utf8),
      "f.ndjson:2:3: this is not JSON: `,` or the closing bracket"
    ),
    (
      "print(count(ndjson(\"f.ndjson\")))", "f.ndjson", Array("1 2\n".utf8),
      "f.ndjson:1:3: this is not JSON: something follows"
    ),
    ("print(count(ndjson(\"f.ndjson\")))", "f.ndjson", utf16, "f.ndjson:1:1: the file is UTF-16"),
  ]

  @Test(arguments: refused.indices) func refuses(_ index: Int) async throws {
    let one = Self.refused[index]
    let trial = try await reading(one.program, one.file, one.bytes)
    #expect(trial.outcome == .fault)
    #expect(trial.notes.hasPrefix("error[LIS0351]: \(one.message)"), "\(trial.notes)")
    #expect(trial.notes.contains("= hint: "), "\(trial.notes)")
  }

  static let taken: [(program: String, file: String, text: String, lines: [String])] = [
    (
      "for r in csv(\"f.csv\") { print(r, r.source.line) }", "f.csv", "\u{feff}a,b\r\n\r\n1,\"x\r\ny\"\r\n,\r\n",
      ["{ a: \"1\", b: \"x\\r\\ny\" } 3", "{ a: \"\", b: \"\" } 5"]
    ),
    ("print(list(csv(\"f.csv\", header: [\"a\", \"b\"])))", "f.csv", "1,2\n", ["[{ a: \"1\", b: \"2\" }]"]),
    (
      "print(list(csv(\"f.csv\", separator: \"\\t\")))", "f.csv", "a\tb\n1\t\"2\t3\"\n",
      ["[{ a: \"1\", b: \"2\\t3\" }]"]
    ),
    ("print(list(csv(\"f.csv\")))", "f.csv", "'=a,b\n'+49,'x\n", ["[{ \"=a\": \"+49\", b: \"'x\" }]"]),
    (
      "for r in json(\"f.json\") { print(r, r.source.line) }", "f.json", "\u{feff}[\n{\"a\": 1},\n\n{\"a\":\n2}]",
      ["{ a: 1 } 2", "{ a: 2 } 4"]
    ),
    (
      "for r in json_rows(\"f.json\") { print(r, r.source.line) }", "f.json", " [{\"a\": 1},\n{\"a\": \"]\"}] ",
      ["{ a: 1 } 1", "{ a: \"]\" } 2"]
    ),
    ("print(json_rows(\"f.json\") | count)", "f.json", "[]", ["0"]),
    ("print(json(\"f.json\"))", "f.json", "\u{feff} {\"a\": [1.10]} ", ["{ a: [1.10] }"]),
    (
      "for r in ndjson(\"f.ndjson\") { print(r, r.source.line) }", "f.ndjson",
      "\u{feff}{\"a\":1}\r\n \t\r\n\n{\"a\":2}", ["{ a: 1 } 1", "{ a: 2 } 4"]
    ),
    ("print(ndjson(\"f.ndjson\") | count)", "f.ndjson", "", ["0"]),
  ]

  /// Header of a file, how a program reads a column, and what it gets; nil for the fault that names the columns.
  static let columns: [(header: String, program: String, value: String?)] = [
    ("sku,price", ".price", "2"), ("\u{feff}sku,price", ".sku", "1"), ("\u{feff}\"sku\",price", ".sku", "1"),
    ("sku, price", ".price", nil), ("sku, price", ".[\" price\"]", "2"),
    ("sku,\"unit price\"", ".[\"unit price\"]", "2"),
    ("sku,unit price", ".[\"unit prise\"]", nil), ("sku,Price", ".price", nil), ("sku,price", ".Price ?? 0", nil),
    ("sku,price", "prop(\"prise\")", nil), ("sku,price", "if \"prise\" in . { .prise } else { 0 }", "0"),
    ("sku,source", ".source", "2"), ("sku,price", ".source.line", "2"), ("id,price", ".id", "1"),
    ("sku,price", ".id", nil),
  ]

  @Test(arguments: columns.indices) func columnsAreThoseOfTheHeader(_ index: Int) async throws {
    let one = Self.columns[index]
    let trial = try await reading(
      "print(first(csv(\"f.csv\") | map \(one.program)))", "f.csv", Array("\(one.header)\n1,2\n".utf8))
    if let value = one.value {
      #expect(trial.lines == [value], "\(one.header): \(one.program)\n\(trial.notes)")
    } else {
      #expect(trial.outcome == .fault && trial.notes.hasPrefix("error[LIS0419]: f.csv:2: "), "\(trial.notes)")
      #expect(trial.notes.contains("the columns are \""), "\(trial.notes)")
    }
  }

  /// Two readings of one file under different names of its columns do not answer for each other.
  @Test func eachReadingHasItsOwnColumns() async throws {
    let program = """
      let named = csv("f.csv", header: ["a", "b"])
      print(first(named).b, count(csv("f.csv")), first(csv("f.csv")).x, last(named).a)
      try { first(csv("f.csv")).a } catch e { print(e.code) }
      try { first(named).x } catch e { print(e.code) }
      """
    let trial = try await reading(program, "f.csv", Array("x,y\n1,2\n".utf8))
    #expect(trial.lines == ["y 1 1 1", "LIS0419", "LIS0419"], "\(trial.notes)")
  }

  @Test(arguments: taken.indices) func takes(_ index: Int) async throws {
    let one = Self.taken[index]
    let trial = try await reading(one.program, one.file, Array(one.text.utf8))
    #expect(trial.lines == one.lines, "\(trial.notes)")
  }

  @Test func theHeaderArgumentMustBeNames() async throws {
    for bad in ["1", "[]", "[1]", "\"a\""] {
      let trial = try await reading("print(count(csv(\"f.csv\", header: \(bad))))", "f.csv", Array("1\n".utf8))
      #expect(trial.complaint?.hasPrefix("LIS0") == true && trial.outcome != .done, "\(bad): \(trial.notes)")
    }
  }

  /// More rows than one page and more bytes than one chunk, with long elements across the boundaries.
  @Test func largeArraysAreReadOneByOne() async throws {
    let rows = (0..<3000).map { "{\"n\": \($0), \"t\": \"\(String(repeating: "[é\\\"", count: $0 % 90))\"}" }
    let program = """
      print(count(json_rows("f.json")), sum(json_rows("f.json"), .n), last(list(json_rows("f.json"))).source.line)
      print(list(json_rows("f.json")) == json("f.json"))
      """
    let trial = try await reading(program, "f.json", Array("[\n\(rows.joined(separator: ",\n"))\n]\n".utf8))
    #expect(trial.lines == ["3000 4498500 3001", "true"], "\(trial.notes)")
  }

  /// What is saved in any of the forms that keep values comes back as it was.
  @Test func savedValuesAreReadBack() async throws {
    var generator = SeededGenerator.announced("savedValuesAreReadBack")
    let pieces = [
      "a", "ü", "日", "😀", "=", "'", "-", "+1", "@", "\\n", "\\r", "\\t", ",", ";", "\\\"", "\\\\", " ", "0", "1.10",
      "null",
    ]
    for _ in 0..<12 {
      let rows = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
        let text = { (generator: inout SeededGenerator) in
          (0..<Int.random(in: 0...5, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
            .joined()
        }
        let number = "\(Int.random(in: -999...999, using: &generator)).\(Int.random(in: 0...99, using: &generator))"
        return "{ t: \"\(text(&generator))\", u: \"\(text(&generator))\", n: \(number) }"
      }
      let program = """
        let rows = [\(rows.joined(separator: ", "))]
        rows | save "r.csv"
        rows | save "r.ndjson"
        rows | save "r.json"
        print(list(csv("r.csv") | map { t: .t, u: .u, n: number(.n) }) == rows)
        print(list(ndjson("r.ndjson")) == rows, json("r.json") == rows, list(json_rows("r.json")) == rows)
        """
      let trial = try await reading(program, "unused", [])
      #expect(trial.lines == ["true", "true true true"], "\(program)\n\(trial.notes)")
    }
  }

  @Test func aFieldWithoutAColumnIsNotLost() async throws {
    for name in ["r.csv", "r.tsv", "r.md"] {
      let trial = try await reading("[{ a: 1 }, { a: 2, b: 3 }] | save \"\(name)\"", "unused", [])
      #expect(trial.notes.contains("row 2 has a field `b` for which `\(name)` has no column"), "\(trial.notes)")
      #expect(trial.outcome == .fault)
    }
    let fine = try await reading(
      "[{ a: 1, b: 2 }, { b: 3 }] | save \"r.csv\"\nprint(list(csv(\"r.csv\")))", "unused", [])
    #expect(fine.lines == ["[{ a: \"1\", b: \"2\" }, { a: \"\", b: \"3\" }]"], "\(fine.notes)")
  }

  @Test func textsOfTablesAreEscapedOnce() async throws {
    let program = """
      [{ t: "a\\tb\\nc\\\\", u: "=1", n: -5 }] | save "r.tsv"
      [{ t: "a\\nb|c", u: 1 }] | save "r.md"
      """
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var options = TrialOptions()
    options.folder = folder
    options.workingFolder = folder
    let trial = try await run(program, options)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(try readText(folder + "/r.tsv") == "t\tu\tn\na\\tb\\nc\\\\\t'=1\t-5\n")
    #expect(try readText(folder + "/r.md").contains("| a<br>b\\|c |"))
  }
}
