extension CodePage {
  /// The form of a program: what the lexer and the parser find.
  static let syntax: [CodePage] = [
    CodePage(
      "LIS0001", "a character that has no meaning",
      "Outside of texts and comments a program consists of plain letters, digits, spaces and a few marks.",
      why: "Invisible and foreign characters come from copying; a program that hides them cannot be reviewed.",
      wrong: "let a = 1 § 2", right: "let a = 1 + 2\nprint(a)"),
    CodePage(
      "LIS0002", "a name with letters beyond a-z",
      "Names of variables and functions are made of a-z, A-Z, 0-9 and `_`.",
      why: "Letters that look alike but differ would make two names of one. Texts may hold any letter.",
      wrong: "let größe = 1", right: "let size = 1\nprint(\"Größe ${size}\")"),
    CodePage(
      "LIS0003", "a text without its closing quote",
      "A text that begins with a quote goes on until the same quote.",
      why: "Where a text really ends cannot be guessed. A raw text in single quotes may go over several lines.",
      wrong: "print(\"one)", right: "print(\"one\")"),
    CodePage(
      "LIS0004", "an interpolation without its brace",
      "`${` inside a text in double quotes begins an expression, which ends with `}`.",
      why: "Without the brace the rest of the text would be read as code.",
      wrong: "let name = \"Ann\"\nprint(\"hello ${name\")", right: "let name = \"Ann\"\nprint(\"hello ${name}\")"),
    CodePage(
      "LIS0005", "an unknown escape",
      "Texts in double quotes know \\n \\t \\r \\\" \\\\ \\$ and \\u{HEX}.",
      why:
        "An escape with a typing error would silently write something else into a portal. 'Raw texts' have no escapes.",
      wrong: "print(\"C:\\quotes\")", right: "print('C:\\quotes')"),
    CodePage(
      "LIS0006", "an escape that names no character",
      "`\\u{HEX}` takes one to six hexadecimal digits of a Unicode character.",
      why: "Surrogates and numbers above 10FFFF are no characters and cannot be sent.",
      wrong: "print(\"\\u{110000}\")", right: "print(\"\\u{1F600}\")"),
    CodePage(
      "LIS0007", "an expression is missing",
      "An operator, a bracket or a word was read that needs a value behind it, and none follows.",
      why: "A line that ends with an operator goes on in the next line, so something has to come.",
      wrong: "print(1 + )", right: "print(1 + 2)"),
    CodePage(
      "LIS0008", "a number that is not one",
      "Numbers have digits, at most one point with digits on both sides, and `_` between digits; units of time are s m h d w mo y.",
      why: "Exponents and other bases hide how large an amount is; all digits are written.",
      wrong: "print(1e5)", right: "print(100_000)"),
    CodePage(
      "LIS0009", "a date that is not one",
      "A date is written `@2026-01-31`, a datetime `@2026-01-31T12:00:00Z`, as RFC 3339 says.",
      why: "One order of year, month and day only; a datetime has its zone, since otherwise it is no moment.",
      wrong: "print(@2026-02-30)", right: "print(@2026-02-28)"),
    CodePage(
      "LIS0010", "a mark of another language",
      "The mark is known from other languages, and lis has another word for it or none.",
      why: "Conditions are written in words: `and`, `or`, `not`; there is one way to compare, `==`.",
      wrong: "print(true && false)", right: "print(true and false)"),
    CodePage(
      "LIS0011", "a quote of another kind",
      "Texts stand in \"double\" or 'single' straight quotes.",
      why: "Typographic quotes come from word processors and pages, and backticks from other languages.",
      wrong: "print(“hello”)", right: "print(\"hello\")"),
    CodePage(
      "LIS0012", "a character that only looks like a mark",
      "The character looks like a mark of the language and is another one.",
      why: "Word processors replace a minus or a bracket by a finer one; what is meant has to be typed.",
      wrong: "print(3 − 1)", right: "print(3 - 1)"),
    CodePage(
      "LIS0013", "something has to stand here",
      "A word or a mark belongs at this place, and another was found.",
      why: "Clauses have fixed words, so that they can be read aloud: `at most 5`.",
      wrong: "find where .price > 1 | archive at 5", right: "find where .price > 1 | archive at most 5"),
    CodePage(
      "LIS0014", "a name has to stand here",
      "A variable, a function, a parameter or a loop needs a name, and something else was found.",
      why: "What has no name cannot be used later.",
      wrong: "let = 5", right: "let five = 5\nprint(five)"),
    CodePage(
      "LIS0015", "a word of the language as a name",
      "Words such as `in`, `find` and `match` have a meaning and cannot name a variable.",
      why: "Keys of records and fields of rows may use every word, since they cannot be mistaken.",
      wrong: "let in = 3", right: "let inside = 3\nprint({ in: inside }.in)"),
    CodePage(
      "LIS0016", "a bracket without its partner",
      "A bracket or brace was opened and is not closed where something else already has to stand.",
      why: "The second mark in the message shows where it was opened, which is often where the mistake is.",
      wrong: "print([1, 2)", right: "print([1, 2])"),
    CodePage(
      "LIS0017", "a closing bracket too many",
      "Nothing is open that the bracket could close.",
      why: "Either it is one too many, or the opening one is missing further up.",
      wrong: "print(1))", right: "print(1)"),
    CodePage(
      "LIS0018", "a comma is missing",
      "Elements of lists, entries of records and arguments are separated by commas.",
      why: "Two values in a row are nearly always a forgotten comma or operator.",
      wrong: "print([1 2])", right: "print([1, 2])"),
    CodePage(
      "LIS0019", "a statement that does not end",
      "The statement is complete, and something follows on its line that cannot belong to it.",
      why: "A line end or `;` separates statements; what follows would otherwise be done silently.",
      wrong: "let a = 1 let b = 2", right: "let a = 1; let b = 2\nprint(a + b)"),
    CodePage(
      "LIS0020", "nested too deep",
      "Brackets, blocks or functions stand inside each other deeper than the parser follows.",
      why: "A limit keeps a hostile or generated program from using up the memory of the machine.",
      right: "Give the inner parts names with `let`.", .outside),
    CodePage(
      "LIS0021", "a chain that is too long",
      "One expression has more operators in a row than the parser follows.",
      why: "Such expressions are generated; a list says the same, and can be sent to HubSpot.",
      right: "Write `.p in [a, b, …]` for many values of one field, or give parts names with `let`.", .outside),
    CodePage(
      "LIS0022", "comparisons in a row",
      "`a < b < c` compares the result of the first comparison, which is true or false, with the third value.",
      why: "What people mean is two comparisons; it has to be said.",
      wrong: "print(1 < 2 < 3)", right: "print(1 < 2 and 2 < 3, 2 in 1..3)"),
    CodePage(
      "LIS0023", "`=` in place of `==`",
      "`=` gives a name a value and cannot stand inside of an expression.",
      why: "An assignment where a comparison was meant would change records that nobody chose.",
      wrong: "find where .price = 3", right: "find where .price == 3"),
    CodePage(
      "LIS0024", "only names can be assigned",
      "The left side of `=` is a name that was declared with `var`.",
      why: "Values do not change, so that plans and repeated attempts are safe: make a new record instead.",
      wrong: "var r = { a: 1 }\nr.a = 2", right: "var r = { a: 1 }\nr = { ...r, a: 2 }\nprint(r)"),
    CodePage(
      "LIS0025", "`=` in place of `:`",
      "Keys of records and names of arguments are followed by `:`.",
      why: "`=` declares and assigns and does nothing else.",
      wrong: "print(round(2.345, digits = 2))", right: "print(round(2.345, digits: 2))"),
    CodePage(
      "LIS0026", "a word of another language",
      "The word is known from other languages, and lis has another one for it.",
      why: "One word for one thing keeps programs readable for all who review them.",
      wrong: "if true { print(1) } elif false { print(2) }",
      right: "if true { print(1) } else if false { print(2) }"),
    CodePage(
      "LIS0027", "brackets are needed",
      "`if`, `match` and functions without a name stand in brackets inside of a larger expression.",
      why: "How far they reach to the right could otherwise be read in two ways.",
      wrong: "print(1 + if true { 2 } else { 3 })", right: "print(1 + (if true { 2 } else { 3 }))"),
    CodePage(
      "LIS0028", "not a stage",
      "Behind `|` stands a stage, such as `where` or `sort`, or a function with the rows as its first argument.",
      why: "Stages have words of their own and clauses such as `at most`.",
      wrong: "[{ a: 1 }] | order .a", right: "[{ a: 1 }] | sort .a"),
    CodePage(
      "LIS0029", "a clause that stands twice",
      "`at most`, `on error` and `to` stand once in a stage.",
      why: "Which of two limits is meant cannot be known.",
      wrong: "find where .price > 3 | archive at most 5 at most 6",
      right: "find where .price > 3 | archive at most 5"),
    CodePage(
      "LIS0030", "a clause on a line of its own",
      "`at most`, `on error` and `to` stand on the line of their stage.",
      why: "A line may only begin with `|`, `and`, `or`, `else` or `catch` to go on; otherwise a limit could get lost.",
      wrong: "find where .price > 3 | archive\n  at most 5", right: "find where .price > 3 | archive at most 5"),
    CodePage(
      "LIS0031", "only at the top level",
      "`use`, `param`, `test` and `step` stand at the top level of a file.",
      why: "What a script needs and uses has to be seen without reading its functions.",
      wrong: "fn f() {\n  param pct = 5\n  pct\n}", right: "param pct = 5\nfn f() = pct\nprint(f())"),
    CodePage(
      "LIS0032", "statements where a record stands",
      "A function without a name and an arm of `match` give one expression; a brace there begins a record.",
      why: "Statements belong into functions with names, which can be tested and whose effects can be seen.",
      wrong: "let f = x => { let y = x; return y }", right: "fn f(x) {\n  let y = x\n  y\n}\nprint(f(1))"),
    CodePage(
      "LIS0033", "a field as a key",
      "Keys of records are bare names or texts; `.price` is the value of a row.",
      why: "The key is the property to write, the value is what to write.",
      wrong: "find where .price > 1 | update { .price: 2 } at most 5",
      right: "find where .price > 1 | update { price: 2 } at most 5"),
    CodePage(
      "LIS0034", "a title that is computed",
      "The titles of `step` and `test`, and the module behind `use`, are plain texts.",
      why: "They are read before the program runs.",
      wrong: "let a = 1\nstep \"part ${a}\" { print(a) }", right: "let a = 1\nstep \"part one\" { print(a) }"),
    CodePage(
      "LIS0035", "`_` beside other patterns",
      "`_` takes everything else and stands alone in its arm.",
      why: "Beside it other patterns would do nothing.",
      wrong: "print(match 1 {\n  2, _ => \"a\"\n})", right: "print(match 1 {\n  2 => \"a\"\n  _ => \"b\"\n})"),
    CodePage(
      "LIS0036", "a key without a value",
      "Only a plain name may stand alone in a record: `{ price }` is `{ price: price }`.",
      why: "A key in quotes is the name of no variable.",
      wrong: "print({ \"a b\" })", right: "print({ \"a b\": 1 })"),
    CodePage(
      "LIS0037", "a comma between arms",
      "The arms of `match` are separated by line ends or `;`.",
      why: "A comma separates the patterns of one arm.",
      wrong: "print(match 1 {\n  1 => \"a\",\n  _ => \"b\"\n})",
      right: "print(match 1 {\n  1 => \"a\"\n  _ => \"b\"\n})"),
  ]
}
