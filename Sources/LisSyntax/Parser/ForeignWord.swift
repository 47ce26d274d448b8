/// Words people bring from other languages, and what to write here. Looked at before any guess at a misspelling.
enum ForeignWord {
  /// Names that stand for a value elsewhere; read as that value after the complaint.
  static let values: [String: (word: Word, hint: String)] = [
    "nil": (.null, "a missing value is `null`"),
    "None": (.null, "a missing value is `null`"),
    "NULL": (.null, "a missing value is `null`"),
    "Null": (.null, "a missing value is `null`"),
    "undefined": (.null, "a missing value is `null`"),
    "True": (.true, "write `true`"),
    "TRUE": (.true, "write `true`"),
    "False": (.false, "write `false`"),
    "FALSE": (.false, "write `false`"),
  ]

  /// Words between two values.
  static let operators: [String: (operator: BinaryOperator, hint: String)] = [
    "AND": (.and, "write `and`"),
    "OR": (.or, "write `or`"),
    "IN": (.isIn, "write `in`"),
    "is": (.equal, "write `==`; `.p == null` asks for a missing value"),
    "IS": (.equal, "write `==`; `.p == null` asks for a missing value"),
    "is not": (.notEqual, "write `!=`; `.p != null` asks for a value that is there"),
    "eq": (.equal, "write `==`"),
    "ne": (.notEqual, "write `!=`"),
    "LIKE": (.contains, "write `contains`, `startswith`, `endswith` or `matches`"),
    "like": (.contains, "write `contains`, `startswith`, `endswith` or `matches`"),
    "includes": (.contains, "write `contains` for texts, `x in list` for lists"),
    "mod": (.remainder, "write `%`"),
  ]

  /// Words at the beginning of a statement or in its middle.
  static let statements: [String: String] = [
    "function": "a function is `fn name(a, b) = …` or `fn name(a, b) { … }`",
    "def": "a function is `fn name(a, b) = …` or `fn name(a, b) { … }`",
    "func": "a function is `fn name(a, b) = …` or `fn name(a, b) { … }`",
    "fun": "a function is `fn name(a, b) = …` or `fn name(a, b) { … }`",
    "const": "write `let x = …`; `var` may be assigned again",
    "elif": "write `else if`",
    "elsif": "write `else if`",
    "elseif": "write `else if`",
    "while": "there is no `while`; go over rows with `for x in list { … }` or `each`",
    "foreach": "write `for x in list { … }`",
    "loop": "write `for x in list { … }`",
    "do": "a block stands in `{ … }`",
    "then": "a block stands in `{ … }`: `if a { b } else { c }`",
    "end": "a block stands in `{ … }`",
    "switch": "write `match value { \"a\" => 1 … _ => 0 }`",
    "case": "write `match value { \"a\" => 1 … _ => 0 }`",
    "default": "the arm for everything else is `_ => …`",
    "import": "write `use \"./file.lis\" as name`",
    "from": "write `find` with the object type, or `use \"./file.lis\" as name`",
    "require": "write `use \"./file.lis\" as name`; `require(condition, text)` checks a condition",
    "throw": "write `fail_with(\"…\")`",
    "raise": "write `fail_with(\"…\")`",
    "except": "write `try { … } catch e { … }`",
    "finally": "there is no `finally`; statements after the `try` run in both cases once the error is caught",
    "assert": "write `require(condition, \"…\")`, or `expect condition` in a test",
    "class": "there are no classes; use records and functions",
    "async": "nothing is to be awaited; requests are made when their rows are needed",
    "await": "nothing is to be awaited; requests are made when their rows are needed",
    "lambda": "a lambda is `x => …` or `(a, b) => …`",
    "print": "write `print(…)` with brackets",
    "echo": "write `print(…)`",
    "puts": "write `print(…)`",
    "unless": "write `if not … { … }`",
    "SELECT": "rows come from `find where …`, columns are chosen by `| select .a, .b`",
    "select": "rows come from `find where …`, columns are chosen by `| select .a, .b`",
    "UPDATE": "write `find where … | update { name: value }`",
    "update": "write `find where … | update { name: value }`",
    "DELETE": "write `find where … | archive`",
    "delete": "write `find where … | archive`",
    "INSERT": "write `create { name: value }`",
    "insert": "write `create { name: value }`",
    "FROM": "rows come from `find where …`",
    "WHERE": "write `where` in small letters",
    "NOT": "write `not` in small letters",
    "xor": "write `a != b` for two conditions",
    "instanceof": "there are no classes",
    "between": "write `x in a..b`; both ends are included",
    "BETWEEN": "write `x in a..b`; both ends are included",
    "mutable": "write `var x = …`",
    "mut": "write `var x = …`",
  ]

  /// Heads of stages.
  static let stages: [String: Word] = [
    "filter": .where, "WHERE": .where, "when": .where, "having": .where, "limit": .take, "LIMIT": .take,
    "head": .take, "first": .take, "top": .take, "offset": .skip, "drop": .skip, "order": .sort, "orderby": .sort,
    "order_by": .sort, "sortby": .sort, "sort_by": .sort, "ORDER": .sort, "project": .select, "columns": .select,
    "pick": .select, "SELECT": .select, "set": .update, "modify": .update, "change": .update, "patch": .update,
    "UPDATE": .update, "delete": .archive, "DELETE": .archive, "remove": .archive, "insert": .create,
    "INSERT": .create, "add": .create, "link": .associate, "unique": .distinct, "uniq": .distinct,
    "dedup": .distinct, "groupby": .group, "group_by": .group, "GROUP": .group, "foreach": .each,
    "for_each": .each, "write": .save, "export": .save, "into": .save, "transform": .map, "extend": .map,
  ]

  /// How a function is declared elsewhere.
  static let functionWords: Set<String> = ["function", "def", "func", "fun"]
  static let elseIfWords: Set<String> = ["elif", "elsif", "elseif"]
}
