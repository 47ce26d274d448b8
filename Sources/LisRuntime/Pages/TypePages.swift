extension CodePage {
  /// Properties and types: what the checker finds.
  static let types: [CodePage] = [
    CodePage(
      "LIS0140", "an unknown property", "The portal has no property of this name for this object type.",
      why: "The list of properties was read from the portal; `lis schema pull` reads it again.",
      wrong: "find where .prise > 1 | count", right: "find where .price > 1 | count"),
    CodePage(
      "LIS0141", "a property that cannot be written",
      "HubSpot calculates the property itself, or declares it as read-only.",
      why: "HubSpot would refuse the record, or ignore the value.",
      wrong: "find where .price > 1 | update { amount: 5 } at most 5",
      right: "find where .price > 1 | update { price: 5 } at most 5"),
    CodePage(
      "LIS0142", "not an option", "The property is a choice, and the text is not the internal value of an option.",
      why: "A comparison with it would never be true, and a write would be refused.",
      wrong: "find where .recurringbillingfrequency == \"montly\" | count",
      right: "find where .recurringbillingfrequency == \"monthly\" | count"),
    CodePage(
      "LIS0143", "a value of the wrong type", "The value cannot be written into a property of this type.",
      why: "Nothing is converted silently: `number(…)`, `date(…)` and \"${…}\" say what is meant.",
      wrong: "find where .price > 1 | update { price: \"9.50\" } at most 5",
      right: "find where .price > 1 | update { price: 9.50 } at most 5"),
    CodePage(
      "LIS0144", "kinds that cannot be compared",
      "The two sides are of different kinds, so the comparison is never true or has no order.",
      why: "A number is not a text: `1 == \"1\"` is false everywhere in lis, and nobody means that.",
      wrong: "print(1 < \"a\")", right: "print(1 < number(\"2\"))"),
    CodePage(
      "LIS0145", "kinds that cannot be calculated with", "The operator has no meaning for these two kinds.",
      why: "`+` adds numbers, joins two texts or two lists, and moves a date by a duration; there are no conversions.",
      wrong: "print(\"a\" + 1)", right: "print(\"a${1}\")"),
    CodePage(
      "LIS0146", "a condition that is no condition", "`if`, `where`, `and`, `or` and `not` take true or false.",
      why: "Nothing counts as true or false by itself: not 0, not an empty text, not a list.",
      wrong: "if 1 { print(2) }", right: "if 1 > 0 { print(2) }"),
    CodePage(
      "LIS0147", "an argument of the wrong type", "The parameter takes another kind of value.",
      why: "It is known before the program runs, so it need not fail in the middle.",
      wrong: "print(lower(5))", right: "print(lower(\"A\"))"),
    CodePage(
      "LIS0148", "associated records outside of a condition",
      "`.deal` and its like can only be compared, by `==` or `in`, in a condition of its own in a `find`.",
      why: "Only HubSpot can answer it: associated records are not part of a row.",
      wrong: "find where .price > 1 | select .deal", right: "find where .price > 1 and .deal == \"1\" | select .name"),
    CodePage(
      "LIS0149", "a `find` without a condition", "The `find` would read every record of the portal.",
      why: "That may take long and use up requests, so it has to be said.",
      wrong: "find | take 1", right: "find all | take 1"),
    CodePage(
      "LIS0150", "a field that belongs to the record",
      "`id`, `created_at`, `updated_at` and `archived` are not properties and cannot be written.",
      why: "HubSpot gives them. `update` takes the record to change from `.id` of the row.",
      wrong: "find where .price > 1 | update { id: \"5\" } at most 5",
      right: "[{ id: \"5\" }] | update { price: 2 } at most 5"),
    CodePage(
      "LIS0155", "an unknown member", "A report, a plan or a caught error has no member of this name.",
      why: "What lis itself makes has fixed members; a typing error would read null.",
      wrong: "let r = find where .price < 0 | archive at most 5\nprint(r.aplied)",
      right: "let r = find where .price < 0 | archive at most 5\nprint(r.applied)"),
    CodePage(
      "LIS0156", "an index that is no number", "Lists are indexed by whole numbers from 0.",
      why: "Records are read by key: `r[\"a b\"]`.",
      wrong: "let xs = [1, 2]\nprint(xs[\"a\"])", right: "let xs = [1, 2]\nprint(xs[0])"),
    CodePage(
      "LIS0158", "a number of rows that is none", "`take` and `skip` count rows: with whole numbers from 0 on.",
      why: "There is no meaning of a negative number of rows that everybody would expect.",
      wrong: "print(list([1, 2, 3] | take -1))", right: "print(list([1, 2, 3] | skip 2))"),
    CodePage(
      "LIS0157", "options without an arm",
      "A `match` over a property that is a choice has no arm for some of its options, and no `_`.",
      why: "The first record with such an option would stop the run in the middle.",
      wrong:
        "let s = find where .price > 1 | map match .recurringbillingfrequency {\n  \"monthly\" => 1\n  null => 0\n}\nprint(list(s))",
      right:
        "let s = find where .price > 1 | map match .recurringbillingfrequency {\n  \"monthly\" => 1\n  _ => 0\n}\nprint(list(s))"
    ),
  ]

  /// What may be meant and probably is not.
  static let notices: [CodePage] = [
    CodePage(
      "LIS0180", "a write without a limit",
      "The write reads from a portal or a file and does not say how many records it may change. It is a warning.",
      why:
        "A condition that is wrong often finds far more than expected. Without `at most` a run stops at the standard limit of 1,000 records and writes nothing; a limit in the script says what is normal.",
      wrong: "find where .quantity == 0 | archive", right: "find where .quantity == 0 | archive at most 50"),
    CodePage(
      "LIS0181", "a stream that is read twice",
      "The name holds the plan of a stream, and each use asks the portal or reads the file again. It is a warning.",
      why:
        "`let` keeps no rows, so that large reads need no memory. The second reading costs its requests again and may find other rows.",
      wrong: "let items = find where .price > 3\nprint(count(items), sum(items, .price))",
      right: "let items = list(find where .price > 3)\nprint(count(items), sum(items, .price))"),
    CodePage(
      "LIS0182", "an update that reads what it writes",
      "The new value depends on the old one, so that a second run changes it again. It is a warning.",
      why:
        "Runs are repeated: by hand, by a schedule, after a connection was lost. A condition that leaves out what is done already makes it safe.",
      wrong: "find where .hs_sku == \"A\" | update { price: .price * 1.05 } at most 50",
      right: "let price = 10.49\nfind where .hs_sku == \"A\" | update { price: price } at most 50"),
    CodePage(
      "LIS0183", "a `match` without null",
      "The property may be missing in some records, and no arm takes null. It is a warning.",
      why: "The first record without a value would stop the run. A `where` with `!= null` in front also settles it.",
      wrong:
        "let s = find where .price > 1 | map match .recurringbillingfrequency {\n  \"monthly\" => 1\n  \"quarterly\", \"annually\" => 3\n}\nprint(list(s))",
      right:
        "let s = find where .price > 1 | map match .recurringbillingfrequency {\n  \"monthly\" => 1\n  \"quarterly\", \"annually\" => 3\n  null => 0\n}\nprint(list(s))"
    ),
    CodePage(
      "LIS0184", "an arm that is never reached",
      "An arm further up takes every value that this one could take. It is a warning.",
      why: "Arms are tried in order, and the first that fits is taken.",
      wrong: "fn kind(x) = match x {\n  1..5 => \"few\"\n  3 => \"three\"\n  _ => \"many\"\n}\nprint(kind(3))",
      right: "fn kind(x) = match x {\n  3 => \"three\"\n  1..5 => \"few\"\n  _ => \"many\"\n}\nprint(kind(3))"),
    CodePage(
      "LIS0185", "a name that is not used", "The name gets a value that nothing reads. It is a warning.",
      why: "It is often a typing error further down. Names that begin with `_` are left alone.",
      wrong: "let spare = 1\nprint(2)", right: "let used = 1\nprint(used)"),
    CodePage(
      "LIS0186", "a condition that is never true", "No row can meet the condition, whatever it holds. It is a warning.",
      why: "Comparing with a missing value is unknown and selects nothing; a range needs its smaller end first.",
      wrong: "print(count(find where .price == null and .price > 3))",
      right: "print(count(find where .price == null or .price > 3))"),
    CodePage(
      "LIS0187", "a field that the record does not have",
      "The record is written down in the program and has no such field, so that it reads as null. It is a warning.",
      why: "A missing field is null, and a typing error would go unnoticed.",
      wrong: "let prices = { basic: 10 }\nprint(prices.basc)", right: "let prices = { basic: 10 }\nprint(prices.basic)"),
    CodePage(
      "LIS0188", "a datetime held against a date",
      "Beside a datetime a date is the start of its day, so that `<=`, `>`, `==` and `!=` part that day at midnight. It "
        + "is a warning.",
      why: "At the end of a range a date means its whole day, which is what is mostly meant.",
      wrong: "print(count(find where .createdate <= @2026-03-31 and .price > 0))",
      right: "print(count(find where .createdate < @2026-04-01 and .price > 0))"),
  ]
}
