extension CodePage {
  /// What is wrong before a portal can be reached.
  static let sessions: [CodePage] = [
    CodePage(
      "LIS0201", "no credential", "The program needs a portal, and no token is configured. Nothing was sent.",
      why: "Tokens come from a sign-in or from the environment, never from a script.",
      right:
        "Run `lis auth login`, or set LIS_TOKEN to a service key or private-app token, or rehearse with --portal practice.",
      .outside),
    CodePage(
      "LIS0202", "a token that cannot be used", "The token holds characters that no token has. Nothing was sent.",
      why: "A line end or a space that was copied along would break the request.",
      right: "Copy the token again, without quotes and line ends.", .outside),
    CodePage(
      "LIS0203", "an address that cannot be used",
      "LIS_API_URL is not the address of a server that may get the token. Nothing was sent.",
      why: "A token goes to HubSpot, or to a server on this machine, over an address that was checked.",
      right: "Unset LIS_API_URL, or correct it.", .outside),
    CodePage(
      "LIS0204", "an unknown portal", "No portal of this name is known. Nothing was sent.",
      why: "A name with a typing error must not work on another portal.",
      right: "`--portal practice` is built in, `lis auth login --portal NAME` adds others, `lis portals` lists them.",
      .outside),
    CodePage(
      "LIS0205", "the session could not start",
      "Something that the run needs on this machine could not be had: a folder, a file, the practice portal.",
      why: "Without a journal nothing is written, since nobody could tell afterwards what was sent.",
      right: "Do what the message says, and run it again.", .outside),
    CodePage(
      "LIS0208", "a credential that cannot be had",
      "The profile says where the credential is, and it is not there or cannot be used. Nothing was sent.",
      why: "A run that takes another credential instead could work on another account.",
      right: "Do what the message says; `lis doctor` looks at everything one by one.", .outside),
    CodePage(
      "LIS0209", "another account",
      "The credential belongs to another account than the profile is for. Nothing was written.",
      why: "A token that was exchanged by mistake must not change the records of somebody else.",
      right: "Sign in to the account with `lis auth login`, or correct `portal` in config.toml.", .outside),
    CodePage(
      "LIS0211", "a scope that the token lacks",
      "The program reads or writes records that its token may not. Nothing was sent.",
      why: "Otherwise the run would stop in the middle, when HubSpot refuses the first request of that kind.",
      right: "Add the scope that the message names in HubSpot; `lis auth status` shows those of the token.", .outside),
    CodePage(
      "LIS0210", "a parameter named like a flag",
      "A `param` of the script has the name of a flag of lis itself. Nothing was sent.",
      why: "On the command line it could not be told which of the two is meant.",
      right: "Give the parameter another name.", .outside),
    CodePage(
      "LIS0206", "the session has ended", "Something was asked of a session after its end.",
      why: "A session ends with its run.", right: "Run the program again; if it stays, it is a fault of lis.", .outside),
  ]

