import Testing

/// A script made to bring lis down, with the clean end it has to come to.
struct HostileScript: Sendable, CustomTestStringConvertible {
  /// How a run may end.
  enum End: Sendable {
    /// A diagnostic with this code before anything ran: exit 65.
    case refused(String)
    /// A fault with this code: exit 1.
    case fault(String)
    /// It runs, and its last line of output begins like this.
    case runs(String)
    /// It never ends by itself and is interrupted: exit 130.
    case interrupted
  }

  var name: String
  var end: End
  /// Run in the script's folder before, by the system's shell.
  var setup: String
  var makeText: @Sendable () -> String
  /// Kilobytes of addresses that the run may have, of which it touches a part.
  var addresses = 6_291_456

  init(_ name: String, _ end: End, setup: String = "", _ makeText: @autoclosure @escaping @Sendable () -> String) {
    self.name = name
    self.end = end
    self.setup = setup
    self.makeText = makeText
  }

  /// The same with less memory, for data that must not be kept.
  private var inLittleMemory: HostileScript {
    var script = self
    script.addresses = 600_000
    return script
  }

  var testDescription: String { name }

  static let all = nests + chains + recursions + sizes + patterns + modules + files + characters + bulk + endless

  // MARK: Nesting

  private static func nested(_ before: String, _ middle: String = "1", _ after: String = "") -> String {
    String(repeating: before, count: 100_000) + middle + String(repeating: after, count: 100_000)
  }

  static let nests: [HostileScript] = [
    HostileScript("brackets", .refused("LIS0020"), "print(" + nested("(", "1", ")") + ")"),
    HostileScript("lists", .refused("LIS0020"), "print(" + nested("[", "1", "]") + ")"),
    HostileScript("records", .refused("LIS0020"), "print(" + nested("{ a: ", "1", " }") + ")"),
    HostileScript("blocks", .refused("LIS0020"), nested("if true { ", "print(1)", " }")),
    HostileScript("loops", .refused("LIS0020"), nested("for i in 1..1 {\n", "print(1)", "\n}")),
    HostileScript("functions", .refused("LIS0020"), nested("fn f() {\n", "1", "\n}")),
    HostileScript("tries", .refused("LIS0020"), nested("try { ", "1", " } catch e { 2 }")),
    HostileScript("matches", .refused("LIS0020"), "let x = " + nested("match 1 { 1 => ", "1", "\n}")),
    HostileScript("nots", .refused("LIS0021"), "print(" + nested("not ", "true") + ")"),
    HostileScript("minuses", .refused("LIS0021"), "print(" + nested("- ") + ")"),
    HostileScript("interpolations", .refused("LIS0020"), "print(" + nested("\"${", "1", "}\"") + ")"),
    HostileScript("lambdas", .refused("LIS0020"), "let f = " + nested("x => ")),
    HostileScript("calls", .refused("LIS0020"), "fn f(x) = x\nprint(" + nested("f(", "1", ")") + ")"),
    HostileScript("indexes", .refused("LIS0020"), "let a = [0]\nprint(" + nested("a[", "0", "]") + ")"),
    HostileScript("spreads", .refused("LIS0020"), "print(" + nested("[...", "[]", "]") + ")"),
    HostileScript("eaches", .refused("LIS0020"), nested("[1] | each {\n", "print(.)", "\n}")),
    HostileScript("unclosed brackets", .refused("LIS0020"), nested("(")),
    HostileScript("closers alone", .refused("LIS0017"), nested(")", "")),
  ]

  private static func repeated(_ part: String, _ count: Int = 100_000) -> String {
    String(repeating: part, count: count)
  }

  static let chains: [HostileScript] = [
    HostileScript("else if", .refused("LIS0021"), repeated("if false { 1 } else ") + "{ 2 }"),
    HostileScript("sum", .refused("LIS0021"), "print(1" + repeated(" + 1") + ")"),
    HostileScript("and", .refused("LIS0021"), "print(true" + repeated(" and true") + ")"),
    HostileScript("coalesce", .refused("LIS0021"), "print(null" + repeated(" ?? null") + ")"),
    HostileScript("members", .refused("LIS0021"), "let r = {}\nprint(r" + repeated(".a") + ")"),
    HostileScript("calls in a row", .refused("LIS0021"), "fn f() = f\nprint(f" + repeated("()") + ")"),
    HostileScript("stages", .refused("LIS0160"), "print([1]" + repeated(" | take 1") + ")"),
  ]

  // MARK: Recursion

