extension CodePage {
  /// Names, calls and effects: what the resolver finds.
  static let names: [CodePage] = [
    CodePage(
      "LIS0101", "an unknown name", "No variable, parameter or function of this name is known at this place.",
      why:
        "A name is known from its declaration to the end of its block. A bare name is never a property: that is `.name`.",
      wrong: "let floor = 5\nprint(flor)", right: "let floor = 5\nprint(floor)"),
    CodePage(
      "LIS0102", "an unknown function", "No function of this name is known at this place.",
      why: "All functions are looked up before anything runs, so that a typing error costs no request.",
      wrong: "prnt(1)", right: "print(1)"),
    CodePage(
      "LIS0103", "declared twice", "The name is declared a second time in the same block.",
      why: "Lines between the two would mean the one or the other. An inner block may use the name again.",
      wrong: "let a = 1\nlet a = 2\nprint(a)", right: "var a = 1\na = 2\nprint(a)"),
    CodePage(
      "LIS0104", "a key that stands twice",
      "A record has each key once, and so have the columns of `select` and `group by`.",
      why: "One of the two values would silently be lost.",
      wrong: "print({ x: 1, x: 2 })", right: "print({ x: 1, y: 2 })"),
    CodePage(
      "LIS0105", "a field without a row", "`.price` and `.` mean the current row, and here is none.",
      why: "Rows exist in stages and in the arguments of functions on rows. A function has to be given its row.",
      wrong: "fn total() = .price * 2", right: "fn total(row) = row.price * 2\nprint(total({ price: 3 }))"),
    CodePage(
      "LIS0106", "this cannot be assigned",
      "Only names declared with `var` can be assigned; parameters, loop variables and functions cannot.",
      why: "What does not change can be read anywhere without looking for the place that changes it.",
      wrong: "let a = 1\na = 2", right: "var a = 1\na = 2\nprint(a)"),
    CodePage(
      "LIS0107", "an assignment on rows", "An expression on rows cannot assign a variable.",
      why: "It may run never, once or many times, here or at HubSpot. `each` runs once for each row.",
      wrong: "var n = 0\nlet s = [1, 2] | map (if true { n = 1; 2 } else { 3 })\nprint(list(s))",
      right: "var n = 0\n[1, 2] | each { n = n + . }\nprint(n)"),
    CodePage(
      "LIS0108", "a function that is no value",
      "Functions of lis itself, and functions that write, can be called and not handed on.",
      why: "A call through a value would not show that it writes.",
      wrong: "let size = length\nprint(size(\"a\"))", right: "let size = x => length(x)\nprint(size(\"a\"))"),
    CodePage(
      "LIS0109", "an unknown type", "The word behind `:` names no type.",
      why:
        "Types are null bool number string date datetime duration range list record stream fn row plan report error.",
      wrong: "fn f(a: nmber) = a\nprint(f(1))", right: "fn f(a: number) = a\nprint(f(1))"),
    CodePage(
      "LIS0110", "an unknown object type", "The object type is written nearly like one that HubSpot has.",
      why: "Custom objects may have any name, so only near misses are refused.",
      wrong: "find line_itms where .price > 1", right: "find line_items where .price > 1"),
    CodePage(
      "LIS0111", "not a function", "The name holds a value that cannot be called.",
      why: "What a name holds is known before the program runs, so the call need not fail later.",
      wrong: "let n = 5\nprint(n(1))", right: "fn n(x) = 5 + x\nprint(n(1))"),
    CodePage(
      "LIS0120", "too many arguments", "The call gives more arguments than the function takes.",
      why: "An argument that nobody reads is a mistake. In a pipeline the rows are the first argument.",
      wrong: "print(round(1.234, 2, 3))", right: "print(round(1.234, 2))"),
    CodePage(
      "LIS0121", "an argument is missing", "A parameter without a default gets no argument.",
      why: "There is no silent null for what was forgotten.",
      wrong: "fn price(item, pct) = item * pct\nprint(price(1))",
      right: "fn price(item, pct = 1) = item * pct\nprint(price(1))"),
    CodePage(
      "LIS0122", "an unknown argument", "The function has no parameter of this name.",
      why: "Named arguments are checked, so that a renamed parameter is noticed everywhere.",
      wrong: "print(round(1.5, digit: 1))", right: "print(round(1.5, digits: 1))"),
    CodePage(
      "LIS0123", "an argument given twice", "A parameter gets a value by position and by name.",
      why: "One of the two would be lost. In a pipeline the first parameter already has the rows.",
      wrong: "print(round(1.5, value: 2))", right: "print(round(1.5, digits: 2))"),
    CodePage(
      "LIS0124", "a position after a name", "Arguments without a name come before those with one.",
      why: "Behind a name it could not be told which position is meant.",
      wrong: "print(round(value: 1.5, 1))", right: "print(round(1.5, digits: 1))"),
    CodePage(
      "LIS0125", "rows are needed",
      "A stage or a function of rows gets a value that is none: a number, a text, a date.",
      why: "Rows are a list, a stream, a range of whole numbers, or one record.",
      wrong: "print(5 | count)", right: "print([5] | count)"),
    CodePage(
      "LIS0130", "a write in a function without `!`", "A function whose name does not end in `!` writes.",
      why: "Whoever reads a call has to see whether it changes records.",
      wrong: "fn expire() = find where .price < 0 | archive at most 5\nexpire()",
      right: "fn expire!() = find where .price < 0 | archive at most 5\nexpire!()"),
    CodePage(
      "LIS0131", "a call that writes in a function without `!`",
      "A function calls another that writes, and its own name does not end in `!`.",
      why: "The mark goes all the way up, so that no call hides a write.",
      wrong: "fn expire!() = find where .price < 0 | archive at most 5\nfn run() = expire!()\nrun()",
      right: "fn expire!() = find where .price < 0 | archive at most 5\nfn run!() = expire!()\nrun!()"),
    CodePage(
      "LIS0132", "a write where none may stand", "An expression on rows and a function without a name cannot write.",
      why: "They run any number of times. All writes of a statement are collected into one plan first.",
      wrong: "fn drop!(item) { item | archive }\nprint(find where .price < 0 | map drop!(.))",
      right: "fn drop!(item) { item | archive at most 5 }\nfind where .price < 0 | each item { drop!(item) }"),
    CodePage(
      "LIS0133", "an action in an expression on rows",
      "`print`, `save`, `each` and the like cannot stand in an expression on rows, nor a call that assigns a name around it.",
      why: "It may run never, once or many times. `each` runs once for each row, in order.",
      wrong: "print([1, 2] | where print(.) == null | count)", right: "[1, 2] | each { print(.) }"),
    CodePage(
      "LIS0134", "a word in the wrong place",
      "`break` and `continue` stand in loops, `return` in functions, `expect` and `given` in tests.",
      why: "Elsewhere there is nothing that they could leave or test.",
      wrong: "break", right: "for n in 1..3 { if n == 2 { break } }"),
    CodePage(
      "LIS0160", "a function that is too large",
      "One function has more names, values or steps than the machine has room for.",
      why: "Programs that people write stay far below; generated ones should hold their data in a file or a list.",
      right: "Split it into functions, or read the data with `csv`, `json` or `ndjson`.", .outside),
  ]
}