  /// Reading and writing records.
  static let portal: [CodePage] = [
    CodePage(
      "LIS0301", "no name of an object type", "The name cannot be part of a path of the API. Nothing was sent.",
      why: "Names of object types are letters, digits, `_` and `-`.",
      right: "Use the name or the id that HubSpot shows for the object type.", .outside),
    CodePage(
      "LIS0302", "no such association", "The portal does not connect these two object types.",
      why: "Which types can be associated is settled by the portal.",
      right: "Look at the association types of the object in HubSpot's settings.", .outside),
    CodePage(
      "LIS0303", "everything would be read",
      "HubSpot's own rules would leave out rows that this condition means, so all records would be read here.",
      why: "It works and may take long, so it has to be said.",
      wrong: "print(count(find where .name != \"a\"))",
      right: "print(count(find all where .name != \"a\"))", .portal),
    CodePage(
      "LIS0305", "an operand of the wrong kind",
      "An association is compared with something that is no id, which was only known when the program ran.",
      why: "Ids are texts, so that no digit of a long one is lost.",
      wrong: "fn wanted(x) = x\nprint(count(find where .deal == wanted(5)))",
      right: "fn wanted(x) = x\nprint(count(find where .deal == wanted(\"5\")))", .portal),
    CodePage(
      "LIS0306", "the server loops",
      "Reading came back to a record that was read already. Nothing was written by this statement.",
      why: "Going on would never end.",
      right: "Try again later; if it stays, report it to HubSpot with the correlation id.", .outside),
    CodePage(
      "LIS0307", "an answer that cannot be read",
      "The answer of the portal does not have the form that its API describes.",
      why: "What is not understood is not taken for success.",
      right: "Try again later; a proxy in between may have answered.", .outside),
    CodePage(
      "LIS0308", "an association that does not fit in",
      "Only HubSpot can decide a condition on associated records, and with the others it is more than one search takes.",
      why: "HubSpot limits groups and filters of a search.",
      right: "Use fewer alternatives beside it, or put the other conditions into a `where` stage.", .outside),
    CodePage(
      "LIS0310", "values that cannot be written",
      "Some rows hold values that their properties cannot take. Nothing was sent.",
      why: "All rows are checked before the first is written.",
      wrong: "fn cell(x) = x\n[\"9,50\"] | create { name: \"A\", price: cell(.) } at most 5",
      right: "fn cell(x) = x\n[\"9.50\"] | create { name: \"A\", price: cell(.) } at most 5", .portal),
    CodePage(
      "LIS0311", "a row without an id",
      "`update`, `archive` and `associate` take the record from `.id`, and the row has none. Nothing was sent.",
      why: "A record is never looked up by guessing.",
      wrong: "[{ price: 5 }] | update { price: .price } at most 5",
      right: "find where .name == \"no such item\" | update { price: 5 } at most 5", .portal),
    CodePage(
      "LIS0312", "more records than allowed",
      "The statement would change more records than `at most` says, or than the standard limit. Nothing was sent.",
      why: "More than expected usually means that the condition is wrong.",
      wrong: "[1, 2, 3] | create { name: \"A\" } at most 2", right: "[1, 2] | create { name: \"A\" } at most 2", .portal
    ),
    CodePage(
      "LIS0313", "two values for one property",
      "Two rows give the same property of the same record different values. Nothing was sent.",
      why: "Which one should win cannot be known.",
      right: "Keep one of the two rows, for example with `distinct .id`.", .outside),
    CodePage(
      "LIS0314", "a record written in two ways",
      "A record is to be changed and archived by one statement. Nothing was sent.",
      why: "The order would decide what is left.", right: "Decide for each record which of the two is meant.", .outside),
    CodePage(
      "LIS0320", "not approved", "The plan was not approved. Nothing was sent.",
      why: "Nothing is written that nobody agreed to: a terminal asks, everything else needs --apply.",
      wrong: "create { name: \"A\" }", right: "print(count(find where .name == \"A\"))", .portal),
    CodePage(
      "LIS0321", "records that were refused",
      "HubSpot refused some records; those before were written, those after were not sent.",
      why: "The first failing batch stops the statement. The message names each record with HubSpot's reason.",
      right: "Correct the rows, or write `on error continue` to send the others and get the failures as rows.", .outside
    ),
    CodePage(
      "LIS0322", "interrupted while writing", "The run was stopped; the batch in flight was finished and written down.",
      why: "What was sent is known to the last record.",
      right: "Run it again for the rest: what already has its value is left out. Creates would be made twice.", .outside
    ),
    CodePage(
      "LIS0330", "the journal cannot be used", "The journal could not be opened or written, so nothing more was sent.",
      why: "What is sent is first written down, so that nothing is in doubt afterwards.",
      right: "Make room, correct the permissions, or set LIS_HOME to another folder.", .outside),
    CodePage(
      "LIS0340", "the portal refused a request", "HubSpot answered with an error, or could not be reached.",
      why: "Busy servers and lost connections were tried again before.",
      right: "The message has HubSpot's words and the correlation id; 401 and 403 are the token or its scopes.",
      .outside),
    CodePage(
      "LIS0350", "a file that may not be opened",
      "The file is missing, or outside of the folders that a script may read and write.",
      why: "A script reaches the folder it lies in and the working folder, and nothing else.",
      wrong: "print(count(csv(\"no_such_file.csv\")))", right: "print(count([1, 2]))", .run),
    CodePage(
      "LIS0351", "a file that cannot be read as it is",
      "The file is no valid CSV, JSON or NDJSON at the place that the message names.",
      why: "Rows are not guessed: a shifted column would write wrong prices.",
      right: "Correct the file at the line and column of the message.", .outside),
    CodePage(
      "LIS0398", "the books do not balance", "A fault of lis: the report does not account for every row.",
      why: "Every row has to be applied, unchanged, failed, skipped or unknown; otherwise the run ends.",
      right: "Look at the journal, and report it with the journal.", .outside),
    CodePage(
      "LIS0399", "an unexpected error", "Something failed that lis has no words for.",
      why: "It is shown as it came.", right: "Report it with the whole message.", .outside),
  ]

