/// Pages of what can be wrong with groups and with reads.
extension CodePage {
  static let reading: [CodePage] = [
    CodePage(
      "LIS0191", "a field that differs inside a group",
      "In the record of `group by`, a field stands that is no column of the group.",
      why: "The rows of a group agree in its columns only; of everything else there are many values.",
      wrong: "find where .price > 1 | group by .name { price: .price }",
      right: "find where .price > 1 | group by .name { price: max(.price) }"),
    CodePage(
      "LIS0192", "a condition that cannot be asked",
      "No part of this condition compares a property with a value, so every record would be read.",
      why: "HubSpot can be asked for properties, not for what is calculated of them.",
      wrong: "find where lower(.name) == \"a\" | select .name",
      right: "find where .price > 1 and lower(.name) == \"a\" | select .name"),
    CodePage(
      "LIS0193", "nothing to explain", "`explain` was given something else than a pipeline or its name.",
      why: "It says what a `find` would ask without running it, and nothing else can be told so.",
      wrong: "print(explain(1 + 2))", right: "print(explain(find where .price > 1))"),
    CodePage(
      "LIS0360", "more rows than a `find` may read",
      "More records match than a `find` without `all` reads, 10,000 unless `--read-limit` says otherwise.",
      why: "A condition that matches that many is more often a slip than a wish.",
      right: "Narrow the condition, say `find all … where …`, or give `--read-limit off`.", .outside),
    CodePage(
      "LIS0361", "an unknown property", "A property that the portal does not have was named while the program ran.",
      why: "A name that is only computed cannot be checked before.",
      wrong: "find where .price > 1 | take 1 | each { print(history(., \"pricee\")) }",
      right: "find where .price > 1 | take 1 | each { print(length(history(., \"price\"))) }", .portal),
  ]
}