  static let recursions: [HostileScript] = [
    HostileScript("direct", .fault("LIS0411"), "fn f(n) = f(n + 1) + 1\nf(1)"),
    HostileScript("mutual", .fault("LIS0411"), "fn a(n) = b(n) + 1\nfn b(n) = a(n) + 1\na(1)"),
    HostileScript("through map", .fault("LIS0411"), "fn f(n) = list([n] | map f(. + 1))\nf(1)"),
    HostileScript("through sort", .fault("LIS0411"), "fn f(n) = list([n, n] | sort f(. + 1))\nf(1)"),
    HostileScript("through distinct", .fault("LIS0411"), "fn f(n) = list([n, n] | distinct f(. + 1))\nf(1)"),
    HostileScript("through each", .fault("LIS0411"), "fn f(n) { [n] | each x { f(x) } }\nf(1)"),
    HostileScript("through a default", .fault("LIS0411"), "fn f(a = f()) = a\nf()"),
    HostileScript("through interpolation", .fault("LIS0411"), "fn f(n) = \"${f(n)}\"\nf(1)"),
    HostileScript("through a row parameter", .fault("LIS0411"), "fn f(rows, by: row) = f(rows, by(.))\nf([1], .)"),
    HostileScript("a closure of itself", .fault("LIS0411"), "var f = null\nf = n => f(n + 1)\nf(1)"),
    HostileScript("the Y combinator", .fault("LIS0411"), "let y = g => g(g)\ny(y)"),
    HostileScript("through a stream of itself", .fault("LIS0411"), "fn s() = [1] | map first(s())\nprint(first(s()))"),
    HostileScript(
      "growing arguments", .fault("LIS0411"), "fn f(xs, n) = f([...xs, n], n + 1) + 1\nprint(f([], 1))"),
    HostileScript("a printed cycle", .runs("<fn"), "var f = null\nf = () => [f, { f }]\nprint(\"${f}\")"),
  ]

  // MARK: Sizes

  private static let deepList = "var x = []\nfor i in 1..1000000 { x = [x] }\n"
  private static let dense = "var x = [1]\nfor i in 1..100 { x = [x, x] }\n"

  static let sizes: [HostileScript] = [
    HostileScript("text doubling", .fault("LIS0412"), "var t = \"ab\"\nfor i in 1..100 { t = t + t }"),
    HostileScript(
      "exponential interpolation", .fault("LIS0412"), "var t = \"ab\"\nfor i in 1..100 { t = \"${t}${t}\" }"),
    HostileScript(
      "replacing with more", .fault("LIS0412"),
      "var t = \"a\"\nvar u = \"a\"\nfor i in 1..10 { u = u + u }\nfor i in 1..100 { t = replace(t, \"a\", u) }"),
    HostileScript(
      "joining", .fault("LIS0412"),
      "let t = join(map(1..1000, n => \"0123456789\"), \"\")\nprint(length(join(map(1..10000, n => t), t)))"),
    HostileScript("list doubling", .fault("LIS0412"), "var xs = [1, 2]\nfor i in 1..100 { xs = xs + xs }"),
    HostileScript("list spreading", .fault("LIS0412"), "var xs = [1, 2]\nfor i in 1..100 { xs = [...xs, ...xs] }"),
    HostileScript("a sort of everything", .interrupted, "print((1..1000000000000) | sort . | first)"),
    HostileScript("number doubling", .fault("LIS0402"), "var n = 2\nfor i in 1..1000 { n = n * n }"),
    HostileScript("a duration beyond all years", .fault("LIS0403"), "var d = 1y\nfor i in 1..1000 { d = d + d }"),
    HostileScript("deep list printed", .runs("[[[["), deepList + "print(x)"),
    HostileScript("deep list shown", .fault("LIS0412"), deepList + "x"),
    HostileScript("deep list compared", .runs("true"), deepList + "let y = [x]\nprint([y] == [[x]])"),
    HostileScript(
      "deep lists compared", .runs("true"), deepList + "let y = x\n" + deepList.dropFirst(4) + "print(x == y)"),
    HostileScript("deep list saved", .fault("LIS0412"), deepList + "[{ a: x }] | save \"out.ndjson\""),
    HostileScript("deep list distinct", .runs("1"), deepList + "print([x, x] | distinct | count)"),
    HostileScript("deep list in a text", .runs("131"), deepList + "print(length(\"${x}\"))"),
    HostileScript(
      "deep record", .runs("{ r: {"), "var r = {}\nfor i in 1..1000000 { r = { r } }\nprint(r)"),
    HostileScript("shared list shown", .fault("LIS0412"), dense + "x"),
    HostileScript("shared list in a text", .fault("LIS0412"), dense + "print(length(\"${x}\"))"),
    HostileScript("shared list saved", .fault("LIS0412"), dense + "[{ a: x }] | save \"out.ndjson\""),
    HostileScript(
      "shared list looked for", .runs("true"),
      dense + "print(x in [[x, 1]])\nlet y = x\n" + dense.dropFirst(4) + "print(x == y)"),
    HostileScript("shared list distinct", .interrupted, dense + "print([x] | distinct | count)"),
    HostileScript(
      "deep closures", .runs("1000000"), "var f = null\nfor i in 1..1000000 { let g = f\nf = () => g }\nprint(1000000)"),
  ]

