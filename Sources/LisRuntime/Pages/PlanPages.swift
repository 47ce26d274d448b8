extension CodePage {
  /// What can be wrong with upserts, plans as values, groups and reads that were explained.
  static let plans: [CodePage] = [
    CodePage(
      "LIS0165", "the key is not in the record", "The property behind `by` is not among those that are written.",
      why: "An `upsert` finds a record by a value and gives it to a new one, so the value has to be in the record.",
      wrong: "[{ sku: \"A\" }] | upsert by hs_sku { name: .sku } at most 5",
      right: "[{ sku: \"A\" }]\n  | upsert by hs_sku { hs_sku: .sku, name: .sku } at most 5"),
    CodePage(
      "LIS0166", "a plan of nothing", "`plan` stands in front of a pipeline that writes nothing.",
      why: "A plan is what a write would change.",
      wrong: "let p = plan find where .price > 1\nprint(p)",
      right: "let p = plan find where .price > 1 | update { quantity: 2 } at most 5\nprint(p.summary)"),
    CodePage(
      "LIS0167", "a plan that goes on", "Stages follow what writes, and a plan sends nothing.",
      why: "The stages behind a write work on its report, and a plan has none.",
      wrong:
        "let p = plan find where .price > 1\n  | update { quantity: 2 } at most 5\n  | save \"x.csv\"\nprint(p.summary)",
      right:
        "let p = plan find where .price > 1 | update { quantity: 2 } at most 5\nprint(count(p.changes))"
    ),
    CodePage(
      "LIS0168", "a plan of carrying out a plan", "`apply!` stands in a pipeline that is itself only to be planned.",
      why: "A plan is carried out once, where `apply!` stands.",
      wrong: "let p = plan find where .price > 1 | update { quantity: 2 } at most 5\nlet q = plan apply!(p)\nprint(q)",
      right: "let p = plan find where .price > 1 | update { quantity: 2 } at most 5\napply!(p)"),
    CodePage(
      "LIS0169", "a plan carried out in a loop", "`apply!`, or a function that uses it, stands in a loop.",
      why: "All writes of a loop are one statement, which is sent at its end; a plan is a statement of its own.",
      wrong:
        "let p = plan find where .price > 1 | update { quantity: 2 } at most 5\nfor n in 1..2 { apply!(p) }",
      right: "let p = plan find where .price > 1 | update { quantity: 2 } at most 5\napply!(p)"),
    CodePage(
      "LIS0315", "a key that is given twice", "Two rows of an `upsert` have the same key. Nothing was sent.",
      why: "Which of the two values is meant cannot be known.",
      wrong: "[{ s: \"A\" }, { s: \"A\" }]\n  | upsert by hs_sku { hs_sku: .s, name: \"New\" } at most 5",
      right: "[{ s: \"A\" }, { s: \"A\" }] | distinct .s\n  | upsert by hs_sku { hs_sku: .s, name: \"New\" } at most 5",
      .portal),
    CodePage(
      "LIS0316", "a plan that was applied before", "`apply!` got a plan that this run has carried out.",
      why: "What was true when it was made is not true any more.",
      right: "Make a new plan: it is computed from what the portal has by then.", .outside),
    CodePage(
      "LIS0317", "no plan",
      "`apply!` got a value that is no plan, or a copy of one that was changed. Nothing was sent.",
      why: "Only what was shown may be carried out, as it was shown.",
      wrong: "fn same(x) = x\napply!(same({ summary: \"mine\" }))",
      right: "let p = plan find where .price > 12 | update { quantity: 7 } at most 20\napply!(p)", .portal),
    CodePage(
      "LIS0318", "a plan inside of another write", "`apply!` stands in `each`, `for` or `plan`.",
      why: "All writes in there form one plan of their own, and a plan within a plan would be shown twice.",
      right: "Call it outside, or let the loop write by itself.", .outside),
    CodePage(
      "LIS0417", "out of time", "The run took longer than --time-limit allows.",
      why: "A job that hangs should end and say so.",
      right: "Give it more time, or find out what takes so long with `explain` and `trace`.", .outside),
    CodePage(
      "LIS0418", "out of memory", "The values of the program need more memory than a run may have.",
      why: "A run that takes all of a machine's memory takes other programs with it.",
      right: "Work on streams instead of lists: `list(…)` and `sort` hold all rows at once.", .outside),
  ]
}