  /// Faults of a running program.
  static let faults: [CodePage] = [
    CodePage(
      "LIS0401", "an operation without meaning", "An operator met kinds of values that it cannot work with.",
      why: "What the check cannot know is tested when it runs; nothing is converted silently.",
      wrong: "fn same(x) = x\nprint(same(\"a\") + same(1))",
      right: "fn same(x) = x\nprint(\"${same(\"a\")}${same(1)}\")", .run),
    CodePage(
      "LIS0402", "a number that cannot be computed", "A division by zero, or a result of more than 38 digits.",
      why: "Amounts are exact or there is none; an overflow is never a wrong number.",
      wrong: "print(1 / 0)", right: "print(1 / 4)", .run),
    CodePage(
      "LIS0403", "a time that cannot be computed", "The date is out of range, or kinds of durations were mixed.",
      why: "A month has no fixed number of days, and a date has no hours.",
      wrong: "print(@2026-01-01 + 3h)", right: "print(@2026-01-01T00:00:00Z + 3h)", .run),
    CodePage(
      "LIS0404", "a condition that is not true or false", "A condition gave null or another value when it ran.",
      why: "Null means that something is missing, and a branch must not be chosen by chance. `where` drops such rows.",
      wrong: "let r = ndjson(\"files/rows.ndjson\") | first\nif r.nothing > 1 { print(1) }",
      right: "let r = ndjson(\"files/rows.ndjson\") | first\nif r.nothing != null { print(1) }", .run),
    CodePage(
      "LIS0405", "no rows", "Something that is no list, stream, range or record was to be read row by row.",
      why: "A number or a text has no rows. `list(…)` makes a list.",
      wrong: "fn same(x) = x\nprint(count(same(5)))", right: "fn same(x) = x\nprint(count([same(5)]))", .run),
    CodePage(
      "LIS0406", "a field of what has none", "A field was read of a value that is no record, often of null.",
      why: "A missing key of a record is null; null itself has no fields.",
      wrong: "print(first([]).name)", right: "print((first([]) ?? { name: \"none\" }).name)", .run),
    CodePage(
      "LIS0419", "a column that the file does not have, or a property that was not read",
      "A field was read of a row of a CSV file, and no column has that name; or of a row of the portal by a name that "
        + "came up while the program ran, and the property was not asked for.",
      why:
        "The header says which columns there are, and HubSpot is asked for the properties that the program names. What "
        + "was not read must not pass as missing: an update would clear the property in every record.",
      wrong: "print(csv(\"files/items.csv\") | map .prise | first)",
      right:
        "let rows = csv(\"files/items.csv\")\nprint(rows | map if \"prise\" in . { .prise } else { .price } | first)",
      .run),
    CodePage(
      "LIS0407", "an index that is outside", "A list has no item at this index, or the index is no whole number.",
      why: "The first item is 0. `first`, `last` and `take` never fail.",
      wrong: "print([1, 2][5])", right: "print([1, 2][1])", .run),
    CodePage(
      "LIS0408", "a call that does not fit",
      "A value was called that is no function, or with another number of arguments.",
      why: "Functions in values are known only when the program runs.",
      wrong: "fn run(f) = f(1, 2)\nprint(run(x => x))", right: "fn run(f) = f(1)\nprint(run(x => x))", .run),
    CodePage(
      "LIS0409", "no arm fits", "No arm of a `match` fits the value.",
      why: "A value that nobody thought of must not pass silently. `_` takes everything else.",
      wrong: "print(match 3 {\n  1 => \"one\"\n})", right: "print(match 3 {\n  1 => \"one\"\n  _ => \"other\"\n})", .run
    ),
    CodePage(
      "LIS0410", "used too early", "A function ran before a name that it uses had its value.",
      why: "Functions are known in their whole block, values only from their line on.",
      wrong: "fn first_one() = second()\nlet early = first_one()\nlet value = 1\nfn second() = value\nprint(early)",
      right: "let value = 1\nfn second() = value\nfn first_one() = second()\nprint(first_one())", .run),
    CodePage(
      "LIS0411", "too deep", "The program calls itself deeper than the limit.",
      why: "A recursion without an end would use up the memory.",
      wrong: "fn f(n) = f(n + 1) + 1\nprint(f(1))", right: "fn f(n) = if n > 5 { n } else { f(n + 1) }\nprint(f(1))",
      .run),
    CodePage(
      "LIS0412", "too large", "A text, a list or a number of rows exceeds its limit.",
      why: "The limits keep a mistake from using up the memory of the machine.",
      wrong: "var t = \"abcdefgh\"\nfor n in 1..40 { t = t + t }",
      right: "var t = \"abcdefgh\"\nfor n in 1..4 { t = t + t }\nprint(t)", .run),
    CodePage(
      "LIS0413", "interrupted", "The run was stopped from outside, by Ctrl-C or a signal.",
      why: "A statement that was writing finishes its batch first, and says so.", right: "Run it again.", .outside),
    CodePage(
      "LIS0414", "stopped by the program",
      "`fail_with`, `require` or a conversion stopped the run with a message of its own.",
      why: "A script should stop rather than go on with what it did not expect; `catch` can take it.",
      wrong: "require(1 > 2, \"the order is wrong\")", right: "require(2 > 1, \"the order is wrong\")", .run),
    CodePage(
      "LIS0415", "an argument that cannot be used", "A function of lis got a kind of value that it does not take.",
      why: "What the check cannot know is tested when it runs.",
      wrong: "fn same(x) = x\nprint(lower(same(5)))", right: "fn same(x) = x\nprint(lower(text(same(5))))", .run),
    CodePage(
      "LIS0416", "no pattern", "The text behind `matches` is no valid pattern.",
      why: "Patterns know . [ ] ( ) | * + ? { } ^ $ and a few escapes, and always take time in proportion to the text.",
      wrong: "print(\"a\" matches \"(\")", right: "print(\"a\" matches \"(a|b)\")", .run),
  ]
}