  // MARK: Patterns

  static let patterns: [HostileScript] = [
    HostileScript(
      "catastrophic pattern", .runs("false"),
      "var t = \"a\"\nfor i in 1..16 { t = t + t }\nprint((t + \"b\") matches \"^(a+)+$\")"),
    HostileScript(
      "nested stars", .runs("false"),
      "var t = \"a\"\nfor i in 1..14 { t = t + t }\nprint((t + \"b\") matches \"^(((a*)*)*)*$\")"),
    HostileScript("deep pattern", .fault("LIS0416"), "print(\"a\" matches \"" + nested("(", "a", ")") + "\")"),
    HostileScript("counted pattern", .fault("LIS0416"), "print(\"a\" matches \"((a{999}){999}){999}\")"),
    HostileScript(
      "long pattern", .fault("LIS0416"),
      "var p = \"a?\"\nfor i in 1..20 { p = p + p }\nprint(\"b\" matches p)"),
    HostileScript("unfinished pattern", .fault("LIS0416"), "print(\"a\" matches \"[a-\")"),
  ]

  // MARK: Modules

  static let modules: [HostileScript] = [
    HostileScript(
      "a circle of modules", .refused("LIS0171"),
      setup: "printf 'use \"./b.lis\"\\n' >a.lis; printf 'use \"./a.lis\"\\n' >b.lis", "use \"./a.lis\"\nprint(1)"),
    HostileScript("a module of itself", .refused("LIS0171"), "use \"./script.lis\" as me\nprint(1)"),
    HostileScript(
      "a thousand modules deep", .refused("LIS0171"),
      setup:
        "i=0; while [ $i -lt 1000 ]; do printf 'use \"./m%d.lis\"\\n' $((i+1)) >m$i.lis; i=$((i+1)); done; : >m1000.lis",
      "use \"./m0.lis\"\nprint(1)"),
    HostileScript("a module above", .refused("LIS0170"), "use \"../../home/x.lis\""),
    HostileScript("a module from the root", .refused("LIS0170"), "use \"/etc/passwd\" as p"),
    HostileScript("a folder as module", .refused("LIS0170"), setup: "mkdir m.lis", "use \"./m.lis\""),
    HostileScript("a pipe as module", .refused("LIS0170"), setup: "mkfifo m.lis", "use \"./m.lis\""),
    HostileScript("a link out as module", .refused("LIS0170"), setup: "ln -s /etc/passwd m.lis", "use \"./m.lis\""),
    HostileScript("a link to itself as module", .refused("LIS0170"), setup: "ln -s m.lis m.lis", "use \"./m.lis\""),
    HostileScript("a device as module", .refused("LIS0170"), setup: "ln -s /dev/zero m.lis", "use \"./m.lis\""),
    HostileScript(
      "bytes as module", .refused("LIS0170"), setup: "head -c 100000 /dev/urandom >m.lis", "use \"./m.lis\""),
  ]

  // MARK: Files

