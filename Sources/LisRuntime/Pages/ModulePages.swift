extension CodePage {
  /// Modules and tests.
  static let modules: [CodePage] = [
    CodePage(
      "LIS0161", "a number or duration that no value can hold",
      "The digits or the amount are beyond what lis computes with exactly.",
      why: "Numbers have 38 digits; a number that is cut off would be another number.",
      wrong: "print(12345678901234567890123456789012345678901)", right: "print(12345678901234567890)"),
    CodePage(
      "LIS0170", "a module that cannot be had",
      "`use` names a file that cannot be read, or a library module that there is none of.",
      why:
        "A path begins with `./` and stays inside of the script's folder or the working folder; a bare name is a module of the standard library.",
      wrong: "use \"./no_such_module.lis\" as prices", right: "use money\nprint(money.cents(2.345))"),
    CodePage(
      "LIS0171", "modules in a circle", "Modules use each other in a circle, or more than so many deep.",
      why: "What one needs has to be there before it; in a circle nothing could be first.",
      right: "Move what both need into a module of its own.", .outside),
    CodePage(
      "LIS0172", "a module that would do something",
      "At the top level of a module, and of a file whose tests are run, stand only `use`, `let`, `fn` and `test`.",
      why: "Using a module changes nothing and asks nothing, so that it can be used without reading it first.",
      right: "Put the statements into a function, and call it in the script.", .outside),
    CodePage(
      "LIS0173", "a module that acts when it is loaded",
      "A `let` at the top level of a module prints, reads or writes, itself or through a function.",
      why: "Using a module changes nothing and asks nothing, so that it can be used without reading it first.",
      right: "Put it into a function, and call that where it is wanted.", .outside),
    CodePage(
      "LIS0174", "a name that is private", "Names that begin with `_` are for their module alone.",
      why: "A module can change what it keeps for itself without breaking the scripts that use it.",
      wrong: "use money\nprint(money._anything)", right: "use money\nprint(money.cents(2.345))"),
    CodePage(
      "LIS0175", "a name that the module does not have", "The module declares nothing of this name.",
      why: "Names of modules are looked up before anything runs.",
      wrong: "use money\nprint(money.centz(2.345))", right: "use money\nprint(money.cents(2.345))"),
    CodePage(
      "LIS0176", "a module as a value", "A module is no value: it stands in front of a dot, and nowhere else.",
      why: "What a name of a module means is known before the program runs.",
      wrong: "use money\nprint(money)", right: "use money\nprint(money.cents(2.345))"),
    CodePage(
      "LIS0177", "a module without a name of its own",
      "The name of the module is no name of the language, or something else has it already.",
      why: "A module is named after its file unless `as` says otherwise.",
      wrong: "use money\nlet money = 5\nprint(money)",
      right: "use money as cash\nlet money = 5\nprint(cash.cents(money))"),
    CodePage(
      "LIS0207", "nobody to ask",
      "The program asks a question, and there is no terminal on which somebody could answer.",
      why: "A run on a schedule would wait for ever; no answer is never taken for yes.",
      right: "Run it on a terminal, or leave out the question where nobody is there.", .outside),
    CodePage(
      "LIS0420", "only in tests", "`record`, `requests` and `given` work on the portal in memory that a test has.",
      why: "Outside of a test there is a real portal, and a record is read with `find`.",
      right: "Move it into a `test`, and run that with `lis test`.", .outside),
    CodePage(
      "LIS0421", "a test that could not be set up",
      "A record of `given` cannot be held by the portal in memory, or it refused a request.",
      why: "The portal in memory has the properties of the cached schema, or those of HubSpot's standard objects.",
      right: "Correct the record, or read the schema with `lis schema pull`.", .outside),
    CodePage(
      "LIS0422", "an expectation that does not hold", "The value behind `expect` is not true.",
      why: "The message shows both sides of the comparison.",
      right: "Correct the program or the test.", .outside),
  ]
}
