/// The pages on reading, changing and keeping rows.
extension ReferencePage {
  static let find = ReferencePage(
    "find", "rows of the portal",
    #"""
    `find [all] [OBJECT] [where CONDITION]`. Without an object type it finds line items; `deals`, `products`, `quotes`
    and every other object type are named: `find deals where …`. Rows come in ascending order of their ids.

    ```lis
    find where .hs_sku in ["SRV-1", "SRV-3"] | select .name, .price
    print(count(find all deals))
    ```

    ```text
    {"name":"Managed Workplace","price":45.00}
    {"name":"Managed Backup","price":29.00}
    2
    ```

    `.price` is a property with the type it has in the portal. `.id`, `.created_at`, `.updated_at`, `.archived` and
    names of associations such as `.deal` belong to the record. Only the properties that a program names are asked for.

    ```lis
    let deal = first(find deals where .dealname == "One").id
    find where .deal == deal | select .name
    ```

    ```text
    {"name":"Managed Workplace"}
    {"name":"Managed Backup"}
    ```

    ## where

    A condition on each row, which is kept when the condition is true; not when it is null, see `lis help null`. What
    does not depend on the row is computed once. As much of the condition as HubSpot can answer is sent, and every row
    that comes back is tested again here: what is sent changes the cost of a search and never its result. A function of
    one expression is sent as if its expression stood there; `contains`, `startswith`, `endswith` and `matches` are tested
    here alone. So are functions with a block, a `var` from outside or a function in them.

    Properties that the program names are asked for, and no others: one that is named only while it runs, as in `.[k]` or
    `k in .`, is a fault where it was not read, also in a row that got more fields by `{ ...row, x: 1 }`. What shows all
    fields of a row without naming them (a printed or saved row, `entries`, `keys`, `values`, `json_text`, `text`,
    `{ ...row }`) has its id, what the program names of it, and the few properties by which a person knows a record:
    of a line item `name`, `hs_sku`, `price` and `quantity`.

    ```lis
    fn is_keyboard(name) = lower(name) contains "keyboard"
    find where .price > 40 and is_keyboard(.name) | select .name
    ```

    ```text
    {"name":"Norda Keyboard"}
    ```

    ## all

    A `find` whose condition HubSpot can do nothing with reads every record of the portal. Since that can take long it
    has to be said: `find all where .name endswith "board"`. `find` without a condition needs `all` too.

    ```lis
    print(count(find all where .name endswith "board"))
    ```

    ```text
    1
    ```
    """#)

  static let stages = ReferencePage(
    "stages", "what rows pass through",
    #"""
    `rows | stage | stage`. A stage gets the rows of the one before it, one by one where it can. `.name` in a stage is a
    field of the row, and `.` is the row itself. A function joins with ordinary brackets, and gets the rows as its first
    argument: `rows | count`, `rows | lists.top(.price, 10)`.
    `where` is told of in `lis help where`, `save` in `lis help save`, the verbs that write in `lis help writes`.

    ## take, skip

    The first so many rows, and the rows after the first so many; a negative number is refused.

    ```lis
    print(list([5, 6, 7, 8] | skip 1 | take 2))
    ```

    ```text
    [6, 7]
    ```

    ## map

    A value for each row.

    ```lis
    print(list([1, 2, 3] | where . > 1 | map . * 10))
    ```

    ```text
    [20, 30]
    ```

    ## select

    Records with the columns that are named. A column has the name of its field, or the one given in front of it.

    ```lis
    [{ name: "Dock", price: 80, cost: 60 }] | select .name, margin: .price - .cost
    ```

    ```text
    {"name":"Dock","margin":20}
    ```

    ## sort, asc, desc

    By one or more expressions, in ascending order unless `desc` follows; null comes last. Rows that are equal stay in
    their order.

    ```lis
    let rows = [{ n: 2, s: "b" }, { n: 1, s: "a" }, { n: 2, s: "a" }]
    rows | sort .n desc, .s
    print(list([3, 1, 2] | sort .))
    ```

    ```text
    {"n":2,"s":"a"}
    {"n":2,"s":"b"}
    {"n":1,"s":"a"}
    [1, 2, 3]
    ```

    ## distinct

    Rows without those that were there before, as a whole or by an expression.

    ```lis
    print(list([1, 2, 1] | distinct))
    print(list([{ sku: "A", n: 1 }, { sku: "A", n: 2 }] | distinct .sku | map .n))
    ```

    ```text
    [1, 2]
    [1]
    ```

    ## each

    A block for every row; the row is `.`, and has a name when one is given. Writes inside belong to one statement with
    one plan, whatever rows they come from.

    ```lis
    [{ name: "Dock", quantity: 0 }, { name: "Cable", quantity: 4 }] | each item {
      if item.quantity == 0 { print("${item.name}: none left") } else { print(item.name) }
    }
    ```

    ```text
    Dock: none left
    Cable
    ```
    """#)

  static let writes = ReferencePage(
    "writes", "changing records: plan, approval, report",
    #"""
    Five verbs write: `create`, `update`, `upsert`, `archive` and `associate`. A statement that writes runs in six
    steps. It reads all its rows, compares them with what the records hold and leaves out what needs no change, checks
    every value against the portal's schema, shows the plan and waits for approval, notes what it is about to send, and
    sends it in batches of 100. Just before a batch its records are read again: one that somebody else has changed
    since the plan is left out and said.

    At a terminal the plan is shown and somebody asked. Elsewhere `--apply` approves beforehand; without it nothing is
    sent and the run ends with 9. `lis plan FILE` never sends; each statement of it sees what the ones before would have
    done, and records that would be made have ids in it that stand for those HubSpot will give.

    ## update

    The records that the rows' ids name get new values for the properties of the record.

    ```lis
    find where .hs_sku == "SRV-1" | update { price: round(.price * 1.05, 2) }
    find where .hs_sku == "SRV-1" | select .price
    ```

    ```text
    {"price":47.25}
    ```

    ## create, to

    A record for each row, or one alone. `to deal ID` puts it on a deal.

    ```lis
    let deal = first(find deals where .dealname == "Two").id
    [{ name: "Cable", price: 5 }] | create { name: .name, price: .price, quantity: 2 } to deal deal
    create { name: "Adapter", price: 9.50, quantity: 1 }
    print(count(find where .deal == deal), count(find where .name in ["Cable", "Adapter"]))
    ```

    ```text
    1 2
    ```

    ## archive

    Moves records to the portal's recycling bin.

    ```lis
    find where .quantity == 0 | archive at most 10
    print(count(find where .quantity == 0))
    ```

    ```text
    0
    ```

    ## at, most

    `at most N` ends a write with a limit: when there are more rows than that, nothing is sent. Without it the limit is
    1,000.

    ```lis
    try {
      find where .price > 0 | update { quantity: 1 } at most 2
    } catch e {
      print("nothing was sent")
    }
    ```

    ```text
    nothing was sent
    ```

    ## on, error, report

    A write gives a report: `applied`, `unchanged` and `requests` are numbers, `failed` and `unknown` lists of rows with
    `.id` and `.reason`. A bare write with refused rows stops there. With `on error continue` the rest is sent, and what
    was refused is for the program to look at.

    ```lis
    let item = first(find where .hs_sku == "SRV-3")
    let rows = [{ id: item.id, price: 31 }, { id: "999999999", price: 5 }]
    let report = rows | update { price: .price } on error continue
    print(report.applied, count(report.failed))
    ```

    ```text
    1 1
    ```
    """#)

  static let files = ReferencePage(
    "files", "reading and writing files",
    #"""
    `csv`, `json` and `ndjson` read; `save` writes. Paths are relative to the script's folder, then to the working
    folder, and lead nowhere else; `--no-files` forbids all of them. Each row of a CSV file knows where it comes from:
    `.source.line`.

    ```lis
    csv("prices.csv") | select .sku, price: number(.price), line: .source.line
    ```

    ```text
    {"sku":"SRV-1","price":46.50,"line":2}
    {"sku":"SRV-3","price":30.25,"line":3}
    ```

    The header says which columns there are: reading a field that is none of them is a fault that names the columns, and
    not null, so that a misspelt column never clears a property. `"note" in .` asks for a column that a file may lack, and
    a spread in front gives it a value.

    ```lis
    let rows = csv("prices.csv")
    print(rows | map "note" in . | list)
    print(first(rows | map r => { note: "none", ...r }).note)
    try { list(rows | map .prise) } catch e { print(e.message) }
    ```

    ```text
    [false, false]
    none
    prices.csv:2: the file has no column `prise`
    ```

    Names of columns are taken as they are written, blanks around them too; `.["unit price"]` reads one that is no word.
    A byte order mark is passed over; a column without a name and two of the same name are refused. A record with a choice
    of the columns, and a row of JSON or NDJSON, is a record like any other: what it does not have is null.

    Cells are texts; `number`, `date` and `datetime` read them and refuse what is none. A cell that goes into a property
    unchanged must be written as that property's type wants it. A file that is malformed is refused with its line.

    ## save

    The end of the name says the form: `.csv`, `.tsv`, `.json`, `.ndjson` or `.md`. The file appears when it is
    complete, under its name and all at once.

    ```lis
    find where .price > 40 | select .hs_sku, .price | save "dear.csv"
    csv("dear.csv") | sort .hs_sku
    ```

    ```text
    {"hs_sku":"HW-1","price":"49.90"}
    {"hs_sku":"OLD-1","price":"120.00"}
    {"hs_sku":"SRV-1","price":"45.00"}
    ```
    """#)
}