  static let files: [HostileScript] = [
    HostileScript("csv above", .fault("LIS0350"), "print(count(csv(\"../../../etc/passwd\")))"),
    HostileScript("csv from the root", .fault("LIS0350"), "print(count(csv(\"/etc/passwd\")))"),
    HostileScript(
      "csv through a link", .fault("LIS0350"), setup: "ln -s /etc/passwd a.csv", "print(count(csv(\"a.csv\")))"),
    HostileScript(
      "csv through a linked folder", .fault("LIS0350"), setup: "ln -s /etc d", "print(count(csv(\"d/passwd\")))"),
    HostileScript("csv of a folder", .fault("LIS0350"), setup: "mkdir a.csv", "print(count(csv(\"a.csv\")))"),
    HostileScript("csv of a pipe", .fault("LIS0350"), setup: "mkfifo a.csv", "print(count(csv(\"a.csv\")))"),
    HostileScript("csv of a device", .fault("LIS0350"), setup: "ln -s /dev/zero a.csv", "print(count(csv(\"a.csv\")))"),
    HostileScript("csv with NUL", .fault("LIS0350"), "print(count(csv(\"a.csv\\u{0}/../b\")))"),
    HostileScript("csv without a name", .fault("LIS0350"), "print(count(csv(\"\")))"),
    HostileScript("csv with a long name", .fault("LIS0350"), "print(count(csv(\"" + repeated("a") + "\")))"),
    HostileScript(
      "csv of one open quote", .fault("LIS0351"),
      setup: "(printf 'a\\n\"'; head -c 10000000 /dev/zero | tr '\\0' x) >a.csv",
      "print(count(csv(\"a.csv\")))"
    ).inLittleMemory,
    HostileScript(
      "csv of one cell of ten megabytes", .fault("LIS0351"),
      setup: "(echo a; head -c 10000000 /dev/zero | tr '\\0' x; echo) >a.csv", "print(count(csv(\"a.csv\")))"
    ).inLittleMemory,
    HostileScript(
      "csv of a name of ten megabytes", .fault("LIS0351"),
      setup: "(head -c 10000000 /dev/zero | tr '\\0' x; echo) >a.csv", "print(count(csv(\"a.csv\")))"
    ).inLittleMemory,
    HostileScript(
      "csv of nothing but separators", .fault("LIS0351"),
      setup: "head -c 10000000 /dev/zero | tr '\\0' , >a.csv", "print(count(csv(\"a.csv\")))"
    ).inLittleMemory,
    HostileScript(
      "csv of a hundred megabytes with a hole", .fault("LIS0351"), setup: "echo a >a.csv; truncate -s 100M a.csv",
      "print(count(csv(\"a.csv\")))"
    ).inLittleMemory,
    HostileScript(
      "csv of a hundred megabytes with a quote open at its end", .fault("LIS0351"),
      setup: "echo a >a.csv; yes $(head -c 1000 /dev/zero | tr '\\0' x) | head -n 100000 >>a.csv; printf '\"x' >>a.csv",
      "print(count(csv(\"a.csv\")))"
    ).inLittleMemory,
    HostileScript(
      "json with a hole", .fault("LIS0351"), setup: "printf '[1,' >a.json; truncate -s 100M a.json",
      "print(json(\"a.json\"))"),
    HostileScript(
      "json of a sparse gigabyte", .fault("LIS0351"), setup: "printf '[1,' >a.json; truncate -s 1G a.json",
      "print(json(\"a.json\"))"),
    HostileScript(
      "json_rows of one endless text", .fault("LIS0351"),
      setup: "(printf '[\"'; head -c 40000000 /dev/zero | tr '\\0' x) >a.json", "print(count(json_rows(\"a.json\")))"
    ).inLittleMemory,
    HostileScript(
      "ndjson of one endless line", .fault("LIS0351"),
      setup: "head -c 40000000 /dev/zero | tr '\\0' x >a.ndjson", "print(count(ndjson(\"a.ndjson\")))"
    ).inLittleMemory,
    HostileScript(
      "ndjson that is not UTF-8", .fault("LIS0351"), setup: "printf '{\"a\":\"\\377\"}\\n' >a.ndjson",
      "print(list(ndjson(\"a.ndjson\")))"
    ).inLittleMemory,
    HostileScript(
      "ndjson with NUL", .fault("LIS0351"), setup: "printf '{\"a\":\\0001}\\n' >a.ndjson",
      "print(list(ndjson(\"a.ndjson\")))"
    ).inLittleMemory,
    HostileScript(
      "json of more forms than there may be", .fault("LIS0351"),
      setup: "(printf '[0'; seq 1 600000 | sed 's/.*/,{\"k&\":1}/'; printf ']') >a.json",
      "print(count(json(\"a.json\")))"),
    HostileScript(
      "csv of many columns", .fault("LIS0351"), setup: "seq -s, 1 1000000 >a.csv; seq -s, 1 1000000 >>a.csv",
      "print(count(csv(\"a.csv\")))"
    ).inLittleMemory,
    HostileScript(
      "csv that is not UTF-8", .fault("LIS0351"), setup: "printf 'a\\n\\377\\376\\n' >a.csv",
      "print(list(csv(\"a.csv\")))"
    ).inLittleMemory,
    HostileScript(
      "json a million deep", .fault("LIS0351"), setup: "head -c 1000000 /dev/zero | tr '\\0' '[' >a.json",
      "print(json(\"a.json\"))"),
    HostileScript(
      "json of a huge number", .fault("LIS0351"), setup: "head -c 1000000 /dev/zero | tr '\\0' 9 >a.json",
      "print(json(\"a.json\"))"
    ).inLittleMemory,
    HostileScript(
      "ndjson of a pipe", .fault("LIS0350"), setup: "mkfifo a.ndjson", "print(count(ndjson(\"a.ndjson\")))"),
    HostileScript("save above", .fault("LIS0350"), "[{ a: 1 }] | save \"../../out.csv\""),
    HostileScript("save to the root", .fault("LIS0350"), "[{ a: 1 }] | save \"/tmp/lis-hostile-out.csv\""),
    HostileScript(
      "save through a link", .fault("LIS0350"), setup: "ln -s /etc/passwd a.csv", "[{ a: 1 }] | save \"a.csv\""),
    HostileScript("save to a folder", .fault("LIS0350"), setup: "mkdir a.csv", "[{ a: 1 }] | save \"a.csv\""),
    HostileScript("save with NUL", .fault("LIS0350"), "[{ a: 1 }] | save \"a\\u{0}b.csv\""),
  ]

