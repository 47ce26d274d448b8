import LisSyntax
import Testing

/// Every alternative of every production of the grammar has a program in the corpus that uses it.
@Suite struct GrammarCoverageTests {
  /// A production, one of its alternatives, and what the tree of a program that uses it shows. Where the tree has no
  /// trace, as of a `;`, what its text shows.
  struct Row: Sendable, CustomTestStringConvertible {
    var production: String
    var alternative: String
    var tree: String = ""
    var text: String = ""

    var testDescription: String { "\(production): \(alternative)" }

    init(_ production: String, _ alternative: String, _ tree: String = "", text: String = "") {
      self.production = production
      self.alternative = alternative
      self.tree = tree
      self.text = text
    }
  }

  static let items: [Row] = [
    Row("program", "nothing but comments and items", "(let "), Row("end", ";", text: "; "),
    Row("item", "use", "(use "), Row("item", "param", "(param "), Row("item", "fn", "(fn "),
    Row("item", "test", "(test "), Row("item", "step", "(step "), Row("item", "statement", "(call print"),
    Row("use", "a file", "(use \""), Row("use", "as", " as "), Row("param", "with a type", ":number"),
    Row("param", "without a type", text: "param x\n"), Row("param", "with a default", "(param pct:number=5"),
    Row("fn", "= pipeline", ") (| "), Row("fn", "block", ") {"), Row("fn", "with a result type", "):number "),
    Row("fn", "no parameters", " () "), Row("par", "with a type", "(n:number"),
    Row("par", "with a default", "=(* a 2)"),
    Row("par", "row", "by:row"), Row("type", "fn", ":fn"), Row("type", "null", text: ": null"),
    Row("block", "a function inside", "{(fn "), Row("block", "empty", "{}"),
    Row("statement", "let", "(let "), Row("statement", "var", "(var "), Row("statement", "assignment", "(= "),
    Row("statement", "for", "(for "), Row("statement", "return", "(return)"),
    Row("statement", "return with a value", "(return "), Row("statement", "break", "(break)"),
    Row("statement", "continue", "(continue)"), Row("statement", "try", "(try "),
    Row("statement", "expect", "(expect "), Row("statement", "given", "(given "),
  ]

  static let pipelines: [Row] = [
    Row("pipeline", "plan", "(plan "), Row("pipeline", "stages", "(| "),
    Row("source", "find", "(find where"), Row("source", "find all", "(find all"),
    Row("source", "find of a type", "(find deals where"), Row("source", "find all of a type", "(find all deals"),
    Row("source", "create", text: "\ncreate "), Row("source", "upsert", text: "\nupsert "),
    Row("stage", "where", "(where "), Row("stage", "take", "(take "), Row("stage", "skip", "(skip "),
    Row("stage", "map", "(map "), Row("stage", "save", "(save "), Row("stage", "distinct", "(distinct)"),
    Row("stage", "distinct by", "(distinct .k"), Row("stage", "select", "(select "), Row("stage", "sort", "(sort)"),
    Row("stage", "sort by", "(sort ."), Row("stage", "group by", "(group "), Row("stage", "each", "(each {"),
    Row("stage", "each with a name", "(each x {"), Row("stage", "create", "(create "),
    Row("stage", "upsert", "(upsert by"), Row("stage", "update", "(update (record"),
    Row("stage", "archive", "(archive"),
    Row("stage", "associate", "(associate to"), Row("stage", "a function", "(do count)"),
    Row("stage", "a function with arguments", "(do top "), Row("stage", "a function of a module", "(do shapes."),
    Row("target", "to", " to deal"), Row("guard", "at most", " at-most "),
    Row("column", "with a name", " line:"), Row("column", "without a name", "(select .a"),
    Row("order", "desc", " desc"), Row("order", "asc", text: " asc"), Row("order", "several", "(sort .k .n desc"),
  ]

  static let expressions: [Row] = [
    Row("expr", "lambda of one", "(lambda (x)"), Row("expr", "lambda of several", "(lambda (a b)"),
    Row("expr", "lambda of none", "(lambda ()"), Row("expr", "if", "(if "), Row("expr", "match", "(match "),
    Row("ifexpr", "else", "} {"), Row("ifexpr", "else if", "{(if "), Row("arm", "_", "(_ =>"),
    Row("arm", "a range", "((.. "), Row("arm", "several", "(2 3 =>"), Row("or", "or", "(or "),
    Row("and", "and", "(and "),
    Row("not", "not", "(not "), Row("coalesce", "??", "(?? "), Row("range", "..", "(.. "), Row("sum", "+", "(+ "),
    Row("sum", "-", "(- a b)"), Row("product", "*", "(* "), Row("product", "/", "(/ "), Row("product", "%", "(% "),
    Row("unary", "-", "(- (member r"), Row("unary", "member", "(member "), Row("unary", "call", "(call "),
    Row("unary", "index", "(index "), Row("primary", "NUMBER", "(let a 1)"), Row("primary", "DURATION", text: "12mo"),
    Row("primary", "DATE", "@2026-"), Row("primary", "STRING", "\"a\""), Row("primary", "interpolation", "(text "),
    Row("primary", "true", "true"), Row("primary", "false", "false"), Row("primary", "null", "null"),
    Row("primary", "FIELD", ".price"), Row("primary", ".", "(map (* . "), Row("primary", "NAME", "(call f "),
    Row("primary", "list", "["), Row("primary", "record", "(record"), Row("primary", "pipeline", "(call print (| "),
    Row("element", "spread", "[..."), Row("entry", "NAME", "(record a:"), Row("entry", "STRING", "(record \"\":"),
    Row("entry", "short", "(record name "), Row("entry", "spread", "(record ..."), Row("args", "none", "(call f)"),
    Row("args", "named", " a:1"), Row("args", "a pipeline", "(call count (| "),
  ]

  static let comparisons: [Row] = [
    "==", "!=", "<", "<=", ">", ">=", "=~", "in", "not in", "contains", "has", "startswith", "endswith", "matches",
  ].map { Row("cmp", $0, "(\($0) ") }

  static let corpus: [(tree: String, text: String)] = LanguageProgram.all().compactMap { program in
    let parsed = parse(SourceText(name: program.name, text: program.text))
    return parsed.diagnostics.isEmpty ? (dump(parsed.program), program.text) : nil
  }

  @Test(arguments: items + pipelines + expressions + comparisons)
  func hasPrograms(_ row: Row) {
    let found = GrammarCoverageTests.corpus.contains { program in
      !row.tree.isEmpty && program.tree.contains(row.tree) || !row.text.isEmpty && program.text.contains(row.text)
    }
    #expect(found, "no program shows \(row.tree)\(row.text)")
  }

  @Test func theCorpusIsLarge() { #expect(LanguageProgram.all().count >= 640) }
}
