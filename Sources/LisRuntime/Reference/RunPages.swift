/// The pages on what surrounds a program: modules, tests, runs, limits.
extension ReferencePage {
  static let modules = ReferencePage(
    "modules", "programs in several files",
    #"""
    `use "./pricing.lis" as pricing` brings the functions and constants of a file into scope behind a name; without `as`
    the name is the one of the file. `use money` takes a module of the standard library. A module holds `use`, `let` of
    pure values, `fn` and `test`, so that loading it does nothing. Names that begin with `_` stay inside it.

    ```lis
    use "./pricing.lis" as pricing
    print(pricing.raised(100), pricing.rate)
    ```

    ```text
    105.00 5
    ```

    A function of a module that writes ends in `!` like any other, and modules that use each other in a circle are
    refused.
    """#)

  static let testing = ReferencePage(
    "testing", "tests in the language",
    #"""
    `lis test` runs the tests of files and folders, each on an empty portal in memory. `given` puts records into it,
    `expect` fails the test unless its condition is true and shows both sides of a comparison. `record(id)` gives a
    record as it now is, `requests()` how many requests were made, by kind. What a test prints stands below its name.

    ```test
    test "a price rises by five per cent" {
      given [{ id: "1", hs_sku: "SRV-1", price: 9.99 }, { id: "2", hs_sku: "SRV-1" }]
      let report = find where .hs_sku == "SRV-1" and .price != null
        | update { price: round(.price * 1.05, 2) }
      expect report.applied == 1
      expect record("1").price == 10.49
      expect record("2").price == null
    }
    ```

    Writes in a test need nobody's approval. A run of a file leaves its tests out. The records that are given say which
    properties there are beside the standard ones; with `--schema FILE` the file does, and no others can be given.
    """#)

  static let runs = ReferencePage(
    "runs", "commands, flags and exit codes",
    #"""
    | command | does |
    | --- | --- |
    | `lis FILE`, `lis run FILE` | runs a script; `--apply` approves what it writes |
    | `lis plan FILE` | shows what it would change; nothing is sent |
    | `lis check FILE` | finds mistakes without a request |
    | `lis fmt FILE` | puts it into the one layout of lis |
    | `lis test PATH` | runs the tests in it |
    | `lis` | a prompt on a terminal |

    `--portal practice` works on the practice portal, a server inside the program: nothing leaves the machine.

    | exit code | meaning |
    | --- | --- |
    | 0 | done |
    | 1 | a fault |
    | 2 | `lis plan` found changes |
    | 3 | some records were refused |
    | 4 | the outcome of some is not known |
    | 5 | some had changed since the plan and were left out |
    | 6 | no access |
    | 7 | the connection or the quota failed |
    | 8 | somebody else holds a lock |
    | 9 | a write was not approved |
    | 64 | wrong use of the command |
    | 65 | mistakes in the program |
    | 130 | interrupted |

    Results go to standard output, everything else to standard error.
    """#)

  static let limits = ReferencePage(
    "limits", "what a program may use",
    #"""
    | what | limit |
    | --- | --- |
    | calls inside calls | 20,000 |
    | one text | 64 MiB |
    | one list | 20,000,000 items |
    | digits of a number | 38 |
    | rows of a write without `at most` | 1,000 |

    A program that passes one ends with a fault that `catch` can take, and with a hint.

    ```lis
    fn forever(n) = forever(n + 1) + 1
    try { forever(1) } catch e { print(e.code) }
    ```

    ```text
    LIS0411
    ```
    """#)
}