  // MARK: Characters

  static let characters: [HostileScript] = [
    HostileScript("control characters", .refused("LIS0001"), repeated("\u{1}\u{2}\u{7F}", 1000)),
    HostileScript("escapes of a terminal", .refused("LIS0001"), "print(1)\u{1B}[2J\u{1B}]0;title\u{7}"),
    HostileScript("bidi marks", .refused("LIS0001"), "let a\u{202E} = 1"),
    HostileScript("zero width", .refused("LIS0001"), "let a\u{200B}b = 1"),
    HostileScript("byte order mark inside", .refused("LIS0001"), "let a = \u{FEFF}1"),
    HostileScript("NUL inside", .refused("LIS0001"), "let a = \u{0} 1"),
    HostileScript("carriage returns alone", .refused("LIS0001"), "let a = 1\rlet b = 2\r"),
    HostileScript("combining marks", .refused("LIS0002"), "let e" + repeated("\u{301}") + " = 1"),
    HostileScript("letters of every kind", .refused("LIS0002"), "let имя = 1"),
  ]

  // MARK: Bulk

  static let bulk: [HostileScript] = [
    HostileScript("a name of a megabyte", .runs("1"), "let " + repeated("a", 1_000_000) + " = 1\nprint(1)"),
    HostileScript("an unknown name of a megabyte", .refused("LIS0101"), "print(" + repeated("a", 1_000_000) + ")"),
    HostileScript("a number of a megabyte", .refused("LIS0161"), "print(" + repeated("9", 1_000_000) + ")"),
    HostileScript("a text of a megabyte", .runs("1000000"), "print(length(\"" + repeated("a", 1_000_000) + "\"))"),
    HostileScript("a comment of a megabyte", .runs("1"), "#" + repeated("a", 1_000_000) + "\nprint(1)"),
    HostileScript("a million empty statements", .runs("done"), repeated(";", 999_999) + "print(\"done\")"),
    HostileScript("a hundred thousand statements", .runs("done"), repeated("null\n") + "print(\"done\")"),
    HostileScript(
      "ten thousand parameters", .refused("LIS0160"),
      "fn f(" + (0..<10_000).map { "p\($0)" }.joined(separator: ", ") + ") = 1\nprint(f)"),
    HostileScript("ten thousand arguments", .refused("LIS0160"), "print(" + repeated("1, ", 10_000) + "1)"),
    HostileScript(
      "ten thousand names", .refused("LIS0160"), (0..<10_000).map { "let n\($0) = \($0)" }.joined(separator: "\n")),
    HostileScript("a hundred thousand unknown names", .refused("LIS0101"), repeated("print(x)\n")),
    HostileScript("a hundred thousand mistakes", .refused("LIS0007"), repeated("let x = )\n")),
    HostileScript("a hundred thousand open texts", .refused("LIS0003"), repeated("\"\n", 100_001)),
  ]

  // MARK: Endless

  static let endless: [HostileScript] = [
    HostileScript("an endless loop", .interrupted, "for i in 1..1000000000000 { let x = i }"),
    HostileScript("an endless stream", .interrupted, "print(count((1..1000000000000) | where . < 0))"),
    HostileScript("an endless sum", .interrupted, "print(sum(1..1000000000000, x => x * 2))"),
    HostileScript(
      "tries inside each other", .interrupted, "fn f() { try { f() } catch e { f() } }\nf()"),
    HostileScript(
      "garbage for ever", .interrupted, "for i in 1..1000000000000 { let x = [i, \"${i}\", { a: [i] }] }"),
    HostileScript(
      "two calls from each", .interrupted, "fn f(n) = if n == 0 { 1 } else { f(n - 1) + f(n - 1) }\nprint(f(1000))"),
  ]
}
