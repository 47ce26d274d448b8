/// The pages on how programs are written.
extension ReferencePage {
  static let language = ReferencePage(
    "language", "a program on one page",
    #"""
    A program is expressions and pipelines. A pipeline starts with `find`, a list or a file and passes rows through
    stages. `.name` is a field of the row at hand; a bare name is a name of the program; the two are never mixed up.

    ```lis
    let floor = 40
    find where .price > floor
      | sort .price desc
      | select .name, .price
    ```

    ```text
    {"name":"Legacy Fax Gateway","price":120.00}
    {"name":"Norda Keyboard","price":49.90}
    {"name":"Managed Workplace","price":45.00}
    ```

    A bare pipeline at the top prints its rows: as a table on a terminal, as one JSON value a line into a pipe or file.
    Nothing is written to the portal that was not shown as a plan and approved: see `lis help writes`.

    `#` starts a comment, `##` one that describes what follows. A line end ends a statement, except inside `(`, `[` and
    the braces of a record, behind an operator or a comma, and in front of `|`, `and`, `or`, `else` and `catch`. `;`
    ends a statement as well.

    ```lis
    let names = ["b", "a"]  # a list
    print(names | sort . | list)
    print(
      count(names)
    )
    ```

    ```text
    ["a", "b"]
    2
    ```
    """#)

  static let types = ReferencePage(
    "types", "the kinds of values, and how they are written",
    #"""
    Values do not change: a program makes new ones. `var` names can be given another value, see `lis help statements`.

    | type | written | notes |
    | --- | --- | --- |
    | number | `12`, `9.99`, `1_000` | exact decimals with up to 38 digits; digits stay as written |
    | string | `'raw'`, `"with ${name}"` | `\n \t \r \" \\ \$ \u{HEX}` in double quotes; `''` is a quote in single ones |
    | bool | `true`, `false` | nothing else is true or false |
    | null | `null` | what is missing |
    | date | `@2026-01-31` | |
    | datetime | `@2026-01-31T10:00:00Z` | with an offset or `Z` |
    | duration | `90d`, `12mo`, `36h` | `s m h` of the clock, `d w mo y` of the calendar |
    | range | `1..9`, `@2026-01-01..@2026-03-31` | both ends are in it, of a date its whole day |
    | list | `[1, 2, ...more]` | |
    | record | `{ name: "x", price: 5, ...other, short }` | `{ short }` is `{ short: short }` |
    | stream | `find …`, `csv("…")`, `rows \| where …` | read when somebody wants its rows; `list(…)` keeps them |
    | fn | `x => x + 1`, `(a, b) => a * b` | |

    ```lis
    print(0.1 + 0.2, 1 / 4, 10 / 3)
    print("${1 + 1} items", 'C:\new')
    let base = { a: 1, b: 2 }
    print({ ...base, b: 3 }.b, [1, ...[2, 3]], [7, 8][0])
    ```

    ```text
    0.3 0.25 3.333333333333333333333333333
    2 items C:\new
    3 [1, 2, 3] 7
    ```

    ## date, datetime, duration

    Month ends clamp, a date minus a date is a number of days, and a date plus hours is a fault, since a date has no
    hours. `today()` and `now()` do not move during a run.

    ```lis
    print(@2026-01-31 + 1mo, @2026-03-31 - @2026-03-01, @2026-01-31T10:00:00Z + 36h)
    print(12mo == 1y, 7d == 1w, 60m == 1h, 1d == 24h)
    ```

    ```text
    2026-02-28 30d 2026-02-01T22:00:00Z
    true true true false
    ```

    Beside a datetime a date means the start of its day, in the portal's time zone. At the end of a range it means the
    whole day: in `@2026-10-01..@2026-12-31` lies every moment of the last day of December.

    ```lis
    let quarter = @2026-10-01..@2026-12-31
    print(@2026-12-31T15:00:00Z in quarter, @2027-01-01T00:00:00Z in quarter)
    print(@2026-12-31T15:00:00Z <= @2026-12-31)
    ```

    ```text
    true false
    false
    ```
    """#)

  static let operators = ReferencePage(
    "operators", "from the loosest to the tightest",
    #"""
    | operators | meaning |
    | --- | --- |
    | `or` | true when one side is |
    | `and` | true when both sides are |
    | `not` | the opposite |
    | `== != < <= > >=` | comparisons; one only: `a < b < c` is an error |
    | `=~` | equal without regard to case: `ß`, `ẞ` and `SS` are equal, in every language alike |
    | `in`, `not in` | in a list, a range or a stream |
    | `contains`, `startswith`, `endswith` | parts of a text, exactly |
    | `has` | a whole word of a text, without regard to case |
    | `matches` | a regular expression, anywhere in the text |
    | `??` | the right side when the left one is null |
    | `..` | a range |
    | `+ -` | numbers, dates; `+` joins texts and lists |
    | `* / %` | `%` has the sign of its left side |
    | `-` | the number below zero |
    | `.name`, `(…)`, `[…]` | member, call, item |

    ```lis
    print(1 + 2 * 3, (1 + 2) * 3, -7 % 3, 7 / 2)
    print("Managed Backup" has "backup", "Managed Backup" contains "backup", "SRV-1" =~ "srv-1")
    print("SRV-12" matches "^SRV-[0-9]+$", 5 in 1..9, "x" not in ["a", "b"])
    print(null ?? "none", "a" + "b", [1] + [2])
    ```

    ```text
    7 9 -1 3.5
    true false true
    true true true
    none ab [1, 2]
    ```

    ## and, or, not

    A condition is a bool: there are no other truths. With null the three follow `lis help null`.

    ## in, contains, has, matches, startswith, endswith

    Tests of texts give null for null. `has` looks for words, the others for characters.
    """#)

  static let null = ReferencePage(
    "null", "what is missing",
    #"""
    A property without a value is null, and so is a key that a record does not have. `==` and `!=` answer true or false
    for null as for anything else. Every other comparison and all arithmetic with null give null; `and`, `or` and `not`
    treat null as "not known"; and `where` keeps a row only when its condition is true. So a missing value never selects
    a row by accident.

    | | |
    | --- | --- |
    | `null == null`, `null != 1` | `true` |
    | `null < 1`, `null + 1`, `null contains "a"` | `null` |
    | `null and false`, `null or true` | `false`, `true` |
    | `null and true`, `null or false`, `not null` | `null` |
    | `null in [null]` | `true`, since `in` uses `==` |
    | `if null { … }` | a fault that says what to write instead |
    | `sum`, `min`, `average` … | pass over null |
    | `sort` | null comes last |
    | `"${null}"` | reads `null` |

    ```lis
    print(null == null, null < 1, null and false, null ?? 0)
    print(count(find where .price < 1000), count(find where .price == null))
    print(count(find where .price == null or .price < 1000))
    ```

    ```text
    true null false 0
    4 1
    5
    ```
    """#)

  static let statements = ReferencePage(
    "statements", "names, functions, conditions, loops, errors, steps",
    #"""
    ## let, var

    `let` names a value. `var` names one that can be given another with `=`. A second `let` of a name in the same block
    is refused. `let` keeps a stream and does not read it: what is used twice is read twice, unless it is `list(…)`.
    In a list, a record or a text, and as a row that `map` gives, a stream is read at once and stands there as a list.

    ```lis
    let rate = 5
    var total = 0
    for price in [10, 20] { total = total + price * rate / 100 }
    print(total)
    ```

    ```text
    1.5
    ```

    ## fn, return

    One expression behind `=`, or a block whose last statement is the value. Parameters may have types and defaults;
    `: row` makes an argument an expression on each row. A function that writes ends in `!`, and so does everything
    that calls it.

    ```lis
    fn raised(amount, pct = 5) = round(amount * (1 + pct / 100), 2)
    fn cheapest(rows, key: row) = first(rows | sort key)
    fn size(quantity) {
      if quantity == null { return "unknown" }
      if quantity > 9 { "many" } else { "few" }
    }
    print(raised(100), raised(100, pct: 10), cheapest([3, 1, 2], .), size(25), size(null))
    ```

    ```text
    105.00 110.0 1 many unknown
    ```

    ## if, else

    An expression: without `else` its value is null. The condition is a bool.

    ```lis
    let quantity = 3
    print(if quantity == 0 { "none" } else if quantity < 5 { "few" } else { "many" })
    ```

    ```text
    few
    ```

    ## match

    The first arm that fits; `_` fits always. Arms may list values and ranges. A value that fits no arm is a fault. Where
    the type of the value is known before the run, as in a stage behind `find` on a property that is a choice, every
    option has to have an arm. What a function is called with is not followed into its body: there `_` is worth its line.

    ```lis
    fn months(frequency) = match frequency {
      "monthly" => 1
      "quarterly" => 3
      "annually", "yearly" => 12
      null => 0
      _ => fail_with("unknown frequency ${frequency}")
    }
    let size = match 7 {
      1..5 => "low"
      _ => "high"
    }
    print(months("quarterly"), months(null), size)
    ```

    ```text
    3 0 high
    ```

    ## for, break, continue

    Over a list, a range of whole numbers or a stream. Writes do not belong into a loop: `each` collects them.

    ```lis
    for number in 1..5 {
      if number == 2 { continue }
      if number == 4 { break }
      print(number)
    }
    ```

    ```text
    1
    3
    ```

    ## try, catch

    Takes a fault. `message`, `code` and `hint` tell about it. A refused or failed write is told by its report, see
    `lis help writes`.

    ```lis
    try { print(1 / 0) } catch e { print(e.code, e.message) }
    ```

    ```text
    LIS0402 a number cannot be divided by zero; test the divisor first
    ```

    ## param

    A value that is given on the command line: `param price_floor: number = 10` is `--price-floor`. One without a
    default has to be given. `param dry = false` is a switch: `--dry` alone means true, `--no-dry` false.
    `lis FILE --help` shows them.

    ```lis
    ## How many rows are shown.
    param rows: number = 2
    print(rows)
    ```

    ```text
    2
    ```

    ## step

    A titled part of a runbook. Its title stands in the progress and in the journal; names of a step are visible in
    those after it.

    ```lis
    step "Look" {
      let cheap = count(find where .price < 40)
    }
    step "Tell" {
      print("${cheap} cheap items")
    }
    ```

    ```text
    1 cheap items
    ```

    ## use

    See `lis help modules`.

    ## test, given, expect

    See `lis help testing`.
    """#)
}
